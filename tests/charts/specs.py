"""Whether a Vega-Lite specification is drawn from columns that its data has."""

import re
from collections.abc import Iterator
from typing import Any


def parts(spec: dict[str, Any], above: dict[str, Any] | None = None) -> Iterator[tuple[dict[str, Any], set[str]]]:
    """Each mark's encoding in a spec with the columns of its data, through layers and panels that hand theirs down."""
    above = above or {"datasets": spec["datasets"], "encoding": {}, "data": {}, "made": set()}
    made = {name for step in spec.get("transform", []) for name in made_by(step)}
    here = above | {
        "encoding": above["encoding"] | spec.get("encoding", {}),
        "data": spec.get("data", above["data"]),
        "made": above["made"] | made,
    }
    inner = [data for name in ("layer", "hconcat", "vconcat", "concat") for data in spec.get(name, [])]
    for data in inner:
        yield from parts(data, here)
    if not inner:
        rows = here["datasets"][here["data"]["name"]]
        yield here["encoding"], set().union(*rows, here["made"]) if rows else set()


def made_by(step: dict[str, Any]) -> list[str]:
    """The columns that a step of a spec's transforms adds."""
    steps = [step, *step.get("window", []), *step.get("aggregate", []), *step.get("joinaggregate", [])]
    named = [one["as"] for one in steps if "as" in one]
    return [name for names in named for name in ([names] if isinstance(names, str) else names)]


def fields_in(encoding: Any) -> set[str]:
    """The columns that an encoding reads: its fields, and those that its conditions test."""
    if isinstance(encoding, list):
        return set().union(*map(fields_in, encoding))
    if not isinstance(encoding, dict):
        return set()
    own = {encoding["field"]} if isinstance(encoding.get("field"), str) else set()
    tested = set(re.findall(r"datum\.(\w+)", str(encoding.get("test", ""))))
    return own.union(tested, *map(fields_in, encoding.values()))


def check_fields(spec: dict[str, Any]) -> int:
    """Check that every field of a spec is a column of its data; returns how many marks had rows to check."""
    checked = 0
    for encoding, columns in parts(spec):
        if columns:
            assert fields_in(encoding) <= columns, f"{fields_in(encoding) - columns} is not in the data"
            checked += 1
    return checked
