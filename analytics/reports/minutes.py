"""The minutes of a session, as Markdown and as an HTML page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import analytics
from analytics.analyses.common.wording import count_text
from analytics.analyses.review.verdicts import first_verdicts
from analytics.errors import SelectionError
from analytics.reports.escaping import (
    escape_controls,
    html_template,
    markdown_block_quote,
    markdown_inline,
    markdown_list_item,
)
from analytics.reviews.agenda_reasons import REASON_LABELS
from analytics.reviews.models import Decision, Judgement, Participant, Session
from analytics.reviews.session_record import ReviewedItem, SessionRecord, Status
from analytics.selection.selection import parse

Fact = tuple[str, str]
"""A label and its value."""

OPEN: dict[Status, str] = {
    "another look": "Needs another look",
    "reopened": "Reopened and not decided again",
    "disputed": "People disagree and nothing is decided",
    "undecided": "No disagreement, not decided",
    "not judged": "Not judged",
}
"""The heading of the open items of each status, the gravest first."""

FIX_DATA = "fix data"
"""The verdict whose settled items remain open points: their records are to be mended by hand."""


def cover(record: SessionRecord, made: date) -> list[Fact]:
    """The facts of a session: its state, selection, corpus, agenda and the day of the minutes."""
    session = record.session
    added = sum(item.added for item in record.items)
    control = sum(item.candidate.control for item in record.items)
    return [
        ("Session", f"{session.number}, {_STATES[session.state]}"),
        ("Selection", selection_in_words(session)),
        ("Selection as link", session.selection or "(everything)"),
        ("Corpus", session.corpus),
        ("Fingerprint", session.fingerprint),
        ("Commit", session.commit or "not in git"),
        (
            "Agenda",
            f"made {utc_time_text(session.made_at)} by {session.made_by}, for {count_text(session.budget, 'minute')}",
        ),
        ("Articles", f"{len(record.items):,}, {control:,} of the control sample, {added:,} added later"),
        ("Made", f"{made} by article-analytics {analytics.__version__}"),
    ]


_STATES = {"judging": "still being judged", "settling": "being settled", "closed": "closed"}


def selection_in_words(session: Session) -> str:
    """The selection that the agenda of a session was made from, in words."""
    try:
        return parse(session.selection).in_words()
    except SelectionError:
        return "a selection that this version of the program cannot read"


def summary(record: SessionRecord) -> list[str]:
    """Sentences on how many items are settled and open, and how much people's first verdicts agree."""
    counts = record.status_counts
    sentences = [f"{counts['settled']:,} of {count_text(len(record.items), 'article')} are settled."]
    if counts.total() > counts["settled"]:
        left = (f"{counts[status]:,} {status}" for status in OPEN if counts[status])
        sentences.append(f"Open: {', '.join(left)}.")
    given = first_verdicts(record.tables.judgements).groupby("item")["verdict"].agg(["size", "nunique"])
    shared = given[given["size"] > 1]
    if len(shared):
        among = f"{count_text(len(shared), 'article')} that two or more people judged"
        sentences.append(f"Everybody's first verdict was the same on {(shared['nunique'] == 1).sum():,} of {among}.")
    return sentences


def agenda_reason_counts(record: SessionRecord) -> list[tuple[str, int]]:
    """The number of articles per agenda reason, most first; an article can have several reasons."""
    named = Counter(name for item in record.items for name in {reason.name for reason in item.candidate.reasons})
    ranked = sorted(named.items(), key=lambda each: (-each[1], each[0]))
    return [(REASON_LABELS.get(name, name), n) for name, n in ranked]


def headline(reviewed: ReviewedItem) -> str:
    """Position, title and provider of an item."""
    article = reviewed.item.candidate
    outlet = f" ({article.provider})" if article.provider else ""
    return f"{reviewed.item.position}. {article.title or article.path}{outlet}"


def facts(reviewed: ReviewedItem) -> list[Fact]:
    """The facts of an item: its article as recorded, why it is on the agenda, and the decision."""
    article = reviewed.item.candidate
    found = [("File", article.path)]
    if article.url:
        found.append(("Address", article.url))
    found += [("Recorded", _recorded_text(reviewed)), ("On the agenda", _agenda_text(reviewed))]
    if reviewed.decision is not None:
        found.append(("Decision", _decision_text(reviewed.decision)))
    return found


def judgement_reasons(judgement: Judgement) -> str:
    """The reasons of a judgement in one text."""
    return "; ".join(judgement.opinion.reasons)


def utc_time_text(at: datetime) -> str:
    """A time in words, such as "2026-03-31 14:00 UTC"."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _recorded_text(reviewed: ReviewedItem) -> str:
    article = reviewed.item.candidate
    quality = "no quality" if article.quality is None else f"quality {article.quality}"
    heat = "no heat" if article.heat is None else "unranked" if article.heat == -1 else f"heat {article.heat}"
    state = {True: "published", False: "unpublished", None: "published or not is unknown"}[article.published]
    return ", ".join((quality, heat, state))


def _agenda_text(reviewed: ReviewedItem) -> str:
    parts = [reason.why or REASON_LABELS.get(reason.name, reason.name) for reason in reviewed.item.candidate.reasons]
    if reviewed.item.added:
        parts.append(f"added later by {reviewed.item.added_by}")
    return _joined(parts, "; ")


def _decision_text(decision: Decision) -> str:
    settled = decision.settlement
    quality = "" if settled.quality is None else f"quality {settled.quality}"
    outcome = "" if settled.outcome == "settled" else settled.outcome
    what = _joined([settled.verdict or "", quality, outcome], ", ")
    present = f"present: {_joined(settled.present, ', ')}" if settled.present else ""
    return _joined([what, present, f"written down by {decision.by}, {utc_time_text(decision.at)}"], "; ")


def _joined(parts: Iterable[str], between: str) -> str:
    return between.join(data for data in parts if data)


@dataclass(frozen=True)
class Minutes:
    """The content of minutes. `settled` begins with the disputed items.

    `open` has the open items by heading; `to_fix` those whose records are to be mended by hand.
    """

    title: str
    cover: list[Fact]
    summary: list[str]
    participants: tuple[Participant, ...]
    reasons: list[tuple[str, int]]
    settled: list[ReviewedItem]
    open: list[tuple[str, list[ReviewedItem]]]
    to_fix: list[ReviewedItem]

    def markdown(self) -> str:
        """The minutes as Markdown; all untrusted text is escaped."""
        lines = [f"# {markdown_inline(self.title)}", "", *_fact_lines(self.cover), "", "## In short", ""]
        lines += [markdown_list_item(sentence) for sentence in self.summary]
        lines += ["", "## People", "", *_participant_table(self.participants), "", "## Agenda", ""]
        lines += [markdown_list_item(f"{name}: {count_text(n, 'article')}") for name, n in self.reasons]
        lines += ["", f"## Decisions ({len(self.settled):,})"]
        for reviewed in self.settled:
            lines += _item_lines(reviewed)
        lines += ["", f"## Open points ({sum(len(found) for _, found in self.open) + len(self.to_fix):,})"]
        for heading, found in self.open:
            lines += ["", f"### {heading} ({len(found):,})"]
            for reviewed in found:
                lines += _item_lines(reviewed, "####")
        if self.to_fix:
            lines += ["", f"### Data to mend ({len(self.to_fix):,})", ""]
            lines += [
                markdown_list_item(f"{headline(reviewed)}: {reviewed.item.candidate.path}") for reviewed in self.to_fix
            ]
        return "\n".join(lines) + "\n"

    def html(self) -> str:
        """The minutes as one self-contained page; each text has the direction of its script."""
        template = html_template(
            "minutes.html.j2",
            legible=lambda text: escape_controls(text).strip(),
            headline=headline,
            facts=facts,
            reasons=judgement_reasons,
            articles=lambda n: count_text(n, "article"),
        )
        return template.render(minutes=self) + "\n"


def minutes(record: SessionRecord, made: date, more_sentences: Sequence[str] = ()) -> Minutes:
    """The minutes of a session, made on a day; `more_sentences` are added to the summary, such as on agreement.

    The same record and day give the same text.
    """
    settled = [reviewed for reviewed in record.reviewed_items if reviewed.status == "settled"]
    left = [
        (heading, [each for each in record.reviewed_items if each.status == status]) for status, heading in OPEN.items()
    ]
    return Minutes(
        f"Minutes: {record.session.title}",
        cover(record, made),
        [*summary(record), *more_sentences],
        record.participants,
        agenda_reason_counts(record),
        sorted(settled, key=lambda reviewed: not reviewed.disputed),
        [(heading, found) for heading, found in left if found],
        [each for each in settled if each.decision is not None and each.decision.settlement.verdict == FIX_DATA],
    )


def _fact_lines(found: Sequence[Fact]) -> list[str]:
    return [f"- {name}: {markdown_inline(fact)}" for name, fact in found]


def _participant_table(participants: Sequence[Participant]) -> list[str]:
    rows = [
        f"| {markdown_inline(each.person)} | {each.judged:,} | {each.skipped:,} "
        f"| {each.total - each.judged - each.skipped:,} |"
        for each in participants
    ]
    return ["| Who | Judged | Skipped | Left |", "|---|---:|---:|---:|", *rows] if rows else ["Nobody took part."]


def _item_lines(reviewed: ReviewedItem, mark: str = "###") -> list[str]:
    lines = ["", f"{mark} {markdown_inline(headline(reviewed))}", "", *_fact_lines(facts(reviewed))]
    if reviewed.decision is not None and reviewed.decision.settlement.note.strip():
        lines += ["", "Note on the decision:", "", markdown_block_quote(reviewed.decision.settlement.note)]
    if reviewed.judgements:
        lines += ["", "| Who | Verdict | Quality | Reasons |", "|---|---|---:|---|"]
    for each in reviewed.judgements:
        quality = "" if each.opinion.quality is None else str(each.opinion.quality)
        cells = (each.person, each.opinion.verdict or "", quality, judgement_reasons(each))
        lines.append(f"| {' | '.join(map(markdown_inline, cells))} |")
    for each in reviewed.judgements:
        if each.opinion.note.strip():
            lines += ["", f"Note of {markdown_inline(each.person)}:", "", markdown_block_quote(each.opinion.note)]
    return lines
