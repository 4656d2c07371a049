"""What changed between two states of a corpus, for a chat, an e-mail, a browser or a program."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from analytics.analyses.common.wording import interval_text
from analytics.analyses.comparison.snapshots import (
    KINDS,
    PROVIDER_KINDS,
    SCORED,
    article_changes,
    provider_changes,
    topic_shifts,
)
from analytics.analyses.providers.turnover import OVERDUE_TIMES
from analytics.corpus.incremental_parse import Progress
from analytics.corpus.loader import Corpus, load_corpus
from analytics.engine.encoded import NONE
from analytics.engine.slice import Slice
from analytics.errors import CorpusError
from analytics.history.as_of import commit_before, first_day, load_revision
from analytics.reports.check import printable
from analytics.reports.csv import cells, to_csv
from analytics.reports.escaping import escaped
from analytics.selection.selection import Selection
from analytics.statistics.intervals import SMALL_N

LISTED = 15
"""How many articles of a kind Markdown and HTML name, and how many labels a sentence; CSV and JSON have all."""


def change_line(row: pd.Series) -> str:
    """A change of an article in a line, not escaped."""
    return f"{row['path'] if pd.isna(row['title']) else row['title']} {change_words(row)}"


def change_words(row: pd.Series) -> str:
    """Whose article it is and what was before and is now, not escaped."""
    outlet = f"({row['provider']})" if row["provider"] != NONE else NONE
    if row["change"] in ("added", "removed"):
        return outlet
    if row["change"] == "retitled":
        return f"{outlet}, before: {NONE if pd.isna(row['before']) else row['before']}"
    names = ("score_before", "score_after") if row["change"] in SCORED else ("before", "after")
    before, after = (NONE if pd.isna(row[name]) or row[name] == "" else row[name] for name in names)
    return f"{outlet}: {before} → {after}"


_PROVIDERS = {
    "new": "New providers",
    "silent": f"Fallen silent, for longer than ever and than {OVERDUE_TIMES} of their usual gaps",
    "gone": "Providers without an article now",
}


def provider_sentence(rows: pd.DataFrame, kind: str) -> str:
    """The providers of a kind of change, the first of them by name; empty without any."""
    named = [
        f"{row.provider} ({row.n:,}{f', the last on {row.last_day:%Y-%m-%d}' if kind == 'silent' else ''})"
        for row in rows.itertuples()
    ]
    return f"{_PROVIDERS[kind]}: {_enumerated(named, ', ')}." if named else ""


def _enumerated(named: Sequence[str], between: str) -> str:
    more = f"{between}and {len(named) - LISTED:,} more" if len(named) > LISTED else ""
    return between.join(named[:LISTED]) + more


def topic_sentence(recent: Slice, table: pd.DataFrame) -> str:
    """What is compared, and each topic whose share moved beyond chance."""
    before = recent.compared
    if before is None or recent.span is None:
        missing = f"{recent.selection.start} or later" if recent.selection.start else "in the earlier state"
        return f"Nothing can be said of topics: no article is dated {missing}."
    then, now = (
        f"{data.selection.start} to {end}"
        for data, end in ((before, before.selection.end), (recent, recent.span.known_to))
    )
    compared = f"of {recent.n:,} articles dated {now} against {before.n:,} of {then}"
    if min(recent.n, before.n) < SMALL_N:
        return f"Nothing can be said of topics: that takes {SMALL_N} articles on either side; there are {compared[3:]}."
    clear = table[table["clear"]]
    if clear.empty:
        return f"Topics, {compared}: no share changed beyond chance (95 % interval)."
    named = [
        f"{row['label']} {'up' if row['change'] > 0 else 'down'} from {row['previous_share']:.0%} to "
        f"{row['share']:.0%} (difference {interval_text(row)} points)"
        for _, row in clear.iterrows()
    ]
    return f"Topics, {compared}: {_enumerated(named, '; ')}."


def markdown(text: str) -> str:
    """Text from outside as Markdown shows it: as text, on one line."""
    return escaped(printable(" ".join(text.split())))


Format = Literal["markdown", "html", "csv", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIXES: dict[Format, str] = {"markdown": "md", "html": "html", "csv": "csv", "json": "json"}

LAST_DAYS = 7
"""How many of the newest days are looked at when nobody says since when."""


@dataclass(frozen=True)
class Digest:
    """What changed: a sentence each, every change of an article, providers that came and went, shares of topics.

    `changes` keeps digest.ARTICLE_CHANGES, `providers` digest.PROVIDER_CHANGES, `topics` changes.BIGGEST_CHANGES.
    """

    title: str
    sentences: list[str]
    changes: pd.DataFrame
    providers: pd.DataFrame
    topics: pd.DataFrame

    def written(self, form: Format) -> str:
        """The digest in one of its forms; the same two states give the same text.

        The CSV holds the changes of articles, the JSON all three tables, with numbers as numbers and null for missing.
        """
        if form == "csv":
            return to_csv(self.changes)
        if form == "json":
            frames = {name: _records(getattr(self, name)) for name in ("changes", "providers", "topics")}
            whole = {"title": self.title, "sentences": self.sentences, **frames}
            return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
        return self._markdown() if form == "markdown" else self._html()

    def of_kinds(self) -> list[tuple[str, pd.DataFrame]]:
        """The changes of each kind that occurs."""
        found = [(kind, self.changes[self.changes["change"] == kind]) for kind in KINDS]
        return [(kind, rows) for kind, rows in found if len(rows)]

    def _markdown(self) -> str:
        lines = [f"# {markdown(self.title)}", "", *(f"- {markdown(sentence)}" for sentence in self.sentences)]
        for kind, rows in self.of_kinds():
            lines += ["", f"## {kind.capitalize()} ({len(rows):,})", ""]
            lines += [f"- {markdown(change_line(row))}" for _, row in rows.head(LISTED).iterrows()]
            if len(rows) > LISTED:
                lines.append(f"- … and {len(rows) - LISTED:,} more")
        return "\n".join(lines) + "\n"

    def _html(self) -> str:
        environment = Environment(
            loader=PackageLoader("analytics.reports", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        kinds = [
            {
                "name": kind.capitalize(),
                "n": f"{len(rows):,}",
                "lines": [printable(change_line(row)) for _, row in rows.head(LISTED).iterrows()],
                "more": max(len(rows) - LISTED, 0),
            }
            for kind, rows in self.of_kinds()
        ]
        said = {"title": printable(self.title), "sentences": [printable(sentence) for sentence in self.sentences]}
        return environment.get_template("digest.html.j2").render(kinds=kinds, **said) + "\n"


def digest_since(source: Path, day: date, *, progress: Progress | None = None) -> Digest:
    """What changed since a day began (UTC): the corpus as it lies there against its last commit before.

    Changes that are not committed yet count. `progress` follows the reading of either state. Raises CorpusError
    without git, and when the history or the corpus begins later.
    """
    return _held_against(source, load_corpus(source, progress=progress), day, progress)


def digest_of_days(source: Path, days: int, *, progress: Progress | None = None) -> Digest:
    """What changed in the last days that the corpus covers, counted back from its newest article."""
    corpus = load_corpus(source, progress=progress)
    day = day_of_last(corpus, days)
    if day is None:
        raise CorpusError(f"{source}: no article has a date, so there are no last days. Name a day with --since.")
    return _held_against(source, corpus, day, progress)


def _held_against(source: Path, new: Corpus, day: date, progress: Progress | None) -> Digest:
    commit = commit_to_compare(source, day)
    return digest(load_revision(source, commit, progress=progress), new, since_words(day, commit), day)


def day_of_last(corpus: Corpus, days: int = LAST_DAYS) -> date | None:
    """The first of the last days that a corpus covers; None when no article has a date."""
    span = Slice(corpus).span
    return None if span is None else span.known_to - timedelta(days=days - 1)


def commit_to_compare(source: Path, day: date) -> str:
    """The commit that a corpus was at when a day began. Raises CorpusError when there was none."""
    commit = commit_before(source, day)
    if commit is None:
        raise CorpusError(
            f"The git repository of {source} has no commit before {day}; its first is of {first_day(source)}. "
            "Choose a later day, or hold the corpus against an earlier copy of it."
        )
    return commit


def since_words(day: date, commit: str) -> str:
    """What `digest` is told for a day and the commit of before."""
    return f"since {day} (commit {commit[:10]})"


def digest(old: Corpus, new: Corpus, since: str, day: date | None = None) -> Digest:
    """What changed between two corpora; `since` says in words what the old one is.

    Topics are told by the articles of the new corpus that are dated from `day` on, held against the equally long time
    before it; without a day, from the day after the newest article of the old one.
    """
    was, is_now = Slice(old), Slice(new)
    changes, providers = article_changes(was, is_now), provider_changes(was, is_now)
    if day is None and was.span is not None:
        day = was.span.known_to + timedelta(days=1)
    recent = Slice(new, Selection(start=day, compare="previous"))
    topics = topic_shifts(recent)
    counts = changes["change"].value_counts()
    kinds = [f"{counts[kind]:,} {kind}" for kind in KINDS if counts.get(kind, 0)]
    said = [
        f"Articles: {was.n:,} before, {is_now.n:,} now.",
        f"Changes: {', '.join(kinds)}." if kinds else "No article came, went, or changed in what is looked at.",
        *(provider_sentence(providers[providers["change"] == kind], kind) for kind in PROVIDER_KINDS),
        topic_sentence(recent, topics),
    ]
    return Digest(f"{new.name}: what changed {since}", [one for one in said if one], changes, providers, topics)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    flags = table.dtypes[table.dtypes == "boolean"].index
    plain = {name: table[name] if name in flags else cells(table[name], raw=True) for name in table.columns}
    found: list[dict[str, Any]] = json.loads(pd.DataFrame(plain).to_json(orient="records"))
    return found
