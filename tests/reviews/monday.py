"""A session with something of everything that minutes tell."""

from collections.abc import Sequence
from pathlib import Path

from analytics.reviews.models import Candidate, NewSession, Opinion, Reason, Settlement
from analytics.reviews.store.store import Store, open_store
from tests.reviews import made


def candidate(name: str, *reasons: Reason, **known: object) -> Candidate:
    """An article `_news/NAME.md` with a quality of 72, published, unless it is said otherwise."""
    fields = {"url": f"https://alpha.example/{name}", "title": name.capitalize(), "quality": 72, "heat": 80}
    why = reasons or (Reason("near-miss", f"{name} is near"),)
    return made.candidate(name, **(fields | {"published": True, "reasons": why} | known))


def draft(candidates: Sequence[Candidate], title: str = "Monday") -> NewSession:
    """A session of some articles."""
    return made.draft(title=title, candidates=tuple(candidates), selection="topic=AI", commit="c0ffee")


def store_in(folder: Path) -> Store:
    """A store in a folder."""
    return open_store(f"sqlite:///{folder / 'reviews.db'}")


def monday(store: Store) -> int:
    """A session of five articles that two people judged: agreed, disputed and settled, open twice, not judged."""
    sample = candidate("chips", Reason("control", "drawn at random as one of 1 of 5"), control=True, heat=-1)
    named = [candidate("atlas"), candidate("beta", published=False, quality=69), sample, candidate("delta")]
    session = store.create(draft(named, title="Monday *review*"), "Ana")
    store.add(session, [candidate("late", Reason("hand-picked", "picked by hand"), url=None, quality=None)], "Bo")
    atlas, beta, chips, delta, _late = (item.number for item in store.items(session))
    store.judge(atlas, "Ana", Opinion("keep", reasons=("out of date",)))
    store.judge(atlas, "Bo", Opinion("keep"))
    store.judge(beta, "Ana", Opinion("drop"))
    store.judge(beta, "Ana", Opinion("promote", 75, ("score too low",), "=1+1\n| a |"))
    store.judge(beta, "Bo", Opinion("demote", 60))
    store.judge(chips, "Bo", Opinion("fix data"))
    store.judge(delta, "Ana", Opinion(None))
    store.judge(delta, "Bo", Opinion("hold", note="Ask the author."))
    store.settle(atlas, "Ana", Settlement("settled", "keep", present=("Ana", "Bo")))
    store.settle(beta, "Ana", Settlement("settled", "promote", 75, "Good.", ("Ana", "Bo")))
    store.settle(chips, "Bo", Settlement("settled", "fix data"))
    store.settle(delta, "Bo", Settlement("another look", "hold", note="Next week."))
    return session
