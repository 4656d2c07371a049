"""Random meetings against a plain model, names in any spelling, and notes of any text."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analytics.errors import ReviewError
from analytics.reviews.models import OUTCOMES, STATES, VERDICTS, Opinion, Settlement
from analytics.reviews.store.store import Store
from analytics.reviews.store.validation import person_key, same_person
from tests.reviews.made import begun, draft

PEOPLE = ("Ann", "Bob", "Cem")

SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    lambda name: f"  {name.lower()}",
    lambda name: "\u200b".join(name),
    lambda name: "".join(chr(ord(sign) + 0xFEE0) for sign in name),
)
"""Ways to type a name; the last gives full-width letters."""
ITEMS = range(3)

people, items = st.sampled_from(PEOPLE), st.sampled_from(ITEMS)
verdicts = st.none() | st.sampled_from([verdict.name for verdict in VERDICTS])
acts = st.one_of(
    st.tuples(st.just("judge"), people, items, verdicts),
    st.tuples(st.just("judge"), people, items, verdicts),
    st.tuples(st.just("settle"), people, items, verdicts, st.sampled_from(OUTCOMES)),
    st.tuples(st.just("move"), people, st.sampled_from(STATES)),
    st.tuples(st.just("attend"), people),
    st.tuples(st.just("again"), st.integers(0, 30)),
)

one_store = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
"""Each example has a session of its own in the store of the test."""


@dataclass
class Plain:
    """The same session as lists; `judged` holds (person, item, verdict), `settled` (person, item, outcome, verdict)."""

    state: str = "judging"
    judged: list[tuple[str, int, str | None]] = field(default_factory=list)
    settled: list[tuple[str, int, str, str | None]] = field(default_factory=list)
    joined: set[str] = field(default_factory=set)

    def current(self) -> dict[tuple[str, int], str | None]:
        return {(person, item): verdict for person, item, verdict in self.judged}

    def visible(self, person: str) -> dict[tuple[str, int], str | None]:
        own = {item for who, item, verdict in self.judged if who == person and verdict}
        seen = self.state != "judging"
        return {key: verdict for key, verdict in self.current().items() if seen or key[0] == person or key[1] in own}

    def may_reveal(self, person: str) -> bool:
        return person == "Ann" or {item for who, item, verdict in self.judged if who == person and verdict} == {*ITEMS}

    def takes(self, act: tuple[Any, ...]) -> bool:
        """Do an act; whether it can be done."""
        if act[0] == "move":
            if self.state == "judging" != act[2] and not self.may_reveal(act[1]):
                return False
            self.state = act[2]
        elif act[0] == "attend":
            self.joined |= {act[1]} if self.state != "closed" else set()
        elif self.state == "closed":
            return False
        elif act[0] == "judge":
            self.judged.append(act[1:])
        else:
            _, person, item, verdict, outcome = act
            if (outcome == "settled" and not verdict) or (outcome == "reopened" and verdict):
                return False
            self.settled.append((person, item, outcome, verdict))
        return True


def do(store: Store, session: int, numbers: list[int], act: tuple[Any, ...], token: str) -> bool:
    """Do an act in a store, each time in another spelling of the name; whether it can be done."""
    name = SPELLINGS[sum(map(ord, token)) % len(SPELLINGS)](act[1])
    try:
        if act[0] == "judge":
            store.judge(numbers[act[2]], name, Opinion(act[3], token=token))
        elif act[0] == "settle":
            store.settle(numbers[act[2]], name, Settlement(act[4], act[3], token=token))
        elif act[0] == "move":
            store.move(session, act[2], name)
        else:
            store.attend(session, name)
    except ReviewError:
        return False
    return True


@pytest.mark.slow
@one_store
@given(meeting=st.lists(acts, max_size=25))
def test_a_store_says_what_a_plain_model_says(store: Store, meeting: list[tuple[Any, ...]]) -> None:
    for name in PEOPLE:
        store.create(draft(), name)
    session, numbers = begun(store, "one", "two", "three")
    plain, done = Plain(), []
    for turn, act in enumerate(meeting):
        if act[0] != "again":
            taken = do(store, session, numbers, act, f"{session}-{turn}")
            assert taken == plain.takes(act)
            done += [(act, f"{session}-{turn}")] if taken and act[0] in ("judge", "settle") else []
        elif done:
            assert do(store, session, numbers, *done[act[1] % len(done)])
    assert store.session(session).state == plain.state
    for item, number in enumerate(numbers):
        given_now = [(each.person, item, each.opinion.verdict) for each in store.history(number)]
        assert given_now == [each for each in plain.judged if each[1] == item]
    for person in (None, *PEOPLE):
        assert person is None or (not store.reveal_refusal(session, person)) == plain.may_reveal(person)
        seen = {(each.person, numbers.index(each.item)): each.opinion.verdict for each in _seen(store, session, person)}
        assert seen == (plain.visible(person) if person else plain.current())
    latest = {item: (who, outcome, verdict) for who, item, outcome, verdict in plain.settled}
    assert latest == {
        numbers.index(item): (each.by, each.settlement.outcome, each.settlement.verdict)
        for item, each in store.decisions(session).items()
    }
    everyone = sorted(plain.joined | {person for person, _ in plain.current()})
    assert [(each.person, each.judged, each.skipped, each.total) for each in store.participants(session)] == [
        (person, *_counts(plain, person), len(numbers)) for person in everyone
    ]
    frame = store.snapshot().judgements
    now = frame[(frame["session"] == session) & frame["current"]]
    assert set(zip(now["person"], map(numbers.index, now["item"]), strict=True)) == set(plain.current())


def _seen(store: Store, session: int, person: str | None) -> list[Any]:
    return store.judgements(session, seen_by=person)


def _counts(plain: Plain, person: str) -> tuple[int, int]:
    own = [verdict for (who, _), verdict in plain.current().items() if who == person]
    return sum(verdict is not None for verdict in own), own.count(None)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn", "Zl", "Zp"]), max_size=20), st.randoms())
@example("\u0130stanbul \u03a3\u03c3\u03c2 \u1e9e \u0345\u0301", Random(1))
def test_a_name_has_one_key_in_all_its_spellings(name: str, random: Random) -> None:
    key = person_key(name)
    assert person_key(key) == key
    spellings = [unicodedata.normalize(form, name) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    spellings += [spelling.casefold() for spelling in spellings]
    spellings += [name.upper() if name.isascii() else name, f"\u3000 {name}\t"]
    place = random.randint(0, len(name))
    spellings.append(name[:place] + random.choice("\u200b\u200d\xad\ufe0f\u034f\u2060\U000e0100") + name[place:])
    for spelling in spellings:
        assert same_person(spelling, name), spelling


LONG = "**bold** <script>alert('&amp;')</script> =SUM(A1:A9) 👩‍👩‍👧 \u202eשלום עולם\u202c مرحبا\r\n\t| a | b |\n" * 150


@pytest.mark.slow
@one_store
@given(note=st.text(max_size=300) | st.text(st.characters(categories=["Cc", "Cs", "Cf", "So", "Co"]), max_size=30))
@example(note="one\r\ntwo\rthree\n\r")
@example(note=LONG[:10_000])
@example(note="\U0010ffff" * 20_000)
@example(note="a\0b\ud83d\ude00\udfff \u2028 'x'; -- \\ %s :y {z}")
def test_a_note_of_any_text_comes_out_as_it_went_in(store: Store, note: str) -> None:
    session, (one,) = begun(store, "one")
    kept = "".join("\ufffd" if sign == "\0" or "\ud800" <= sign <= "\udfff" else sign for sign in note)
    kept = kept.replace("\r\n", "\n").replace("\r", "\n")
    given_back = store.judge(one, "Ann", Opinion("keep", note=note))
    decided = store.settle(one, "Ann", Settlement("settled", "keep", note=note))
    assert (given_back.opinion.note, decided.settlement.note) == (kept, kept)
    assert store.history(one)[0].opinion.note == kept
    assert store.decisions(session)[one].settlement.note == kept
    assert list(store.snapshot().judgements["note"])[-1] == kept
