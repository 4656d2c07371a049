"""What lies in the current folder is never run, and a page under another name never reaches the server."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT, SAMPLE
from tests.e2e.conftest import Watched, serving

pytestmark = pytest.mark.slow

SHADOWED = (
    *("streamlit", "pandas", "numpy", "altair", "pyarrow", "yaml", "click", "scipy", "networkx", "loky", "rapidfuzz"),
    *("datasketch", "platformdirs", "filelock", "jinja2", "sqlalchemy", "statsmodels", "cloudpickle", "tornado"),
    *("starlette", "uvicorn", "anyio", "requests", "vl_convert", "xlsxwriter", "psycopg", "secrets", "json", "csv"),
    *("hashlib", "zipfile", "tarfile", "html", "uuid", "random", "decimal", "statistics", "typing_extensions"),
    *("dateutil", "sitecustomize", "usercustomize", "dashboard", "analytics", "multiprocessing", "pickle", "tomllib"),
    *("cachetools", "conftest", "git", "platform", "resource", "sqlite3", "ssl", "zlib"),
)
"""Modules that the program imports at once or late, or that Python itself looks for."""

PROGRAM = "from analytics.cli import main\n\nif __name__ == '__main__':\n    main()\n"
"""What the installed command `article-analytics` holds."""

FOREIGN_FONT = """[theme]
font = "Foreign"
[[theme.fontFaces]]
family = "Foreign"
url = "http://evil.test/font.woff2"
"""
"""A set-up of Streamlit with which each reader's browser asks another site for a font."""

LOAD = """import sys
from analytics import load_corpus

if __name__ == "__main__":
    load_corpus(sys.argv[1], cache=False, workers=2)
"""
"""A program of the user's own that reads a corpus with worker processes."""


@pytest.fixture
def shadows(tmp_path: Path) -> Path:
    """A folder with a module of each of those names, which leaves a mark when it is run."""
    folder = tmp_path / "untrusted"
    folder.mkdir()
    code = f"open({str(tmp_path / 'it-ran')!r}, 'a').write(__name__ + chr(10))\nraise SystemExit(9)\n"
    for name in SHADOWED:
        (folder / f"{name}.py").write_text(code)
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(code)
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "config.toml").write_text(FOREIGN_FONT)
    return folder


def command(folder: Path, code: str) -> list[str]:
    """A program in a folder of its own, started as an installed command is."""
    script = folder / "bin" / "program"
    script.parent.mkdir(exist_ok=True)
    script.write_text(code)
    return [sys.executable, str(script)]


def assert_nothing_ran(code: str, words: tuple[str, ...], shadows: Path, folder: Path) -> None:
    """Run a program in the folder with the shadows; it ends well, and there is no mark.

    The package is found as an installed one is: on the path, not in the current folder.
    """
    done = subprocess.run(
        [*command(folder, code), *words],
        cwd=shadows,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert not (folder / "it-ran").exists(), (folder / "it-ran").read_text()
    assert done.returncode in (0, 1), done.stderr


def test_the_dashboard_runs_nothing_of_the_current_folder(
    shadows: Path, tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with serving(SAMPLE, tmp_path / "log", command(tmp_path, PROGRAM), cwd=shadows) as address:
        seen = Watched(browser.new_page(), address)
        seen.page.goto(f"{address}/quality")
        seen.page.get_by_role("heading", name="Quality", exact=True).wait_for(timeout=120_000)
        seen.check()
        seen.page.close()
    assert not (tmp_path / "it-ran").exists(), (tmp_path / "it-ran").read_text()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (PROGRAM, ("check", str(SAMPLE))),
        (PROGRAM, ("export", str(SAMPLE), "--out", "tables", "--view", "articles_over_time")),
        (PROGRAM, ("report", str(SAMPLE), "--out", "report.html", "--view", "articles_over_time")),
        (LOAD, (str(SAMPLE),)),
    ],
    ids=["check", "export", "report", "worker processes"],
)
def test_commands_run_nothing_of_the_current_folder(
    code: str, words: tuple[str, ...], shadows: Path, tmp_path: Path
) -> None:
    assert_nothing_ran(code, words, shadows, tmp_path)


@pytest.fixture(scope="module")
def port(app: str) -> int:
    return int(app.rpartition(":")[2])


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1", 101), ("localhost", 101), ("[::1]", 101), ("rebound.example", 403), ("127.0.0.1.example", 403)],
)
def test_the_server_answers_under_its_own_names_only(host: str, status: int, port: int) -> None:
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host}:{port}",
        f"Origin: http://{host}:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = connection.recv(1000).decode()
    assert answer.split()[1] == str(status), answer
