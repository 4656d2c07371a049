"""The cache: the frames are those of a load without it, whatever happens to the files, to it, or to the program."""

import errno
import json
import logging
import os
import shutil
import stat
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.corpus import cache, incremental_parse
from analytics.corpus.loader import Corpus, load_corpus
from analytics.corpus.parsing import files_to_tables
from analytics.corpus.parsing.files_to_tables import Tables
from analytics.corpus.sources.base import Source, SourceFile
from analytics.corpus.sources.open import open_source
from analytics.settings import CACHE
from tests.corpus.conftest import Write
from tests.corpus.frames import assert_same

SECRET = "b3BhcXVl-nobody-may-see-this"
EMBEDDED = "player.example/embedded-nobody-may-see-this"


def article(title: str, quality: int = 50) -> str:
    lines = [f"title: {title}", "publishedDateTime: 2024-03-05T00:00:00Z", f"quality: {quality}", "topics: [AI]"]
    return "\n".join(["---", *lines, f"secured: {SECRET}", f'featuredContent: "<iframe {EMBEDDED}>"', "---", ""])


def warm(root: Path, **options: Any) -> Corpus:
    return load_corpus(root, workers=options.pop("workers", 1), **options)


def cold(root: Path) -> Corpus:
    return load_corpus(root, workers=1, cache=False)


def tables(root: Path, *, use_cache: bool) -> Tables:
    """What the frames of a load are made of: the part of a load that the cache has a hand in, and a quick one."""
    listed_ns, source = time.time_ns(), open_source(root)
    articles = [entry for entry in source.entries() if entry.role == "article"]
    return incremental_parse.parsed_tables(
        source, articles, use_cache=use_cache, workers=1, progress=None, listed_ns=listed_ns
    )


def assert_tables_hold(root: Path) -> None:
    through_cache, fresh = tables(root, use_cache=True), tables(root, use_cache=False)
    assert [name for name in fresh if not through_cache[name].equals(fresh[name])] == []


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own, which is not there yet."""
    folder = tmp_path_factory.mktemp("home") / "cache"
    monkeypatch.setenv(CACHE, str(folder))
    return folder


@pytest.fixture
def site(write: Write) -> Path:
    files: dict[str, str | bytes] = {f"_news/{name}.md": article(name.upper()) for name in "abcd"}
    files |= {f"_old/{name}.md": article(name.upper(), 60) for name in "ab"}
    files |= {"about.md": "text", "broken.md": "---\ntitle: [", "_data/topics/ai.yaml": "name: AI"}
    return write(files)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as settled at once, so that what was just written is trusted."""
    monkeypatch.setattr(cache, "RACY_NS", -3_600_000_000_000)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are parsed from now on."""
    paths: list[str] = []

    def counted(source: Source, entries: Iterable[SourceFile], **reading: Any) -> Any:
        listed = list(entries)
        paths.extend(entry.path for entry in listed)
        return parse(source, listed, **reading)

    parse = files_to_tables.parse_files
    monkeypatch.setattr(incremental_parse, "parse_files", counted)
    return paths


@pytest.mark.usefixtures("settled")
def test_a_warm_load_parses_nothing_and_a_changed_file_alone_is_parsed(site: Path, parsed: list[str]) -> None:
    assert_same(warm(site), cold(site))
    parsed.clear()
    warm(site)
    assert parsed == []
    (site / "_news/b.md").write_text(article("Other"))
    found = warm(site)
    assert parsed == ["_news/b.md"]
    assert_same(found, cold(site))
    parsed.clear()
    warm(site)
    assert parsed == []


def test_what_was_just_written_is_read_again(site: Path, parsed: list[str]) -> None:
    warm(site)
    parsed.clear()
    warm(site)
    assert len(parsed) == 8


def replace_unseen(path: Path) -> None:
    """Other text of the same size and time of change, as a tool that keeps times would write it."""
    before = path.stat()
    path.write_text(path.read_text().replace("A", "Z"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def swap(one: Path, other: Path) -> None:
    between = one.with_name("between.txt")
    one.rename(between)
    other.rename(one)
    between.rename(other)


EDITS: dict[str, Callable[[Path], object]] = {
    "added": lambda root: (root / "_news/new.md").write_text(article("New")),
    "changed": lambda root: (root / "_news/a.md").write_text(article("Changed")),
    "changed, same size and time": lambda root: replace_unseen(root / "_news/a.md"),
    "removed": lambda root: (root / "_news/a.md").unlink(),
    "renamed": lambda root: (root / "_news/a.md").rename(root / "_news/z.md"),
    "moved": lambda root: (root / "_news/a.md").rename(root / "a.md"),
    "swapped": lambda root: swap(root / "_news/a.md", root / "_news/b.md"),
    "folders swapped": lambda root: swap(root / "_news", root / "_old"),
    "folder removed": lambda root: shutil.rmtree(root / "_news"),
    "broken": lambda root: (root / "_news/a.md").write_text("---\ntitle: ["),
    "mended": lambda root: (root / "broken.md").write_text(article("Mended")),
    "no longer an article": lambda root: (root / "_news/a.md").write_text("text"),
    "now an article": lambda root: (root / "about.md").write_text(article("About")),
    "copied over": lambda root: shutil.copy2(root / "_news/a.md", root / "_news/b.md"),
    "a folder in its place": lambda root: [(root / "broken.md").unlink(), (root / "broken.md").mkdir()],
    "a topic changed": lambda root: (root / "_data/topics/ai.yaml").write_text("name: ML"),
    "all removed": lambda root: [path.unlink() for path in root.rglob("*.md")],
}


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_the_rows_are_those_of_a_load_without_cache(edit: str, site: Path) -> None:
    assert_tables_hold(site)
    time.sleep(0.02)  # the kernel's clock for files ticks every few milliseconds
    EDITS[edit](site)
    assert_tables_hold(site)
    assert_tables_hold(site)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    "edit",
    [
        name if name in ("changed", "removed", "a topic changed") else pytest.param(name, marks=pytest.mark.slow)
        for name in EDITS
    ],
)
def test_after_an_edit_the_frames_are_those_of_a_load_without_cache(edit: str, site: Path) -> None:
    warm(site)
    time.sleep(0.02)  # the kernel's clock for files ticks every few milliseconds
    EDITS[edit](site)
    expected = cold(site)
    assert_same(warm(site), expected)
    assert_same(warm(site), expected)


@pytest.mark.usefixtures("settled")
def test_folders_whose_files_share_size_and_times_may_swap(write: Write) -> None:
    root = write({"_one/a.md": article("A"), "_two/a.md": article("B")})
    for path in root.rglob("*.md"):
        os.utime(path, ns=(1, 1))
    times = {path.stat().st_ctime_ns for path in root.rglob("*.md")}
    warm(root)
    swap(root / "_one", root / "_two")
    assert_same(warm(root), cold(root))
    assert len(times) <= 2  # most often 1: then only the files' numbers tell


NAMES = ("_news/a.md", "_news/b.md", "_old/a.md", "_old/b.md", "c.md")
TEXTS = (article("A"), article("B"), article("C", 100), "", "text", "---\ntitle: [", article("L" * 300))


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[str, str, str, str]]:
    one, text = st.sampled_from(NAMES), st.sampled_from(TEXTS)
    kinds = st.sampled_from(["write", "write", "unseen", "remove", "rename", "swap", "folders", "touch", "nothing"])
    return draw(st.lists(st.tuples(kinds, one, one, text), min_size=1, max_size=6))


def apply(root: Path, kind: str, one: Path, other: Path, text: str) -> None:
    """Do one edit, where the files for it are there."""
    if kind == "write":
        one.parent.mkdir(exist_ok=True)
        one.write_text(text)
    elif kind == "folders" and (root / "_news").exists() and (root / "_old").exists():
        swap(root / "_news", root / "_old")
    elif not one.exists():
        return
    elif kind == "unseen":
        replace_unseen(one)
    elif kind == "remove":
        one.unlink()
    elif kind == "touch":
        os.utime(one)
    elif kind == "rename":
        other.parent.mkdir(exist_ok=True)
        one.replace(other)
    elif kind == "swap" and other.exists() and one != other:
        swap(one, other)


@pytest.mark.slow
@pytest.mark.parametrize(("racy_ns", "pause"), [(30_000_000, 0.035), (cache.RACY_NS, 0)], ids=["settled", "racy"])
def test_any_edits_one_after_the_other(
    racy_ns: int, pause: float, monkeypatch: pytest.MonkeyPatch, rounds: int
) -> None:
    monkeypatch.setattr(cache, "RACY_NS", racy_ns)

    @settings(max_examples=12 * rounds)
    @given(edits())
    def check(sequence: list[tuple[str, str, str, str]]) -> None:
        with tempfile.TemporaryDirectory() as name:
            root = Path(name)
            for at in NAMES:
                apply(root, "write", root / at, root, article(at))
            for kind, one, other, text in sequence:
                time.sleep(pause)
                apply(root, kind, root / one, root / other, text)
                assert_tables_hold(root)

    check()


def truncated(path: Path, rng: Random) -> None:
    path.write_bytes(path.read_bytes()[: rng.randrange(path.stat().st_size)])


def flipped(path: Path, rng: Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(rng.choice((1, 1, 1, 8))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)


def overwritten(path: Path, rng: Random) -> None:
    data = bytearray(path.read_bytes())
    at = rng.randrange(len(data))
    data[at : at + 200] = rng.randbytes(200)
    path.write_bytes(data)


@pytest.mark.slow
@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("damage", [truncated, flipped, overwritten])
def test_a_damaged_cache_is_seen_or_harmless(
    damage: Callable[[Path, Random], None], site: Path, caplog: pytest.LogCaptureFixture, rounds: int
) -> None:
    warm(site)
    key = open_source(site).key
    sound, true = cache.cache_file(key).read_bytes(), cache.load(key)
    assert true is not None
    rng = Random(4 + rounds)
    for turn in range(40 * rounds):
        cache.cache_file(key).write_bytes(sound)
        damage(cache.cache_file(key), rng)
        kept = cache.load(key)
        if kept is not None:
            assert kept[1] == true[1]
            assert all(kept[0][name].equals(true[0][name]) for name in true[0])
        if turn % 10 == 0:
            assert_tables_hold(site)
            assert cache.load(key) is not None
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


def rewrite(path: Path, **other: Any) -> None:
    """The same cache with other facts in it."""
    with zipfile.ZipFile(path) as kept:
        members = {name: kept.read(name) for name in kept.namelist()}
    facts = json.loads(members["facts.json"]) | other
    with zipfile.ZipFile(path, "w") as kept:
        for name, data in (members | {"facts.json": json.dumps(facts).encode()}).items():
            kept.writestr(name, data)


def in_its_place(path: Path, data: bytes | None) -> None:
    path.unlink()
    path.mkdir() if data is None else path.write_bytes(data)


def foreign(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as kept:
        kept.writestr("hello.txt", "world")


def lists_for_facts(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as kept:
        kept.writestr("facts.json", "[1, 2]")


FOREIGN: dict[str, Callable[[Path], None]] = {
    "empty": lambda path: in_its_place(path, b""),
    "text": lambda path: in_its_place(path, b"---\ntitle: A\n---\n"),
    "a folder": lambda path: in_its_place(path, None),
    "a foreign zip": foreign,
    "other facts": lists_for_facts,
    "an older reader": lambda path: rewrite(path, reader="0123456789abcdef"),
    "another corpus": lambda path: rewrite(path, key="/elsewhere"),
    "a newer kind of facts": lambda path: rewrite(path, colour="blue"),
    "no time": lambda path: rewrite(path, listed_ns="yesterday"),
}


@pytest.mark.slow
@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("kind", FOREIGN)
def test_what_is_no_cache_of_this_corpus_is_passed_over(kind: str, site: Path, parsed: list[str]) -> None:
    warm(site)
    FOREIGN[kind](cache.cache_file(open_source(site).key))
    parsed.clear()
    found = warm(site)
    assert len(parsed) == 8
    assert_same(found, cold(site))
    parsed.clear()
    warm(site)
    assert len(parsed) == (8 if kind == "a folder" else 0)


def test_nothing_secret_is_in_the_cache_and_nobody_else_reads_it(site: Path, home: Path) -> None:
    warm(site)
    path = cache.cache_file(open_source(site).key)
    kept = cache.load(open_source(site).key)
    assert kept is not None
    everything = repr({name: table.to_pylist() for name, table in kept[0].items()})
    assert "'title': 'A'" in everything
    for secret in (SECRET, EMBEDDED):
        assert secret not in everything
        assert secret.encode() not in path.read_bytes()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(home.iterdir()) == [path]


def test_what_a_killed_save_left_is_swept(site: Path, home: Path) -> None:
    home.mkdir()
    left = home / f".{cache.cache_file(open_source(site).key).name}-0123456789abcdef.part"
    (left / "new").mkdir(parents=True)
    warm(site)
    assert not left.exists()


@pytest.mark.slow
@pytest.mark.parametrize("room", [0, 100, 3000, 10_000])
def test_a_full_disk_is_a_warning(
    room: int, site: Path, home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write_at = os.fdopen

    def full(handle: int, mode: str) -> Any:
        opened = write_at(handle, mode, buffering=0)
        write = opened.write

        def limited(data: Any) -> int:
            if opened.tell() + len(data) > room:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return int(write(data))

        monkeypatch.setattr(opened, "write", limited)
        return opened

    monkeypatch.setattr(os, "fdopen", full)
    assert_same(warm(site), cold(site))
    assert "No space left on device" in caplog.text
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("place", ["/proc/nowhere", "/dev/null", "a file"])
def test_a_cache_folder_that_cannot_be_written_is_a_warning(
    place: str, site: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(CACHE, str(site / "about.md") if place == "a file" else place)
    assert_same(warm(site), cold(site))
    assert ("was not written" if place == "/proc/nowhere" else "is a file") in caplog.text
    assert "is damaged" not in caplog.text


@pytest.mark.usefixtures("settled")
def test_threads_may_load_at_once(site: Path, rounds: int) -> None:
    expected = tables(site, use_cache=False)
    with ThreadPoolExecutor(6) as threads:
        for _ in range(rounds):
            cache.cache_file(open_source(site).key).unlink(missing_ok=True)
            for found in threads.map(lambda _: tables(site, use_cache=True), range(20)):
                assert all(found[name].equals(expected[name]) for name in expected)
    assert cache.load(open_source(site).key) is not None
