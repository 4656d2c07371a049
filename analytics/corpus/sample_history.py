"""The history of the sample corpus as a git bundle: a pipeline's commits, the last of which holds the sample itself.

The same number of articles and the same seed give the same commits, whatever git and system make them.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple

from analytics.corpus import git
from analytics.corpus.sample import Progress, story_files
from analytics.corpus.sample_edits import Edits, edited
from analytics.corpus.sample_files import surrounding_files
from analytics.corpus.sample_past import MERGED_AT, File, Past, PlantedHistory, moment
from analytics.corpus.sample_stories import Stories
from analytics.corpus.sample_world import SITE
from analytics.errors import CorpusError, ExportError

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
            raise git.failed(repository, "fast-import broke off")
    finally:
        git.end(running)


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
