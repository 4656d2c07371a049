"""The cache while several programs load, and when loads are killed or broken off: it holds, and no process stays."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from analytics.corpus import cache
from analytics.corpus.sources.open import open_source
from tests.corpus.test_cache import home, tables, warm
from tests.sample_corpus.corpus import write_sample

__all__ = ["home"]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sample") / "site"
    write_sample(root, articles=2000, seed=3)
    return root


@pytest.fixture
def mark(home: Path) -> Iterator[None]:
    """No process that the test starts, known by its cache folder, is left when it ends."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("processes are looked up in /proc")
    yield
    for _ in range(600):
        if not started_with(str(home)):
            return
        time.sleep(0.1)
    left = started_with(str(home))
    for process in left:
        os.kill(process, signal.SIGKILL)
    pytest.fail(f"still running after a minute: {list(left.values())}")


def started_with(text: str) -> dict[int, str]:
    """Number and command line of the processes whose environment held a text when they began.

    Left out is the resource tracker of this very process: it lives as long as the tests do, and holds the text when it
    was this test that first needed one.
    """
    found = {}
    own = f"\nPPid:\t{os.getpid()}\n"
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if text.encode() in (process / "environ").read_bytes():
                line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if line and ("resource_tracker" not in line or own not in (process / "status").read_text()):
                    found[int(process.name)] = line
        except OSError:
            continue
    return found


LOADS = """
import os, sys, time
from analytics.corpus import loader
for line in sys.stdin:
    workers, kill_after = line.split()
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a worker prints while it dies is no answer
        loader.load_corpus(sys.argv[1], workers=int(workers))
        os._exit(0)
    if float(kill_after):
        time.sleep(float(kill_after))
        os.kill(child, 9)
    os.waitpid(child, 0)
    print(time.monotonic() - start, flush=True)
"""


@pytest.mark.slow
@pytest.mark.usefixtures("mark")
def test_a_load_killed_at_any_point_leaves_a_cache_that_holds(sample: Path, home: Path, rounds: int) -> None:
    expected, rng = tables(sample, use_cache=False), Random(10 + rounds)
    program = [sys.executable, "-c", LOADS, str(sample)]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as loads:
        assert loads.stdin is not None
        assert loads.stdout is not None

        def load(workers: int, kill_after: float) -> float:
            loads.stdin.write(f"{workers} {kill_after}\n")
            loads.stdin.flush()
            return float(loads.stdout.readline())

        whole = {workers: load(workers, 0) for workers in (1, 2)}
        for turn in range(4 * rounds):
            workers = 1 + turn % 2
            if turn % 4 < 2:
                cache.cache_file(open_source(sample).key).unlink(missing_ok=True)
            load(workers, rng.uniform(0.001, whole[workers]))
            found = tables(sample, use_cache=True)
            assert all(found[name].equals(expected[name]) for name in expected)
        loads.stdin.close()
    cache.cache_file(open_source(sample).key).unlink()
    warm(sample)
    assert len(list(home.iterdir())) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("mark")
def test_programs_may_load_at_once(sample: Path, rounds: int) -> None:
    expected = tables(sample, use_cache=False)
    program = f"import sys, analytics; [analytics.load_corpus(sys.argv[1], workers=1) for _ in range({rounds + 1})]"
    running = [subprocess.Popen([sys.executable, "-c", program, str(sample)]) for _ in range(3)]
    while any(process.poll() is None for process in running):
        found = tables(sample, use_cache=True)
        assert all(found[name].equals(expected[name]) for name in expected)
    assert [process.returncode for process in running] == [0, 0, 0]
    assert cache.load(open_source(sample).key) is not None


EXPORT = """
import signal
from analytics.cli import main
from analytics.corpus import incremental_parse
incremental_parse.PARALLEL_FILES = 1_000
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
"""An export that reads on worker processes, and that hears Ctrl-C also where the tests run in the background."""


@pytest.mark.slow
@pytest.mark.usefixtures("mark")
def test_ctrl_c_ends_a_load_and_its_worker_processes(sample: Path, tmp_path: Path, home: Path, rounds: int) -> None:
    program = [sys.executable, "-c", EXPORT, "export", str(sample), "--out", str(tmp_path / "out")]
    for turn in range(2 * rounds):
        with subprocess.Popen(
            program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True
        ) as process:
            while process.poll() is None and not any(map(is_worker, started_with(str(home)).values())):
                time.sleep(0.01)
            time.sleep(turn % 7 / 10)
            os.killpg(process.pid, signal.SIGINT)
            try:
                out, said = process.communicate(timeout=60)
            finally:
                process.kill()
        assert (process.returncode, out, said.strip()) == (130, "", "Aborted!")
        assert not (tmp_path / "out").exists()


def is_worker(line: str) -> bool:
    return "loky.backend.popen" in line
