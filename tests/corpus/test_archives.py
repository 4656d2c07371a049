"""Zip and tar files give what their folder gives; hostile, damaged and odd ones give problems and never crash."""

import io
import os
import pickle
import re
import shutil
import stat
import struct
import subprocess
import sys
import tarfile
import tempfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.corpus.limits import MAX_FILE_BYTES
from analytics.corpus.loader import Corpus, listing_stamp, load_corpus
from analytics.corpus.parsing import files_to_tables, front_matter
from analytics.corpus.parsing.article import rows
from analytics.corpus.parsing.field_readers import MAX_ENTRIES, Problem
from analytics.corpus.problem_codes import CODES
from analytics.corpus.sources import archive
from analytics.corpus.sources.archive import BoundedStream, safe_path
from analytics.corpus.sources.folder import Folder
from analytics.corpus.sources.open import open_source
from analytics.errors import CorpusError
from analytics.settings import CACHE, child_environment
from tests.conftest import ROOT, SAMPLE
from tests.corpus.conftest import Write
from tests.corpus.frames import FRAMES
from tests.corpus.repositories import git, repository, write
from tests.corpus.test_loader import article

Files = Mapping[str, str | bytes]
Pack = Callable[[Path, Files], Path]


def zipped(target: Path, files: Files) -> Path:
    """A zip of texts by their names as they are given, however odd."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo("x")
            info.filename = name
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    return target


def tarred(target: Path, files: Files) -> Path:
    """The same as a tar, packed as its suffix says."""
    packing: Any = f"w:{target.suffix[1:]}" if target.suffix in {".gz", ".bz2", ".xz"} else "w"
    with tarfile.open(target, packing) as archive:
        for name, text in files.items():
            data = text.encode() if isinstance(text, str) else text
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return target


PACKS: dict[str, tuple[str, Pack]] = {
    "zip": ("a.zip", zipped),
    "tar": ("a.tar", tarred),
    "tar.gz": ("a.tar.gz", tarred),
}


@pytest.fixture(params=PACKS)
def pack(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Files], Path]:
    """Packs texts as a zip, a tar and a compressed tar in turn."""
    name, make = PACKS[request.param]
    return lambda files: make(tmp_path / name, files)


def loaded(path: Path, **options: Any) -> Corpus:
    corpus = load_corpus(path, **{"workers": 1, "cache": False} | options)
    for name, table in FRAMES.items():
        table.check(getattr(corpus, name))
    return corpus


def titles(path: Path) -> dict[str, str]:
    found = loaded(path).articles
    return dict(zip(found["path"], found["title"], strict=True))


def faults(path: Path) -> list[tuple[str, str]]:
    """What was refused: path and code."""
    found = loaded(path).problems
    return list(zip(found["path"], found["code"], strict=True))


def paths(path: Path) -> list[str]:
    return [entry.path for entry in open_source(path).entries()]


def assert_same(one: Corpus, other: Corpus) -> None:
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert (one.fingerprint, one.skipped) == (other.fingerprint, other.skipped)


@pytest.mark.slow
def test_an_archive_of_a_site_is_the_site(small_sample: Path, tmp_path: Path) -> None:
    """Bare, and in one top folder; the whole sample once."""
    cases = [(kind, small_sample) for kind in ("zip", "tar", "gztar", "bztar", "xztar")]
    for kind, site in [*cases, ("gztar", SAMPLE)]:
        expected = loaded(site)
        for base in ("", site.name) if site == small_sample else (site.name,):
            folder = site.parent if base else site
            packed = Path(shutil.make_archive(str(tmp_path / f"site{base}"), kind, folder, base or None))
            corpus = loaded(packed)
            assert_same(corpus, expected)
            assert (corpus.name, corpus.source) == (packed.name, str(packed))


@pytest.mark.slow
def test_worker_processes_read_an_archive(pack: Callable[[Files], Path]) -> None:
    files = {f"_news/{n:04}.md": article(f"T{n}") for n in range(1_003)} | {"_news/zz.md": b"\xff"}
    packed = pack(files)
    together = loaded(packed, workers=2)
    assert_same(together, loaded(packed, workers=1))
    assert len(together.articles) == 1_003


def test_roles_are_those_of_a_folder(pack: Callable[[Files], Path], write: Write) -> None:
    files = {
        "site/_news/b.md": article("B"),
        "site/_news/notes.txt": "x",
        "site/_site/c.html": "x",
        "site/.git/d.md": "x",
        "site/_data/topics/ai.yaml": "name: AI",
        "site/_data/organizations/a.md": "---\nname: A\ndomain: a.example\n---\n",
        "site/inner.zip": "PK",
        "site/inner.tar.gz": "x",
    }
    entries = [(entry.path, entry.role, entry.size) for entry in open_source(pack(files)).entries()]
    folder = open_source(write(files) / "site").entries()
    assert entries == [(entry.path, entry.role, entry.size) for entry in folder]
    assert [path for path, _, _ in entries] == ["_data/organizations/a.md", "_data/topics/ai.yaml", "_news/b.md"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["site/a.md", "site/_news/b.md"], ["_news/b.md", "a.md"]),
        (["site/a.md", "__MACOSX/site/._a.md", ".DS_Store"], ["a.md"]),
        (["._site", "site/a.md", "site/._a.md"], ["a.md"]),
        (["./site/a.md", "site//b.md"], ["a.md", "b.md"]),
        (["site/a.md", "readme.txt"], ["site/a.md"]),
        (["site/a.md", "other/b.txt"], ["site/a.md"]),
        (["_news/a.md", "_news/b.md"], ["_news/a.md", "_news/b.md"]),
        (["vendor/a.md"], []),
        ([".old/a.md"], []),
        (["_data/topics/a.yaml"], ["_data/topics/a.yaml"]),
        (["a.md"], ["a.md"]),
        (["site/site/a.md"], ["site/a.md"]),
        ([], []),
    ],
)
def test_a_single_top_folder_is_no_part_of_the_paths(
    names: list[str], expected: list[str], pack: Callable[[Files], Path]
) -> None:
    assert paths(pack(dict.fromkeys(names, "x"))) == expected


def test_content_tells_an_archive(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"deep.md": article("Deep")}).read_bytes()
    packed = {"a.md": article("A"), "z.zip": inner}
    assert titles(zipped(tmp_path / "download", packed)) == {"a.md": "A"}
    assert titles(tarred(tmp_path / "other", packed)) == {"a.md": "A"}
    assert titles(tarred(tmp_path / "named.zip", packed)) == {"a.md": "A"}


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_an_article_is_a_single_file_whatever_it_holds(suffix: str, tmp_path: Path) -> None:
    single = zipped(tmp_path / "a.zip", {"b.md": "x"}).rename(tmp_path / f"a{suffix}")
    assert open_source(single) == Folder(tmp_path.resolve(), only=f"a{suffix}")
    plain = tmp_path / "note"
    plain.write_text(article("Alone"))
    assert titles(plain) == {"note": "Alone"}


UNSAFE = [
    "/etc/a.md",
    "//host/a.md",
    "../a.md",
    "x/../../a.md",
    "x/../a.md",
    "C:/a.md",
    "c:a.md",
    "./c:a.md",
    "x\\a.md",
    "..\\b.md",
]


@pytest.mark.slow
@pytest.mark.parametrize("name", UNSAFE)
def test_a_name_that_leads_elsewhere_is_refused(name: str, pack: Callable[[Files], Path]) -> None:
    packed = pack({name: article("Out"), "site/in.md": article("In"), name[:-2] + "png": "x"})
    assert titles(packed) == {"in.md": "In"}
    assert faults(packed) == [(name, "unsafe_name")]


def test_a_name_that_leads_elsewhere_without_its_top_folder_is_refused(pack: Callable[[Files], Path]) -> None:
    packed = pack({"site/c:a.md": article("Out"), "site/in.md": article("In"), "site/x/c:a.md": article("Inside")})
    assert titles(packed) == {"in.md": "In", "x/c:a.md": "Inside"}
    assert faults(packed) == [("site/c:a.md", "unsafe_name")]


def test_a_taxonomy_file_with_an_unsafe_name_is_refused(pack: Callable[[Files], Path]) -> None:
    packed = pack({"/_data/topics/a.yaml": "name: A", "a.md": article("A")})
    assert len(loaded(packed).topic_tree) == 0
    assert faults(packed) == [("/_data/topics/a.yaml", "unsafe_name")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("x/link.md", tarfile.SYMTYPE, [("x/link.md", "link_left_out")]),
        ("x/latest", tarfile.SYMTYPE, [("x/latest", "link_left_out")]),
        ("x/logo.png", tarfile.SYMTYPE, []),
        ("x/.hidden", tarfile.SYMTYPE, []),
        ("x/hard.md", tarfile.LNKTYPE, [("x/hard.md", "link_left_out")]),
        ("x/pipe.md", tarfile.FIFOTYPE, [("x/pipe.md", "special_member")]),
        ("x/disk.md", tarfile.BLKTYPE, [("x/disk.md", "special_member")]),
        ("x/pipe", tarfile.CHRTYPE, []),
        ("x/folder.md", tarfile.DIRTYPE, []),
    ],
)
def test_only_plain_files_of_a_tar_are_read(
    name: str, kind: bytes, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    packed = tarred(tmp_path / "a.tar", {"a.md": article("A")})
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    with tarfile.open(packed, "a") as archive:
        archive.addfile(info)
    assert titles(packed) == {"a.md": "A"}
    assert faults(packed) == expected


@pytest.mark.parametrize(
    ("mode", "code"),
    [(stat.S_IFLNK, "link_left_out"), (stat.S_IFIFO, "special_member"), (stat.S_IFREG, None), (0, None)],
)
def test_only_plain_files_of_a_zip_are_read(mode: int, code: str | None, tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a.md")
    info.external_attr = mode << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, article("A"))
    assert faults(tmp_path / "a.zip")[:1] == ([("a.md", code)] if code else [])


def test_a_file_that_stands_twice_is_the_last_in_a_tar_and_refused_in_a_zip(tmp_path: Path) -> None:
    twice = tmp_path / "a.tar"
    for name in ("site/a.md", "site/b.md", "./site/a.md"):
        with tarfile.open(twice, "a") as archive:
            info = tarfile.TarInfo(name)
            data = article(name).encode()
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    assert faults(twice) == []
    assert titles(twice) == {"a.md": "./site/a.md", "b.md": "site/b.md"}
    packed = zipped(tmp_path / "a.zip", {"site/a.md": "1", "site/./a.md": "2", "site/b.md": article("B")})
    assert faults(packed) == [("a.md", "repeated_member")]


@pytest.mark.slow
def test_a_file_larger_than_the_limit_is_a_problem(pack: Callable[[Files], Path], write: Write) -> None:
    files = {"a.md": article("A"), "large.md": os.urandom(1_000) * (MAX_FILE_BYTES // 1_000 + 1)}
    packed = pack(files)
    assert faults(packed) == [("large.md", "too_large")]
    folder = packed.with_name("folder")
    for name, text in files.items():
        write({f"folder/{name}": text})
    assert_same(loaded(packed), loaded(folder))


def test_an_encrypted_file_is_a_problem(tmp_path: Path) -> None:
    packed = zipped(tmp_path / "a.zip", {"a.md": article("A"), "b.md": article("B")})
    data = bytearray(packed.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    packed.write_bytes(data)
    assert titles(packed) == {"b.md": "B"}
    assert faults(packed) == [("a.md", "encrypted_member")]


def test_a_damaged_file_of_a_zip_is_a_problem(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.md", article("Marked"))
        archive.writestr("b.md", article("B"))
    data = (tmp_path / "a.zip").read_bytes().replace(b"Marked", b"Market")
    (tmp_path / "a.zip").write_bytes(data)
    assert titles(tmp_path / "a.zip") == {"b.md": "B"}
    assert loaded(tmp_path / "a.zip").problems[["path", "code", "value"]].to_numpy().tolist() == [
        ["a.md", "damaged_member", "Bad CRC-32 for file 'a.md'"]
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_each_packing_of_a_zip_is_read_and_its_damage_noted(method: int, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("a.md", article("A") + "body " * 99)
    assert titles(tmp_path / "a.zip") == {"a.md": "A"}
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[40:60] = bytes(20)
    (tmp_path / "a.zip").write_bytes(data)
    assert faults(tmp_path / "a.zip") == [("a.md", "damaged_member")]


def test_an_unknown_packing_is_a_problem(tmp_path: Path) -> None:
    packed = zipped(tmp_path / "a.zip", {"a.md": article("A")})
    data = bytearray(packed.read_bytes())
    data[data.index(b"PK\1\2") + 10] = 99
    packed.write_bytes(data)
    assert faults(packed) == [("a.md", "damaged_member")]


@pytest.mark.parametrize("data", [0.3, 0.6, 0.9])
def test_an_archive_that_was_cut_short_says_what_to_do(data: float, pack: Callable[[Files], Path]) -> None:
    packed = pack({f"{n}.md": article("A") + os.urandom(3_000).hex() for n in range(9)})
    packed.write_bytes(packed.read_bytes()[: int(packed.stat().st_size * data)])
    with pytest.raises(CorpusError, match=r"The archive .* is damaged, cut short .*: fetch it again, or unpack what"):
        loaded(packed)


def test_a_damaged_directory_says_what_to_do(tmp_path: Path) -> None:
    packed = zipped(tmp_path / "a.zip", {"a.md": "x"})
    packed.write_bytes(packed.read_bytes().replace(b"PK\1\2", b"PK\1\3"))
    with pytest.raises(CorpusError, match=r"Bad magic number for central directory.*: fetch it again"):
        loaded(packed)


def test_a_damaged_header_within_a_tar_says_what_to_do(tmp_path: Path) -> None:
    packed = tarred(tmp_path / "a.tar", {"a.md": "x", "b.md": "x"})
    packed.write_bytes(packed.read_bytes().replace(b"b.md", b"c.md"))
    with pytest.raises(CorpusError, match="damaged"):
        loaded(packed)


def test_a_tar_with_a_bad_checksum_of_its_packing_says_what_to_do(tmp_path: Path) -> None:
    packed = tarred(tmp_path / "a.tar.gz", {"a.md": "x"})
    data = packed.read_bytes()
    packed.write_bytes(data[:-8] + bytes(4) + data[-4:])
    with pytest.raises(CorpusError, match="CRC check failed"):
        loaded(packed)


@pytest.mark.parametrize("name", ["a.7z", "a.RAR", "a.tar.zst", "a.tar.Z", "a.tar.lz4", "a.cpio"])
def test_an_archive_of_a_kind_that_is_not_read_is_no_article(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"\x28\xb5\x2f\xfd" * 9)
    with pytest.raises(CorpusError, match="of a kind that is not read"):
        load_corpus(tmp_path / name)


@pytest.mark.parametrize("name", ["download", "a.zip", "a.tar.gz", "a.bin"])
@pytest.mark.parametrize(
    "start", ["377abcaf271c", "526172211a07", "28b52ffd", "1f9d", "303730373031", "213c617263683e0a", "4d534346"]
)
def test_an_archive_of_a_kind_that_is_not_read_is_known_by_what_it_holds(name: str, start: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(bytes.fromhex(start) + bytes(range(256)))
    with pytest.raises(CorpusError, match=r"of a kind that is not read\. Unpack it, or make a zip or tar\.gz\."):
        load_corpus(tmp_path / name)


@pytest.mark.parametrize("name", ["a.z01", "a.zip.001", "a.7z.002", "a.R00"])
def test_a_part_of_a_split_archive_says_what_to_do(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"PK\x07\x08" * 9)
    with pytest.raises(CorpusError, match="one part of an archive that was split"):
        load_corpus(tmp_path / name)


def test_an_archive_of_nothing_but_an_archive_says_what_to_do(pack: Callable[[Files], Path]) -> None:
    with pytest.raises(CorpusError, match=r"but another archive \(artifact/site\.tar\.gz\): unpack it"):
        loaded(pack({"artifact/site.tar.gz": b"\x1f\x8b", "artifact/site.zip": "PK"}))


def test_a_whole_archive_that_is_numbered_is_read(pack: Callable[[Files], Path]) -> None:
    packed = pack({"a.md": article("A")})
    assert titles(packed.rename(packed.with_name("backup.001"))) == {"a.md": "A"}


def test_an_archive_that_comes_through_a_pipe_says_what_to_do(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CorpusError, match=r"is a pipe or a device, which is read only once\. Save it to a file"):
        load_corpus(tmp_path / "pipe")


def test_the_last_part_of_a_split_zip_says_what_to_do(tmp_path: Path) -> None:
    packed = zipped(tmp_path / "a.zip", {"a.md": article("A")})
    data = packed.read_bytes()
    end = data.rindex(b"PK\5\6") + 4
    packed.write_bytes(data[:end] + b"\3\0\3\0" + data[end + 4 :])
    with pytest.raises(CorpusError, match="one part of an archive that was split"):
        load_corpus(packed)


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tgz", "a.tar.xz"])
def test_a_file_that_only_has_the_name_of_an_archive(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("An error page.")
    with pytest.raises(CorpusError, match="neither a zip nor a tar"):
        loaded(tmp_path / name)


def test_an_archive_that_vanished_says_so(pack: Callable[[Files], Path]) -> None:
    packed = pack({"a.md": article("A")})
    source = open_source(packed)
    packed.unlink()
    with pytest.raises(CorpusError, match=r"The archive .* cannot be read: No such file or directory\."):
        source.entries()


def test_an_archive_that_changes_while_it_is_read_is_never_mixed(pack: Callable[[Files], Path]) -> None:
    source = open_source(pack({"a.md": article("A")}))
    entries = source.entries()
    late = open_source(packed := pack({"a.md": article("A")}))
    pack({"a.md": article("Another")})
    os.utime(packed, (1, 1))
    assert files_to_tables.parse_files(source, entries)["articles"]["title"].to_pylist() == ["A"]
    with pytest.raises(CorpusError, match="The archive changed while it was being read"):
        late.entries()


def test_too_many_members(pack: Callable[[Files], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack({f"{n}.png": "x" for n in range(4)})
    monkeypatch.setattr(archive, "MAX_MEMBERS", 4)
    assert paths(packed) == []
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    with pytest.raises(CorpusError, match="holds more than 3 files: unpack it and name the folder"):
        loaded(packed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["zip", "tar.gz", "tar.bz2", "tar.xz"])
def test_a_bomb_is_refused_in_little_memory(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "SMALL_BYTES", 25_000_000)
    zeros = bytes(4_000_000)
    make = zipped if kind == "zip" else tarred
    bomb = make(tmp_path / f"bomb.{kind}", {f"{n}.md": zeros for n in range(8)})
    assert bomb.stat().st_size * archive.MAX_RATIO < 25_000_000
    tracemalloc.start()
    try:
        with pytest.raises(CorpusError, match="expands to more than 200 times its size, as a bomb does"):
            loaded(bomb)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_one_huge_file_of_a_zip_is_only_its_own_problem(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.md", article("A"))
        with archive.open("huge.md", "w") as member:
            for _ in range(120):
                member.write(bytes(1_000_000))
    tracemalloc.start()
    try:
        assert titles(tmp_path / "a.zip") == {"a.md": "A"}
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()
    assert faults(tmp_path / "a.zip") == [("huge.md", "too_large")]


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME])
@pytest.mark.parametrize("size", [10**9, 8 * 10**9, -512])
def test_a_header_that_claims_to_be_huge_takes_no_memory(kind: bytes, size: int, tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = kind, size
    packed = tarred(tmp_path / "a.tar", {"a.md": "x"})
    header = info.tobuf(tarfile.GNU_FORMAT)
    packed.write_bytes(packed.read_bytes()[:1024] + header + bytes(10_240))
    tracemalloc.start()
    try:
        with pytest.raises(CorpusError, match="damaged"):
            loaded(packed)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


def test_a_chain_of_headers_is_no_crash(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type = tarfile.XHDTYPE
    data = tarred(tmp_path / "a.tar", {"a.md": "x"}).read_bytes()
    (tmp_path / "a.tar").write_bytes(data[:1024] + info.tobuf() * 5_000 + data[1024:])
    with pytest.raises(CorpusError, match="damaged"):
        loaded(tmp_path / "a.tar")


def test_the_stream_of_a_tar_only_goes_forward(tmp_path: Path) -> None:
    stream = BoundedStream(io.BytesIO(b"abcdef"), tmp_path, 5)
    stream.seek(2)
    assert (stream.read(2), stream.tell()) == (b"cd", 4)
    with pytest.raises(tarfile.ReadError, match="points back"):
        stream.seek(3)
    with pytest.raises(CorpusError, match="as a bomb does"):
        stream.seek(9)


def test_names_that_are_not_utf8_are_shown_and_read(tmp_path: Path) -> None:
    odd, plain = b"_caf\xe9/a\xff.md", "_café/ü.md"
    packed = zipped(tmp_path / "a.zip", {"_cafE/aF.md": article("Odd"), "_cafEe/uu.md": article("Plain")})
    data = packed.read_bytes().replace(b"_cafE/aF.md", odd).replace(b"_cafEe/uu.md", plain.encode())
    packed.write_bytes(data)
    expected = {"_caf\\xe9/a\\xff.md": "Odd", plain: "Plain"}
    assert titles(packed) == expected
    assert titles(zipped(tmp_path / "b.zip", {plain: article("Plain")})) == {plain: "Plain"}
    names = {os.fsdecode(odd): article("Odd"), plain: article("Plain")}
    assert titles(tarred(tmp_path / "a.tar.gz", names)) == expected


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The paths that each load parses, beyond what the cache knows."""
    calls: list[list[str]] = []
    real = files_to_tables.parse_files

    def noted(source: Any, entries: Any, **reading: Any) -> Any:
        calls.append([entry.path for entry in entries])
        return real(source, entries, **reading)

    monkeypatch.setattr("analytics.corpus.incremental_parse.parse_files", noted)
    return calls


@pytest.mark.slow
def test_the_cache_is_right_after_an_archive_is_rewritten(
    pack: Callable[[Files], Path], parsed: list[list[str]]
) -> None:
    def step(files: Files, at: int) -> dict[str, str]:
        packed = pack(files)
        os.utime(packed, (at, at))
        found = loaded(packed, cache=True).articles
        return dict(zip(found["path"], found["title"], strict=True))

    files = {"a.md": article("A"), "b.md": article("B")}
    assert step(files, 1_000_000) == {"a.md": "A", "b.md": "B"}
    assert step(files, 1_000_000) == {"a.md": "A", "b.md": "B"}
    assert parsed == [["a.md", "b.md"]]
    assert step(files | {"a.md": article("C")}, 1_000_000) == {"a.md": "C", "b.md": "B"}
    assert parsed[1:] == [["a.md"]]
    assert step({"b.md": article("C"), "c.md": article("A")}, 1_000_001) == {"b.md": "C", "c.md": "A"}
    assert parsed[2:] == [["b.md", "c.md"]]


def test_a_young_archive_is_read_again(pack: Callable[[Files], Path], parsed: list[list[str]]) -> None:
    packed = pack({"a.md": article("A")})
    for _ in range(2):
        loaded(packed, cache=True)
    assert parsed == [["a.md"], ["a.md"]]


def test_problems_of_an_archive_come_back_from_the_cache(tmp_path: Path) -> None:
    packed = zipped(tmp_path / "a.zip", {"/a.md": "x", "b.md": article("B")})
    os.utime(packed, (1_000_000, 1_000_000))
    first, second = (loaded(packed, cache=True) for _ in range(2))
    assert_same(first, second)
    assert second.problems["code"].tolist() == ["unsafe_name"]


def test_an_archive_can_be_sent_to_another_process(pack: Callable[[Files], Path]) -> None:
    source = open_source(pack({"a.md": "alone"}))
    assert [entry.path for entry in source.entries()] == ["a.md"]
    sent = pickle.dumps(source)
    assert len(sent) < 1_000
    copy = pickle.loads(sent)
    assert copy == source
    assert copy.read("a.md") == b"alone"
    with pytest.raises(FileNotFoundError):
        copy.read("b.md")
    assert source.key == str(Path(source.key).resolve())


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files, and a cache folder, of one's own."""
    monkeypatch.setenv(CACHE, str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    archive._process_folder.cache_clear()
    yield tmp_path / "temporary"
    archive._process_folder.cache_clear()


def aged(packed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive that did not change lately, as nearly all are."""
    monkeypatch.setattr(archive, "YOUNG_NS", 0)
    return packed


def stores(temporary: Path) -> list[Path]:
    return list(temporary.glob("*/*/*"))


def test_an_archive_is_unpacked_once_to_a_private_folder_without_what_is_not_read(
    temporary: Path, pack: Callable[[Files], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = aged(pack({"a.md": "x", "big.png": bytes(500_000)}), monkeypatch)
    assert paths(packed) == ["a.md"]
    (folder,) = stores(temporary)
    assert stat.S_IMODE(folder.parent.parent.stat().st_mode) == 0o700
    assert sum(file.stat().st_size for file in folder.iterdir()) < 1_000
    monkeypatch.setattr(archive, "_unpack", None)
    assert paths(packed) == ["a.md"]
    assert open_source(packed).read("a.md") == b"x"


SECRET = "TOPSECRET"

LOAD = """
import sys, tempfile
from pathlib import Path
from analytics.corpus.loader import load_corpus
from analytics.history.loader import load_history
from tests.corpus.test_archives import files_with
load = load_history if sys.argv[1].endswith(".bundle") else load_corpus
load(sys.argv[1])
print(len(files_with(b"TOPSECRET", Path(tempfile.gettempdir()))), flush=True)
if "wait" in sys.argv:
    sys.stdin.read()
"""
"""Loads a corpus, or the history of a bundle, and says how many temporary files hold the secret; may wait then."""


def files_with(text: bytes, folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text in path.read_bytes()]


@pytest.mark.slow
def test_secrets_reach_no_cache_and_end_with_the_process(tmp_path: Path) -> None:
    site, temporary, cached = tmp_path / "site", tmp_path / "temporary", tmp_path / "cache"
    (cached / "archives" / "old").mkdir(parents=True)
    (cached / "archives" / "old" / "data").write_text(f"secured: {SECRET}")
    temporary.mkdir()
    repository(site)
    files = {"a.md": f'---\ntitle: A\nsecured: "{SECRET}"\n---\n'}
    write(site, dict(files), "2024-01-01T12:00:00+00:00")
    git(site, "bundle", "create", str(tmp_path / "a.bundle"), "main")
    environment = child_environment(**{CACHE: str(cached), "TMPDIR": str(temporary)})

    def start(path: Path, *words: str) -> "subprocess.Popen[str]":
        program = [sys.executable, "-c", LOAD, str(path), *words]
        return subprocess.Popen(
            program, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    with start(tarred(tmp_path / "a.tar.gz", files), "wait") as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "1\n", "the test looks where nothing is"
        with start(tmp_path / "a.bundle") as one:
            assert one.communicate()[0] == "1\n", "what another process uses stays"
        killed.kill()
    assert files_with(SECRET.encode(), temporary)
    with start(zipped(tmp_path / "a.zip", files)) as one:
        assert one.communicate()[0] == "1\n"
    assert not list(temporary.iterdir())
    assert list(cached.iterdir())
    assert not files_with(SECRET.encode(), cached)


def test_a_look_whether_an_archive_changed_unpacks_nothing(
    temporary: Path, pack: Callable[[Files], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = aged(pack({"a.md": "x"}), monkeypatch)
    stamp = load_corpus(packed).stamp
    monkeypatch.setattr(archive, "_unpack", None)
    shutil.rmtree(temporary)
    temporary.mkdir()
    assert listing_stamp(packed) == stamp
    packed.touch()
    assert listing_stamp(packed) != stamp


def test_a_rewritten_archive_is_unpacked_again_and_its_old_copy_goes_when_nobody_reads_it(
    temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = aged(zipped(tmp_path / "a.zip", {"a.md": article("A")}), monkeypatch)
    status = packed.stat()
    assert titles(packed) == {"a.md": "A"}
    reading = open_source(packed)
    zipped(packed, {"a.md": article("B")})
    os.utime(packed, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert packed.stat().st_size == status.st_size
    assert titles(packed) == {"a.md": "B"}
    assert reading.read("a.md") == article("A").encode()
    del reading
    zipped(packed, {"a.md": article("C")})
    assert titles(packed) == {"a.md": "C"}
    assert len(stores(temporary)) == 1


def test_a_young_archive_is_unpacked_for_one_use(temporary: Path, pack: Callable[[Files], Path]) -> None:
    packed = pack({"a.md": "x"})
    assert open_source(packed) != open_source(packed)


def test_nothing_is_left_of_an_archive_that_is_refused(temporary: Path, tmp_path: Path) -> None:
    packed = tarred(tmp_path / "a.tar.gz", {"a.md": "x"})
    packed.write_bytes(packed.read_bytes()[:-9])
    with pytest.raises(CorpusError):
        loaded(packed)
    assert stores(temporary) == []


def test_an_archive_is_read_where_the_cache_folder_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(CACHE, str(tmp_path / "file"))
    assert titles(zipped(tmp_path / "a.zip", {"a.md": article("A")})) == {"a.md": "A"}


def test_no_room_to_unpack_says_what_to_do(temporary: Path, pack: Callable[[Files], Path]) -> None:
    packed = pack({"a.md": "x"})
    source = open_source(packed)
    shutil.rmtree(temporary)
    for step in (source.entries, lambda: open_source(packed)):
        with pytest.raises(CorpusError, match="Free some room there, set TMPDIR to a roomier folder, or unpack it"):
            step()


def test_backslashes_separate_folders_in_a_zip_of_windows(tmp_path: Path) -> None:
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as opened:
        for name in ("site\\_news\\a.md", "site\\_data\\topics\\ai.yaml", "..\\out.md", "C:\\a.md", "site\\empty.md\\"):
            info = zipfile.ZipInfo("x")
            info.filename, info.create_system = name, 0
            opened.writestr(info, article("A"))
    assert paths(packed) == ["../out.md", "C:/a.md", "_data/topics/ai.yaml", "_news/a.md"]
    assert faults(packed)[:2] == [("../out.md", "unsafe_name"), ("C:/a.md", "unsafe_name")]
    assert titles(packed) == {"_news/a.md": "A"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("system", "written", "shown"),
    [
        (0, b"site/_news\\a.md", "_news/a.md"),
        (10, b"site\\_news\\a.md", "_news/a.md"),
        (0, b"_news/caf\x82.md", "_news/café.md"),
        (0, b"_news/caf\xc3\xa9.md", "_news/café.md"),
        (0, b"_news/\x95\x5c.md", "_news/\\xf2\\x5c.md"),
        (3, b"_news\\a.md", "_news\\a.md"),
    ],
)
def test_names_in_zips_of_windows_and_of_old_code_pages(
    system: int, written: bytes, shown: str, tmp_path: Path
) -> None:
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as opened:
        info = zipfile.ZipInfo("~" * len(written))
        info.create_system = system
        opened.writestr(info, article("A"))
    packed.write_bytes(packed.read_bytes().replace(b"~" * len(written), written))
    refused = "\\" in shown
    assert (titles(packed), len(faults(packed))) == ({} if refused else {shown: "A"}, int(refused))


@pytest.mark.parametrize(
    ("of", "meant", "path"),
    [("caf_.md", "café.md", "café.md"), ("other.md", "café.md", "caf_.md"), ("caf_.md", "../a.md", None)],
)
def test_the_unicode_path_of_a_zip_is_the_name_where_it_is_of_that_name(
    of: str, meant: str, path: str | None, tmp_path: Path
) -> None:
    info = zipfile.ZipInfo("caf_.md")
    content = struct.pack("<BL", 1, zlib.crc32(of.encode())) + meant.encode()
    info.extra = struct.pack("<HH", 0x7075, len(content)) + content
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as opened:
        opened.writestr(info, article("A"))
    assert titles(tmp_path / "a.zip") == ({path: "A"} if path else {})


def test_a_hard_link_in_a_tar_is_the_file_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "site" / "_news").mkdir(parents=True)
    first = tmp_path / "site" / "_news" / "a.md"
    first.write_text(article("A"))
    os.link(first, first.with_name("b.md"))
    os.link(first, first.with_name("no-suffix"))
    packed = tmp_path / "a.tar"
    with tarfile.open(packed, "w") as opened:
        for name in ("a.md", "b.md", "no-suffix"):
            opened.add(first.with_name(name), f"./site/_news/{name}")
    assert titles(packed) == {"_news/a.md": "A", "_news/b.md": "A"}
    assert {code for _, code in faults(packed)} == {"duplicate_title"}


ODD = [
    "..",
    ".",
    "",
    "a",
    "_news",
    "site",
    "/",
    "\\",
    "C:",
    "\0",
    "é",
    "\udce9",
    "🙂",
    "x" * 300,
    "_data",
    "topics",
    "~",
]
names = st.builds(
    lambda parts, slash, suffix: slash.join(parts) + suffix,
    st.lists(st.sampled_from(ODD) | st.text(max_size=4), max_size=6),
    st.sampled_from(["/", "/", "\\", ""]),
    st.sampled_from([".md", ".md", ".yaml", "/", ""]),
)


def parsed_or_refused(packed: Path) -> files_to_tables.Tables:
    """What becomes of the files, in tables; none when the archive as a whole is refused in so many words."""
    try:
        source = open_source(packed)
        return files_to_tables.parse_files(source, source.entries())
    except CorpusError as error:
        assert re.search("damaged|expands|that was split|that is not read", str(error))  # noqa: PT017 - either way is right
        return files_to_tables.parse_files(Folder(packed.parent), [])


@settings(max_examples=100)
@given(st.lists(names, max_size=6, unique=True), st.sampled_from([zipped, tarred]))
def test_random_names_never_escape_and_never_crash(chosen: list[str], make: Pack) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            packed = make(Path(folder) / "a.bin", dict.fromkeys(chosen, article("A")))
        except UnicodeEncodeError:
            return
        tables = parsed_or_refused(packed)
    for path in tables["articles"]["path"].to_pylist():
        assert safe_path(path.replace("\\x", "")) is not None
    assert set(tables["problems"]["code"].to_pylist()) <= {"unsafe_name", "repeated_member"}


@pytest.mark.slow
@settings(max_examples=200)
@given(st.data(), st.sampled_from([(zipped, ".zip"), (tarred, ".tar"), (tarred, ".gz")]))
def test_random_damage_is_a_problem_or_says_what_to_do(data: st.DataObject, how: tuple[Pack, str]) -> None:
    make, suffix = how
    with tempfile.TemporaryDirectory() as folder:
        packed = make(Path(folder) / f"a{suffix}", {"s/a.md": article("A"), "s/b.md": article("B"), "s/c/": ""})
        content = bytearray(packed.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(0, min(len(content), 2_500) - 1))] = data.draw(st.integers(0, 255))
        packed.write_bytes(content)
        tables = parsed_or_refused(packed)
    assert set(tables["problems"]["code"].to_pylist()) <= set(CODES)


def test_a_file_has_a_limit_of_images_in_all() -> None:
    story = "  - {title: a, images: *i}\n"
    text = "images: &i\n" + "  - {url: x}\n" * 90 + "related:\n" + story * 99
    front = front_matter.read(f"---\ntitle: A\npublishedDateTime: 2024-03-05T00:00:00Z\n{text}---\n".encode())
    assert front is not None
    found = rows("a.md", front)
    assert len(found.images) == MAX_ENTRIES
    assert [story["image_count"] for story in found.related] == [90] * 11 + [10] + [0] * 87
    assert found.problems[0] == Problem(
        "related.11.images", "too_many_entries", f"more than {MAX_ENTRIES} images in the file"
    )
