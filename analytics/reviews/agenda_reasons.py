"""Why an article can be on an agenda: what each reason means, how it is found, how it is weighed at first."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analytics.engine.slice import Slice
from analytics.reviews.reasons_of_records import missing_score, problems
from analytics.reviews.reasons_of_scores import (
    against_score,
    extreme_for_provider,
    heat_lift,
    near_miss,
    unranked_though_strong,
)
from analytics.reviews.reasons_of_stories import better_related, decisions_differ
from analytics.reviews.reasons_of_topics import unsupported_topic

WEIGHT_MAX = 5

CONTROL, HAND_PICKED, SELECTION = "control", "hand-picked", "selection"
"""Reasons that are not weighed: drawn at random, named by a person, one of a whole selection."""


@dataclass(frozen=True)
class AgendaReason:
    """A reason that a team weighs.

    `name` is stable (links, CSV); `meaning` is for an editor; `weight` is where a team starts, 0 to `WEIGHT_MAX`;
    `find` gives the articles of a slice that it applies to (`reasoned.REASONED`).
    """

    name: str
    label: str
    meaning: str
    weight: int
    find: Callable[[Slice], pd.DataFrame]


AGENDA_REASONS = (
    AgendaReason(
        "against-score",
        "Against the score",
        "It is published below the cut-off in quality that the others keep, or unpublished at or above it.",
        5,
        against_score,
    ),
    AgendaReason(
        "decisions-differ",
        "One story, two decisions",
        "It is published and another article with the same address, headline or text is not, or the other way round.",
        4,
        decisions_differ,
    ),
    AgendaReason(
        "near-miss",
        "Near the cut-off",
        "A few points more or less, 5 at most, would have published or stopped it.",
        4,
        near_miss,
    ),
    AgendaReason(
        "extreme",
        "Extreme for its provider",
        "Its quality is far from what its provider's articles usually have (robust z of 3.5 or more, n of 10 or more).",
        3,
        extreme_for_provider,
    ),
    AgendaReason(
        "heat-lift",
        "Much hotter than good",
        "Its heat is 10 points or more above its quality: readers may see more in it than the score does, or less.",
        3,
        heat_lift,
    ),
    AgendaReason(
        "unranked",
        "Unranked though strong",
        "It is not ranked by heat (-1) although its quality is in the best quarter of the corpus.",
        3,
        unranked_though_strong,
    ),
    AgendaReason(
        "better-related",
        "A related story is better",
        "One of its related stories has a higher quality than the article that leads them.",
        2,
        better_related,
    ),
    AgendaReason(
        "unsupported-topic",
        "Topic without a keyword",
        "It is filed under a topic of which neither headline nor excerpt holds a keyword.",
        2,
        unsupported_topic,
    ),
    AgendaReason(
        "missing-score",
        "Missing score",
        "It has no quality or no heat, as at least half of the articles of its folder have.",
        1,
        missing_score,
    ),
    AgendaReason(
        "problems",
        "Problems in the record",
        "Its record has errors or warnings: a value was lost or is doubtful.",
        1,
        problems,
    ),
)

LABELS = {reason.name: reason.label for reason in AGENDA_REASONS} | {
    CONTROL: "Random sample",
    HAND_PICKED: "Hand-picked",
    SELECTION: "In the selection",
}
"""Every name of a reason → what it is called on screen and in minutes."""


def first_weights() -> dict[str, int]:
    """The weights that a team starts with."""
    return {reason.name: reason.weight for reason in AGENDA_REASONS}
