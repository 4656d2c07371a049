"""Saved selections brought in from a YAML file: what is wrong with it is said, the rest offered, nothing lost."""

import streamlit as st

from analytics.app.attempts import attempt
from analytics.app.text import plain
from analytics.errors import KeptError
from analytics.kept import names
from analytics.kept import selections as kept
from analytics.kept.selections import Clash, Saved

FILE, WANTED, CLASHING, TURN = "saved-file", "saved-wanted", "saved-clashing", "saved-turn"
"""Keys of the widgets, and of how many files came in: each gets an empty field after it."""

WAYS: dict[Clash, str] = {"both": "Keep both", "replace": "Replace mine"}
MEGABYTES = 2


def bring_in(mine: tuple[Saved, ...], place: str) -> None:
    """Draw the upload, and what the file holds."""
    turn = st.session_state.get(TURN, 0)
    upload = st.file_uploader(
        "Import a YAML file", type=["yml", "yaml"], key=f"{FILE}-{turn}", max_upload_size=MEGABYTES
    )
    if upload is None:
        return
    try:
        found = kept.offered(upload.getvalue(), upload.name)
    except KeptError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    for refused in found.refused:
        st.warning(plain(refused), icon=":material/warning:")
    if not found.good:
        st.info("The file holds no selection that can be brought in.")
        return
    offered = {one.name: one for one in found.good}
    wanted = st.multiselect("Bring in", list(offered), default=list(offered), key=f"{WANTED}-{turn}")
    selections = {names.key(one.name): one.selection for one in mine}
    clashing = [
        name for name in wanted if selections.get(names.key(name), offered[name].selection) != offered[name].selection
    ]
    if clashing:
        st.radio(
            plain(f"You have other selections of these names: {', '.join(clashing)}"),
            list(WAYS),
            format_func=lambda way: WAYS[way],
            key=CLASHING,
        )
    chosen = [offered[name] for name in wanted]
    st.button("Import", key="saved-import", on_click=_take_in, args=(chosen, place), disabled=not chosen)


def _take_in(chosen: list[Saved], place: str) -> None:
    clash: Clash = st.session_state.get(CLASHING) or "both"
    number = f"{len(chosen):,} {'selection is' if len(chosen) == 1 else 'selections are'}"
    if attempt(place, lambda: kept.take_in(chosen, clash), f"{number} brought in."):
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
