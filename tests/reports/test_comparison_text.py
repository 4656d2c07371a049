"""A comparison on the command line: as text, JSON and CSV."""

import json
from io import StringIO

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from analytics.analyses.comparison.differences import MEASURES
from analytics.catalog.comparison import COMPARED
from analytics.cli.options import main
from tests.conftest import SAMPLE

SIDES = ("--with", "state=unpublished", "--with", "state=published&from=2025-01-01")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["compare", str(SAMPLE), *words])


@pytest.mark.slow
def test_the_text_holds_the_answer_and_every_table() -> None:
    result = run(*SIDES, "--name", "Left out")
    assert result.exit_code == 0
    assert "against Left out: quality is far higher (median 87 against 50" in result.stdout
    assert all(f"({slug})" in result.stdout for slug in COMPARED)
    assert "<NA>" not in result.stdout


def test_json_holds_selections_findings_and_tables() -> None:
    found = json.loads(run(*SIDES, "--format", "json", "--view", "compared_overlaps").stdout)
    assert [side["selection"] for side in found["selections"]] == [
        "state=unpublished",
        "from=2025-01-01&state=published",
    ]
    assert found["findings"] == {"compared_overlaps": "No article is in two of the selections."}
    assert found["tables"]["compared_overlaps"][0]["n_both"] == 0


@pytest.mark.slow
def test_a_csv_holds_the_differences_or_the_table_named() -> None:
    differences = pd.read_csv(StringIO(run(*SIDES, "--format", "csv").stdout))
    assert differences["measure"].tolist() == list(MEASURES)
    topics = pd.read_csv(StringIO(run(*SIDES, "--format", "csv", "--view", "compared_topics").stdout))
    assert topics.columns.tolist() == COMPARED["compared_topics"].table.names


@pytest.mark.slow
def test_what_cannot_be_compared_is_refused_in_words() -> None:
    for words, said in (
        (("--with", "all"), "A comparison has 2 to 4 selections, not 1."),
        (("--with", "all", "--with", "colour=red"), "colour=red: a selection has no such part."),
        ((*SIDES, "--view", "nothing"), "A comparison has no view 'nothing'"),
        ((*SIDES, "--format", "csv", "--view", "compared_topics", "--view", "compared_heat"), "A CSV holds one table"),
    ):
        result = run(*words)
        assert result.exit_code == 2
        assert said in result.output
