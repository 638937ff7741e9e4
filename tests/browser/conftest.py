"""The real page, served on loopback, in a headless chromium whose every request is recorded."""

from __future__ import annotations

import ipaddress
import json
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fakes import FakeAssistant
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

import app
import qa
from page.loading import Loading
from page.look import launch_options
from qa.config import Config
from qa.corpus import Corpus

_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # the tests may run as root
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--lang=zh-CN",
)
_OWN_SCHEMES = ("data", "blob", "about", "chrome")


class Browser:
    """A page in chromium with the few moves that the tests need."""

    def __init__(self, driver: webdriver.Chrome, url: str) -> None:
        self.driver = driver
        self.url = url

    def resize(self, width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def prefer(self, scheme: str) -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def open(self, url: str = "") -> None:
        """Open a page, by default the one with written answers, and wait until it is ready."""
        self.driver.get(url or self.url)
        self.wait(".status.ready", seconds=120)

    def wait(self, css: str, seconds: float = 20) -> WebElement:
        return WebDriverWait(self.driver, seconds).until(
            lambda driver: next(iter(driver.find_elements(By.CSS_SELECTOR, css)), None)
        )

    def until(self, condition: Callable[[], object], seconds: float = 20) -> None:
        WebDriverWait(self.driver, seconds).until(lambda _: condition())

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def ask(self, question: str, key: str = "\ue007") -> None:
        """Type a question and send it; waits for the whole answer."""
        before = len(self.all(".exchange"))
        self.wait("#question textarea").send_keys(question + key)
        self.until(lambda: len(self.all(".exchange")) > before)
        self.until(lambda: self.all(".exchange:last-child .tools, .exchange:last-child .error"))

    def run(self, script: str, *values: object) -> object:
        return self.driver.execute_script(script, *values)

    def requested(self) -> list[str]:
        """The address of every request and socket since the last call."""
        addresses = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                addresses.append(message["params"]["request"]["url"])
            elif message["method"] == "Network.webSocketCreated":
                addresses.append(message["params"]["url"])
        return addresses


def foreign(addresses: list[str]) -> list[str]:
    """Those that leave this machine."""
    return [address for address in addresses if not _is_own(address)]


def _is_own(address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme in _OWN_SCHEMES:
        return True
    try:
        return parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


Serve = Callable[[Loading], str]


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Serves pages until the tests end."""
    running = []

    def start(loading: Loading) -> str:
        demo = app.build(loading)
        _, url, _ = demo.launch(server_name="127.0.0.1", server_port=free_port(), prevent_thread_lock=True, **launch_options())
        running.append(demo)
        return url

    yield start
    for demo in running:
        demo.close(verbose=False)


@pytest.fixture(scope="session")
def feedback_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("feedback") / "feedback.sqlite3"


@pytest.fixture(scope="session")
def url(serve: Serve, corpus: Corpus, feedback_db: Path) -> str:
    assistant = FakeAssistant(corpus, Config(feedback_db=str(feedback_db)), pause_s=0.1)
    return serve(Loading(lambda _: assistant))  # type: ignore[arg-type,return-value]


@pytest.fixture(scope="session")
def real_url(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page with the whole pipeline behind it; its index is built for the tests."""
    config = Config(index_dir=str(tmp_path_factory.mktemp("index")), feedback_db=str(tmp_path_factory.mktemp("db") / "f.sqlite3"))
    return serve(Loading(lambda progress: qa.load(config, progress)))


@pytest.fixture(scope="session")
def driver() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for flag in _FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    service = webdriver.ChromeService(shutil.which("chromedriver") or "chromedriver")
    driver = webdriver.Chrome(options=options, service=service)
    yield driver
    driver.quit()


@pytest.fixture
def blank(driver: webdriver.Chrome, url: str) -> Iterator[Browser]:
    """A browser that has opened nothing yet; at the end of the test every request it made must have stayed on loopback."""
    browser = Browser(driver, url)
    browser.resize(1280, 800)
    browser.prefer("light")
    yield browser
    requested = browser.requested()
    errors = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
    driver.get("about:blank")
    assert requested
    assert not foreign(requested)
    assert not errors


@pytest.fixture
def page(blank: Browser) -> Browser:
    """The page, ready."""
    blank.open()
    blank.run("localStorage.clear()")
    return blank
