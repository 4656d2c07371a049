"""What a sample corpus holds on purpose: faulty files, odd titles, stories told twice, and more that a check finds."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from tests.sample_corpus.words import SPECIAL_TITLES

FAULTS = (
    "quality_text",
    "quality_quoted",
    "title_missing",
    "time_missing",
    "time_unparsable",
    "time_naive",
    "unterminated",
    "yaml_broken",
    "yaml_tab",
    "duplicate_key",
    "topics_text",
    "not_utf8",
    "empty_file",
    "published_text",
    "provider_text",
)
LARGEST_FAULT_COUNT = 10
LARGEST_LIST = 1000

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Planted:
    """What was put into a sample corpus on purpose, as paths from its root; a list ends after `LARGEST_LIST` entries.

    Attributes:
        faults: files by kind of fault (see `FAULTS`).
        special_titles: the file of each title that is awkward to show or export (see `SPECIAL_TITLES`).
        repeated_urls: earlier and later file with the same `originalUrl`.
        syndicated: earlier and later file with the same title from different outlets.
        near_duplicates: earlier and later file whose titles differ in one word.
        stale_related: a file, and the article whose copy in `related` has another quality than the article itself.
        misfiled: a file, and the topic it carries without a keyword in its text.
        published_below: published in spite of a quality under the cut-off.
        held_above: not published in spite of a quality at or above the cut-off.
        undecided: neither published nor held back.
        date_mismatches: the date in the file name is not the UTC date of publication.
        hot: heat at least 12 above quality, in the days after an event.
        totals: how many there are of each case, faults and special titles included, also beyond the end of a list.
    """

    faults: Mapping[str, tuple[str, ...]]
    special_titles: Mapping[str, str]
    repeated_urls: Pairs
    syndicated: Pairs
    near_duplicates: Pairs
    stale_related: Pairs
    misfiled: Pairs
    published_below: tuple[str, ...]
    held_above: tuple[str, ...]
    undecided: tuple[str, ...]
    date_mismatches: tuple[str, ...]
    hot: tuple[str, ...]
    totals: Mapping[str, int]


class Record:
    """Collects what is planted while the corpus is drawn, in bounded memory."""

    def __init__(self) -> None:
        self._paths: defaultdict[str, list[str]] = defaultdict(list)
        self._pairs: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self._totals: defaultdict[str, int] = defaultdict(int)

    def note(self, case: str, path: str) -> None:
        """One more file of a case."""
        self._totals[case] += 1
        if self._totals[case] <= LARGEST_LIST:
            self._paths[case].append(path)

    def note_pair(self, case: str, first: str, second: str) -> None:
        """One more pair of a case."""
        self._totals[case] += 1
        if self._totals[case] <= LARGEST_LIST:
            self._pairs[case].append((first, second))

    def planted(self) -> Planted:
        """All that was noted so far."""
        return Planted(
            faults={case: tuple(self._paths[case]) for case in FAULTS if case in self._paths},
            special_titles={case: self._paths[case][0] for case in SPECIAL_TITLES if case in self._paths},
            repeated_urls=tuple(self._pairs["repeated_urls"]),
            syndicated=tuple(self._pairs["syndicated"]),
            near_duplicates=tuple(self._pairs["near_duplicates"]),
            stale_related=tuple(self._pairs["stale_related"]),
            misfiled=tuple(self._pairs["misfiled"]),
            published_below=tuple(self._paths["published_below"]),
            held_above=tuple(self._paths["held_above"]),
            undecided=tuple(self._paths["undecided"]),
            date_mismatches=tuple(self._paths["date_mismatches"]),
            hot=tuple(self._paths["hot"]),
            totals=dict(self._totals),
        )


def reserve(rng: Random, articles: int, unscored: range) -> tuple[dict[int, str], dict[int, str]]:
    """Which article numbers carry a fault and which a special title; few in a small corpus, none among the unscored."""
    each = max(1, min(articles // 1000 // len(FAULTS), LARGEST_FAULT_COUNT))
    faults = FAULTS[: articles // 20] * each
    specials = tuple(SPECIAL_TITLES)[: articles // 30]
    drawn = rng.sample(range(articles), min(articles, 3 * (len(faults) + len(specials))))
    free = [number for number in drawn if number not in unscored]
    return dict(zip(free, faults, strict=False)), dict(zip(free[len(faults) :], specials, strict=False))
