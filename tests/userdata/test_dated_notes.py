"""Notes: days that make sense, any text, two sources of which one is only read."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import UserDataError
from analytics.selection.selection import Selection
from analytics.userdata import dated_notes
from analytics.userdata.dated_notes import EARLIEST, LATEST, NOTES, Note
from analytics.userdata.name_validation import valid_text

A = Note(date(2024, 3, 1), date(2024, 3, 1), "New rules")
B = Note(date(2024, 2, 1), date(2024, 4, 15), "Strike:\nof all\n# no")
TRAPS = ["no", "1e3", "~", "a: b", "- a\n- b", "# a", "a\n\n  b\n c", "\ta", "{", "---\na", "...", "> a", "🦉\u200d"]


def valid(text: str) -> str | None:
    try:
        return valid_text(text)
    except UserDataError:
        return None


TEXTS = (st.sampled_from(TRAPS) | st.text(min_size=1, max_size=60)).map(valid).filter(bool)
DAYS = st.lists(st.dates(EARLIEST, LATEST), min_size=2, max_size=2).map(sorted)


@given(st.lists(st.builds(lambda days, text: Note(*days, text), DAYS, TEXTS), max_size=5))
def test_what_is_written_is_what_is_read(written: list[Note]) -> None:
    found = dated_notes.parse_notes(dated_notes.notes_yaml(written).encode(), Path("a.yml"))
    assert found.errors == ()
    assert list(found.valid) == sorted(set(written))


@pytest.mark.parametrize(
    ("first", "last", "text", "says"),
    [
        (date(2024, 2, 2), date(2024, 2, 1), "a", "ends on 2024-02-01, before it begins on 2024-02-02"),
        (date(1800, 1, 1), date(1800, 1, 1), "a", "between 1900-01-01 and 2999-12-31"),
        (A.day, A.day, " \n", "The text is empty"),
        (A.day, A.day, "x" * 501, "501 characters"),
        (A.day, A.day, "a\x07", "control characters"),
    ],
)
def test_a_note_that_makes_no_sense_is_refused(first: date, last: date, text: str, says: str) -> None:
    with pytest.raises(UserDataError, match=says):
        Note(first, last, text)


def test_add_change_and_take_away() -> None:
    dated_notes.add(A)
    dated_notes.add(B)
    dated_notes.add(A)
    assert dated_notes.read_own().valid == (B, A)
    changed = Note(A.day, A.day, "Other rules")
    dated_notes.replace(A, changed)
    assert dated_notes.read_own().valid == (B, changed)
    dated_notes.replace(B, None)
    assert dated_notes.read_own().valid == (changed,)
    for new in (None, A):
        with pytest.raises(UserDataError, match="changed or taken away elsewhere"):
            dated_notes.replace(B, new)
    assert dated_notes.read_own().valid == (changed,)


def test_a_bad_note_is_named_and_nothing_is_written_over_it(home: Path) -> None:
    home.mkdir()
    rows = ("{day: 2024-03-01, text: no}", "{day: soon, text: b}", "{day: 2024-03-02, last_day: , text: c}")
    text = "\n- ".join(["version: 1\nnotes:", *rows]) + "\n"
    (home / "notes.yml").write_text(text)
    found = dated_notes.read_own()
    assert [note.text for note in found.valid] == ["no", "c"]
    (refused,) = found.errors
    assert refused.endswith("notes.yml, line 4: day: soon is not a day. Write it as 2024-03-31.")
    with pytest.raises(UserDataError, match="Mend this first"):
        dated_notes.add(A)
    with pytest.raises(UserDataError, match="line 4"):
        dated_notes.read_notes(Selection())
    assert (home / "notes.yml").read_text() == text


def test_the_named_file_is_read_and_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert dated_notes.read_further().valid == ()
    path = tmp_path / "team.yml"
    monkeypatch.setenv("ARTICLE_ANALYTICS_NOTES", str(path))
    with pytest.raises(UserDataError, match=r"There is no file .*team\.yml, which ARTICLE_ANALYTICS_NOTES names"):
        dated_notes.read_further()
    path.write_text(dated_notes.notes_yaml([B]))
    before = path.read_bytes()
    dated_notes.add(A)
    assert (dated_notes.read_further().valid, dated_notes.read_own().valid) == ((B,), (A,))
    assert path.read_bytes() == before
    table = dated_notes.read_notes(Selection())
    NOTES.check(table)
    assert table.to_dict("records") == [
        {"day": pd.Timestamp(B.day), "last_day": pd.Timestamp(B.last_day), "text": B.text, "file": "team.yml"},
        {"day": pd.Timestamp(A.day), "last_day": pd.Timestamp(A.day), "text": A.text, "file": "notes.yml"},
    ]


def test_a_named_file_of_the_same_name_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "notes.yml"
    path.write_text(dated_notes.notes_yaml([A]))
    monkeypatch.setenv("ARTICLE_ANALYTICS_NOTES", str(path))
    dated_notes.add(A)
    assert set(dated_notes.read_notes(Selection())["file"]) == {"notes.yml", str(path)}


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (None, None, [B.text, A.text]),
        (date(2024, 4, 15), None, [B.text]),
        (date(2024, 4, 16), None, []),
        (None, date(2024, 2, 29), [B.text]),
        (date(2024, 3, 1), date(2024, 3, 1), [B.text, A.text]),
    ],
)
def test_notes_of_a_selection_touch_its_days(start: date | None, end: date | None, found: list[str]) -> None:
    dated_notes.add(A)
    dated_notes.add(B)
    assert dated_notes.read_notes(Selection(start=start, end=end))["text"].tolist() == found


def test_no_note_is_an_empty_table() -> None:
    NOTES.check(dated_notes.read_notes(Selection()))
