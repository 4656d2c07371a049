"""The rules of the next session: what the team wrote, and the defaults for the rest."""

import re
from pathlib import Path

import pytest

from analytics.errors import ReviewError
from analytics.reviews.models import REASONS, VERDICTS, Rules, Verdict
from analytics.reviews.rules import rules
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the team's file would be."""
    monkeypatch.setenv("ARTICLE_ANALYTICS_HOME", str(tmp_path))
    monkeypatch.delenv("ARTICLE_ANALYTICS_REVIEW_RULES", raising=False)
    return tmp_path / "review.yml"


def test_without_a_file_the_rules_are_the_defaults() -> None:
    assert rules() == Rules(VERDICTS, REASONS)


def test_what_the_file_says_takes_the_place_of_the_defaults(file: Path) -> None:
    file.write_text("verdicts: [yes, {name: no, rank: 1, agrees: no}]")
    assert rules() == Rules((Verdict("yes"), Verdict("no", 1, agrees=False)), REASONS)
    file.write_text("reasons: []")
    assert rules() == Rules(VERDICTS, ())


def test_a_file_that_makes_no_sense_is_an_error_of_reviews(file: Path) -> None:
    file.write_text("verdicts: []")
    with pytest.raises(ReviewError, match=r"review\.yml, line 1: there is no verdict"):
        rules()


def test_the_example_of_the_documentation_says_what_the_defaults_are(file: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", (ROOT / "docs" / "reviews.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    file.write_text(example[1])
    assert rules() == Rules(VERDICTS, REASONS[:3])
