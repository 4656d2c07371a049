"""The minutes of a review session, for a chat or a wiki and as a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined

from analytics.reports.markdown import entry, inline, legible, quoted
from analytics.reports.minutes_words import (
    MEND,
    OPEN,
    Fact,
    agenda_reasons,
    counted,
    cover,
    facts,
    headline,
    in_short,
    reasons_of,
)
from analytics.reviews.models import Standing
from analytics.reviews.proceedings import Matter, Proceedings


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
        lines = [f"# {inline(self.title)}", "", *_facts(self.cover), "", "## In short", ""]
        lines += [entry(sentence) for sentence in self.in_short]
        lines += ["", "## People", "", *_people(self.people), "", "## Agenda", ""]
        lines += [entry(f"{name}: {counted(n, 'article')}") for name, n in self.reasons]
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
            lines += [entry(f"{headline(matter)}: {matter.item.candidate.path}") for matter in self.mend]
        return "\n".join(lines) + "\n"

    def html(self) -> str:
        """The minutes as one self-contained page; what people wrote takes the direction of its script."""
        environment = Environment(
            loader=PackageLoader("analytics.reports", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        environment.filters |= {
            "legible": lambda text: legible(text).strip(),
            "headline": headline,
            "facts": facts,
            "reasons": reasons_of,
            "articles": lambda n: counted(n, "article"),
        }
        return environment.get_template("minutes.html.j2").render(minutes=self) + "\n"


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
    return [f"- {name}: {inline(fact)}" for name, fact in found]


def _people(people: Sequence[Standing]) -> list[str]:
    rows = [
        f"| {inline(each.person)} | {each.judged:,} | {each.skipped:,} | {each.total - each.judged - each.skipped:,} |"
        for each in people
    ]
    return ["| Who | Judged | Skipped | Left |", "|---|---:|---:|---:|", *rows] if rows else ["Nobody took part."]


def _matter(matter: Matter, mark: str = "###") -> list[str]:
    lines = ["", f"{mark} {inline(headline(matter))}", "", *_facts(facts(matter))]
    if matter.decision is not None and matter.decision.settlement.note.strip():
        lines += ["", "Note on the decision:", "", quoted(matter.decision.settlement.note)]
    if matter.opinions:
        lines += ["", "| Who | Verdict | Quality | Reasons |", "|---|---|---:|---|"]
    for each in matter.opinions:
        quality = "" if each.opinion.quality is None else str(each.opinion.quality)
        cells = (each.person, each.opinion.verdict or "", quality, reasons_of(each))
        lines.append(f"| {' | '.join(map(inline, cells))} |")
    for each in matter.opinions:
        if each.opinion.note.strip():
            lines += ["", f"Note of {inline(each.person)}:", "", quoted(each.opinion.note)]
    return lines
