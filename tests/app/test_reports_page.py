"""The Reports page, run in Streamlit's own test harness."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from analytics.app import report_cache
from analytics.app.report_cache import FileRequest
from analytics.catalog import VIEWS
from analytics.cli.options import main
from analytics.corpus.loader import Corpus, load_corpus
from analytics.errors import ExportError
from analytics.selection.selection import Selection
from analytics.settings import HOME
from analytics.userdata import recipes
from analytics.userdata.dated_notes import NOTES
from analytics.userdata.recipes import read_recipe
from tests.app.harness import Query, dashboard, run
from tests.conftest import SAMPLE

SLUGS = ("providers_ranked", "topics_over_time")
HYDROGEN = Selection(topics=("Hydrogen",))
DAY = date(2026, 7, 1)
ORDER = FileRequest("zip", HYDROGEN, tuple(slug for slug in VIEWS if slug in SLUGS), "Article report", DAY)
BEGINS = {"zip": b"PK", "html": b"<!doctype html>", "xlsx": b"PK", "svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF"}


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    report_cache.all_cached().clear()
    yield
    report_cache.all_cached().clear()


@pytest.fixture(scope="module")
def sample() -> Corpus:
    """The sample as the dashboard loads it: today is the current day."""
    return load_corpus(SAMPLE)


def opened_reports(corpus: Path | None = None, **query: Query) -> AppTest:
    """The page, opened by a link, with two views chosen and a day."""
    at = dashboard("Reports", **query)
    at.session_state["report-views"] = list(SLUGS)
    at.session_state["report-made"] = DAY
    return run(at, corpus)


def labels(at: AppTest) -> list[str]:
    """What the buttons of the page say, without sizes."""
    found = [button.label for button in at.main.button if str(button.key).startswith("make-")]
    return found + [button.label.split(" (")[0] for button in at.main.get("download_button")]


def words(at: AppTest) -> str:
    found = [*at.main.markdown, *at.main.caption, *at.main.info, *at.main.error, *at.main.success]
    return "\n".join(element.value for element in found).replace("\\", "")


@pytest.mark.slow
def test_each_thing_is_made_on_a_click_and_not_again(sample: Corpus) -> None:
    at = opened_reports(topic=["Hydrogen"])
    assert [header.value for header in at.main.header] == [
        "Bundle", "HTML report", "Workbook", "A chart as a file", "Save as recipe",
    ]  # fmt: skip
    assert labels(at) == ["Make Bundle", "Make HTML report", "Make Workbook", "Make SVG"]
    for form in ("zip", "html", "xlsx"):
        at.button(key=f"make-{form}").click().run()
        assert not at.exception
        assert not at.error
        made = report_cache.cached_report(replace(ORDER, form=form), sample, NOTES.empty())
        assert made is not None
        assert made.startswith(BEGINS[form])
    assert labels(at) == ["Make SVG", "Download Bundle", "Download HTML report", "Download Workbook"]
    at.multiselect(key="topic").set_value(["Solar"]).run()
    assert labels(at)[:3] == ["Make Bundle", "Make HTML report", "Make Workbook"]
    at.multiselect(key="topic").set_value(["Hydrogen"]).run()
    assert labels(at)[1:] == ["Download Bundle", "Download HTML report", "Download Workbook"]


@pytest.mark.slow
@pytest.mark.parametrize("parquet", [False, True])
def test_the_bundle_is_that_of_the_command_line(*, parquet: bool, sample: Corpus, tmp_path: Path) -> None:
    at = opened_reports(topic=["Hydrogen"])
    at.toggle(key="parquet").set_value(parquet).run()
    at.button(key="make-zip").click().run()
    target = tmp_path / "out.zip"
    views = [argument for slug in ORDER.views for argument in ("--view", slug)]
    extra = ["--parquet"] if parquet else []
    command = ["export", str(SAMPLE), "--out", str(target), "--topic", "Hydrogen", *views, *extra]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert report_cache.cached_report(replace(ORDER, parquet=parquet), sample, NOTES.empty()) == target.read_bytes()


@pytest.mark.slow
def test_a_chart_of_any_view_can_be_taken(sample: Corpus) -> None:
    at = opened_reports()
    at.selectbox(key="chart-view").set_value("articles_over_time").run()
    at.selectbox(key="articles_over_time-grain").set_value("quarter")
    at.button_group(key="chart-form").set_value("png").run()
    at.button(key="make-png").click().run()
    assert "Download PNG" in labels(at)
    asked = FileRequest("png", Selection(), ("articles_over_time",), "", DAY, options=(("grain", "quarter"),))
    made = report_cache.cached_report(asked, sample, NOTES.empty())
    assert made is not None
    assert made.startswith(BEGINS["png"])


def test_what_is_made_depends_on_all_that_is_asked_for(sample: Corpus) -> None:
    note = NOTES.of(NOTES.empty().from_records([(DAY, DAY, "x", "y")], columns=NOTES.names))
    others = [
        replace(ORDER, form="html"),
        replace(ORDER, selection=Selection()),
        replace(ORDER, views=SLUGS[:1]),
        replace(ORDER, title="Other"),
        replace(ORDER, made=date(2026, 7, 2)),
        replace(ORDER, parquet=True),
        replace(ORDER, options=(("grain", "week"),)),
    ]
    keys = [one.key(sample, NOTES.empty()) for one in (ORDER, *others)]
    keys += [ORDER.key(sample, note), ORDER.key(replace(sample, fingerprint="x"), NOTES.empty())]
    assert len(set(keys)) == len(keys)


def test_only_the_things_made_last_are_kept(sample: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: dict[str, int] = {}
    monkeypatch.setattr(report_cache, "_bundle", lambda order, *_: b"x" * sizes.get(order.title, 1))
    monkeypatch.setattr(report_cache, "BYTES", 100)

    def make(title: str) -> None:
        report_cache.make(replace(ORDER, title=title), sample, NOTES.empty(), lambda *_: None)

    def left() -> set[str]:
        titles = [*map(str, range(report_cache.KEPT + 2)), "large"]
        return {
            title for title in titles if report_cache.cached_report(replace(ORDER, title=title), sample, NOTES.empty())
        }

    for number in range(report_cache.KEPT + 2):
        make(str(number))
    assert left() == {str(number) for number in range(2, report_cache.KEPT + 2)}
    sizes["large"] = 200
    make("large")
    assert left() == {"large"}


def test_what_cannot_be_made_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> bytes:
        raise ExportError("No room for a *bundle*.")

    monkeypatch.setattr(report_cache, "make", full)
    at = opened_reports()
    at.button(key="make-zip").click().run()
    assert not at.exception
    assert "No room for a *bundle*." in words(at)


@pytest.mark.slow
def test_a_recipe_is_saved_under_a_name(tmp_path: Path) -> None:
    at = opened_reports(topic=["Hydrogen"])
    assert "Name it to save it." in words(at)
    at.text_input(key="recipe-name").set_value("../weekly").run()
    assert "is no name for a recipe" in words(at)
    at.text_input(key="recipe-name").set_value("weekly").run()
    at.multiselect(key="recipe-formats").set_value(["html", "zip"])
    at.number_input(key="recipe-days").set_value(7).run()
    at.button(key="recipe-save").click().run()
    target = tmp_path / "home/recipes/weekly.yml"
    assert f"Saved as {target}." in words(at)
    found = read_recipe(target)
    assert (found.selection, found.views, found.formats, found.days) == (HYDROGEN, ORDER.views, ("html", "zip"), 7)
    at.number_input(key="recipe-days").set_value(None).run()
    at.button(key="recipe-save").click().run()
    assert "There is a recipe 'weekly' already" in words(at)
    assert read_recipe(target).days == 7
    at.toggle(key="recipe-replace").set_value(True).run()
    at.button(key="recipe-save").click().run()
    assert read_recipe(target).days is None
    assert recipes.folder() == target.parent


def test_all_views_are_left_to_the_catalog_in_a_recipe(tmp_path: Path) -> None:
    at = opened_reports()
    at.multiselect(key="report-views").set_value([])
    at.text_input(key="recipe-name").set_value("all of it").run()
    at.button(key="recipe-save").click().run()
    assert read_recipe(tmp_path / "home/recipes/all of it.yml").views == ()


@pytest.mark.slow
def test_without_articles_there_is_nothing_to_take(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for at in (opened_reports(tmp_path / "empty"), opened_reports(quality_min="190")):
        assert "there is nothing to take away" in words(at)
        assert labels(at) == []


def test_a_note_that_cannot_be_read_is_said_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/notes.yml").write_text("version: 1\nnotes:\n- day: soon\n  text: x\n")
    at = opened_reports()
    assert "soon is not a day" in words(at)
    assert labels(at) == []
