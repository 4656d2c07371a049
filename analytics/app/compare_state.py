"""The selections of the Compare page: up to four, named, each in a text field that is bound to the link."""

from dataclasses import dataclass, replace

import streamlit as st

from analytics.app import answers, sidebar
from analytics.app.sidebar import preset_days
from analytics.charts.theme import COLOURS
from analytics.engine.comparison import ALL, NAME_MAX, side_names, side_text
from analytics.errors import SelectionError
from analytics.selection.fields import BY_PARAMETER, Compare
from analytics.selection.selection import Pairs, Selection, from_pairs, from_valid_pairs, query_pairs

SLOTS = dict(zip("abcd", COLOURS, strict=False))
"""Place of a selection, which is its parameter in the link → its colour."""

_REFUSED = "compare_refused"


@dataclass(frozen=True)
class Side:
    """One of the compared selections: its slot (a to d), name and selection."""

    slot: str
    name: str
    selection: Selection

    @property
    def colour(self) -> str:
        """The colour of its slot, the same in every chart."""
        return SLOTS[self.slot]


def draw_fields() -> None:
    """Draw a field for the name and one for the text of each selection; without them the link is not read."""
    for slot in SLOTS:
        name, text = st.columns([1, 3])
        name.text_input(
            f"Name of {slot.upper()}",
            key=f"{slot}_name",
            bind="query-params",
            max_chars=NAME_MAX,
            placeholder="what tells it apart",
        )
        text.text_input(
            f"Selection {slot.upper()}",
            key=slot,
            bind="query-params",
            placeholder="none",
            help=f"As in a link: topic=AI&from=2024-01-01. “{ALL}” leaves nothing out; empty: no selection.",
        )


def used_slots() -> list[str]:
    """The slots that hold a selection, also before the fields are drawn."""
    return [slot for slot in SLOTS if st.session_state.get(slot) or st.query_params.get(slot)]


def sides() -> list[Side]:
    """The selections in the fields; filters that are invalid are left out."""
    slots = [slot for slot in SLOTS if st.session_state.get(slot)]
    selections = [from_valid_pairs(_pairs(slot))[0].filters for slot in slots]
    names = side_names(selections, [st.session_state.get(f"{slot}_name") or "" for slot in slots])
    return [Side(*found) for found in zip(slots, names, selections, strict=True)]


def notices() -> list[str]:
    """Notices about the fields: filters that were left out as invalid or unknown, and those that were not copied."""
    found = []
    for slot in SLOTS:
        pairs = _pairs(slot)
        found += [f"Selection {slot.upper()}: {refused}" for refused in from_valid_pairs(pairs)[1]]
        found += [f"Selection {slot.upper()}: {unknown}" for unknown in sidebar.unknown_label_notices(pairs)]
    return [*found, *st.session_state.pop(_REFUSED, [])]


def put_selection(slot: str, selection: Selection) -> None:
    """Callback: put a selection into a slot, with the default name."""
    st.session_state[slot], st.session_state[f"{slot}_name"] = side_text(selection), ""


def take_current_filters(slot: str) -> None:
    """Callback: put the current filters into a slot."""
    put_selection(slot, sidebar.current())


def empty_slot(slot: str) -> None:
    """Callback: empty a slot."""
    st.session_state[slot], st.session_state[f"{slot}_name"] = "", ""


def swap_with_first(slot: str) -> None:
    """Callback: swap the selection of a slot with the first, which the others are compared with."""
    first = used_slots()[0]
    for one, other in ((slot, first), (f"{slot}_name", f"{first}_name")):
        held = st.session_state.get(one), st.session_state.get(other)
        st.session_state[other], st.session_state[one] = held


def remove_filter_value(slot: str, parameter: str, value: str) -> None:
    """Callback: remove a filter value from the selection in a slot."""
    st.session_state[slot] = side_text(_selection(slot).without(parameter, value))


def copy_to_all(slot: str, parameter: str, value: str) -> None:
    """Callback: copy a filter to all other selections; a label is added to their own, any other value replaces it."""
    refused = []
    for other in (each for each in used_slots() if each != slot):
        own = _selection(other)
        kept = own if BY_PARAMETER[parameter].kind == "labels" else own.without(parameter)
        try:
            st.session_state[other] = side_text(from_pairs([*kept.pairs(), (parameter, value)]))
        except SelectionError as error:
            refused.append(f"Selection {other.upper()} is left as it is: {error}")
    st.session_state[_REFUSED] = refused


def compare_two(first: Selection, other: Selection) -> None:
    """Callback: compare two selections."""
    for slot in SLOTS:
        empty_slot(slot)
    put_selection("a", first)
    put_selection("b", other)


def compare_with_earlier_period(how: Compare) -> None:
    """Callback: compare the period of the filters (without one, the newest year) with the one before, or a year ago."""
    base = sidebar.current().filters
    if base.start is None:
        start_day, end_day = preset_days("This year", answers.data(Selection(collections=base.collections)))
        base = replace(base, start=start_day, end=end_day)
    before = answers.data(replace(base, compare=how)).compared
    if before is None:
        st.session_state[_REFUSED] = ["The corpus has no dates that this period could be compared with."]
    else:
        compare_two(before.selection, base)


def compare_published_and_unpublished() -> None:
    """Callback: compare what is published with what is not."""
    base = sidebar.current()
    compare_two(replace(base, states=("unpublished",)), replace(base, states=("published",)))


def compare_topics(one: str, other: str) -> None:
    """Callback: compare two topics."""
    base = sidebar.current()
    compare_two(replace(base, topics=(one,)), replace(base, topics=(other,)))


def compare_provider_with_others(name: str) -> None:
    """Callback: compare a provider with all others."""
    base = sidebar.current()
    rest = replace(base, providers=(), providers_none=(*base.providers_none, name))
    compare_two(rest, replace(base, providers=(name,)))


def _pairs(slot: str) -> Pairs:
    text = st.session_state.get(slot) or ""
    return [] if text == ALL else query_pairs(text)


def _selection(slot: str) -> Selection:
    return from_valid_pairs(_pairs(slot))[0]
