"""The random control sample on the Review page: judged blind, whichever way one looks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from analytics.app.review.agenda_item import CONTEXT, CONTEXT_UNSEEN_TEXT
from analytics.app.review.blind_judging import LISTED_TEXT, UNSEEN_TEXT
from analytics.reviews.models import Candidate, NewSession, Opinion, Reason
from analytics.reviews.store.store import Store, open_store
from tests.app.harness import run
from tests.app.test_review_page import opened_review, press, said
from tests.corpora import article, paths_of, write


class Secret(NamedTuple):
    """What nobody may see of an article of the control sample before they have judged it."""

    quality: int
    heat: int
    published: bool
    why: str
    verdict: str
    note: str
    suggested: int


ONE = Secret(83, 29, True, "near-miss", "drop", "far too long", 37)
OTHER = Secret(41, 77, False, "extreme", "keep", "well written", 93)

JUDGED = "_news/0001.md"
"""The article of the control sample; there is one before and one after it, chosen for a reason."""


def begun(folder: Path, monkeypatch: pytest.MonkeyPatch, secret: Secret, state: str = "judging") -> Store:
    """A corpus of three articles and a session of them, which Ana has made and judged, in a folder of its own."""
    articles = [article(title=f"Title {n}", provider="Outlet", at="2026-03-02", quality=60, heat=61) for n in range(3)]
    articles[1].fields.update(
        quality=secret.quality, heat=secret.heat, published=secret.published, webUrl="https://a.example/1"
    )
    copied = {"title": "Title of old", "webUrl": "https://a.example/1", "quality": secret.quality}
    articles[0].fields["related"] = [copied]
    monkeypatch.setenv("ARTICLE_ANALYTICS_CORPUS", str(write(folder / "corpus", articles)))
    monkeypatch.setenv("ARTICLE_ANALYTICS_REVIEWS", f"sqlite:///{folder / 'reviews.db'}")
    first, judged, last = (_candidate(path, secret if path == JUDGED else None) for path in paths_of(articles))
    quality, recorded = secret.quality, "published" if secret.published else "unpublished"
    leading = (
        Reason(
            "decisions-differ", f'unpublished, while "Title 1" (Outlet) of quality {quality} is {recorded}: 98% alike'
        ),
        Reason("better-related", f'its related story "Title of old" (Outlet) has quality {quality}, 9 points above'),
        Reason("near-miss", "near it"),
    )
    candidates = [replace(first, reasons=leading), judged, last]
    store = open_store()
    number = store.create(NewSession("The week", "", "corpus", "f", None, 30, 1, 3, tuple(candidates)), "Ana")
    for item in store.items(number):
        told = secret if item.candidate.control else None
        store.judge(item.number, "Ana", _opinion(told))
        store.judge(item.number, "Cem", _opinion(told))
    if state != "judging":
        store.move(number, state, "Ana")
    return store


def _candidate(path: str, secret: Secret | None) -> Candidate:
    quality, heat, published = secret[:3] if secret else (60, 61, None)
    drawn = Reason("control", "drawn at random as one of 1 of 3 articles")
    reasons = (Reason(secret.why, f"because of {secret.why}"), drawn) if secret else (Reason("near-miss", "near it"),)
    title = f"Title {int(path[6:10])}"
    return Candidate(path, None, title, "Outlet", quality, heat, published, (), reasons, control=secret is not None)


def _opinion(secret: Secret | None) -> Opinion:
    return Opinion(secret.verdict, secret.suggested, (), secret.note) if secret else Opinion("hold")


CHANGES_BY_ITSELF = re.compile(r"\d+ \w{3} \d{4} \d\d:\d\d UTC|(?:datetime|Timestamp)\([^)]*\)|(?<=file_id: )\w+")
"""The time of a session, in words and in tables, and the random name that a download has."""


def drawn(at: AppTest) -> str:
    """All that the main part of a page sends to the browser: text, labels, tooltips, tables, charts, HTML."""
    return CHANGES_BY_ITSELF.sub("…", "\n".join(_sent(at.main)))


def _sent(node: object) -> Iterator[str]:
    yield from _fields(getattr(node, "proto", None))
    for child in getattr(node, "children", {}).values():
        yield from _sent(child)


def _fields(message: Any) -> Iterator[str]:
    """The fields of a message; tables as their rows, for the bytes between these are anything."""
    for field, value in message.ListFields() if hasattr(message, "ListFields") else ():
        for each in [value] if isinstance(value, str | bytes) or not isinstance(value, Iterable) else value:
            if hasattr(each, "ListFields"):
                yield from _fields(each)
            elif isinstance(each, bytes):
                yield f"{field.name}: {pa.ipc.open_stream(each).read_all().to_pylist()}"
            else:
                yield f"{field.name}: {each}"


DOORS = {
    "sessions": "judging",
    "judge": "judging",
    "settle": "judging",
    "judge while settling": "settling",
    "settle while settling": "settling",
}
"""Ways to look at an article, and the state of its session."""


def looked_at(door: str, person: str = "Ben", item: int = 2) -> AppTest:
    """A person's page at a door, with all that is known of an article open."""
    step = door.split()[0]
    return opened_with_context(person, {} if step == "sessions" else {"session": "1", "step": step, "item": str(item)})


def opened_with_context(person: str, query: dict[str, str]) -> AppTest:
    at = opened_review(person=person, **query)
    at.session_state[CONTEXT] = True
    return run(at)


@pytest.mark.parametrize("door", DOORS)
def test_nothing_that_is_sent_depends_on_what_is_hidden(
    door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = []
    for place, secret in enumerate((ONE, OTHER)):
        begun(tmp_path / str(place), monkeypatch, secret, DOORS[door])
        pages.append(drawn(looked_at(door)))
    assert pages[0] == pages[1]
    assert ("Title 1" in pages[0]) == (door not in ("sessions", "settle"))
    assert (UNSEEN_TEXT in pages[0]) == (door not in ("sessions", "settle"))


@pytest.mark.parametrize("door", ["judge", "settle while settling"])
def test_nor_does_what_is_sent_of_an_article_that_leads_to_it(
    door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its reasons name the other one, by its headline or as a related story, and so does all that is known of it."""
    pages = []
    for place, secret in enumerate((ONE, OTHER)):
        store = begun(tmp_path / str(place), monkeypatch, secret, DOORS[door])
        at = looked_at(door, item=1)
        pages.append(drawn(at))
        assert "- One story, two decisions\n- A related story is better\n- near it" in said(at)
        assert CONTEXT_UNSEEN_TEXT in [element.value for element in at.main.info]
    assert pages[0] == pages[1]
    store.judge(2, "Ben", Opinion("keep"))
    at = looked_at(door, item=1)
    assert 'while "Title 1" (Outlet) of quality 41 is unpublished: 98% alike' in said(at)
    assert "Related stories" in [element.value for element in at.main.header]


@pytest.mark.slow
def test_no_result_depends_on_what_is_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor do the results of a session depend on it that is open beside it, for one who takes no part in that."""
    pages = []
    for place, secret in enumerate((ONE, OTHER)):
        begun(tmp_path / str(place), monkeypatch, secret, "settling")
        at = looked_at("results")
        assert not [each.label for each in at.main.get("download_button") if "Minutes" in each.label]
        assert "without a verdict of yours" in said(at)
        pages.append(drawn(at))
        pages.append(drawn(opened_review(session="1", step="results")))
    assert pages[0] == pages[2]
    assert pages[1] == pages[3]
    seen = looked_at("results", "Ana")
    assert [each.label for each in seen.main.get("download_button") if "Minutes" in each.label]
    assert "without a verdict of yours" not in said(seen)
    assert drawn(seen) != pages[2]


@pytest.mark.parametrize("state", ["judging", "settling"])
def test_all_is_shown_after_ones_own_verdict_and_not_after_a_skip(
    state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = begun(tmp_path, monkeypatch, ONE, state)
    shown = ("quality 83", "heat 29", "published", "Why it is here", "because of near-miss", "drawn at random")
    others = ("Ana said: **drop**, quality 37 — far too long", "Cem said")
    at = looked_at("judge")
    assert UNSEEN_TEXT in [element.value for element in at.main.info]
    assert not [text for text in (*shown, *others) if text in said(at)]
    assert "All that is known" not in [button.label for button in at.main.button]
    assert not at.main.get("page_link")
    press(at, "Skip")
    assert not [text for text in (*shown, *others) if text in said(looked_at("judge"))]
    press(looked_at("judge"), "promote")
    at = looked_at("judge")
    assert [text for text in (*shown, *others) if text not in said(at)] == []
    assert UNSEEN_TEXT not in [element.value for element in at.main.info]
    assert "All that is known" in [button.label for button in at.main.button]
    assert at.main.get("page_link")
    press(at, "Skip")
    assert [text for text in shown if text not in said(looked_at("judge"))] == []
    assert [each.opinion.verdict for each in store.history(2) if each.person == "Ben"] == [None, "promote", None]


def test_at_settling_the_others_wait_for_ones_verdict_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The maker of a session need not judge its other articles; Ana's page shows what Ben's does not."""
    store = begun(tmp_path, monkeypatch, ONE, "settling")
    at = opened_review(person="Ben", session="1", step="settle")
    assert at.selectbox(key="review-case").options == [
        "○ Title 0 · 2 hold",
        "○ Title 2 · 2 hold",
        "◌ Title 1 · judge it first",
    ]
    assert "**0** of 2 judged articles with different verdicts; **0** of 2 settled" in said(at)
    assert "Not counted here: 1 article of the random control sample" in said(at)
    press(at, "Settle the 2 on which all agree")
    assert sorted(store.decisions(1)) == [1, 3]
    at = looked_at("settle")
    assert "What do we decide?" not in said(at)
    assert "Article 2 of 3" in said(press(at, "Judge it"))
    at = looked_at("settle", "Ana")
    assert "Ana: **drop**, quality 37 — far too long" in said(at)
    assert "What do we decide?" in said(at)
    press(looked_at("judge"), "keep")
    assert "Ana: **drop**" in said(looked_at("settle"))


def test_a_closed_session_is_read_by_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(tmp_path, monkeypatch, ONE, "closed")
    at = looked_at("judge")
    assert "quality 83" in said(at)
    assert UNSEEN_TEXT not in [element.value for element in at.main.info]


def test_an_article_that_is_gone_is_judged_blind_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(tmp_path, monkeypatch, ONE)
    (tmp_path / "corpus" / JUDGED).unlink()
    at = looked_at("judge")
    assert "Outlet" in said(at)
    assert "83" not in said(at)
    press(at, "keep")
    assert "quality 83" in said(looked_at("judge"))


@pytest.mark.slow
def test_the_agenda_of_a_new_session_says_nothing_of_its_control_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARTICLE_ANALYTICS_REVIEWS", f"sqlite:///{tmp_path / 'reviews.db'}")
    at = opened_review(person="Ana", step="build")
    (table,) = (element.value for element in at.main.dataframe)
    blind = table["Why it is here"] == LISTED_TEXT
    assert blind.sum() == 6
    assert table.loc[blind, "Quality"].isna().all()
    assert not table.loc[~blind, "Why it is here"].str.contains("drawn at random").any()
    press(at, "Open the session")
    items = open_store().items(1)
    assert [item.candidate.control for item in items] == blind.tolist()
    assert any(len(item.candidate.reasons) > 1 for item in items if item.candidate.control)
