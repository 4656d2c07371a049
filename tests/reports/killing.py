"""Run as a program: kill exports at random points, and at each step of putting them in place.

Arguments: a folder to work in, and how many rounds. Each export runs in a copy of this process that is killed with
SIGKILL; what then stands there must be, byte for byte, the old report or the new one. Prints for each kind of export
how many were killed at random points, how many at certain steps, and after how many the old one stood there.
"""

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analytics import atomic_write
from analytics.catalog import VIEWS
from analytics.reports.bundle import write_bundle
from analytics.reports.report.files import write_report
from analytics.reports.report.report import build_report
from analytics.selection.selection import Selection
from tests.corpora import article, corpus_of

CORPUS = corpus_of([article(at=f"2024-01-{1 + n % 28:02}", quality=60 + n, provider="Alpha") for n in range(30)])
VIEW = VIEWS["providers_ranked"]
STATES = (Selection(), Selection(quality_min=70))
NAMES = {"folder": "export", "zip": "export.zip", "html": "report.html"}
TIMES = {"folder": 2, "zip": 2, "html": 1}
"""How many exports of a kind are killed at random points in a round."""

STEPS: tuple[tuple[Any, str], ...] = (
    (atomic_write, "_flush"),
    (atomic_write, "_put_all"),
    (atomic_write, "_exchanged"),
    (Path, "rename"),
    (shutil, "rmtree"),
)
"""Where a run is killed for certain, just before and just after; it does not come by all of them."""


def exported(kind: str, selection: Selection, target: Path) -> None:
    if kind == "html":
        made = CORPUS.articles["published_at"].max().date()
        write_report(build_report(CORPUS, selection, made=made, views=[VIEW]), target)
    else:
        write_bundle(CORPUS, selection, target, views=[VIEW])


def state(target: Path) -> dict[str, bytes]:
    files = sorted(target.rglob("*")) if target.is_dir() else [target]
    return {path.name: path.read_bytes() for path in files}


def killed(write: Callable[[], None], after: float | None) -> None:
    """Run it in a copy of this process, which is killed after so many seconds, or kills itself."""
    child = os.fork()
    if not child:
        try:
            write()
        finally:
            os._exit(0)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def dying(place: Any, name: str, *, before: bool) -> None:
    """From now on this process kills itself where it calls a function."""
    called = getattr(place, name)

    def die(*words: Any, **more: Any) -> None:
        if not before:
            called(*words, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(place, name, die)


def main(kind: str, folder: Path, times: int) -> None:
    target = folder / NAMES[kind]
    whole = []
    for selection in STATES:
        begun = time.monotonic()
        exported(kind, selection, target)
        seconds = time.monotonic() - begun
        whole.append(state(target))
    assert whole[0] != whole[1]
    found = []
    for turn in range(times):
        killed(lambda new=STATES[turn % 2]: exported(kind, new, target), random.uniform(0, seconds * 1.1))
        found.append(whole.index(state(target)))
    certain = [] if kind == "html" else [(*step, before) for step in STEPS for before in (True, False)]
    for turn, (place, name, before) in enumerate(certain):

        def write(place: Any = place, name: str = name, before: bool = before, new: int = turn % 2) -> None:
            dying(place, name, before=before)
            exported(kind, STATES[new], target)

        killed(write, None)
        found.append(whole.index(state(target)))
    exported(kind, STATES[0], target)
    assert [path.name for path in folder.iterdir()] == [target.name], "something was left behind"
    target.rename(folder.with_name(target.name))
    print(kind, times, len(certain), found.count(0))


if __name__ == "__main__":
    for each, number in TIMES.items():
        main(each, Path(sys.argv[1]), number * int(sys.argv[2]))
