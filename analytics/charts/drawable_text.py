"""Text made safe for charts: Vega compiles labels into JavaScript, and files hold them as XML."""

from typing import Any

import pandas as pd

from analytics.text_normalisation import showable_text

_KNOWN_TO_JAVASCRIPT = frozenset(
    [
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
        "__proto__",
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
    ]
)
"""Properties of every object in JavaScript (ECMAScript 2025, sections 20.1.3 and B.2.2): Vega looks labels up in
objects and would find these in place of nothing."""

_WITHOUT_WIDTH = "\u200b"


def drawable(text: str) -> str:
    """The text without characters that cannot be shown; a name of a JavaScript property gets a zero-width space, so
    that it is no longer that name."""
    return f"{text}{_WITHOUT_WIDTH}" if text in _KNOWN_TO_JAVASCRIPT else showable_text(text)


_IN_A_TITLE = str.maketrans({'"': "\u201d", "\\": "\u29f5", "\n": " ", "\r": " ", "\t": " "})
"""Vega-Lite puts the titles of axes, legends and tooltips between quotes into an expression, as they are."""


def drawable_spec(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification of a chart with every text drawable, those of its data too; names of fields stay."""
    found: dict[str, Any] = _drawable_part(spec, in_data=False)
    return found


def _drawable_part(part: Any, *, in_data: bool) -> Any:
    if isinstance(part, str):
        return drawable(part)
    if isinstance(part, dict):
        found = {name: _drawable_part(value, in_data=in_data or name == "datasets") for name, value in part.items()}
        if not in_data and isinstance(found.get("title"), str):
            found["title"] = found["title"].translate(_IN_A_TITLE)
        return found
    return [_drawable_part(value, in_data=in_data) for value in part] if isinstance(part, list | tuple) else part


def drawable_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with every text drawable; the same object where nothing changes."""
    changed: dict[str, pd.Series] = {}
    for name, column in frame.items():
        if isinstance(column.dtype, pd.StringDtype | pd.CategoricalDtype) or column.dtype == object:
            texts = [each for each in column.dropna().unique() if isinstance(each, str)]
            odd = {each: drawable(each) for each in texts if drawable(each) != each}
            if odd:
                changed[str(name)] = column.astype("object").map(lambda each, odd=odd: odd.get(each, each))
    return frame.assign(**changed) if changed else frame
