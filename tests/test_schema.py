"""Table contracts: what keeps one and what breaks it."""

import pandas as pd
import pytest

from analytics.corpus import table_contracts
from analytics.errors import SchemaError
from analytics.schema import DTYPES, Column, Table

TABLE = Table(
    "outlets",
    "one row per outlet",
    (
        Column("provider", "label", "name of the outlet"),
        Column("n", "whole", "articles", "articles"),
        Column("share_published", "share", "published articles among all"),
    ),
)
ALL_KINDS = Table("all", "one row", tuple(Column(kind, kind, "a value") for kind in DTYPES))
CONTRACTS = [value for value in vars(table_contracts).values() if isinstance(value, Table)]


def frame() -> pd.DataFrame:
    return pd.DataFrame({"provider": ["A", None], "n": [2, 0], "share_published": [0.5, None]})


def test_names_and_columns() -> None:
    assert TABLE.names == ["provider", "n", "share_published"]
    assert TABLE["n"] == Column("n", "whole", "articles", "articles")
    assert [column.dtype for column in TABLE.columns] == ["category", "Int64", "Float64"]


def test_an_unknown_column_names_those_there_are() -> None:
    with pytest.raises(SchemaError, match="outlets has no column 'heat'; it has provider, n, share_published"):
        TABLE["heat"]


def test_empty_keeps_the_contract() -> None:
    result = ALL_KINDS.empty()
    assert len(result) == 0
    assert {name: str(dtype) for name, dtype in result.dtypes.items()} == DTYPES
    ALL_KINDS.check(result)


def test_of_sets_order_dtypes_and_index() -> None:
    given = frame()[["n", "share_published", "provider"]].set_axis([7, 3])
    result = TABLE.of(given)
    expected = pd.DataFrame(
        {
            "provider": pd.Series(["A", None], dtype="category"),
            "n": pd.Series([2, 0], dtype="Int64"),
            "share_published": pd.Series([0.5, None], dtype="Float64"),
        }
    )
    pd.testing.assert_frame_equal(result, expected)
    TABLE.check(result)


def test_of_leaves_the_given_frame_alone() -> None:
    given = frame()
    TABLE.of(given)
    pd.testing.assert_frame_equal(given, frame())


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (frame().drop(columns="n"), r"outlets: missing columns \['n'\], unknown columns \[\]"),
        (frame().assign(extra=1), r"outlets: missing columns \[\], unknown columns \['extra'\]"),
        (frame().assign(n=[1.5, 2.0]), "outlets.n is not whole"),
        (frame().assign(n=["many", "few"]), "outlets.n is not whole"),
        (frame().assign(share_published=["half", "none"]), "outlets.share_published is not share"),
    ],
)
def test_of_refuses(broken: pd.DataFrame, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        TABLE.of(broken)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("flag", ["maybe"]),
        ("time", pd.to_datetime(["2022-02-21 14:00"])),
        ("time", ["soon"]),
        ("number", ["much"]),
    ],
)
def test_of_refuses_values_of_another_kind(kind: str, values: object) -> None:
    table = Table("one", "one row", (Column("a", kind, "a value"),))  # type: ignore[arg-type]
    with pytest.raises(SchemaError, match=f"one.a is not {kind}"):
        table.of(pd.DataFrame({"a": values}))


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (TABLE.of(frame()).drop(columns="n"), r"missing columns \['n'\]"),
        (TABLE.of(frame()).assign(extra=1), r"unknown columns \['extra'\]"),
        (TABLE.of(frame())[["n", "provider", "share_published"]], "has its columns in the order"),
        (pd.concat([TABLE.of(frame()), TABLE.of(frame())[["n"]]], axis=1), "has its columns in the order"),
        (TABLE.of(frame()).assign(n=[1, 2]), "outlets.n is int64, not Int64"),
        (TABLE.of(frame()).astype({"provider": "str"}), "outlets.provider is str, not category"),
        (TABLE.of(frame().assign(share_published=[0.5, 1.01])), "holds a share outside 0..1"),
        (TABLE.of(frame().assign(share_published=[-0.01, None])), "holds a share outside 0..1"),
    ],
)
def test_check_refuses(broken: pd.DataFrame, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        TABLE.check(broken)


def test_check_allows_shares_at_both_ends_and_missing_ones() -> None:
    TABLE.check(TABLE.of(pd.DataFrame({"provider": list("abc"), "n": 1, "share_published": [0, 1, None]})))


@pytest.mark.parametrize("table", CONTRACTS, ids=lambda table: table.name)
def test_every_frame_of_a_corpus_is_explained(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    assert table.grain.startswith("one row per ")
    assert all(column.meaning for column in table.columns)
    table.check(table.empty())
