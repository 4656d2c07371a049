"""The trend, the days, the hours and the lag."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.timeline import LAGS, articles_by_day, articles_by_hour, articles_smoothed, publish_lag
from analytics.corpus.loader import load_corpus
from analytics.engine.slice import Slice
from analytics.selection.selection import parse
from tests.corpora import article, articles, corpus_of, grains, part_of, real_corpus, real_selections, selections, write
from tests.plain import (
    ONE_DAY,
    bounds,
    calendar,
    chosen,
    first_day,
    grain_for,
    near,
    records_in,
    records_of,
    rows_of,
    wilson,
)

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def smoothed_by_loop(records, selection, wanted, window):
    grain = grain_for(records, selection, wanted)
    counts = Counter(first_day(item.day, grain) for item in chosen(records, selection) if item.day)
    periods, rows = calendar(records, selection, grain), []
    for place, (first, last, complete) in enumerate(periods):
        drill_down = periods[max(place - window + 1, 0) : place + 1]
        full = len(drill_down) == window and all(period.complete for period in drill_down)
        total = sum(counts[period.first] for period in drill_down) if full else None
        rows.append(
            {
                "period": first,
                "period_end": last,
                "complete": complete,
                "n": counts[first],
                "window": window,
                "window_n": total,
                "rolling_mean": total / window if full else None,
            }
        )
    return rows


@pytest.mark.slow
@given(listed=articles(), selection=selections(), grain=grains, window=st.sampled_from([1, 3, 6]))
def test_trend_is_that_of_a_loop(listed, selection, grain, window):
    table = articles_smoothed(Slice(corpus_of(listed), selection), grain=grain, window=window)
    assert rows_of(table) == near(smoothed_by_loop(records_of(listed), selection, grain, window))


def test_mean_begins_where_the_window_is_full_and_ends_before_the_open_period():
    listed = [article(at=f"2024-{month:02}-01") for month in (1, 1, 1, 2, 4, 5)]
    table = articles_smoothed(part_of(listed), grain="month", window=3)
    assert table["n"].tolist() == [3, 1, 0, 1, 1]
    assert list(table["rolling_mean"].to_numpy(na_value=None)) == [None, None, 4 / 3, 2 / 3, None]


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([article()], "No article has a date."),
        ([article(at="2024-01-05")], "1 article; the mean needs 2 complete periods, of 1 month."),
        (
            [article(at=f"2024-{month:02}-{1 if month == 1 else 28:02}") for month in (1, 1, 1, 2, 3, 4, 5)],
            "1 article a month in the 2 to April 2024 (n = 2), against 2 in the 2 before (n = 4); "
            "the highest mean was 2, up to February 2024.",
        ),
    ],
    ids=["no date", "too few", "four months"],
)
def test_finding_of_the_trend(listed, said):
    assert articles_smoothed.finding(articles_smoothed(part_of(listed), grain="month", window=2)) == said


def days_by_loop(records, selection, years):
    span = bounds(records, selection)
    if span is None:
        return []
    dated = [item.day for item in chosen(records, selection) if item.day]
    last = max(min(span[1], max(item.day for item in records if item.day)), span[0])
    day, rows = max(span[0], date(max(last.year - years + 1, 1), 1, 1)), []
    while day <= last:
        rows.append(
            {
                "day": day,
                "year": day.year,
                "week": first_day(day, "week"),
                "weekday": DAYS[day.weekday()],
                "n": dated.count(day),
                "so_far": sum(each <= day for each in dated),
            }
        )
        day += ONE_DAY
    return rows


@pytest.mark.slow
@given(listed=articles(), selection=selections(), years=st.sampled_from([1, 2, 5]))
def test_days_are_those_of_a_loop(listed, selection, years):
    table = articles_by_day(Slice(corpus_of(listed), selection), years=years)
    assert rows_of(table) == days_by_loop(records_of(listed), selection, years)


def test_finding_of_the_days():
    listed = [article(at="2022-05-05"), *[article(at="2024-01-02")] * 2, article(at="2024-01-04"), article()]
    assert articles_by_day.finding(articles_by_day(part_of(listed), years=1)) == (
        "3 articles in the 4 days from 1 January 2024; the fullest was 2 January 2024 with 2, and 2 days (50%) have "
        "none. 1 earlier article of the range is not shown."
    )
    even = part_of([article(at="2024-01-02"), article(at="2024-01-04")])
    assert articles_by_day.finding(articles_by_day(even, years=1)) == (
        "2 articles in the 3 days from 2 January 2024; the most on a day was 1, on 2 days, and 1 day (33%) has none."
    )
    listed = [article(at="2022-03-01", provider="A"), article(at="2024-12-30", provider="B")]
    long_ago = part_of(listed, providers=("A",), start=date(2022, 1, 1), end=date(2024, 12, 31))
    assert articles_by_day.finding(articles_by_day(long_ago, years=1)) == (
        "0 articles in the 365 days from 1 January 2024; 365 days (100%) have none. 1 earlier article of the range is "
        "not shown."
    )
    assert articles_by_day.finding(articles_by_day(part_of([article()]))) == "No article has a date."


@pytest.mark.slow
@given(listed=articles(), selection=selections())
def test_hours_are_those_of_a_loop(listed, selection):
    table = articles_by_hour(Slice(corpus_of(listed), selection))
    times = [(DAYS[item.at.weekday()], item.at.hour) for item in chosen(records_of(listed), selection) if item.at]
    expected = [
        {
            "weekday": day,
            "hour": hour,
            "n": times.count((day, hour)),
            "total": len(times),
            **dict(zip(("share", "low", "high"), wilson(times.count((day, hour)), len(times)), strict=True)),
        }
        for day in DAYS
        for hour in range(24)
    ]
    assert rows_of(table) == near(expected if times else [])


def test_finding_of_the_hours():
    listed = [article(at="2024-01-02T09:59:59Z"), article(at="2024-01-02T12:00:00+03:00"), article(at="2024-01-06")]
    assert articles_by_hour.finding(articles_by_hour(part_of(listed))) == (
        "No hour of the week is clearly the busiest: the fullest has 2 of 3 (67% [21, 94]) articles; "
        "1 of 3 (33% [6, 79]) come on a weekend, which has 2 of the 7 days."
    )
    listed += [article(at="2024-01-02T09:00:00Z")] * 6
    assert articles_by_hour.finding(articles_by_hour(part_of(listed))) == (
        "The busiest hour is Tuesday 09:00 to 10:00 UTC with 8 of 9 (89% [57, 98]) articles; "
        "1 of 9 (11% [2, 43]) come on a weekend, which has 2 of the 7 days."
    )
    assert articles_by_hour.finding(articles_by_hour(part_of([article()]))) == "No article has a time."


def test_a_date_alone_is_no_midnight(tmp_path):
    dated = [article(at="2024-03-04T00:00:00Z", title="At midnight")]
    for day in ("05", "06"):
        dated.append(article(title=f"On day {day}", named=f"2024-03-{day}-x.md"))
        dated[-1].fields["publishedDateTime"] = f"2024-03-{day}"
    data = Slice(load_corpus(write(tmp_path, dated)))
    table = articles_by_hour(data)
    assert (table["n"].sum(), table["total"].iloc[0]) == (1, 1)
    assert table.loc[table["n"] > 0, ["weekday", "hour"]].to_numpy().tolist() == [["Monday", 0]]
    assert Slice(data.corpus, parse("hour=00")).n == 1
    assert articles_by_day(data)["n"].tolist() == [1, 1, 1]


def test_another_date_of_the_record_takes_no_time_from_an_article(tmp_path):
    (tmp_path / "corpus.yml").write_text("fields: {updatedDateTime: lastmod, related: more}\n")
    record = "title: A\ndate: 2024-03-05T07:30:00Z\nlastmod: 2024-03-06\nmore: [{publishedDateTime: 2024-03-01}]"
    (tmp_path / "a.md").write_text(f"---\n{record}\n---\n")
    data = Slice(load_corpus(tmp_path, today=date(2024, 4, 1)))
    assert Slice(data.corpus, parse("hour=07")).n == 1
    assert data.articles["date_only"].tolist() == [False]


def lag_by_loop(lags):
    known = [lag for lag in lags if lag is not None]
    rows = []
    for name, (low, high) in LAGS.items():
        n = sum((low is None or lag >= low) and (high is None or lag <= high) for lag in known)
        share = dict(zip(("share", "low", "high"), wilson(n, len(known)), strict=True))
        small = len(known) < 10
        rows.append(
            {"lag": name, "days_from": low, "days_to": high, "n": n, "total": len(known), **share, "small": small}
        )
    nothing = dict.fromkeys(("days_from", "days_to", "total", "share", "low", "high", "small"))
    return [*rows, {"lag": "unknown", "n": len(lags) - len(known), **nothing}] if lags else []


@pytest.mark.slow
@given(st.lists(st.none() | st.integers(-40, 40), max_size=12))
def test_lag_is_that_of_a_loop(tmp_path_factory, lags):
    table = publish_lag(lagged(tmp_path_factory.mktemp("lag"), lags))
    assert [{name: row[name] for name in sorted(row)} for row in rows_of(table)] == near(
        [{name: row[name] for name in sorted(row)} for row in lag_by_loop(lags)]
    )


def lagged(folder, lags):
    """The articles of a folder whose files are dated so many days after the publish day; None: a name without date."""
    day = date(2024, 6, 15)
    write(folder, [article(at=str(day), folder=f"_news/{place}") for place in range(len(lags))])
    for path, lag in zip(sorted(folder.rglob("*.md"), key=lambda path: int(path.parent.name)), lags, strict=True):
        path.rename(path.with_name(f"{day + timedelta(days=lag)}-story.md" if lag is not None else "story.md"))
    return Slice(load_corpus(folder, workers=1))


def test_finding_of_the_lag(tmp_path):
    assert publish_lag.finding(publish_lag(lagged(tmp_path, [0, 0, 1, -1, 5, None]))) == (
        "2 of 5 (40% [12, 77]) articles are filed on their publish day, 4 of 5 (80% [38, 96]) within a day of it. "
        "1 lacks one of the two dates."
    )
    assert publish_lag.finding(publish_lag(part_of([article()]))) == (
        "No article has both a publish date and a file date. 1 lacks one of the two dates."
    )


@pytest.mark.shared
@real_selections
def test_tables_of_a_real_site_are_those_of_a_loop(shared, selection):
    folder = shared("powerapps")
    data, records = Slice(real_corpus(folder), selection), records_in(folder)
    assert rows_of(articles_smoothed(data, grain="month", window=6)) == near(
        smoothed_by_loop(records, selection, "month", 6)
    )
    assert rows_of(articles_by_day(data, years=1)) == days_by_loop(records, selection, 1)
