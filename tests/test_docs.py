"""README, docs and program say the same."""

import re
import shlex
from pathlib import Path

import pytest

from analytics.catalog import PAGES, VIEWS
from analytics.cli.options import main
from analytics.corpus.problem_codes import CODES
from analytics.reports.report.recipe import recipe_views
from analytics.reviews.agenda.reasons import AGENDA_REASONS
from analytics.selection.fields import FILTER_FIELDS, FilterField
from analytics.userdata.recipes import recipe_of
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text()
DOCS = sorted((ROOT / "docs").glob("*.md"))


def test_every_view_has_its_row() -> None:
    rows = re.findall(r"^\| ([\w ]+) \| `(\w+)` \| (.+) \|$", README, re.MULTILINE)
    assert rows == [(view.page, view.slug, view.question) for view in VIEWS.values()]


@pytest.mark.parametrize("command", main.commands)
def test_every_command_is_shown(command: str) -> None:
    assert f"article-analytics {command}" in README


def test_no_command_is_shown_that_is_not_there() -> None:
    assert set(re.findall(r"^(?:\.venv/bin/)?article-analytics (\w+)", README, re.MULTILINE)) <= set(main.commands)


@pytest.mark.parametrize("part", FILTER_FIELDS, ids=lambda data: data.parameter)
def test_every_part_of_a_selection_is_explained(data: FilterField) -> None:
    assert f"| `{data.parameter}` | `--{data.parameter.replace('_', '-')}` | {data.meaning}" in README


def test_the_recipe_that_is_shown_is_a_recipe() -> None:
    (text,) = [text for text in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if "alerts:" in text]
    recipe = recipe_of(text.encode(), "weekly", "README.md")
    assert [view.slug for view in recipe_views(recipe)] == list(recipe.views)
    assert set(vars(recipe.alerts)) == set(re.findall(r"^  (\w+): (?!\{)", text, re.MULTILINE))


def test_the_line_for_cron_is_a_command() -> None:
    (line,) = re.findall(r"```cron\n[\d* ]+ (.*)\n```", README)
    words = shlex.split(line.split("article-analytics report ")[1].split(" > ")[0])
    given = main.commands["report"].make_context("report", words).params
    assert (given["corpus"], given["recipe"], given["out"]) == (Path("/srv/site"), Path("weekly.yml"), Path("weekly"))


def test_every_page_is_named() -> None:
    assert all(page in README for page in PAGES)


def test_every_agenda_reason_is_explained() -> None:
    rows = re.findall(
        r"^\| `([\w-]+)` \| (.+) \| (\d) \| (.+) \|$", (ROOT / "docs/reviews.md").read_text(), re.MULTILINE
    )
    assert rows == [(reason.name, reason.label, str(reason.weight), reason.meaning) for reason in AGENDA_REASONS]


def test_every_problem_code_is_explained() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", (ROOT / "docs/problems.md").read_text(), re.MULTILINE)
    assert rows == [(name, code.severity, code.meaning) for name, code in CODES.items()]


@pytest.mark.parametrize("text", [README, *(path.read_text() for path in DOCS)])
def test_links_lead_somewhere(text: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if "://" not in target:
            assert any((base / target).exists() for base in (ROOT, ROOT / "docs")), target
