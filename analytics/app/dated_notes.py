"""Dated notes in the dashboard: those that charts and reports show, and the editor in the sidebar."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd
import streamlit as st

from analytics.analyses.history.commits_and_outages import long_outage_notes
from analytics.app import answers
from analytics.app.action_messages import attempt, show_kept_message
from analytics.app.escaping import escaped
from analytics.errors import UserDataError
from analytics.selection.selection import Selection
from analytics.settings import further_notes_path
from analytics.userdata import dated_notes, files
from analytics.userdata.dated_notes import EARLIEST, LATEST, Note
from analytics.userdata.name_validation import TEXT_MAX
from analytics.userdata.yaml_file import Records

PLACE = "notes"
OUTAGES = "outages"
"""Key of the toggle, and what it is called in a link."""

CHOSEN, DAY, LAST_DAY, TEXT, ASKED = "note", "note-day", "note-last-day", "note-text", "note-asked"
"""Keys of the widgets, and of whether the reader is asked."""


def chart_notes() -> pd.DataFrame:
    """The notes on charts (`NOTES`): all that can be read, with outages when the reader has switched them on."""
    mine, further, _ = _all()
    return _with_outages(_table(mine.valid, further.valid))


@lru_cache(maxsize=4)
def _table(mine: tuple[Note, ...], further: tuple[Note, ...]) -> pd.DataFrame:
    return dated_notes.notes_table(mine, further)


def report_notes(selection: Selection) -> pd.DataFrame:
    """The notes in reports of a selection, with outages when those are on. Raises UserDataError."""
    return dated_notes.notes_within(_with_outages(dated_notes.read_notes(selection)), selection)


def _with_outages(dated: pd.DataFrame) -> pd.DataFrame:
    if not st.session_state.get(OUTAGES):
        return dated
    then = Selection(as_of=st.session_state.get("as_of"))
    return dated_notes.join_notes(dated, long_outage_notes(answers.data(then, "history").history))


def show_editor() -> None:
    """Draw the popover in which notes are added, changed and deleted."""
    mine, further, faults = _all()
    count = len(mine.valid) + len(further.valid)
    for fault in faults:
        st.warning(escaped(fault), icon=":material/warning:")
    with st.popover(f"Notes ({count})" if count else "Notes", icon=":material/flag:", width="stretch"):
        st.caption("What happened when: drawn as ▼ on every time chart, listed in exports. Days are UTC.")
        for error in (*mine.errors, *further.errors):
            st.warning(escaped(error), icon=":material/warning:")
        show_kept_message(PLACE)
        st.toggle(
            "Draw outages of the pipeline",
            key=OUTAGES,
            bind="query-params",
            help="Days without a commit in the corpus's git history, against its usual rhythm (Timeline page)",
        )
        _editor(mine)
        if further.valid:
            st.markdown(f"From {escaped(str(further_notes_path()))}, which is only read:")
            st.text("\n".join(_label(note) for note in further.valid))


def _editor(mine: Records[Note]) -> None:
    if st.session_state.get(CHOSEN) not in (None, *mine.valid):
        st.session_state[CHOSEN] = None
    chosen = st.selectbox(
        "Note", mine.valid, index=None, format_func=_label, placeholder="a new one", key=CHOSEN, on_change=_fill
    )
    st.date_input("Day", value=None, min_value=EARLIEST, max_value=LATEST, key=DAY, format="YYYY-MM-DD")
    st.date_input(
        "Last day, when it has several",
        value=None,
        min_value=EARLIEST,
        max_value=LATEST,
        key=LAST_DAY,
        format="YYYY-MM-DD",
    )
    st.text_area("Text", key=TEXT, max_chars=TEXT_MAX, height=100)
    with st.container(horizontal=True):
        st.button("Save note" if chosen else "Add note", key="note-save", on_click=_save, type="primary")
        if chosen:
            st.button("Delete note…", key="note-delete", on_click=_ask)
    if chosen and st.session_state.get(ASKED) == chosen:
        st.warning(f"Delete the note of {chosen.days}?", icon=":material/delete:")
        with st.container(horizontal=True):
            st.button("Yes, delete it", key="note-yes", on_click=_delete)
            st.button("No", key="note-no", on_click=_ask, args=(False,))


def _fill() -> None:
    """Callback: what the chosen note says goes into the fields."""
    note: Note | None = st.session_state[CHOSEN]
    st.session_state[DAY] = note.day if note else None
    st.session_state[LAST_DAY] = note.last_day if note and note.last_day != note.day else None
    st.session_state[TEXT] = note.text if note else ""


def _save() -> None:
    old: Note | None = st.session_state[CHOSEN]

    def save() -> None:
        first: date | None = st.session_state[DAY]
        if first is None:
            raise UserDataError("The note has no day. Give it one.")
        new = Note(first, st.session_state[LAST_DAY] or first, st.session_state[TEXT])
        if old is None:
            dated_notes.add(new)
        else:
            dated_notes.replace(old, new)

    if attempt(PLACE, save, "Saved."):
        _emptied()


def _ask(asked: bool = True) -> None:  # noqa: FBT001, FBT002
    st.session_state[ASKED] = st.session_state[CHOSEN] if asked else None


def _delete() -> None:
    old: Note = st.session_state[CHOSEN]
    if attempt(PLACE, lambda: dated_notes.replace(old, None), "Deleted."):
        _emptied()


def _emptied() -> None:
    st.session_state[CHOSEN] = None
    _fill()


def _label(note: Note) -> str:
    return f"{note.days}: {note.text}"


def _all() -> tuple[Records[Note], Records[Note], list[str]]:
    """The notes of the data folder, those of the named file, and why either cannot be read."""
    faults: list[str] = []

    def tried(path: Path | None, read: Callable[[str, object], Records[Note]]) -> Records[Note]:
        try:
            return read(str(path), files.stamp(path)) if path else Records()
        except UserDataError as error:
            faults.append(str(error))
            return Records()

    return tried(dated_notes.FILE.path, _own), tried(further_notes_path(), _given), faults


@st.cache_resource(show_spinner=False, max_entries=8)
def _own(path: str, stamp: object) -> Records[Note]:
    del path, stamp
    return dated_notes.read_own()


@st.cache_resource(show_spinner=False, max_entries=8)
def _given(path: str, stamp: object) -> Records[Note]:
    del path, stamp
    return dated_notes.read_further()
