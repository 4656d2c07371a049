"""The Review page: the list of sessions, and the steps of one session."""

from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import streamlit as st

from analytics.analyses.common.wording import count_text
from analytics.app import answers, page_links, review_store, sidebar
from analytics.app.action_messages import show_kept_message
from analytics.app.cards import card
from analytics.app.csv_downloads import for_excel
from analytics.app.escaping import escaped, escaped_bidi
from analytics.app.review import judge, new_session, settle
from analytics.app.review.page_state import PageState, change_page_state, known_reader_name, page_state
from analytics.app.review.progress import rerun_on_change
from analytics.catalog import VIEWS
from analytics.catalog.review import PAGE
from analytics.errors import ReviewError
from analytics.reports.minutes import selection_in_words
from analytics.reports.minutes_files import MinutesFormat, MinutesOptions, minutes_bytes
from analytics.reviews.models import Session, State
from analytics.reviews.session_record import SessionRecord, with_matched_tables
from analytics.selection.selection import Selection

STEPS = {"judge": "Judge", "settle": "Settle", "results": "Results"}
"""The steps of a session, and their labels."""

STEP_OF_STATE: dict[State, str] = {"judging": "judge", "settling": "settle", "closed": "results"}
"""The step in which a session of a state opens."""

COLOURS: dict[State, str] = {"judging": "blue", "settling": "orange", "closed": "gray"}
"""The colour of the badge of a state."""

STYLE = """<style>
:is([data-testid="stLayoutWrapper"], [data-testid="stElementContainer"]):has(> .st-key-review-bar) {
  position: sticky; bottom: 0; z-index: 5;
}
.st-key-review-bar {
  background: Canvas; border-top: 1px solid color-mix(in srgb, CanvasText 15%, transparent);
  padding: 0.5rem 0 0.25rem; gap: 0.5rem;
}
.st-key-review-verdicts button { min-height: 3rem; }
.st-key-review-article [data-testid="stPageLink-NavLink"] { padding: 0; }
@media (max-width: 640px) {
  .st-key-review-bar { padding-bottom: 0.75rem; }
  .st-key-review-verdicts button { min-height: 3.25rem; padding: 0.25rem; }
  .st-key-review-head button { padding: 0.25rem 0.6rem; }
  [class*="st-key-review-write-"], .st-key-review-keys { display: none; }
  .st-key-review-bar kbd { display: none; }
}
</style>"""
"""The verdicts stay in reach of a thumb while one scrolls; hints at keys are hidden on phones."""


def show() -> None:
    """Draw the page."""
    state = page_state()
    store = review_store.store()
    for notice in sidebar.notices():
        st.warning(escaped(notice), icon=":material/link_off:")
    if state.session is None:
        st.title(page_links.REVIEW)
        show_kept_message("review")
        (new_session.show if state.step == "build" else _session_list)()
        return
    try:
        session = store.session(state.session)
    except ReviewError as error:
        st.title(page_links.REVIEW)
        show_kept_message("review")
        st.warning(escaped(str(error)), icon=":material/link_off:")
        st.button("Try again", key="review-read-again")
        _session_list()
        return
    _session_step(session, state)


def _session_step(session: Session, state: PageState) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="review-head"):
        st.button(
            "All sessions",
            on_click=change_page_state,
            kwargs={"session": None, "step": None, "item": None},
            key="review-all",
            type="tertiary",
            icon=":material/arrow_back:",
        )
        for step, label in STEPS.items():
            st.button(
                label,
                on_click=change_page_state,
                kwargs={"step": step, "item": None},
                key=f"review-step-{step}",
                type="primary" if step == state.step else "secondary",
            )
    st.title(escaped(session.title), anchor=False)
    show_kept_message("review")
    st.html(STYLE)
    if state.step == "results":
        _results(session)
    elif state.step == "settle":
        settle.show(session, state)
    else:
        judge.show(session, state)


def _session_list() -> None:
    st.markdown(
        "**Which articles need a human, and what did we decide?** A session proposes articles and says why; everybody "
        "judges alone, then the differences are settled together."
    )
    st.button(
        "New session",
        on_click=change_page_state,
        kwargs={"step": "build"},
        key="review-new",
        type="primary",
        icon=":material/add:",
    )
    sessions = review_store.store().sessions()
    if not sessions:
        st.info("There is no session yet.", icon=":material/rate_review:")
    for session in sessions:
        with st.container(border=True, key=f"review-session-{session.number}"):
            _session_row(session)


def _session_row(session: Session) -> None:
    record = review_store.session_record(session.number)
    people = ", ".join(f"{escaped_bidi(each.person)} {each.judged:,} of {each.total:,}" for each in record.participants)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escaped(session.title)}** :{COLOURS[session.state]}-badge[{session.state}]", width="stretch")
        st.button(
            "Open",
            on_click=change_page_state,
            kwargs={"session": session.number, "step": STEP_OF_STATE[session.state], "item": None},
            key=f"review-open-{session.number}",
            type="primary" if session.state != "closed" else "secondary",
        )
    st.caption(
        f"{session.made_at:%-d %b %Y %H:%M} UTC by {escaped_bidi(session.made_by)} · "
        f"{count_text(len(record.items), 'article')}, {record.status_counts['settled']:,} settled · "
        f"judged: {people or 'nobody yet'} · from {escaped(selection_in_words(session))}"
    )


def _results(session: Session) -> None:
    """What was decided, the minutes, and the cards about all sessions."""
    rerun_on_change(session, review_store.store().stamp(session.number))
    record = review_store.session_record(session.number)
    reader = known_reader_name()
    to_judge = review_store.unseen_items(session, reader)
    st.markdown(
        f"**{record.status_counts['settled']:,}** of {count_text(len(record.items), 'article')} settled, "
        f"{count_text(record.status_counts['another look'], 'needs', 'need')} another look. "
        f"From {escaped(selection_in_words(session))}."
    )
    st.header("Minutes", anchor="minutes")
    if session.state == "judging":
        st.info("The minutes hold everybody's verdicts: they can be taken away when those are shown, at settling.")
    elif to_judge:
        n = count_text(len(to_judge), "article")
        st.info(
            f"The minutes hold scores and verdicts of {n} of the random control sample without a verdict of yours: "
            "they can be taken away when you have judged all of these, or when the session is closed.",
            icon=":material/visibility_off:",
        )
    else:
        _downloads(record_with_current_paths(session))
    st.header("What it teaches", anchor="teaches")
    left_out = "those that are still being judged are left out"
    if review_store.unseen_items_while_settling(reader):
        left_out += ", and of those being settled the articles of the control sample without a verdict of yours"
    st.caption(f"Over all sessions whose verdicts are shown; {left_out}. The filters on the left do not act here.")
    for view in VIEWS.values():
        if view.page == PAGE:
            card(view, Selection())


def record_with_current_paths(session: Session) -> SessionRecord:
    """The record of a session with the paths of the corpus that is open."""
    return with_matched_tables(review_store.session_record(session.number), answers.corpus())


class DownloadButton(NamedTuple):
    """A download button: its label, the end of the file name, and the media type."""

    label: str
    ending: str
    mime: str


DOWNLOADS: dict[MinutesFormat, DownloadButton] = {
    "html": DownloadButton("Minutes (HTML)", "minutes.html", "text/html"),
    "md": DownloadButton("Minutes (Markdown)", "minutes.md", "text/markdown"),
    "judgements": DownloadButton("Judgements (CSV)", "judgements.csv", "text/csv"),
    "decisions": DownloadButton("Decisions (CSV)", "decisions.csv", "text/csv"),
    "changes": DownloadButton("Proposed changes (CSV)", "proposed_changes.csv", "text/csv"),
    "zip": DownloadButton("All of it (zip)", "minutes.zip", "application/zip"),
}


def _downloads(record: SessionRecord) -> None:
    with st.container(horizontal=True, gap="small"):
        for format_, download in DOWNLOADS.items():
            st.download_button(
                download.label,
                partial(_download_bytes, record, format_, excel=for_excel()),
                file_name=f"review-{record.session.number}-{download.ending}",
                mime=download.mime,
                on_click="ignore",
                icon=":material/download:",
                key=f"minutes-{format_}",
            )
    st.caption("Proposed changes: path, field, from and to, for a script to apply. The corpus itself is never written.")


def _download_bytes(record: SessionRecord, format_: MinutesFormat, *, excel: bool) -> bytes:
    return minutes_bytes(record, format_, MinutesOptions(datetime.now(UTC).date(), excel=excel))
