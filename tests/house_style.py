"""The rules of docs/style.md that a program can check."""

import re
from collections.abc import Mapping

OF_PROBLEMS = ("problems_by_code", "problems_by_provider", "problems_listed", "completeness_by_collection")
"""Views whose sentences quote the codes of problems and the fields of the record."""

WORDS = {
    "a name of a column": re.compile(r"\b[a-z]+_[a-z_]+\b"),
    "a doubled word": re.compile(r"\b([A-Za-z]+) \1\b", re.IGNORECASE),
    "a gap": re.compile(r"  | [,.;:](?!\d)|\.\.(?!\.)|,,|;;"),
    "percentage points": re.compile(r"percentage point|\bper cent of\b|\bpercent\b"),
    "a cause": re.compile(r"\b(because of|thanks to|driven by|due to)\b"),
}
FINDINGS = WORDS | {
    "a missing value": re.compile(r"\bnan\b|<NA>|\bNaT\b|\bNone\b(?! of)"),
    "an ISO date": re.compile(r"\b\d{4}-\d\d-\d\d\b"),
    "decimals of a share": re.compile(r"\d\.\d\d+%"),
}


def broken_rules(slug: str, text: str, rules: Mapping[str, re.Pattern[str]]) -> list[str]:
    """What is wrong with a text of a view, as sentences."""
    return [
        f"{slug}: {name} in {text!r}"
        for name, rule in rules.items()
        if rule.search(text) and not (name == "a name of a column" and slug in OF_PROBLEMS)
    ]
