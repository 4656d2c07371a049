"""What a spreadsheet would run as a formula, and the `'` that exports put before it and imports take away."""

import re

FORMULA_SIGNS = "=+-@＝＋－＠"
"""Signs that begin a formula; the full-width ones too, which some spreadsheets read alike."""

FORMULA_STARTS = (*FORMULA_SIGNS, "\t", "\r")
"""What a cell begins with that would be run."""

_SIGN = f"(?=[{re.escape(FORMULA_SIGNS)}])"

INNER_FORMULA = r"([;\t\r\n][\s\"']*)" + _SIGN
"""What may end a cell, with the quotation marks that may begin the next, before a sign that begins a formula."""

_START_GUARD = re.compile(rf"\A'(?:{_SIGN}|(?=[\t\r\n]))")
_INNER_GUARD = re.compile(r"(?<![\s\"';])[\s\"';]*'" + _SIGN)


def without_guards(text: str) -> str:
    """The text of an exported cell as it was before it was made formula-safe, for Excel or not."""
    return _INNER_GUARD.sub(_without_inner_guard, _START_GUARD.sub("", text))


def _without_inner_guard(found: re.Match[str]) -> str:
    ends_a_cell = any(sign in found[0] for sign in ";\t\r\n")
    return found[0][:-1] if ends_a_cell else found[0]
