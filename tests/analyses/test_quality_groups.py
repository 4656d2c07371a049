"""Quality by group: the cumulative curve, quartiles by topic and provider, and the shift between two periods."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import wasserstein_distance

from analytics.analyses.quality.scores import (
    quality_by_provider,
    quality_by_topic,
    quality_cumulative,
    quality_distribution,
    quality_over_time,
    quality_shift,
)
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import article, articles, corpus_of, part_of, real_corpus, selections
from tests.plain import NONE, OTHER, chosen, near, quantile, records_in, records_of, rows_of, wilson

LAST = {OTHER: 1, NONE: 2}


def labels_of(item, by):
    found = {
        "topic": item.topics,
        "provider": filter(None, [item.provider]),
        "type": filter(None, [item.kind]),
        "state": [item.state],
    }[by]
    return list(found) or [NONE]


def groups_by_loop(records, selection, by, top):
    """Articles of each group, the groups in their order."""
    data = chosen(records, selection)
    umbrellas = set()
    if by == "topic":
        names = {topic for item in records for topic in item.topics}
        umbrellas = {name for name in names if 10 * sum(name in r.topics for r in records) >= 9 * len(records)}
    labels = {label for item in data for label in labels_of(item, by)} - umbrellas - {NONE}
    ranked = sorted(labels, key=lambda label: (-sum(label in labels_of(item, by) for item in data), label))
    shown = ranked if not top or len(ranked) <= top + 1 else ranked[:top]
    groups = {label: [item for item in data if label in labels_of(item, by)] for label in shown}
    groups[OTHER] = [item for item in data if set(labels_of(item, by)) & set(ranked) - set(shown)]
    groups[NONE] = [item for item in data if labels_of(item, by) == [NONE]]
    return {label: found for label, found in groups.items() if found}


def scores_of(items):
    return [item.quality for item in items if item.quality is not None]


def cumulative_by_loop(groups):
    rows = []
    scores = sorted({score for items in groups.values() for score in scores_of(items)})
    for group, items in groups.items():
        known = scores_of(items)
        for score in scores if known else []:
            reached = sum(one >= score for one in known)
            rows.append(
                {"group": group, "score": score, "reached": reached, "total": len(known)}
                | dict(zip(("share", "low", "high"), wilson(reached, len(known)), strict=True))
                | {"small": len(known) < 10}
            )
    return rows


def quartiles_by_loop(groups, by):
    rows = []
    for group, items in groups.items():
        known = scores_of(items)
        spread = {name: quantile(known, at) for name, at in (("q25", 0.25), ("median", 0.5), ("q75", 0.75))}
        small = len(known) < 10
        rows.append({"rank": None, by: group, "n": len(items), "scored": len(known), **spread, "small": small})
    rows.sort(
        key=lambda row: (
            LAST.get(row[by], 0),
            row["small"],
            row["median"] is None,
            -(row["median"] or 0),
            -row["n"],
            row[by],
        )
    )
    ranked = [row for row in rows if row[by] not in LAST and not row["small"]]
    for rank, row in enumerate(ranked, start=1):
        row["rank"] = rank
    return rows


def plain_rows(table):
    return rows_of(table.drop(columns="cut_off"))


@st.composite
def crowded(draw):
    """Random articles, and enough with a score that some groups have a rank."""
    more = draw(st.lists(st.integers(40, 90), min_size=11, max_size=11))
    listed = [article(quality=score, provider="Alpha", topics=["AI"], kind="article") for score in more]
    return draw(articles()) + listed + [article(quality=70, provider="Beta", topics=["Law", "AI"])] * 10


@pytest.mark.slow
@given(listed=articles() | crowded(), selection=selections() | st.just(Selection()), top=st.sampled_from([0, 1, 2, 12]))
def test_tables_are_those_of_a_loop(listed, selection, top):
    data, records = Slice(corpus_of(listed), selection), records_of(listed)
    for by in ("topic", "provider", "type", "state"):
        expected = cumulative_by_loop(groups_by_loop(records, selection, by, top))
        assert plain_rows(quality_cumulative(data, group=by, top=top)) == near(expected)
    for by, compute in (("topic", quality_by_topic), ("provider", quality_by_provider)):
        expected = quartiles_by_loop(groups_by_loop(records, selection, by, top), by)
        assert plain_rows(compute(data, top=top)) == near(expected)


@pytest.mark.shared
def test_tables_of_a_real_site_are_those_of_a_loop(shared):
    folder = shared("powerapps")
    data, records = Slice(real_corpus(folder)), records_in(folder)
    for by, compute in (("topic", quality_by_topic), ("provider", quality_by_provider)):
        groups = groups_by_loop(records, Selection(), by, 12)
        assert plain_rows(compute(data)) == near(quartiles_by_loop(groups, by))
        assert plain_rows(quality_cumulative(data, group=by, top=12)) == near(cumulative_by_loop(groups))
    assert "Power Apps" not in quality_by_topic(data, top=0)["topic"].tolist()


RULE = [article(at="2024-01-05", quality=60 + n, published=n >= 10) for n in range(20)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "compute", [quality_distribution, quality_over_time, quality_cumulative, quality_by_topic, quality_by_provider]
)
def test_the_cut_off_of_the_whole_corpus_is_in_each_table(compute):
    assert compute(part_of(RULE, quality_min=75))["cut_off"].unique().tolist() == [70]
    assert compute(part_of(RULE[:10]))["cut_off"].isna().all()


def test_small_groups_come_after_the_ranked_ones_and_have_no_rank():
    listed = [article(quality=70, provider="A")] * 10 + [article(quality=90, provider="B")] * 9 + [article(quality=50)]
    found = quality_by_provider(part_of(listed))[["rank", "provider", "small"]]
    assert found.to_numpy(na_value=None).tolist() == [[1, "A", False], [None, "B", True], [None, NONE, True]]


def test_cumulative_curve_begins_at_all_and_falls():
    listed = [article(quality=score, provider="A") for score in (70, 70, 90)] + [article(quality=80, provider="B")]
    table = quality_cumulative(part_of(listed))
    assert table[["group", "score", "reached", "total"]].to_numpy().tolist() == [
        ["A", 70, 3, 3],
        ["A", 80, 1, 3],
        ["A", 90, 1, 3],
        ["B", 70, 1, 1],
        ["B", 80, 1, 1],
        ["B", 90, 0, 1],
    ]


TWO = [article(quality=s, provider="A") for s in range(60, 80)] + [
    article(quality=s, provider="B") for s in range(65, 85)
]


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No group by name has the 10 scored articles that a statement needs."),
        ([article(quality=70)] * 20, "No group by name has the 10 scored articles that a statement needs."),
        (TWO[:20], "Share that scores 70 or more: A (50% [30, 70] of 20)."),
        (
            TWO,
            "75 or more is scored most often in B (50% [30, 70] of 20) and least often in A (25% [11, 47] of 20).",
        ),
    ],
    ids=["nothing", "no provider", "one", "two"],
)
def test_finding_of_the_cumulative_curve(listed, said):
    assert quality_cumulative.finding(quality_cumulative(part_of(listed))) == said


def test_finding_of_the_cumulative_curve_is_told_at_the_cut_off():
    listed = [article(quality=60 + n, published=n >= 10, provider="A") for n in range(20)]
    listed += [article(quality=50, published=False, provider="B")] * 12
    assert quality_cumulative.finding(quality_cumulative(part_of(listed))) == (
        "70 or more is scored most often in A (50% [30, 70] of 20) and least often in B (0% [0, 24] of 12)."
    )


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No provider by name has the 10 scored articles that a statement needs."),
        (TWO[:20], "Only A (69.5, n = 20) has a median that rests on at least 10 scored articles."),
        (
            TWO,
            "The median quality is highest for B (74.5, n = 20) and lowest for A (69.5, n = 20), "
            "of 2 providers by name.",
        ),
    ],
)
def test_finding_of_the_providers(listed, said):
    assert quality_by_provider.finding(quality_by_provider(part_of(listed))) == said


def test_finding_of_the_topics():
    listed = [article(quality=70, topics=["AI"])] * 10 + [article(quality=80, topics=["Law"])] * 10
    assert quality_by_topic.finding(quality_by_topic(part_of(listed))) == (
        "The median quality is highest for Law (80, n = 10) and lowest for AI (70, n = 10), of 2 topics by name."
    )


def in_two_months(*scores):
    """Articles of January and February 2024, one a score of each; others on their first and their last day."""
    listed = [article(at="2024-01-01"), article(at="2024-02-29")]
    for month, found in enumerate(scores, start=1):
        listed += [article(at=f"2024-{month:02}-{5 + 7 * (n % 4):02}", quality=q) for n, q in enumerate(found)]
    return listed


FEBRUARY = {"start": date(2024, 2, 1), "compare": "previous"}
scores = st.lists(st.sampled_from([0, 37, 69, 70, 72, 104]), max_size=12)


@pytest.mark.slow
@given(before=scores, now=scores)
def test_shift_is_that_of_numpy_and_scipy(before, now):
    table = quality_shift(part_of(in_two_months(before, now), **FEBRUARY))
    distance = wasserstein_distance(now, before) if now and before else None
    expected = []
    for name, at in {"10 %": 0.1, "25 %": 0.25, "50 % (median)": 0.5, "75 %": 0.75, "90 %": 0.9}.items():
        one, other = quantile(now, at), quantile(before, at)
        expected.append(
            {"quantile": name, "period_from": date(2024, 2, 1), "period_to": date(2024, 2, 29)}
            | {"compared_from": date(2024, 1, 1), "compared_to": date(2024, 1, 31)}
            | {"n": len(now), "n_compared": len(before), "score": one, "score_compared": other}
            | {"difference": None if one is None or other is None else one - other, "distance": distance}
            | {"small": len(now) < 10 or len(before) < 10}
        )
    tested = ["effect", "effect_low", "effect_high", "q", "outcome", "weeks", "weeks_compared"]
    assert plain_rows(table.drop(columns=tested)) == near(expected)
    pairs = [(a > b) - (a < b) for a in now for b in before]
    if pairs:
        assert table["effect"].tolist() == pytest.approx([sum(pairs) / len(pairs)] * 5)


def test_no_shift_without_a_comparison():
    for data in (part_of(TWO), part_of(in_two_months([70], [72]), compare="previous"), part_of([], **FEBRUARY)):
        assert quality_shift(data).empty
    assert quality_shift.finding(quality_shift(part_of(TWO))) == "Choose a period and what to compare it with."


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (
            [70] * 9,
            [72] * 12,
            "Too few articles to tell (n = 9 and 12; at least 10 of a label are needed): scores from 1 Jan 2024 to "
            "31 Jan 2024 and from 1 Feb 2024 to 29 Feb 2024.",
        ),
        (
            [70] * 20,
            [72] * 20 + [82] * 4,
            "Quality rose: median 70 from 1 Jan 2024 to 31 Jan 2024 (n = 20), 72 from 1 Feb 2024 to "
            "29 Feb 2024 (n = 24); Cliff's delta +1.00 [+0.49, +1.00], q = 0.008.",
        ),
        (
            [70] * 10,
            [70] * 10,
            "No clear change of quality: median 70 from 1 Jan 2024 to 31 Jan 2024 (n = 10), 70 from 1 Feb 2024 to "
            "29 Feb 2024 (n = 10).",
        ),
        (
            [70] * 20,
            [69] * 20,
            "Quality fell: median 70 from 1 Jan 2024 to 31 Jan 2024 (n = 20), 69 from 1 Feb 2024 to "
            "29 Feb 2024 (n = 20); Cliff's delta -1.00 [-1.00, -0.49], q = 0.008.",
        ),
    ],
    ids=["too few", "rise", "same", "fall"],
)
def test_finding_of_the_shift(before, now, said):
    assert quality_shift.finding(quality_shift(part_of(in_two_months(before, now), **FEBRUARY))) == said
