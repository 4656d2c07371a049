"""How long a history takes to read, as ratios to what git alone takes for the same commits and files.

git alone is `git log --raw` and then `git cat-file --batch` of every article version, their output thrown away. The
contenders take turns, the medians are shown. A made repository then tells time and memory for a long history. Run on a
quiet machine: `python -m tests.benchmarks.bench_history BUNDLE --commits 50000`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from statistics import median

from analytics.settings import CACHE
from tests.benchmarks.bench_load import Peak, processor_seconds

LOAD = """
import json, sys, time
from analytics.history.loader import load_history
told, used, start = [], time.process_time(), time.perf_counter()
history = load_history(sys.argv[1], cache=sys.argv[2] == "cache", progress=lambda *done: told.append(done))
seconds = time.perf_counter() - start
frames = [history.changes, history.commits]
print(json.dumps({
    "seconds": seconds,
    "commits": len(history.commits),
    "files": int(history.commits["files"].sum()),
    "changes": len(history.changes),
    "told": len(told),
    "frames": sum(int(frame.memory_usage(deep=True).sum()) for frame in frames),
}))
"""
IMPORTS = "from analytics.history.loader import load_history"
LOG = ("log", "--first-parent", "--raw", "--no-abbrev", "--no-renames", "--root", "--format=%H %ct")
FILES_A_COMMIT = 4
ARTICLES = 5000


def blobs(repository: Path) -> bytes:
    """The ids of all versions of article files, one a line."""
    listed = subprocess.run(["git", "-C", str(repository), *LOG], check=True, capture_output=True).stdout
    rows = (line.split(b"\t") for line in listed.splitlines() if line.startswith(b":"))
    found = dict.fromkeys(facts.split()[3] for facts, path in rows if path.endswith(b".md") and b"_data/" not in path)
    return b"\n".join(name for name in found if name.strip(b"0")) + b"\n"


def git_alone(repository: Path, asked: bytes) -> float:
    """Seconds of git for the log and the versions."""
    start = time.perf_counter()
    words = ["git", "-C", str(repository)]
    subprocess.run([*words, *LOG], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*words, "cat-file", "--batch"], check=True, stdout=subprocess.DEVNULL, input=asked)
    return time.perf_counter() - start


def load(repository: Path, kept: str) -> dict[str, float]:
    """What one program says that reads a history, and what it and git took of the processors."""
    before = processor_seconds()
    words = [sys.executable, "-c", LOAD, str(repository), kept]
    said: dict[str, float] = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    return said | {"processor": processor_seconds() - before}


def measure(repository: Path, runs: int, scratch: Path) -> list[str]:
    """The rows for one repository: git alone, cold, with writing the cache, and from the cache."""
    os.environ[CACHE] = str(scratch / "cache")
    asked = blobs(repository)
    series: dict[str, list[float]] = {"git alone": [], "cold": [], "cold, cache written": [], "from the cache": []}
    load(repository, "none")
    for _ in range(runs):
        series["git alone"].append(git_alone(repository, asked))
        said = load(repository, "none")
        series["cold"].append(said["seconds"])
        shutil.rmtree(scratch / "cache", ignore_errors=True)
        series["cold, cache written"].append(load(repository, "cache")["seconds"])
        series["from the cache"].append(load(repository, "cache")["seconds"])
    middle = {name: median(each) for name, each in series.items()}
    lines = [f"| {name} | {median(each):.3f} ({min(each):.3f} to {max(each):.3f}) |" for name, each in series.items()]
    lines.append(f"| cold / git alone | {middle['cold'] / middle['git alone']:.2f} |")
    lines.append(f"| from the cache / cold | {middle['from the cache'] / middle['cold']:.3f} |")
    return [f"| {said['commits']:,} commits, {said['files']:,} versions | seconds |", "|---|---|", *lines]


def make(repository: Path, commits: int) -> None:
    """A long history: four files a commit, of which two change in heat and two in their secured text alone."""
    repository.mkdir()
    subprocess.run(["git", "-C", str(repository), "init", "--quiet", "--bare", "--initial-branch=main"], check=True)
    rng = Random(8)
    heats: dict[int, int] = {}
    words = ["git", "-C", str(repository), "fast-import", "--quiet"]
    with subprocess.Popen(words, stdin=subprocess.PIPE) as program:
        assert program.stdin is not None
        for number in range(commits):
            seconds = 1_600_000_000 + 7200 * number
            program.stdin.write(
                f"commit refs/heads/main\ncommitter B <b@example.org> {seconds} +0000\ndata 0\n".encode()
            )
            for place in range(FILES_A_COMMIT):
                article = (FILES_A_COMMIT * number + place) % ARTICLES
                heats[article] = 70 + rng.randrange(20) if place % 2 else heats.get(article, 70)
                text = _text(rng, article, heats[article]).encode()
                program.stdin.write(
                    f"M 100644 inline _news/{article // 50:03}/{article:05}.md\ndata {len(text)}\n".encode()
                    + text
                    + b"\n"
                )
            program.stdin.write(b"\n")
    if program.returncode:
        raise SystemExit(f"fast-import ended with {program.returncode}")


def _text(rng: Random, article: int, heat: int) -> str:
    fields = [f'title: "Story {article}"', f'webUrl: "https://a.example/{article}"', "quality: 70", f"heat: {heat}"]
    fields += ["published: true", "provider:", "  name: An outlet", "  domain: a.example", "topics:", "  - Solar"]
    return "\n".join(["---", *fields, f'secured: "{rng.getrandbits(400):x}"', "---", ""])


def long_history(repository: Path, scratch: Path) -> str:
    """Memory and progress of a long history, in words."""
    os.environ[CACHE] = str(scratch / "cache")
    peaks = []
    for words in ((IMPORTS,), (LOAD, str(repository), "none")):
        with subprocess.Popen([sys.executable, "-c", *words], stdout=subprocess.PIPE, text=True) as program:
            peak = Peak(program.pid)
            peak.start()
            out, _ = program.communicate()
        peak.join()
        peaks.append(peak.bytes)
    said = json.loads(out)
    return (
        f"Memory of all processes: peak {peaks[1] / 1e6:.0f} MB, imports {peaks[0] / 1e6:.0f} MB, "
        f"the frames that come out {said['frames'] / 1e6:.0f} MB ({said['changes']:,} changes); "
        f"progress was told {said['told']:,} times."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--commits", type=int, default=0, help="also make a long history of so many commits")
    given = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, medians of {given.runs} runs\n")
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        clone = scratch / "clone.git"
        subprocess.run(["git", "clone", "--quiet", "--bare", str(given.bundle.resolve()), str(clone)], check=True)
        print("\n".join(measure(clone, given.runs, scratch)), flush=True)
        if given.commits:
            long = scratch / "long.git"
            make(long, given.commits)
            print("\n".join(["", *measure(long, 1, scratch), "", long_history(long, scratch)]), flush=True)


if __name__ == "__main__":
    main()
