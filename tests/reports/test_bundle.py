"""The bundle: complete, the same every time, and never half there."""

import hashlib
import json
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest

from analytics.catalog import VIEWS
from analytics.corpus.loader import Corpus, load_corpus
from analytics.corpus.table_contracts import PROBLEMS, RELATED, TOPICS
from analytics.engine.slice import Slice
from analytics.errors import ExportError
from analytics.reports import bundle
from analytics.reports.bundle import ARTICLE_ROWS, COLUMNS, bundle_bytes, write_bundle
from analytics.reports.csv import to_csv
from analytics.selection.selection import Selection
from analytics.userdata.dated_notes import NOTES
from tests.conftest import SAMPLE
from tests.corpora import TODAY, article, corpus_of
from tests.reports.made import ONE_OF_EACH_FORM, sample_beside

HYDROGEN = Selection(topics=("Hydrogen",))
TIMES = [VIEWS["topics_over_time"]]
SECRET = "c2VjcmV0LXRleHQ"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus(SAMPLE, today=TODAY)


@pytest.fixture(scope="module")
def whole(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All views of all articles, with a note."""
    return everything(corpus, tmp_path_factory.mktemp("whole") / "out")


@pytest.fixture(scope="module")
def hydrogen(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All views of the articles of one topic."""
    folder = tmp_path_factory.mktemp("hydrogen") / "out"
    return files(write_bundle(corpus, HYDROGEN, folder, side_data=sample_beside()))


def everything(corpus: Corpus, folder: Path) -> dict[str, bytes]:
    note = {"day": ["2024-03-01"], "last_day": ["2024-03-01"], "text": "x", "file": "y"}
    return files(
        write_bundle(corpus, Selection(), folder, notes=NOTES.of(pd.DataFrame(note)), side_data=sample_beside())
    )


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
def test_the_same_bytes_every_time(whole: dict[str, bytes], tmp_path: Path) -> None:
    assert everything(load_corpus(SAMPLE, today=TODAY), tmp_path / "again") == whole


@pytest.mark.slow
def test_a_csv_holds_the_table_that_the_view_gives(corpus: Corpus, hydrogen: dict[str, bytes]) -> None:
    data = Slice(corpus, HYDROGEN, sample_beside())
    for view in VIEWS.values():
        assert hydrogen[f"{view.slug}.csv"].decode() == to_csv(view.answer(data))


@pytest.mark.slow
def test_the_manifest_tells_how_it_was_made(corpus: Corpus, hydrogen: dict[str, bytes]) -> None:
    written = dict(hydrogen)
    manifest = json.loads(written.pop("manifest.json"))
    assert manifest["selection"]["text"] == "topic=Hydrogen"
    assert manifest["corpus"]["fingerprint"] == corpus.fingerprint
    assert manifest["files"].keys() == written.keys()
    for name, facts in manifest["files"].items():
        assert facts["sha256"] == hashlib.sha256(written[name]).hexdigest()
    assert manifest["files"]["articles.csv"]["rows"] == manifest["selection"]["articles"]


@pytest.mark.slow
def test_a_table_with_a_column_a_label_holds_the_numbers_of_the_view(whole: dict[str, bytes]) -> None:
    pivoted = [view for view in VIEWS.values() if view.pivot]
    assert {name for name in whole if name.endswith("_wide.csv")} == {f"{view.slug}_wide.csv" for view in pivoted}
    for view in pivoted:
        long = pd.read_csv(BytesIO(whole[f"{view.slug}.csv"])).dropna(subset="period")
        wide = pd.read_csv(BytesIO(whole[f"{view.slug}_wide.csv"]))
        label = next(name for name in view.table.key if name != "period")
        assert wide["period"].tolist() == sorted(long["period"].unique())
        cells = {(row["period"], name): row[name] for _, row in wide.iterrows() for name in long[label].unique()}
        for _, row in long.iterrows():
            found = cells.pop((row["period"], row[label]))
            assert found == row[view.pivot] or (pd.isna(found) and pd.isna(row[view.pivot]))
        assert all(pd.isna(found) for found in cells.values())


def test_every_view_over_time_with_a_label_can_be_pivoted() -> None:
    for view in VIEWS.values():
        over_time = "period" in view.table.key and len(view.table.key) == 2
        assert bool(view.pivot) == over_time
        assert not view.pivot or view.pivot in view.table.names


@pytest.mark.slow
def test_a_label_can_be_called_as_it_likes(tmp_path: Path) -> None:
    named = ["=1+1", "period", "period (topic)", "@x"]
    odd = corpus_of([article(at="2024-01-03", topics=[name]) for name in named])
    texts = {
        raw: write_bundle(odd, Selection(), tmp_path / str(raw), views=TIMES, raw=raw)
        .joinpath("topics_over_time_wide.csv")
        .read_text()
        .splitlines()
        for raw in (False, True)
    }
    labels = ["'=1+1", "'@x", "period (topic) (topic)", "period (topic)"]
    assert texts[False][0].split(",") == ["period", "period_end", "complete", *labels]
    assert texts[False][1] == texts[True][1]
    assert texts[True][0].split(",")[3:5] == ["=1+1", "@x"]


def test_a_bundle_for_excel_has_one_byte_order_mark_in_each_csv(tmp_path: Path) -> None:
    odd = corpus_of([article(at="2024-01-03", title="Grüße;=1+1", topics=["AI"])])
    written = files(write_bundle(odd, Selection(), tmp_path / "out", views=TIMES, excel=True))
    for name, data in written.items():
        assert data.decode().count("\ufeff") == name.endswith(".csv"), name
    assert "Grüße;'=1+1" in written["articles.csv"].decode()


@pytest.mark.slow
@pytest.mark.parametrize("rows", [170, 50_000])
def test_rows_of_the_selected_articles_are_written_in_blocks(
    rows: int, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "BLOCK_ROWS", rows)
    written = files(write_bundle(corpus, HYDROGEN, tmp_path / "out", views=[]))
    articles = Slice(corpus, HYDROGEN).articles
    for contract in (TOPICS, RELATED, PROBLEMS):
        table = getattr(corpus, contract.name)
        expected = table[table["path"].isin(articles["path"])]
        assert 0 < len(expected) < len(table)
        assert written[f"{contract.name}.csv"].decode() == to_csv(expected)
    topics = corpus.topics.groupby("path", sort=False)["topic"].agg("; ".join)
    expected = articles.assign(topics=articles["path"].map(topics))
    assert written["articles.csv"].decode() == to_csv(expected)


def test_problems_of_files_that_are_no_articles_belong_to_the_whole_corpus(corpus: Corpus, tmp_path: Path) -> None:
    written = files(write_bundle(corpus, Selection(), tmp_path / "out", views=[]))
    assert written["problems.csv"].decode() == to_csv(corpus.problems)
    assert not corpus.problems["path"].isin(corpus.articles["path"]).all()


@pytest.mark.slow
def test_a_corpus_without_articles_has_a_bundle(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/2024-01-01-a.md").write_text("---\ntitle: A\n")
    written = files(write_bundle(load_corpus(tmp_path / "in", today=TODAY), Selection(), tmp_path / "out"))
    assert written["articles.csv"].decode() == ",".join(ARTICLE_ROWS.names) + "\n"
    assert len(written["problems.csv"].splitlines()) == 2


@pytest.mark.slow
def test_the_dictionary_knows_every_column_of_every_file(whole: dict[str, bytes]) -> None:
    dictionary_knows_every_column(whole)


def test_the_dictionary_knows_every_column_of_a_bundle_of_some_views(corpus: Corpus, tmp_path: Path) -> None:
    some = [VIEWS[slug] for slug in ONE_OF_EACH_FORM]
    dictionary_knows_every_column(files(write_bundle(corpus, HYDROGEN, tmp_path / "out", views=some)))


def dictionary_knows_every_column(whole: dict[str, bytes]) -> None:
    columns = pd.read_csv(StringIO(whole["columns.csv"].decode()), keep_default_na=False)
    assert columns.columns.tolist() == COLUMNS.names
    assert (columns[["file", "column", "type", "meaning"]] != "").all().all()
    listed = {name: rows["column"].tolist() for name, rows in columns.groupby("file", sort=False)}
    assert listed == {
        name: pd.read_csv(BytesIO(data), nrows=0).columns.tolist()
        for name, data in whole.items()
        if name.endswith(".csv")
    }


@pytest.mark.slow
def test_parquet_holds_the_same_rows_with_their_types(corpus: Corpus, tmp_path: Path) -> None:
    folder = write_bundle(corpus, HYDROGEN, tmp_path / "out", views=TIMES, parquet=True)
    data = Slice(corpus, HYDROGEN)
    expected = {
        VIEWS["topics_over_time"].table: VIEWS["topics_over_time"].answer(data),
        ARTICLE_ROWS: ARTICLE_ROWS.of(data.articles.assign(topics=data.topics_of(data.articles))),
        PROBLEMS: data.problems,
    }
    for contract, table in expected.items():
        found = contract.of(pd.read_parquet(folder / f"{contract.name}.parquet"))
        assert to_csv(found, raw=True) == to_csv(contract.of(table), raw=True)
    assert {path.stem for path in folder.glob("*.parquet")} == {path.stem for path in folder.glob("*.csv")}
    again = write_bundle(corpus, HYDROGEN, tmp_path / "again", views=TIMES, parquet=True)
    assert files(folder) == files(again)


@pytest.mark.slow
def test_a_zip_holds_what_the_folder_holds(corpus: Corpus, tmp_path: Path) -> None:
    folder = files(write_bundle(corpus, HYDROGEN, tmp_path / "out", views=TIMES))
    target = write_bundle(corpus, HYDROGEN, tmp_path / "out.zip", views=TIMES)
    with ZipFile(target) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == folder
        assert archive.namelist()[:2] == ["topics_over_time.csv", "topics_over_time_wide.csv"]
        assert archive.namelist()[-2:] == ["columns.csv", "manifest.json"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert bundle_bytes(load_corpus(SAMPLE, today=TODAY), HYDROGEN, views=TIMES) == target.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out.zip"]


@pytest.mark.slow
def test_a_zip_replaces_a_bundle_and_nothing_else(corpus: Corpus, tmp_path: Path) -> None:
    target = write_bundle(corpus, HYDROGEN, tmp_path / "out.zip", views=[])
    before = target.read_bytes()
    assert write_bundle(corpus, Selection(), target, views=[]).read_bytes() != before
    (tmp_path / "mine.zip").write_bytes(b"not a zip")
    with ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("photo.txt", "x")
    (tmp_path / "folder.zip").mkdir()
    for name in ("mine.zip", "other.zip", "folder.zip"):
        with pytest.raises(ExportError, match=r"not an export\. Name a new file"):
            write_bundle(corpus, Selection(), tmp_path / name, views=[])
    assert (tmp_path / "mine.zip").read_bytes() == b"not a zip"


def test_progress_tells_the_rows_of_each_file(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "BLOCK_ROWS", 500)
    steps: list[tuple[int, int, str]] = []
    write_bundle(corpus, HYDROGEN, tmp_path / "out", views=TIMES, progress=lambda *step: steps.append(step))
    assert [label for _, _, label in steps if label.startswith("articles.csv")] == [
        f"articles.csv: {done} of 1,195 rows" for done in ("500", "1,000", "1,195")
    ]
    shares = [done / total for done, total, _ in steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_an_earlier_export_is_replaced_whole(corpus: Corpus, tmp_path: Path) -> None:
    folder = write_bundle(corpus, Selection(), tmp_path / "out", views=TIMES)
    (folder / "left over.csv").write_text("old")
    write_bundle(corpus, Selection(), folder, views=[])
    assert sorted(files(folder)) == [
        "articles.csv", "columns.csv", "links.csv", "manifest.json", "problems.csv", "related.csv", "topics.csv",
    ]  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_is_not_an_export_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(ExportError, match="not an export"):
        write_bundle(corpus, Selection(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_failure_half_way_leaves_the_old_export(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_bundle(corpus, Selection(), tmp_path / "out", views=TIMES)
    before = files(folder)

    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bundle, "to_csv", full)
    with pytest.raises(ExportError, match="No space left on device"):
        write_bundle(corpus, Selection(topics=("Hydrogen",)), folder)
    assert files(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.slow
def test_secrets_and_embedded_content_never_leave(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    front = f'---\ntitle: A\nsecured: "{SECRET}"\nfeaturedContent: "<iframe src={SECRET}>"\n---\n'
    (tmp_path / "in/2024-01-02-a.md").write_text(front)
    written = files(write_bundle(load_corpus(tmp_path / "in", today=TODAY), Selection(), tmp_path / "out"))
    assert all(SECRET.encode() not in data for data in written.values())
