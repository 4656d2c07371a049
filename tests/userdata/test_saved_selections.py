"""Saved selections: nothing is lost, nothing is guessed, and what is wrong is named with its line."""

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import UserDataError
from analytics.selection.selection import Selection
from analytics.userdata import saved_selections
from analytics.userdata.name_validation import valid_name
from analytics.userdata.saved_selections import SavedSelection
from tests.conftest import ROOT

AI, SOLAR = Selection(topics=("AI",)), Selection(topics=("Solar",), start=date(2024, 1, 1), compare="year")
TRAPS = [
    "no",
    "1e3",
    "~",
    "null",
    "a: b",
    "- a",
    "# a",
    "'",
    '"',
    "!!python/object",
    "&a *a",
    "{",
    "2024-01-01",
    "%",
    "🦉",
]
WORDS = st.sampled_from(TRAPS) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80)


def valid(name: str) -> str | None:
    try:
        return valid_name(name)
    except UserDataError:
        return None


NAMES = WORDS.map(valid).filter(bool)


def kept() -> dict[str, Selection]:
    found = saved_selections.read()
    assert found.errors == ()
    return {saved.name: saved.selection for saved in found.valid}


def test_nothing_is_saved_at_first() -> None:
    assert kept() == {}


def test_what_is_saved_is_there_with_its_day() -> None:
    before = datetime.now(UTC).date()
    saved_selections.save("  Solar \n year ", SOLAR)
    (saved,) = saved_selections.read().valid
    assert (saved.name, saved.selection) == ("Solar year", SOLAR)
    assert saved.saved in (before, datetime.now(UTC).date())
    assert saved_selections.find(" solar YEAR ") == SOLAR


@pytest.mark.parametrize("taken", ["été", "ÉTÉ", "e\u0301te\u0301"])
def test_a_name_is_taken_whatever_its_case_and_accents(taken: str) -> None:
    saved_selections.save("Été", AI)
    with pytest.raises(UserDataError, match="already"):
        saved_selections.save(taken, SOLAR)
    assert kept() == {"Été": AI}
    saved_selections.save(taken, SOLAR, replace=True)
    assert kept() == {taken: SOLAR}


@pytest.mark.parametrize(("name", "says"), [(" \n", "empty"), ("x" * 81, "81 characters"), ("a\x1b[2J", "control")])
def test_a_name_that_makes_no_sense_is_refused(name: str, says: str) -> None:
    with pytest.raises(UserDataError, match=says):
        saved_selections.save(name, AI)
    assert kept() == {}


def test_rename_and_delete() -> None:
    saved_selections.save("a", AI)
    saved_selections.save("b", SOLAR)
    with pytest.raises(UserDataError, match="already"):
        saved_selections.rename("a", "B")
    saved_selections.rename("a", "A")
    assert kept() == {"A": AI, "b": SOLAR}
    saved_selections.delete("b")
    assert kept() == {"A": AI}
    for gone in (lambda: saved_selections.delete("b"), lambda: saved_selections.rename("b", "c")):
        with pytest.raises(UserDataError, match="no saved selection 'b' any more"):
            gone()


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(UserDataError, match=r"no saved selection 'x'\. There are: none"):
        saved_selections.find("x")
    saved_selections.save("a", AI)
    with pytest.raises(UserDataError, match="There are: 'a'"):
        saved_selections.find("x")


@given(
    st.lists(
        st.builds(
            SavedSelection,
            NAMES,
            st.builds(Selection, topics=st.lists(WORDS, max_size=3).map(tuple), words=st.sampled_from(TRAPS)),
            st.none() | st.dates(),
        ),
        unique_by=lambda saved: saved.key,
        max_size=4,
    )
)
def test_what_is_written_is_what_is_read(saved: list[SavedSelection]) -> None:
    text = saved_selections.selections_yaml(saved)
    found = saved_selections.parse_selections(text.encode(), "a.yml")
    assert found.errors == ()
    assert sorted(found.valid, key=str) == sorted(saved, key=str)
    assert saved_selections.selections_yaml(reversed(saved)) == text


HEAD = "version: 1\nselections:\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "  - name: [a\n", "line 4 is damaged"),
        (HEAD + "  - name: a\n\tselection: b\n", "line 4 is damaged"),
        ("version: 2\nselections: []\n", "version 2, and this program reads 1"),
        ("selections: []\n", "version none"),
        ("just words\n", "not a file of selections"),
        ("version: 1\nnotes: []\n", "it holds notes"),
        ("version: 1\n", "it holds nothing"),
        ("version: 1\nselections: 3\n", "line 2: 'selections' is not a list"),
        (HEAD[:-1] + " []\nselections: []\n", "'selections' stands twice, the second in line 3"),
        ("version: 1\nselections:\n  - name: \xff\n", "line 3 is damaged"),
        ("version: 1\n\0", "line 2 is damaged"),
        (HEAD + "  - " + "[" * 50000 + "]" * 50000, "is damaged: too deep"),
        (HEAD + "  - &a {name: x, selection: ''}\n" + "  - *a\n" * 200, "is damaged: too many aliases"),
    ],
)
def test_a_damaged_file_says_where_and_is_left_as_it_is(text: str, says: str, home: Path) -> None:
    data = text.encode("latin-1")
    home.mkdir()
    (home / "selections.yml").write_bytes(data)
    for use in (
        saved_selections.read,
        lambda: saved_selections.save("a", AI),
        lambda: saved_selections.rename("a", "b"),
        lambda: saved_selections.delete("a"),
        lambda: saved_selections.add_all([SavedSelection("a", AI)], "both"),
    ):
        with pytest.raises(UserDataError, match=says):
            use()
    assert (home / "selections.yml").read_bytes() == data


BAD = HEAD + (
    "  - {name: good, selection: topic=AI}\n"
    "  - {name: odd, selection: colour=red}\n"
    "  - {name: late, selection: '', saved: soon}\n"
    "  - {name: GOOD, selection: ''}\n"
    "  - {name: more, selection: '', colour: red}\n"
    "  - {name: twice, name: twice, selection: ''}\n"
    "  - {selection: ''}\n"
    "  - {name: [a], selection: ''}\n"
    "  - words\n"
)
SAYS = ("colour=red", "saved: soon is not a day", "'GOOD' stands twice", "'colour'; known are name",
        "'name' stands twice", "lacks 'name'", "'name' is not text", "not a record")  # fmt: skip


def test_a_bad_record_is_named_and_the_good_ones_stay_of_use(home: Path) -> None:
    home.mkdir()
    (home / "selections.yml").write_text(BAD)
    found = saved_selections.read()
    assert [saved.name for saved in found.valid] == ["good"]
    for line, (refused, says) in enumerate(zip(found.errors, SAYS, strict=True), start=4):
        assert f"selections.yml, line {line}: " in refused
        assert says in refused
    with pytest.raises(UserDataError, match=r"lest something be lost\. Mend this first: .*line 4"):
        saved_selections.save("new", AI)
    assert (home / "selections.yml").read_text() == BAD


@pytest.mark.parametrize(
    ("clash", "names_", "after"),
    [
        ("both", ["A (3)", "b", "C"], {"a": AI, "a (2)": AI, "A (3)": SOLAR, "b": SOLAR, "C": AI}),
        ("replace", ["A", "b", "C"], {"A": SOLAR, "a (2)": AI, "b": SOLAR, "C": AI}),
    ],
)
def test_what_comes_in_clashes_as_the_reader_wants(clash: str, names_: list[str], after: dict[str, Selection]) -> None:
    for name, selection in (("a", AI), ("a (2)", AI), ("b", SOLAR)):
        saved_selections.save(name, selection)
    assert (
        saved_selections.add_all(
            [SavedSelection("A", SOLAR), SavedSelection("B", SOLAR), SavedSelection("C", AI)], clash
        )
        == names_
    )
    assert kept() == after


@pytest.mark.slow
def test_a_number_after_a_long_name_keeps_it_short_enough() -> None:
    saved_selections.save("x" * 80, AI)
    assert saved_selections.add_all([SavedSelection("X" * 80, SOLAR)], "both") == ["X" * 76 + " (2)"]


SAVE_MANY = """
import sys
from analytics.userdata import saved_selections
from analytics.selection.selection import Selection
from tests.conftest import ROOT
sys.stdin.readline()
for number in range(8):
    saved_selections.save(f"{sys.argv[1]} {number}", Selection())
"""


@pytest.mark.slow
def test_two_programs_that_save_at_once_lose_nothing() -> None:
    words = [sys.executable, "-c", SAVE_MANY]
    writers = [subprocess.Popen([*words, who], stdin=subprocess.PIPE, cwd=ROOT) for who in "ab"]
    for writer in writers:
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert set(kept()) == {f"{who} {number}" for who in "ab" for number in range(8)}
