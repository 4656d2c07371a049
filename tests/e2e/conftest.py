"""A real server and a real browser."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import ROOT, SAMPLE, lacking

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STREAMLITS_OWN = {"svg-img-alt"}  # the small lines of st.metric have no text of their own; the tile says it in words
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PAINTED = (
    "[data-testid=stVegaLiteChart] svg.marks, [data-testid=stVegaLiteChart] canvas.marks, "
    "[data-testid=stDataFrame] canvas"
)
STILL = """() => {
  const charts = [...document.querySelectorAll("[data-testid=stVegaLiteChart]")];
  const drawn = charts.every(chart => chart.querySelector("svg.marks, canvas.marks"));
  const fading = document.querySelector("[data-stale=true]")
    || document.getAnimations().some(animation => animation.playState === "running"
      && animation.effect.getComputedTiming().endTime !== Infinity);
  const main = document.querySelector("[data-testid=stMain]");
  const shape = `${charts.length} ${main?.scrollHeight} ${main?.scrollTop}`;
  const same = window.shapeSeen === shape;
  window.shapeSeen = shape;
  return drawn && !fading && same;
}"""  # every chart is drawn, nothing fades in or out, and nothing has moved since the last look
expect.set_options(timeout=20_000)


@contextmanager
def serving(
    corpus: Path, log: Path, command: list[str] | None = None, cwd: Path = ROOT, port: int = 0
) -> Iterator[str]:
    """`article-analytics serve` on a port, a free one unless it is given; yields its address once it answers."""
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))
        port = free.getsockname()[1]
    words = [*(command or [sys.executable, "-m", "analytics"]), "serve", str(corpus), "--headless", f"--port={port}"]
    with log.open("wb") as output:
        server = subprocess.Popen(words, cwd=cwd, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, server, log)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 120
    while server.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1) as answer:
                if answer.read() == b"ok":
                    return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"the dashboard did not start:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard on the sample corpus."""
    with serving(SAMPLE, tmp_path_factory.mktemp("server") / "log") as address:
        yield address


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[str]:
    """A dashboard with a data folder of its own."""
    with serving(SAMPLE, tmp_path / "log") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        lacking("Chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


class Watched:
    """A page of the dashboard, and what went wrong on it: foreign requests, script errors, exceptions."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.faults: list[str] = []
        page.on("request", self._request)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)

    def _request(self, request: object) -> None:
        url: str = request.url  # type: ignore[attr-defined]
        own = self.address.removeprefix("http")
        if not url.startswith((f"http{own}", f"ws{own}", "data:", "blob:")):
            self.faults.append(f"request to {url}")

    def open(self, path: str = "") -> None:
        """Open a path of the dashboard and wait until it is painted."""
        self.page.goto(f"{self.address}/{path}")
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run, all charts are drawn, and nothing moves or fades any more."""
        self.page.wait_for_timeout(150)
        self.page.wait_for_selector(IDLE, timeout=60_000)
        self.page.wait_for_selector(PAINTED, timeout=30_000)
        self.still()

    def still(self) -> None:
        """Wait until the script has run and nothing moves or fades any more."""
        self.page.wait_for_selector(IDLE, timeout=60_000)
        self.page.wait_for_function(STILL, polling=200, timeout=90_000)

    def grave(self) -> list[str]:
        """What axe-core finds serious or critical on the page at rest and that is ours, as rule and target."""
        if self.page.locator("[data-testid=stApp]").count():
            self.still()
        found = Axe().run(self.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}).response["violations"]
        return [
            f"{rule['id']}: {' '.join(map(str, node['target']))}"
            for rule in found
            if rule["impact"] in ("serious", "critical") and rule["id"] not in STREAMLITS_OWN
            for node in rule["nodes"]
        ]

    def check(self) -> None:
        """No exception, no foreign request, no script error.

        Streamlit looks for its server below the page's own address first; the two 404s of that are its own.
        """
        assert self.page.locator("[data-testid=stException]").count() == 0
        assert [fault for fault in self.faults if "404 (Not Found)" not in fault] == []


@pytest.fixture
def watch(browser: Browser, app: str) -> Iterator[Callable[..., Watched]]:
    """Opens watched pages, each in a browser profile of its own, and closes them afterwards."""
    with ExitStack() as open_contexts:

        def start(*, dark: bool = False, width: int = 1440, zone: str = "Asia/Tokyo") -> Watched:
            context: BrowserContext = browser.new_context(
                color_scheme="dark" if dark else "light",
                viewport={"width": width, "height": 1000},
                locale="en-GB",
                timezone_id=zone,
                accept_downloads=True,
            )
            context.add_init_script("delete window.showSaveFilePicker")
            open_contexts.callback(context.close)
            return Watched(context.new_page(), app)

        yield start
