"""The Briefing page: what changed, what to decide, what is hot, and which providers to talk about."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pandas as pd
import streamlit as st

from analytics.analyses.common.wording import count_text
from analytics.app import answers, sidebar
from analytics.app.cards import HINT, draw_cards, page_head
from analytics.app.escaping import escaped
from analytics.app.page_links import REVIEW, article_link, open_page, open_view
from analytics.app.review import new_session
from analytics.app.review.page_state import change_page_state
from analytics.catalog import VIEWS
from analytics.catalog.overview import PAGE
from analytics.engine.encoded import NONE
from analytics.reports.briefing.briefing import Briefing, ToDecide
from analytics.reports.briefing.claims import Claim
from analytics.reports.briefing.html import briefing_html
from analytics.selection.fields import LENGTHS, Length
from analytics.selection.selection import Selection
from analytics.statistics.change_test import UP

DAYS = "days"
"""The parameter that says how many of the newest days the briefing is about, and its widget."""

AUTOMATIC = "automatic"

OF_DAYS, OF_ALL = "key_figures", ("quality_over_time", "articles_over_time")
"""Views below the briefing: that about its days, and those about all days of the selection."""


STYLE = """<style>
.st-key-briefing-hot [data-testid="stPageLink-NavLink"] { padding-left: 0; }
.st-key-briefing-hot [data-testid="stPageLink-NavLink"] * { white-space: normal; }
[class*="st-key-briefing-"] [data-testid="stBaseButton-tertiary"] { text-align: left; min-height: 1.75rem; }
[class*="st-key-briefing-"] [data-testid="stBaseButton-tertiary"] * { white-space: normal; }
</style>"""
"""Headlines and claims are shown whole, over several lines where they need them."""


def show() -> None:
    """Draw the page."""
    selection = sidebar.current()
    shown = page_head(PAGE, selection)
    if not shown:
        return
    st.html(STYLE)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        length = _length(selection)
        found = answers.briefing(selection, length)
        _one_page(found)
    left, right = st.columns(2)
    with left:
        _what_changed(found)
        _providers(found)
    with right:
        _to_decide(found)
        _hot(found)
    st.caption(HINT)
    draw_cards([VIEWS[OF_DAYS]], found.selection, article_count=shown)
    for place, slug in zip(st.columns(len(OF_ALL)), OF_ALL, strict=True):
        with place:
            draw_cards([VIEWS[slug]], selection, article_count=shown)


def _length(selection: Selection) -> Length | None:
    """The length that the reader chose; None for Automatic, and where the filters set the dates."""
    if selection.start or selection.end:
        return None
    chosen = st.segmented_control(
        "The newest",
        (AUTOMATIC, *LENGTHS),
        default=AUTOMATIC,
        required=True,
        key=DAYS,
        bind="query-params",
        help="Automatic: the shortest of them with at least 100 articles, also in the days that it is compared with.",
    )
    return next((length for length in LENGTHS if length == chosen), None)


def _one_page(found: Briefing) -> None:
    st.download_button(
        "One page",
        partial(_as_html, found),
        file_name=f"briefing {found.days}.html",
        mime="text/html",
        on_click="ignore",
        icon=":material/description:",
        key="briefing-page",
        help="The briefing as a file of one page, to print or send round",
    )


def _as_html(found: Briefing) -> str:
    corpus = answers.corpus()
    return briefing_html(found, corpus.name_and_profile, corpus.today)


@contextmanager
def _block(title: str, name: str) -> Iterator[None]:
    with st.container(border=True, key=f"briefing-{name}", gap="xxsmall"):
        st.subheader(title, anchor=False)
        yield


def _what_changed(found: Briefing) -> None:
    with _block("What changed", "changed"):
        st.markdown(f"**{escaped(found.days)}**: {count_text(found.n, 'article')}")
        if not found.compared:
            st.markdown(escaped(found.no_comparison_reason))
        for number, compared in enumerate(found.compared):
            st.markdown(f"**Against {escaped(compared.days)}** ({count_text(compared.n, 'article')})")
            against = _selection(found, compared.how)
            for place, claim in enumerate(compared.claims):
                _claim(claim, against, f"{number}-{place}")
            st.caption("  \n".join(map(escaped, compared.unchanged)))


def _claim(claim: Claim, selection: Selection, key: str) -> None:
    view = VIEWS[claim.view]
    st.button(
        f"**{escaped(claim.text)}**",
        on_click=open_view,
        args=(view, selection),
        key=f"briefing-claim-{key}",
        type="tertiary",
        icon=":material/trending_up:" if claim.outcome == UP else ":material/trending_down:",
        help=f"Show it: {view.title}",
    )
    st.caption(escaped(claim.evidence))


def _to_decide(found: Briefing) -> None:
    with _block("To decide", "decide"):
        if not found.to_decide:
            st.markdown("Nothing of these days waits for a decision.")
        selection = found.selection.without("compare")
        for number, each in enumerate(found.to_decide):
            view = VIEWS[each.view]
            what, review = st.columns([4, 1], vertical_alignment="center")
            what.button(
                f"**{each.n:,}** {escaped(each.text)}",
                on_click=open_view,
                args=(view, selection),
                key=f"briefing-decide-{number}",
                type="tertiary",
                help=f"Show them: {view.title}",
            )
            review.button("Review", on_click=_review, args=(each, selection), key=f"briefing-review-{number}")
        if found.decisions_note:
            st.caption(escaped(found.decisions_note))


def _review(each: ToDecide, selection: Selection) -> None:
    """Callback: begin a session with these articles."""
    st.session_state[new_session.HOW] = new_session.PICKED
    st.session_state[new_session.PICKS] = each.paths
    st.session_state[new_session.TITLE] = f"{each.n:,} {each.text}"[:200]
    change_page_state(session=None, item=None, step="build")
    open_page(REVIEW, selection)


def _hot(found: Briefing) -> None:
    with _block("Hot now", "hot"):
        for _, row in found.hot.iterrows():
            article_link(
                escaped(str(row["path"] if pd.isna(row["title"]) else row["title"])), str(row["path"]), icon=""
            )
            outlet = "" if row["provider"] == NONE else f"{row['provider']}, "
            st.caption(escaped(f"{row['lift']:+d} above its quality; {outlet}{row['state']}"))
        st.caption(escaped(found.heat_note))


def _providers(found: Briefing) -> None:
    if not found.providers:
        return
    with _block("Providers to talk about", "providers"):
        st.markdown("  \n".join(f"**{escaped(what)}**: {escaped(names)}" for what, names in found.providers.items()))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "All providers",
                on_click=open_view,
                args=(VIEWS["provider_triage"], _selection(found, None).without("from")),
                key="briefing-providers-open",
                type="tertiary",
                icon=":material/arrow_forward:",
            )
            st.caption(escaped(found.provider_days_text))


def _selection(found: Briefing, how: str | None) -> Selection:
    """The selection of the briefing, compared `how` its period was; without a comparison for None."""
    return found.selection.without("compare").narrowed([("compare", how)] if how else []) or found.selection
