"""Rules of reviews: what a team writes is read, and what makes no sense is refused with its line."""

import re
from pathlib import Path

import pytest

from analytics.errors import ReviewError, UserDataError
from analytics.reviews.models import REASONS, VERDICTS, Rules, Verdict
from analytics.reviews.review_rules import parse_rules, read_rules
from tests.conftest import ROOT


def test_verdicts_and_reasons_are_read() -> None:
    text = """
verdicts:
  - name: Yes, and   now
    rank: 2
    agrees: YES
  - {rank: 1, name: no, agrees: false}
  - 1e3
reasons: [wrong topic, no]
"""
    assert parse_rules(text.encode(), "review.yml") == Rules(
        (Verdict("Yes, and now", 2, agrees=True), Verdict("no", 1, agrees=False), Verdict("1e3")),
        ("wrong topic", "no"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Rules()),
        ("# nothing yet\n", Rules()),
        ("reasons: []", Rules(VERDICTS, ())),
        ("verdicts: [keep]", Rules((Verdict("keep"),), REASONS)),
    ],
)
def test_the_defaults_stand_for_what_is_left_out(text: str, expected: Rules) -> None:
    assert parse_rules(text.encode(), "review.yml") == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- keep", "review.yml, line 1: here fields with names are expected."),
        ("verdict: [keep]", "review.yml, line 1: there is no 'verdict'. Did you mean 'verdicts'?"),
        ("reasons: [x]\nreasons: [y]", "review.yml, line 2: 'reasons' stands twice."),
        ("reasons:\n- a;b", "review.yml, line 2: 'a;b' has a semicolon, which parts names in tables. Leave it out."),
        ("reasons:\n- a\n- b\n- A", "review.yml, line 4: 'A' stands twice."),
        ("reasons:\n- ''", "review.yml, line 2: The name is empty. Give it 1 to 80 characters."),
        ("reasons: a", "review.yml, line 1: reasons are a list, one a line after a dash."),
        ("reasons:\n" + "".join(f"- r{n}\n" for n in range(41)), "review.yml, line 42: these are 41 reasons. Give 40"),
        ("verdicts: []", "review.yml, line 1: there is no verdict. Give 1 to 9."),
        ("verdicts:\n" + "".join(f"- v{n}\n" for n in range(10)), "review.yml, line 11: these are 10 verdicts. Give 9"),
        ("verdicts:\n- keep\n- {name: Keep}", "review.yml, line 3: 'Keep' stands twice."),
        ("verdicts:\n- rank: 1", "review.yml, line 2: the verdict has no name."),
        ("verdicts:\n- name: a\n  rank: 0", "review.yml, line 3: '0' is no rank. Write a whole number from 1, the w"),
        ("verdicts:\n- name: a\n  rank: 2.0", "review.yml, line 3: '2.0' is no rank."),
        ("verdicts:\n- {name: a, rank: 1}\n- {name: b, rank: 1}", "review.yml, line 3: the rank 1 stands twice."),
        ("verdicts:\n- name: a\n  agrees: maybe", "review.yml, line 3: 'maybe' is neither yes nor no."),
        ("verdicts:\n- [a]", "review.yml, line 2: here fields with names are expected."),
        ("verdicts:\n- name: [a]", "review.yml, line 2: here one value is expected."),
        ("verdicts: keep: drop", "review.yml, line 1 is damaged"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(UserDataError) as caught:
        parse_rules(text.encode(), "review.yml")
    assert str(caught.value).startswith(message)


def test_the_file_lies_in_the_data_folder(home: Path) -> None:
    assert read_rules() == Rules()
    home.mkdir()
    (home / "review.yml").write_text("reasons: [ours]")
    assert read_rules() == Rules(VERDICTS, ("ours",))


def test_another_file_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "team.yml"
    monkeypatch.setenv("ARTICLE_ANALYTICS_REVIEW_RULES", str(path))
    with pytest.raises(ReviewError, match=r"There is no file .*team\.yml, which ARTICLE_ANALYTICS_REVIEW_RULES names"):
        read_rules()
    path.write_text("verdicts: [keep]")
    assert read_rules() == Rules((Verdict("keep"),), REASONS)


def test_a_file_that_makes_no_sense_is_an_error_of_reviews(home: Path) -> None:
    home.mkdir()
    (home / "review.yml").write_text("verdicts: []")
    with pytest.raises(ReviewError, match=r"review\.yml, line 1: there is no verdict"):
        read_rules()


def test_the_example_of_the_documentation_says_what_the_defaults_are(home: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", (ROOT / "docs" / "reviews.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    home.mkdir()
    (home / "review.yml").write_text(example[1])
    assert read_rules() == Rules(VERDICTS, REASONS[:3])
