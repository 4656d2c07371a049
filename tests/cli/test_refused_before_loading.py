"""What cannot become of a command is said before the corpus is loaded for it, and nothing is left behind."""

import os
import socket
import sys
from pathlib import Path

import pytest

from analytics.corpus import loader
from analytics.reports import profile_proposal
from analytics.reviews.store.store import open_store
from analytics.selection.selection import Selection
from analytics.userdata import saved_selections
from tests.cli.test_cli import run

RECIPE = "views: [providers_ranked]\nfile: report\n"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run commands in whose corpus cannot be loaded, with a file `file` and folders in the way."""
    folder = tmp_path / "place"
    for name in ("corpus", "folder.html", "folder.svg", "folder.md", "folder.yml", "report.html", "full"):
        (folder / name).mkdir(parents=True)
    for name in ("file", "file.zip", "report.zip", "full/own"):
        (folder / name).write_text("of somebody else")
    (folder / "corpus" / "2024-01-02-a.md").write_text("---\ntitle: A\n---\n")
    (folder / "decisions.csv").write_text("path,verdict\na.md,keep\n")
    (folder / "html.yml").write_text(RECIPE)
    (folder / "zip.yml").write_text(f"{RECIPE}formats: [zip]\n")
    (folder / "folder-full.yml").write_text("formats: [folder]\nfile: full\n")
    (folder / "history.yml").write_text("views: [providers_ranked, heat_lives]\n")
    for name in ("pipe.html", "pipe.zip"):
        os.mkfifo(folder / name)
    (folder / "loop.html").symlink_to("loop.html")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(loader, "load_corpus", _loaded)
    monkeypatch.setattr(profile_proposal, "load_corpus", _loaded)
    return folder


def _loaded(*_: object, **__: object) -> None:
    raise AssertionError("The corpus was loaded first.")


NO_FOLDER, NOT_A_FOLDER = "was not written: No such file or directory", "was not written: Not a directory"
IN_THE_WAY, NO_EXPORT = "was not written: There is a folder of that name", "holds something that is not an export"
CASES = [
    ("report corpus --out nowhere/a.html", NO_FOLDER),
    ("report corpus --out file/a.html", NOT_A_FOLDER),
    ("report corpus --out folder.html", IN_THE_WAY),
    ("report corpus --out pipe.html", "was not written: There is a pipe or a device of that name"),
    ("report corpus --out loop.html", "was not written: The link leads back to itself"),
    ("export corpus --out pipe.zip", "was not written: There is a pipe or a device of that name"),
    ("export corpus --out loop.html", "was not written: The link leads back to itself"),
    ("report corpus --out a.html --view heat_lives", "heat_lives: It needs the history of the corpus."),
    ("report corpus --out a.html --view review_agreement", "review_agreement: It needs review sessions; there is no"),
    ("report corpus --out a.html --store mysql://x", "A store of reviews cannot be in 'mysql'"),
    ("report corpus --recipe html.yml --out file/deep", NOT_A_FOLDER),
    ("report corpus --recipe html.yml", IN_THE_WAY),
    ("report corpus --recipe zip.yml", NO_EXPORT),
    ("report corpus --recipe folder-full.yml", NO_EXPORT),
    ("report corpus --recipe history.yml", "history.yml, line 1: heat_lives: It needs the history of the corpus."),
    ("export corpus --out full", NO_EXPORT),
    ("export corpus --out file.zip", NO_EXPORT),
    ("export corpus --out file/deep/x", NOT_A_FOLDER),
    ("export corpus --out file/x.zip", NOT_A_FOLDER),
    (f"export corpus --out {'x' * 300}", "was not written: File name too long"),
    ("export corpus --out x --view heat_lives", "heat_lives: It needs the history of the corpus."),
    ("chart providers_ranked corpus --out nowhere/a.svg", NO_FOLDER),
    ("chart providers_ranked corpus --out folder.svg", IN_THE_WAY),
    ("chart problems_listed corpus --out a.svg", "problems_listed is a list and has no chart."),
    ("chart time_to_cool corpus --out a.svg", "time_to_cool: It needs the history of the corpus."),
    ("digest corpus --against corpus --out nowhere/a.md", NO_FOLDER),
    ("digest corpus --against corpus --out folder.md", IN_THE_WAY),
    ("digest corpus --against nowhere", "No corpus at nowhere"),
    ("digest corpus --last 3", "is not in a git repository, and only there are earlier states"),
    ("digest corpus --since 2024-01-01", "Or hold the corpus against an earlier copy of it."),
    ("briefing corpus --out nowhere/a.html", NO_FOLDER),
    ("briefing corpus --out folder.html", IN_THE_WAY),
    ("init corpus --out nowhere/a.yml", NO_FOLDER),
    ("init corpus --out folder.yml --replace", IN_THE_WAY),
    ("compare corpus --with all", "A comparison has 2 to 4 selections, not 1."),
    ("compare corpus --with all --with topic=A --name a --name b --name c", "There are 3 names for 2 selections."),
    ("compare corpus --with all --with topic=A --view horoscope", "A comparison has no view 'horoscope'"),
    (
        "compare corpus --with all --with topic=A --format csv --view compared_heat --view compared_topics",
        "A CSV holds one table, not 2.",
    ),
    ("review import nowhere.csv corpus", "nowhere.csv cannot be read: No such file or directory."),
    ("review import file corpus", "the first line must name the columns"),
    ("review import decisions.csv corpus --session 9", "There is no store of reviews yet, and so no session 9."),
    ("review import decisions.csv corpus --store mysql://x", "A store of reviews cannot be in 'mysql'"),
    ("review import decisions.csv corpus --store postgresql://localhost:1/x", "Connection refused"),
]


@pytest.mark.parametrize(("words", "says"), CASES, ids=range(len(CASES)))
def test_what_cannot_be_is_refused_before_the_corpus_is_loaded(words: str, says: str, place: Path) -> None:
    before = sorted(place.rglob("*"))
    result = run(*words.split())
    assert (result.exit_code, says in result.stderr) == (2, True), result.stderr
    assert sorted(place.rglob("*")) == before


def test_a_session_that_is_not_there_is_refused_before_the_corpus_is_loaded() -> None:
    open_store().close()
    result = run("review", "import", "decisions.csv", "corpus", "--session", "9")
    assert (result.exit_code, "There is no review session 9." in result.stderr) == (2, True), result.stderr


def test_a_store_without_its_driver_is_refused_before_the_corpus_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    result = run("report", "corpus", "--out", "a.html", "--store", "postgresql://ann:geheim@db/reviews")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: postgresql+psycopg://ann:***@db/reviews needs the driver of PostgreSQL. "
        "Install it with: pip install 'article-analytics[postgresql]'\n"
    )


def test_minutes_that_cannot_be_written_are_refused_before_the_store_is_opened() -> None:
    for out, says in (("nowhere/a.md", NO_FOLDER), ("folder.md", IN_THE_WAY), ("full", NO_EXPORT)):
        result = run("review", "export", "1", "--corpus", "corpus", "--out", out)
        assert (result.exit_code, says in result.stderr) == (2, True), result.stderr


def test_selections_are_not_imported_where_the_others_cannot_be_exported() -> None:
    saved_selections.save("Solar", Selection(topics=("Solar",)))
    run("selections", "--export", "saved.yml")
    saved_selections.delete("Solar")
    for out, says in (("file", "holds something that is not a file of selections"), ("file/x.yml", NOT_A_FOLDER)):
        result = run("selections", "--import", "saved.yml", "--export", out)
        assert (result.exit_code, says in result.stderr) == (2, True), result.stderr
        assert saved_selections.read().valid == ()


def test_a_dashboard_is_not_called_open_where_its_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run("serve", "corpus", "--port", taken.getsockname()[1])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot be used: Address already in use. Name another with --port." in result.stderr
