"""Reports, charts and digests on the command line, and reports by recipe."""

import csv
import json
import os
import subprocess
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from analytics.catalog import VIEWS
from analytics.errors import ExportError
from analytics.reports.report import files as report_files
from analytics.selection.selection import Selection
from analytics.userdata import saved_selections
from tests.cli.test_cli import run
from tests.corpora import article, write

DAY = ("--date", "2024-03-01")
ARTICLES = [
    article(
        title=f"Story {n}",
        at=f"2024-01-{1 + n:02}",
        quality=60 + n,
        published=n % 2 == 0,
        provider="Alpha" if n % 3 else "Beta",
        topics=["AI", "Chips"] if n % 2 else ["AI"],
    )
    for n in range(20)
]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus `corpus` in the folder that the commands run in."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "corpus", ARTICLES)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def recipe(text: str) -> Path:
    Path("weekly.yml").write_text(text, encoding="utf-8")
    return Path("weekly.yml")


@pytest.mark.slow
def test_a_report_is_one_page_of_the_views_named() -> None:
    words = ("report", "corpus", "--view", "providers_ranked", "--view", "key_figures", "--topic", "Chips", *DAY)
    result = run(*words, "--title", "Chips & <co>", "--out", "a.html")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "a.html: topic Chips\n", "")
    page = Path("a.html").read_text()
    assert "Chips &amp; &lt;co&gt;" in page
    assert 0 < page.index(VIEWS["providers_ranked"].question) < page.index(VIEWS["key_figures"].question)
    assert VIEWS["topics_ranked"].question not in page


@pytest.mark.slow
def test_a_report_can_be_a_workbook() -> None:
    assert run("report", "corpus", "--view", "key_figures", "--out", "a.XLSX", *DAY).exit_code == 0
    with ZipFile("a.XLSX") as book:
        assert "xl/workbook.xml" in book.namelist()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ending", "magic"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")], ids=["svg", "png", "pdf"]
)
def test_a_chart_is_a_picture(ending: str, magic: bytes) -> None:
    result = run("chart", "providers_ranked", "corpus", "--out", f"a.{ending}")
    assert (result.exit_code, Path(f"a.{ending}").read_bytes()[: len(magic)]) == (0, magic), result.stderr
    assert "Alpha" in result.stdout


@pytest.mark.slow
def test_a_chart_takes_options_and_a_selection() -> None:
    def chart(*words: str) -> str:
        assert run("chart", "articles_over_time", "corpus", "--out", "a.svg", *words).exit_code == 0
        return Path("a.svg").read_text()

    weekly = chart("--option", "grain=week")
    assert len({weekly, chart("--option", "grain=month"), chart("--option", "grain=week", "--topic", "Chips")}) == 3


GOOD = """\
title: The week
selection: topic=AI
days: 10
views: [key_figures, articles_over_time]
options:
  articles_over_time: {grain: week}
formats: [html, xlsx, zip, folder]
file: "{name}_{from}_{to}_{made}"
"""
STEM = "weekly_2024-01-11_2024-01-20_2024-03-01"


@pytest.mark.slow
def test_a_recipe_makes_all_its_files() -> None:
    result = run("report", "--recipe", recipe(GOOD), "corpus", "--out", "out", "--today", "2024-01-20", *DAY)
    names = [f"{STEM}.html", f"{STEM}.xlsx", f"{STEM}.zip", STEM]
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "".join(f"out/{name}\n" for name in names)
    assert sorted(path.name for path in Path("out").iterdir()) == sorted(names)
    page = Path(f"out/{STEM}.html").read_text()
    assert "The week" in page
    manifest = json.loads(Path(f"out/{STEM}/manifest.json").read_text())
    assert manifest["selection"]["text"] == "from=2024-01-11&to=2024-01-20&topic=AI"
    with ZipFile(f"out/{STEM}.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files(Path(f"out/{STEM}"))
    weeks = Path(f"out/{STEM}/articles_over_time.csv").read_text().splitlines()[1:]
    assert {line.split(",")[0] for line in weeks} == {"2024-01-08", "2024-01-15"}


@pytest.mark.slow
def test_a_recipe_starts_from_a_saved_selection() -> None:
    saved_selections.save("Chips", Selection(topics=("Chips",)))
    made = recipe("selection: chips\nformats: folder\nviews: key_figures\nfile: out\n")
    assert run("report", "--recipe", made, "corpus").exit_code == 0
    assert json.loads(Path("out/manifest.json").read_text())["selection"]["text"] == "topic=Chips"


ALERTING = "views: key_figures\nformats: folder\nfile: out\nalerts: {share_published_below: 0.71, problems: error}\n"
SENTENCE = "Share published is 50.0% [30, 70] of 20, below 71%."


@pytest.mark.slow
def test_alerts_are_exit_code_3_and_a_list() -> None:
    made = recipe(ALERTING)
    result = run("report", "corpus", "--recipe", made, *DAY)
    assert (result.exit_code, result.stderr) == (3, "")
    assert result.stdout == f"out\nalert share_published_below: {SENTENCE}\n"
    result = run("report", "corpus", "--recipe", made, *DAY, "--format", "json")
    assert result.exit_code == 3
    alerts = [{"name": "share_published_below", "sentence": SENTENCE}]
    assert json.loads(result.stdout) == {"files": ["out"], "alerts": alerts}


@pytest.mark.slow
def test_a_recipe_without_a_crossed_threshold_is_exit_code_0() -> None:
    made = recipe(ALERTING.replace("0.71", "0.7"))
    assert run("report", "corpus", "--recipe", made, *DAY).exit_code == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("views:\n- key_figures\n- topic_ranked", "weekly.yml, line 3: there is no view 'topic_ranked'. Did you mean"),
        ("views: horoscope", "line 1: there is no view 'horoscope'. Use key_figures, articles_over_time"),
        ("options:\n  topic_ranked: {a: b}", "line 2: there is no view 'topic_ranked'. Did you mean 'topics_ranked'?"),
        ("views: key_figures\noptions:\n  topics_ranked: {a: b}", "line 3: 'topics_ranked' is not among the views"),
        (
            "options:\n  articles_over_time:\n    grian: week",
            "line 3: articles_over_time has no option 'grian'. Did you",
        ),
        ("options:\n  key_figures:\n    color: red", "line 3: key_figures has no option 'color'."),
        ("options:\n  articles_over_time:\n    grain: wek", "line 3: grain=wek: there is no such choice. Use"),
        ("selection: colour=red", "line 1: colour=red"),
        ("formats: folder\nfile: corpus", "corpus holds something that is not an export"),
    ],
)
def test_a_bad_recipe_is_exit_code_2_and_writes_nothing(text: str, says: str) -> None:
    made = recipe(text)
    before = files(Path())
    result = run("report", "--recipe", made, "corpus", *DAY)
    assert (result.exit_code, says in result.stderr) == (2, True), result.stderr
    assert files(Path()) == before


@pytest.mark.slow
def test_a_report_that_fails_half_way_leaves_all_of_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "selection: topic=AI\nviews: key_figures\nformats: [folder, zip, xlsx]\nfile: out\n"
    made = recipe(text)
    monkeypatch.setitem(report_files.WRITERS, "xlsx", lambda _: b"old")
    assert run("report", "--recipe", made, "corpus", *DAY).exit_code == 0
    before = files(Path("out")), Path("out.zip").read_bytes(), Path("out.xlsx").read_bytes()

    def broken(_: object) -> bytes:
        raise ExportError("The chart could not be drawn: no reason.")

    monkeypatch.setitem(report_files.WRITERS, "xlsx", broken)
    result = run("report", "--recipe", recipe(text.replace("AI", "Chips")), "corpus", *DAY)
    assert (result.exit_code, "The chart could not be drawn" in result.stderr) == (2, True)
    assert (files(Path("out")), Path("out.zip").read_bytes(), Path("out.xlsx").read_bytes()) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["report", "corpus"], "Name the file to write (--out FILE.html) or a recipe"),
        (["report", "corpus", "--out", "a.pdf"], "a.pdf: a report is a file that ends in .html or .xlsx"),
        (["report", "corpus", "--out", "none/a.html", "--view", "key_figures"], "No such file or directory"),
        (["report", "corpus", "--out", "a.html", "--view", "key_figure"], "Did you mean 'key_figures'?"),
        (["report", "--recipe", "a.yml", "--topic", "AI"], "The recipe says what the report holds. Leave out --topic."),
        (["report", "--recipe", "a.yml", "--view", "x"], "Leave out --view."),
        (["report", "--recipe", "a.yml"], "There is no recipe a.yml"),
        (["chart", "key_figure", "--out", "a.svg"], "Did you mean 'key_figures'?"),
        (["chart", "key_figures", "--out", "a.gif"], "a chart is a file that ends in .svg or .png or .pdf"),
        (["chart", "topics_ranked", "--out", "a.svg", "--option", "by"], "--option by: write it as name=value"),
        (["chart", "key_figures", "--out", "a.svg", "--option", "by=x"], "key_figures has no option 'by'"),
        (["chart", "topics_ranked", "corpus", "--topic", "None", "--out", "a.svg"], "There is nothing to draw"),
        (["chart", "near_misses", "corpus", "--out", "a.svg"], "near_misses is a list and has no chart"),
        (["digest", "corpus"], "Say since when: one of"),
        (["digest", "corpus", "--last", "3", "--since", "2024-01-01"], "Say since when: one of"),
        (["digest", "nowhere", "--last", "3"], "No corpus at nowhere"),
        (["digest", "corpus", "--last", "3"], "not in a git repository"),
        (["digest", "corpus", "--against", "nowhere"], "nowhere"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words: list[str], says: str) -> None:
    before = files(Path())
    result = run(*words)
    assert (result.exit_code, says in result.stderr) == (2, True), result.stderr
    assert "Traceback" not in result.stderr
    assert files(Path()) == before


@pytest.mark.slow
def test_an_export_can_be_a_zip_with_parquet() -> None:
    words = ("export", "corpus", "--view", "key_figures", "--parquet", "--out")
    assert run(*words, "out.zip").stdout == f"{Path('out.zip').absolute()}: all articles\n"
    assert run(*words, "out").exit_code == 0
    with ZipFile("out.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files(Path("out"))
    assert "key_figures.parquet" in files(Path("out"))


@pytest.mark.slow
def test_a_digest_tells_what_changed_since_a_copy() -> None:
    write(Path("old"), ARTICLES[:19])
    texts = {
        form: run("digest", "corpus", "--against", "old", "--format", form)
        for form in ("markdown", "html", "csv", "json")
    }
    assert {result.exit_code for result in texts.values()} == {0}
    assert "## Added (1)" in texts["markdown"].stdout
    assert "Story 19 (Alpha)" in texts["markdown"].stdout
    assert texts["html"].stdout.startswith("<!doctype html>")
    assert [row["title"] for row in csv.DictReader(StringIO(texts["csv"].stdout))] == ["Story 19"]
    assert json.loads(texts["json"].stdout)["changes"][0]["change"] == "added"
    assert run("digest", "corpus", "--against", "old").stdout == texts["markdown"].stdout
    said = run("digest", "corpus", "--against", "old", "--format", "csv", "--out", "a.csv")
    assert (said.exit_code, Path("a.csv").read_text()) == (0, texts["csv"].stdout)
    assert said.stdout.startswith("a.csv: corpus: what changed against old")
    assert run("digest", "corpus", "--against", "old", "--out", "a.html").exit_code == 0
    assert Path("a.html").read_text() == texts["html"].stdout
    other = run("digest", "corpus", "--against", "old", "--out", "b.html", "--format", "markdown")
    assert (other.exit_code, Path("b.html").exists(), "Leave one of them out" in other.stderr) == (2, False, True)


@pytest.mark.slow
def test_a_digest_tells_what_changed_since_a_day_or_in_the_last_days() -> None:
    def git(*words: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        then = {"GIT_AUTHOR_DATE": "2024-01-15T12:00:00Z", "GIT_COMMITTER_DATE": "2024-01-15T12:00:00Z"}
        subprocess.run(["git", *who, *words], check=True, capture_output=True, env=os.environ | then)

    git("init", "-q")
    git("add", "corpus")
    git("commit", "-qm", "First")
    write(Path("corpus"), [*ARTICLES, article(title="New", at="2024-01-20")])
    since, last = (run("digest", "corpus", *words) for words in (("--since", "2024-01-16"), ("--last", "5")))
    assert (since.exit_code, last.exit_code) == (0, 0), since.stderr + last.stderr
    assert "New" in since.stdout.split("## Added (1)")[1]
    assert since.stdout == last.stdout
    early = run("digest", "corpus", "--since", "2024-01-01")
    assert (early.exit_code, "no commit from before the end of 2023-12-31" in early.stderr) == (2, True)
