"""What heat does in the history of the sample corpus: courses above quality, in hours after the first commit."""

from collections.abc import Callable, Sequence
from random import Random

from analytics.corpus.sample_scores import HIGHEST

Course = list[tuple[float, int]]
"""Hours after the first commit, and the heat from then on; before the first of them heat is quality."""

SHARES = (("flash", 0.13), ("slow", 0.07), ("resets", 0.05), ("evergreen", 0.03))
"""How many of the articles that end at their quality have moved, by kind."""


def drawn(rng: Random) -> str:
    """The kind of course that an article takes; empty for one that never moves."""
    roll = rng.random()
    for kind, share in SHARES:
        roll -= share
        if roll < 0:
            return kind
    return ""


def course(rng: Random, kind: str, quality: int) -> Course:
    """A course of a kind; it ends at quality."""
    return [(hours, min(heat, HIGHEST)) for hours, heat in COURSES[kind](rng, quality)]


def warming(rng: Random, quality: int, heat: int, hours: float) -> Course:
    """Up to a heat above quality, within some hours, in a few steps."""
    steps = min(1 + int(3 * rng.random()), heat - quality)
    rises = [quality + (heat - quality) * (step + 1) // steps for step in range(steps)]
    return _spaced([(hours / steps) * (0.6 + 0.3 * rng.random()) for _ in rises], rises)


def _flash(rng: Random, quality: int) -> Course:
    peak = 6 + int(12 * rng.random())
    gaps = [2 + 3 * rng.random(), 2 + 4 * rng.random(), 5 + 10 * rng.random(), 4 + 10 * rng.random()]
    return _spaced(gaps, [quality + peak * 2 // 3, quality + peak, quality + peak // 3, quality])


def _slow(rng: Random, quality: int) -> Course:
    steps = 4 + int(3 * rng.random())
    rises = [quality + 1 + step + step // 2 for step in range(steps)]
    return _spaced([9 + 9 * rng.random() for _ in rises] + [14 + 20 * rng.random()], [*rises, quality])


def _resets(rng: Random, quality: int) -> Course:
    gaps: list[float] = []
    heats: list[int] = []
    for _ in range(2 + int(2 * rng.random())):
        lift = 4 + int(7 * rng.random())
        gaps += [30 + 60 * rng.random(), 18 + 30 * rng.random()]
        heats += [quality + lift, quality]
    return _spaced(gaps, heats)


def _evergreen(rng: Random, quality: int) -> Course:
    lift = 5 + int(6 * rng.random())
    wobbles = [quality + lift + turn % 2 for turn in range(5)]
    return _spaced([24.0] + [150 + 120 * rng.random() for _ in wobbles], [*wobbles, quality])


def _spaced(gaps: Sequence[float], heats: Sequence[int]) -> Course:
    """Heats that follow each other after gaps of some hours, at least two each, since commits come every two."""
    found, hours = [], 0.0
    for gap, heat in zip(gaps, heats, strict=True):
        hours += max(gap, 2.0)
        found.append((hours, heat))
    return found


COURSES: dict[str, Callable[[Random, int], Course]] = {
    "flash": _flash,
    "slow": _slow,
    "resets": _resets,
    "evergreen": _evergreen,
}
