"""The bundle: complete, the same every time, and never half there."""

import hashlib
import json
from pathlib import Path

import pytest

from analytics import load_corpus
from analytics.catalog import VIEWS
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from analytics.errors import ExportError
from analytics.reports import bundle
from analytics.reports.bundle import write_bundle
from analytics.reports.csv import to_csv
from analytics.selection import Selection
from tests.conftest import SAMPLE

SECRET = "c2VjcmV0LXRleHQ"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus(SAMPLE)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_bytes_every_time(corpus: Corpus, tmp_path: Path) -> None:
    first = write_bundle(corpus, Selection(), tmp_path / "a")
    second = write_bundle(load_corpus(SAMPLE), Selection(), tmp_path / "b")
    assert files(first) == files(second)


def test_a_csv_holds_the_table_that_the_view_gives(corpus: Corpus, tmp_path: Path) -> None:
    selection = Selection(topics=("Hydrogen",))
    written = files(write_bundle(corpus, selection, tmp_path / "out"))
    for view in VIEWS.values():
        assert written[f"{view.slug}.csv"].decode() == to_csv(view.answer(Slice(corpus, selection)))


def test_the_manifest_tells_how_it_was_made(corpus: Corpus, tmp_path: Path) -> None:
    written = files(write_bundle(corpus, Selection(topics=("Hydrogen",)), tmp_path / "out"))
    manifest = json.loads(written.pop("manifest.json"))
    assert manifest["selection"]["text"] == "topic=Hydrogen"
    assert manifest["corpus"]["fingerprint"] == corpus.fingerprint
    assert manifest["files"].keys() == written.keys()
    for name, facts in manifest["files"].items():
        assert facts["sha256"] == hashlib.sha256(written[name]).hexdigest()
    assert manifest["files"]["articles.csv"]["rows"] == manifest["selection"]["articles"]


def test_an_earlier_export_is_replaced_whole(corpus: Corpus, tmp_path: Path) -> None:
    folder = write_bundle(corpus, Selection(), tmp_path / "out")
    (folder / "left over.csv").write_text("old")
    write_bundle(corpus, Selection(), folder, views=[])
    assert sorted(files(folder)) == ["articles.csv", "manifest.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_is_not_an_export_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(ExportError, match="not an export"):
        write_bundle(corpus, Selection(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_failure_half_way_leaves_the_old_export(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_bundle(corpus, Selection(), tmp_path / "out")
    before = files(folder)

    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bundle, "to_csv", full)
    with pytest.raises(ExportError, match="No space left on device"):
        write_bundle(corpus, Selection(topics=("Hydrogen",)), folder)
    assert files(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_secrets_and_embedded_content_never_leave(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    front = f'---\ntitle: A\nsecured: "{SECRET}"\nfeaturedContent: "<iframe src={SECRET}>"\n---\n'
    (tmp_path / "in/2024-01-02-a.md").write_text(front)
    written = files(write_bundle(load_corpus(tmp_path / "in"), Selection(), tmp_path / "out"))
    assert all(SECRET.encode() not in data for data in written.values())
