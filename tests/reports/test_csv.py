"""CSV as spreadsheets and data tools read it."""

import csv
from datetime import date
from io import StringIO

import pandas as pd
import pytest

from analytics.reports.csv import file_name, to_csv
from analytics.selection.selection import Selection


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
@pytest.mark.parametrize("dtype", ["str", "category"])
def test_text_that_begins_like_a_formula_is_defused(start: str, dtype: str) -> None:
    table = pd.DataFrame({"title": pd.Series([f"{start}1+1", "plain"], dtype=dtype)})
    assert pd.read_csv(pd.io.common.StringIO(to_csv(table)))["title"].tolist()[0].startswith("'")
    assert "'" not in to_csv(table, raw=True)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Hello;=1+1", "Hello;'=1+1"),
        ('a\t"-2', "a\t\"'-2"),
        ("line\n@x", "line\n'@x"),
        ("=1;=2", "'=1;'=2"),
        ("＝1;＠x", "'＝1;'＠x"),
        ("one; two, three - four", "one; two, three - four"),
    ],
)
def test_for_excel_text_is_defused_behind_all_that_may_end_a_cell(text: str, written: str) -> None:
    table = pd.DataFrame({"title": pd.Series([text, None], dtype="str")})
    made = to_csv(table, excel=True)
    assert made.startswith("\ufefftitle\n")
    assert pd.read_csv(pd.io.common.StringIO(made.removeprefix("\ufeff")))["title"].tolist()[0] == written
    assert "'" not in to_csv(table, raw=True, excel=True)
    assert not to_csv(table, excel=True, header=False).startswith("\ufeff")


@pytest.mark.parametrize("raw", [False, True], ids=["safe", "raw"])
@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_a_line_break_in_a_text_begins_no_row(end: str, raw: bool) -> None:
    """No writer knows that a lone CR must stand in quotation marks: a formula would begin the next row."""
    made = to_csv(pd.DataFrame({"title": pd.Series([f"x{end}=1+2", "y"], dtype="str")}), raw=raw)
    written = "\n" if end == "\r" else end
    assert list(csv.reader(StringIO(made, newline=""))) == [["title"], [f"x{written}=1+2"], ["y"]]


def test_every_kind_of_value_has_one_form() -> None:
    table = pd.DataFrame(
        {
            "heat": pd.array([-1, None], dtype="Int64"),
            "share": pd.array([0.25, None], dtype="Float64"),
            "published": pd.array([True, None], dtype="boolean"),
            "published_at": pd.to_datetime(["2024-03-05T14:20:00Z", None]),
            "period": pd.to_datetime(["2024-03-01", None]),
            "title": pd.Series(['Say "A, B"', None], dtype="str"),
        }
    )
    assert to_csv(table) == (
        "heat,share,published,published_at,period,title\n"
        '-1,0.25,true,2024-03-05T14:20:00Z,2024-03-01,"Say ""A, B"""\n'
        ",,,,,\n"
    )


def test_the_source_frame_is_left_alone() -> None:
    table = pd.DataFrame({"title": pd.Series(["=1"], dtype="str")})
    to_csv(table)
    assert table["title"].tolist() == ["=1"]


def test_file_names_say_view_range_and_filters() -> None:
    everything = file_name("providers_ranked", Selection())
    spring = file_name("providers_ranked", Selection(start=date(2025, 3, 1), end=date(2025, 5, 31)))
    assert everything.startswith("providers_ranked_")
    assert spring.startswith("providers_ranked_2025-03-01_2025-05-31_")
    assert file_name("providers_ranked", Selection(topics=("A",))) != everything
    assert file_name("providers_ranked", Selection(), {"top": 24}) != everything
