"""A git repository → the history of its corpus: every commit, and every version that changed something tracked."""

import contextlib
import hashlib
import itertools
import operator
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.corpus import git
from analytics.corpus.git import NoGitHistoryError
from analytics.corpus.limits import MAX_FILE_BYTES, UnreadableFileError
from analytics.corpus.loader import Corpus, current_day, frame
from analytics.corpus.site_profile import NO_PROFILE, Profile
from analytics.corpus.sources.git_tree import GitTree
from analytics.corpus.sources.open import open_source
from analytics.errors import CorpusError
from analytics.history import cache
from analytics.history.cache import ArrowHistory
from analytics.history.git_log import Commit, FileChange, file_changes, first_parent_commits
from analytics.history.history_tables import CHANGES, COMMITS, History
from analytics.history.lives import COUNTED, LIVES, ROWS, Lives
from analytics.history.location import SUFFIX, HistoryLocation, locate_history
from analytics.history.versions import VersionReader
from analytics.progress import Progress
from analytics.settings import HISTORY, expand_home_or_file_url, history_path
from analytics.statistics.descriptive import day_range_without_outliers

PROGRESS_STEP = 100

FIRST_SITE = date(1991, 8, 6)
"""The day of the first site of the Web: a time before it is that of a clock which was not set."""

_EPOCH = date(1970, 1, 1)

_NO_HISTORY = ArrowHistory(ROWS.empty_table(), LIVES.empty_table(), cache.COMMITS.empty_table())
_FILES, _UNREADABLE = COUNTED.index("files"), COUNTED.index("unreadable")


def load_history(
    source: str | os.PathLike[str],
    *,
    profile: Profile = NO_PROFILE,
    today: date | None = None,
    since: date | None = None,
    until: date | None = None,
    progress: Progress | None = None,
    cache: bool = True,
) -> History:
    """The history of a corpus in a folder of a git working tree, in a bare repository or in a bundle.

    It is the chain of first parents up to HEAD, or to the commit of `FOLDER@REVISION`, each commit compared with the
    one before, so that a merge shows what it brought; of a folder inside a repository only what lies below it. A
    version is compared with the one that its life had before, so that a return may change fields as well. A version
    that cannot be read leaves its life as it was.

    A commit whose time lies more than a day after `today` (by default the current day, UTC), before `FIRST_SITE`, or
    far before all others, counts as seen with the one before it, or the first of the others (`COMMITS.seen_at`).

    `since` and `until` (UTC days, both included) narrow the rows returned, not what they are compared with. With
    `cache`, only commits that are new are read. `progress` is called with the commits done and the commits in all.
    Versions are read by `profile`, and paths that it leaves out are passed over.
    Where there is no history, `History.missing` says why. Raises CorpusError when there is nothing at `source`, no such
    revision, or a repository that is damaged.
    """
    try:
        origin = locate_history(os.fspath(source))
    except NoGitHistoryError as error:
        return History.nothing(str(error))
    kept = _tables_of(origin, profile, progress, kept=cache and not origin.missing)
    told = f"{_key(origin, profile)}\0{origin.head}\0{origin.missing}\0{since}\0{until}"
    stamp = hashlib.sha256(told.encode()).hexdigest()[:16]
    frames = _frames(kept, today or current_day())
    whole = History(stamp, *frames, complete=not origin.missing, missing=origin.missing)
    return whole if since is None and until is None else _between(whole, since, until)


def _tables_of(origin: HistoryLocation, profile: Profile, progress: Progress | None, *, kept: bool) -> ArrowHistory:
    """The tables of a history, with `kept` from the cache as far as that goes."""
    key = _key(origin, profile)
    before = cache.load(key) if kept else None
    if before is not None and before.head == origin.head:
        _report(progress, before.commits.num_rows, before.commits.num_rows)
        return before
    with origin.repository() as repository:
        commits = first_parent_commits(repository, origin.head, before.head) if before else None
        if commits is None:
            before, commits = None, first_parent_commits(repository, origin.head) or []
        after = _extended(repository, origin.prefix, profile, before or _NO_HISTORY, commits, progress)
    if kept:
        cache.save(key, after)
    return after


def _key(origin: HistoryLocation, profile: Profile) -> str:
    """What tells a history, and how it is read, from any other."""
    return f"{origin.key} {profile.history_key}" if profile.history_key else origin.key


def _extended(
    repository: Path,
    prefix: str,
    profile: Profile,
    before: ArrowHistory,
    commits: Sequence[Commit],
    progress: Progress | None,
) -> ArrowHistory:
    """A history and the commits that follow it."""
    reader, first = VersionReader(profile.reading), before.commits.num_rows
    lives = Lives.of(before.lives, reader)
    counts = np.zeros((len(commits), len(COUNTED)), dtype="int64")
    total, told = first + len(commits), first
    touched = (
        touch for touch in file_changes(repository, prefix, commits, first) if not profile.leaves_out(touch.path)
    )
    for (place, path, blob, _), data in _versions(repository, touched):
        if place >= told:
            _report(progress, place, total)
            told = place + PROGRESS_STEP
        counted = counts[place - first]
        try:
            version = reader.version(path, data, lives.last(path)) if data is not None else None
        except UnreadableFileError:
            counted[_UNREADABLE] += 1
            counted[_FILES] += 1
            continue
        if version is None:
            lives.gone(place, path, counted)
        else:
            lives.take(place, path, blob, version, counted)
    _report(progress, total, total)
    rows = pa.concat_tables([before.rows, lives.rows()])
    return ArrowHistory(rows, lives.table(), pa.concat_tables([before.commits, _commits(commits, counts)]))


def _versions(repository: Path, touched: Iterator[FileChange]) -> Iterator[tuple[FileChange, bytes | None]]:
    """Each touch with the file's bytes, None when it is gone; the files of a commit by path. A link holds nothing."""
    groups = itertools.groupby(touched, operator.attrgetter("place"))
    ahead, now = itertools.tee(touch for _, group in groups for touch in sorted(group))
    with contextlib.closing(git.Blobs(repository)) as blobs:
        contents = blobs.read_all((touch.blob for touch in ahead if touch.blob), MAX_FILE_BYTES + 1)
        for touch in now:
            yield touch, next(contents) if touch.blob else b"" if touch.link else None


def _commits(commits: Sequence[Commit], counts: "np.ndarray[Any, Any]") -> pa.Table:
    names = pa.array([commit.name for commit in commits], pa.large_string())
    times = pa.array([commit.seconds * 1_000_000 for commit in commits], pa.int64())
    columns = [names, times.cast(pa.timestamp("us", "UTC")), *map(pa.array, np.ascontiguousarray(counts.T))]
    return pa.table(columns, schema=cache.COMMITS)


def _frames(kept: ArrowHistory, today: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The frames `changes` and `commits` of a history's tables."""
    rows, lives, commits = kept
    changes = rows
    for name in ("path", "domain", "url"):
        changes = changes.append_column(name, lives[name].take(rows["life"]))
    for name in ("commit", "committed_at"):
        changes = changes.append_column(name, commits[name].take(rows["place"]))
    places = pa.array(np.arange(commits.num_rows))
    times = commits["committed_at"].combine_chunks()
    seen = pa.array(_seen(times.cast(pa.int64()).to_numpy(), today)).cast(times.type)
    commits = commits.append_column("place", places).append_column("seen_at", seen)
    return frame(changes, CHANGES), frame(commits, COMMITS)


_MICROSECONDS_A_DAY = 86_400_000_000


def _seen(times: "np.ndarray[Any, Any]", today: date) -> "np.ndarray[Any, Any]":
    """When each commit was seen, in microseconds, from the times that they carry; never earlier than the one before."""
    days = times // _MICROSECONDS_A_DAY
    plausible = (days >= (FIRST_SITE - _EPOCH).days) & (days <= (today - _EPOCH).days + 1)
    main = day_range_without_outliers(pd.Series(days[plausible]))
    if main is None:
        return np.maximum.accumulate(times)
    plausible &= days >= main[0]
    return np.maximum.accumulate(np.where(plausible, times, times[plausible].min()))


def _between(history: History, since: date | None, until: date | None) -> History:
    """The rows of a history that were committed from one day to another."""
    first = datetime.combine(since or date.min, time.min, UTC)
    last = datetime.combine(until or date.max, time.max, UTC)

    def narrowed(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["committed_at"].between(first, last)].reset_index(drop=True)

    return replace(history, changes=narrowed(history.changes), commits=narrowed(history.commits))


def _report(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


NEEDED = (
    "A history needs the git repository of the corpus: open the folder of a clone, or put a bundle of the repository "
    f"beside the folder, named like it and ending in {SUFFIX} (git bundle create), or name either in {HISTORY}."
)


def history_source(corpus: Corpus) -> str:
    """The path from which `load_history` reads the history of a corpus.

    It is that of ARTICLE_ANALYTICS_HISTORY; else the source of a corpus read at a revision; else the bundle beside the
    corpus's folder; else the folder itself, in its repository. Raises CorpusError where there is none.
    """
    return _history_source(corpus.source, at_revision=corpus.commit is not None)


def check_history(source: Path) -> None:
    """Raise CorpusError where the corpus of a path, which need not be loaded for it, has no history."""
    locate_history(_history_source(str(source), at_revision=isinstance(open_source(source), GitTree)))


def _history_source(source: str, *, at_revision: bool) -> str:
    if named := history_path():
        return named
    if at_revision:
        return source
    place = expand_home_or_file_url(source)
    if place.is_file():
        raise NoGitHistoryError(f"{place} is a file, which has no history.")
    folder = place.resolve()
    bundle = folder.with_name(f"{folder.name}{SUFFIX}")
    if bundle.is_file():
        return str(bundle)
    return str(locate_history(folder).path)


def history_of(corpus: Corpus, progress: Progress | None = None) -> History:
    """The history of a corpus, up to the commit that was the newest when the corpus was read.

    Where it cannot be read it is empty, and its `missing` says why and what is needed.
    """
    try:
        history = load_history(history_source(corpus), profile=corpus.profile, today=corpus.today, progress=progress)
    except CorpusError as error:
        return History.nothing(f"{error} {NEEDED}")
    history = history.until(corpus.head)
    return history if history.stamp else History.nothing(f"{history.missing} {NEEDED}")
