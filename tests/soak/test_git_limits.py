"""Long runs: repositories that name thousands of millions of files, against the limits of a real run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.corpus.test_git_limits import bomb

PEAK = r"""
import json, re, resource, sys
from pathlib import Path
from analytics.errors import AnalyticsError
from analytics.corpus.loader import load_corpus
from analytics.history.loader import load_history

try:
    (load_history if sys.argv[1] == "history" else load_corpus)(sys.argv[2], cache=False)
    words = "it was read"
except AnalyticsError as error:
    words = str(error)
# Not RUSAGE_SELF: a started program takes over the peak of the one that started it, which here is the run of the tests.
own = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))[1]
print(json.dumps([words, int(own), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of another process")
@pytest.mark.parametrize("kind", ["tree", "history"])
def test_a_bomb_is_refused_in_a_sentence_within_500_megabytes(kind: str, bomb: Path) -> None:
    named = str(bomb) if kind == "history" else f"{bomb}@HEAD"
    program = [sys.executable, "-c", PEAK, kind, named]
    done = subprocess.run(program, check=True, capture_output=True, text=True, timeout=900)
    words, own, git = json.loads(done.stdout)
    assert "names more files than are read" in words
    assert max(own, git) < 500_000
