"""Shared fixtures, and what to do when there is no browser."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from invented import write_invented

from qa.config import Config
from qa.corpus import Corpus, load_corpus
from qa.pipeline import Assistant, load

ROOT = Path(__file__).resolve().parent.parent

# The same examples in every run, and no limit of time for one: the machine may be busy.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without chromium the browser tests are deselected, with one line; QA_REQUIRE_BROWSER=1 makes them fail instead."""
    if os.environ.get("QA_REQUIRE_BROWSER") == "1" or (shutil.which("chromium") and shutil.which("chromedriver")):
        return
    browser = [item for item in items if item.get_closest_marker("browser")]
    if browser:
        config.hook.pytest_deselected(items=browser)
        items[:] = [item for item in items if item not in browser]
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter:
            reporter.write_line(f"{len(browser)} browser tests deselected: chromium or chromedriver is not installed")


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The real corpus."""
    return load_corpus(ROOT / "corpus")


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus folder with three invented policies; copy it before you change it."""
    return write_invented(tmp_path_factory.mktemp("invented") / "corpus")


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The shipped corpus and models, with an index of its own."""
    return load(Config(index_dir=str(tmp_path_factory.mktemp("shipped") / "index")))


@pytest.fixture(scope="session")
def invented_assistant(invented: Path, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The three invented policies, without an encoder."""
    return load(Config(corpus_dir=str(invented), index_dir=str(tmp_path_factory.mktemp("small") / "index"), encoder=""))
