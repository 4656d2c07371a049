"""How the sample corpus is scored: quality, heat and the decision to publish."""

from random import Random

from analytics.corpus.sample_calendar import UNDECIDED, UNRANKED_SPELL, UNSCORED, YOUNG, drift
from analytics.corpus.sample_world import CUTOFF, Outlet

HIGHEST = 190
FAVOURED = (14, 37, 72, 87, 104, 119)
MIDDLE = 66
HOT = 12


def draw_quality(rng: Random, outlet: Outlet, lift: int, day: int) -> int:
    """A whole number from 0 to 190 that depends on outlet, topic and day, and often snaps to a favoured value."""
    noise = (rng.random() + rng.random() + rng.random() - 1.5) * 42
    tail = rng.random()
    if tail < 0.03:
        noise += 20 + 55 * rng.random()
    elif tail < 0.05:
        noise -= 20 + 30 * rng.random()
    score = min(abs(int(MIDDLE + outlet.offset + lift + drift(day) + noise)), HIGHEST)
    snap = rng.random()
    if snap < 0.17 and abs(score - outlet.usual) < 24:
        return outlet.usual
    if snap > 0.8:
        nearest = min(FAVOURED, key=lambda value: abs(value - score))
        if abs(nearest - score) < 12:
            return nearest
    return score


def draw_heat(rng: Random, quality: int, day: int, *, hot: bool) -> int:
    """-1 for an unranked article; otherwise quality, lifted more often when young, and far when hot."""
    if rng.random() < (0.26 if day in UNRANKED_SPELL else 0.05):
        return -1
    if hot and rng.random() < 0.5:
        return min(quality + HOT + int(29 * rng.random()), HIGHEST)
    roll = rng.random()
    lifted = 0.72 if day in YOUNG else 0.14
    if roll < lifted:
        return min(quality + 1 + int(8 * rng.random() * rng.random()), HIGHEST)
    if roll > 0.96:
        return max(quality - 1 - int(3 * rng.random()), 0)
    return quality


def draw_published(rng: Random, quality: int, day: int) -> bool | None:
    """True from the cut-off on, with a few exceptions near it and a few undecided (None)."""
    roll = rng.random()
    if day in UNDECIDED or roll < 0.008:
        return None
    if roll > 0.968 and abs(quality - CUTOFF) < 16 and day not in UNSCORED:
        return quality < CUTOFF
    return quality >= CUTOFF
