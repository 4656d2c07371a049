"""The cut-off of publishing: rule or tendency, exceptions, near misses, and what another cut-off would change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.common.publish_cut_off import publish_cut_off
from analytics.analyses.quality.publish_rule import (
    ABOVE,
    BELOW,
    BOTH,
    SIDES,
    cut_off_what_if,
    near_misses,
    publish_exceptions,
    publish_rule,
)
from analytics.corpus.record_fields import ONLY_UMBRELLA
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import article, articles, corpus_of, part_of, real_corpus, selections
from tests.plain import NONE, OTHER, chosen, near, records_in, records_of, rows_of, wilson


def scored(*counts):
    """Articles as (score, published, unpublished)."""
    listed = []
    for score, yes, no in counts:
        listed += [article(quality=score, published=True)] * yes + [article(quality=score, published=False)] * no
    return listed


FAR = ((20, 0, 10), (120, 10, 0))
RULE = scored((40, 0, 4), (69, 0, 3), (70, 5, 0), (90, 2, 0), *FAR)
TENDENCY = scored((40, 1, 6), (69, 0, 3), (70, 5, 1), (90, 4, 0), *FAR)
NO_RULE = scored((40, 4, 6), (69, 6, 4), (70, 5, 5))


def decided(records):
    return [item for item in records if item.quality is not None and item.published is not None]


def cut_off_by_loop(records):
    """The lowest score that occurs with the fewest exceptions, when that is at most half of the rarer state."""
    cases = decided(records)
    tried = {
        score: sum((item.quality >= score) != item.published for item in cases)
        for score in sorted({item.quality for item in cases})
    }
    rarer = min(sum(item.published is state for item in cases) for state in (True, False))
    if len(cases) < 30 or not rarer or min(tried.values()) > rarer / 2:
        return None
    return min(tried, key=lambda score: (tried[score], score))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "threshold"),
    [
        (RULE, 70),
        (TENDENCY, 70),
        (NO_RULE, None),
        (scored((60, 0, 28), (72, 2, 0)), 72),
        (scored((60, 0, 27), (72, 2, 0)), None),
        (scored((60, 40, 0)), None),
        ([article(quality=70), article(published=True)] * 30, None),
        (scored((60, 20, 0), (80, 0, 20)), None),
    ],
    ids=["rule", "tendency", "none", "thirty", "twenty-nine", "one state", "nothing decided", "the other way round"],
)
def test_cut_off_of_a_corpus(listed, threshold):
    assert publish_cut_off(part_of(listed)) == threshold


def test_cut_off_is_that_of_the_whole_corpus_whatever_is_selected():
    assert publish_cut_off(part_of(RULE, states=("published",), quality_min=90)) == 70


AROUND = st.lists(
    st.builds(
        article,
        at=st.none() | st.just("2024-01-05"),
        quality=st.none() | st.sampled_from([40, 65, 68, 69, 70, 72, 74, 90]),
        published=st.sampled_from([None, True, False]),
        provider=st.none() | st.sampled_from(["Alpha", "Beta", "Gamma"]),
        topics=st.none() | st.lists(st.sampled_from(["AI", "Law", "Chips"]), unique=True),
        heat=st.none() | st.sampled_from([-1, 70, 75]),
    ),
    max_size=14,
)
"""Random states: seldom a cut-off."""


@st.composite
def with_cut_off(draw):
    """Articles around a cut-off, of which some are exceptions."""
    start = draw(st.sampled_from([65, 69, 70]))
    listed = draw(AROUND)
    return [*listed, *scored((start - 5, 0, 19), (start, 8, draw(st.integers(0, 2))), (start + 30, 13, 0))]


listings = articles(max_size=14) | AROUND | with_cut_off() | with_cut_off()


def rule_by_loop(records, selection, width):
    threshold = cut_off_by_loop(records)
    data = [item for item in chosen(records, selection) if item.published is not None]
    rows = []
    for start in [*sorted({item.quality // width * width for item in decided(data)}), None]:
        here = [item for item in data if (None if item.quality is None else item.quality // width * width) == start]
        if not here:
            continue
        published = sum(item.published for item in here)
        wrong = [item for item in here if start is not None and threshold is not None]
        wrong = [item for item in wrong if item.published != (item.quality >= threshold)]
        rows.append(
            {"score_from": start, "score_to": None if start is None else start + width - 1}
            | {"decided": len(here), "published": published}
            | dict(zip(("share_published", "low", "high"), wilson(published, len(here)), strict=True))
            | {"small": len(here) < 10}
            | {"exceptions": None if start is None or threshold is None else len(wrong), "cut_off": threshold}
        )
    return rows


def newest_first(item):
    return -item.at.timestamp() if item.at else float("inf"), item.path


def exceptions_by_loop(records, selection):
    threshold = cut_off_by_loop(records)
    if threshold is None:
        return []
    found = [item for item in decided(chosen(records, selection)) if item.published != (item.quality >= threshold)]
    return sorted(found, key=newest_first)


def misses_by_loop(records, selection, side, width):
    threshold = cut_off_by_loop(records)
    if threshold is None:
        return []
    data = decided(chosen(records, selection))
    below = [item for item in data if not item.published and threshold - width <= item.quality < threshold]
    above = [item for item in data if item.published and threshold <= item.quality < threshold + width]
    found = {BELOW: below, ABOVE: above, BOTH: [*below, *above]}[side]
    return sorted(found, key=newest_first)


def listing(found, limit, threshold):
    return [
        {"rank": rank, "path": item.path, "title": "A title", "provider": item.provider or NONE}
        | {
            "state": item.state,
            "quality": item.quality,
            "heat": item.heat,
            "lift": item.lift,
            "collection": item.collection,
        }
        | {"beyond": item.quality - threshold, "cut_off": threshold, "total": len(found)}
        for rank, item in enumerate(found[:limit], start=1)
    ]


def without_time(table):
    return rows_of(table.drop(columns=["published_at", "url"]))


def what_if_by_loop(records, selection, to, by, top):
    data = chosen(records, selection)
    groups = {item.path: list(item.topics if by == "topic" else filter(None, [item.provider])) for item in data}
    groups = {path: labels or [NONE] for path, labels in groups.items()}
    names = {topic for item in records for topic in item.topics}
    umbrellas = {
        name for name in names if by == "topic" and 10 * sum(name in r.topics for r in records) >= 9 * len(records)
    }
    labels = {label for found in groups.values() for label in found} - umbrellas - {NONE}
    ranked = sorted(labels, key=lambda label: (-sum(label in found for found in groups.values()), label))
    shown = ranked if not top or len(ranked) <= top + 1 else ranked[:top]
    members = {"All articles": data} | {
        label: [item for item in data if label in groups[item.path]] for label in [*shown, NONE]
    }
    if umbrellas:
        members[ONLY_UMBRELLA] = [item for item in data if item.topics and set(item.topics) <= umbrellas]
    members[OTHER] = [item for item in data if set(groups[item.path]) & set(ranked) - set(shown)]
    rows = []
    for group, found in members.items():
        here = decided(found)
        if not here:
            continue
        gained = sum(not item.published and item.quality >= to for item in here)
        lost = sum(item.published and item.quality < to for item in here)
        rows.append(
            {"group": group, "other_cut_off": to, "n": len(here), "published": sum(item.published for item in here)}
            | {"would_be": sum(item.quality >= to for item in here), "gained": gained, "lost": lost}
            | dict(zip(("share_changed", "low", "high"), wilson(gained + lost, len(here)), strict=True))
            | {"small": len(here) < 10, "cut_off": cut_off_by_loop(records)}
        )
    place = {"All articles": 0, OTHER: 2, ONLY_UMBRELLA: 3, NONE: 4}
    return sorted(rows, key=lambda r: (place.get(r["group"], 1), -r["gained"] - r["lost"], -r["n"], r["group"]))


@pytest.mark.slow
@given(listed=listings, selection=selections() | st.just(Selection()), choices=st.data())
def test_tables_are_those_of_a_loop(listed, selection, choices):
    data, records = Slice(corpus_of(listed), selection), records_of(listed)
    threshold = cut_off_by_loop(records)
    assert publish_cut_off(data) == threshold
    width, limit = choices.draw(st.sampled_from([1, 5, 10])), choices.draw(st.sampled_from([1, 3, 25]))
    assert rows_of(publish_rule(data, width=width)) == near(rule_by_loop(records, selection, width))
    expected = listing(exceptions_by_loop(records, selection), limit, threshold)
    assert without_time(publish_exceptions(data, limit=limit)) == expected
    for side in SIDES:
        expected = listing(misses_by_loop(records, selection, side, width), limit, threshold)
        assert without_time(near_misses(data, side=side, width=width, limit=limit)) == expected
    to, top = choices.draw(st.sampled_from([50, 69, 70, 72, 100])), choices.draw(st.sampled_from([0, 1, 12]))
    for by in ("topic", "provider"):
        expected = what_if_by_loop(records, selection, to, by, top)
        assert rows_of(cut_off_what_if(data, to=to, by=by, top=top)) == near(expected)


@pytest.mark.shared
def test_a_real_site_publishes_by_a_rule_without_exceptions(shared):
    folder = shared("powerapps")
    data, records = Slice(real_corpus(folder)), records_in(folder)
    assert publish_cut_off(data) == cut_off_by_loop(records) == 70
    table = publish_rule(data)
    assert (table["decided"].sum(), table["published"].sum(), table["exceptions"].sum()) == (497, 318, 0)
    assert publish_rule.finding(table) == "Published is exactly quality >= 70: 497 of 497, no exceptions."
    assert rows_of(table) == near(rule_by_loop(records, Selection(), 5))
    assert publish_exceptions(data).empty


@pytest.mark.shared
def test_near_misses_of_a_real_site(shared):
    folder = shared("powerapps")
    data, records = Slice(real_corpus(folder)), records_in(folder)
    table = near_misses(data, side=BELOW, limit=100)
    assert len(table) == 31
    assert table["path"].tolist() == [item.path for item in misses_by_loop(records, Selection(), BELOW, 5)]
    assert (
        near_misses.finding(table)
        == "31 articles lie close to the cut-off of 70: 31 unpublished just below it, at 65 to 69."
    )
    whole = cut_off_what_if(data, to=65).iloc[0]
    assert (whole["n"], whole["published"], whole["would_be"], whole["gained"], whole["lost"]) == (497, 318, 349, 31, 0)


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No article has both a quality score and a published state."),
        (
            [article(published=True)],
            "No article has both a quality score and a published state. "
            "1 more says whether it was published but has no score.",
        ),
        (RULE, "Published is exactly quality >= 70: 34 of 34, no exceptions."),
        (
            [*TENDENCY, article(published=True)],
            "Published is mostly quality >= 70: 38 of 40 decided articles follow it (95.0% [83.5, 98.6]), 2 do not. "
            "1 more says whether it was published but has no score.",
        ),
        (
            NO_RULE,
            "No cut-off in quality tells who is published; "
            "15 of 30 scored articles that say so are published (50% [33, 67]).",
        ),
    ],
    ids=["nothing", "no score", "rule", "tendency", "neither"],
)
def test_finding_of_the_rule(listed, said):
    assert publish_rule.finding(publish_rule(part_of(listed))) == said


def test_rule_of_a_selection_is_held_against_the_cut_off_of_the_corpus():
    data = part_of(TENDENCY, quality_min=69, quality_max=69)
    assert publish_rule.finding(publish_rule(data)) == (
        "The cut-off of the corpus is 70; all 3 decided articles follow it, too few to call it exact."
    )


@pytest.mark.parametrize(
    ("listed", "limit", "said"),
    [
        (RULE, 25, "No article with a score and a decision stands on the wrong side of a cut-off."),
        (NO_RULE, 25, "No article with a score and a decision stands on the wrong side of a cut-off."),
        (
            TENDENCY,
            25,
            "2 articles are exceptions to the cut-off of 70; 1 published below it, 1 unpublished at or above it.",
        ),
        (
            TENDENCY,
            1,
            "2 articles are exceptions to the cut-off of 70; "
            "the newest 1: 1 published below it, 0 unpublished at or above it.",
        ),
        (
            [*RULE, *scored((80, 0, 1))],
            25,
            "1 article is an exception to the cut-off of 70; 0 published below it, 1 unpublished at or above it.",
        ),
    ],
    ids=["none", "no cut-off", "two", "cut", "one"],
)
def test_finding_of_the_exceptions(listed, limit, said):
    assert publish_exceptions.finding(publish_exceptions(part_of(listed), limit=limit)) == said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"side": BELOW}, "3 articles lie close to the cut-off of 70: 3 unpublished just below it, at 69."),
        (
            {"side": BELOW, "limit": 2},
            "3 articles lie close to the cut-off of 70: the newest 2: 2 unpublished just below it, at 69.",
        ),
        (
            {"side": ABOVE, "width": 21},
            "7 articles lie close to the cut-off of 70: 7 published just above it, at 70 to 90.",
        ),
        (
            {},
            "8 articles lie close to the cut-off of 70: 3 unpublished just below it, at 69; "
            "5 published just above it, at 70.",
        ),
    ],
)
def test_finding_of_the_near_misses(options, said):
    assert near_misses.finding(near_misses(part_of(RULE), **options)) == said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "to", "said"),
    [
        ([], 65, "No article has both a quality score and a published state."),
        (RULE, 70, "With a cut-off of 70 instead of 70 none of 34 articles would change."),
        (
            [*RULE, *[article(quality=69, published=False, topics=["AI"])] * 2],
            69,
            "With a cut-off of 69 instead of 70, 5 more articles would be published and 0 no longer "
            "(13.9% [6.1, 28.7] of 36); most in AI: 2 more, 0 no longer, of 2.",
        ),
        (
            [article(quality=69, published=False, topics=["All"])] * 30
            + [article(quality=69, published=False, topics=["All", "Teams"])],
            69,
            "With a cut-off of 69, 31 more articles would be published and 0 no longer (100.0% [89.0, 100.0] of 31); "
            "most in articles of umbrella topics only: 30 more, 0 no longer, of 30.",
        ),
        (
            scored((50, 1, 0), (80, 0, 1)),
            75,
            "With a cut-off of 75, 1 more article would be published and 1 no longer (100.0% [34.2, 100.0] of 2).",
        ),
    ],
    ids=["nothing", "the same", "lower", "umbrella", "no cut-off"],
)
def test_finding_of_another_cut_off(listed, to, said):
    assert cut_off_what_if.finding(cut_off_what_if(part_of(listed), to=to)) == said
