"""The built wheel, installed away from the checkout and started from another folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from analytics.app.main import MENU
from analytics.catalog import PAGES
from analytics.corpus.loader import load_corpus
from tests.conftest import ROOT, SAMPLE
from tests.corpora import article, write
from tests.e2e.conftest import IDLE, Watched, serving

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel beside files of other packages; the libraries are those of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys, hatchling.build as build; print(build.build_wheel(sys.argv[1]))"
    built = subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    with zipfile.ZipFile(folder / built.stdout.strip().splitlines()[-1]) as wheel:
        wheel.extractall(folder / "site")
    write(folder / "site" / "data" / "sample", [article(title="Of another package")])
    for name in ("dashboard.py", "run.py"):
        (folder / "site" / name).write_text("raise SystemExit('of another package')")
    return folder / "site"


def test_the_wheel_holds_what_the_app_needs(installed: Path) -> None:
    config = (installed / "analytics/app/.streamlit/config.toml").read_bytes()
    assert config == (ROOT / ".streamlit/config.toml").read_bytes()
    packed, ours = load_corpus(installed / "analytics/data/sample"), load_corpus(SAMPLE)
    assert packed.fingerprint == ours.fingerprint
    assert not list(installed.rglob("tests"))


def few_articles(folder: Path) -> Path:
    """A corpus of twelve articles: pages of a small one open fast, and their titles are the same."""
    records = [
        article(at=f"2025-{month:02}-02", quality=60 + month, heat=70, published=month > 6, provider="A", topics=["AI"])
        for month in range(1, 13)
    ]
    return write(folder / "corpus", records)


def test_every_page_of_the_wheel_begins_with_its_title(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(installed))
    probe = "import analytics; from analytics import settings; print(analytics.__file__, settings.sample_corpus_path())"
    where = subprocess.run([sys.executable, "-c", probe], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert where.stdout.split() == [f"{installed}/analytics/__init__.py", f"{installed}/analytics/data/sample"]
    with serving(few_articles(tmp_path), tmp_path / "log", cwd=tmp_path) as address:
        seen = Watched(browser.new_page(), address)
        for _, name, _ in MENU:
            seen.page.goto(f"{address}/{'' if name == PAGES[0] else name.lower().replace(' ', '_')}")
            seen.page.wait_for_selector("h1", timeout=60_000)
            seen.page.wait_for_selector(IDLE, timeout=60_000)
            shown = seen.page.locator("[data-testid=stMain] [data-testid=stMainBlockContainer]").inner_text()
            assert shown.split("\n")[0].strip() == name
        seen.check()


OTHER_DASHBOARDS = {"SERVER_ADDRESS": "0.0.0.0", "SERVER_BASE_URL_PATH": "other", "BROWSER_SERVER_ADDRESS": "a.example"}
"""Settings of Streamlit that a user or a container has made for other dashboards."""


@pytest.mark.parametrize("variables", [{}, OTHER_DASHBOARDS], ids=["plain", "variables for other dashboards"])
def test_the_server_listens_on_this_machine_only(
    variables: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"STREAMLIT_{name}", value)
    with serving(SAMPLE, tmp_path / "log") as address:
        port = address.rpartition(":")[2]
        lines = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text() if os.name == "posix" else ""
        listening = [line.split()[1] for line in lines.splitlines() if f":{int(port):04X} " in line and " 0A " in line]
        assert listening == [f"0100007F:{int(port):04X}"]
