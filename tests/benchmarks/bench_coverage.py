"""How often the 95 % intervals that the program prints hold the true value; prints a Markdown table.

Articles are drawn at random from a population whose true value is known: shares, differences of shares, scores and
providers of a corpus. From fixed seeds: `python -m tests.benchmarks.bench_coverage --runs 10000 --site
../shared/corpora/powerapps`.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.corpus.loader import load_corpus
from analytics.statistics.descriptive import concentration, median_intervals
from analytics.statistics.intervals import newcombe, wilson
from tests.benchmarks.bench_false_findings import markdown
from tests.conftest import SAMPLE

Numbers = npt.NDArray[np.float64]

SEED = 19_270
SIZES = (10, 30, 100)
SHARES = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)


def share_coverage(rng: np.random.Generator, n: int, runs: int) -> float:
    """Wilson's interval, over shares drawn evenly between those of SHARES."""
    true = rng.uniform(SHARES[0], SHARES[-1], runs)
    found = wilson(pd.Series(rng.binomial(n, true)), pd.Series(np.full(runs, n)))
    return within(true, found["low"], found["high"])


def difference_coverage(rng: np.random.Generator, n: int, runs: int) -> float:
    """Newcombe's interval of two shares drawn evenly, n articles on each side."""
    true = rng.uniform(SHARES[0], SHARES[-1], (2, runs))
    sides = [wilson(pd.Series(rng.binomial(n, side)), pd.Series(np.full(runs, n))) for side in true]
    found = newcombe(sides[1], sides[0])
    return within(true[1] - true[0], found["low"], found["high"])


def median_coverage(scores: Numbers, rng: np.random.Generator, n: int, runs: int) -> float:
    """The interval of a median, of n scores drawn from those of a corpus."""
    drawn = pd.DataFrame({"run": np.repeat(np.arange(runs), n), "score": rng.choice(scores, runs * n)})
    counts = drawn.groupby(["run", "score"], as_index=False).size().rename(columns={"size": "n"})
    found = median_intervals(counts, ["run"], "score")
    return within(np.full(runs, np.median(scores)), found["median_low"], found["median_high"])


def hhi_coverage(shares: Numbers, rng: np.random.Generator, n: int, runs: int) -> float:
    """The interval of the concentration, of n articles drawn from the providers of a corpus."""
    found = [concentration(pd.Series(counts)) for counts in rng.multinomial(n, shares, size=runs)]
    ends = pd.DataFrame([(each.low, each.high) for each in found if each is not None], columns=["low", "high"])
    return within(np.full(runs, (shares**2).sum()), ends["low"], ends["high"])


def within(true: Numbers, low: pd.Series, high: pd.Series) -> float:
    """Share of the runs whose interval holds the true value."""
    return float(((low.to_numpy("float64") <= true) & (true <= high.to_numpy("float64"))).mean())


def coverages(corpora: dict[str, Path], runs: int) -> Iterator[dict[str, object]]:
    """A row for each kind of interval, a column for each size."""
    rng = np.random.default_rng(SEED)
    kinds = {"share": share_coverage, "difference of two shares": difference_coverage}
    scores = {"normal scores": rng.normal(70, 15, 100_001)}
    shares = {"20 providers, the largest 28 %": 1 / np.arange(1, 21) / (1 / np.arange(1, 21)).sum()}
    for name, path in corpora.items():
        articles = load_corpus(path).articles
        scores[f"scores of {name}"] = articles["quality"].dropna().to_numpy("float64")
        shares[f"providers of {name}"] = articles["provider"].value_counts(normalize=True).to_numpy("float64")
    for kind, coverage in kinds.items():
        yield {"interval": kind} | {f"n = {n}": coverage(rng, n, runs) for n in SIZES}
    for name, values in scores.items():
        yield {"interval": f"median, {name}"} | {f"n = {n}": median_coverage(values, rng, n, runs) for n in SIZES}
    for name, values in shares.items():
        yield {"interval": f"HHI, {name}"} | {f"n = {n}": hhi_coverage(values, rng, n, runs) for n in SIZES}


def main() -> None:
    """Print the table for the sample and the given site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--site", type=Path, help="folder of a second corpus")
    arguments = parser.parse_args()
    corpora = {"the sample": SAMPLE} | ({arguments.site.name: arguments.site} if arguments.site else {})
    print(markdown(pd.DataFrame(coverages(corpora, arguments.runs)).set_index("interval"), "interval", ".1%"))


if __name__ == "__main__":
    main()
