"""The Compare page: two to four selections side by side."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from analytics.analyses.overview import figure_text
from analytics.app import answers, compare_state, page_links, sidebar
from analytics.app.cards import card_frame, draw_still_chart, show_errors_as_messages, table_and_csv_expander
from analytics.app.compare_state import SLOTS, Side
from analytics.app.escaping import escaped
from analytics.app.result_cache import cached
from analytics.app.tables import show_table
from analytics.catalog.comparison import COMPARED
from analytics.catalog.view import ComparisonView, Value
from analytics.charts.interactive import interactive_chart
from analytics.engine.comparison import FEWEST, make_comparison, read_side, side_text
from analytics.engine.slice_of import slice_of
from analytics.reports.csv import file_name
from analytics.schema import label_of
from analytics.selection.selection import Selection

AWAY, COPY = "Take away", "Copy to all"
FILTERS, FIRST, SEE, REMOVE = "Take the current filters", "Put first", "See its articles", "Remove"

LEAD = "compared_differences"
"""The view whose finding stands at the top."""

SHOWN_FIGURES = (
    "articles_per_day",
    "share_published",
    "share_unranked",
    "median_quality",
    "median_heat",
    "median_heat_lift",
    "providers",
    "topics",
)
"""The figures in the column of a selection."""


def show() -> None:
    """Draw the page."""
    st.title(page_links.COMPARE)
    top, below = st.container(), st.container()
    with st.expander("What to compare", expanded=len(compare_state.used_slots()) < FEWEST, icon=":material/tune:"):
        _presets()
        compare_state.draw_fields()
    sides = compare_state.sides()
    with top:
        for notice in [*sidebar.notices(), *compare_state.notices()]:
            st.warning(escaped(notice), icon=":material/link_off:")
        _lead(sides)
    with below:
        _columns(sides)
    if len(sides) >= FEWEST:
        for view in COMPARED.values():
            card(view, sides, without_finding=view.slug == LEAD)


def _lead(sides: Sequence[Side]) -> None:
    """The answer: each selection against the first, a line each."""
    if len(sides) < FEWEST:
        missing = "another selection" if sides else "two selections"
        st.info(f"Choose {missing} to hold against each other: a preset below, or the filters on the left.")
        return
    view = COMPARED[LEAD]
    differences = table(view.slug, sides)
    for side in sides[1:]:
        said = view.finding(differences[differences["selection"] == side.name])
        head = f"{side.name} against {sides[0].name}"
        st.markdown(f"**{escaped(head)}**{escaped(said.removeprefix(head))}")
    overlaps = table("compared_overlaps", sides)
    if overlaps["n_both"].any():
        st.warning(escaped(COMPARED["compared_overlaps"].finding(overlaps)), icon=":material/join_inner:")
    st.caption("Filters on the left act here only when they are taken into a selection. All times are UTC.")


def _columns(sides: Sequence[Side]) -> None:
    """The selections beside each other, and a place for one more."""
    figures = table("compared_figures", sides) if len(sides) >= FEWEST else None
    free = [slot for slot in SLOTS if slot not in {side.slot for side in sides}]
    if sides:
        for place, side in zip(st.columns(len(sides)), sides, strict=True):
            with place.container(border=True, key=f"side-{side.slot}"):
                _side(side, figures)
    if free:
        st.button(
            f"Take the current filters as {free[0].upper()}",
            key="take-next",
            on_click=compare_state.take_current_filters,
            args=(free[0],),
            icon=":material/add:",
        )


def _side(side: Side, figures: pd.DataFrame | None) -> None:
    st.html(f'<div style="height:5px;border-radius:3px;background:{side.colour}"></div>')
    st.markdown(f"**{escaped(side.name)}**")
    st.caption(f"{side.slot.upper()}: {sidebar.size_and_filters_text(side.selection)}")
    if figures is not None:
        rows = figures[(figures["selection"] == side.name) & figures["figure"].isin(SHOWN_FIGURES)]
        st.markdown("\n".join(f"- {_figure(row)}" for _, row in rows.iterrows()))
    with st.container(horizontal=True, gap="small"):
        for parameter, value in side.selection.pairs():
            _chip(side.slot, parameter, value)
        key = f"do-{side.slot}"
        st.menu_button(
            "Change",
            (FILTERS, FIRST, SEE, REMOVE),
            key=key,
            on_click=_do,
            args=(key, side.slot, side.selection),
            icon=":material/edit:",
            type="tertiary",
        )


def _figure(row: pd.Series) -> str:
    rests_on = ""
    if row["unit"] in ("share", "points"):
        interval = f" [{row['low']:.0%}, {row['high']:.0%}]" if pd.notna(row["low"]) else ""
        rests_on = f"{interval} of {row['n']:,}"
    a_day = row["figure"] == "articles_per_day" and pd.notna(row["value"])
    value = f"{row['value']:,.3g}" if a_day else figure_text(row["value"], row["unit"])
    return escaped(f"{label_of(row['figure'])}: {value}{rests_on}")


def _chip(slot: str, parameter: str, value: str) -> None:
    key = f"part-{slot}-{parameter}-{value}"
    st.menu_button(
        escaped(f"{parameter}: {value}"), (AWAY, COPY), key=key, on_click=_do_part, args=(key, slot, parameter, value)
    )


def _do(key: str, slot: str, selection: Selection) -> None:
    """Callback: run the choice in the menu of a selection."""
    asked = st.session_state[key]
    if asked == SEE:
        page_links.open_articles(selection)
    else:
        {
            FILTERS: compare_state.take_current_filters,
            FIRST: compare_state.swap_with_first,
            REMOVE: compare_state.empty_slot,
        }[asked](slot)


def _do_part(key: str, slot: str, parameter: str, value: str) -> None:
    """Callback: run the choice in the menu of a filter."""
    {AWAY: compare_state.remove_filter_value, COPY: compare_state.copy_to_all}[st.session_state[key]](
        slot, parameter, value
    )


def _presets() -> None:
    """Draw buttons that start a common comparison from the current filters."""
    st.caption("Start from the filters on the left. The first selection is the one that the others are held against.")
    with st.container(horizontal=True, gap="small"):
        for label, how in (("This period against the one before", "previous"), ("… against last year", "year")):
            st.button(label, key=f"start-{how}", on_click=compare_state.compare_with_earlier_period, args=(how,))
        st.button(
            "Published against not", key="start-published", on_click=compare_state.compare_published_and_unpublished
        )
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        topics = answers.labels("topic")
        one = st.selectbox("Topic", topics, key="start-topic-one", index=None, width=220)
        other = st.selectbox("against topic", topics, key="start-topic-other", index=None, width=220)
        st.button(
            "Compare topics",
            key="start-topics",
            on_click=compare_state.compare_topics,
            args=(other, one),
            disabled=not (one and other) or one == other,
        )
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        name = st.selectbox("Provider", answers.labels("provider"), key="start-provider-name", index=None, width=220)
        st.button(
            "Compare with the rest",
            key="start-provider",
            on_click=compare_state.compare_provider_with_others,
            args=(name,),
            disabled=not name,
        )


def table(slug: str, sides: Sequence[Side], options: dict[str, Value] | None = None) -> pd.DataFrame:
    """The table of a comparison view, by slug, for some selections; default options unless given."""
    view, loaded = COMPARED[slug], answers.corpus()
    chosen = options or view.defaults()

    def compute() -> pd.DataFrame:
        selections = [read_side(side_text(side.selection)) for side in sides]
        slices = [slice_of(loaded, selection) for selection in selections]
        return view.answer(make_comparison(slices, [side.name for side in sides]), chosen)

    return cached(compute, *_key_of(slug, sides, chosen)).copy(deep=False)


@st.fragment
def card(view: ComparisonView, sides: Sequence[Side], *, without_finding: bool = False) -> None:
    """Draw a comparison view as a fragment: a choice redraws this card only."""
    with show_errors_as_messages(), card_frame(view, 170) as options:
        found = table(view.slug, sides, options)
        finding = view.finding(found)
        if not without_finding:
            st.markdown(escaped(finding))
        if found.empty:
            return
        look = view.look(options, {side.name: side.colour for side in sides})
        key = ("chart", look.colours, *_key_of(view.slug, sides, options))
        draw_still_chart(lambda: cached(lambda: interactive_chart(view.draw, found, look), *key), finding)
        held = {side.slot: f"{side.name}\n{side.selection.text}" for side in sides}
        csv_name = file_name(view.slug, Selection(), {**options, **held})
        table_and_csv_expander(view, found, csv_name, lambda: show_table(found, view.table))


def _key_of(slug: str, sides: Sequence[Side], options: Mapping[str, Value]) -> tuple[object, ...]:
    """The cache key of a view of some selections: all that it depends on."""
    held = [[side.name, side_text(side.selection)] for side in sides]
    return "compared", slug, answers.corpus().cache_key, held, sorted(options.items())
