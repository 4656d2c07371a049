"""The tables of README and docs that the program itself determines: `python -m tests.generated_docs` writes them."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from analytics.catalog import VIEWS
from analytics.corpus.field_map import AUTHORS, FIELD_MAP
from analytics.corpus.problem_codes import CODES
from analytics.reviews.agenda_reasons import AGENDA_REASONS
from analytics.selection.fields import FILTER_FIELDS
from tests.conftest import ROOT

BLOCK = re.compile(r"(<!-- generated: ([\w ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
"""A generated part of a document, between two comments that its readers do not see."""


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("|" + "|".join(f" {cell} " if cell != "---" else cell for cell in line) + "|\n" for line in lines)


TABLES = {
    "views": table(
        ("page", "view", "question"), [(view.page, f"`{view.slug}`", view.question) for view in VIEWS.values()]
    ),
    "filters": table(
        ("in a link", "option", "meaning"),
        [
            (f"`{field.parameter}`", f"`--{field.parameter.replace('_', '-')}`", field.meaning + choices)
            for field in FILTER_FIELDS
            for choices in [": " + ", ".join(field.choices) if 0 < len(field.choices) <= 3 else ""]
        ],
    ),
    "problems": table(
        ("code", "severity", "meaning"), [(f"`{name}`", code.severity, code.meaning) for name, code in CODES.items()]
    ),
    "field map": table(
        ("field of the record", "keys that stand for it"),
        [
            (f"`{field}`", ", ".join(f"`{key}`" for key in (*keys, *(AUTHORS if field == "provider" else ()))))
            for field, keys in FIELD_MAP.items()
        ],
    ),
    "agenda reasons": table(
        ("reason", "name", "weight at first", "meaning"),
        [(f"`{reason.name}`", reason.label, reason.weight, reason.meaning) for reason in AGENDA_REASONS],
    ),
}
"""Name of a generated part → its text."""

DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))


def generated(document: Path) -> str:
    """The text of a document with its generated parts made anew."""
    return BLOCK.sub(lambda block: f"{block[1]}{TABLES[block[2]]}{block[3]}", document.read_text())


if __name__ == "__main__":
    for document in DOCUMENTS:
        document.write_text(generated(document))
