"""One file read again from a folder, a zip or a tar: its front matter with what is secret hidden, and nothing else."""

import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.corpus.loader import load_corpus
from analytics.corpus.parsing.masked_front_matter import masked_front_matter
from analytics.errors import CorpusError

TEXT = "---\ntitle: A\nsecured: hush\nquality: 3\n---\nA body that nobody asked for.\n"
SHOWN = "---\ntitle: A\nsecured: (hidden)\nquality: 3\n---"
PATH = "_news/2024-01-01-a.md"


def folder(root: Path, path: str = PATH, text: str = TEXT) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    return root


def as_zip(root: Path) -> Path:
    with zipfile.ZipFile(root / "corpus.zip", "w") as archive:
        archive.writestr(f"top/{PATH}", TEXT)
        archive.writestr("top/../../evil.md", TEXT)
    return root / "corpus.zip"


def as_tar(root: Path) -> Path:
    with tarfile.open(root / "corpus.tar.gz", "w:gz") as archive:
        for name in (f"top/{PATH}", "top/../../evil.md"):
            member = tarfile.TarInfo(name)
            member.size = len(TEXT)
            archive.addfile(member, io.BytesIO(TEXT.encode()))
        link = tarfile.TarInfo("top/_news/link.md")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return root / "corpus.tar.gz"


@pytest.mark.parametrize("made", [folder, as_zip, as_tar])
def test_the_front_matter_is_shown_without_its_secret_and_without_the_body(
    made: Callable[[Path], Path], tmp_path: Path
) -> None:
    source = made(tmp_path)
    (path,) = load_corpus(source, cache=False, workers=1).articles["path"]
    assert masked_front_matter(source, path) == SHOWN


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('+++\ntitle = "A"\n+++\nbody', '+++\ntitle = "A"\n+++'),
        ('\n{"title": "caf\\u00e9"}\nbody', '\n{"title": "caf\\u00e9"}'),
        ("Title: A\nDate: 2024-01-01\n\nbody", "Title: A\nDate: 2024-01-01"),
        (
            '+++\ntitle = "A"\nsecured = """\nhush"""\n\nn = 1\n+++\n',
            '+++\ntitle = "A"\n(hidden)\n(hidden)\n\n(hidden)\n+++',
        ),
        ('{"title": "A",\n"s\\u0065cured": "hush"}', '{"title": "A",\n(hidden)'),
        ("+++\n# secured = 'hush'\na = 1\n+++\n", "+++\n(hidden)\n(hidden)\n+++"),
        ("title: A\nsecured: hush\nx: 1\n\nbody", "title: A\n(hidden)\n(hidden)"),
        ("+++\na = [\nsecured\n+++\n", "+++\na = [\n(hidden)\n+++"),
    ],
)
def test_other_front_matter_is_shown_up_to_what_may_be_secret(text: str, shown: str, tmp_path: Path) -> None:
    assert masked_front_matter(folder(tmp_path, text=text), PATH) == shown


@pytest.mark.parametrize("made", [folder, as_zip, as_tar])
@pytest.mark.parametrize(
    "path", ["", "nope.md", "_news", "../evil.md", "_news/../../evil.md", "top/../../evil.md", "/etc/passwd", "a\0.md"]
)
def test_a_path_that_is_not_in_the_corpus_is_refused(path: str, made: Callable[[Path], Path], tmp_path: Path) -> None:
    (tmp_path / "evil.md").write_text(TEXT)
    (tmp_path / "in").mkdir()
    with pytest.raises(CorpusError, match="reload it"):
        masked_front_matter(made(tmp_path / "in"), path)


def test_an_absolute_path_is_refused_even_below_the_root(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no article file"):
        masked_front_matter(folder(tmp_path), str(tmp_path / PATH))


@pytest.mark.parametrize("path", [".git/a.md", "_site/a.md", "_news/.hidden.md", "_data/topics/a.yaml", "secrets.txt"])
def test_a_file_that_the_corpus_never_reads_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no article file"):
        masked_front_matter(folder(tmp_path, path), path)


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder(tmp_path / "outside", "x.md")
    root = folder(tmp_path / "in")
    (root / "_news" / "link.md").symlink_to(tmp_path / "outside" / "x.md")
    (root / "linked").symlink_to(tmp_path / "outside")
    (root / "_news" / "own.md").symlink_to(root / PATH)
    for path in ("_news/link.md", "linked/x.md", "_news/own.md"):
        with pytest.raises(CorpusError, match="no article file"):
            masked_front_matter(root, path)
    with pytest.raises(CorpusError, match="is a link"):
        masked_front_matter(as_tar(tmp_path), "_news/link.md")


def test_a_corpus_below_a_link_is_read(tmp_path: Path) -> None:
    folder(tmp_path / "in")
    (tmp_path / "way").symlink_to(tmp_path / "in")
    assert masked_front_matter(tmp_path / "way", PATH) == SHOWN


def test_a_single_file_shows_itself_and_no_other(tmp_path: Path) -> None:
    folder(tmp_path, "a.md")
    folder(tmp_path, "b.md")
    assert masked_front_matter(tmp_path / "a.md", "a.md") == SHOWN
    with pytest.raises(CorpusError, match="no article file b"):
        masked_front_matter(tmp_path / "a.md", "b.md")


def test_a_name_that_is_not_utf8_is_found(tmp_path: Path) -> None:
    (tmp_path / "caf\udce9.md").write_bytes(TEXT.encode())
    (path,) = load_corpus(tmp_path, cache=False, workers=1).articles["path"]
    assert path == "caf\\xe9.md"
    assert masked_front_matter(tmp_path, path) == SHOWN


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("No front matter any more.\n", "has no front matter now"),
        ("---\ntitle: A\n", "no closing"),
        ("", "The file is empty"),
        ("---\ntitle: \0\n---\n", "NUL"),
        ("---\na: 1\n---\n" + "x" * 4_000_001, "larger than the program reads"),
    ],
)
def test_a_file_that_changed_beyond_reading_says_so(text: str, says: str, tmp_path: Path) -> None:
    root = folder(tmp_path)
    assert masked_front_matter(root, PATH) == SHOWN
    folder(tmp_path, text=text)
    with pytest.raises(CorpusError, match=says):
        masked_front_matter(root, PATH)


def test_what_vanished_says_so(tmp_path: Path) -> None:
    root, archive = folder(tmp_path), as_zip(tmp_path)
    assert masked_front_matter(archive, PATH) == SHOWN
    (root / PATH).unlink()
    archive.unlink()
    with pytest.raises(CorpusError, match="no article file"):
        masked_front_matter(root, PATH)
    with pytest.raises(CorpusError, match="No corpus at"):
        masked_front_matter(archive, PATH)


def test_a_changed_archive_is_read_anew(tmp_path: Path) -> None:
    archive = as_zip(tmp_path)
    assert masked_front_matter(archive, PATH) == SHOWN
    with zipfile.ZipFile(archive, "w") as changed:
        changed.writestr(PATH, TEXT.replace("title: A", "title: Another"))
        changed.writestr("b.md", TEXT)
    assert "title: Another" in masked_front_matter(archive, PATH)


def test_a_folder_in_the_place_of_a_file_and_a_pipe_are_refused(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "folder.md").mkdir()
    os.mkfifo(root / "pipe.md")
    for path in ("folder.md", "pipe.md"):
        with pytest.raises(CorpusError, match="no article file"):
            masked_front_matter(root, path)
