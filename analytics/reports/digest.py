"""What changed between two states of a corpus, for a chat, an e-mail, a browser or a program."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from analytics.analyses.digest import KINDS, PROVIDER_KINDS, article_changes, provider_changes, topic_shifts
from analytics.corpus.intake import Progress
from analytics.corpus.loader import Corpus, load_corpus
from analytics.corpus.revision import commit_before, first_day, load_revision
from analytics.engine.slice import Slice
from analytics.errors import CorpusError
from analytics.reports.check import printable
from analytics.reports.csv import cells, to_csv
from analytics.reports.digest_words import LISTED, change_line, markdown, provider_sentence, topic_sentence
from analytics.selection import Selection

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
            loader=PackageLoader("analytics.reports", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
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
