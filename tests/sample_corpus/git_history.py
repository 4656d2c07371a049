"""What heat does in the history of the sample corpus: courses above quality, in hours after the first commit."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple

from analytics.corpus import git
from analytics.errors import CorpusError, ExportError
from analytics.progress import Progress
from tests.sample_corpus.corpus import story_files
from tests.sample_corpus.files import (
    DRAFT_EXCERPT,
    DRAFT_TITLE,
    Edits,
    another_secret,
    domain,
    edited,
    surrounding_files,
)
from tests.sample_corpus.planted import Planted
from tests.sample_corpus.stories import HIGHEST, Stories, Story
from tests.sample_corpus.words import pick
from tests.sample_corpus.world import CUTOFF, DAY_COUNT, FIRST_DAY, OUTAGE, OUTLETS, SITE, UMBRELLA

Course = list[tuple[float, int]]
"""Hours after the first commit, and the heat from then on; before the first of them heat is quality."""

SHARES = (("flash", 0.13), ("slow", 0.07), ("resets", 0.05), ("evergreen", 0.03))
"""How many of the articles that end at their quality have moved, by kind."""


def drawn(rng: Random) -> str:
    """The kind of course that an article takes; empty for one that never moves."""
    roll = rng.random()
    for kind, share in SHARES:
        roll -= share
        if roll < 0:
            return kind
    return ""


def course(rng: Random, kind: str, quality: int) -> Course:
    """A course of a kind; it ends at quality."""
    return [(hours, min(heat, HIGHEST)) for hours, heat in COURSES[kind](rng, quality)]


def warming(rng: Random, quality: int, heat: int, hours: float) -> Course:
    """Up to a heat above quality, within some hours, in a few steps."""
    steps = min(1 + int(3 * rng.random()), heat - quality)
    rises = [quality + (heat - quality) * (step + 1) // steps for step in range(steps)]
    return _spaced([(hours / steps) * (0.6 + 0.3 * rng.random()) for _ in rises], rises)


def _flash(rng: Random, quality: int) -> Course:
    peak = 6 + int(12 * rng.random())
    gaps = [2 + 3 * rng.random(), 2 + 4 * rng.random(), 5 + 10 * rng.random(), 4 + 10 * rng.random()]
    return _spaced(gaps, [quality + peak * 2 // 3, quality + peak, quality + peak // 3, quality])


def _slow(rng: Random, quality: int) -> Course:
    steps = 4 + int(3 * rng.random())
    rises = [quality + 1 + step + step // 2 for step in range(steps)]
    return _spaced([9 + 9 * rng.random() for _ in rises] + [14 + 20 * rng.random()], [*rises, quality])


def _resets(rng: Random, quality: int) -> Course:
    gaps: list[float] = []
    heats: list[int] = []
    for _ in range(2 + int(2 * rng.random())):
        lift = 4 + int(7 * rng.random())
        gaps += [30 + 60 * rng.random(), 18 + 30 * rng.random()]
        heats += [quality + lift, quality]
    return _spaced(gaps, heats)


def _evergreen(rng: Random, quality: int) -> Course:
    lift = 5 + int(6 * rng.random())
    wobbles = [quality + lift + turn % 2 for turn in range(5)]
    return _spaced([24.0] + [150 + 120 * rng.random() for _ in wobbles], [*wobbles, quality])


def _spaced(gaps: Sequence[float], heats: Sequence[int]) -> Course:
    """Heats that follow each other after gaps of some hours, at least two each, since commits come every two."""
    found, hours = [], 0.0
    for gap, heat in zip(gaps, heats, strict=True):
        hours += max(gap, 2.0)
        found.append((hours, heat))
    return found


COURSES: dict[str, Callable[[Random, int], Course]] = {
    "flash": _flash,
    "slow": _slow,
    "resets": _resets,
    "evergreen": _evergreen,
}


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


PIPELINE = f"Load Curve pipeline <pipeline@{SITE}>"
PROGRESS_STEP = 100
_SIDE, _MAIN = "refs/heads/side", "refs/heads/main"
_COMPACT = ("repack", "-a", "-d", "-f", "-q", "--depth=250", "--window=30")


class _Look(NamedTuple):
    """What a file becomes: its edits against its last form, None when it is deleted."""

    path: str
    file: File
    edits: Edits | None


def write_sample_history(bundle: Path, *, articles: int, seed: int, progress: Progress | None = None) -> PlantedHistory:
    """Writes the history of a sample corpus into a new bundle file and returns what was planted in it.

    The file appears in one step. `progress` is called with the commits written and their total.

    Raises:
        ExportError: there is such a file already, it cannot be written, or git is missing.
    """
    if bundle.exists():
        raise ExportError(f"{bundle} is there already: name a new file for the history of the sample.")
    past = _past(articles, seed)
    try:
        target = bundle.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as scratch:
            made = Path(scratch) / "made.bundle"
            repository = Path(scratch) / "git"
            repository.mkdir()
            git.run(repository, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", ".")
            _import(repository, past, seed, progress)
            git.run(repository, *_COMPACT)
            git.run(repository, "bundle", "create", "--quiet", str(made), "HEAD", "main")
            made.rename(target)
    except (OSError, CorpusError) as error:
        raise ExportError(f"The history of the sample could not be written to {bundle}: {error}") from error
    return past.planted


def planted_in_history(*, articles: int, seed: int) -> PlantedHistory:
    """What `write_sample_history` plants in the history of this size and seed, without writing it."""
    past = _past(articles, seed)
    with Path(os.devnull).open("wb") as nowhere:
        _write(nowhere, past, Random(f"commits {seed}"), None)
    return past.planted


def _past(articles: int, seed: int) -> Past:
    stories = Stories(articles, seed)
    drawn = list(story_files(stories, seed))
    return Past(drawn, stories.record.planted(), seed)


def _import(repository: Path, past: Past, seed: int, progress: Progress | None) -> None:
    running = git.start(repository, "fast-import", "--quiet", "--done")
    try:
        assert running.stdin is not None
        with suppress(BrokenPipeError):
            _write(running.stdin, past, Random(f"commits {seed}"), progress)
            running.stdin.close()
        if running.wait():
            raise git.git_error(repository, "fast-import broke off")
    finally:
        git.kill(running)


def _write(stream: IO[bytes], past: Past, rng: Random, progress: Progress | None) -> None:
    """The commits as `git fast-import` reads them; what was planted in them is counted."""
    slots = _slots(past)
    before: dict[str, tuple[bytes, Edits]] = {}
    arrivals = (file.first for file in past.files if file.first >= MERGED_AT)
    merge_at = min(arrivals, default=-1)
    for done, slot in enumerate(sorted(slots)):
        if progress and done % PROGRESS_STEP == 0:
            progress(done, len(slots))
        changes = list(_changes(slots[slot], before, past.planted))
        if slot == 0:
            changes = [*surrounding_files(), *changes]
        if not changes:
            continue
        seconds = int(moment(slot).timestamp()) + 3 + int(40 * rng.random())
        if slot == merge_at:
            past.planted.merged = [path for path, _ in changes]
            _commit(stream, _SIDE, seconds - 1800, "Gather on a branch", changes, f"from {_MAIN}\n")
            _commit(stream, _MAIN, seconds, "Merge what a branch gathered", changes, f"merge {_SIDE}\n")
        else:
            _commit(stream, _MAIN, seconds, f"Update {len(changes)} files", changes)
        past.planted.commits += 1
    stream.write(b"done\n")
    if progress:
        progress(len(slots), len(slots))


def _slots(past: Past) -> dict[int, list[_Look]]:
    """What happens in each slot of the pipeline, the first of which brings the taxonomy."""
    slots: dict[int, list[_Look]] = defaultdict(list, {0: []})
    for file in past.files:
        for slot, path, edits in file.states():
            slots[slot].append(_Look(path, file, edits))
    return slots


def _changes(
    looks: list[_Look], before: dict[str, tuple[bytes, Edits]], planted: PlantedHistory
) -> Iterator[tuple[str, bytes | None]]:
    """The files that a commit writes, or deletes (None), since they are not as they were before."""
    for path, file, edits in looks:
        if edits is None:
            if before.pop(path, None) is not None:
                yield path, None
            continue
        content = edited(file.data, edits) if edits else file.data
        was, had = before.get(path, (b"", {}))
        if content == was and path in before:
            continue
        if path in before and {name for name, _ in edits.items() ^ had.items()} == {"secured"}:
            planted.noise += 1
        before[path] = (content, edits)
        yield path, content


def _commit(
    stream: IO[bytes],
    branch: str,
    seconds: int,
    said: str,
    changes: list[tuple[str, bytes]] | list[tuple[str, bytes | None]],
    parents: str = "",
) -> None:
    stream.write(f"commit {branch}\ncommitter {PIPELINE} {seconds} +0000\ndata {len(said)}\n{said}\n{parents}".encode())
    for path, content in changes:
        if content is None:
            stream.write(f"D {path}\n".encode())
        else:
            stream.write(f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n")
    stream.write(b"\n")
