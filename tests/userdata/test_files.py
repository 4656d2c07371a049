"""A kept file is replaced whole or not at all, and by one writer at a time."""

import os
import subprocess
import sys
from pathlib import Path

import filelock
import pytest

from analytics.errors import UserDataError
from analytics.settings import data_folder
from analytics.userdata import files
from tests.conftest import ROOT


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


def test_the_folder_is_the_users_or_the_named_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARTICLE_ANALYTICS_HOME", str(tmp_path))
    assert data_folder() == tmp_path
    monkeypatch.delenv("ARTICLE_ANALYTICS_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert "article-analytics" in str(data_folder())


def test_a_file_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert files.read(tmp_path / "a.yml") is None
    assert files.stamp(tmp_path / "a.yml") is None


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserDataError, match="Is a directory"):
        files.read(tmp_path)


def test_writing_makes_the_folder_and_changes_the_stamp(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.yml"
    files.write(path, "one")
    first = files.stamp(path)
    files.write(path, "two")
    assert (files.read(path), left(path.parent)) == (b"two", ["a.yml"])
    assert first != files.stamp(path)


@pytest.mark.parametrize("step", ["fsync", "fdopen"])
def test_a_full_disk_leaves_the_old_file(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yml"
    files.write(path, "old")
    before = files.stamp(path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(UserDataError, match=r"No space left on device\. What stood there before is untouched"):
        files.write(path, "new")
    assert (files.read(path), files.stamp(path), left(tmp_path)) == (b"old", before, ["a.yml"])


KILLED = """
import os, sys
from pathlib import Path
from analytics.userdata import files
os.fsync = lambda *_: os._exit(9)
files.write(Path(sys.argv[1]), "new")
"""


def test_a_writer_that_is_killed_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    files.write(path, "old")
    assert subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=ROOT, check=False).returncode == 9
    assert len(left(tmp_path)) == 2
    assert files.read(path) == b"old"
    files.write(path, "newer")
    assert left(tmp_path) == ["a.yml"]
    assert files.read(path) == b"newer"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "synced.yml").write_text("old")
    (tmp_path / "a.yml").symlink_to(tmp_path / "synced.yml")
    files.write(tmp_path / "a.yml", "new")
    assert (tmp_path / "a.yml").is_symlink()
    assert (tmp_path / "synced.yml").read_text() == "new"


def test_a_second_writer_waits_and_then_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LOCK_SECONDS", 0.05)
    says = "being written by another program"
    with filelock.FileLock(tmp_path / ".a.yml.lock"), pytest.raises(UserDataError, match=says):  # noqa: SIM117
        with files.lock(tmp_path / "a.yml"):
            pytest.fail("not alone")
    with files.lock(tmp_path / "a.yml"):
        pass


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(UserDataError, match="ARTICLE_ANALYTICS_HOME"), files.lock(tmp_path / "taken" / "a.yml"):
        pytest.fail("there is no such folder")


def test_a_file_without_end_is_refused() -> None:
    with pytest.raises(UserDataError, match="larger than 20 MB"):
        files.read(Path("/dev/zero"))
