"""An item of an agenda: its article and why it is there, and the opinions and decisions about it in words."""

from collections.abc import Collection

import pandas as pd
import streamlit as st

from analytics.analyses.article import related_stories_as_copied
from analytics.app import answers, page_links, review_store
from analytics.app.article_page import article_detail, draw_details, draw_summary, near_duplicates_found
from analytics.app.escaping import escaped, escaped_bidi, web_link
from analytics.app.review.blind_judging import UNSEEN_TEXT, reason_text
from analytics.reviews.models import Candidate, Decision, Item, Opinion, Session

CONTEXT = "review-context"
"""Whether the reader wants to see all that is known of an article."""

CONTEXT_UNSEEN_TEXT = (
    "All that is known of it tells scores of its related or like articles. One of these is part of the random control "
    "sample: judge that one first."
)


def agenda_item(session: Session, item: Item, unseen: Collection[int]) -> None:
    """Draw the article of an item and the reasons for it; with all its context when the reader wants that.

    Of `unseen` items (`review_store.unseen_items`), this one or one that it leads to, score, state and reasons are not
    told.
    """
    items, paths = review_store.items(session.number), review_store.article_paths(session.number, answers.corpus())
    path = paths.get(item.number)
    found = article_detail(path) if path else None
    row = found.article.iloc[0] if found is not None and not found.article.empty else None
    candidate = item.candidate
    added = " · added later" if item.added else ""
    title = candidate.title if row is None or pd.isna(row["title"]) else row["title"]
    with st.container(key="review-article"):
        st.caption(f"Article {item.position:,} of {len(items):,}{added}")
        st.header(escaped(str(title or candidate.path)), anchor=False)
        if row is None:
            _missing_article(candidate, unseen=item.number in unseen)
        else:
            draw_summary(row, state=item.number not in unseen)
        if item.number in unseen:
            st.info(UNSEEN_TEXT, icon=":material/visibility_off:")
            return
        if row is not None:
            _scores(candidate, row)
        st.markdown("**Why it is here**")
        others = [each.candidate for each in items if each.number in unseen]
        unseen_paths = {paths[number] for number in unseen}
        related_unseen = found is not None and not unseen_paths.isdisjoint(related_stories_as_copied(found)["path"])
        texts = [reason_text(reason, others, related_unseen=related_unseen) for reason in candidate.reasons]
        st.markdown("\n".join(f"- {escaped(text)}" for text in texts))
        if found is not None and row is not None:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    "All that is known", key="review-all-known", on_click=_toggle_context, shortcut="A", type="tertiary"
                )
                page_links.article_link("Open its own page", found.path)
            if st.session_state.get(CONTEXT):
                if related_unseen or not unseen_paths.isdisjoint(near_duplicates_found(found.path)["path"]):
                    st.info(CONTEXT_UNSEEN_TEXT, icon=":material/visibility_off:")
                else:
                    draw_details(found)


def opinion_text(opinion: Opinion) -> str:
    """An opinion in one line of Markdown: verdict, quality, reasons and note."""
    parts = [f"**{escaped(opinion.verdict)}**" if opinion.verdict else "skipped"]
    if opinion.quality is not None:
        parts.append(f"quality {opinion.quality:d}")
    parts += [escaped(reason) for reason in opinion.reasons]
    return ", ".join(parts) + (f" — {escaped_bidi(opinion.note)}" if opinion.note else "")


def decision_text(decision: Decision) -> str:
    """A decision in one line of Markdown: verdict, quality, time, people and note."""
    settlement = decision.settlement
    parts = [f"**{escaped(settlement.verdict)}**" if settlement.verdict else settlement.outcome]
    if settlement.outcome == "another look":
        parts.append("needs another look")
    if settlement.quality is not None:
        parts.append(f"quality {settlement.quality:d}")
    present = f", with {', '.join(map(escaped_bidi, settlement.present))}" if settlement.present else ""
    note = f" — {escaped_bidi(settlement.note)}" if settlement.note else ""
    return f"{', '.join(parts)} ({decision.at:%-d %b %Y %H:%M} UTC by {escaped_bidi(decision.by)}{present}){note}"


def _scores(candidate: Candidate, row: pd.Series) -> None:
    """The current scores, and those of when the agenda was made where they differ."""
    with st.container(horizontal=True, gap="small"):
        for name, recorded in (("quality", candidate.quality), ("heat", candidate.heat)):
            current = None if pd.isna(row[name]) else int(row[name])
            before = "" if current == recorded else f" (was {_score_text(recorded)})"
            st.markdown(f":blue-badge[{name} {_score_text(current)}{before}]", width="content")


def _score_text(score: int | None) -> str:
    return "missing" if score is None else "unranked" if score == -1 else f"{score:d}"


def _missing_article(candidate: Candidate, *, unseen: bool) -> None:
    quality = "" if unseen else f"quality {_score_text(candidate.quality)}"
    facts = [candidate.provider or "no provider", quality, candidate.path]
    st.markdown(" · ".join(filter(None, [*map(escaped, facts), web_link("web address", candidate.url)])))
    st.warning("The article is not in the corpus any more. What was judged of it is kept.", icon=":material/block:")


def _toggle_context() -> None:
    st.session_state[CONTEXT] = not st.session_state.get(CONTEXT, False)
