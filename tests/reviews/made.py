"""Agendas for the tests of stores."""

from analytics.reviews.models import Candidate, NewSession, Reason
from analytics.reviews.store.store import Store


def candidate(name: str = "one", **more: object) -> Candidate:
    """An article for an agenda; what is not given is made of its name."""
    fields: dict[str, object] = {
        "path": f"_news/{name}.md",
        "url": f"https://example.org/{name}",
        "title": f"About {name}",
        "provider": "Alpha",
        "quality": 69,
        "heat": -1,
        "published": False,
        "topics": ("AI", "Power"),
        "reasons": (Reason("near miss", "1 point below the cut-off"),),
    }
    return Candidate(**{**fields, **more})  # type: ignore[arg-type]


def draft(*names: str, **more: object) -> NewSession:
    """A session with an article of each name."""
    fields: dict[str, object] = {
        "title": "Monday",
        "selection": "topics=AI",
        "corpus": "sample",
        "fingerprint": "abc",
        "commit": None,
        "budget": 45,
        "seed": 7,
        "eligible": 120,
        "candidates": tuple(candidate(name) for name in names),
    }
    return NewSession(**{**fields, **more})  # type: ignore[arg-type]


def begun(store: Store, *names: str) -> tuple[int, list[int]]:
    """The number of a new session, and those of its items."""
    session = store.create(draft(*names), "Ann")
    return session, [item.number for item in store.items(session)]
