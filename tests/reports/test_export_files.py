"""What is written is put in place whole: through a kill, a full disk, a second run."""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from analytics import atomic_write
from analytics.errors import ExportError
from analytics.reports import export_files
from tests.cli.test_cli import run
from tests.conftest import ROOT
from tests.corpora import article, write


def states(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_bytes().decode("latin-1")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    export_files.write_file_atomically(tmp_path / "a.html", b"old")
    export_files.write_file_atomically(tmp_path / "a.html", b"new")
    assert states(tmp_path) == {"a.html": "new"}
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "a.html").stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_folder_takes_the_place_of_another(
    in_one_step: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not in_one_step:
        monkeypatch.setattr(atomic_write, "_exchanged", lambda *_: False)
    for text in ("old", "new"):
        with export_files.atomic_export(tmp_path / "out", tmp_path / "a.html") as (folder, file):
            folder.mkdir()
            (folder / text).write_text(text)
            file.write_text(text)
    assert states(tmp_path) == {"out/new": "new", "a.html": "new"}


def write_all(targets: list[Path], text: str, *, fails: bool = False) -> None:
    with export_files.atomic_export(*targets) as places:
        for place in places:
            place.write_text(text)
        if fails:
            raise KeyError(text)


def test_a_set_is_put_in_place_when_all_are_complete(tmp_path: Path) -> None:
    targets = [tmp_path / "a.html", tmp_path / "b.xlsx"]
    write_all(targets, "old")
    with pytest.raises(KeyError):
        write_all(targets, "new", fails=True)
    assert states(tmp_path) == {"a.html": "old", "b.xlsx": "old"}
    write_all(targets, "new")
    assert states(tmp_path) == {"a.html": "new", "b.xlsx": "new"}


def test_what_was_put_in_place_is_taken_back_when_another_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "old.html").write_text("old")
    (tmp_path / "in the way.xlsx").mkdir()
    targets = [tmp_path / name for name in ("old.html", "new.html", "in the way.xlsx")]
    with pytest.raises(ExportError, match=r"in the way\.xlsx were not written: There is a folder of that name"):
        write_all(targets, "new")
    assert states(tmp_path) == {"old.html": "old"}


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"a\.html was not written: No such file or directory"):
        export_files.write_file_atomically(tmp_path / "none" / "a.html", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_long_name_is_no_hindrance(tmp_path: Path) -> None:
    export_files.write_file_atomically(tmp_path / ("ä" * 120 + ".html"), b"new")
    assert len(list(tmp_path.iterdir())) == 1


def test_what_another_run_is_writing_stays(tmp_path: Path) -> None:
    with export_files.atomic_export(tmp_path / "a.html") as (place,):
        export_files.write_file_atomically(tmp_path / "a.html", b"second")
        place.write_text("first")
    assert states(tmp_path) == {"a.html": "first"}


def test_two_runs_do_not_mix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    targets = [tmp_path / "a.html", tmp_path / "b.xlsx"]
    put, together = atomic_write._put, threading.Barrier(2)

    def slowly(new: Path, target: Path) -> None:
        time.sleep(0.002)
        put(new, target)

    monkeypatch.setattr(atomic_write, "_put", slowly)

    def run(text: str) -> None:
        with export_files.atomic_export(*targets) as places:
            for place in places:
                place.write_text(text)
            together.wait(10)

    with ThreadPoolExecutor(2) as pool:
        for _ in range(10):
            list(pool.map(run, ("one", "two")))
            assert states(tmp_path) in [dict.fromkeys(("a.html", "b.xlsx"), text) for text in ("one", "two")]


@pytest.mark.slow
def test_a_run_that_is_killed_leaves_the_old_report_or_the_new_one(tmp_path: Path, rounds: int) -> None:
    (tmp_path / "work").mkdir()
    command = [sys.executable, "-m", "tests.reports.killing", str(tmp_path / "work"), str(rounds)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr
    lines = [line.rsplit(" ", 1) for line in run.stdout.splitlines()]
    assert [words for words, _ in lines] == [f"folder {2 * rounds} 10", f"zip {2 * rounds} 10", f"html {rounds} 0"]
    assert sum(int(old) for _, old in lines) > 0


@contextmanager
def full_disk(most: int) -> Iterator[None]:
    """No file of this process can grow beyond so many bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["export", "--out", "made", "--view", "key_figures"],
        ["export", "--out", "made.zip", "--view", "key_figures"],
        ["report", "--out", "made.html", "--view", "key_figures"],
        ["report", "--recipe", "all.yml", "--out", "made"],
    ],
    ids=" ".join,
)
def test_a_full_disk_leaves_the_old_report(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    corpus = write(tmp_path / "corpus", [article(at="2024-01-03", title="x" * 50) for _ in range(40)])
    (tmp_path / "all.yml").write_text("views: key_figures\nformats: [zip, html, folder]\nfile: out\n")
    before = [run(words[0], corpus, *words[1:]).exit_code, states(tmp_path)]
    with full_disk(3_000):
        full = run(words[0], corpus, *words[1:])
    assert (before[0], full.exit_code, states(tmp_path) == before[1]) == (0, 2, True), full.stderr
    assert "File too large. What stood there before is untouched." in full.stderr
    assert "Traceback" not in full.stderr
    assert ".part" not in full.stderr
