"""What a store keeps, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from analytics.errors import ReviewError
from analytics.reviews.models import Opinion, Participant, Reason, Rules, Settlement, Verdict
from analytics.reviews.store.store import Store
from tests.reviews.made import begun, candidate, draft


def verdicts(store: Store, session: int, seen_by: str | None = None) -> list[tuple[int, str, str | None]]:
    return [(each.item, each.person, each.opinion.verdict) for each in store.judgements(session, seen_by=seen_by)]


def test_a_session_comes_out_as_it_went_in(store: Store) -> None:
    odd = candidate("odd", url=None, title=None, provider=None, quality=None, heat=None, published=None, topics=())
    rules = Rules((Verdict("yes", 2, agrees=True), Verdict("no", 1, agrees=False), Verdict("hm")), ("why", "why not"))
    wanted = draft(candidates=(candidate("one", control=True), odd), commit="c0ffee", rules=rules, seed=2**62)
    number = store.create(wanted, "  Ann ")
    session = store.session(number)
    for name in ("title", "selection", "corpus", "fingerprint", "commit", "budget", "seed", "eligible", "rules"):
        assert getattr(session, name) == getattr(wanted, name)
    assert (session.number, session.state, session.made_by) == (number, "judging", "Ann")
    found = store.items(number)
    assert [item.candidate for item in found] == list(wanted.candidates)
    assert [(item.session, item.position, item.added, item.added_by) for item in found] == [
        (number, 1, False, "Ann"),
        (number, 2, False, "Ann"),
    ]


def test_the_newest_session_comes_first(store: Store) -> None:
    assert store.sessions() == []
    first, second = (store.create(draft("one", title=title), "Ann") for title in ("Monday", "Tuesday"))
    store.move(first, "settling", "Ann")
    assert [(each.number, each.title, each.state) for each in store.sessions()] == [
        (second, "Tuesday", "judging"),
        (first, "Monday", "settling"),
    ]


def test_an_agenda_holds_an_article_once_and_nothing_is_stored_of_one_that_does_not(store: Store) -> None:
    with pytest.raises(ReviewError, match=r"_news/one\.md stands twice on the agenda"):
        store.create(draft("one", "two", "one"), "Ann")
    assert (store.sessions(), store.people()) == ([], [])


def test_additions_are_marked_and_known_articles_passed_over(store: Store) -> None:
    session, (first, _) = begun(store, "one", "two")
    fresh, again = candidate("three"), candidate("three", path="_news/copy.md")
    renamed, bare = candidate("one", path="_news/other.md"), candidate("four", url=None)
    numbers = store.add(session, [candidate("two"), renamed, fresh, again, bare, replace(bare, path="five")], "Bob")
    added = store.items(session)[2:]
    assert [item.number for item in added] == numbers
    assert [(item.position, item.candidate, item.added, item.added_by) for item in added] == [
        (3, fresh, True, "Bob"),
        (4, bare, True, "Bob"),
        (5, replace(bare, path="five"), True, "Bob"),
    ]
    assert store.add(session, [fresh], "Bob") == []
    assert store.items(session)[0].number == first


def test_the_latest_judgement_of_a_person_counts_and_all_are_kept(store: Store) -> None:
    session, (one, two) = begun(store, "one", "two")
    full = Opinion("demote", 60, ("duplicate", "weak source"), "See the other one.", "t1")
    given = [
        store.judge(one, "Ann", Opinion("keep")),
        store.judge(one, "Bob", full),
        store.judge(two, "Ann", Opinion(None)),
        store.judge(one, "Ann", Opinion("drop", token="t2")),
    ]
    assert given[1].opinion == full
    assert store.history(one) == [given[0], given[1], given[3]]
    assert store.judgements(session) == given[1:]
    assert verdicts(store, session) == [(one, "Bob", "demote"), (two, "Ann", None), (one, "Ann", "drop")]


def test_an_act_sent_twice_is_stored_once(store: Store) -> None:
    session, (one, two) = begun(store, "one", "two")
    first = store.judge(one, "Ann", Opinion("keep", note="at first", token="t"))
    assert store.judge(one, "Ann", Opinion("drop", note="sent again", token="t")) == first
    decided = store.settle(one, "Ann", Settlement("settled", "keep", token="t"))
    store.move(session, "closed", "Ann")
    assert store.settle(one, "Ann", Settlement("settled", "keep", token="t")) == decided
    assert store.judge(one, " ANN", Opinion("keep", token="t")) == first
    assert store.history(one) == [first]
    for item, person in ((two, "Ann"), (one, "Bob")):
        with pytest.raises(ReviewError, match="mark of another act"):
            store.judge(item, person, Opinion("keep", token="t"))


def test_two_who_settle_the_same_at_once_store_it_once(store: Store) -> None:
    _, (one, two) = begun(store, "one", "two")
    agreed = Settlement("settled", "keep", token="agreed")
    first = store.settle(one, "Ann", agreed)
    assert store.settle(one, "Bob", agreed) == first
    with pytest.raises(ReviewError, match="mark of another act"):
        store.settle(two, "Bob", agreed)


def test_lists_keep_backslashes_and_what_no_database_keeps_is_replaced_in_them(store: Store) -> None:
    topics = ("\\u0000", "a\\", 'b"c', "d\0\ud800")
    reasons = (Reason("near-miss", "C:\\u0000"),)
    number = store.create(draft(candidates=(candidate("one", topics=topics, reasons=reasons),)), "Ann")
    (item,) = store.items(number)
    assert item.candidate.topics == (*topics[:3], "d\ufffd\ufffd")
    assert item.candidate.reasons == reasons


def test_others_stay_hidden_until_ones_own_verdict_is_in(store: Store) -> None:
    session, (one, two) = begun(store, "one", "two")
    for item in (one, two):
        store.judge(item, "Ann", Opinion("keep"))
    assert verdicts(store, session, "Bob") == []
    store.judge(one, "Bob", Opinion(None))
    assert verdicts(store, session, "Bob") == [(one, "Bob", None)]
    store.judge(one, "Bob", Opinion("drop"))
    assert verdicts(store, session, "Bob") == [(one, "Ann", "keep"), (one, "Bob", "drop")]
    assert verdicts(store, session, "Ann") == [(one, "Ann", "keep"), (two, "Ann", "keep"), (one, "Bob", "drop")]
    store.move(session, "settling", "Ann")
    assert verdicts(store, session, "Bob") == verdicts(store, session)
    store.move(session, "judging", "Ann")
    assert len(verdicts(store, session, "Bob")) == 2


def test_an_opinion_of_another_session_opens_nothing(store: Store) -> None:
    (session, (one,)), (_, (other,)) = begun(store, "one"), begun(store, "one")
    store.judge(one, "Ann", Opinion("keep"))
    store.judge(other, "Bob", Opinion("keep"))
    assert verdicts(store, session, "Bob") == []


def test_the_latest_decision_counts(store: Store) -> None:
    session, (one, two, _) = begun(store, "one", "two", "three")
    store.settle(one, "Ann", Settlement("settled", "keep", 71, "Fine.", ("Ann", "Bob", "Ann"), "a"))
    store.settle(two, "Ann", Settlement("another look", None, note="Ask."))
    store.settle(one, "Bob", Settlement("reopened", None))
    found = store.decisions(session)
    assert {item: (each.by, each.settlement.outcome, each.settlement.verdict) for item, each in found.items()} == {
        one: ("Bob", "reopened", None),
        two: ("Ann", "another look", None),
    }
    frame = store.snapshot().decisions
    assert list(frame["present"]) == ["Ann; Bob", "", ""]
    assert list(frame["current"]) == [False, True, True]


def test_standings_tell_how_far_everyone_is(store: Store) -> None:
    session, (one, two, _) = begun(store, "one", "two", "three")
    for _ in range(2):
        store.attend(session, "Zoe")
    store.judge(one, "ann", Opinion("keep"))
    store.judge(one, "Ann", Opinion(None))
    last = store.judge(two, "ANN", Opinion("hold"))
    first, second = store.participants(session)
    assert first == Participant("Ann", 1, 1, 3, last.at)
    assert (second.person, second.judged, second.skipped, second.total) == ("Zoe", 0, 0, 3)
    assert [each.person for each in store.participants(session)] == ["Ann", "Zoe"]
    store.settle(one, "Cem", Settlement("settled", "keep", present=("Émile", "zoe")))
    assert store.people() == ["Ann", "Cem", "Zoe", "Émile"]


def test_a_closed_session_takes_nothing_and_can_be_reopened(store: Store) -> None:
    session, (one,) = begun(store, "one")
    store.move(session, "closed", "Ann")
    before = store.stamp()
    acts: list[Callable[[], object]] = [
        lambda: store.judge(one, "Ann", Opinion("keep")),
        lambda: store.settle(one, "Ann", Settlement("settled", "keep")),
        lambda: store.add(session, [candidate("two")], "Ann"),
    ]
    for act in acts:
        with pytest.raises(ReviewError, match=r"is closed\. Reopen it"):
            act()
    store.attend(session, "Bob")
    store.move(session, "closed", "Bob")
    assert store.stamp() == before
    store.move(session, "judging", "Ann")
    for act in acts:
        act()


NONSENSE = (
    ("Ann", Opinion("maybe"), "no verdict 'maybe' in this session; it has keep, promote"),
    ("Ann", Opinion("keep", reasons=("duplicate", "odd")), "no reason 'odd'"),
    ("Ann", Opinion("keep", -1), "quality of -1 is not possible"),
    ("Ann", Opinion("keep", 10**20), "whole number from 0 to 1000"),
    ("Ann", Opinion("keep", note="x" * 20_001), "note has 20,001 characters"),
    (" \t", Opinion("keep"), "A name is empty"),
    ("\u200d", Opinion("keep"), "A name is empty"),
    ("\u3164\ufe0f", Opinion("keep"), "A name is empty"),
    ("x" * 81, Opinion("keep"), "A name has 81 characters; 80 are kept"),
    ("A\0n", Opinion("keep"), r"cannot hold the character U\+0000"),
    ("A\nn", Opinion("keep"), r"U\+000A"),
    ("A\ud800n", Opinion("keep"), r"U\+D800"),
    ("A\u202en", Opinion("keep"), r"U\+202E"),
)

HALF_SAID = (
    (Settlement("settled", None), "needs a verdict"),
    (Settlement("reopened", "keep"), "has no verdict"),
    (Settlement("another look", "maybe"), "no verdict 'maybe'"),
    (Settlement("done", "keep"), "cannot be 'done'; it can be settled"),  # type: ignore[arg-type]
    (Settlement("settled", "keep", present=("",)), "name is empty"),
)


def test_what_makes_no_sense_is_refused(store: Store) -> None:
    session, (one,) = begun(store, "one")
    for person, opinion, message in NONSENSE:
        with pytest.raises(ReviewError, match=message):
            store.judge(one, person, opinion)
    for settlement, message in HALF_SAID:
        with pytest.raises(ReviewError, match=message):
            store.settle(one, "Ann", settlement)
    assert (store.history(one), store.decisions(session)) == ([], {})


def test_what_is_not_there_is_said(store: Store) -> None:
    acts: list[Callable[[], object]] = [
        lambda: store.session(9),
        lambda: store.judgements(9),
        lambda: store.participants(9),
        lambda: store.move(9, "closed", "Ann"),
        lambda: store.attend(9, "Ann"),
        lambda: store.add(9, [], "Ann"),
    ]
    for act in acts:
        with pytest.raises(ReviewError, match="There is no review session 9"):
            act()
    for far in (2**40, 2**70):
        with pytest.raises(ReviewError):
            store.session(far)
        with pytest.raises(ReviewError):
            store.attend(far, "Ann")
        with pytest.raises(ReviewError):
            store.judge(far, "Ann", Opinion("keep"))
    with pytest.raises(ReviewError, match="There is no item 9"):
        store.judge(9, "Ann", Opinion("keep"))
    with pytest.raises(ReviewError, match="cannot be 'open'"):
        store.move(begun(store)[0], "open", "Ann")  # type: ignore[arg-type]


SPELLINGS = (
    "Zoe\u0301 O'Li",
    " Zo\u00e9  o’li ",
    "ZO\u00c9 O'LI",
    "\uff3a\uff4f\u00e9\u3000\uff2f\uff07\uff2c\uff49",
    "Z\u200boe\u0301\ufe0f O'\xadLi\u200d",
)
"""Of one name: composed and not, in other cases, blanks and signs, full-width, and with signs that nobody sees."""


def test_a_person_is_the_same_however_the_name_is_typed_and_is_shown_as_first_stored(store: Store) -> None:
    first, *others = SPELLINGS
    shown = "Zo\u00e9 O'Li"
    session = store.create(draft("one", "two"), first)
    one, two = (item.number for item in store.items(session))
    store.judge(two, "Ann", Opinion("drop"))
    for typed in others:
        store.attend(session, typed)
        assert store.judge(one, typed, Opinion("keep", token="t")).person == shown
        assert store.judge(two, typed, Opinion("hold")).person == shown
        assert verdicts(store, session, typed) == [(two, "Ann", "drop"), (one, shown, "keep"), (two, shown, "hold")]
        assert store.settle(one, typed, Settlement("another look", None, present=(typed, "Ann", first))).by == shown
        assert store.decisions(session)[one].settlement.present == (shown, "Ann")
        store.add(session, [candidate(f"by {typed}")], typed)
        store.move(session, "settling", typed)
        store.move(session, "judging", typed)
        assert store.shown_name(typed) == shown
    assert [(each.person, each.judged) for each in store.participants(session)] == [("Ann", 1), (shown, 2)]
    assert store.people() == ["Ann", shown]
    assert {each.added_by for each in store.items(session)} == {shown}
    assert store.stamp(session).split(".")[5] == "1"
    frame = store.snapshot().judgements
    assert set(zip(frame["item"], frame["person"], strict=True)) == {(one, shown), (two, shown), (two, "Ann")}
    assert frame["current"].sum() == 3


def test_what_looks_much_alike_can_still_be_two(store: Store) -> None:
    session, (one,) = begun(store, "one")
    for name in ("Zoe Li", "Zo\u00e9 Li", "Zoe-Li", "Zo\u0435 Li"):
        store.judge(one, name, Opinion("keep"))
    assert len(store.participants(session)) == 4


def test_all_verdicts_are_shown_by_the_maker_or_by_one_who_has_judged_everything(store: Store) -> None:
    session, (one, two) = begun(store, "one", "two")
    refusal = (
        "Only Ann, who made the session, or somebody with a verdict on each of its 2 articles can show all verdicts. "
        "Bob has given {}; a skip does not count."
    )
    store.judge(one, "bob", Opinion("keep"))
    store.judge(two, "bob", Opinion(None))
    for state in ("settling", "closed"):
        for person, given in (("BOB", "1"), ("Eve", "0")):
            said = refusal.format(given).replace("Bob", "bob" if person == "BOB" else person)
            with pytest.raises(ReviewError) as refused:
                store.move(session, state, person)
            assert str(refused.value) == said == store.reveal_refusal(session, person)
    assert store.session(session).state == "judging"
    assert store.people() == ["Ann", "bob"]
    store.judge(two, "Bob", Opinion("drop"))
    store.judge(two, "Bob", Opinion(None))
    assert store.reveal_refusal(session, "BOB") == ""
    store.add(session, [candidate("late")], "Ann")
    assert store.reveal_refusal(session, "Bob").endswith("bob has given 2; a skip does not count.")
    store.judge(store.items(session)[2].number, "BOB", Opinion("keep"))
    store.move(session, "settling", "Bob")
    for state, person in (("closed", "Eve"), ("settling", "Eve"), ("judging", "Eve"), ("closed", " ANN")):
        store.move(session, state, person)
    assert store.session(session).state == "closed"


def test_the_stamp_changes_with_whatever_is_stored(store: Store) -> None:
    (session, (one, _)), (other, _) = begun(store, "one", "two"), begun(store, "one")
    acts: list[Callable[[], object]] = [
        lambda: store.judge(one, "Ann", Opinion("keep")),
        lambda: store.judge(one, "Ann", Opinion("keep")),
        lambda: store.settle(one, "Ann", Settlement("settled", "keep")),
        lambda: store.attend(session, "Bob"),
        lambda: store.add(session, [candidate("three")], "Ann"),
        lambda: store.move(session, "settling", "Ann"),
    ]
    elsewhere = store.stamp(other)
    for act in acts:
        before = store.stamp(), store.stamp(session)
        assert before == (store.stamp(), store.stamp(session))
        act()
        assert store.stamp() != before[0]
        assert store.stamp(session) != before[1]
    assert store.stamp(other) == elsewhere
    assert store.snapshot().stamp == store.stamp()


def test_the_database_itself_refuses_to_change_or_forget(store: Store) -> None:
    session, (one,) = begun(store, "one")
    store.attend(session, "Bob")
    store.judge(one, "Ann", Opinion("keep"))
    store.settle(one, "Ann", Settlement("settled", "keep"))
    before = store.stamp()
    engine = create_engine(store.url)
    tables = dict.fromkeys(("sessions", "states", "items", "judgements", "decisions", "attendance"), "person")
    for table, column in (tables | {"people": "name"}).items():
        for statement in (f"UPDATE review_{table} SET {column} = 'Eve'", f"DELETE FROM review_{table}"):
            with pytest.raises(DBAPIError, match="never changed or taken away"), engine.begin() as connection:
                connection.execute(text(statement))
    engine.dispose()
    assert store.stamp() == before
    assert "Eve" not in store.people()
