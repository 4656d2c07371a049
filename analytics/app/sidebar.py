"""The shared filters: widgets in the sidebar, bound to the query string, read as one Selection."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from analytics.analyses.common.wording import count_text
from analytics.app import answers
from analytics.app.csv_downloads import excel_toggle
from analytics.app.escaping import escaped
from analytics.catalog import VIEWS
from analytics.catalog.comparison import COMPARED
from analytics.catalog.view import ViewOf
from analytics.corpus.collections import collections_as_known
from analytics.corpus.problem_codes import SEVERITIES
from analytics.corpus.record_fields import ALL_COLLECTIONS
from analytics.engine.periods import newest_covered_period
from analytics.engine.slice import Slice
from analytics.selection.fields import (
    BY_PARAMETER,
    COMPARISONS,
    FILTER_FIELDS,
    HEAT_STATES,
    STATES,
    WORDS_MAX,
    Compare,
    Length,
)
from analytics.selection.selection import PROFILE, Pairs, Selection, from_valid_pairs
from analytics.text_normalisation import distinct_in_known_spelling

PRESETS: dict[str, tuple[Length | None, Compare | None]] = {
    "Last week": ("week", "previous"),
    "Last month": ("month", "previous"),
    "Last quarter": ("quarter", "year"),
    "This year": (None, "year"),
    "All": (None, None),
}
"""Preset → the length of its days (see `preset_days` for the others), and what it compares them with."""


def preset_days(name: str, data: Slice) -> tuple[date | None, date | None]:
    """First and last day of a preset: the newest period of its length that is over (`newest_covered_period`)."""
    last, (length, _) = data.whole.last_day, PRESETS[name]
    if last is None or name == "All":
        return None, None
    return newest_covered_period(length, last, data.corpus.today) if length else (date(last.year, 1, 1), last)


EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)
LABEL_KEYS = {
    "topic": "topic",
    "topic_all": "topic",
    "topic_none": "topic",
    "topic_beside": "topic",
    "provider": "provider",
    "provider_none": "provider",
    "type": "type",
}
"""Parameter → the key of a tally whose labels it takes."""

_LABELS = (*LABEL_KEYS, "collection")

WORDS_HELP = 'Whole words, whatever the case and the accents; grid* also finds grids; "heat pump" only both together.'

FIRST_OF_STORY_HELP = (
    "Of each story only the article that told it first, and every article that is in no story. Which came first is "
    "settled among all articles of the collections, before any other filter: a story whose first article the other "
    "filters leave out is not counted."
)

OF_PAGES = frozenset(
    {*"abcd", *(f"{slot}_name" for slot in "abcd"), "path", "sort", "form", "page", "rows", "columns", "since"}
    | {"session", "step", "item", "as", "outages", "tab", "days", PROFILE}
)
"""What a link can say beside filters and the options of cards: the profile that the corpus was read by, the open tab,
the days of the briefing, and what pages that are no cards show."""

EMPTY: dict[str, Any] = {"labels": [], "flag": False, "words": ""}
"""What a widget of a kind holds when nothing is chosen; None for the others."""


_CHANGED = "filters-changed"


def show() -> None:
    """Draw the filters; the first time in a session, note which filters of the link are invalid."""
    st.session_state.pop(_CHANGED, None)
    if "link_refused" not in st.session_state:
        _spell_labels_as_the_corpus()
        st.session_state["link_refused"] = _refused()
        _drop_unreadable_numbers()
    with st.sidebar:
        st.header("Filters")
        _dates()
        if several := len(answers.collection_sizes()) > 1:
            _collections()
        _many("Topics", "topic")
        _many("Providers", "provider")
        st.pills("State", STATES, selection_mode="multi", key="state", bind="query-params")
        _scores("Quality", "quality")
        st.toggle("Count a story once", key="first_of_story", bind="query-params", help=FIRST_OF_STORY_HELP)
        with st.expander("More filters", expanded=_more_in_use()):
            _more()
            if not several:
                _collections()
        st.button(
            "Clear all filters",
            on_click=clear,
            icon=":material/filter_alt_off:",
            disabled=not (current_as_chosen().text or notices()),
        )
        excel_toggle()
        st.caption(_about())
        _stale()


def _spell_labels_as_the_corpus() -> None:
    """Write labels in the link as the corpus spells them, whatever their case, and begin anew."""
    changed = False
    pairs = _link_pairs()
    for name in dict(unknown_labels(pairs)).keys() & {*_LABELS}:
        given = st.query_params.get_all(name)
        if name == "collection":
            spelled = collections_as_known(given, _collection_names(pairs))
        else:
            known, reading = answers.labels(LABEL_KEYS[name]), answers.corpus().profile.reading
            each = [
                distinct_in_known_spelling([label], known) for label in reading.current_labels(LABEL_KEYS[name], given)
            ]
            # where all are asked for, no article has to have every spelling
            everyone = BY_PARAMETER[name].match == "all"
            spelled = list(dict.fromkeys(label for found in each for label in (found[:1] if everyone else found)))
        if spelled != given:
            st.query_params[name], changed = spelled, True
    if changed:
        st.rerun()


def _drop_unreadable_numbers() -> None:
    """Take numbers out of the link that are none, and begin anew: a widget ends with an error on `inf`."""
    numbers = [field.parameter for field in FILTER_FIELDS if field.kind == "number"]
    bad = [name for name in numbers if name in st.query_params and from_valid_pairs([(name, st.query_params[name])])[1]]
    for name in bad:
        del st.query_params[name]
    if bad:
        st.rerun()


def current() -> Selection:
    """The selection in the widgets, with the default collections where none is chosen."""
    return answers.with_default_collections(current_as_chosen())


def current_as_chosen() -> Selection:
    """The selection in the widgets, exactly as chosen; a filter that contradicts an earlier one is left out."""
    return from_valid_pairs(_pairs())[0]


def notices() -> list[str]:
    """Notices about the filters: those of the link that are invalid, and those that contradict each other."""
    return [*st.session_state.get("link_refused", []), *from_valid_pairs(_pairs())[1]]


def draw_notices() -> None:
    """Draw the notices about the filters."""
    for notice in notices():
        st.warning(escaped(notice), icon=":material/link_off:")


def size_and_filters_text(selection: Selection) -> str:
    """Markdown: number of articles in a selection and in all, the selection in words, and collections left out."""
    shown, all_of_them = answers.selected_and_all_counts(selection)
    others = answers.left_out_collections_text(selection)
    left_out = f"; {escaped(others)}" if others else ""
    return f"{shown:,} of {count_text(all_of_them, 'article')}: {escaped(selection.in_words())}{left_out}"


def _all_collections_button(selection: Selection) -> None:
    """Draw the button that shows the collections which a selection leaves out, where it leaves some out."""
    if answers.left_out_collections_text(selection):
        st.button(
            "Show all collections",
            on_click=take_all_collections,
            key="all-collections",
            type="tertiary",
            icon=":material/folder_open:",
        )


def take_all_collections() -> None:
    """Callback: choose the articles of all collections."""
    st.session_state[_CHANGED] = True
    st.session_state["collection"] = [ALL_COLLECTIONS]


def rerun_when_changed() -> None:
    """Rerun the whole page, from within a fragment, when a callback of the fragment has changed the filters."""
    if st.session_state.pop(_CHANGED, False):
        st.rerun(scope="app")


def clear() -> None:
    """Clear all filters."""
    st.session_state[_CHANGED] = True
    for field in FILTER_FIELDS:
        st.session_state[field.parameter] = EMPTY.get(field.kind)
    st.session_state["link_refused"] = []


def set_filters(selection: Selection) -> None:
    """Set the filters to those of a selection, and clear all others."""
    st.session_state[_CHANGED] = True
    for field in FILTER_FIELDS:
        value = getattr(selection, field.attribute)
        st.session_state[field.parameter] = list(value) if isinstance(value, tuple) else value


def add(parameter: str, value: str) -> None:
    """Add a value to a filter that can have several."""
    held = st.session_state[parameter]
    if parameter == "collection":
        held = [name for name in current().collections if name != ALL_COLLECTIONS]
    st.session_state[parameter] = [*held, value]


def remove(parameter: str, value: str) -> None:
    """Clear a filter, or remove one value of a filter that has several."""
    field = BY_PARAMETER[parameter]
    if parameter == "collection" and value != ALL_COLLECTIONS and _counting():
        left = [item for item in current().collections if item != value]
        st.session_state[parameter] = left or [ALL_COLLECTIONS]  # without any, those that count would come back
    elif field.kind == "labels":
        st.session_state[parameter] = [item for item in st.session_state[parameter] if item != value]
    else:
        st.session_state[parameter] = EMPTY.get(field.kind)


def take_preset(name: str) -> None:
    """Choose the dates of a preset, and what it compares them with."""
    st.session_state["from"], st.session_state["to"] = preset_days(
        name, answers.data(Selection(collections=current().collections))
    )
    st.session_state["compare"] = PRESETS[name][1]


def _pairs() -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for field in FILTER_FIELDS:
        value = st.session_state.get(field.parameter)
        if isinstance(value, list | tuple):
            pairs.extend((field.parameter, str(item)) for item in value)
        elif value not in (None, False, ""):
            pairs.append((field.parameter, "true" if value is True else str(value)))
    return pairs


def _dates() -> None:
    with st.container(horizontal=True, gap="small"):
        for name in PRESETS:
            st.button(name, on_click=take_preset, args=(name,), key=f"preset-{name}", type="tertiary")
    for label, parameter in (("From", "from"), ("To", "to")):
        _day(label, parameter)
    st.selectbox(
        "Compare with",
        COMPARISONS,
        index=None,
        key="compare",
        bind="query-params",
        placeholder="nothing",
        help="previous: the period before, whole months before whole months; year: the same period a year before",
    )


def _day(label: str, parameter: str, about: str | None = None) -> None:
    st.date_input(
        label,
        value=None,
        min_value=EARLIEST,
        max_value=LATEST,
        key=parameter,
        bind="query-params",
        format="YYYY-MM-DD",
        help=about,
    )


def _more() -> None:
    for label, parameter in (
        ("Words, all of them", "words"),
        ("Words, one at least", "words_any"),
        ("Words, none of them", "words_none"),
    ):
        st.text_input(label, key=parameter, bind="query-params", max_chars=WORDS_MAX, help=WORDS_HELP)
    _many("All of these topics", "topic_all")
    _many("None of these topics", "topic_none")
    _many("Topics beside these", "topic_beside")
    st.toggle("Topics with their sub-topics", key="subtopics", bind="query-params")
    _many("None of these providers", "provider_none")
    _many("Types", "type")
    st.pills("Heat state", HEAT_STATES, selection_mode="multi", key="heat_state", bind="query-params")
    _scores("Heat", "heat")
    _scores("Heat lift", "lift")
    _choices("Weekdays", "weekday")
    _choices("Hours", "hour")
    _scores("Days to file", "lag")
    _choices("With a", "has")
    _choices("Without a", "lacks")
    _choices("Problems", "problem", tuple(answers.problem_codes_found()))
    st.pills("Severity", SEVERITIES, selection_mode="multi", key="severity", bind="query-params")
    _day("As the corpus was on", "as_of", "Every page as it was at the end of this day, from the corpus's git history")


def _more_in_use() -> bool:
    usual = {
        *("from", "to", "compare", "collection", "topic", "provider", "state", "quality_min", "quality_max"),
        "first_of_story",
    }
    return any(
        name not in usual for name in [*st.query_params, *(name for name, _ in _pairs())] if name in BY_PARAMETER
    )


def _many(label: str, parameter: str) -> None:
    options = answers.labels(LABEL_KEYS[parameter])
    st.multiselect(label, options, key=parameter, bind="query-params", placeholder=f"{len(options):,} to choose from")


def _collections() -> None:
    # on the first run the widget of `as_of` is not there yet, and what it will hold stands in the link
    names, counting = _collection_names(_pairs() if "as_of" in st.session_state else _link_pairs()), _counting()
    st.multiselect(
        "Collections",
        names,  # a bound widget writes what it shows into the link: no name but the collection's own
        key="collection",
        bind="query-params",
        placeholder=", ".join(counting) if counting else f"{len(names) - 1:,} to choose from",
        help="Folders of the corpus. Without a choice, those whose articles have a quality score or a published flag.",
    )


def _choices(label: str, parameter: str, choices: tuple[str, ...] = ()) -> None:
    options = choices or BY_PARAMETER[parameter].choices
    st.multiselect(label, options, key=parameter, bind="query-params", placeholder="any")


def _scores(label: str, name: str) -> None:
    low, high = BY_PARAMETER[f"{name}_min"].bounds
    for place, text, end in zip(st.columns(2), (f"{label} from", f"{label} to"), ("min", "max"), strict=True):
        place.number_input(
            text,
            value=None,
            min_value=low,
            max_value=high,
            step=1,
            key=f"{name}_{end}",
            bind="query-params",
            placeholder="any",
        )


def _counting() -> tuple[str, ...]:
    """The default collections, which apply where none is chosen; empty where those are all."""
    return answers.with_default_collections(Selection(as_of=current_as_chosen().as_of)).collections


def _collection_names(pairs: Pairs) -> list[str]:
    """The choices of the collection filter: all, and those that the corpus has, or had on the day `as_of`."""
    as_of = from_valid_pairs([pair for pair in pairs if pair[0] == "as_of"])[0].as_of
    then = answers.collection_sizes(as_of) if as_of is not None else {}
    return list(dict.fromkeys([ALL_COLLECTIONS, *answers.collection_sizes(), *then]))


def unknown_labels(pairs: Pairs) -> list[tuple[str, str]]:
    """The pairs whose label, collection or problem code the corpus does not have."""
    known = {parameter: set(answers.labels(key)) for parameter, key in LABEL_KEYS.items()}
    known["problem"] = set(answers.problem_codes_found())
    known["collection"] = {*_collection_names(pairs)}
    return [(name, value) for name, value in pairs if value not in known.get(name, {value})]


def unknown_label_notices(pairs: Pairs) -> list[str]:
    """A sentence for each pair whose label the corpus does not have."""
    return [f"{name}={value}: the corpus has none." for name, value in unknown_labels(pairs)]


def _refused() -> list[str]:
    """A sentence for each filter or option of the link that is invalid, or whose label the corpus does not have."""
    views: dict[str, ViewOf[Any]] = {**VIEWS, **COMPARED}
    options = {f"{slug}-{option.name}": option for slug, view in views.items() for option in view.options}
    pairs, refused = [], []
    for name in st.query_params:
        for value in () if name in OF_PAGES else st.query_params.get_all(name):
            if name not in options:
                pairs.append((name, value))
            elif value not in map(str, options[name].choices):
                refused.append(f"{name}={value}: there is no such choice.")
    _, bad = from_valid_pairs(pairs)
    return [*refused, *bad, *unknown_label_notices(pairs), *_read_otherwise()]


def _read_otherwise() -> list[str]:
    """A sentence, in a list, when the link was made with another profile of the corpus."""
    then, now = st.query_params.get(PROFILE), answers.corpus().profile
    if not then or then == now.mark:
        return []
    read_by = f"is read by {now.in_words}" if now.mark else "has none"
    return [
        f"The link was made when the corpus was read by another profile ({then}); now it {read_by}: counts can differ."
    ]


def _about() -> str:
    loaded = answers.corpus()
    lost = loaded.problems.loc[loaded.problems["severity"] == "error", "path"].nunique()
    read_by = f" Read by {escaped(loaded.profile.in_words)}." if loaded.profile.in_words else ""
    return (
        f"**{escaped(answers.corpus_name())}**: {count_text(len(loaded.articles), 'article')}, "
        f"{count_text(loaded.skipped, 'file')} without front matter, {count_text(lost, 'file')} with errors. "
        f"All times are UTC.{read_by}"
    )


@st.fragment(run_every="30s")
def _stale() -> None:
    now = answers.reload_in_background_if_changed()
    if now.away:
        st.info(escaped(f"{now.away} What was loaded before is shown."), icon=":material/cloud_off:")
    if now.changed:
        st.info("The corpus has changed on the disk: the next page shows it.", icon=":material/sync:")
        if st.button("Show it now", key="reload", on_click=answers.wait_for_new_corpus, type="tertiary"):
            st.rerun()


_ORDER = "chips-order"


def chips_and_link(selection: Selection) -> None:
    """Draw a chip for each filter of the selection, which a click removes, and the link to this page."""
    had = st.session_state.get(_ORDER, [])
    pairs = selection.pairs()
    st.session_state[_ORDER] = [pair for pair in had if pair in pairs] + [pair for pair in pairs if pair not in had]
    with st.container(horizontal=True, gap="small"):
        for parameter, value in pairs:
            st.button(
                escaped(f"{parameter}: {value}"),
                key=f"chip-{parameter}-{value}",
                on_click=remove,
                args=(parameter, value),
                icon=":material/close:",
                help="Take this filter back",
            )
        _all_collections_button(selection)
        _link_popover()


@st.fragment
def _link_popover() -> None:
    """Draw the popover with the link to this page; written when it is opened, since cards change without the page."""
    popover = st.popover("Link", icon=":material/link:", key="link", on_change="rerun")
    if popover.open:
        with popover:
            st.caption("This link opens the same page with the same filters and options.")
            st.code(_link(), language=None, wrap_lines=True)


def last_added_filter() -> tuple[str, str]:
    """Parameter and value of the filter that was added last; call it after `chips`, with a filter set."""
    parameter, value = st.session_state[_ORDER][-1]
    return parameter, value


def _link_pairs() -> list[tuple[str, str]]:
    return [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]


def _link() -> str:
    params = [pair for pair in _link_pairs() if pair[0] != PROFILE]
    if mark := answers.corpus().profile.mark:
        params.append((PROFILE, mark))
    if "collection" not in st.query_params:
        params += [("collection", name) for name in current().collections]
    return f"{st.context.url or ''}?{urlencode(params)}"
