"""What changed between two states of a corpus, as Markdown, HTML, CSV or JSON."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd

from analytics.analyses.common.changes import CHANGED, difference_interval_text, no_clear_change_text, too_few_text
from analytics.analyses.common.wording import count_text
from analytics.analyses.comparison.snapshots import (
    KINDS,
    PROVIDER_KINDS,
    SCORED,
    article_changes,
    new_silent_gone_providers,
    topic_share_changes,
)
from analytics.corpus.collections import corpus_of_collections
from analytics.corpus.git import NoGitHistoryError
from analytics.corpus.loader import Corpus
from analytics.engine.encoded import NONE
from analytics.engine.slice import Slice
from analytics.engine.slice_of import slice_of, with_default_collections
from analytics.errors import CorpusError
from analytics.history.as_of import corpus_before
from analytics.history.loader import check_history
from analytics.progress import Progress
from analytics.reports.csv import cells, to_csv
from analytics.reports.escaping import escape_markdown_line, html_template, printable
from analytics.selection.selection import Selection

LISTED = 15
"""The most articles of a kind in Markdown and HTML, and the most labels in a sentence; CSV and JSON have all."""


def title_provider_and_change(row: pd.Series) -> str:
    """Title and change of an article in a line, not escaped."""
    return f"{row['path'] if pd.isna(row['title']) else row['title']} {provider_and_change(row)}"


def provider_and_change(row: pd.Series) -> str:
    """Provider of a changed article, and the value before and now, not escaped."""
    outlet = f"({row['provider']})" if row["provider"] != NONE else NONE
    if row["change"] in ("added", "removed"):
        return outlet
    if row["change"] == "retitled":
        return f"{outlet}, before: {NONE if pd.isna(row['before']) else row['before']}"
    names = ("score_before", "score_after") if row["change"] in SCORED else ("before", "after")
    before, after = (NONE if pd.isna(row[name]) or row[name] == "" else row[name] for name in names)
    return f"{outlet}: {before} → {after}"


PROVIDER_WORDS = {
    "new": "New providers",
    "silent": "Fallen silent for longer than ever, which their gaps before make improbable",
    "gone": "Providers without an article now",
}


def provider_sentence(rows: pd.DataFrame, kind: str) -> str:
    """A sentence that names the providers with a kind of change, at most LISTED; empty when there is none."""
    named = [
        f"{row.provider} ({row.n:,}{f', the last on {row.last_day:%Y-%m-%d}' if kind == 'silent' else ''})"
        for row in rows.itertuples()
    ]
    return f"{PROVIDER_WORDS[kind]}: {_joined(named, ', ')}." if named else ""


def _joined(named: Sequence[str], between: str) -> str:
    more = f"{between}and {len(named) - LISTED:,} more" if len(named) > LISTED else ""
    return between.join(named[:LISTED]) + more


def topic_sentence(recent: Slice, table: pd.DataFrame) -> str:
    """A sentence on the periods compared and on each topic whose share changed by the change test."""
    before = recent.compared
    if before is None or recent.span is None:
        missing = f"{recent.selection.start} or later" if recent.selection.start else "in the earlier state"
        return f"Nothing can be said of topics: no article is dated {missing}."
    then, now = (
        f"{data.selection.start} to {end}" for data, end in ((before, before.selection.end), (recent, recent.last_day))
    )
    compared = f"of {count_text(recent.n, 'article')} dated {now} against {before.n:,} of {then}"
    n = int(table["compared"].max()) if len(table) else 0
    if not n:
        weeks = table[["previous_weeks", "weeks"]].max().tolist() if len(table) else [0, 0]
        return f"Topics, {compared}: {too_few_text((before.n, recent.n), weeks)}."
    changed = table[table["outcome"].isin(CHANGED)]
    if changed.empty:
        return f"Topics, {compared}: {no_clear_change_text(count_text(n, 'topic'))}."
    named = [
        f"{row['label']} {row['outcome']} from {row['previous_share']:.0%} to {row['share']:.0%} "
        f"({difference_interval_text(row)})"
        for _, row in changed.iterrows()
    ]
    return f"Topics, {compared}: {_joined(named, '; ')}; {len(changed)} of {count_text(n, 'topic')} compared."


def escaped_markdown_line(text: str) -> str:
    """Untrusted text as one escaped line of Markdown."""
    return escape_markdown_line(printable(" ".join(text.split())))


Format = Literal["markdown", "html", "csv", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIXES: dict[Format, str] = {"markdown": "md", "html": "html", "csv": "csv", "json": "json"}

LAST_DAYS = 7
"""The number of newest days to look at when no day is given."""


@dataclass(frozen=True)
class Digest:
    """What changed, in sentences and tables.

    `changes` has the columns of ARTICLE_CHANGES, `providers` of PROVIDER_CHANGES, `topics` of BIGGEST_CHANGES.
    """

    title: str
    sentences: list[str]
    changes: pd.DataFrame
    providers: pd.DataFrame
    topics: pd.DataFrame

    def render(self, file_format: Format, *, excel: bool = False) -> str:
        """The digest in a format; the same two states give the same text.

        The CSV holds the changes of articles, for Excel on request; the JSON all three tables, with numbers as numbers
        and null for missing.
        """
        if file_format == "csv":
            return to_csv(self.changes, excel=excel)
        if file_format == "json":
            tables = {"changes": self.changes, "providers": self.providers, "topics": self.topics}
            records = {name: _records(table) for name, table in tables.items()}
            whole = {"title": self.title, "sentences": self.sentences, **records}
            return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
        return self._markdown() if file_format == "markdown" else self._html()

    def changes_by_kind(self) -> list[tuple[str, pd.DataFrame]]:
        """Each kind of change that occurs, with the changes of that kind."""
        found = [(kind, self.changes[self.changes["change"] == kind]) for kind in KINDS]
        return [(kind, rows) for kind, rows in found if len(rows)]

    def _markdown(self) -> str:
        lines = [
            f"# {escaped_markdown_line(self.title)}",
            "",
            *(f"- {escaped_markdown_line(sentence)}" for sentence in self.sentences),
        ]
        for kind, rows in self.changes_by_kind():
            lines += ["", f"## {kind.capitalize()} ({len(rows):,})", ""]
            lines += [
                f"- {escaped_markdown_line(title_provider_and_change(row))}" for _, row in rows.head(LISTED).iterrows()
            ]
            if len(rows) > LISTED:
                lines.append(f"- … and {len(rows) - LISTED:,} more")
        return "\n".join(lines) + "\n"

    def _html(self) -> str:
        kinds = [
            {
                "name": kind.capitalize(),
                "n": f"{len(rows):,}",
                "lines": [printable(title_provider_and_change(row)) for _, row in rows.head(LISTED).iterrows()],
                "more": max(len(rows) - LISTED, 0),
            }
            for kind, rows in self.changes_by_kind()
        ]
        sentences = [printable(sentence) for sentence in self.sentences]
        template = html_template("digest.html.j2")
        return template.render(title=printable(self.title), sentences=sentences, kinds=kinds) + "\n"


def digest_since(corpus: Corpus, day: date, *, progress: Progress | None = None) -> Digest:
    """What changed since a day began (UTC): the corpus as it was opened against its history as of the day before.

    Uncommitted changes of a folder count. `progress` follows the reading of the earlier state. Raises CorpusError
    without a history, and when that begins later.
    """
    with _with_another_way():
        old = corpus_before(corpus, day, progress=progress)
    return digest(old, corpus, f"since {day} (commit {str(old.commit)[:10]})", day)


def check_history_for_digest(source: Path) -> None:
    """Raise CorpusError where `digest_since` of the corpus of a path would find no history; it need not be loaded."""
    with _with_another_way():
        check_history(source)


@contextmanager
def _with_another_way() -> Iterator[None]:
    try:
        yield
    except NoGitHistoryError as error:
        raise CorpusError(f"{error} Or hold the corpus against an earlier copy of it.") from None


def digest_of_newest_days(corpus: Corpus, days: int, *, progress: Progress | None = None) -> Digest:
    """What changed in the last days of the corpus, counted back from its newest article."""
    day = first_of_newest_days(corpus, days)
    if day is None:
        raise CorpusError(
            f"{corpus.source}: no article has a date, so there are no last days. Name a day with --since."
        )
    return digest_since(corpus, day, progress=progress)


def first_of_newest_days(corpus: Corpus, days: int = LAST_DAYS) -> date | None:
    """The first of the last days of a corpus; None when no article has a date."""
    newest = slice_of(corpus).last_day
    return None if newest is None else newest - timedelta(days=days - 1)


def digest(old: Corpus, new: Corpus, since_text: str, topics_from: date | None = None) -> Digest:
    """What changed between two corpora, in the collections that count in the new one; `since_text` names the old one.

    Topics are compared in the articles of the new corpus dated from `topics_from` on and in the equally long time
    before it; without a day, from the day after the newest article of the old one.
    """
    asked = with_default_collections(new, Selection())
    before, now = (Slice(_in_collections(corpus, asked)) for corpus in (old, new))
    changes, providers = article_changes(before, now), new_silent_gone_providers(before, now)
    if topics_from is None and before.last_day is not None:
        topics_from = before.last_day + timedelta(days=1)
    recent = now.with_selection(replace(now.selection, start=topics_from, compare="previous"))
    topics = topic_share_changes(recent)
    counts = changes["change"].value_counts()
    kinds = [f"{counts[kind]:,} {kind}" for kind in KINDS if counts.get(kind, 0)]
    sentences = [
        f"Articles: {before.n:,} before, {now.n:,} now.",
        f"Changes: {', '.join(kinds)}." if kinds else "No article came, went, or changed in what is looked at.",
        *(provider_sentence(providers[providers["change"] == kind], kind) for kind in PROVIDER_KINDS),
        topic_sentence(recent, topics),
    ]
    about = f" in {', '.join(asked.collections)}" if asked.collections else ""
    title = f"{new.name_and_profile}: what changed{about} {since_text}"
    return Digest(title, list(filter(None, sentences)), changes, providers, topics)


def _in_collections(corpus: Corpus, selection: Selection) -> Corpus:
    return corpus_of_collections(corpus, selection.collections) if selection.collections else corpus


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    flags = table.dtypes[table.dtypes == "boolean"].index
    plain = {name: table[name] if name in flags else cells(table[name], raw=True) for name in table.columns}
    found: list[dict[str, Any]] = json.loads(pd.DataFrame(plain).to_json(orient="records"))
    return found
