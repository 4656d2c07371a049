"""How often a change is claimed where none is, and found where one is; prints Markdown tables.

`days`: the times of publication are shuffled among the articles, which breaks every link between time and anything
else. `weeks`: whole weeks change places, which keeps their bursts: the honest test for news. What is planted to be
found is drawn at random. All happens in memory, from fixed seeds: `python -m tests.benchmarks.bench_false_findings
--runs 200 --site ../shared/corpora/powerapps`.
"""

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.analyses.common.changes import CHANGED, figure_change, label_and_figure_changes
from analytics.analyses.comparison.snapshots import topic_share_changes
from analytics.catalog import VIEWS
from analytics.catalog.comparison import COMPARED
from analytics.corpus.loader import Corpus, load_corpus
from analytics.engine.comparison import make_comparison
from analytics.engine.slice import Slice
from analytics.reports.changes_digest import topic_sentence
from analytics.reports.report.recipe_reports import raised_alerts
from analytics.reports.report.summary import summary
from analytics.selection.selection import Selection
from analytics.statistics.unusual_counts import MORE, NONE, unusual_runs
from analytics.userdata.recipes import AlertThresholds
from tests.conftest import SAMPLE

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

SEED = 20_060
CLAIM = re.compile(r"\b(rose|fell|rising|falling|up|down|higher|lower|has more|has less)\b")

PERIODS = {
    "sample": Selection(start=date(2026, 1, 1), end=date(2026, 6, 30), compare="previous"),
    "powerapps": Selection(start=date(2022, 1, 1), end=date(2022, 12, 31), compare="previous"),
}
"""Name of the corpus → the report that is made of it."""

CARDS = {
    "Biggest changes": ("biggest_changes",),
    "Risers and fallers": ("topic_changes",),
    "Topics over time": ("topics_over_time",),
    "Providers over time": ("providers_over_time",),
    "Completeness over time": ("completeness_over_time",),
    "Quality shift": ("quality_shift",),
}
COMPARISONS = ("compared_differences", "compared_topics", "compared_providers")
WINDOWS = (7, 30)
"""Days of the recipes whose alerts are asked for."""


def with_times(corpus: Corpus, times: pd.Series) -> Corpus:
    """The corpus with other times of publication."""
    return replace(corpus, articles=corpus.articles.assign(published_at=times.array))


def shuffled_days(corpus: Corpus, rng: np.random.Generator) -> Corpus:
    """The corpus with its times of publication shuffled among the articles."""
    return with_times(corpus, corpus.articles["published_at"].iloc[rng.permutation(len(corpus.articles))])


def shuffled_weeks(corpus: Corpus, rng: np.random.Generator) -> Corpus:
    """The corpus with its weeks, empty ones too, in another order; each article keeps its weekday and hour."""
    times = corpus.articles["published_at"]
    week = pd.Timedelta(weeks=1)
    monday = (times.min() - pd.Timedelta(days=times.min().day_of_week)).normalize()
    number = ((times - monday) // week).astype("Int64")
    places = pd.Series(rng.permutation(int(number.max()) + 1))
    moved = places.reindex(number).set_axis(times.index)
    return with_times(corpus, times + (moved - number).astype("float64") * week)


SHUFFLES: dict[str, Callable[[Corpus, np.random.Generator], Corpus]] = {"days": shuffled_days, "weeks": shuffled_weeks}


def claims(corpus: Corpus, selection: Selection, alerts: AlertThresholds) -> Iterator[str]:
    """What claims a change in the report of a selection: cards, summary, comparison, digest, alerts."""
    data = Slice(corpus, selection)
    for name, slugs in CARDS.items():
        if any(CLAIM.search(VIEWS[slug].finding(VIEWS[slug].answer(data))) for slug in slugs):
            yield name
    if any(CLAIM.search(sentence) for sentence in summary(data)):
        yield "Summary of a report"
    if CLAIM.search(topic_sentence(data, topic_share_changes(data))):
        yield "Digest"
    before = data.compared
    assert before is not None
    pair = make_comparison([before, data])
    if any(CLAIM.search(COMPARED[slug].finding(COMPARED[slug].answer(pair))) for slug in COMPARISONS):
        yield "Compare"
    last = data.whole.span
    assert last is not None
    for days in WINDOWS:
        recent = Selection(start=last.known_to - timedelta(days=days - 1), end=last.known_to)
        raised = raised_alerts(Slice(corpus, recent), alerts)
        yield from (f"Alert {alert.name}, {days} days" for alert in raised)
        if raised:
            yield f"Any alert, {days} days"


def families(corpus: Corpus, selection: Selection) -> Iterator[str]:
    """The families of the change test in which something changed, on which all cards on the two periods rest."""
    data = Slice(corpus, selection)
    assert data.compared is not None
    tests = label_and_figure_changes(data, data.compared)
    changed = tests.loc[tests["outcome"].isin(CHANGED) & (tests["kind"] != "heat"), "kind"].unique().tolist()
    yield from (f"Any {kind}" for kind in changed)
    yield from ["Any of them"] * bool(changed)


def usual_alerts(corpus: Corpus) -> AlertThresholds:
    """Thresholds that nothing should cross: a share 4 points below the true one, a median that falls by 3 points."""
    sums = Slice(corpus).tally(published="published", decided="decided").iloc[0]
    return AlertThresholds(float(sums["published"] / sums["decided"]) - 0.04, 3.0, 14, unusual_volume=True)


def false_findings(
    corpora: dict[str, Corpus], runs: int, claimed: Callable[[str, Corpus], Iterator[str]]
) -> pd.DataFrame:
    """Share of the runs in which something claims a change, by what claims it (rows), corpus and shuffle (columns)."""
    found = {}
    for name, corpus in corpora.items():
        for how, shuffle in SHUFFLES.items():
            rng, counts = np.random.default_rng(SEED), Counter[str]()
            for _ in range(runs):
                counts.update(set(claimed(name, shuffle(corpus, rng))))
            found[f"{name}, {how}"] = pd.Series(counts, dtype="float64") / runs
    return pd.DataFrame(found).fillna(0).sort_index()


def drawn(corpus: Corpus, n: int, rng: np.random.Generator) -> Corpus:
    """`n` articles of a corpus in each half of a year that begins with 2024, drawn with replacement, without topics."""
    articles = corpus.articles.iloc[rng.integers(0, len(corpus.articles), 2 * n)].reset_index(drop=True)
    halves = np.repeat([0, 182], n)
    times = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(halves + rng.integers(0, 182, 2 * n), unit="D")
    paths = pd.Series([f"_news/{place:06}.md" for place in range(2 * n)], dtype=corpus.articles["path"].dtype)
    articles = articles.assign(path=paths, title=pd.NA, published_at=times.astype(articles["published_at"].dtype))
    return replace(
        corpus,
        articles=articles.assign(topic_count=0),
        topics=corpus.topics.iloc[:0],
        problems=corpus.problems.iloc[:0],
    )


HALVES = Selection(start=date(2024, 7, 1), end=date(2024, 12, 29), compare="previous")
OTHERS = 13
"""Topics that do not change beside the one that does."""


def topic_found(corpus: Corpus, rng: np.random.Generator) -> bool:
    """Whether a topic that rises from 5 % to 15 % of 280 articles is found among 14."""
    made = drawn(corpus, 280, rng)
    shares = np.tile(np.r_[np.nan, rng.uniform(0.02, 0.3, OTHERS)], (560, 1))
    shares[:, 0] = np.repeat([0.05, 0.15], 280)
    rows, topics = np.nonzero(rng.random(shares.shape) < shares)
    labels = pd.Categorical.from_codes(topics, [f"Topic {place}" for place in range(OTHERS + 1)])
    table = pd.DataFrame({"path": made.articles["path"].to_numpy()[rows], "topic": labels})
    table = table.reindex(columns=made.topics.columns).astype(made.topics.dtypes.drop("topic"))
    counts = np.bincount(rows, minlength=560)
    made = replace(made, articles=made.articles.assign(topic_count=counts), topics=table)
    now = Slice(made, HALVES)
    assert now.compared is not None
    tests = label_and_figure_changes(now, now.compared).set_index(["kind", "label"])
    return bool(tests["outcome"]["topic", "Topic 0"] == "up")


def fall_found(corpus: Corpus, rng: np.random.Generator) -> bool:
    """Whether it is found that a fifth of the good articles, 70 points or more, lose 35 points; 290 a side."""
    made = drawn(corpus, 290, rng)
    quality = made.articles["quality"]
    worse = quality.ge(70).fillna(value=False) & (np.arange(580) >= 290) & (rng.random(580) < 0.2)
    made = replace(made, articles=made.articles.assign(quality=quality.mask(worse, quality - 35)))
    now = Slice(made, HALVES)
    assert now.compared is not None
    change = figure_change(now, now.compared, "quality")
    return change is not None and change["outcome"] == "down"


@dataclass(frozen=True)
class MadeDays:
    """How many articles the days of a made corpus have.

    days: how many days.
    dispersion: of the negative binomial counts of a day; 0: Poisson. 0.1 at 10 a day is twice the variance of Poisson.
    week_shape: of the gamma factor with mean 1 that a whole week has; 0: none. 4: weeks differ by half, 2: by 71 %.
    week_spread: standard deviation of its logarithm where that factor is log-normal; 0: it is not.
    growth: how many times as many the last day has as the first, by the same rate all the time.
    """

    days: int = 728
    dispersion: float = 0.0
    week_shape: float = 0.0
    week_spread: float = 0.0
    growth: float = 1.0

    def expected(self, mean: float, rng: np.random.Generator) -> Numbers:
        """Articles that each day has in the mean, from a Monday on."""
        day = np.arange(self.days)
        growing = self.growth ** (day / (self.days - 1))
        found: Numbers = mean * WORKING_DAYS[day % 7] * growing / growing.mean()
        weeks = -(-self.days // 7)
        if self.week_shape:
            found = found * rng.gamma(self.week_shape, 1 / self.week_shape, weeks)[day // 7]
        if self.week_spread:
            found = found * rng.lognormal(-(self.week_spread**2) / 2, self.week_spread, weeks)[day // 7]
        return found

    def counts(self, expected: Numbers, rng: np.random.Generator) -> Places:
        """Articles of each day."""
        if self.dispersion:
            return rng.negative_binomial(1 / self.dispersion, 1 / (1 + self.dispersion * expected))
        return rng.poisson(expected)


WORKING_DAYS = np.array([1.2, 1.2, 1.2, 1.2, 1.2, 0.5, 0.5])
"""Articles of each weekday against the mean."""

MEANS = (0.5, 1.0, 3.0, 10.0)
"""Articles a day."""

NOTHING_HAPPENED = {
    "days independent, level steady (400 days)": MadeDays(400, dispersion=0.1),
    "weeks vary, gamma of shape 4": MadeDays(week_shape=4),
    "weeks vary, gamma of shape 2": MadeDays(week_shape=2),
    "growth to 3 times": MadeDays(growth=3),
    "growth to 5 times": MadeDays(growth=5),
    "growth to 10 times": MadeDays(growth=10),
    "growth to 5 times, weeks of shape 4": MadeDays(growth=5, week_shape=4),
    "weeks of shape 2, days vary too": MadeDays(week_shape=2, dispersion=0.1),
    "weeks vary, log-normal of 0.7": MadeDays(week_spread=0.7),
}
"""What made corpora are like in which no day is unusual."""

STEADY, BURSTS = MadeDays(400), MadeDays(400, week_shape=4)

PLANTED = {
    "threefold day": (STEADY, 3, 1),
    "fivefold day": (STEADY, 5, 1),
    "empty week": (STEADY, 0, 7),
    "threefold day, weeks of shape 4": (BURSTS, 3, 1),
    "sixfold day, weeks of shape 4": (BURSTS, 6, 1),
}
"""What is planted into made corpora, against what would be expected there, and on how many days."""


def runs_named(counts: Places) -> pd.DataFrame:
    """What is unusual where so many articles lie on each day from a Monday on; both ends have one."""
    counts[[0, -1]] = np.maximum(counts[[0, -1]], 1)
    return unusual_runs(pd.Series(counts), pd.Series(pd.date_range("2024-01-01", periods=len(counts))))


def unusual_days_named(runs: int) -> pd.DataFrame:
    """Share of the made corpora in which nothing happened and an unusual day, or an empty stretch, is named."""
    found: dict[str, dict[str, float]] = {}
    for mean in MEANS:
        for name, made in NOTHING_HAPPENED.items():
            rng, named = np.random.default_rng(SEED), Counter[str]()
            for _ in range(runs):
                table = runs_named(made.counts(made.expected(mean, rng), rng))
                named.update({"any"} if len(table) else {})
                named.update({"empty"} if table["side"].eq(NONE).any() else {})
            column = found.setdefault(f"{mean:g} a day", {})
            column |= {name: named["any"] / runs, f"{name}: an empty stretch": named["empty"] / runs}
    return pd.DataFrame(found)


def unusual_days_found(runs: int) -> pd.DataFrame:
    """Share of the made corpora in which what is planted, from a working day on, is found."""
    found: dict[str, dict[str, float]] = {}
    for mean in MEANS:
        for name, (made, times, length) in PLANTED.items():
            rng, hits = np.random.default_rng(SEED), 0
            for _ in range(runs):
                first = int(rng.choice([day for day in range(1, made.days - length) if day % 7 < 5]))
                last = first + length - 1
                expected = made.expected(mean, rng)
                counts = made.counts(expected, rng)
                counts[first : last + 1] = np.round(times * expected[first : last + 1])
                table = runs_named(counts)
                reached = (table["first"] <= first) & (table["last"] >= last)
                hits += bool((reached & (table["side"] == (MORE if times else NONE))).any())
            found.setdefault(f"{mean:g} a day", {})[f"{name} found"] = hits / runs
    return pd.DataFrame(found)


def markdown(table: pd.DataFrame, head: str = "claim", form: str = ".0%") -> str:
    """The shares as a Markdown table in per cent."""
    lines = [f"| {' | '.join([head, *table.columns])} |", "|---" * (len(table.columns) + 1) + "|"]
    lines += [f"| {name} | {' | '.join(f'{share:{form}}' for share in row)} |" for name, *row in table.itertuples()]
    return "\n".join(lines)


def main() -> None:
    """Print the shares of false findings and of those that are found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--card-runs", type=int, help="runs of all cards and alerts, which take longest; as --runs")
    parser.add_argument("--days-only", action="store_true", help="print only what is measured of unusual days")
    parser.add_argument("--site", type=Path, help="the real corpus powerapps")
    asked = parser.parse_args()
    print(markdown(unusual_days_named(asked.runs)), flush=True)
    print(markdown(unusual_days_found(asked.runs)), flush=True)
    if asked.days_only:
        return
    corpora = {"sample": load_corpus(SAMPLE)} | ({"powerapps": load_corpus(asked.site)} if asked.site else {})
    print(markdown(false_findings(corpora, asked.runs, lambda name, made: families(made, PERIODS[name]))), flush=True)
    power = {}
    for name, corpus in corpora.items():
        for what, look in (("a topic from 5 to 15 %, n = 280", topic_found), ("a fifth lose 35 points", fall_found)):
            rng = np.random.default_rng(SEED)
            power[f"{what}, {name}"] = sum(look(corpus, rng) for _ in range(asked.runs)) / asked.runs
    print(markdown(pd.Series(power, name="found").to_frame()), flush=True)
    alerts = {name: usual_alerts(corpus) for name, corpus in corpora.items()}
    every = false_findings(
        corpora, asked.card_runs or asked.runs, lambda name, made: claims(made, PERIODS[name], alerts[name])
    )
    print(markdown(every))


if __name__ == "__main__":
    main()
