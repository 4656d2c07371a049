"""An article on the agenda: what it is, why it is there, and all that is known of it."""

import pandas as pd
import streamlit as st

from analytics.app import answers, links, review_store
from analytics.app.article_page import context, in_short, single
from analytics.app.escaping import plain, web_link
from analytics.reviews.models import Candidate, Item, Session

ALL = "review-context"


def article(session: Session, item: Item, total: int) -> None:
    """Draw the head of an item, and its context when the reader asks for it."""
    path = review_store.paths(session.number, answers.corpus()).get(item.number)
    found = single(path) if path else None
    row = found.article.iloc[0] if found is not None and not found.article.empty else None
    candidate = item.candidate
    added = " · added later" if item.added else ""
    with st.container(key="review-article"):
        st.caption(f"Article {item.position:,} of {total:,}{added}")
        st.header(plain(_title(candidate, row)), anchor=False)
        if row is None:
            _gone(candidate)
        else:
            in_short(row)
            _scores(candidate, row)
        st.markdown("**Why it is here**")
        st.markdown("\n".join(f"- {plain(reason.why or reason.name)}" for reason in candidate.reasons))
        if found is not None and row is not None:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button("All that is known", key="review-all-known", on_click=_turn, shortcut="A", type="tertiary")
                links.article_link("Open its own page", found.path)
            if st.session_state.get(ALL):
                context(found)


def _title(candidate: Candidate, row: pd.Series | None) -> str:
    title = candidate.title if row is None or pd.isna(row["title"]) else row["title"]
    return str(title or candidate.path)


def _scores(candidate: Candidate, row: pd.Series) -> None:
    """The scores of now, and those of when the agenda was made where they were others."""
    with st.container(horizontal=True, gap="small"):
        for name, was in (("quality", candidate.quality), ("heat", candidate.heat)):
            now = None if pd.isna(row[name]) else int(row[name])
            before = "" if now == was else f" (was {_said(was)})"
            st.markdown(f":blue-badge[{name} {_said(now)}{before}]", width="content")


def _said(score: int | None) -> str:
    return "missing" if score is None else "unranked" if score == -1 else str(score)


def _gone(candidate: Candidate) -> None:
    facts = [candidate.provider or "no provider", f"quality {_said(candidate.quality)}", candidate.path]
    st.markdown(" · ".join(filter(None, [*map(plain, facts), web_link("web address", candidate.url)])))
    st.warning("The article is not in the corpus any more. What was judged of it is kept.", icon=":material/block:")


def _turn() -> None:
    st.session_state[ALL] = not st.session_state.get(ALL, False)
