"""Labels, units and formats of every view, as its contract declares them, in tables and in tooltips."""

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from analytics.app.tables import column_configs, readable, times_or_texts
from analytics.catalog import VIEWS
from analytics.catalog.comparison import COMPARED
from analytics.charts.comparison import key_figure_bars
from analytics.charts.theme import Panels
from analytics.reports.csv import to_csv
from analytics.reports.report.html import cell_texts
from analytics.schema import label_of
from tests.corpora import article, part_of

ALL_VIEWS = (*VIEWS.values(), *COMPARED.values())


def tooltips(spec: Any) -> Iterator[dict[str, Any]]:
    """Each field of each tooltip in a chart."""
    if isinstance(spec, dict):
        found = spec.get("tooltip", [])
        yield from (found if isinstance(found, list) else [])
        spec = list(spec.values())
    if isinstance(spec, list):
        for part in spec:
            yield from tooltips(part)


def test_a_label_follows_from_the_name() -> None:
    names = ["share_published", "n", "n_then", "hhi", "original_url", "hours_q25", "newest_article"]
    labels = ["Share published", "n", "n then", "HHI", "Original address", "Hours 25th percentile"]
    assert [label_of(name) for name in names] == [*labels, "Newest article"]


def test_headers_are_labels_shares_are_per_cent_and_times_say_utc() -> None:
    for view in ALL_VIEWS:
        labels = [column.label for column in view.table.columns]
        assert len(set(labels)) == len(labels), view.slug
        shown = column_configs(view.table)
        for column in view.table.columns:
            config = shown[column.name]
            assert config["label"] == column.label
            assert "_" not in column.label
            form = (config.get("type_config") or {}).get("format")
            assert (form == "%.1f%%") == column.is_share
            assert column.kind != "time" or "UTC" in form


@pytest.mark.slow
def test_tooltips_have_the_labels_and_formats_of_the_contract() -> None:
    for view in (view for view in ALL_VIEWS if not view.is_list):
        drawn = view.draw(view.table.empty(), view.look())
        charts = drawn.charts if isinstance(drawn, Panels) else (drawn,)
        told = [each for chart in charts for each in tooltips(chart.to_dict())]
        assert told, view.slug
        for each in told:
            assert "_" not in each["title"], view.slug
            if each["field"] in view.table.names:
                column = view.table[each["field"]]
                assert each["title"] == column.label
                assert not column.is_share or each["format"].endswith("%")
                assert column.kind != "time" or each.get("format", "UTC").endswith("UTC")


def test_a_date_without_a_time_is_shown_as_its_day() -> None:
    listed = [article(at=at, quality=70, heat=72) for at in ("2024-01-03", "2024-01-04T00:00:00Z")]
    view, dated = VIEWS["hottest_articles"], ["2024-01-03 12:00 UTC", "2024-01-04"]
    table = view.answer(part_of(listed))
    assert readable(table, view.table)["published_at"].tolist() == dated
    assert cell_texts(table, view.table["published_at"]) == ["3 Jan 2024 12:00 UTC", "4 Jan 2024"]
    assert times_or_texts(table["published_at"].head(1)).equals(table["published_at"].head(1))
    assert to_csv(table).count("2024-01-04T00:00:00Z") == 1


def test_data_health_names_fields_as_people_read_them_and_as_the_file_has_them() -> None:
    view = VIEWS["completeness_by_field"]
    table = view.answer(part_of([article()]))
    names = dict(zip(table["field"], readable(table, view.table)["field"], strict=True))
    assert (names["amp_url"], names["image"], names["heat"]) == ("AMP address (ampWebUrl)", "Image (images)", "Heat")
    assert set(readable(table, view.table)["share"]) == {0, 100}
    assert "AMP address" in json.dumps(view.chart(table).to_dict())


def test_a_figure_has_the_unit_of_its_row() -> None:
    contract = COMPARED["compared_figures"].table
    rows = {"figure": ["share_published", "median_quality"], "unit": ["share", "points"], "value": [0.53721, 70.25]}
    table = contract.of(pd.DataFrame(rows).reindex(columns=contract.names))
    shown = readable(table, contract)
    assert shown["figure"].tolist() == ["Share published", "Median quality"]
    assert shown["value"].tolist() == ["53.7%", "70.25"]
    drawn = key_figure_bars("share_published")(table, COMPARED["compared_figures"].look())
    assert isinstance(drawn, Panels)
    formats = {each["field"]: each.get("format") for each in tooltips(drawn.charts[0].to_dict())}
    assert formats == {"selection": None, "value": ".1%", "n": ",d", "low": ".1%", "high": ".1%"}
