"""How long a corpus takes to load and how much memory, beside a plain loop and Hugo; prints a Markdown table.

Every measurement is a program of its own, timed from its start to its end, imports included; the contenders take turns,
and the medians are shown. Run on a quiet machine: `python -m tests.benchmarks.bench_load --articles 20000 100000`.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from analytics.settings import CACHE
from tests.sample_corpus.corpus import write_sample

LOAD = """
import json, sys, time
from analytics.corpus import incremental_parse, loader
parse, parsed = incremental_parse.parse_files, []
if "--count" in sys.argv:
    incremental_parse.parse_files = lambda source, entries: parsed.extend(entries) or parse(source, entries)
start = time.perf_counter()
corpus = loader.load_corpus(sys.argv[1], cache=sys.argv[2] == "cache")
frames = [value for value in vars(corpus).values() if hasattr(value, "memory_usage")]
print(json.dumps({
    "seconds": time.perf_counter() - start,
    "articles": len(corpus.articles),
    "parsed": len(parsed),
    "frames": sum(int(frame.memory_usage(deep=True).sum()) for frame in frames),
}))
"""
LOOP = """
import json, sys, time
from pathlib import Path
import frontmatter, pandas
start, records = time.perf_counter(), []
for path in sorted(Path(sys.argv[1]).rglob("*")):
    if path.suffix in {".md", ".markdown", ".html"} and "_data" not in path.parts:
        try:
            records.append(frontmatter.load(str(path)).metadata)
        except Exception:
            pass
frame = pandas.json_normalize(records)
print(json.dumps({"seconds": time.perf_counter() - start, "articles": len(frame)}))
"""
IMPORTS = "from analytics.corpus import loader"
HUGO_SITE = 'baseURL = "https://load.example/"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n'


@dataclass
class Series:
    """The runs of one contender: whole programs' seconds, processor seconds and peaks (bytes), and what they said."""

    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)
    said: list[dict[str, float]] = field(default_factory=list)

    def middle(self, name: str) -> float:
        return median(said[name] for said in self.said)


def run(command: list[str], where: Path, *, watched: bool = False) -> tuple[float, float, int, str]:
    """Seconds from start to end, processor seconds and (when watched) largest memory with all children; the output."""
    start, used = time.perf_counter(), processor_seconds()
    with subprocess.Popen(command, cwd=where, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as program:
        peak = Peak(program.pid)
        if watched:
            peak.start()
        out, _ = program.communicate()
    seconds = time.perf_counter() - start
    if watched:
        peak.join()
    if program.returncode:
        raise SystemExit(f"{command[:3]} ended with {program.returncode}")
    return seconds, processor_seconds() - used, peak.bytes, out


def processor_seconds() -> float:
    """What all children so far took, and theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Peak(threading.Thread):
    """Looks at the memory of a process and its children every few milliseconds, shared pages counted once (PSS)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.bytes = pid, 0

    def run(self) -> None:
        while total := sum(map(proportional_bytes, family(self.pid))):
            self.bytes = max(self.bytes, total)
            time.sleep(0.02)


def family(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        try:
            tasks = list(Path(f"/proc/{each}/task").iterdir())
            found.extend(int(child) for task in tasks for child in (task / "children").read_text().split())
        except OSError:
            continue
    return found


def proportional_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def hugo_site(corpus: Path, faulty: set[str], site: Path) -> int:
    """A minimal site with the articles that Hugo takes: it stops at a faulty one. Returns how many there are."""
    count = 0
    for path in corpus.rglob("*"):
        name = path.relative_to(corpus)
        article = path.suffix in {".md", ".html"} and "_data" not in name.parts and path.name != "README.md"
        if article and name.as_posix() not in faulty:
            (site / "content" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, site / "content" / name)
            count += 1
    (site / "hugo.toml").write_text(HUGO_SITE)
    return count


def measure(articles: int, runs: int, scratch: Path) -> list[str]:
    """The rows of the table for one size."""
    corpus, site, home = scratch / "corpus", scratch / "site", scratch / "cache"
    planted = write_sample(corpus, articles=articles, seed=7)
    os.environ[CACHE] = str(home)
    python, hugo = sys.executable, shutil.which("hugo")
    listed = hugo_site(corpus, {path for paths in planted.faults.values() for path in paths}, site) if hugo else 0
    loads = [python, "-c", LOAD, str(corpus)]
    changed = next((corpus / "_news").glob("*.md"))
    series: dict[str, Series] = {}

    def take(name: str, command: list[str], *, watched: bool = False, where: Path = scratch) -> None:
        seconds, processor, peak, out = run(command, where, watched=watched)
        if command[0] == hugo and out.count("\n") != listed + 1:
            raise SystemExit(f"Hugo lists {out.count(chr(10)) - 1} of {listed} articles")
        one = series.setdefault(name, Series())
        one.seconds.append(seconds)
        one.processor.append(processor)
        one.peaks.append(peak)
        if out.startswith("{"):
            one.said.append(json.loads(out))

    time.sleep(3)  # what was just written would be read again
    run([*loads, "none"], scratch)  # the files' pages are in memory from here on
    for _ in range(runs):
        take("cold, no cache", [*loads, "none"])
        take("loop", [python, "-c", LOOP, str(corpus)])
        shutil.rmtree(home, ignore_errors=True)
        take("cold, cache written", [*loads, "cache"])
        if hugo:
            take("hugo list all", [hugo, "list", "all"], where=site)
        take("warm", [*loads, "cache"])
        with changed.open("a") as opened:
            opened.write("More.\n")
        take("one file changed", [*loads, "cache", "--count"])
        take("imports alone", [python, "-c", IMPORTS])
    time.sleep(3)
    run([*loads, "cache"], scratch)  # so that the file changed last is settled, and in the cache
    take("imports alone: memory", [python, "-c", IMPORTS], watched=True)
    for name, kept in (("cold, no cache", "none"), ("warm", "cache")):
        take(f"{name}: memory", [*loads, kept], watched=True)
    if {said["parsed"] for said in series["one file changed"].said} != {1}:
        raise SystemExit("One changed file was not parsed alone")
    return rows(articles, series)


def rows(articles: int, series: dict[str, Series]) -> list[str]:
    cold, loop, hugo = series["cold, no cache"], series["loop"], series.get("hugo list all")
    base = series.pop("imports alone: memory").peaks[0]
    lines = []
    for name, one in series.items():
        if name.endswith("memory"):
            frames = one.middle("frames")
            beyond = (one.peaks[0] - base - frames) / one.middle("articles") / 1000
            shown = f"peak {one.peaks[0] / 1e6:.0f} MB, imports {base / 1e6:.0f} MB, frames {frames / 1e6:.0f} MB"
            lines.append(f"| {articles:,} | {name} | {shown}; beyond them {beyond:.1f} KB an article | | |")
            continue
        inside = f"{one.middle('seconds'):.2f}" if one.said else ""
        spread = f"{median(one.seconds):.2f} ({min(one.seconds):.2f} to {max(one.seconds):.2f})"
        lines.append(f"| {articles:,} | {name} | {spread} | {median(one.processor):.2f} | {inside} |")
    ratios = [f"loop / cold {median(loop.seconds) / median(cold.seconds):.1f}"]
    if hugo:
        ratios.append(f"hugo / cold {median(hugo.seconds) / median(cold.seconds):.1f}")
    ratios.append(f"loop / cold by processor seconds {median(loop.processor) / median(cold.processor):.1f}")
    for name in ("warm", "one file changed"):
        share = series[name].middle("seconds") / series["cold, cache written"].middle("seconds")
        ratios.append(f"{name} / cold with cache {share:.0%} (the load alone)")
    return [*lines, f"| {articles:,} | ratios | {'; '.join(ratios)} | | |"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, medians of {given.runs} runs\n")
    print("| articles | what | seconds, whole program (least to most) | processor seconds | the load alone |")
    print("|---|---|---|---|---|")
    for articles in given.articles:
        with tempfile.TemporaryDirectory() as scratch:
            print("\n".join(measure(articles, given.runs, Path(scratch))), flush=True)


if __name__ == "__main__":
    main()
