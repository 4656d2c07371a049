"""The form of a new session: which articles are on its agenda, for which reasons, in how much time."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from analytics.analyses.common.wording import count_text
from analytics.app import answers, sidebar
from analytics.app.action_messages import attempt
from analytics.app.escaping import escaped
from analytics.app.page_queue import give_up_turn
from analytics.app.review.blind_judging import LISTED_TEXT, reason_text
from analytics.app.review.page_state import change_page_state, login_name, require_reader_name
from analytics.app.review_store import store
from analytics.engine.slice import Slice
from analytics.reviews.agenda import Agenda, AgendaSettings, handpicked, new_session, propose_agenda, whole_selection
from analytics.reviews.agenda_reasons import AGENDA_REASONS, WEIGHT_MAX
from analytics.reviews.models import Candidate
from analytics.reviews.review_rules import read_rules
from analytics.selection.selection import Selection

PROPOSED, ALL, PICKED = "Proposed by reasons", "All of the selection", "Picked by hand"
TITLE, HOW, MINUTES, SECONDS, CONTROL, SEED, PICKS = (
    f"build-{name}" for name in ("title", "how", "minutes", "seconds", "control", "seed", "picks")
)
PICKABLE = 2000
"""The number of articles that can be picked from; the filters narrow a larger selection."""

LARGE = 200
"""The number of articles above which an agenda gets a warning."""


def show() -> None:
    """Draw the form, the agenda that it makes, and the button that opens the session."""
    name = require_reader_name()
    selection = sidebar.current().filters
    shown, _ = answers.selected_and_all_counts(selection)
    st.button(
        "Back",
        on_click=change_page_state,
        kwargs={"step": None},
        key="build-back",
        type="tertiary",
        icon=":material/arrow_back:",
    )
    st.header("New session", anchor=False)
    st.caption(
        f"From {count_text(shown, 'article')}: {escaped(selection.in_words())}. The filters on the left narrow them."
    )
    if not shown:
        st.info("No article matches the filters.", icon=":material/search_off:")
        return
    st.text_input("Title", key=TITLE, max_chars=200, placeholder="the week's review", persist_state="session")
    how = st.segmented_control(
        "What goes on the agenda", (PROPOSED, ALL, PICKED), default=PROPOSED, required=True, key=HOW
    )
    _agenda_preview(selection, _agenda(selection, str(how)), name)


def _agenda(selection: Selection, how: str) -> Agenda:
    data = answers.data(selection)
    if how == ALL:
        return Agenda(whole_selection(data), data.n, {}, {})
    if how == PICKED:
        return Agenda(_picked(data), data.n, {}, {})
    settings = _agenda_settings()
    return _proposed_agenda((answers.corpus().cache_key, selection.text, repr(settings)), data, settings)


@st.cache_resource(show_spinner="Looking for articles that need a human…", max_entries=32)
def _proposed_agenda(key: tuple[str, ...], _data: Slice, _settings: AgendaSettings) -> Agenda:
    del key
    give_up_turn()
    return propose_agenda(_data, _settings)


def _agenda_settings() -> AgendaSettings:
    """Fields for the time, the control sample and the weights of the reasons."""
    with st.grid(4, min_column_width=150):
        minutes = st.number_input("Minutes", 5, 480, 30, 5, key=MINUTES, persist_state="session")
        seconds = st.number_input("Seconds an article", 10, 600, 60, 10, key=SECONDS, persist_state="session")
        control = st.number_input(
            "Control sample",
            0,
            200,
            6,
            1,
            key=CONTROL,
            persist_state="session",
            help="Articles drawn at random from the whole selection: only these can tell how often the score is right.",
        )
        seed = st.number_input(
            "Seed",
            0,
            9999,
            len(store().sessions()) + 1,
            1,
            key=SEED,
            persist_state="session",
            help="The same seed draws the same control sample.",
        )
    weights = {}
    with st.expander("Reasons, and how much each counts", expanded=True):
        st.caption(
            f"0 leaves a reason out; one of {WEIGHT_MAX} gets {WEIGHT_MAX} times the places of one of 1, as far as it "
            "has articles."
        )
        with st.grid(3, min_column_width=230):
            for reason in AGENDA_REASONS:
                weights[reason.name] = st.slider(
                    reason.label,
                    0,
                    WEIGHT_MAX,
                    reason.weight,
                    key=f"build-weight-{reason.name}",
                    help=reason.meaning,
                    persist_state="session",
                )
    return AgendaSettings(
        weights=weights, minutes=int(minutes), seconds_each=int(seconds), control=int(control), seed=int(seed)
    )


def _picked(data: Slice) -> tuple[Candidate, ...]:
    rows = data.rows("day", limit=PICKABLE)
    names = {
        str(path): f"{title if pd.notna(title) else path} · {provider if pd.notna(provider) else 'no provider'}"
        for path, title, provider in zip(rows["path"], rows["title"], rows["provider"], strict=True)
    }
    if data.n > PICKABLE:
        st.caption(f"The newest {PICKABLE:,} of {data.n:,} can be chosen from; the filters narrow them.")
    paths = st.multiselect("Articles", list(names), format_func=names.__getitem__, key=PICKS, persist_state="session")
    return handpicked(data, paths)


def _agenda_preview(selection: Selection, agenda: Agenda, name: str) -> None:
    candidates = agenda.candidates
    st.subheader(f"The agenda: {count_text(len(candidates), 'article')}", anchor=False)
    if agenda.found:
        labels = {reason.name: reason.label for reason in AGENDA_REASONS}
        st.caption(
            " · ".join(
                f"{escaped(labels[reason])}: {agenda.listed[reason]:,} of {n:,}"
                for reason, n in agenda.found.items()
                if n
            )
        )
    if len(candidates) > LARGE:
        st.warning(f"{len(candidates):,} articles are a lot for one session.", icon=":material/timer:")
    _agenda_table(candidates)
    st.button(
        "Open the session",
        on_click=_open_session,
        args=(selection, agenda, name),
        key="build-open",
        type="primary",
        disabled=not candidates,
        icon=":material/play_arrow:",
    )
    if not login_name():
        st.caption(f"It is opened by {escaped(name)}. The list is fixed then; what is added later is marked.")


def _agenda_table(candidates: Sequence[Candidate]) -> None:
    """The agenda as it will be judged: of the control sample nothing is told that its people must not know."""
    control = [each for each in candidates if each.control]
    rows = [
        {
            "Title": each.title or each.path,
            "Provider": each.provider or "",
            "Quality": None if each.control else each.quality,
            "Why it is here": LISTED_TEXT
            if each.control
            else "; ".join(reason_text(reason, control) for reason in each.reasons),
        }
        for each in candidates
    ]
    if rows:
        table = pd.DataFrame(rows).astype({"Quality": "Int64"})
        st.dataframe(table, hide_index=True, alt="The agenda: article, provider, quality and why it is there")


def _open_session(selection: Selection, agenda: Agenda, name: str) -> None:
    """Callback: store the session, and go to its first article."""
    state = st.session_state
    title = " ".join(str(state.get(TITLE) or "").split()) or f"Review of {datetime.now(UTC):%-d %b %Y}"
    made: list[int] = []

    def create() -> None:
        session = new_session(
            answers.data(selection),
            title=title,
            chosen_candidates=agenda.candidates,
            budget_minutes=int(state.get(MINUTES) or 30),
            seed=int(state.get(SEED) or 0),
            eligible=agenda.eligible,
            rules=read_rules(),
        )
        made.append(store().create(session, name))

    if attempt("review", create):
        for key in (TITLE, SEED):
            state.pop(key, None)
        change_page_state(session=made[0], step="judge", item=None)
