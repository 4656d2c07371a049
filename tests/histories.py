"""Small histories for tests: lives as short lists of (hours, quality, heat), a step of hours alone is the file's end.

A file is taken over by a life that appears at its path while another is there::

    history_of(life("a.md", (5, 72, 72), (10, 72, 75), (30, 72, 72)), life("b.md", (8, 60, -1), (20,)))

The history begins at `START` with a commit of its own, so that a life with its first step at hour 0 has no seen
beginning; it ends with its last step, or at `until`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from analytics.corpus.loader import Corpus
from analytics.engine.history_and_reviews import SideData
from analytics.engine.slice import Slice
from analytics.history.history_tables import CHANGES, COMMITS, TRACKED, History
from analytics.selection.selection import Selection
from tests.corpora import corpus_of

START = pd.Timestamp("2024-01-01T00:00:00Z")

Step = tuple[float, int | None, int | None] | tuple[float]


@dataclass(frozen=True)
class Life:
    """One article over time: its steps, and what else each of its versions has."""

    path: str
    steps: Sequence[Step]
    domain: str | None
    published: Mapping[float, bool | None]
    fields: Mapping[str, Any] = field(default_factory=dict)
    over: bool = False

    def versions(self) -> Iterator[dict[str, Any]]:
        """Its versions in the order of time, as rows of `CHANGES` but for the commit."""
        before: dict[str, Any] = {}
        kind, published = "appeared", None
        for step in sorted(self.steps, key=lambda step: step[0]):
            published = self.published.get(step[0], published)
            scores = {"quality": step[1], "heat": step[2]} if len(step) == 3 else {}
            row = {"path": self.path, "domain": self.domain, "url": None, "title": f"Title of {self.path}"}
            row |= {"provider": self.domain, "topics": None, "type": None, "published_at": None, "published": published}
            row["date_only"] = False
            row |= dict(self.fields) | ({"quality": before.get("quality"), "heat": before.get("heat")} | scores)
            kind = "removed" if not scores else kind
            tracked = [name for name in TRACKED if before and row[name] != before[name]]
            yield row | {"hours": step[0], "kind": kind, "fields": "; ".join(tracked)}
            kind, before = "changed" if scores else "returned", row


def life(
    path: str,
    *steps: Step,
    domain: str | None = None,
    published: bool | Mapping[float, bool | None] | None = None,
    at: str | None = None,
    kind: str | None = None,
    over: bool = False,
    **fields: Any,
) -> Life:
    """A life; `published` may say the hours at which it changes, `at` is the day or time of publication.

    One that comes `over` others ends them while it is there: they are gone at its start, and return at its end.
    """
    flags = published if isinstance(published, Mapping) else {steps[0][0]: published}
    when = None if at is None else pd.Timestamp(at, tz="UTC")
    fields = {name: value or None for name, value in fields.items()}
    return Life(path, steps, domain, flags, fields | {"published_at": when, "type": kind}, over)


def history_of(*lives: Life, commits: Sequence[float] = (), until: float = 0.0) -> History:
    """The history of some lives; `commits` are hours of further commits that touch no article."""
    lives = tuple(one if one.over else _under(one, [each for each in lives if each.over]) for one in lives)
    rows = [row | {"life": number} for number, one in enumerate(lives) for row in one.versions()]
    hours = sorted({0.0, float(until), *map(float, commits), *(float(row["hours"]) for row in rows)})
    seen = pd.Series([START + pd.Timedelta(hours=hour) for hour in hours])
    place = {hour: number for number, hour in enumerate(hours)}
    order = {"removed": 0}
    rows.sort(key=lambda row: (row["hours"], row["path"], order.get(row["kind"], 1)))
    names = [f"{number:040x}" for number in range(len(hours))]
    changes = pd.DataFrame(rows, columns=[*CHANGES.names, "hours"])
    at = changes["hours"].astype("float64").map(place).astype("int64")
    changes = changes.assign(place=at, commit=[names[each] for each in at], committed_at=list(seen.loc[at]))
    counts = dict.fromkeys([column.name for column in COMMITS.columns if column.kind == "whole"], 0)
    frame = pd.DataFrame({"commit": names, "committed_at": seen, "seen_at": seen}).assign(**counts)
    frame = frame.assign(place=range(len(hours)), files=at.value_counts().reindex(frame.index, fill_value=0))
    return History("hand-made", CHANGES.of(changes.drop(columns="hours")), COMMITS.of(frame))


def told(*lives: Life, corpus: Corpus | None = None, **more: Any) -> Slice:
    """A slice with the history of some lives beside a corpus, an empty one if none is given."""
    return Slice(corpus or corpus_of([]), Selection(), SideData(history_of(*lives, **more)))


def _under(one: Life, over: Sequence[Life]) -> Life:
    """A life that is gone while another one has its file."""
    steps, flags = list(one.steps), dict(one.published)
    for other in over:
        hours = [step[0] for step in other.steps]
        if other.path != one.path:
            continue
        for here, gone in zip(hours[::2], hours[1::2], strict=True):
            last = [step for step in one.steps if len(step) == 3 and step[0] < here][-1]
            steps += [(here,), (gone, last[1], last[2])]
    return Life(one.path, steps, one.domain, flags, one.fields)


def random_lives(most: int = 8) -> st.SearchStrategy[list[Life]]:
    """Random lives of few versions, some of them unscored, unranked, gone for a while, or there from the start."""
    scores = st.sampled_from([None, 60, 70, 72])
    step = st.tuples(scores, st.sampled_from([None, -1, 60, 70, 71, 72, 75]))
    versions = st.lists(st.none() | step | step | step, min_size=1, max_size=6)
    gaps = st.lists(st.integers(1, 40), min_size=6, max_size=6)

    def made(starts: int, versions: list[tuple[int | None, int | None] | None], gaps: list[int], number: int) -> Life:
        hours = [starts + sum(gaps[:place]) for place in range(len(versions))]
        steps: list[Step] = []
        for hour, found in zip(hours, versions, strict=True):
            if found is not None:
                steps.append((hour, *found))
            elif steps and len(steps[-1]) == 3:
                steps.append((hour,))
        return life(f"{number}.md", *(steps or [(starts, 60, 60)]), provider="A" if number % 2 else "B")

    one = st.builds(lambda *found: found, st.integers(0, 30), versions, gaps)
    many = st.lists(one, min_size=1, max_size=most)
    return many.map(lambda found: [made(*parts, number) for number, parts in enumerate(found)])
