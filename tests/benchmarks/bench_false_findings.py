"""How often a change is claimed where none is, and found where one is; prints Markdown tables.

`days`: the times of publication are shuffled among the articles, which breaks every link between time and anything
else. `weeks`: whole weeks change places, which keeps their bursts: the honest test for news. What is planted to be
found is drawn at random. All happens in memory, from fixed seeds: `python -m tests.benchmarks.bench_false_findings
--runs 200 data/sample --site ../shared/corpora/powerapps`.
"""

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.analyses.common.changes import CHANGED, changes_between, figure_change
from analytics.analyses.comparison.snapshots import topic_shifts
from analytics.analyses.timeline import MORE, unusual_days
from analytics.catalog import VIEWS
from analytics.catalog.comparison import COMPARED
from analytics.corpus.loader import Corpus, load_corpus
from analytics.engine.comparison import compared
from analytics.engine.slice import Slice
from analytics.reports.digest import topic_sentence
from analytics.reports.report.recipe import raised_alerts
from analytics.reports.report.summary import summary
from analytics.selection.selection import Selection
from analytics.userdata.recipes import Alerts
from tests.conftest import SAMPLE

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


def claims(corpus: Corpus, selection: Selection, alerts: Alerts) -> Iterator[str]:
    """What claims a change in the report of a selection: cards, summary, comparison, digest, alerts."""
    data = Slice(corpus, selection)
    for name, slugs in CARDS.items():
        if any(CLAIM.search(VIEWS[slug].finding(VIEWS[slug].answer(data))) for slug in slugs):
            yield name
    if any(CLAIM.search(sentence) for sentence in summary(data)):
        yield "Summary of a report"
    if CLAIM.search(topic_sentence(data, topic_shifts(data))):
        yield "Digest"
    before = data.compared
    assert before is not None
    pair = compared([before, data])
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
    tests = changes_between(data, data.compared)
    changed = tests.loc[tests["outcome"].isin(CHANGED) & (tests["kind"] != "heat"), "kind"].unique().tolist()
    yield from (f"Any {kind}" for kind in changed)
    yield from ["Any of them"] * bool(changed)


def usual_alerts(corpus: Corpus) -> Alerts:
    """Thresholds that nothing should cross: a share 4 points below the true one, a median that falls by 3 points."""
    sums = Slice(corpus).tally(published="published", decided="decided").iloc[0]
    return Alerts(float(sums["published"] / sums["decided"]) - 0.04, 3.0, 14, unusual_volume=True)


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
    tests = changes_between(now, now.compared).set_index(["kind", "label"])
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


DAYS = 400
DISPERSION = 0.1
"""Of the negative binomial counts: at 10 a day their variance is twice that of Poisson."""
WORKING_DAYS = np.array([1.2, 1.2, 1.2, 1.2, 1.2, 0.5, 0.5])
"""Articles of each weekday against the mean."""


def noise(corpus: Corpus, mean: float, rng: np.random.Generator, planted: int | None = None) -> Slice:
    """A corpus in which chance and the weekday decide how many articles a day has.

    Negative binomial counts; Poisson where a day with thrice as many is planted.
    """
    days = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(np.arange(DAYS), unit="D")
    expected = mean * WORKING_DAYS[days.day_of_week]
    if planted is None:
        counts = rng.negative_binomial(1 / DISPERSION, 1 / (1 + DISPERSION * expected))
    else:
        counts = rng.poisson(expected)
        counts[planted] = round(3 * expected[planted])
    counts[[0, -1]] = np.maximum(counts[[0, -1]], 1)
    times = pd.Series(np.repeat(days + pd.Timedelta(hours=12), counts))
    articles = corpus.articles.iloc[np.zeros(len(times), dtype=int)].reset_index(drop=True)
    paths = pd.Series([f"_news/{place:06}.md" for place in range(len(times))], dtype=corpus.articles["path"].dtype)
    articles = articles.assign(path=paths, published_at=times.astype(articles["published_at"].dtype), topic_count=0)
    return Slice(replace(corpus, articles=articles, topics=corpus.topics.iloc[:0], problems=corpus.problems.iloc[:0]))


def unusual_days_found(corpus: Corpus, runs: int) -> pd.DataFrame:
    """Share of corpora of noise in which an unusual day is named, and in which a threefold working day is found."""
    found = {}
    for mean in (0.5, 1.0, 3.0, 10.0):
        rng = np.random.default_rng(SEED)
        named = sum(not unusual_days(noise(corpus, mean, rng)).empty for _ in range(runs))
        hits = 0
        for _ in range(runs):
            place = int(rng.choice(np.flatnonzero(np.arange(DAYS) % 7 < 5)))  # 2024 begins on a Monday
            table = unusual_days(noise(corpus, mean, rng, place))
            day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=place)
            hits += bool(((table["reason"] == MORE) & (table["first_day"] <= day) & (table["last_day"] >= day)).any())
        found[f"{mean:g} a day"] = {"any day named in noise": named / runs, "threefold day found": hits / runs}
    return pd.DataFrame(found)


def markdown(table: pd.DataFrame) -> str:
    """The shares as a Markdown table in per cent."""
    lines = [f"| {' | '.join(['claim', *table.columns])} |", "|---" * (len(table.columns) + 1) + "|"]
    lines += [f"| {name} | {' | '.join(f'{share:.0%}' for share in row)} |" for name, *row in table.itertuples()]
    return "\n".join(lines)


def main() -> None:
    """Print the shares of false findings and of those that are found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--card-runs", type=int, help="runs of all cards and alerts, which take longest; as --runs")
    parser.add_argument("--site", type=Path, help="the real corpus powerapps")
    asked = parser.parse_args()
    corpora = {"sample": load_corpus(SAMPLE)} | ({"powerapps": load_corpus(asked.site)} if asked.site else {})
    print(markdown(false_findings(corpora, asked.runs, lambda name, made: families(made, PERIODS[name]))), flush=True)
    print(markdown(unusual_days_found(corpora["sample"], asked.runs)), flush=True)
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
