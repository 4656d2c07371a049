"""Run git so that no configuration, hook, filter, server or odd name of a repository changes its output."""

import contextlib
import functools
import os
import subprocess
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from analytics.errors import CorpusError
from analytics.settings import child_environment

SECONDS_MAX = 600
ASKED_AT_ONCE = 40
"""How many blobs are asked for together, twice so many ahead of the reading: the names of those fit into any pipe, so
that git never waits for a reader that waits for git."""

_PIECE = 1 << 16
_LONGEST_RECORD = 1 << 20
_PARTIAL = r"^(extensions\.partialclone|remote\..*\.promisor)$"
MEMORY_MAX = 400_000_000
"""Bytes of memory that a git may take."""

_PIPE_BYTES = 1 << 18
"""Room for what git says ahead of its reader, where the system allows to widen a pipe."""

_VARIABLES_KEPT = ("GIT_CEILING_DIRECTORIES", "GIT_EXEC_PATH")
"""Variables of git that a user's set-up may need; all others would name another repository or configuration."""

NO_INDEX = "/dev/no-git-index"
"""A file that is not there: no command used here needs the index, and reading it is what runs `core.fsmonitor`."""

_NOTHING_RUNS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.attributesFile": os.devnull,
    "core.alternateRefsCommand": "",
    "core.askPass": "",
    "core.editor": "false",
    "core.gitProxy": "",
    "core.pager": "cat",
    "core.sshCommand": "false",
    "core.untrackedCache": "false",
    "credential.helper": "",
    "diff.external": "",
    "gc.auto": "0",
    "gpg.program": "false",
    "log.showSignature": "false",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "submodule.recurse": "false",
    "uploadpack.packObjectsHook": "",
}
"""Configuration that is given on the command line, which comes before that of the repository: whatever git could run on
a repository's word, or ask of another machine. Keys with a name in the middle (`filter.NAME.smudge`) cannot be listed;
no command that is used here reads them."""

_MESSAGES = {
    "not a git repository": "{folder} is not in a git repository, and only there are earlier states of a corpus. Name "
    "a folder inside one.",
    "dubious ownership": "git does not trust the repository of {folder}, since it belongs to another user. If you do: "
    "git config --global --add safe.directory THE_REPOSITORY",
}
"""What git says → what to do about it."""


class NoGitHistoryError(CorpusError):
    """There is no git, no repository that may be read, or no commit in it: no earlier state at all."""


class MissingBlobError(CorpusError):
    """The repository lacks a file of its history, as a clone without old files does."""


LACKING = (
    "The git repository of {folder} lacks files of its earlier states: it is a partial clone, or damaged. "
    "`git fetch --refetch --no-filter` brings them."
)


class RepositoryLocation(NamedTuple):
    """Where a folder is: its path in the repository, `""` or ending with a slash; if that is bare, and if shallow."""

    prefix: str
    bare: bool
    shallow: bool


def run(
    folder: Path,
    *words: str,
    variables: Mapping[str, str] | None = None,
    default: str | None = None,
    stdin_bytes: bytes = b"",
) -> str:
    """Run git in a folder, with more environment `variables` and `stdin_bytes` for its input, and return its output.

    `default`, if given, is returned where git ends with code 1 or 128, that is without an answer. Raises CorpusError.
    """
    try:
        with subprocess.Popen(
            [*_command(folder), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment() | dict(variables or {}),
        ) as running:
            _limit_memory(running)
            try:
                answer, errors = running.communicate(stdin_bytes, timeout=SECONDS_MAX)
            except BaseException:
                running.kill()
                raise
    except FileNotFoundError:
        raise NoGitHistoryError("git is not installed, and an earlier state of the corpus is only in git.") from None
    except subprocess.TimeoutExpired:
        raise CorpusError(f"git did not answer within {SECONDS_MAX} seconds about {folder}.") from None
    if not running.returncode:
        return os.fsdecode(answer)
    said = errors.decode("utf-8", "replace").strip()
    for sign, message in _MESSAGES.items():
        if sign in said:
            raise NoGitHistoryError(message.format(folder=folder))
    if default is not None and running.returncode in (1, 128):
        return default
    raise git_error(folder, said)


def git_error(folder: Path, message: str = "") -> CorpusError:
    """The error that git failed in a folder, with the last line of its message `message`."""
    last = message.splitlines()[-1].rstrip(".") if message else "no reason given"
    return CorpusError(f"git cannot tell the earlier state of {folder}: {last}.")


def start(folder: Path, *words: str, stdin: IO[bytes] | int = subprocess.PIPE) -> "subprocess.Popen[bytes]":
    """Start git in a folder; its output is read while it runs."""
    running = subprocess.Popen(
        [*_command(folder), *words],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        bufsize=_PIECE,
    )
    _limit_memory(running)
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(running.stdout, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)  # type: ignore[arg-type]
    return running


def _limit_memory(running: "subprocess.Popen[bytes]") -> None:
    """Give a git no more than `MEMORY_MAX`, where the system can: it compares whole trees before it says a word."""
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        resource.prlimit(running.pid, resource.RLIMIT_DATA, (MEMORY_MAX, MEMORY_MAX))


def early_end_error(folder: Path, reason: str) -> CorpusError:
    """The error that git ended early: that files are missing, where the clone is partial, else `reason`."""
    partial = run(folder, "config", "--get-regexp", _PARTIAL, default="")
    return CorpusError(LACKING.format(folder=folder)) if partial else git_error(folder, reason)


def nul_separated_output(
    folder: Path, *words: str, error_above: int, stdin: IO[bytes] | int = subprocess.DEVNULL
) -> Iterator[bytes]:
    """The pieces of git's output between NUL bytes (option `-z`), one by one while it runs.

    Raises CorpusError when git ends early, and when there are more than `error_above` pieces or one that is too long
    for a path: a repository of some kilobytes can name a thousand million files.
    """
    running = start(folder, *words, stdin=stdin)
    try:
        assert running.stdout is not None
        count, rest = 0, b""
        while piece := running.stdout.read(_PIECE):
            *whole, rest = (rest + piece).split(b"\0")
            count += len(whole)
            if count > error_above or len(rest) > _LONGEST_RECORD:
                raise CorpusError(
                    f"The git repository of {folder} names more files than are read (over {error_above:,})."
                )
            yield from whole
        if running.wait():
            raise early_end_error(folder, "the repository is damaged, or names more files than are read")
    finally:
        kill(running)


def _command(folder: Path) -> list[str]:
    """Git in a folder, with a configuration in which nothing that the repository names is run."""
    settings = [*_NOTHING_RUNS.items(), *(("safe.directory", trusted) for trusted in _trusted_folders())]
    options = [word for key, value in settings for word in ("-c", f"{key}={value}")]
    return ["git", "--no-pager", "-C", str(folder), *options]


@functools.cache
def _trusted_folders() -> tuple[str, ...]:
    """Repositories of other users that this user has told git to trust; nothing else of the user's set-up is read."""
    try:
        done = subprocess.run(
            ["git", "config", "--global", "--get-all", "safe.directory"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
            cwd=os.sep,
            env=child_environment(),
            timeout=SECONDS_MAX,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(os.fsdecode(line) for line in done.stdout.splitlines())


def environment() -> dict[str, str]:
    """The environment variables for git, without those that lead to another repository, configuration or a server."""
    own = {
        name: value
        for name, value in child_environment().items()
        if not name.startswith("GIT_") or name.startswith(_VARIABLES_KEPT)
    }
    return own | {
        "LC_ALL": "C",
        "LANGUAGE": "C",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_INDEX_FILE": NO_INDEX,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }


def location_in_repository(folder: Path) -> RepositoryLocation:
    """Where a folder is in its git repository. Raises CorpusError when it is in none, or inside `.git`."""
    if not folder.is_dir():
        raise CorpusError(f"{folder} is not a folder, and only a folder in a git repository has earlier states.")
    asked = ("--is-inside-work-tree", "--is-bare-repository", "--is-shallow-repository", "--show-prefix")
    if run(folder, "config", "--get", "from.input", default="", stdin_bytes=b"[from]\n\tinput = yes\n").strip():
        raise CorpusError(
            f"The configuration of the git repository of {folder} includes what git is asked. Take it out."
        )
    inside, bare, shallow, prefix = run(folder, "rev-parse", *asked).split("\n", 3)
    if inside != "true" and (bare != "true" or run(folder, "rev-parse", "--git-dir").strip() != "."):
        raise CorpusError(f"{folder} is the inside of a git repository. Name the repository or its working tree.")
    return RepositoryLocation(prefix.removesuffix("\n"), bare == "true", shallow == "true")


def commit_of(folder: Path, revision: str = "HEAD") -> str:
    """The commit that a revision names, as its full id. Raises CorpusError when there is none."""
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    commit = run(folder, *asked, f"{revision}^{{commit}}", default="").strip()
    if commit.isalnum():
        return commit
    if revision == "HEAD":
        raise NoGitHistoryError(f"The git repository of {folder} has no commit yet, so there is no earlier state.")
    raise CorpusError(f"The git repository of {folder} has no commit {revision}.")


class Blobs:
    """Reads files of a repository by blob id, from one `git cat-file` that ends with this object or with `close`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._git = start(folder, "cat-file", "--batch")
        self._lock = threading.Lock()
        self.close: Any = weakref.finalize(self, kill, self._git)

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a blob, at most `most`. Raises CorpusError when the repository lacks it."""
        with self._lock:
            self._ask([name])
            return self._answer(most)

    def read_all(self, names: Iterable[str], most: int) -> Iterator[bytes]:
        """The bytes of blobs in the order of `names`, at most `most` of each; a few are read ahead."""
        waiting = iter(names)
        with self._lock:
            asked = self._ask(islice(waiting, ASKED_AT_ONCE))
            while asked:
                ahead = self._ask(islice(waiting, ASKED_AT_ONCE))
                for _ in range(asked):
                    yield self._answer(most)
                asked = ahead

    def _ask(self, names: Iterable[str]) -> int:
        assert self._git.stdin is not None
        asked = [f"{name}\n".encode() for name in names]
        try:
            self._git.stdin.writelines(asked)
            self._git.stdin.flush()
        except OSError:
            raise git_error(self.folder, "it ended while files were read") from None
        return len(asked)

    def _answer(self, most: int) -> bytes:
        assert self._git.stdout is not None
        words = self._git.stdout.readline().split()
        if len(words) != 3:
            if words:
                raise MissingBlobError(LACKING.format(folder=self.folder))
            raise early_end_error(self.folder, "it ended while files were read")
        left = int(words[2]) + 1
        data = self._git.stdout.read(min(left, most + 1))
        left -= len(data)
        kept = data if left else data[:-1]
        while left and (piece := self._git.stdout.read(min(left, _PIECE))):
            left -= len(piece)
        if left:
            raise git_error(self.folder, "it ended while files were read")
        return kept[:most]


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a git process, close its pipes and wait for its end."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue
    process.kill()
    process.wait()
