"""Saved selections in the sidebar: choose, save, rename, delete, export to a file and import from one."""

import streamlit as st

from analytics.app import sidebar
from analytics.app.action_messages import attempt, show_kept_message
from analytics.app.escaping import escaped
from analytics.errors import UserDataError
from analytics.selection.selection import from_pairs
from analytics.userdata import files, saved_selections
from analytics.userdata.name_validation import NAME_MAX, name_key, valid_name
from analytics.userdata.saved_selections import OnClash, SavedSelection
from analytics.userdata.yaml_file import Records

PLACE = "saved"
CHOSEN, NEW_NAME, OTHER_NAME = "saved-chosen", "saved-new-name", "saved-other-name"
CLASH, ASKED = "saved-clash", "saved-asked"
"""Keys of the widgets, and of what the reader is asked."""


def show_popover() -> None:
    """Draw the popover of the saved selections."""
    found, fault = _kept()
    if fault:
        st.warning(escaped(fault), icon=":material/warning:")
    with st.popover("Saved selections", icon=":material/bookmark:", width="stretch"):
        for words in found.errors:
            st.warning(escaped(words), icon=":material/warning:")
        show_kept_message(PLACE)
        if found.valid:
            _choose(found.valid)
        _save_current()
        with st.expander("Export and import"):
            if found.valid:
                st.download_button(
                    "Export as YAML",
                    saved_selections.selections_yaml(found.valid),
                    file_name="selections.yml",
                    mime="application/yaml",
                    on_click="ignore",
                    icon=":material/download:",
                    key="saved-export",
                )
            import_box(found.valid, PLACE)


def _choose(saved: tuple[SavedSelection, ...]) -> None:
    chosen = [one.name for one in saved]
    if st.session_state.get(CHOSEN) not in (None, *chosen):
        st.session_state[CHOSEN] = None
    name = st.selectbox(
        "Choose one", chosen, index=None, placeholder=f"{len(saved):,} to choose from", key=CHOSEN, on_change=_apply
    )
    if name is None:
        return
    one = next(one for one in saved if one.name == name)
    st.caption(escaped(one.selection.in_words() + (f"; saved on {one.saved}" if one.saved else "")))
    with st.container(horizontal=True):
        st.button("Apply", key="saved-apply", on_click=_apply)
        st.button("Delete…", key="saved-delete", on_click=_ask)
    if st.session_state.get(ASKED) == name:
        st.warning(f"Delete the saved selection {escaped(name)}?", icon=":material/delete:")
        with st.container(horizontal=True):
            st.button("Yes, delete it", key="saved-yes", on_click=_delete)
            st.button("No", key="saved-no", on_click=_forget)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Another name for it", key=OTHER_NAME, max_chars=NAME_MAX)
        st.button("Rename", key="saved-rename", on_click=_rename)


def _save_current() -> None:
    st.caption(f"Now: {escaped(sidebar.current().in_words())}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Save it as", key=NEW_NAME, max_chars=NAME_MAX, placeholder="a name")
        st.button("Save", key="saved-save", on_click=_save, type="primary")
    clash = st.session_state.get(CLASH)
    if clash and name_key(clash) == _typed():
        st.button(escaped(f"Replace the saved {clash}"), key="saved-replace", on_click=_save, args=(True,))


def _typed() -> str:
    """The key of the name that is typed."""
    return name_key(" ".join(st.session_state[NEW_NAME].split()))


def _apply() -> None:
    """Callback: set the filters to the chosen selection; labels that the corpus does not have become notices."""
    name = st.session_state[CHOSEN]
    if name is None:
        return

    def apply() -> None:
        pairs = saved_selections.find(name).pairs()
        unknown = sidebar.unknown_labels(pairs)
        sidebar.set_filters(from_pairs([pair for pair in pairs if pair not in unknown]))
        st.session_state["link_refused"] = sidebar.unknown_label_notices(unknown)

    attempt(PLACE, apply)


def _save(replace: bool = False) -> None:  # noqa: FBT001, FBT002
    """Callback: keep what the filters say now; a name that is taken is asked about."""
    name, selection = st.session_state[NEW_NAME], sidebar.current()
    if attempt(PLACE, lambda: saved_selections.save(name, selection, replace=replace), f"Saved as {name.strip()}."):
        st.session_state[NEW_NAME] = ""
        st.session_state[CLASH] = None
    else:
        taken = {one.key: one.name for one in _kept()[0].valid}
        st.session_state[CLASH] = taken.get(_typed())


def _rename() -> None:
    old, new = st.session_state[CHOSEN], st.session_state[OTHER_NAME]
    if attempt(PLACE, lambda: saved_selections.rename(old, new), f"{old} is called {new.strip()} now."):
        st.session_state[CHOSEN] = valid_name(new)
        st.session_state[OTHER_NAME] = ""


def _ask() -> None:
    st.session_state[ASKED] = st.session_state[CHOSEN]


def _forget() -> None:
    st.session_state[ASKED] = None


def _delete() -> None:
    name = st.session_state[CHOSEN]
    attempt(PLACE, lambda: saved_selections.delete(name), f"{name} is deleted.")
    _forget()


def _kept() -> tuple[Records[SavedSelection], str]:
    """The saved selections, and why they cannot be read."""
    try:
        return _read(str(saved_selections.FILE.path), files.stamp(saved_selections.FILE.path)), ""
    except UserDataError as error:
        return Records(), str(error)


@st.cache_resource(show_spinner=False, max_entries=8)
def _read(path: str, stamp: object) -> Records[SavedSelection]:
    del path, stamp
    return saved_selections.read()


FILE, WANTED, CLASHING, TURN = "saved-file", "saved-wanted", "saved-clashing", "saved-turn"
"""Keys of the widgets, and of how many files came in: each gets an empty field after it."""

WAYS: dict[OnClash, str] = {"both": "Keep both", "replace": "Replace mine"}
MEGABYTES = 2


def import_box(mine: tuple[SavedSelection, ...], message_place: str) -> None:
    """Draw the upload of a YAML file, and the choice of its selections to import; `mine` are those saved already."""
    turn = st.session_state.get(TURN, 0)
    upload = st.file_uploader(
        "Import a YAML file", type=["yml", "yaml"], key=f"{FILE}-{turn}", max_upload_size=MEGABYTES
    )
    if upload is None:
        return
    try:
        found = saved_selections.parse_selections(upload.getvalue(), upload.name)
    except UserDataError as error:
        st.error(escaped(str(error)), icon=":material/error:")
        return
    for refused in found.errors:
        st.warning(escaped(refused), icon=":material/warning:")
    if not found.valid:
        st.info("The file holds no selection that can be brought in.")
        return
    offered = {one.name: one for one in found.valid}
    wanted = st.multiselect("Bring in", list(offered), default=list(offered), key=f"{WANTED}-{turn}")
    kept = {one.key: one.selection for one in mine}
    clashing = [name for name in wanted if kept.get(name_key(name), offered[name].selection) != offered[name].selection]
    if clashing:
        st.radio(
            escaped(f"You have other selections of these names: {', '.join(clashing)}"),
            list(WAYS),
            format_func=lambda way: WAYS[way],
            key=CLASHING,
        )
    chosen = [offered[name] for name in wanted]
    st.button("Import", key="saved-import", on_click=_take_in, args=(chosen, message_place), disabled=not chosen)


def _take_in(chosen: list[SavedSelection], place: str) -> None:
    clash: OnClash = st.session_state.get(CLASHING) or "both"
    number = f"{len(chosen):,} {'selection is' if len(chosen) == 1 else 'selections are'}"
    if attempt(place, lambda: saved_selections.add_all(chosen, clash), f"{number} brought in."):
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
