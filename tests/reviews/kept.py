"""A small session in a real store, and what makes others."""

from collections.abc import Sequence
from pathlib import Path

from analytics.reviews.models import Candidate, Draft, Opinion, Reason, Settlement
from analytics.reviews.store import Store, open_store


def candidate(name: str, *reasons: Reason, **known: object) -> Candidate:
    """An article `_news/NAME.md` with a quality of 72, published, of the outlet Alpha, unless it is said otherwise."""
    fields: dict[str, object] = {
        "path": f"_news/{name}.md",
        "url": f"https://alpha.example/{name}",
        "title": name.capitalize(),
        "provider": "Alpha",
        "quality": 72,
        "heat": 80,
        "published": True,
        "topics": ("AI",),
        "reasons": reasons or (Reason("near-miss", f"{name} is near"),),
    }
    return Candidate(**(fields | known))  # type: ignore[arg-type]


def draft(candidates: Sequence[Candidate], title: str = "Monday", selection: str = "topic=AI") -> Draft:
    """A session of some articles."""
    return Draft(title, selection, "site", "f00d", "c0ffee", 45, 7, len(candidates), tuple(candidates))


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
    store.judge(atlas, "Ana", Opinion("keep", reasons=("out of date",), token="1"))
    store.judge(atlas, "Bo", Opinion("keep", token="2"))
    store.judge(beta, "Ana", Opinion("drop", token="3"))
    store.judge(beta, "Ana", Opinion("promote", 75, ("score too low",), "=1+1\n| a |", token="4"))
    store.judge(beta, "Bo", Opinion("demote", 60, token="5"))
    store.judge(chips, "Bo", Opinion("fix data", token="6"))
    store.judge(delta, "Ana", Opinion(None, token="7"))
    store.judge(delta, "Bo", Opinion("hold", note="Ask the author.", token="8"))
    store.settle(atlas, "Ana", Settlement("settled", "keep", present=("Ana", "Bo"), token="9"))
    store.settle(beta, "Ana", Settlement("settled", "promote", 75, "Good.", ("Ana", "Bo"), token="10"))
    store.settle(chips, "Bo", Settlement("settled", "fix data", token="11"))
    store.settle(delta, "Bo", Settlement("another look", "hold", note="Next week.", token="12"))
    return session
