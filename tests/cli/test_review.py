"""Review sessions on the command line, and views of them in exports."""

import csv
import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from analytics.catalog import VIEWS
from analytics.cli.review import FORMS
from analytics.reports.minutes_files import FORMATS
from analytics.reviews.models import Settlement
from analytics.reviews.store.store import open_store, store_exists
from tests.cli.test_cli import run
from tests.corpora import article, write
from tests.reports.test_available_views import REVIEWED
from tests.reviews.monday import candidate, draft, monday

DAY = ("--date", "2026-11-02")
ARTICLES = [
    article(title=name, at="2024-01-03", quality=70, published=True, provider="Outlet") for name in ("Alpha", "Beta")
]
FIRST = "_news/0000.md"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus `corpus` in the folder that the commands run in."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "corpus", ARTICLES)
    return tmp_path


@pytest.fixture
def held(place: Path) -> None:
    """The session `monday` in the store of the data folder."""
    store = open_store()
    store.move(monday(store), "settling", "Ana")
    store.close()


def add(*drafts: object) -> None:
    store = open_store()
    for each in drafts:
        store.create(each, "Ana")  # type: ignore[arg-type]
    store.close()


def test_before_the_first_session_the_list_is_empty() -> None:
    for words, shown in (([], "No sessions yet.\n"), (["--format", "json"], "[]\n"), (["--format", "csv"], "session,")):
        result = run("review", "list", *words)
        assert (result.exit_code, result.stdout.startswith(shown)) == (0, True), result.stderr
    assert not store_exists()


@pytest.mark.slow
def test_the_list_says_how_far_each_session_is(held: None) -> None:
    add(draft([candidate("x")], title="Ünder"))
    result = run("review", "list")
    newest, oldest = result.stdout.splitlines()
    assert (result.exit_code, result.stderr) == (0, "")
    assert newest.startswith("   2  ")
    assert newest.endswith("  judging   Ünder  (0 of 1 judged, 0 by all, 0 settled; 0 people)")
    assert oldest.endswith("Monday *review*  (4 of 5 judged, 2 by all, 3 settled; 2 people: Ana; Bo)")
    (row,) = [row for row in json.loads(run("review", "list", "--format", "json").stdout) if row["session"] == 1]
    assert {name: row[name] for name in ("title", "state", "items", "judged", "settled", "people", "names")} == {
        "title": "Monday *review*", "state": "settling", "items": 5, "judged": 4, "settled": 3, "people": 2,
        "names": "Ana; Bo",
    }  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(run("review", "list", "--format", "csv").stdout)))
    assert [(row["session"], row["selection"]) for row in rows] == [("2", "topic=AI"), ("1", "topic=AI")]


def test_an_empty_store_has_no_session() -> None:
    add()
    assert run("review", "list").stdout == "No sessions yet.\n"
    assert run("review", "list", "--format", "json").stdout == "[]\n"


@pytest.mark.slow
def test_minutes_go_where_they_are_asked_to(held: None) -> None:
    text = run("review", "export", "1", *DAY).stdout
    assert text.startswith("# Minutes: Monday \\*review\\*\n")
    for name in ("a.md", "a.html", "a.zip", "out"):
        result = run("review", "export", "1", "--out", name, *DAY)
        assert (result.exit_code, result.stdout) == (0, f"{name}: session 1, Monday *review*\n"), result.stderr
    assert Path("a.md").read_text() == Path("out/minutes.md").read_text() == text
    assert Path("a.html").read_text() == Path("out/minutes.html").read_text()
    with ZipFile("a.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            path.name: path.read_bytes() for path in Path("out").iterdir()
        }
    assert run("review", "export", "1", "--format", "changes").stdout == Path("out/proposed_changes.csv").read_text()
    assert "'=1+1" in Path("out/judgements.csv").read_text()
    assert run("review", "export", "1", "--out", "a.csv", "--format", "judgements", "--raw").exit_code == 0
    assert "'=1+1" not in Path("a.csv").read_text()


@pytest.mark.slow
def test_files_can_be_called_as_they_are_now() -> None:
    moved = candidate("old", url="https://x.example/none", title="Alpha", provider="Outlet")
    gone = candidate("gone")
    add(draft([moved, gone]))
    store = open_store()
    for item in store.items(1):
        store.settle(item.number, "Ana", Settlement("settled", "keep", 80))
    store.close()
    words = ("review", "export", "1", "--format", "changes", "--disclose", "--as", "ANA")
    then, now = (
        [row["path"] for row in csv.DictReader(io.StringIO(run(*words, *more).stdout))]
        for more in ((), ("--corpus", "corpus"))
    )
    assert then == ["_news/old.md", "_news/gone.md"]
    assert now == [FIRST]


@pytest.mark.slow
def test_decisions_from_elsewhere_come_in_once() -> None:
    Path("in.csv").write_text(f"path,verdict,by,odd\n{FIRST},keep,Ana,1\nnowhere.md,keep,Ana,1\n")
    refused = run("review", "import", "in.csv", "corpus")
    assert refused.exit_code == 2
    assert "line 3: there is no article nowhere.md in corpus." in refused.stderr
    result = run("review", "import", "in.csv", "corpus", "--skip-bad", "--title", "Old ones")
    assert (result.exit_code, result.stdout) == (
        0,
        "Session 1: 1 decision imported, 0 were there already, 1 article added to the agenda.\n"
        "Columns passed over: odd.\n"
        "Left out, line 3: there is no article nowhere.md in corpus.\n",
    )
    again = run("review", "import", "in.csv", "corpus", "--skip-bad", "--title", "Old ones")
    assert again.stdout.startswith("Session 1: 0 decisions imported, 1 was there already, 0 articles added")
    assert "  settling  Old ones  (0 of 1 judged" in run("review", "list").stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["list", "--store", "sqlite:///new.db"], "There is no store of reviews at sqlite:///"),
        (["list", "--store", "mysql://a:secret@b/c"], "A store of reviews cannot be in 'mysql'"),
        (["export", "1"], "There is no store of reviews at"),
        (["export", "1", "--format", "zip"], "Name the zip to write with --out."),
        (["export", "1", "--out", "a.pdf"], "minutes are a folder or a file that ends in"),
        (["export", "1", "--out", "a.csv"], "say which table the CSV is to hold: --format judgements"),
        (["import", "none.csv", "corpus"], "none.csv cannot be read: No such file"),
        (["import", "none.csv", "--session", "1", "--title", "x"], "Give --session or --title, not both."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words: list[str], says: str) -> None:
    result = run("review", *words)
    assert (result.exit_code, says in result.stderr) == (2, True), result.stderr
    assert "Traceback" not in result.stderr
    assert "secret" not in result.stderr


def test_what_stands_in_the_way_is_left_alone(held: None) -> None:
    Path("mine").mkdir()
    Path("mine/a.txt").write_text("keep")
    result = run("review", "export", "1", "--out", "mine")
    assert (result.exit_code, "not an export" in result.stderr) == (2, True)
    assert run("review", "export", "7").exit_code == 2
    add(draft([candidate("x")]))
    for words in ((), ("--disclose",), ("--as", "Ana")):
        hidden = run("review", "export", "2", *words)
        assert (hidden.exit_code, "people do not see each other's verdicts yet" in hidden.stderr) == (2, True)
    other = run("review", "export", "2", "--disclose", "--as", "Eve")
    assert (other.exit_code, "Only Ana, who made the session, or somebody with a verdict" in other.stderr) == (2, True)
    assert run("review", "export", "2", "--disclose", "--as", "ana").exit_code == 0
    assert [path.name for path in Path("mine").iterdir()] == ["a.txt"]


def test_the_forms_on_the_command_line_are_those_of_the_minutes() -> None:
    assert FORMS == FORMATS


@pytest.mark.slow
def test_an_export_shows_what_was_reviewed_where_there_is_a_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VIEWS, REVIEWED.slug, REVIEWED)
    words = ("export", "corpus", "--view", "key_figures", "--out", "out")
    assert run(*words).exit_code == 0
    refused = run(*words, "--view", "review_sessions")
    assert (refused.exit_code, "review_sessions: It needs review sessions; there is no" in refused.stderr) == (2, True)
    assert not Path("home/reviews.db").exists()
    add(draft([candidate("x")]))
    assert run(*words, "--view", "review_sessions").exit_code == 0
    (row,) = csv.DictReader(io.StringIO(Path("out/review_sessions.csv").read_text()))
    assert row["title"] == "Monday"
    other = run(*words, "--view", "review_sessions", "--store", f"sqlite:///{Path('none.db').absolute()}")
    assert (other.exit_code, Path("none.db").exists()) == (2, False)
    Path("r.yml").write_text("views: [review_sessions]\nformats: folder\nfile: made\n")
    assert run("report", "corpus", "--recipe", "r.yml").exit_code == 0
    assert (Path("made") / "review_sessions.csv").is_file()


@pytest.mark.slow
def test_a_damaged_store_is_named_by_each_command_until_somebody_decides(held: None) -> None:
    path = Path("home/reviews.db")
    path.write_bytes(b"no database" * 900)
    Path("in.csv").write_text("path,verdict,by\n_news/0000.md,keep,Ana\n")
    view = ["export", "corpus", "--out", "out", "--view", "reviewed_items"]
    commands = [["review", "list"], ["review", "export", "1"], ["review", "import", "in.csv", "corpus"], view]
    for words in [*commands, *commands]:
        found = run(*words)
        assert (found.exit_code, path.exists()) == (2, False)
        assert "reviews.db.damaged-" in found.stderr
        assert "review new-store" in found.stderr
    assert run("review", "new-store").stdout == f"{path.absolute()}: a new, empty store\n"
    assert run("review", "list").stdout == "No sessions yet.\n"
    again = run("review", "new-store")
    assert (again.exit_code, "is left as it is" in again.stderr) == (2, True)
