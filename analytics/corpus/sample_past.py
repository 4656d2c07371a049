"""The past of the sample corpus: what each file was like from when on, so that it ends as the sample is."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from analytics.corpus.sample_calendar import DAY_COUNT, FIRST_DAY, OUTAGE
from analytics.corpus.sample_drafts import Story
from analytics.corpus.sample_edits import DRAFT_EXCERPT, DRAFT_TITLE, Edits, another_secret, domain
from analytics.corpus.sample_heat import course, drawn, warming
from analytics.corpus.sample_planted import Planted
from analytics.corpus.sample_text import pick
from analytics.corpus.sample_world import CUTOFF, OUTLETS, UMBRELLA

SLOT_HOURS = 2
LAST_SLOT = (DAY_COUNT * 24 + 10) // SLOT_HOURS
"""The commits come every two hours; the last is in the morning after the period."""

SILENCE = range(OUTAGE.start * 12, OUTAGE.stop * 12)
"""The slots in which the pipeline stood still."""

MERGED_AT = 668 * 12
FLIPS = 6
WITHDRAWN_AT = 620 * 12

_BEGIN = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC)
_NEXT_DAYS = range(18, 120)


@dataclass
class PlantedHistory:
    """What was put into the history of a sample on purpose: paths from its root.

    Attributes:
        flash: heat rises within hours and is back at quality within two days.
        slow: heat rises step by step for days, then falls back.
        resets: heat rises and falls back two or three times.
        evergreen: heat stays above quality for a month or more, then falls back.
        takeovers: a file, and how often another outlet's copy has taken it over.
        decisions: the published flag was turned after the article had appeared.
        corrections: quality was corrected, and heat with it.
        retitled: came with a draft's title.
        refiled: came with the umbrella topic alone.
        rewritten: came with a placeholder as its excerpt, which is no tracked field.
        returned: deleted, and back nine days later.
        withdrawn: deleted for good, so that the sample does not have it.
        renamed: a file's first path and the one it has now.
        outage: from when to when there was no commit.
        merged: what came with the one merge commit.
        commits: commits on the line of first parents.
        noise: versions in which nothing but `secured` changed.
    """

    flash: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    resets: list[str] = field(default_factory=list)
    evergreen: list[str] = field(default_factory=list)
    takeovers: dict[str, int] = field(default_factory=dict)
    decisions: list[str] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)
    retitled: list[str] = field(default_factory=list)
    refiled: list[str] = field(default_factory=list)
    rewritten: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    outage: tuple[datetime, datetime] = (_BEGIN + timedelta(days=OUTAGE.start), _BEGIN + timedelta(days=OUTAGE.stop))
    merged: list[str] = field(default_factory=list)
    commits: int = 0
    noise: int = 0


@dataclass
class File:
    """One story's file over time: the slot of its first commit, and by slot what each field then becomes.

    A value of None is the field's last one. It is not there in the slots of `gone`; `before` is an earlier path and the
    slot at which it moved from there.
    """

    story: Story
    data: bytes
    first: int
    turns: defaultdict[int, dict[str, str | None]]
    gone: range = range(0)
    before: tuple[str, int] | None = None

    def turn(self, slot: int, name: str, value: object) -> None:
        """From a slot on a field has a value."""
        self.turns[slot][name] = None if value is None else str(value)

    def states(self) -> Iterator[tuple[int, str, Edits | None]]:
        """The slots at which it changes, its path, and all that is then unlike its last form; None when it is gone."""
        now: dict[str, str | None] = {}
        moved = [self.before[1]] if self.before else []
        back = [self.gone.stop] if self.gone and self.gone.stop <= LAST_SLOT else []
        for slot in sorted({*self.turns, *self.gone[:1], *moved, *back}):
            now |= self.turns.get(slot, {})
            there = self.story.path if self.before is None or slot >= self.before[1] else self.before[0]
            if self.before is not None and slot == self.before[1]:
                yield slot, self.before[0], None
            yield slot, there, None if slot in self.gone else {k: v for k, v in now.items() if v is not None}


def moment(slot: int) -> datetime:
    """When the commit of a slot begins."""
    return _BEGIN + timedelta(hours=SLOT_HOURS * slot)


class Past:
    """The files of a sample over time, and what was planted in them."""

    def __init__(self, stories: Sequence[tuple[Story, bytes]], planted: Planted, seed: int) -> None:
        self.planted = PlantedHistory()
        self._rng = Random(f"past {seed}")
        self.files = [self._file(story, data) for story, data in stories]
        for file in self.files:
            self._heat(file)
        self._decide({*planted.published_below, *planted.held_above})
        self._plant()
        for file in self.files:
            self._secure(file)
        self.files += self._withdrawn()

    def _file(self, story: Story, data: bytes) -> File:
        published = datetime.fromisoformat(story.stamp).astimezone(UTC)
        hours = (published - _BEGIN).total_seconds() / 3600 + 1 + 8 * self._rng.random() ** 2
        first = min(_free(hours), LAST_SLOT)
        return File(story, data, first, defaultdict(dict, {first: {}}))

    def _heat(self, file: File) -> None:
        """Let heat move so that it ends where it is."""
        rng, quality, heat = self._rng, file.story.quality, file.story.heat
        if quality is None or heat is None or heat == -1 or file.story.fault or file.story.category == "newsletter":
            return
        room = SLOT_HOURS * (LAST_SLOT - file.first)
        if heat != quality:
            hours = min(4 + 40 * rng.random(), room - SLOT_HOURS)
            if hours > 2 * SLOT_HOURS:
                file.turn(file.first, "heat", quality)
                for after, value in warming(rng, quality, heat, hours) if heat > quality else [(hours, heat)]:
                    file.turn(_free(SLOT_HOURS * file.first + after), "heat", None if value == heat else value)
            return
        kind = drawn(rng)
        if not kind:
            return
        steps = course(rng, kind, quality)
        slots = [_free(SLOT_HOURS * file.first + hours) for hours, _ in steps]
        if slots[-1] <= LAST_SLOT and (slots[-1] < SILENCE.start or file.first >= SILENCE.stop):
            for slot, (_, value) in zip(slots, steps, strict=True):
                file.turn(slot, "heat", None if value == quality else value)
            getattr(self.planted, kind).append(file.story.path)

    def _decide(self, exceptions: set[str]) -> None:
        """What was decided against the rule came by the rule, and was turned by hand some days later."""
        for file in self.files:
            slot = _free(SLOT_HOURS * file.first + 24 * (3 + 17 * self._rng.random()))
            if file.story.path in exceptions and slot <= LAST_SLOT:
                file.turn(file.first, "published", "false" if file.story.published else "true")
                file.turn(slot, "published", None)
                self.planted.decisions.append(file.story.path)

    def _plant(self) -> None:
        calm = [file for file in self.files if self._calm(file)]
        chosen = iter(self._rng.sample(calm, min(len(calm), 45)))
        self._take_over(chosen)
        for file in _some(chosen, 12):
            self._correct(file)
        for name, case, value, many in (
            ("title", "retitled", DRAFT_TITLE, 5),
            ("topics", "refiled", UMBRELLA, 5),
            ("excerpt", "rewritten", DRAFT_EXCERPT, 12),
        ):
            for file in _some(chosen, many):
                file.turn(file.first, name, value)
                file.turn(_free(SLOT_HOURS * file.first + 4 + 60 * self._rng.random()), name, None)
                getattr(self.planted, case).append(file.story.path)
        for file in _some(chosen, 1):
            file.gone = range(file.first + 60, file.first + 60 + 9 * 12)
            self.planted.returned.append(file.story.path)
        for file in _some(chosen, 1):
            old = file.story.path.replace(".md", "-draft.md")
            file.before = (old, file.first + 3)
            self.planted.renamed.append((old, file.story.path))

    def _calm(self, file: File) -> bool:
        """Whether nothing else happens to a file, so that something can be planted in it."""
        story, day = file.story, file.first // 12
        plain = not story.fault and story.path.startswith("_news/") and story.quality == story.heat is not None
        away = day + 30 < OUTAGE.start or day > OUTAGE.stop
        return plain and story.umbrella and len(file.turns) == 1 and away and day + 40 < DAY_COUNT

    def _take_over(self, chosen: Iterator[File]) -> None:
        """Another outlet's copy has the file at first, or in turns with the one that has it now."""
        for file, times in zip(_some(chosen, 2), (1, FLIPS), strict=False):
            other = pick(self._rng, [o for o in OUTLETS if o.domain != domain(file.data) and o.weight > 1])
            copy = {"outlet": other.domain, "quality": other.usual, "heat": other.usual}
            copy["published"] = "true" if other.usual >= CUTOFF else "false"
            for time in range(times + 1):
                for name, value in copy.items():
                    file.turn(file.first + 7 * time, name, None if (times - time) % 2 == 0 else value)
            self.planted.takeovers[file.story.path] = times

    def _correct(self, file: File) -> None:
        quality = file.story.quality or 0
        first = quality + (9 if quality >= CUTOFF else -min(7, quality) or 5)
        later = file.first + pick(self._rng, _NEXT_DAYS)
        for name in ("quality", "heat"):
            file.turn(file.first, name, first)
            file.turn(later, name, None)
        self.planted.corrections.append(file.story.path)

    def _withdrawn(self) -> list[File]:
        """An article that the sample does not have any more, gathered beside one that it has."""
        for file in self.files:
            if file.first >= WITHDRAWN_AT and self._calm(file):
                path = f"_news/{file.story.stamp[:10]}-withdrawn-by-its-outlet.md"
                withdrawn = File(replace(file.story, path=path), file.data, file.first, defaultdict(dict))
                withdrawn.turn(file.first, "title", "Withdrawn by its outlet")
                withdrawn.turn(file.first, "url", f"https://{domain(file.data)}/withdrawn")
                withdrawn.gone = range(file.first + 34, LAST_SLOT + 1)
                self.planted.withdrawn.append(path)
                return [withdrawn]
        return []

    def _secure(self, file: File) -> None:
        """Encrypt a new file's secured text again on some of the Mondays that follow."""
        if file.story.fault:
            return
        day = file.first // 12
        mondays = [day + 7 - day % 7 + 7 * week for week in range(4)]
        slots = [_free(24 * monday + 4) for monday in mondays if self._rng.random() < 0.25]
        slots = [slot for slot in slots if file.first < slot <= LAST_SLOT]
        for slot in slots and [file.first, *slots[:-1]]:
            file.turn(slot, "secured", another_secret(self._rng))
        for slot in slots[-1:]:
            file.turn(slot, "secured", None)


def _free(hours: float) -> int:
    """The first slot at or after some hours in which the pipeline runs."""
    slot = -int(-hours // SLOT_HOURS)
    return SILENCE.stop if slot in SILENCE else slot


def _some(files: Iterator[File], many: int) -> list[File]:
    return [file for _, file in zip(range(many), files, strict=False)]
