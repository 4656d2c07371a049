"""Long runs: caches edited, damaged, shared and killed, files spoilt in all ways, and the memory that they take."""

import json
import subprocess
import sys
from pathlib import Path

from tests.corpus.conftest import write
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
from tests.corpus.test_mangled import (
    KINDS,
    mangled,
    test_every_spoilt_file_is_rows_or_a_problem_and_good_ones_stay,
    test_worker_processes_and_the_cache_make_no_difference,
)

PEAK = """
import json, resource, sys
from pathlib import Path
from analytics import load_corpus

def peak():
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
