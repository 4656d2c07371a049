"""What a corpus needs once before its answers are quick: built ahead, or by the first question that needs it."""

from collections.abc import Callable

from analytics.corpus.loader import Corpus
from analytics.engine.encoded import encoded
from analytics.engine.listing import SORTS, sort_keys

STEPS: dict[str, Callable[[Corpus], object]] = {
    "codes of labels, numbers and days": encoded,
    "the rows of paths, problems and topics": lambda corpus: (
        encoded(corpus).paths,
        encoded(corpus).problem_counts,
        encoded(corpus).topic_starts,
    ),
    "sort orders": lambda corpus: [sort_keys(encoded(corpus), key) for key in SORTS if key != "relevance"],
    "index of words": lambda corpus: encoded(corpus).words,
}
"""What is built → how, in the order in which readers need it."""


def warm_up(corpus: Corpus) -> None:
    """Build everything that the first questions would wait for; may run in a thread of its own.

    A question that comes meanwhile waits for the step that it needs, or builds a small one itself.
    """
    for step in STEPS.values():
        step(corpus)
