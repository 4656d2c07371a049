"""README, docs and program say the same."""

import re
import shlex
from pathlib import Path

import pytest

from analytics.analyses import overview
from analytics.catalog import PAGES
from analytics.cli.options import main
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from analytics.reports.report.recipe_reports import recipe_views
from analytics.selection.selection import Selection
from analytics.userdata.recipes import parse_recipe
from tests.conftest import ROOT
from tests.generated_docs import BLOCK, DOCUMENTS, TABLES, generated

README = (ROOT / "README.md").read_text()
DOCS = sorted((ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_generated_tables_are_up_to_date(document: Path) -> None:
    assert document.read_text() == generated(document), "Run `python -m tests.generated_docs`."


def test_every_table_is_somewhere() -> None:
    assert {name for document in DOCUMENTS for _, name, _ in BLOCK.findall(document.read_text())} == set(TABLES)


@pytest.mark.parametrize("command", main.commands)
def test_every_command_is_shown(command: str) -> None:
    assert f"article-analytics {command}" in README


def test_no_command_is_shown_that_is_not_there() -> None:
    assert set(re.findall(r"^(?:\.venv/bin/)?article-analytics (\w+)", README, re.MULTILINE)) <= set(main.commands)


def test_the_recipe_that_is_shown_is_a_recipe() -> None:
    (text,) = [text for text in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if "alerts:" in text]
    recipe = parse_recipe(text.encode(), "weekly", "README.md")
    assert [view.slug for view in recipe_views(recipe)] == list(recipe.views)
    assert set(vars(recipe.alerts)) == set(re.findall(r"^  (\w+): (?!\{)", text, re.MULTILINE))


def test_the_line_for_cron_is_a_command() -> None:
    (line,) = re.findall(r"```cron\n[\d* ]+ (.*)\n```", README)
    words = shlex.split(line.split("article-analytics report ")[1].split(" > ")[0])
    given = main.commands["report"].make_context("report", words).params
    assert (given["corpus"], given["recipe"], given["out"]) == (Path("/srv/site"), Path("weekly.yml"), Path("weekly"))


def test_the_view_that_is_shown_can_be_added(sample: Corpus) -> None:
    (code,) = re.findall(r"```python\n(TYPES_OVER_TIME.*?)```", (ROOT / "docs/adding-a-view.md").read_text(), re.DOTALL)
    module = dict(vars(overview))
    exec(code, module)
    view = module["types_over_time"]
    assert view(Slice(sample))["n"].sum() == sample.articles["published_at"].notna().sum()
    assert view.finding(view(Slice(sample))).startswith("Most are of type article:")
    assert view.finding(view(Slice(sample, Selection(topics=("Nothing",))))) == "No article has a date."


def test_every_page_is_named() -> None:
    assert all(page in README for page in PAGES)


@pytest.mark.parametrize("text", [README, *(path.read_text() for path in DOCS)])
def test_links_lead_somewhere(text: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if "://" not in target:
            assert any((base / target).exists() for base in (ROOT, ROOT / "docs")), target


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "CONTRIBUTING.md"], ids=lambda path: path.name)
def test_files_of_the_project_that_a_document_names_are_there(document: Path) -> None:
    named = re.findall(r"`((?:analytics|tests|data|docs|\.ci)/[\w./-]*)`", document.read_text())
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_tests_that_the_page_on_accessibility_names_are_there() -> None:
    page = (ROOT / "docs/accessibility.md").read_text()
    defined = set(
        re.findall(
            r"^def (test_\w+)",
            "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py")),
            flags=re.MULTILINE,
        )
    )
    named = set(re.findall(r"`(test_\w+)`", page))
    assert len(named) > 5
    assert named - defined == set()
    assert len(re.findall(r"^\| \*\*", page, flags=re.MULTILINE)) == 14
