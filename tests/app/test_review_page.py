"""The Review page, run in Streamlit's own test harness on a real store."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.app import page_links, review_store
from analytics.app.review import page
from analytics.app.review.page_state import PERSON
from analytics.engine.slice import Slice
from analytics.reports.minutes_files import proposed_changes
from analytics.reviews.agenda import handpicked, new_session
from analytics.reviews.models import Candidate, NewSession, Opinion, Reason, Settlement
from analytics.reviews.store import database
from analytics.reviews.store.store import Store, open_store
from tests.app.harness import dashboard, run, switched
from tests.conftest import SAMPLE
from tests.corpora import real_corpus
from tests.reviews.conftest import schema_on
from tests.reviews.postgres import Server

HOSTILE = "=1+1 **bold** <b>x</b> [a](http://b.c) $x$ שלום 🚀"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store of its own, which the page opens too."""
    monkeypatch.setenv("ARTICLE_ANALYTICS_REVIEWS", f"sqlite:///{tmp_path / 'reviews.db'}")
    return open_store()


def candidates(names: Sequence[str]) -> tuple[Candidate, ...]:
    """Articles that are in no corpus."""
    return tuple(
        Candidate(
            f"_news/{name}.md",
            None,
            f"Title {name}",
            "Outlet",
            69,
            69,
            False,
            ("AI",),
            (Reason("near-miss", f"near {name}"),),
        )
        for name in names
    )


def session(store: Store, names: Sequence[str] = "abc") -> int:
    """A session with an item for each name."""
    return store.create(NewSession("The week", "", "sample", "f", None, 30, 1, 1195, candidates(names)), "Ana")


def opened_review(user: dict[str, str] | None = None, person: str = "", **query: str) -> AppTest:
    """The page, opened by a link by a logged-in user, or by somebody who chose to be a person, or did not yet."""
    at = dashboard("Review", **query)
    at.user = user or {}
    if person:
        at.session_state[PERSON] = person
    return run(at)


def said(at: AppTest) -> str:
    """All that stands on the page, without the signs that keep text from outside plain."""
    parts = [*at.main.title, *at.main.header, *at.main.markdown, *at.main.caption, *at.main.info, *at.main.success]
    return "\n".join(element.value for element in parts).replace("\\", "").replace("\u2060", "")


def press(at: AppTest, label: str) -> AppTest:
    """Press the first button of a label."""
    found = next(button for button in at.main.button if button.label.replace("\\", "") == label)
    at = found.click().run()
    assert not at.exception
    return at


@pytest.mark.slow
def test_nobody_has_to_know_of_sessions_to_begin_one(store: Store) -> None:
    at = opened_review(person="Ana")
    assert "There is no session yet." in said(at)
    at = press(at, "New session")
    assert "The agenda: 30 articles" in "\n".join(element.value for element in at.main.subheader)
    at.text_input(key="build-title").set_value("Week 1").run()
    at = press(at, "Open the session")
    (made,) = store.sessions()
    assert (made.title, made.state, made.made_by, made.budget) == ("Week 1", "judging", "Ana", 30)
    assert made.fingerprint
    assert len(store.items(made.number)) == 30
    assert at.main.title[0].value == "Week 1"
    assert "Article 1 of 30" in said(at)


@pytest.mark.slow
def test_weights_and_time_change_the_agenda_and_zero_leaves_a_reason_out(store: Store) -> None:
    at = opened_review(person="Ana", step="build")
    for slider in at.main.slider:
        slider.set_value(5 if slider.key == "build-weight-near-miss" else 0)
    at.number_input(key="build-minutes").set_value(10)
    at.number_input(key="build-control").set_value(0)
    at = press(at.run(), "Open the session")
    items = store.items(store.sessions()[0].number)
    assert [[reason.name for reason in item.candidate.reasons] for item in items] == [["near-miss"]] * 10


@pytest.mark.slow
def test_all_of_the_selection_and_picked_by_hand(store: Store) -> None:
    at = opened_review(person="Ana", step="build", topic="Hydrogen", state="published", quality_min="90")
    at.button_group(key="build-how").set_value("All of the selection").run()
    at = press(at, "Open the session")
    whole = store.items(store.sessions()[0].number)
    assert {reason.name for item in whole for reason in item.candidate.reasons} == {"selection"}
    assert all("Hydrogen" in item.candidate.topics for item in whole)
    at = opened_review(person="Ana", step="build")
    at.button_group(key="build-how").set_value("Picked by hand").run()
    assert at.button(key="build-open").disabled
    picks = at.multiselect(key="build-picks")
    picks.select(picks.options[0]).run()
    press(at, "Open the session")
    (item,) = store.items(store.sessions()[0].number)
    assert [reason.name for reason in item.candidate.reasons] == ["hand-picked"]


@pytest.mark.slow
def test_a_reader_without_a_name_is_asked_once(store: Store) -> None:
    number = session(store)
    store.attend(session(store), "Ben B")
    at = opened_review(session=str(number))
    assert "Who are you?" in [element.value for element in at.main.subheader]
    assert "near a" not in said(at)
    at.selectbox(key="review-name").set_value("Ben B").run()
    assert "You are **Ben B**." in said(at)
    assert store.participants(number) == []
    at = press(at, "Join")
    assert [each.person for each in store.participants(number)] == ["Ben B"]
    assert "Join" not in [button.label for button in at.main.button]
    at = switched(switched(at, "Briefing"), "Review")
    assert "You are **Ben B**." in said(at)
    at.selectbox(key="review-name").set_value("Ana").run()
    assert "You are **Ana**." in said(at)


@pytest.mark.slow
def test_a_link_says_nothing_about_who_opens_it(store: Store) -> None:
    number = session(store, "a")
    (item,) = store.items(number)
    for person in ("Ana", "Ben"):
        store.judge(item.number, person, Opinion("keep", note="secret thought"))
    for step in ("judge", "settle"):
        at = opened_review(session=str(number), step=step, **{"as": "Ana"})
        assert "Who are you?" in [element.value for element in at.main.subheader]
        assert "secret thought" not in said(at)
        assert "as" not in at.query_params
    eve = opened_review(session=str(number), step="settle", person="Eve")
    assert "Eve" in said(eve)
    store.move(number, "settling", "Ana")
    press(opened_review(session=str(number), step="settle", person="Cem"), "Settle the 1 on which all agree")
    assert store.decisions(number)[item.number].settlement.present == ("Ana", "Ben", "Cem")


def test_a_verdict_is_stored_with_all_that_was_written_and_the_next_article_comes(store: Store) -> None:
    number = session(store)
    first, second, _ = store.items(number)
    at = opened_review(session=str(number), person="Ben")
    assert "Title a" in said(at)
    assert "near a" in said(at)
    at.text_area(key=f"review-note-{first.number}").set_value(HOSTILE)
    at.number_input(key=f"review-quality-{first.number}").set_value(75)
    at.button_group(key=f"review-reasons-{first.number}").set_value(["score too low"])
    at = press(at.run(), "promote")
    (judgement,) = store.judgements(number)
    assert (judgement.person, judgement.opinion.verdict, judgement.opinion.quality) == ("Ben", "promote", 75)
    assert (judgement.opinion.reasons, judgement.opinion.note) == (("score too low",), HOSTILE)
    assert "Article 2 of 3" in said(at)
    assert at.text_area(key=f"review-note-{second.number}").value == ""
    at = press(at, "Previous")
    assert f"You said: **promote**, quality 75, score too low — {HOSTILE}" in said(at)
    assert at.text_area(key=f"review-note-{first.number}").value == HOSTILE


@pytest.mark.slow
def test_what_is_written_stays_while_one_looks_at_other_articles(store: Store) -> None:
    number = session(store)
    first = store.items(number)[0]
    at = opened_review(session=str(number), person="Ben")
    at.text_area(key=f"review-note-{first.number}").set_value("half a thought").run()
    at = press(press(at, "Next"), "Previous")
    assert at.text_area(key=f"review-note-{first.number}").value == "half a thought"
    assert store.judgements(number) == []


def test_others_verdicts_are_hidden_until_ones_own_is_in_and_a_skip_shows_nothing(store: Store) -> None:
    number = session(store)
    first = store.items(number)[0]
    store.judge(first.number, "Ana", Opinion("drop", note="secret thought"))
    at = opened_review(session=str(number), person="Ben")
    assert "secret thought" not in said(at)
    assert "Ana: 1 of 3" in said(at)
    at = press(press(at, "Skip"), "Previous")
    assert "secret thought" not in said(at)
    at = press(press(at, "keep"), "Previous")
    assert "Ana said: **drop** — secret thought" in said(at)
    results = press(at, "Results")
    assert "secret thought" not in said(results)
    assert "drop" not in said(results)
    assert not [each.label for each in results.main.get("download_button") if "Minutes" in each.label]


@pytest.mark.slow
def test_a_verdict_changed_keeps_what_was_said_before(store: Store) -> None:
    number = session(store, "a")
    item = store.items(number)[0]
    at = press(opened_review(session=str(number), person="Ben"), "keep")
    assert "You have been through all articles (1)." in said(at)
    press(press(at, "Look through them again"), "drop")
    assert [each.opinion.verdict for each in store.history(item.number)] == ["keep", "drop"]


def test_a_refusal_of_the_store_loses_nothing(store: Store) -> None:
    number = session(store)
    first = store.items(number)[0]
    at = opened_review(session=str(number), person="Ben")
    at.text_area(key=f"review-note-{first.number}").set_value("kept").run()
    store.move(number, "closed", "Ana")
    at = press(at, "keep")
    assert at.error
    assert "Article 1 of 3" in said(at)
    assert at.text_area(key=f"review-note-{first.number}").value == "kept"
    assert store.judgements(number) == []


def test_settling_takes_disagreements_first_and_keeps_who_was_there(store: Store) -> None:
    number = session(store)
    a, b, c = store.items(number)
    for item, verdicts in ((a, ("keep", "keep")), (b, ("keep", "drop")), (c, ("hold",))):
        for person, verdict in zip(("Ana", "Ben"), verdicts, strict=False):
            store.judge(item.number, person, Opinion(verdict, note=f"{person} on {item.number}"))
    at = opened_review(session=str(number), step="settle", person="Ana")
    assert "Verdicts stay hidden" in said(at)
    at = press(at, "Show all verdicts and settle")
    assert store.session(number).state == "settling"
    assert "1** of 3 judged articles with different verdicts" in said(at)
    assert "Title b" in [header.value for header in at.main.header]
    assert f"Ben: **drop** — Ben on {b.number}" in said(at)
    at.button_group(key=f"settle-verdict-{b.number}").set_value("promote")
    at.number_input(key=f"settle-quality-{b.number}").set_value(80)
    at.text_area(key=f"settle-note-{b.number}").set_value(HOSTILE)
    at.multiselect(key=f"review-present-{number}").set_value(["Ben"]).run()
    at = press(at, "Decide")
    settled = store.decisions(number)[b.number]
    assert settled.by == "Ana"
    assert settled.settlement.verdict == "promote"
    assert (settled.settlement.quality, settled.settlement.note) == (80, HOSTILE)
    assert settled.settlement.present == ("Ben",)
    at = press(at, "Settle the 1 on which all agree")
    assert store.decisions(number)[a.number].settlement.verdict == "keep"
    at.selectbox(key="review-case").set_value(c.position).run()
    at.button_group(key=f"settle-verdict-{c.number}").set_value("hold")
    at = press(at.run(), "Needs another look")
    assert store.decisions(number)[c.number].settlement.outcome == "another look"
    at = press(at, "Close the session")
    assert store.session(number).state == "closed"
    assert "2** of 3 articles settled, 1 needs another look" in said(at)
    labels = {button.label for button in at.main.get("download_button")}
    assert {"Minutes (HTML)", "Minutes (Markdown)", "Proposed changes (CSV)", "All of it (zip)"} <= labels


@pytest.mark.slow
def test_what_needs_another_look_makes_room_for_the_next_case(store: Store) -> None:
    number = session(store)
    a, b, _ = store.items(number)
    for item, verdicts in ((a, ("keep", "drop", "hold")), (b, ("keep", "drop"))):
        for person, verdict in zip(("Ana", "Ben", "Cem"), verdicts, strict=False):
            store.judge(item.number, person, Opinion(verdict))
    store.move(number, "settling", "Ana")
    at = opened_review(session=str(number), step="settle", person="Ana")
    assert "Title a" in [header.value for header in at.main.header]
    at = press(at, "Needs another look")
    assert "Title b" in [header.value for header in at.main.header]


@pytest.mark.slow
def test_who_is_there_is_of_one_session_only(store: Store) -> None:
    first, second = session(store), session(store)
    for number, person in ((first, "Ana"), (second, "Ben")):
        store.judge(store.items(number)[0].number, person, Opinion("keep"))
        store.move(number, "settling", "Ana")
    at = opened_review(session=str(first), step="settle", person="Ana")
    assert at.multiselect(key=f"review-present-{first}").value == ["Ana"]
    at = press(press(at, "All sessions"), "Open")
    assert at.multiselect(key=f"review-present-{second}").value == ["Ben", "Ana"]


@pytest.mark.slow
def test_a_settled_article_can_be_reopened(store: Store) -> None:
    number = session(store, "a")
    item = store.items(number)[0]
    store.move(number, "settling", "Ana")
    store.settle(item.number, "Ana", Settlement("settled", "keep"))
    at = press(opened_review(session=str(number), step="settle", person="Ben"), "Reopen")
    assert store.decisions(number)[item.number].settlement.outcome == "reopened"
    assert "What do we decide?" in said(at)


@pytest.mark.slow
def test_results_show_a_card_for_each_view_of_reviews(store: Store) -> None:
    number = session(store)
    for item in store.items(number):
        for person in ("Ana", "Ben"):
            store.judge(item.number, person, Opinion("keep", 70))
    store.move(number, "settling", "Ana")
    at = opened_review(session=str(number), step="results", person="Ana")
    headers = [header.value for header in at.main.header]
    assert {"Minutes", "What it teaches", "Agreement", "Control sample", "Drift between sessions"} <= set(headers)
    assert "100% of the pairs of verdicts" in said(at)


@pytest.mark.slow
def test_an_article_goes_on_the_agenda_from_its_own_page_and_is_marked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARTICLE_ANALYTICS_CORPUS", str(SAMPLE))
    number = session(store)
    at = opened_review(session=str(number), person="Ben")
    path = sorted(str(file.relative_to(SAMPLE)) for file in (SAMPLE / "_news").glob("*.md"))[0]
    at.query_params["path"] = path
    switched(at, "Article")
    at.button(key=f"review-add-{number}").click().run()
    assert not at.exception
    *_, last = store.items(number)
    assert (last.candidate.path, last.added, last.added_by) == (path, True, "Ben")
    at = opened_review(session=str(number), item="4", person="Ben")
    assert "Article 4 of 4 · added later" in said(at)


def test_what_is_taken_away_names_files_as_they_are_called_now(store: Store) -> None:
    data = Slice(real_corpus(SAMPLE))
    (there,) = handpicked(data, data.rows("quality", limit=1)["path"].tolist())
    number = store.create(
        new_session(data, title="x", chosen_candidates=[replace(there, path="_news/old.md")], budget_minutes=5), "Ana"
    )
    store.settle(store.items(number)[0].number, "Ana", Settlement("settled", "keep", 1))
    held = page.record_with_current_paths(store.session(number))
    assert list(proposed_changes(held.tables)["path"]) == [there.path]


@pytest.mark.slow
def test_the_next_session_draws_another_control_sample(store: Store) -> None:
    at = press(opened_review(person="Ana", step="build"), "Open the session")
    at = press(press(press(at, "All sessions"), "New session"), "Open the session")
    assert [each.seed for each in store.sessions()] == [2, 1]


@pytest.mark.slow
def test_a_person_is_the_same_on_the_page_however_the_name_is_typed(store: Store) -> None:
    number = session(store, "ab")
    first = store.items(number)[0]
    store.judge(first.number, "Ben", Opinion("keep", note="my own thought"))
    at = opened_review(session=str(number), person="\uff22EN")
    assert "You are **Ben**." in said(at)
    assert "Join" not in [button.label for button in at.main.button]
    assert "Article 2 of 2" in said(at)
    assert "Ben: " not in said(at)
    assert [bar.text for bar in at.get("progress")] == ["You: 1 of 2 judged"]
    at = press(press(at, "drop"), "Look through them again")
    assert "You said: **keep** — my own thought" in said(at)
    assert "Ben said" not in said(at)
    assert [each.person for each in store.judgements(number)] == ["Ben", "Ben"]
    store.move(number, "settling", "Ana")
    at = opened_review(session=str(number), step="settle", person="ben")
    assert at.multiselect(key=f"review-present-{number}").value == ["Ben"]


@pytest.mark.slow
def test_the_page_says_who_can_show_all_verdicts(store: Store) -> None:
    number = session(store, "ab")
    first, second = store.items(number)
    store.judge(first.number, "Ben", Opinion("keep"))
    at = opened_review(session=str(number), step="settle", person="ben")
    assert at.button(key="review-begin-settling").disabled
    assert (
        "Only Ana, who made the session, or somebody with a verdict on each of its 2 articles can show all verdicts. "
        "Ben has given 1; a skip does not count."
    ) in said(at)
    assert (
        not opened_review(session=str(number), step="settle", person="ANA").button(key="review-begin-settling").disabled
    )
    store.judge(second.number, "Ben", Opinion("drop"))
    at = press(opened_review(session=str(number), step="settle", person="ben"), "Show all verdicts and settle")
    assert store.session(number).state == "settling"
    assert "Only Ana" not in said(at)


def test_only_an_act_makes_one_present(store: Store) -> None:
    """Opening, making and moving a session are none; Join, a verdict and settling are."""
    number = session(store, "ab")
    first, second = store.items(number)
    opened_review(session=str(number), person="Eve")
    assert store.participants(number) == []
    for person in ("Ben", "Cem"):
        for item in (first, second):
            store.judge(item.number, person, Opinion("keep"))
    store.attend(number, "Dan")
    store.move(number, "settling", "Ana")
    at = opened_review(session=str(number), step="settle", person="Fay")
    assert at.multiselect(key=f"review-present-{number}").value == ["Ben", "Cem", "Dan", "Fay"]
    at.multiselect(key=f"review-present-{number}").set_value(["Ben", "Fay"]).run()
    press(at, "Settle the 2 on which all agree")
    assert {each.settlement.present for each in store.decisions(number).values()} == {("Ben", "Fay")}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Zoe\u0308  B", " Zo\u00eb B "])
def test_a_name_is_stored_as_all_names_are(store: Store, name: str) -> None:
    number = session(store)
    at = press(opened_review(session=str(number), person=name), "keep")
    assert "You are **Zo\u00eb B**." in said(at)
    assert "Article 2 of 3" in said(press(at, "Judge"))


def test_what_is_no_name_is_asked_again(store: Store) -> None:
    at = opened_review(session=str(session(store)), person="a\u202eb")
    assert "cannot hold the character" in at.error[0].value
    assert "Who are you?" in [element.value for element in at.main.subheader]


def test_a_name_from_right_to_left_does_not_turn_the_numbers_beside_it(store: Store) -> None:
    number = session(store)
    store.attend(number, "\u05d3\u05d5\u05d3")
    assert "\u2067\u05d3\u05d5\u05d3\u2069: 0 of 3" in said(opened_review(session=str(number), person="Ana"))


def test_a_selection_of_another_version_is_said_to_be_unreadable(store: Store) -> None:
    store.create(NewSession("The week", "nonsense=1", "sample", "f", None, 30, 1, 1195, candidates("a")), "Ana")
    assert "cannot read" in said(opened_review(person="Ana"))


def test_an_article_that_is_gone_can_still_be_judged(store: Store) -> None:
    at = opened_review(session=str(session(store)), person="Ben")
    assert "is not in the corpus any more" in at.main.warning[0].value


@pytest.mark.parametrize(
    "query", [{"session": "99"}, {"session": "x", "step": "judge"}, {"session": "-1"}, {"item": "7"}]
)
def test_nonsense_in_a_link_leads_to_the_list(store: Store, query: dict[str, str]) -> None:
    session(store)
    at = opened_review(**query)
    assert at.main.title[0].value == page_links.REVIEW
    assert "Which articles need a human" in said(at)


def test_a_store_that_cannot_be_opened_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTICLE_ANALYTICS_REVIEWS", "mysql://somewhere/else")
    at = opened_review()
    assert "cannot be in" in at.error[0].value.replace("\\", "")


@pytest.mark.slow
def test_what_the_browser_still_shows_after_a_restart_stays_while_one_looks_at_other_articles(store: Store) -> None:
    number = session(store)
    first = store.items(number)[0]
    at = dashboard("Review", session=str(number))
    at.session_state[PERSON] = "Ana"
    at.session_state[f"review-note-{first.number}"] = "half a thought"
    at = press(press(run(at), "Next"), "Previous")
    assert at.text_area(key=f"review-note-{first.number}").value == "half a thought"
    press(at, "keep")
    assert [each.opinion.note for each in store.judgements(number)] == ["half a thought"]


@pytest.mark.slow
def test_a_note_at_settling_stays_while_one_looks_at_other_articles(store: Store) -> None:
    number = session(store)
    first = store.items(number)[0]
    store.move(number, "settling", "Ana")
    at = opened_review(person="Ana", session=str(number), step="settle", item="1")
    at.text_area(key=f"settle-note-{first.number}").set_value("half a thought").run()
    at = press(press(at, "Next"), "Previous")
    assert at.text_area(key=f"settle-note-{first.number}").value == "half a thought"


def test_a_login_gives_the_name_and_nobody_can_be_another(store: Store) -> None:
    number = session(store)
    eva = {"email": "eva@example.org", "name": "Eva"}
    at = press(opened_review(eva, person="Ana", session=str(number)), "keep")
    assert "You are **Eva**." in said(at)
    assert [each.person for each in store.judgements(number)] == ["Eva"]
    assert "Not you?" not in [button.label for button in at.main.button]


def _look(held) -> None:
    """What is drawn again every few seconds."""
    from analytics.app.review.progress import progress, rerun_on_change

    progress(held, "Ana", 3)
    rerun_on_change(held, "before")


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_store_that_goes_away_and_comes_back_costs_nothing_that_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "RETRY_WAITS", (0.01,))
    server = Server()
    try:
        monkeypatch.setenv("ARTICLE_ANALYTICS_REVIEWS", schema_on(server))
        store = open_store()
        number = session(store)
        held, first = store.session(number), store.items(number)[0]
        at = opened_review(session=str(number), person="Ana")
        at.text_area(key=f"review-note-{first.number}").set_value("half a thought")
        server.kill()
        looking = AppTest.from_function(_look, args=(held,)).run()
        assert not looking.exception
        assert ["was not read" in each.value for each in looking.error] == [True, True]
        at = press(at, "keep")
        assert "was not read" in at.main.warning[0].value
        server.start()
        at = press(at, "Try again")
        assert at.text_area(key=f"review-note-{first.number}").value == "half a thought"
        press(at, "keep")
        assert [each.opinion.note for each in store.judgements(number)] == ["half a thought"]
        store.close()
    finally:
        review_store.shared_store().close()
        server.stop()
