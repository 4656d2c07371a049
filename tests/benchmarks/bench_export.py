"""How long a bundle of the articles of a large corpus takes, against plain `to_csv` of the same frames, and its memory.

The bundle holds the articles, topics, related stories and problems, without views; the frames are built whole for the
plain way. Run on a quiet machine: `python -m tests.benchmarks.bench_export --articles 1000000`.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from threading import Event, Thread

import pandas as pd

from analytics.corpus.loader import Corpus, load_corpus
from analytics.engine.encoded import encode
from analytics.engine.slice import Slice
from analytics.reports.bundle import write_bundle
from analytics.selection.selection import Selection
from tests.benchmarks.bench_articles import MADE, tiled
from tests.sample_corpus.corpus import write_sample


def large(articles: int, scratch: Path) -> Corpus:
    """A made corpus repeated until it has as many articles, ready for questions."""
    write_sample(scratch / "made", articles=min(MADE, articles), seed=7)
    made = load_corpus(scratch / "made", cache=False)
    corpus = tiled(made, articles)
    copies = corpus.articles["path"].str.slice(0, 3).unique()
    related = [made.related.assign(path=f"{copy}/" + made.related["path"].astype("str")) for copy in copies]
    corpus = replace(corpus, related=pd.concat(related, ignore_index=True))
    assert len(encode(corpus).paths) == len(corpus.articles)
    return corpus


def plain(corpus: Corpus, folder: Path) -> None:
    """The same frames, each in one go."""
    folder.mkdir(exist_ok=True)
    data = Slice(corpus)
    frames: dict[str, pd.DataFrame] = {"articles": data.articles.assign(topics=data.topics_of(data.articles))}
    frames |= {name: getattr(corpus, name) for name in ("topics", "related", "problems")}
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False)


@dataclass(frozen=True)
class Run:
    """Seconds of a step, by the clock and of the processor, and by how many bytes the program grew at most."""

    clock: float
    processor: float
    grown: float


def measured(step: Callable[[], object]) -> Run:
    """Run a step."""
    before, over, peak = _resident(), Event(), [0.0]

    def watch() -> None:
        while not over.wait(0.02):
            peak[0] = max(peak[0], _resident() - before)

    watcher = Thread(target=watch)
    watcher.start()
    start, processor = time.perf_counter(), time.process_time()
    step()
    run = Run(time.perf_counter() - start, time.process_time() - processor, peak[0])
    over.set()
    watcher.join()
    return run


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        corpus = large(given.articles, scratch)
        steps: dict[str, Callable[[], object]] = {
            "folder": lambda: write_bundle(corpus, Selection(), scratch / "out", views=[]),
            "zip": lambda: write_bundle(corpus, Selection(), scratch / "out.zip", views=[]),
            "folder with Parquet": lambda: write_bundle(corpus, Selection(), scratch / "both", views=[], parquet=True),
            "plain to_csv": lambda: plain(corpus, scratch / "plain"),
        }
        found: dict[str, list[Run]] = {name: [] for name in steps}
        for _ in range(given.runs):
            for name, step in steps.items():
                found[name].append(measured(step))
        size = sum(path.stat().st_size for path in (scratch / "out").iterdir())
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, medians of {given.runs} runs")
    rows = ", ".join(f"{len(getattr(corpus, name)):,} {name}" for name in ("articles", "topics", "related", "problems"))
    print(f"{rows}, {size / 1e6:,.0f} MB of CSV\n")
    print("| what | seconds | processor seconds | of plain | memory beyond the corpus, most |\n|---|---|---|---|---|")
    base = median(run.processor for run in found["plain to_csv"])
    for name, runs in found.items():
        clock, processor = median(run.clock for run in runs), median(run.processor for run in runs)
        grown = max(run.grown for run in runs) / 1e6
        print(f"| {name} | {clock:.1f} | {processor:.1f} | {processor / base:.2f} | {grown:,.0f} MB |")


if __name__ == "__main__":
    main()
