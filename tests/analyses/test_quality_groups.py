"""Quality by group: the cumulative curve, quartiles by topic and provider, and the shift between two periods."""

from datetime import date, timedelta

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
from tests.plain import NONE, OTHER, chosen, median_interval, near, quantile, records_in, records_of, rows_of, wilson

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
        low, high = median_interval(known)
        row = {"rank": None, by: group, "n": len(items), "scored": len(known), **spread}
        rows.append(row | {"median_low": low, "median_high": high, "small": small})
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
    return rows_of(table.drop(columns=["cut_off", "effect", "q", "outcome"], errors="ignore"))


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


RULE = [article(at="2024-01-05", quality=50 + n, published=n >= 20) for n in range(40)]


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
            "No group scores 75 or more clearly more or less often than the others (2 compared); "
            "shares from 25% to 50%.",
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
        "70 or more is scored more often in A (50% [30, 70] of 20), less often in B (0% [0, 24] of 12); "
        "2 groups by name compared."
    )


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No provider by name has the 10 scored articles that a statement needs."),
        (TWO[:20], "Only A (median 69.5 [65.2, 73.8], n = 20) has a median that rests on at least 10 scored articles."),
        (
            TWO,
            "The scores are higher for B (median 74.5 [70.2, 78.8], n = 20), lower for A (median 69.5 [65.2, 73.8], "
            "n = 20); 2 providers compared with all others.",
        ),
        (
            [article(quality=s, provider=name) for s in range(60, 80) for name in "AB"],
            "No provider scores clearly higher or lower (2 providers compared with all others); each median is 69.5.",
        ),
    ],
)
def test_finding_of_the_providers(listed, said):
    assert quality_by_provider.finding(quality_by_provider(part_of(listed))) == said


def in_weeks(topic, *scores):
    """Articles of ten weeks, one of each score in each week, every one a story of its own."""
    days = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(10)]
    return [
        article(at=f"{day}T12:00:00Z", quality=score, topics=[topic], title=f"{topic} {n} of {day:%B} {day.day}")
        for day in days
        for n, score in enumerate(scores)
    ]


HIGH_LOW_AND_MIDDLE = in_weeks("High", 90, 80) + in_weeks("Low", 40, 50) + in_weeks("Middle", 90, 80, 40, 50)


def test_a_topic_is_called_higher_only_where_the_change_test_says_so():
    table = quality_by_topic(part_of(HIGH_LOW_AND_MIDDLE))
    found = table.set_index("topic")[["effect", "outcome"]]
    assert found["outcome"].to_dict() == {"High": "up", "Middle": "no clear change", "Low": "down"}
    scores = {"High": [90, 80], "Low": [40, 50], "Middle": [90, 80, 40, 50]}
    for topic, own in scores.items():
        others = [score for name, listed in scores.items() if name != topic for score in listed]
        wins = sum((a > b) - (a < b) for a in own for b in others)
        assert found.loc[topic, "effect"] == pytest.approx(wins / len(own) / len(others))
    assert quality_by_topic.finding(table) == (
        "The scores are higher for High (median 85 [80, 90], n = 20), lower for Low (median 45 [40, 50], n = 20); "
        "3 topics compared with all others."
    )


def test_a_topic_that_all_articles_have_is_compared_with_nothing():
    table = quality_by_topic(part_of(in_weeks("High", 90, 80) + [article(topics=["Other"])] * 3))
    assert table.set_index("topic")["outcome"].to_dict() == {"High": "too few to tell", "Other": "too few to tell"}
    assert quality_by_topic.finding(table) == (
        "Only High (median 85 [80, 90], n = 20) has a median that rests on at least 10 scored articles."
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
