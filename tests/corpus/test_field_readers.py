"""One table a reader: what is written, what is read, what is noted."""

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.corpus.parsing import field_readers
from analytics.corpus.parsing.field_readers import MAX_ENTRIES, MAX_PROBLEMS, Problem, Problems
from analytics.corpus.parsing.front_matter_value_types import Plain, RepeatedField, Tagged
from analytics.corpus.problem_codes import CODES
from analytics.corpus.record_fields import SCORE_MAX

unhurried = settings(deadline=None)
REFUSED = [(Tagged("!secret"), "tagged"), (RepeatedField("f"), "duplicate_key")]


def codes(found: Problems) -> list[str]:
    assert all(problem.code in CODES for problem in found)
    return [problem.code for problem in found]


@pytest.mark.parametrize(
    ("value", "expected", "noted"),
    [
        (Plain("89"), 89, []),
        (Plain("0"), 0, []),
        (Plain("-0"), 0, []),
        (Plain("+5"), 5, []),
        (Plain("1000"), SCORE_MAX, []),
        (Plain(" 89 "), 89, []),
        (" 89\x1f", 89, ["number_as_text"]),
        ("89", 89, ["number_as_text"]),
        (None, None, []),
        (Plain("high"), None, ["not_whole"]),
        (Plain("89.0"), None, ["not_whole"]),
        (Plain("1e3"), None, ["not_whole"]),
        (Plain("010"), None, ["not_whole"]),
        (Plain("0x1F"), None, ["not_whole"]),
        (Plain("0b1"), None, ["not_whole"]),
        (Plain("1_000"), None, ["not_whole"]),
        (Plain("1,000"), None, ["not_whole"]),
        (Plain("1 000"), None, ["not_whole"]),
        (Plain("1:30"), None, ["not_whole"]),
        (Plain("true"), None, ["not_whole"]),
        (Plain(".inf"), None, ["not_whole"]),
        (Plain(".nan"), None, ["not_whole"]),
        (Plain("٨٩"), None, ["not_whole"]),
        (Plain("²"), None, ["not_whole"]),
        (Plain("- 1"), None, ["not_whole"]),
        ("", None, ["not_whole"]),
        ([], None, ["not_whole"]),
        ([Plain("89")], None, ["not_whole"]),
        ({"a": Plain("1")}, None, ["not_whole"]),
        (Plain("1001"), None, ["out_of_range"]),
        (Plain("-1"), None, ["out_of_range"]),
        ("-1", None, ["out_of_range"]),
        (Plain("9" * 18), None, ["out_of_range"]),
        (Plain("9" * 19), None, ["not_whole"]),
        (Plain("9" * 100_000), None, ["not_whole"]),
        (Tagged("tag:yaml.org,2002:int"), None, ["tagged"]),
        (RepeatedField("f"), None, ["duplicate_key"]),
    ],
)
def test_whole(value: Any, expected: int | None, noted: list[str]) -> None:
    found = Problems()
    assert field_readers.whole(value, "f", found, low=0, high=SCORE_MAX) == expected
    assert codes(found) == noted


@pytest.mark.parametrize(
    ("written", "expected", "noted"),
    [("-1", -1, []), ("0", 0, []), ("-2", None, ["out_of_range"]), ("-1.0", None, ["not_whole"])],
)
def test_whole_with_a_mark_below_zero(written: str, expected: int | None, noted: list[str]) -> None:
    found = Problems()
    assert field_readers.whole(Plain(written), "heat", found, low=-1, high=SCORE_MAX) == expected
    assert codes(found) == noted


@unhurried
@given(st.one_of(st.from_regex(r"\s*[+-]?\d{1,4}\s*", fullmatch=True), st.text(max_size=6), st.integers().map(str)))
def test_whole_is_what_int_reads_or_nothing(written: str) -> None:
    found = Problems()
    result = field_readers.whole(Plain(written), "f", found, low=-(10**18), high=10**18)
    if result is None:
        assert codes(found) == ["not_whole"]
    else:
        assert (result, codes(found)) == (int(written.strip()), [])


@unhurried
@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_whole_reads_every_number_in_its_range(number: int) -> None:
    assert field_readers.whole(Plain(number), "f", Problems(), low=-(10**18), high=10**18) == number


@pytest.mark.parametrize(
    ("value", "expected", "noted"),
    [
        (Plain("true"), True, []),
        (Plain("false"), False, []),
        (Plain("True"), True, []),
        (Plain("FALSE"), False, []),
        ("true", True, ["boolean_as_text"]),
        ("no", False, ["boolean_as_text"]),
        (Plain("yes"), True, ["boolean_word"]),
        (Plain("No"), False, ["boolean_word"]),
        (Plain("on"), True, ["boolean_word"]),
        (Plain("OFF"), False, ["boolean_word"]),
        (None, None, []),
        (Plain("1"), None, ["not_boolean"]),
        (Plain("0"), None, ["not_boolean"]),
        (Plain("y"), None, ["not_boolean"]),
        (Plain("maybe"), None, ["not_boolean"]),
        ("", None, ["not_boolean"]),
        ([], None, ["not_boolean"]),
        ({}, None, ["not_boolean"]),
        *((value, None, [code]) for value, code in REFUSED),
    ],
)
def test_flag(value: Any, expected: bool | None, noted: list[str]) -> None:
    found = Problems()
    assert field_readers.flag(value, "f", found) is expected
    assert codes(found) == noted


NOON = datetime(2022, 2, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected", "noted"),
    [
        ("2022-02-21T12:00:00Z", NOON, []),
        ("2022-02-21T12:00:00z", NOON, []),
        ("2022-02-21t12:00Z", NOON, []),
        ("2022-02-21 12:00:00 Z", NOON, []),
        ("2022-02-21T12:00:00+00:00", NOON, []),
        ("2022-02-21T12:00:00-00:00", NOON, []),
        ("2022-02-21T14:00:00+02:00", NOON, []),
        ("2022-02-21T14:00:00+02", NOON, []),
        ("2022-02-21T17:45:00+0545", NOON, []),
        ("2022-02-21 02:30:00 -09:30", NOON, []),
        ("2022-02-20T12:01:00-23:59", NOON, []),
        ("2022-02-21T12:00:00.5Z", NOON + timedelta(milliseconds=500), []),
        ("2022-02-21T12:00:00,000001Z", NOON + timedelta(microseconds=1), []),
        ("2022-02-21T12:00:00.123456789Z", NOON + timedelta(microseconds=123456), []),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC), []),
        ("0001-01-01T00:00:00Z", None, ["implausible_date"]),
        ("1899-12-31T23:59:59Z", None, ["implausible_date"]),
        ("1900-01-01T00:00:00Z", datetime(1900, 1, 1, tzinfo=UTC), []),
        ("2099-12-31T23:59:59Z", datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC), []),
        ("2099-12-31T23:59:59-01:00", None, ["implausible_date"]),
        ("9999-12-31T23:59:59Z", None, ["implausible_date"]),
        ("2022-02-21T12:00:00", NOON, ["naive_time"]),
        ("2022-02-21 12:00", NOON, ["naive_time"]),
        ("2022-02-21", NOON.replace(hour=0), ["date_only"]),
        ("2022-02-21T24:00:00Z", None, ["not_a_time"]),
        ("2022-02-21T23:59:60Z", None, ["not_a_time"]),
        ("2022-02-21T12:60:00Z", None, ["not_a_time"]),
        ("2022-02-30T12:00:00Z", None, ["not_a_time"]),
        ("2023-02-29", None, ["not_a_time"]),
        ("2022-13-01", None, ["not_a_time"]),
        ("2022-00-10", None, ["not_a_time"]),
        ("0000-01-01", None, ["not_a_time"]),
        ("0001-01-01T00:00:00+01:00", None, ["not_a_time"]),
        ("9999-12-31T23:59:59-01:00", None, ["not_a_time"]),
        ("10000-01-01", None, ["not_a_time"]),
        ("2022-02-21T12:00:00+24:00", None, ["not_a_time"]),
        ("2022-02-21T12:00:00+01:60", None, ["not_a_time"]),
        ("2022-02-21T12:00:00+2", None, ["not_a_time"]),
        ("2022-02-21T12:00:00 UTC", None, ["not_a_time"]),
        ("2022-02-21T12:00.5Z", None, ["not_a_time"]),
        ("2022-02-21T12:00:00.Z", None, ["not_a_time"]),
        ("2022-02-21T12Z", None, ["not_a_time"]),
        ("2022-02-21Z", None, ["not_a_time"]),
        ("2022-2-21", None, ["not_a_time"]),
        ("20220221T120000Z", None, ["not_a_time"]),
        ("2022-W08-1", None, ["not_a_time"]),
        ("1645444800", None, ["not_a_time"]),
        ("21.02.2022", None, ["not_a_time"]),
        ("Feb 21, 2022", None, ["not_a_time"]),
        ("２０２２-02-21", None, ["not_a_time"]),
        ("2022-02-21T12:00:00.１Z", None, ["not_a_time"]),
        ("yesterday", None, ["not_a_time"]),
        ("", None, ["not_a_time"]),
    ],
)
@pytest.mark.parametrize("kind", [Plain, str])
def test_time(written: str, expected: datetime | None, noted: list[str], kind: type[str]) -> None:
    found = Problems()
    result = field_readers.time(kind(written), "f", found)
    assert result == expected
    assert result is None or result.utcoffset() == timedelta(0)
    assert codes(found) == noted


@pytest.mark.parametrize(
    ("written", "expected", "noted"),
    [
        ("2022-10-30T02:30", datetime(2022, 10, 30, 0, 30, tzinfo=UTC), ["clock_change"]),
        ("2022-03-27T02:30", datetime(2022, 3, 27, 1, 30, tzinfo=UTC), ["clock_change"]),
        ("2022-10-30T01:59", datetime(2022, 10, 29, 23, 59, tzinfo=UTC), []),
        ("2022-10-30T03:00", datetime(2022, 10, 30, 2, 0, tzinfo=UTC), []),
        ("2022-10-30T02:30+01:00", datetime(2022, 10, 30, 1, 30, tzinfo=UTC), []),
        ("2022-10-30", datetime(2022, 10, 30, tzinfo=UTC), ["date_only"]),
    ],
)
def test_an_hour_that_a_zone_has_twice_or_never_is_noted(written: str, expected: datetime, noted: list[str]) -> None:
    found = Problems()
    assert field_readers.time(written, "f", found, zone=ZoneInfo("Europe/Vienna")) == expected
    assert codes(found) == noted


@pytest.mark.parametrize(
    ("value", "noted"), [(None, []), ([], ["not_a_time"]), ({}, ["not_a_time"]), *((v, [c]) for v, c in REFUSED)]
)
def test_time_that_is_not_text(value: Any, noted: list[str]) -> None:
    found = Problems()
    assert field_readers.time(value, "f", found) is None
    assert codes(found) == noted


OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@unhurried
@given(st.datetimes(datetime(1900, 1, 2), datetime(2099, 12, 30), timezones=OFFSETS))  # noqa: DTZ001 - zones are drawn
def test_time_reads_the_usual_spellings_of_a_moment(moment: datetime) -> None:
    whole = moment.isoformat()
    zone = whole[-6:]
    spellings = [
        whole,
        whole.replace("T", " "),
        whole.replace("T", "t"),
        f"{whole[:-6]} {zone}",
        f"{whole[:-6]}{zone.replace(':', '')}",
        moment.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        f"  {whole}\n",
    ]
    for spelling in spellings:
        found = Problems()
        assert (spelling, field_readers.time(Plain(spelling), "f", found), found) == (spelling, moment, [])


@unhurried
@given(st.text(max_size=30))
def test_time_never_raises(written: str) -> None:
    found = Problems()
    assert (field_readers.time(written, "f", found) is None) == (codes(found) == ["not_a_time"])


@pytest.mark.parametrize(
    ("value", "expected", "noted"),
    [
        (Plain("NO"), "NO", []),
        (Plain("89"), "89", []),
        ("  two words \n", "two words", []),
        ("a & b <i>", "a & b <i>", []),
        ("null", "null", []),
        (None, None, []),
        ("", None, []),
        (" \t\n\u00a0", None, []),
        ("a \ud800", None, ["not_text"]),
        ([Plain("a")], None, ["not_text"]),
        ({"a": Plain("b")}, None, ["not_text"]),
        *((value, None, [code]) for value, code in REFUSED),
    ],
)
def test_text(value: Any, expected: str | None, noted: list[str]) -> None:
    found = Problems()
    assert field_readers.text(value, "f", found) == expected
    assert codes(found) == noted


@unhurried
@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda written: written.strip() == written != ""))
def test_text_keeps_what_is_stripped_and_not_blank(written: str) -> None:
    found = Problems()
    result = field_readers.text(Plain(written), "f", found)
    shown = "".join(sign for sign in written if not cannot_be_shown(sign)).strip()
    blanks = set(written) & set("\v\f\x85\u2028\u2029")
    if not blanks:
        assert (result, codes(found)) == (shown or None, ["odd_characters"] if shown != written else [])
    assert type(result) is str or not shown


def cannot_be_shown(sign: str) -> bool:
    """As Unicode has it: control characters but for tab and line ends, separators of lines, non-characters."""
    number = ord(sign)
    control = unicodedata.category(sign) in ("Cc", "Zl", "Zp") and sign not in "\t\n\r"
    return control or 0xFDD0 <= number <= 0xFDEF or number & 0xFFFE == 0xFFFE


@pytest.mark.parametrize(
    ("written", "read", "noted"),
    [
        ("in two\u2028lines", "in two lines", "U+2028"),
        ("a\x0bb", "a b", "U+000B"),
        ("e\x1b[31mred", "e[31mred", "U+001B"),
        ("a\uffffb\ufdd0", "ab", "U+FDD0, U+FFFF"),
        ("\x7f", None, "U+007F"),
    ],
)
def test_what_cannot_be_shown_is_left_out_and_named(written: str, read: str | None, noted: str) -> None:
    found = Problems()
    assert field_readers.text(written, "f", found) == read
    assert found == [("f", "odd_characters", noted)]


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("E\u0301nergie", "Énergie"),
        ("Computer\u00a0Vision", "Computer Vision"),
        ("Computer  Vision", "Computer Vision"),
        ("Computer Vision\u200b", "Computer Vision"),
        ("co\u00adoperation", "cooperation"),
        ("\u200b", None),
        ("Energy\U000e0041\U000e007f", "Energy"),
        ("Grid\ufe0f", "Grid"),
        ("Grid\U000e0101s", "Grids"),
    ],
)
def test_labels_that_look_alike_are_one_and_it_is_noted(written: str, counted: str | None) -> None:
    found = Problems()
    assert field_readers.label(written, "f", found) == counted
    assert codes(found) == ["label_form"]


OTHER_LABELS = ["Énergie", "computer vision", "می\u200cخواهم", "👩\u200d🔬", "O’Reilly", "葛\U000e0101城"]
EMOJI_LABELS = ["\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "1\ufe0f\u20e3", "❤\ufe0f"]


@pytest.mark.parametrize("written", [*OTHER_LABELS, *EMOJI_LABELS])
def test_other_labels_stay_as_they_are(written: str) -> None:
    found = Problems()
    assert (field_readers.label(written, "f", found), found) == (written, [])


@pytest.mark.parametrize(
    ("value", "expected", "noted"),
    [
        (["a", None, {}], ["a", None, {}], []),
        ([], [], []),
        (None, [], []),
        ("a", [], ["not_a_list"]),
        ("", [], ["not_a_list"]),
        ({"a": "b"}, [], ["not_a_list"]),
        (["x"] * MAX_ENTRIES, ["x"] * MAX_ENTRIES, []),
        (["x"] * (MAX_ENTRIES + 1), ["x"] * MAX_ENTRIES, ["too_many_entries"]),
        *((value, [], [code]) for value, code in REFUSED),
    ],
)
def test_entries(value: Any, expected: list[Any], noted: list[str]) -> None:
    found = Problems()
    assert field_readers.entries(value, "f", found) == expected
    assert codes(found) == noted


def test_records_keep_their_places() -> None:
    found = Problems()
    result = field_readers.records([{"a": "1"}, "text", None, [], {"b": "2"}], "related", found)
    assert result == [(0, {"a": "1"}), (4, {"b": "2"})]
    assert found == [Problem("related.1", "not_a_record", "text"), Problem("related.3", "not_a_record", "a list of 0")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2022-02-21-some-title.md", date(2022, 2, 21)),
        ("0001-01-01-.md", None),
        ("1900-01-01-x.md", date(1900, 1, 1)),
        ("2100-01-01-x.md", None),
        ("2024-02-29-x.md", date(2024, 2, 29)),
        ("2023-02-29-x.md", None),
        ("2022-02-21.md", None),
        ("2022-2-21-x.md", None),
        ("0000-01-01-x.md", None),
        ("x-2022-02-21-y.md", None),
        ("٢٠٢٢-02-21-x.md", None),
        ("about.md", None),
    ],
)
def test_file_date(name: str, expected: date | None) -> None:
    assert field_readers.date_at_start_of_file_name(name) == expected


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
        (["x"] * 3, "a list of 3"),
        ({"a": "b"}, "a record of 1 field"),
        ("a \ud800", "a ?"),
    ],
)
def test_a_finding_shows_its_value_in_short(value: Any, shown: str) -> None:
    found = Problems()
    found.add("f", "not_text", value)
    assert found == [Problem("f", "not_text", shown)]


def test_problems_of_a_file_end_with_a_word_that_there_are_more() -> None:
    found = Problems()
    for place in range(MAX_PROBLEMS + 5):
        found.add(f"topics.{place}", "not_text")
    assert len(found) == MAX_PROBLEMS + 1
    assert found[-2:] == [
        Problem(f"topics.{MAX_PROBLEMS - 1}", "not_text", ""),
        Problem("", "too_many_findings", f"more than {MAX_PROBLEMS}"),
    ]
