"""Long runs: caches edited, damaged, shared and killed, files spoilt in all ways, and the memory that they take."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from analytics.corpus import incremental_parse
from analytics.corpus.loader import load_corpus
from analytics.corpus.parsing.files_to_tables import Tables
from analytics.corpus.site_profile import ReadingSettings
from analytics.corpus.sources.base import Source, SourceFile
from tests.cli.test_cli import run
from tests.corpus.conftest import Write, write
from tests.corpus.test_cache import (
    home,
    settled,
    site,
    test_a_damaged_cache_is_seen_or_harmless,
    test_any_edits_one_after_the_other,
    test_threads_may_load_at_once,
)
from tests.corpus.test_cache_processes import (
    mark,
    sample,
    test_a_load_killed_at_any_point_leaves_a_cache_that_holds,
    test_ctrl_c_ends_a_load_and_its_worker_processes,
    test_programs_may_load_at_once,
)
from tests.corpus.test_git_source import clone, test_random_revisions_are_as_their_checkouts
from tests.corpus.test_mangled import (
    KINDS,
    mangled,
    test_every_spoilt_file_is_rows_or_a_problem_and_good_ones_stay,
    test_worker_processes_and_the_cache_make_no_difference,
)

PEAK = r"""
import json, re, resource, sys
from pathlib import Path
from analytics import load_corpus

def peak():  # on Linux not getrusage: a started program takes over the peak of the run of the tests, and hides its own
    if sys.platform == "linux":
        return int(re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)

load_corpus(Path(sys.argv[1]) / "encoded", workers=1)
before = peak()
for kind in sys.argv[2:]:
    load_corpus(Path(sys.argv[1]) / kind, workers=1)
print(json.dumps(peak() - before))
"""


def test_memory_stays_bounded(mangled: Path) -> None:
    program = [sys.executable, "-c", PEAK, str(mangled), *KINDS]
    kilobytes = json.loads(subprocess.run(program, check=True, capture_output=True, text=True, timeout=600).stdout)
    assert kilobytes < 250_000


ARTICLE = "---\ntitle: T{}\npublishedDateTime: 2025-03-01T10:00:00Z\n---\n"


@pytest.mark.parametrize(("pools", "chunk", "deadly"), [(0, 2, ["1.md"]), (2, 4, ["0.md", "5.md"])])
def test_a_file_at_which_workers_die_each_time_is_a_problem_and_the_rest_is_read(
    pools: int, chunk: int, deadly: list[str], write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse, parent = incremental_parse.parse_files, os.getpid()

    def parse_or_die(source: Source, entries: Sequence[SourceFile], reading: ReadingSettings) -> Tables:
        assert os.getpid() != parent
        if any(entry.path in deadly for entry in entries):
            os.kill(os.getpid(), signal.SIGKILL)
        return parse(source, entries, reading)

    monkeypatch.setattr(incremental_parse, "parse_files", parse_or_die)
    for name, count in (("POOLS", pools), ("CHUNK_FILES", chunk), ("PARALLEL_FILES", 1)):
        monkeypatch.setattr(incremental_parse, name, count)
    root = write({f"{n}.md": ARTICLE.format(n) for n in range(2 * chunk)})
    checked = run("check", str(root), "--format", "csv")
    assert (checked.exit_code, f"{deadly[0]}," in checked.stdout) == (1, True)
    corpus = load_corpus(root)  # from the cache: nothing is parsed in this process
    assert corpus.articles["path"].tolist() == [f"{n}.md" for n in range(2 * chunk) if f"{n}.md" not in deadly]
    assert corpus.problems[["path", "code"]].to_numpy().tolist() == [[path, "ends_the_reader"] for path in deadly]
