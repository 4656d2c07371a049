"""Ctrl-C while the command line is still being imported."""

import os
import signal
import subprocess
import sys
from pathlib import Path

INTERRUPTING = """
import os, signal, sys

signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run with Ctrl-C ignored, as behind `&`

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
"""


def interrupted_at_import_of(module: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command `views`, whose own process sends itself the signal of Ctrl-C as it begins to import a module."""
    (folder / "sitecustomize.py").write_text(INTERRUPTING.format(module=module))
    path = os.pathsep.join([str(folder), *filter(None, sys.path)])
    return subprocess.run(
        [sys.executable, "-m", "analytics", "views"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
        check=False,
    )


def test_ends_at_once_without_a_traceback(tmp_path: Path) -> None:
    ended = interrupted_at_import_of("analytics.cli.options", tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGINT, "", "")


def test_within_the_command_is_said(tmp_path: Path) -> None:
    ended = interrupted_at_import_of("analytics.catalog", tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "Aborted!\n")
