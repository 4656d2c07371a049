"""The file of a store: whose it is, and what becomes of a damaged one."""

import os
import random
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from analytics.errors import ReviewError
from analytics.reviews.models import Opinion
from analytics.reviews.store import database, sqlite_file_check
from analytics.reviews.store.store import open_store, store_exists
from tests.reviews.made import begun


def filled(path: Path, sessions: int = 40) -> bytes:
    """Make a store of some pages; the bytes of its file."""
    store = open_store(f"sqlite:///{path}")
    for _ in range(sessions):
        begun(store, *(f"an article with a long name, number {n}" for n in range(10)))
    store.close()
    return path.read_bytes()


def side_data(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir() if not each.name.startswith("."))


def test_the_file_is_made_in_the_data_folder_for_its_owner_only(home: Path) -> None:
    old = os.umask(0)
    try:
        store = open_store()
        _, (one,) = begun(store, "one")
        store.judge(one, "Ann", Opinion("keep"))
        files = [path for path in home.iterdir() if path.name.startswith("reviews.db")]
        assert {path.name for path in files} == {"reviews.db", "reviews.db-wal", "reviews.db-shm"}
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        store.close()
    finally:
        os.umask(old)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_commits_reach_the_disk_and_keys_are_checked(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/reviews.db")
    for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
        asked = f"PRAGMA {pragma}"
        found = store.database.read("", lambda connection, asked=asked: connection.exec_driver_sql(asked).scalar())
        assert found == value
    store.close()


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def cut_within_a_page(data: bytes) -> bytes:
    return data[: len(data) // 2 + 1234]


def no_header(data: bytes) -> bytes:
    return bytes(100) + data[100:]


def noise(data: bytes) -> bytes:
    return random.Random(1).randbytes(len(data))


def noise_inside(data: bytes) -> bytes:
    return data[:4096] + random.Random(1).randbytes(8192) + data[4096 + 8192 :]


def other_text(data: bytes) -> bytes:
    return b"These are my notes, not a database."


@pytest.mark.slow
@pytest.mark.parametrize("spoil", [cut, cut_within_a_page, no_header, noise, noise_inside, other_text])
def test_a_damaged_file_is_set_aside_and_a_new_store_begun_only_when_that_is_said(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "reviews.db"
    damaged = spoil(filled(path))
    path.write_bytes(damaged)
    with pytest.raises(ReviewError, match=r"is damaged: .* set aside as reviews\.db\.damaged-\d{8}-\d{6}, not deleted"):
        open_store(f"sqlite:///{path}")
    (aside,) = (name for name in side_data(path) if re.fullmatch(r"reviews\.db\.damaged-\d{8}-\d{6}", name))
    assert path.with_name(aside).read_bytes() == damaged
    for look in (open_store, store_exists):
        with pytest.raises(ReviewError, match=rf"is not there: it was found damaged.*{aside}.*review new-store"):
            look(f"sqlite:///{path}")
    assert not path.exists()
    store = open_store(f"sqlite:///{path}", ignore_copies=True)
    assert store.sessions() == []
    store.close()
    open_store(f"sqlite:///{path}").close()


def test_a_backup_that_is_brought_back_is_used(tmp_path: Path) -> None:
    path = tmp_path / "reviews.db"
    whole = filled(path, 1)
    path.write_bytes(noise(whole))
    with pytest.raises(ReviewError, match="set aside"):
        open_store(f"sqlite:///{path}")
    path.write_bytes(whole)
    store = open_store(f"sqlite:///{path}")
    assert len(store.sessions()) == 1
    store.close()


def deleted(path: Path) -> None:
    for each in path.parent.glob("reviews.db*"):
        each.unlink()


def log_deleted(path: Path) -> None:
    path.with_name("reviews.db-wal").unlink()


def moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def another(path: Path) -> Path:
    filled(path.with_name("another.db"), 2)
    return path.with_name("another.db")


def replaced(path: Path) -> None:
    another(path).replace(path)


def replaced_by_a_link(path: Path) -> None:
    path.with_name("link").symlink_to(another(path))
    path.with_name("link").replace(path)


def replaced_by_a_folder(path: Path) -> None:
    deleted(path)
    path.mkdir()


CHANGES = {
    deleted: "deleted or moved away .*review new-store",
    moved: "deleted or moved away .*review new-store",
    log_deleted: "or its log was replaced",
    replaced: "replaced by another file .*Try again",
    replaced_by_a_link: "replaced by another file .*Try again",
    replaced_by_a_folder: "replaced by another file .*Try again",
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_acknowledged_that_goes_into_a_file_that_is_gone(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    path = tmp_path / "reviews.db"
    store = open_store(f"sqlite:///{path}")
    session, (one,) = begun(store, "one")
    given = store.judge(one, "Ann", Opinion("keep"))
    change(path)
    with pytest.raises(ReviewError, match=rf"^The judgement was not stored: .*{CHANGES[change]}"):
        store.judge(one, "Bob", Opinion("drop"))
    with pytest.raises(ReviewError, match=r"^The store of reviews was not read: .*saved as reviews\.db\.saved-"):
        store.judgements(session)
    assert store.must_reopen
    (copy,) = tmp_path.glob("reviews.db.saved-*")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    saved = open_store(f"sqlite:///{copy}")
    assert saved.judgements(session) == [given]
    for each in (store, saved):
        each.close()


def test_a_file_that_goes_while_it_is_written_to_acknowledges_nothing(tmp_path: Path) -> None:
    path = tmp_path / "reviews.db"
    store = open_store(f"sqlite:///{path}")
    with pytest.raises(ReviewError, match=r"^It was not stored: .*deleted"):
        store.database.write("It was not stored", lambda _: deleted(path))
    store.close()


def test_what_a_lost_log_held_is_in_the_file_again(tmp_path: Path) -> None:
    path = tmp_path / "reviews.db"
    store = open_store(f"sqlite:///{path}")
    session, (one,) = begun(store, "one")
    given = store.judge(one, "Ann", Opinion("keep"))
    log_deleted(path)
    with pytest.raises(ReviewError, match="its log"):
        store.judgements(session)
    store.close()
    again = open_store(f"sqlite:///{path}")
    assert again.judgements(session) == [given]
    again.close()


def test_a_folder_that_is_away_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    store = open_store(f"sqlite:///{tmp_path}/team/reviews.db")
    session, (one,) = begun(store, "one")
    (tmp_path / "team").rename(tmp_path / "moved")
    with pytest.raises(ReviewError, match=r"no copy of what it held can be written .* nothing is lost"):
        store.judge(one, "Ann", Opinion("keep"))
    assert not (tmp_path / "team").exists()
    (tmp_path / "moved").rename(tmp_path / "team")
    given = store.judge(one, "Ann", Opinion("keep"))
    assert store.judgements(session) == [given]
    store.close()


def test_what_lies_beside_a_damaged_file_goes_with_it_and_names_are_not_taken_twice(tmp_path: Path) -> None:
    path = tmp_path / "reviews.db"
    for turn in (b"one", b"two"):
        path.write_bytes(turn * 400)
        path.with_name("reviews.db-wal").write_bytes(turn)
        with pytest.raises(ReviewError, match="set aside"):
            open_store(f"sqlite:///{path}")
    names = side_data(path)
    whole = [name for name in names if not name.endswith(("-wal", "-shm"))]
    assert len(whole) == 2
    assert sorted(path.with_name(name).read_bytes() for name in whole) == [b"one" * 400, b"two" * 400]
    assert sorted(path.with_name(f"{name}-wal").read_bytes() for name in whole) == [b"one", b"two"]


def test_what_a_killed_program_left_in_the_log_is_there(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/reviews.db")
    begun(store, "one")
    (tmp_path / "copy").mkdir()
    for path in tmp_path.glob("reviews.db*"):
        shutil.copy(path, tmp_path / "copy" / path.name)
    store.close()
    copied = open_store(f"sqlite:///{tmp_path}/copy/reviews.db")
    assert [each.title for each in copied.sessions()] == ["Monday"]
    copied.close()


@contextmanager
def held(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        yield


def test_a_locked_file_is_not_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "reviews.db"
    filled(path, 1)
    with closing(sqlite3.connect(path)) as rollback:
        rollback.execute("PRAGMA journal_mode = DELETE")
    monkeypatch.setattr(sqlite_file_check, "LOCK_TIMEOUT", 0.05)
    with held(path), pytest.raises(ReviewError, match=r"cannot be opened: database is locked\. It was left as it is"):
        open_store(f"sqlite:///{path}")
    store = open_store(f"sqlite:///{path}")
    assert len(store.sessions()) == 1
    store.close()


def test_a_writer_who_waits_in_vain_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "reviews.db"
    monkeypatch.setattr(database, "TIMEOUT", 0.01)
    monkeypatch.setattr(database, "RETRY_WAITS", (0.01, 0.01))
    store = open_store(f"sqlite:///{path}")
    _, (one,) = begun(store, "one")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ReviewError, match=r"^The judgement was not stored: too many others .* Try again\.$"):
            store.judge(one, "Ann", Opinion("keep"))
        assert store.history(one) == []
    store.judge(one, "Ann", Opinion("keep"))
    store.close()


def test_what_is_no_file_or_may_not_be_read_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "reviews.db").mkdir()
    with pytest.raises(ReviewError, match="which is not a file"):
        open_store(f"sqlite:///{tmp_path}/reviews.db")
    (tmp_path / "file").write_text("")
    with pytest.raises(ReviewError, match="cannot be changed"):
        open_store(f"sqlite:///{tmp_path}/file/reviews.db")
    assert (tmp_path / "reviews.db").is_dir()


def test_a_file_whose_log_of_migrations_is_empty_gets_its_tables(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "reviews.db")) as file:
        file.execute("CREATE TABLE review_migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL)")
    store = open_store(f"sqlite:///{tmp_path}/reviews.db")
    assert len(begun(store, "one")[1]) == 1


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/reviews.db")
    _, (one,) = begun(store, "one")
    first = store.judge(one, "Ann", Opinion("keep"))
    pages = store.database.read("", lambda each: each.exec_driver_sql("PRAGMA page_count").scalar())
    store.database.read("", lambda each: each.exec_driver_sql(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(ReviewError, match=r"^The judgement was not stored: database or disk is full"):
        store.judge(one, "Ann", Opinion("keep", note="x" * 20_000))
    assert store.history(one) == [first]
    store.close()
    again = open_store(f"sqlite:///{tmp_path}/reviews.db")
    assert again.history(one) == [first]
    again.close()


def test_damage_that_comes_while_a_store_is_open_is_told(tmp_path: Path) -> None:
    path = tmp_path / "reviews.db"
    whole = filled(path)
    store = open_store(f"sqlite:///{path}")
    path.write_bytes(noise(whole))
    with pytest.raises(ReviewError, match=r"is damaged .*The next start sets it aside"):
        store.snapshot()
    path.write_bytes(whole)
    with pytest.raises(ReviewError, match=r"^The session was not made: .* is damaged"):
        begun(store, "one")
    store.close()
