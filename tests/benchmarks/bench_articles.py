"""How long the Articles page's questions take on a large corpus: filter, sort, search, facets; prints a Markdown table.

A change asks for what the page shows: the number of articles, a page of 50, six facets. What is built once is there,
as in a running server; the masks that are kept from one change to the next are dropped before each filter and search.
Run on a quiet machine: `python -m tests.benchmarks.bench_articles --articles 1000000`.
"""

import argparse
import gc
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from analytics.corpus.loader import Corpus, load_corpus
from analytics.engine.encoded import encode
from analytics.engine.facets import FACETS
from analytics.engine.listing import SORTS
from analytics.engine.slice import WARM_UP_STEPS, Slice, warm_up
from analytics.selection.selection import Selection
from tests.sample_corpus.corpus import write_sample

MADE = 20_000
PAGE = 50

SOLAR = Selection(topics=("Solar",))
FILTERS = {
    "all articles": Selection(),
    "one topic": SOLAR,
    "topic, state, years": replace(SOLAR, states=("published",), start=date(2024, 3, 1), end=date(2025, 12, 31)),
    "not a topic, quality 50 to 90": Selection(topics_none=("Solar",), quality_min=50, quality_max=90),
    "two providers": Selection(providers=("Kestrel Business", "Ampere Daily")),
    "with a problem": Selection(severities=("warning",)),
}
SEARCHES = {
    "word: hydrogen": Selection(words="hydrogen"),
    "frequent word: the": Selection(words="the"),
    "two words and a prefix: solar the pri*": Selection(words="solar the pri*"),
    'phrase: "the price of"': Selection(words='"the price of"'),
    "any of three: wind storage élanor": Selection(words_any="wind storage élanor"),
    "nothing found: zzz": Selection(words="zzz"),
    "words with a topic": replace(SOLAR, words="grid", words_none="summit"),
}


def tiled(made: Corpus, articles: int) -> Corpus:
    """A corpus repeated until it is as large as asked, with paths, titles and times of their own."""
    times = -(-articles // len(made.articles))
    draw = np.random.default_rng(7)

    def repeat(frame: pd.DataFrame) -> pd.DataFrame:
        copies = [frame.assign(path=(f"{copy:03}/" + frame["path"].astype("str"))) for copy in range(times)]
        return pd.concat(copies, ignore_index=True)

    rows = repeat(made.articles)
    copy = rows["path"].str.slice(0, 3)
    jitter = pd.to_timedelta(draw.integers(-3600, 3600, len(rows)), unit="s").astype("timedelta64[us]")
    rows = rows.assign(title=rows["title"] + " " + copy, published_at=rows["published_at"] + jitter)
    return replace(
        made,
        articles=rows,
        topics=repeat(made.topics),
        problems=repeat(made.problems[made.problems["path"].isin(made.articles["path"])]),
    )


def change(corpus: Corpus, selection: Selection, sort: str, *, descending: bool = True) -> dict[str, float]:
    """Seconds for each thing that the page asks for after a change."""
    data = Slice(corpus, selection)
    steps: dict[str, Callable[[], object]] = {
        "count": lambda: data.n,
        "page": lambda: data.listing(sort, descending=descending, limit=PAGE),
    } | {f"facet {key}": lambda key=key: data.facet(key) for key in FACETS}
    return {name: seconds(step) for name, step in steps.items()}


def seconds(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def measured(corpus: Corpus, runs: int) -> Iterator[tuple[str, list[dict[str, float]]]]:
    """What was done, and for each run the seconds of its steps."""
    masks = encode(corpus).masks
    for name, selection in FILTERS.items():
        yield f"filter: {name}", [_fresh(corpus, selection, "published_at") for _ in range(runs)]
    for name, selection in SEARCHES.items():
        yield f"search: {name}", [_fresh(corpus, selection, "relevance") for _ in range(runs)]
    for selection, said in ((Selection(), "all articles"), (SEARCHES["frequent word: the"], "search")):
        masks.clear()
        Slice(corpus, selection).facet("topic")
        for sort in SORTS:
            for descending in (True, False):
                way = "falling" if descending else "rising"
                found = [change(corpus, selection, sort, descending=descending) for _ in range(runs)]
                yield f"sort: {said} by {sort}, {way}", found


def _fresh(corpus: Corpus, selection: Selection, sort: str) -> dict[str, float]:
    encode(corpus).masks.clear()
    return change(corpus, selection, sort)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "made"
        write_sample(folder, articles=min(MADE, given.articles), seed=7)
        made = load_corpus(folder, cache=False)
    corpus = tiled(made, given.articles)
    del made
    gc.collect()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, medians of {given.runs} runs")
    print(f"{len(corpus.articles):,} articles, {len(corpus.topics):,} topics, {len(corpus.problems):,} problems\n")
    print("| once, after the load | seconds |\n|---|---|")
    for name, step in WARM_UP_STEPS.items():
        print(f"| {name} | {seconds(lambda step=step: step(corpus)):.2f} |", flush=True)
    print(f"| all of it once more | {seconds(lambda: warm_up(corpus)):.4f} |")
    print("\n| change | count | page of 50 | six facets | all (least to most) |\n|---|---|---|---|---|")
    for name, found in measured(corpus, given.runs):
        print(row(name, found), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"\nPeak memory {peak / 1e9:.2f} GB, all of it included")


def row(name: str, found: list[dict[str, float]]) -> str:
    whole = [sum(steps.values()) for steps in found]
    facets = median(sum(value for step, value in steps.items() if step.startswith("facet")) for steps in found)
    count, page = (median(steps[step] for steps in found) for step in ("count", "page"))
    spread = f"{median(whole):.3f} ({min(whole):.3f} to {max(whole):.3f})"
    return f"| {name} | {count:.3f} | {page:.3f} | {facets:.3f} | {spread} |"


if __name__ == "__main__":
    main()
