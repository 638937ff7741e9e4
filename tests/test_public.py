"""What `qa` shows to the world, what it imports, and what it must not know."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import qa
from qa.corpus import Corpus

ROOT = Path(__file__).parents[1]
HEAVY = ("torch", "faiss", "gradio", "numpy", "transformers", "sentence_transformers", "jieba", "bm25s", "openai", "opencc")


def test_the_public_names_are_the_sorted_truth() -> None:
    assert qa.__all__ == sorted(qa.__all__)
    for name in qa.__all__:
        assert getattr(qa, name) is not None
    imported = {
        name for name, value in vars(qa).items() if not name.startswith("_") and getattr(value, "__module__", "").startswith("qa.")
    }
    assert imported <= set(qa.__all__)


def test_every_module_stands_on_the_map() -> None:
    """The package's docstring names the stages and what they share; a module that is named exists."""
    assert qa.__doc__ is not None
    block = qa.__doc__.split("```")[1]
    stages = [line.split()[0] for line in block.strip().split("\n")]
    shared = re.findall(r"`(\w+)`", qa.__doc__.split("```")[2])
    for name in (*stages, *shared):
        importlib.import_module(f"qa.{name}")


def test_every_module_has_a_docstring() -> None:
    for path in (ROOT / "qa").rglob("*.py"):
        assert re.match(r'("""|#.*\n*""")', path.read_text("utf-8")), path


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_help_answers_at_once() -> None:
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        result = run("-m", "qa", "--help")
        seconds.append(time.perf_counter() - start)
        assert result.returncode == 0
        assert all(command in result.stdout for command in ("index", "ask", "search", "show", "serve"))
    assert min(seconds) < 1.0


def test_help_and_settings_import_nothing_heavy() -> None:
    code = (
        "import sys, qa, qa.cli, qa.config\n"
        "qa.load_config()\n"
        "try: qa.cli.main(['ask', '--help'])\n"
        "except SystemExit: pass\n"
        "print('\\nLOADED', *sys.modules)"
    )
    loaded = run("-c", code).stdout.rsplit("LOADED", 1)[1].split()
    assert "qa.cli" in loaded
    assert set(loaded) & set(HEAVY) == set()


def test_the_list_of_documents_needs_no_model() -> None:
    code = "import sys\nfrom qa.cli import main\nmain(['show'])\nprint('LOADED', *sys.modules)"
    result = run("-c", code)
    assert set(result.stdout.rsplit("LOADED", 1)[1].split()) & {"torch", "faiss", "gradio", "transformers"} == set()
    assert len(result.stdout.rsplit("LOADED", 1)[0].strip().splitlines()) == 38


def test_qa_knows_nothing_of_this_corpus(corpus: Corpus) -> None:
    """No title, id, place or file of it stands in the code, not even as an example."""
    names: set[str] = set()
    for document in corpus:
        info = document.info
        names |= {info.id, info.title, info.short_title, *info.aliases}
        names |= {part for region in info.regions for part in region.split("/")}
    for file in corpus.manifest.files:
        names |= {file.name, Path(file.name).stem, file.original_name, file.title}
    names.discard("")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {name}"
        for path in sorted((ROOT / "qa").rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        for name in sorted(names)
        if name in line
    ]
    assert found == []


def test_the_package_data_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["scripts"]["qa"] == "qa.cli:main"
    assert (ROOT / "qa" / "py.typed").exists()
    folders = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "qa").rglob("__init__.py")}
    assert folders <= set(project["tool"]["setuptools"]["packages"])
