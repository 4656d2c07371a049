"""Views over time as people pivot them: a row a period, a column a label."""

import pandas as pd

from analytics.schema import Column, Table
from analytics.view import View

PERIOD = "period"
HEAD = (PERIOD, "period_end", "complete")
"""The columns of a period itself, where a table has them."""


def wide(view: View, table: pd.DataFrame) -> tuple[Table, pd.DataFrame]:
    """A view's table with one row a period and `view.pivot` of each label in a column of its own, and its contract.

    Periods and labels stand in the order of the table; rows without a period, which are of the whole selection, are
    left out. A label that is called like a column of the period has the name of the label's column after it.
    """
    label = next(name for name in view.table.key if name != PERIOD)
    rows = table[table[PERIOD].notna()]
    head = [name for name in view.table.names if name in HEAD]
    labels = rows[label].astype("str").unique().tolist()
    names = _apart(labels, head, label)
    value = view.table[view.pivot]
    columns = [view.table[name] for name in head]
    columns += [
        Column(name, value.kind, f"{label} {found}: {value.meaning}", value.unit)
        for found, name in zip(labels, names, strict=True)
    ]
    contract = Table(f"{view.slug}_wide", f"one row per period, one column per {label}", tuple(columns), (PERIOD,))
    periods = rows[head].drop_duplicates(PERIOD).sort_values(PERIOD)
    cells = rows.assign(**{label: rows[label].astype("str")}).pivot(index=PERIOD, columns=label, values=view.pivot)
    cells = cells.reindex(index=periods[PERIOD], columns=labels)
    found = {name: cells[old].array for old, name in zip(labels, names, strict=True)}
    return contract, contract.of(pd.DataFrame({name: periods[name].array for name in head} | found))


def _apart(labels: list[str], taken: list[str], label: str) -> list[str]:
    """Names for columns, none of them one that is taken."""
    names: list[str] = []
    for found in labels:
        name = found
        while name in taken or (name != found and name in labels):
            name = f"{name} ({label})"
        names.append(name)
    return names
