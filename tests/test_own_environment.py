"""The tests neither touch nor depend on what the environment of a developer holds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.corpus.repositories import commit, git, repository

pytestmark = pytest.mark.slow

EXPOSED = (
    "tests/cli/test_cli.py::test_export_selects",  # the variables of the program
    "tests/reviews/test_store_url.py",  # signs of the folder of temporary files
    "tests/corpus/test_site_profile.py::test_a_profile_in_an_archive_and_in_a_revision",  # commits to a repository
    "tests/corpus/test_git_addresses.py::test_what_is_pushed_to_a_bare_repository_changes_its_stamp",
)
"""Tests that failed, or committed to the repository of a developer, in such an environment."""

GIT_SETTINGS = """[commit]
gpgSign = true
[core]
autocrlf = true
[protocol "file"]
allow = never
[color]
ui = always
"""


def test_settings_of_the_developer_change_no_test(tmp_path: Path) -> None:
    own = repository(tmp_path / "own")
    head = commit(own, "2024-01-01T12:00:00+00:00")
    (tmp_path / "settings").write_text(GIT_SETTINGS)
    temporary = tmp_path / "50% #é"
    temporary.mkdir()
    variables = {
        "GIT_DIR": f"{own}/.git",  # as in a hook of git that runs the tests
        "GIT_INDEX_FILE": f"{own}/.git/index",
        "GIT_CONFIG_GLOBAL": f"{tmp_path}/settings",
        "TMPDIR": str(temporary),
        **{f"ARTICLE_ANALYTICS_{name}": "/nowhere" for name in ("CORPUS", "PROFILE", "HISTORY", "REVIEWS")},
    }
    words = ("-m", "pytest", "-n0", "-q", "-m", "", "-p", "no:cacheprovider", *EXPOSED)
    run = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout
    assert git(own, "log", "--all", "--format=%H") == head
    assert [path.name for path in temporary.iterdir()] == [f"pytest-of-{path.owner()}" for path in temporary.iterdir()]
