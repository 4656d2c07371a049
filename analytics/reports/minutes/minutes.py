"""What minutes say of a session and its items, in plain words that are not escaped."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import analytics
from analytics.errors import SelectionError
from analytics.reports.escaping import block_quote, html_template, legible, list_item, one_line
from analytics.reviews.agenda.reasons import AGENDA_REASONS, CONTROL, HAND_PICKED, SELECTION
from analytics.reviews.exchange import IMPORTED
from analytics.reviews.models import Decision, Judgement, Session, Standing
from analytics.reviews.session_record import Matter, Proceedings, Status
from analytics.selection.selection import parse

Fact = tuple[str, str]
"""What something is called, and what it is."""

OPEN: dict[Status, str] = {
    "another look": "Needs another look",
    "reopened": "Reopened and not decided again",
    "disputed": "People disagree and nothing is decided",
    "undecided": "No disagreement, not decided",
    "not judged": "Not judged",
}
"""What leaves an item open, gravest first → the heading that it stands under."""

REASONS = {reason.name: reason.label for reason in AGENDA_REASONS} | {
    CONTROL: "Random control sample",
    HAND_PICKED: "Picked by hand",
    SELECTION: "The whole selection",
    IMPORTED: "Decided elsewhere",
}
"""Agenda reason → what it is called."""

MEND = "fix data"
"""The verdict whose settled items stay open points: the record is to be mended by hand."""


def cover(held: Proceedings, made: date) -> list[Fact]:
    """What was reviewed, of which corpus, and when."""
    session = held.session
    added = sum(item.added for item in held.items)
    control = sum(item.candidate.control for item in held.items)
    return [
        ("Session", f"{session.number}, {_STATES[session.state]}"),
        ("Selection", in_words(session)),
        ("Selection as link", session.selection or "(everything)"),
        ("Corpus", session.corpus),
        ("Fingerprint", session.fingerprint),
        ("Commit", session.commit or "not in git"),
        ("Agenda", f"made {moment(session.made_at)} by {session.made_by}, for {counted(session.budget, 'minute')}"),
        ("Articles", f"{len(held.items):,}, {control:,} of the control sample, {added:,} added later"),
        ("Made", f"{made} by article-analytics {analytics.__version__}"),
    ]


_STATES = {"judging": "still being judged", "settling": "being settled", "closed": "closed"}


def in_words(session: Session) -> str:
    """What the agenda of a session was made from."""
    try:
        return parse(session.selection).in_words()
    except SelectionError:
        return "a selection that this version of the program cannot read"


def in_short(held: Proceedings) -> list[str]:
    """How far the session is, and how much people agree, a sentence each."""
    stands = Counter(matter.status for matter in held.matters)
    said = [f"{stands['settled']:,} of {counted(len(held.items), 'article')} are settled."]
    if stands.total() > stands["settled"]:
        left = (f"{stands[status]:,} {status}" for status in OPEN if stands[status])
        said.append(f"Open: {', '.join(left)}.")
    shared = [matter for matter in held.matters if len(matter.opinions) > 1]
    if shared:
        alike = sum(not matter.disputed for matter in shared)
        among = f"{counted(len(shared), 'article')} that two or more people judged"
        said.append(f"Everybody gave the same verdict on {alike:,} of {among}.")
    return said


def agenda_reasons(held: Proceedings) -> list[tuple[str, int]]:
    """How many articles each reason put on the agenda, most first; an article can have several."""
    named = Counter(name for item in held.items for name in {reason.name for reason in item.candidate.reasons})
    ranked = sorted(named.items(), key=lambda each: (-each[1], each[0]))
    return [(REASONS.get(name, name), n) for name, n in ranked]


def headline(matter: Matter) -> str:
    """Place on the agenda, title and provider of an article."""
    article = matter.item.candidate
    outlet = f" ({article.provider})" if article.provider else ""
    return f"{matter.item.position}. {article.title or article.path}{outlet}"


def facts(matter: Matter) -> list[Fact]:
    """What was known of an article, why it was on the agenda, and what was decided."""
    article = matter.item.candidate
    found = [("File", article.path)]
    if article.url:
        found.append(("Address", article.url))
    found += [("Recorded", _recorded(matter)), ("On the agenda", _why(matter))]
    if matter.decision is not None:
        found.append(("Decision", _decided(matter.decision)))
    return found


def reasons_of(judgement: Judgement) -> str:
    """The reasons that a person chose."""
    return "; ".join(judgement.opinion.reasons)


def moment(at: datetime) -> str:
    """A time for people."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def counted(n: int, noun: str) -> str:
    """A number of things."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _recorded(matter: Matter) -> str:
    article = matter.item.candidate
    quality = "no quality" if article.quality is None else f"quality {article.quality}"
    heat = "no heat" if article.heat is None else "unranked" if article.heat == -1 else f"heat {article.heat}"
    state = {True: "published", False: "unpublished", None: "published or not is unknown"}[article.published]
    return ", ".join((quality, heat, state))


def _why(matter: Matter) -> str:
    said = [reason.why or REASONS.get(reason.name, reason.name) for reason in matter.item.candidate.reasons]
    if matter.item.added:
        said.append(f"added later by {matter.item.added_by}")
    return _joined(said, "; ")


def _decided(decision: Decision) -> str:
    settled = decision.settlement
    quality = "" if settled.quality is None else f"quality {settled.quality}"
    outcome = "" if settled.outcome == "settled" else settled.outcome
    what = _joined([settled.verdict or "", quality, outcome], ", ")
    present = f"present: {_joined(settled.present, ', ')}" if settled.present else ""
    return _joined([what, present, f"written down by {decision.by}, {moment(decision.at)}"], "; ")


def _joined(parts: Iterable[str], between: str) -> str:
    return between.join(data for data in parts if data)


@dataclass(frozen=True)
class Minutes:
    """What minutes say, before it takes a form. `settled` begins with what people disagreed on.

    `open` has what is left to do under its headings; of `mend` the record is to be mended by hand.
    """

    title: str
    cover: list[Fact]
    in_short: list[str]
    people: tuple[Standing, ...]
    reasons: list[tuple[str, int]]
    settled: list[Matter]
    open: list[tuple[str, list[Matter]]]
    mend: list[Matter]

    def markdown(self) -> str:
        """The minutes as Markdown, in which all text from outside stands as text."""
        lines = [f"# {one_line(self.title)}", "", *_facts(self.cover), "", "## In short", ""]
        lines += [list_item(sentence) for sentence in self.in_short]
        lines += ["", "## People", "", *_people(self.people), "", "## Agenda", ""]
        lines += [list_item(f"{name}: {counted(n, 'article')}") for name, n in self.reasons]
        lines += ["", f"## Decisions ({len(self.settled):,})"]
        for matter in self.settled:
            lines += _matter(matter)
        lines += ["", f"## Open points ({sum(len(found) for _, found in self.open) + len(self.mend):,})"]
        for heading, found in self.open:
            lines += ["", f"### {heading} ({len(found):,})"]
            for matter in found:
                lines += _matter(matter, "####")
        if self.mend:
            lines += ["", f"### Data to mend ({len(self.mend):,})", ""]
            lines += [list_item(f"{headline(matter)}: {matter.item.candidate.path}") for matter in self.mend]
        return "\n".join(lines) + "\n"

    def html(self) -> str:
        """The minutes as one self-contained page; what people wrote takes the direction of its script."""
        template = html_template(
            "minutes.html.j2",
            legible=lambda text: legible(text).strip(),
            headline=headline,
            facts=facts,
            reasons=reasons_of,
            articles=lambda n: counted(n, "article"),
        )
        return template.render(minutes=self) + "\n"


def minutes(held: Proceedings, made: date, further: Sequence[str] = ()) -> Minutes:
    """The minutes of a session, made on a day; `further` are sentences to be told in short, such as on agreement.

    The same proceedings and day give the same text.
    """
    settled = [matter for matter in held.matters if matter.status == "settled"]
    left = [(heading, [each for each in held.matters if each.status == status]) for status, heading in OPEN.items()]
    return Minutes(
        f"Minutes: {held.session.title}",
        cover(held, made),
        [*in_short(held), *further],
        held.people,
        agenda_reasons(held),
        sorted(settled, key=lambda matter: not matter.disputed),
        [(heading, found) for heading, found in left if found],
        [each for each in settled if each.decision is not None and each.decision.settlement.verdict == MEND],
    )


def _facts(found: Sequence[Fact]) -> list[str]:
    return [f"- {name}: {one_line(fact)}" for name, fact in found]


def _people(people: Sequence[Standing]) -> list[str]:
    rows = [
        f"| {one_line(who.person)} | {who.judged:,} | {who.skipped:,} | {who.total - who.judged - who.skipped:,} |"
        for who in people
    ]
    return ["| Who | Judged | Skipped | Left |", "|---|---:|---:|---:|", *rows] if rows else ["Nobody took part."]


def _matter(matter: Matter, mark: str = "###") -> list[str]:
    lines = ["", f"{mark} {one_line(headline(matter))}", "", *_facts(facts(matter))]
    if matter.decision is not None and matter.decision.settlement.note.strip():
        lines += ["", "Note on the decision:", "", block_quote(matter.decision.settlement.note)]
    if matter.opinions:
        lines += ["", "| Who | Verdict | Quality | Reasons |", "|---|---|---:|---|"]
    for each in matter.opinions:
        quality = "" if each.opinion.quality is None else str(each.opinion.quality)
        cells = (each.person, each.opinion.verdict or "", quality, reasons_of(each))
        lines.append(f"| {' | '.join(map(one_line, cells))} |")
    for each in matter.opinions:
        if each.opinion.note.strip():
            lines += ["", f"Note of {one_line(each.person)}:", "", block_quote(each.opinion.note)]
    return lines
