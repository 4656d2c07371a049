"""The agenda of a session: articles proposed by weighted reasons, a random control sample, or a person's choice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analytics.engine.slice import Slice
from analytics.errors import ReviewError
from analytics.history.as_of import last_commit_of
from analytics.reviews.agenda_reasons import (
    AGENDA_REASONS,
    CONTROL,
    HAND_PICKED,
    SELECTION,
    WEIGHT_MAX,
    default_weights,
)
from analytics.reviews.models import Candidate, NewSession, Reason, Rules

SEED_MAX = 10**16 - 1


def allocate_places(
    lists: Mapping[str, Sequence[str]], weights: Mapping[str, int], places: int, excluded: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Allocate places to articles of several lists by weight: path → name of its list, in the order of the places.

    The next place goes to the list with the most weight for its places so far, of equals the first, and there to the
    first article that has none yet and is not `excluded`. A list that runs short leaves its places to the others.
    Source: the highest averages with divisors 1, 3, 5, … (Webster 1832, Sainte-Laguë 1910), which give each list its
    exact share by weight wherever that is a whole number.
    """
    remaining = {name: iter(paths) for name, paths in lists.items() if weights.get(name, 0) > 0}
    counts = dict.fromkeys(remaining, 0)
    allocated: dict[str, str] = {}
    while remaining and len(allocated) < places:
        name = max(remaining, key=lambda each: weights[each] / (2 * counts[each] + 1))
        path = next((path for path in remaining[name] if path not in allocated and path not in excluded), None)
        if path is None:
            del remaining[name]
        else:
            allocated[path] = name
            counts[name] += 1
    return allocated


def random_sample(names: Sequence[str], n: int, seed: int) -> list[str]:
    """A simple random sample of `n` of the names, or all when there are fewer, in the order in which they are drawn.

    Each name is hashed with the seed (SipHash), and the lowest hashes are drawn. So the sample does not depend on the
    order of the names, a larger sample contains the smaller one, and names that come or go change only their own
    places. Samples of different seeds are independent.
    Source: the bottom-k sample (Cohen, Kaplan 2007, Summarizing data using bottom-k sketches, PODC).
    """
    numbers = pd.util.hash_array(np.array(names, dtype="object"), hash_key=f"{seed:016}", categorize=False)
    order = np.lexsort((np.array(names, dtype="str"), numbers))
    return [names[position] for position in order[:n]]


Reasons = Mapping[str, Sequence[Reason]]
"""The reasons for each article, by path."""


@dataclass(frozen=True)
class AgendaSettings:
    """The settings of a proposed agenda: weights by reason (none or 0 leaves it out), time, random sample, seed.

    The time has room for `minutes` at `seconds_each` articles; at most `control` of them are the random sample.
    Raises ReviewError for an unknown reason and for invalid numbers.
    """

    weights: Mapping[str, int] = field(default_factory=default_weights)
    minutes: int = 30
    seconds_each: int = 60
    control: int = 6
    seed: int = 1

    def __post_init__(self) -> None:
        known = default_weights()
        for name, weight in self.weights.items():
            if name not in known:
                raise ReviewError(f"There is no agenda reason {name!r}. Use {', '.join(known)}.")
            if not 0 <= weight <= WEIGHT_MAX:
                raise ReviewError(f"The weight of {name} is {weight}. Give it 0 to {WEIGHT_MAX}.")
        if self.minutes < 0 or self.control < 0 or self.seconds_each < 1:
            raise ReviewError("An agenda needs minutes and a random sample of 0 or more, and a second or more each.")
        if not 0 <= self.seed <= SEED_MAX:
            raise ReviewError(f"The seed is {self.seed}. Give it 0 to {SEED_MAX}.")

    @property
    def places(self) -> int:
        """The number of articles that the time is enough for."""
        return self.minutes * 60 // self.seconds_each


@dataclass(frozen=True)
class Agenda:
    """A proposed agenda, its articles in the order in which to judge them.

    The random sample was drawn from `eligible` articles. By reason with a weight: it applies to `found` articles, of
    which `listed` are on the agenda besides the random sample.
    """

    candidates: tuple[Candidate, ...]
    eligible: int
    found: Mapping[str, int]
    listed: Mapping[str, int]


def propose_agenda(data: Slice, settings: AgendaSettings) -> Agenda:
    """The agenda of a slice for some settings; the same for the same corpus, selection and settings.

    The random sample is drawn first, from all articles of the slice; its articles stay marked when reasons apply to
    them as well. The other places are allocated by weight (`allocate_places`), the strongest first. An article is
    listed once, with all its reasons. The order is by reason; the articles of the sample are put among the others at
    random, so that their places do not tell which reasons apply to them.
    """
    weighed = [reason for reason in AGENDA_REASONS if settings.weights.get(reason.name)]
    tables = {reason.name: reason.find(data) for reason in weighed}
    control = random_sample(data.articles["path"].tolist(), min(settings.control, settings.places), settings.seed)
    lists = {name: table["path"].tolist() for name, table in tables.items()}
    allocated = allocate_places(lists, settings.weights, settings.places - len(control), frozenset(control))
    chosen = {*control, *allocated}
    reasons: dict[str, list[Reason]] = {path: [] for path in chosen}
    positions: dict[str, tuple[int, int]] = {}
    for number, (name, table) in enumerate(tables.items()):
        for position, path, why in table.loc[table["path"].isin(chosen), ["path", "why"]].itertuples():
            reasons[path].append(Reason(name, why))
            if allocated.get(path) == name:
                positions[path] = (number, position)
    drawn_why = f"drawn at random as one of {len(control):,} of {data.n:,} articles"
    for path in control:
        reasons[path].append(Reason(CONTROL, drawn_why))
    order = _insert_at_random(sorted(positions, key=positions.__getitem__), control, settings.seed)
    found = {name: len(paths) for name, paths in lists.items()}
    listed = {name: len(allocated.keys() & paths) for name, paths in lists.items()}
    return Agenda(_candidates(data, order, reasons, frozenset(control)), data.n, found, listed)


def handpicked(data: Slice, paths: Sequence[str]) -> tuple[Candidate, ...]:
    """Candidates for articles that a person picked, in their order. Raises ReviewError for unknown paths."""
    wanted = list(dict.fromkeys(paths))
    known = set(data.corpus.articles["path"])
    if unknown := [path for path in wanted if path not in known]:
        more = f" and {len(unknown) - 1:,} more" if len(unknown) > 1 else ""
        raise ReviewError(f"There is no article {unknown[0]}{more} in {data.corpus.name}. Leave it out.")
    why = (Reason(HAND_PICKED, "picked by hand"),)
    return _candidates(data, wanted, dict.fromkeys(wanted, why))


def whole_selection(data: Slice) -> tuple[Candidate, ...]:
    """Candidates for all articles of the slice, the newest first, then by path."""
    newest = data.articles.sort_values(["published_at", "path"], ascending=[False, True])
    why = (Reason(SELECTION, f"selected: {data.selection.in_words()}"),)
    return _candidates(data, newest["path"].tolist(), dict.fromkeys(newest["path"], why))


def new_session(
    data: Slice,
    *,
    title: str,
    chosen_candidates: Iterable[Candidate],
    budget_minutes: int,
    seed: int = 1,
    eligible: int | None = None,
    rules: Rules | None = None,
) -> NewSession:
    """A session to open, for `budget_minutes`; `eligible` is the number of articles of the slice if not given.

    Raises ReviewError without a title or without candidates.
    """
    named, listed = " ".join(title.split()), tuple(chosen_candidates)
    if not named:
        raise ReviewError("The session has no title. Give it one.")
    if not listed:
        raise ReviewError("No article is on the agenda. Weigh more reasons, give more time or widen the selection.")
    corpus = data.corpus
    return NewSession(
        title=named,
        selection=data.selection.text,
        corpus=corpus.name,
        fingerprint=corpus.fingerprint,
        commit=last_commit_of(corpus),
        budget=budget_minutes,
        seed=seed,
        eligible=data.n if eligible is None else eligible,
        candidates=listed,
        rules=rules or Rules(),
    )


def _insert_at_random(listed: Sequence[str], others: Sequence[str], seed: int) -> list[str]:
    """The others put among the listed at random positions; the order of both stays."""
    total = len(listed) + len(others)
    places = [f"place {position}" for position in range(total)]
    inserted = dict(zip(random_sample(places, len(others), seed), others, strict=True))
    rest = iter(listed)
    return [inserted[place] if place in inserted else next(rest) for place in places]


def _candidates(
    data: Slice, paths: Sequence[str], reasons: Reasons, control: frozenset[str] = frozenset()
) -> tuple[Candidate, ...]:
    articles, topics = data.corpus.articles, data.corpus.topics
    rows = articles[articles["path"].isin(paths)].astype("object")
    records = {row.path: row for row in rows.where(rows.notna(), None).itertuples()}
    named = topics[topics["path"].isin(paths)].astype({"topic": "str"}).groupby("path", sort=False)["topic"].agg(tuple)
    return tuple(
        _candidate(records[path], named.get(path, ()), reasons[path], control=path in control) for path in paths
    )


def _candidate(row: Any, topics: tuple[str, ...], reasons: Sequence[Reason], *, control: bool) -> Candidate:
    return Candidate(
        path=row.path,
        url=row.url,
        title=row.title,
        provider=row.provider,
        quality=_int_or_none(row.quality),
        heat=_int_or_none(row.heat),
        published=None if row.published is None else bool(row.published),
        topics=topics,
        reasons=tuple(reasons),
        control=control,
    )


def _int_or_none(value: Any) -> int | None:
    return None if value is None else int(value)
