"""The contents of a corpus and its problems, as text for a terminal, as JSON, or as a CSV of the problems."""

import json
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from analytics.analyses.data_health import OWN_KEY
from analytics.catalog import VIEWS
from analytics.corpus.collections import collection_sizes, collections_counted_by_default
from analytics.corpus.loader import Corpus
from analytics.corpus.problem_codes import SEVERITIES
from analytics.corpus.sources.base import role
from analytics.engine.encoded import NONE
from analytics.engine.slice import Slice
from analytics.reports.csv import to_csv
from analytics.reports.escaping import printable
from analytics.selection.fields import STATES

Format = Literal["text", "json", "csv"]
Level = Literal["error", "warning", "never"]


@dataclass(frozen=True)
class Check:
    """The counts of a corpus and all its problems.

    `profile` is that of the corpus in words, empty for none. `completeness`, `field_sources` and
    `problems` are the tables of the views `completeness_by_field`, `field_sources` and `problems_listed`,
    `problems_finding` is the sentence of the last. `collections` says of each collection whether it counts when none is
    named, and how many of its articles have what (COLLECTION_FIELDS).
    """

    name: str
    profile: str
    counts: dict[str, Any]
    collections: list[dict[str, Any]]
    completeness: pd.DataFrame
    field_sources: pd.DataFrame
    problems: pd.DataFrame
    unknown_fields: pd.DataFrame
    problems_finding: str

    def fails(self, level: Level) -> bool:
        """Whether there is a problem at or above a level."""
        if level == "never":
            return False
        worst = SEVERITIES[: SEVERITIES.index(level) + 1]
        return any(self.counts["problems_by_severity"][severity] for severity in worst)

    def render(self, file_format: Format, *, excel: bool = False) -> str:
        """The check in a format, with a line break at its end; the same corpus gives the same text."""
        if file_format == "csv":
            return to_csv(self.problems, excel=excel)
        return self._json() if file_format == "json" else self._text()

    def _json(self) -> str:
        found = {
            "corpus": self.name,
            **({"profile": self.profile} if self.profile else {}),
            "counts": self.counts,
            "collections": self.collections,
            "completeness": _records(self.completeness),
            "field_sources": _records(self.field_sources),
            "problems": _records(self.problems),
            "unknown_fields": _records(self.unknown_fields),
        }
        return json.dumps(found, indent=2, ensure_ascii=False) + "\n"

    def _text(self) -> str:
        sections = [
            _count_lines(f"{self.name}, read by {self.profile}" if self.profile else self.name, self.counts),
            _collection_lines(self.collections),
            _completeness_lines(self.completeness),
            _source_lines(self.field_sources),
            *(_ranking_lines(f"Articles by {key}", self.counts[f"by_{key}"]) for key in ("type", "topic", "provider")),
            _ranking_lines(
                "Fields that are not read", {row["field"]: row["n"] for row in _records(self.unknown_fields)}
            ),
            _ranking_lines("Problems by code", self.counts["problems_by_code"]),
            _problem_lines(self.problems),
            [self.problems_finding],
        ]
        return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def check(corpus: Corpus) -> Check:
    """Count the contents of a corpus and list all of its problems."""
    data = Slice(corpus)
    listing = VIEWS["problems_listed"]
    problems = listing.answer(data)
    return Check(
        name=corpus.name,
        profile=corpus.profile.in_words,
        counts=_all_counts(corpus, data),
        collections=_collections(corpus, data),
        completeness=VIEWS["completeness_by_field"].answer(data),
        field_sources=VIEWS["field_sources"].answer(data),
        problems=problems,
        unknown_fields=corpus.unknown_fields,
        problems_finding=listing.finding(problems),
    )


COLLECTION_FIELDS = ("published_at", "published", "quality", "heat", "provider", "topics", "excerpt")
"""What `check` counts in each collection."""


def _collections(corpus: Corpus, data: Slice) -> list[dict[str, Any]]:
    """Each collection, most articles first: whether it counts when none is named, its articles and problems."""
    sizes = collection_sizes(corpus)
    counting = collections_counted_by_default(corpus) or tuple(sizes)
    counted = data.tally("collection", **{name: f"has_{name}" for name in COLLECTION_FIELDS})
    present = counted.set_index("collection")[list(COLLECTION_FIELDS)].to_dict("index")
    own = pd.Series(corpus.articles["collection"].astype("str").array, index=corpus.articles["path"])
    problems = corpus.problems["path"].map(own).value_counts()
    return [
        {"collection": name, "counts": name in counting, "articles": n}
        | {field: int(present[name][field]) for field in COLLECTION_FIELDS}
        | {"problems": int(problems.get(name, 0))}
        for name, n in sizes.items()
    ]


def _collection_lines(found: list[dict[str, Any]]) -> list[str]:
    """A line a collection, where there are several; those that count when none is named are marked."""
    if len(found) < 2:
        return []
    names = ("articles", *COLLECTION_FIELDS, "problems")
    width = max(len(row["collection"]) for row in found)
    lines = ["Articles by collection (* counts where none is named), and how many have what"]
    lines.append(" ".join(["  ", " " * width, *(f"{name:>12}" for name in names)]))
    for row in found:
        mark = "*" if row["counts"] else " "
        cells = [f"{row[name]:>12,}" for name in names]
        lines.append(printable(" ".join([f" {mark}", f"{row['collection']:<{width}}", *cells])))
    return lines


def _all_counts(corpus: Corpus, data: Slice) -> dict[str, Any]:
    states = _articles_by_label(data, "state")
    topics, providers = _articles_by_label(data, "topic"), _articles_by_label(data, "provider")
    severities = corpus.problems["severity"].astype("str").value_counts()
    codes = corpus.problems["code"].astype("str").value_counts()
    return {
        "articles": data.n,
        **{state: states.get(state, 0) for state in STATES},
        "files_lost": _files_lost(corpus),
        "files_skipped": corpus.skipped,
        "topics": len(topics.keys() - {NONE}),
        "providers": len(providers.keys() - {NONE}),
        "problems": len(corpus.problems),
        "problems_by_severity": {severity: int(severities.get(severity, 0)) for severity in SEVERITIES},
        "problems_by_code": {
            code: int(codes[code]) for code in sorted(codes.index, key=lambda name: (-codes[name], name))
        },
        "by_type": _articles_by_label(data, "type"),
        "by_topic": topics,
        "by_provider": providers,
    }


def _articles_by_label(data: Slice, key: str) -> dict[str, int]:
    """Articles by label, most first, ties in alphabetical order; an article counts under each of its topics."""
    counts = data.tally(key).sort_values(["n", key], ascending=[False, True])
    return dict(zip(counts[key].tolist(), map(int, counts["n"]), strict=True))


def _files_lost(corpus: Corpus) -> int:
    """The number of files that are no articles because they are faulty or empty."""
    problems = corpus.problems
    faulty = problems[(problems["severity"] == "error") | (problems["code"] == "empty_file")]
    faulty = faulty[faulty["code"] != "no_articles"]
    paths = faulty.loc[~faulty["path"].isin(corpus.articles["path"]), "path"].unique()
    return sum(role(path) not in ("topic", "organisation", "profile") for path in paths)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values, None for what is missing."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _count_lines(name: str, counts: dict[str, Any]) -> list[str]:
    kinds = ", ".join(f"{severity} {n:,}" for severity, n in counts["problems_by_severity"].items())
    rows = {
        "articles": f"{counts['articles']:,}",
        **{f"  {state}": f"{counts[state]:,}" for state in STATES},
        "files lost": f"{counts['files_lost']:,}",
        "files skipped": f"{counts['files_skipped']:,}  (text without front matter)",
        "topics": f"{counts['topics']:,}",
        "providers": f"{counts['providers']:,}",
        "problems": f"{counts['problems']:,}  ({kinds})",
    }
    return [printable(name), *(f"  {label:<15}{value}" for label, value in rows.items())]


def _completeness_lines(table: pd.DataFrame) -> list[str]:
    if table.empty:
        return []
    width = max(map(len, table["field"]))
    lines = ["Completeness (articles that have the field; per cent rounded down)"]
    for row in _records(table):
        per_cent = row["present"] * 1000 // row["n"] / 10
        lines.append(f"  {row['field']:<{width}}  {row['present']:>8,}  {per_cent:>5.1f} %  {row['band']}")
    return lines


def _source_lines(table: pd.DataFrame) -> list[str]:
    """A line a field and key; none where each field came from the record's own."""
    if (table["origin"] == OWN_KEY).all():
        return []
    lines = ["Keys that fields came from (articles)"]
    for row in _records(table):
        own = "" if row["origin"] == OWN_KEY else f"  ({row['origin']})"
        lines.append(printable(f"  {row['field']:<13} {row['files']:>8,}  {row['key']}{own}"))
    return lines


def _ranking_lines(title: str, counts: dict[str, int]) -> list[str]:
    if not counts:
        return []
    return [title, *(f"  {n:>8,}  {printable(label)}" for label, n in counts.items())]


def _problem_lines(table: pd.DataFrame) -> list[str]:
    """One line a problem, as editors and terminals link it: `path:line: severity code field: value — message`."""
    lines = []
    for row in _records(table):
        location = row["path"] if row["line"] is None else f"{row['path']}:{row['line']}"
        what = " ".join(filter(None, (row["severity"], row["code"], row["field"])))
        value = f": {row['value']}" if row["value"] else ""
        lines.append(printable(f"{location}: {what}{value} — {row['message']}"))
    return lines
