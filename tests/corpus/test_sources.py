"""What a folder holds for the program, and what it never follows."""

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.corpus.limits import MAX_FILE_BYTES, UnreadableFileError
from analytics.corpus.parsing.files_to_tables import parse_files
from analytics.corpus.sources.base import Role, SourceFile, escaped_path, role, symlink_role, unescaped_path
from analytics.corpus.sources.folder import Folder
from analytics.corpus.sources.open import open_source
from analytics.errors import CorpusError
from tests.corpus.conftest import Write


def paths(root: Path) -> list[str]:
    return [entry.path for entry in open_source(root).entries()]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("x.md", "article"),
        ("_news/2022-02-21-x.md", "article"),
        ("_newsletters/x.html", "article"),
        ("a/b/c/x.markdown", "article"),
        ("_news/X.MD", "article"),
        ("posts/x.mdx", "article"),
        ("posts/x.org", "article"),
        ("posts/some-title/index.md", "article"),
        ("posts/_index.md", None),
        ("posts/_index.en.md", None),
        ("_news/x.txt", None),
        ("_news/x", None),
        ("_news/md", None),
        ("_news/.x.md", None),
        (".git/x.md", None),
        ("a/.cache/b/x.md", None),
        ("_site/x.html", None),
        ("node_modules/p/readme.md", None),
        ("vendor/x.md", None),
        ("assets/x.html", None),
        ("_data/topics/ai.yaml", "topic"),
        ("_data/topics/deep/ai.yml", "topic"),
        ("site/_data/topics/ai.YAML", "topic"),
        ("_data/topics/ai.md", None),
        ("_data/topics/._ai.yaml", None),
        (".old/_data/topics/ai.yaml", None),
        ("_site/_data/topics/ai.yaml", None),
        ("_data/organizations/a.example.md", "organisation"),
        ("_data/organizations/a.example.yml", "organisation"),
        ("_data/organizations/logo.png", None),
        ("_data/settings.yaml", None),
        ("_data/notes/x.md", None),
        ("_data/x.md", None),
    ],
)
def test_role(path: str, expected: Role | None) -> None:
    assert role(path) == expected


def test_entries_of_a_folder_are_sorted_by_path(write: Write) -> None:
    root = write(
        {
            "_news/b.md": "four",
            "_news/a.md": "a",
            "_news/a/z.md": "",
            "_news/notes.txt": "x",
            "_site/c.html": "x",
            ".git/d.md": "x",
            "_news/.hidden.md": "x",
            "assets/e.md": "x",
            "_data/topics/ai.yaml": "name: AI",
            "_data/organizations/a.md": "x",
            "_data/menu.yaml": "x",
            "B.html": "x",
        }
    )
    assert [(entry.path, entry.role, entry.size) for entry in open_source(root).entries()] == [
        ("B.html", "article", 1),
        ("_data/organizations/a.md", "organisation", 1),
        ("_data/topics/ai.yaml", "topic", 8),
        ("_news/a.md", "article", 1),
        ("_news/a/z.md", "article", 0),
        ("_news/b.md", "article", 4),
    ]


def test_an_entry_knows_its_time(write: Write) -> None:
    root = write({"a.md": "x"})
    os.utime(root / "a.md", ns=(1, 1_600_000_000_000_000_123))
    assert [entry[:4] for entry in open_source(root).entries()] == [("a.md", "article", 1, 1_600_000_000_000_000_123)]


def test_links_are_not_followed(write: Write) -> None:
    root = write({"site/a.md": "inside", "outside/secret.md": "outside"})
    site = root / "site"
    (site / "file.md").symlink_to(site / "a.md")
    (site / "out.md").symlink_to(root / "outside" / "secret.md")
    (site / "folder").symlink_to(root / "outside", target_is_directory=True)
    (site / "loop").symlink_to(site, target_is_directory=True)
    (site / "itself.md").symlink_to(site / "itself.md")
    (site / "nowhere.md").symlink_to(site / "nothing.md")
    (site / "_site").symlink_to(root / "outside", target_is_directory=True)
    (site / ".hidden").symlink_to(root / "outside", target_is_directory=True)
    (site / "logo.png").symlink_to(root / "outside" / "secret.md")
    (site / "itself").symlink_to(site / "itself")
    left_out = ["file.md", "folder", "itself.md", "loop", "nowhere.md", "out.md"]
    assert paths(site) == ["a.md", *left_out]
    tables = parse_files(open_source(site), open_source(site).entries())
    assert tables["problems"].select(["path", "severity", "code"]).to_pylist() == [
        {"path": path, "severity": "warning", "code": "link_left_out"} for path in left_out
    ]


@pytest.mark.parametrize(
    ("path", "folder", "expected"),
    [
        ("x", True, "article"),
        ("x", False, None),
        ("x.md", False, "article"),
        ("_data", True, "article"),
        ("_data/topics", True, "article"),
        ("_data/menus", True, None),
        ("_data/topics/a.yaml", False, "topic"),
        ("vendor", True, None),
        (".git", True, None),
    ],
)
def test_link_role(path: str, folder: bool, expected: Role | None) -> None:
    assert symlink_role(path, folder=folder) == expected


def test_a_link_with_an_odd_name_is_left_out(tmp_path: Path) -> None:
    for name in (b"caf\xe9.md", b"lit\\xe9.md"):
        try:
            os.symlink("nowhere", os.path.join(os.fsencode(tmp_path), name))  # noqa: PTH118, PTH211 - bytes
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")
    source = open_source(tmp_path)
    assert [entry.path for entry in source.entries()] == ["caf\\xe9.md", "lit\\x5cxe9.md"]
    for entry in source.entries():
        with pytest.raises(UnreadableFileError, match="link_left_out"):
            source.read(entry.path)


def test_a_pipe_is_listed_and_never_read_and_a_folder_is_none(write: Write) -> None:
    root = write({"a.md": "x"})
    os.mkfifo(root / "pipe.md")
    (root / "folder.md").mkdir()
    assert paths(root) == ["a.md", "pipe.md"]
    with pytest.raises(UnreadableFileError, match="special_member"):
        open_source(root).read("pipe.md")
    with pytest.raises(IsADirectoryError):
        open_source(root).read("folder.md")


def test_the_root_itself_may_be_a_link(write: Write) -> None:
    root = write({"site/a.md": "x"})
    (root / "link").symlink_to(root / "site", target_is_directory=True)
    source = open_source(root / "link")
    assert (source.name, [entry.path for entry in source.entries()]) == ("site", ["a.md"])


def test_a_single_file(write: Write) -> None:
    root = write({"_news/a.md": "alone", "_news/b.md": "x"})
    source = open_source(root / "_news" / "a.md")
    assert source.name == "a.md"
    assert [(entry.path, entry.role, entry.size) for entry in source.entries()] == [("a.md", "article", 5)]
    assert source.read("a.md") == b"alone"


def test_a_path_may_be_text_and_start_at_home(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write({"site/a.md": "x"})
    monkeypatch.setenv("HOME", str(root))
    assert open_source("~/site") == Folder((root / "site").resolve())


def test_a_path_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"No corpus at .*missing: there is no such folder or file\. Name the folder"):
        open_source(tmp_path / "missing")


def test_a_folder_that_vanished_says_so(tmp_path: Path) -> None:
    source = Folder(tmp_path / "gone")
    with pytest.raises(CorpusError, match=r"The folder .*gone cannot be read: No such file or directory\."):
        source.entries()


ODD_NAMES = [
    "two words.md",
    "quo'te\".md",
    "new\nline.md",
    "ümläut 日本語 🙂.md",
    "back\\slash.md",
    "lit\\xe9ral.md",
    "-rf.md",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_are_listed_and_read(name: str, write: Write) -> None:
    root = write({f"_news/{name}": "content"})
    source = open_source(root)
    path = f"_news/{name}".replace("\\xe9", "\\x5cxe9")
    assert [entry.path for entry in source.entries()] == [path]
    assert source.read(path) == b"content"


@given(
    st.binary(min_size=1).filter(lambda name: b"/" not in name and b"\0" not in name)
    | st.from_regex(rb"(a|\\x(e9|5c))+")
)
def test_each_path_has_a_text_of_its_own(name: bytes) -> None:
    path = os.fsdecode(name)
    text = escaped_path(path)
    assert text.encode()
    assert unescaped_path(text) == path


def test_a_name_of_a_byte_and_one_that_looks_so_are_two_articles(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9.md")).write_bytes(b"one")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (tmp_path / "\\xe9.md").write_bytes(b"other")
    source = open_source(tmp_path)
    assert {entry.path: source.read(entry.path) for entry in source.entries()} == {
        "\\xe9.md": b"one",
        "\\x5cxe9.md": b"other",
    }


def test_names_that_are_not_utf8_are_shown_and_read(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/_caf\xe9"
    try:
        os.mkdir(folder)  # noqa: PTH102 - pathlib takes no bytes
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    Path(os.fsdecode(folder + b"/a\xff.md")).write_bytes(b"content")
    source = open_source(tmp_path)
    assert [entry.path for entry in source.entries()] == ["_caf\\xe9/a\\xff.md"]
    assert source.read("_caf\\xe9/a\\xff.md") == b"content"


def test_a_file_that_is_not_there_is_an_os_error(write: Write) -> None:
    source = open_source(write({"a.md": "x"}))
    with pytest.raises(FileNotFoundError):
        source.read("b.md")
    with pytest.raises(FileNotFoundError):
        source.read("b\\xe9.md")


def test_no_more_of_a_file_is_read_than_tells_that_it_is_too_large(tmp_path: Path) -> None:
    with (tmp_path / "huge.md").open("wb") as file:
        file.truncate(10_000_000_000)
    source = open_source(tmp_path)
    assert [entry.size for entry in source.entries()] == [10_000_000_000]
    assert len(source.read("huge.md")) == MAX_FILE_BYTES + 1


def test_folders_may_be_nested_deeply(tmp_path: Path) -> None:
    levels = 1_100
    open_folders = os.open(tmp_path, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", dir_fd=open_folders)
        inner = os.open("d", os.O_RDONLY, dir_fd=open_folders)
        os.close(open_folders)
        open_folders = inner
    os.close(os.open("a.md", os.O_CREAT | os.O_WRONLY, dir_fd=open_folders))
    os.close(open_folders)
    try:
        assert paths(tmp_path) == ["d/" * levels + "a.md"]
    finally:
        for level in range(levels, 0, -1):
            folder = tmp_path / ("d/" * level)
            (folder / "a.md").unlink(missing_ok=True)
            folder.rmdir()


def test_a_file_or_folder_that_vanishes_while_listing_is_still_listed(write: Write) -> None:
    root = write({"a/x.md": "x", "b/y.md": "y", "c.md": "z", "d.md": "z"})
    walk = Folder(root)._walk()
    first = next(walk)
    assert first.path in {"c.md", "d.md"}
    for gone in ("a/x.md", "b/y.md", "c.md", "d.md"):
        (root / gone).unlink()
    (root / "a").rmdir()
    (root / "b").rmdir()
    other = "d.md" if first.path == "c.md" else "c.md"
    assert sorted(walk) == [SourceFile(path, "article", 0, 0, 0) for path in ("a", "b", other)]


def test_a_folder_can_be_sent_to_another_process(tmp_path: Path) -> None:
    source = Folder(tmp_path, only="a.md")
    assert pickle.loads(pickle.dumps(source)) == source
