"""What one card, tile or sentence calls a change, no other of the same selection leaves unclear."""

import re
from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.analyses.common.changes import CHANGED, label_and_figure_changes
from analytics.analyses.comparison.snapshots import topic_share_changes
from analytics.app.sidebar import PRESETS, preset_days
from analytics.catalog import VIEWS
from analytics.catalog.comparison import COMPARED
from analytics.corpus.loader import Corpus
from analytics.engine.comparison import make_comparison
from analytics.engine.slice import Slice
from analytics.engine.slice_of import slice_of
from analytics.reports.changes_digest import topic_sentence
from analytics.reports.report.summary import summary
from analytics.selection.selection import Selection
from analytics.statistics.change_test import DOWN, UP

RANDOM_SELECTIONS = 30
CARDS = ("key_figures", "biggest_changes", "topic_changes", "quality_shift")
COMPARISONS = ("compared_differences", "compared_topics", "compared_providers")
FIGURES = {"share_published": "share_published", "median_quality": "quality", "median_heat_lift": "lift"}
"""Key figure → the figure of the change test."""

MOVED = {
    UP: r"\b(rose|rising|up|higher|more)\b",
    DOWN: r"\b(fell|falling|down|lower|less)\b",
}


def random_selections(corpus: Corpus) -> Iterator[Selection]:
    """Days, a comparison, and often a topic, a provider, a state or a range of quality, drawn from a fixed seed."""
    rng = np.random.default_rng(20_061)
    whole = slice_of(corpus)
    first, last = whole.first_day, whole.last_day
    assert first is not None
    assert last is not None
    labels = {key: whole.tally(key)[key].astype("str").tolist() for key in ("topic", "provider")}
    for _ in range(RANDOM_SELECTIONS):
        length = int(rng.choice([30, 91, 182, 365]))
        start = first + timedelta(days=int(rng.integers(length, max((last - first).days - length, length + 1))))
        days = {
            "start": start,
            "end": start + timedelta(days=length - 1),
            "compare": str(rng.choice(["previous", "year"])),
        }
        yield Selection(**days, **_filter(rng, labels))


def _filter(rng: np.random.Generator, labels: dict[str, list[str]]) -> dict[str, object]:
    which = int(rng.integers(5))
    if which < 2:
        key = ("topic", "provider")[which]
        return {f"{key}s": (str(rng.choice(labels[key])),)}
    return [{"states": ("published",)}, {"quality_min": int(rng.integers(40, 80))}, {}][which - 2]


def selections(corpus: Corpus) -> Iterator[Selection]:
    """The presets with their comparisons, each also against a year ago, and the random selections."""
    for name, (_, compare) in PRESETS.items():
        start, end = preset_days(name, slice_of(corpus))
        for how in {compare or "previous", "year"}:
            if start is not None:
                yield Selection(start=start, end=end, compare=how)
    yield from random_selections(corpus)


def claims_of_labels(text: str, label: str) -> set[str]:
    """The directions in which a text says that a label moved: `Solar rose`, or `rising: Grid (…), Solar (…)`."""
    name = re.escape(label)
    found = {UP for _ in re.finditer(rf"(?<!\w){name} (rose|has more)\b", text)}
    found |= {DOWN for _ in re.finditer(rf"(?<!\w){name} (fell|has less)\b", text)}
    for way, word in ((UP, "rising"), (DOWN, "falling")):
        for listed in re.findall(rf"\b{word}: ((?:[^;(]*\([^)]*\))*)", text):
            found |= {way for _ in re.finditer(rf"(?:^|, ){name} \(", listed)}
    return found


def texts(data: Slice, before: Slice) -> Iterator[tuple[str, str]]:
    """What cards, the report, the digest and Compare say of the same two groups of articles."""
    for slug in CARDS:
        yield slug, VIEWS[slug].finding(VIEWS[slug].answer(data))
    yield "summary", " ".join(summary(data))
    yield "digest", topic_sentence(data, topic_share_changes(data))
    pair = make_comparison([before, data])
    for slug in COMPARISONS:
        yield slug, COMPARED[slug].finding(COMPARED[slug].answer(pair))


@pytest.mark.slow
def test_no_text_claims_what_the_change_test_leaves_open(sample: Corpus) -> None:
    looked_at, claimed = 0, 0
    for selection in selections(sample):
        data = slice_of(sample, selection)
        before = data.compared
        if before is None or not data.n or not before.n:
            continue
        tests = label_and_figure_changes(data, before)
        said = dict(texts(data, before))
        looked_at += 1
        for kind, label, outcome in tests[["kind", "label", "outcome"]].itertuples(index=False):
            if kind in ("topic", "provider"):
                for where, text in said.items():
                    ways = claims_of_labels(text, label)
                    assert ways <= {outcome}, (selection.text, where, label, outcome, text)
                    claimed += bool(ways)
        assert_figures_agree(selection, data, tests, said)
    assert looked_at > RANDOM_SELECTIONS
    assert claimed > 20


def assert_figures_agree(selection: Selection, data: Slice, tests: pd.DataFrame, said: dict[str, str]) -> None:
    """Tiles, summary, quality shift and Compare have the outcomes of the test for the figures, and no others."""
    outcomes = tests[tests["kind"] == "figure"].set_index("label")["outcome"]
    tiles = VIEWS["key_figures"].answer(data)
    tiles = tiles[tiles["period"].isna()].set_index("figure")["outcome"]
    for tile, figure in FIGURES.items():
        assert tiles[tile] == outcomes.get(figure, tiles[tile]), (selection.text, tile)
    sentences = [each for each in said["summary"].split(". ") if each.startswith(("Share published", "Median quality"))]
    for sentence in sentences:
        outcome = outcomes["share_published" if sentence.startswith("Share") else "quality"]
        assert_moves_only(sentence, outcome, selection)
    for part, figure in (("share published is", "share_published"), ("quality is", "quality")):
        for sentence in re.findall(rf"{part} [^(]*", said["compared_differences"]):
            assert_moves_only(sentence, outcomes[figure], selection)
    if outcomes["quality"] not in CHANGED:
        assert not re.search(r"\b(rose|fell|higher than|lower than)\b", said["quality_shift"]), said["quality_shift"]


def assert_moves_only(sentence: str, outcome: str, selection: Selection) -> None:
    """A sentence says up or down only where that is the outcome."""
    for way, words in MOVED.items():
        if way != outcome:
            assert not re.search(words, sentence), (selection.text, outcome, sentence)


def test_claims_are_read_from_both_forms_of_a_sentence() -> None:
    text = "Topics rising: Grid (1% of 9 → 8% of 9, q < 0.001), AI (2%); falling: Wind (3%); 2 of 4 topics compared."
    assert claims_of_labels(text, "AI") == claims_of_labels(text, "Grid") == {UP}
    assert claims_of_labels(text, "Wind") == claims_of_labels("Wind fell from 3% to 1%", "Wind") == {DOWN}
    assert claims_of_labels(text, "Solar") == set()
