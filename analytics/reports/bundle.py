"""A bundle: a folder or a zip with the tables of a selection, a data dictionary and a manifest."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import analytics
from analytics.catalog.view import View
from analytics.corpus.loader import Corpus
from analytics.corpus.site_profile import Profile
from analytics.corpus.table_contracts import ARTICLES, LINKS, PROBLEMS, RELATED, TOPICS
from analytics.engine.history_and_reviews import NO_SIDE_DATA, SideData
from analytics.engine.slice import Slice
from analytics.engine.slice_of import left_out_collections, slice_of
from analytics.history.as_of import last_commit_of
from analytics.progress import Progress
from analytics.reports.available_views import AvailableViews, given_or_available_views, side_data_stamps
from analytics.reports.csv import tee_to_parquet, to_csv
from analytics.reports.export_files import (
    atomic_export,
    check_export_target,
    make_folder,
    manifest_entry,
    write_folder_or_zip,
    write_manifest,
)
from analytics.schema import Column, Table
from analytics.selection.selection import Selection
from analytics.settings import expand_home_or_file_url
from analytics.userdata.dated_notes import NOTES

PERIOD = "period"
PERIOD_COLUMNS = (PERIOD, "period_end", "complete")
"""The columns that describe a period, where a table has them."""

BLOCK_ROWS = 50_000

PROGRESS_STEPS = 1000
"""Steps of the progress of a bundle; each file has an equal share of them."""

ARTICLE_ROWS = Table(
    "articles",
    ARTICLES.grain,
    (*ARTICLES.columns, Column("topics", "text", "topics in the order of the record, joined by '; '")),
    ("path",),
)

COLUMNS = Table(
    "columns",
    "one row per column of a CSV file; a Parquet file has the columns of the CSV of its name",
    (
        Column("file", "text", "name of the file"),
        Column("column", "text", "name of the column, as in its first row"),
        Column("label", "text", "what the column is called on screen and in reports"),
        Column(
            "type",
            "text",
            "text; label (text with few values); name (of a figure); whole (number); number; share (0 to 1); "
            "flag (true or false); time (UTC); day (a UTC day, or the first day of a period). What is missing is empty",
        ),
        Column("unit", "text", "unit of its values"),
        Column("meaning", "text", "what a value means"),
    ),
    ("file", "column"),
)


def write_bundle(
    corpus: Corpus,
    selection: Selection,
    target: Path,
    *,
    views: Iterable[View] | None = None,
    notes: pd.DataFrame | None = None,
    side_data: SideData = NO_SIDE_DATA,
    raw: bool = False,
    excel: bool = False,
    parquet: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write the bundle of a selection atomically as a folder, or as a zip where `target` ends so; returns its path.

    It holds a CSV for each view with its default options, `_wide.csv` for those with a `pivot`, `articles.csv`,
    `topics.csv`, `related.csv`, `links.csv`, `problems.csv`, `notes.csv` when there are `notes`, `columns.csv` with
    what each column means, and `manifest.json`; with `parquet` each table also in that format, with `excel`
    CSVs for Excel (`to_csv`). Articles are written in blocks. Without `views`, those of the catalog are written for
    which there is `side_data`, and the manifest lists the others. The same
    corpus, selection, side data and day that counts as today give the same bytes. Raises ViewError when one of the
    `views` lacks side data, and ExportError when `target` is not an export or cannot be written: it stays as it was.
    """
    target = expand_home_or_file_url(target).absolute()
    check_export_target(target)
    available = given_or_available_views(views, side_data)
    make_folder(target.parent)
    with atomic_export(target) as (new,):
        data = slice_of(corpus, selection, side_data)
        write_new_bundle(new, data, available, notes, raw=raw, excel=excel, parquet=parquet, progress=progress)
    return target


def bundle_bytes(
    corpus: Corpus,
    selection: Selection,
    *,
    views: Iterable[View] | None = None,
    notes: pd.DataFrame | None = None,
    side_data: SideData = NO_SIDE_DATA,
    parquet: bool = False,
    excel: bool = False,
    progress: Progress | None = None,
) -> bytes:
    """The bytes of the zip that `write_bundle` writes."""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "bundle.zip"
        write_bundle(
            corpus,
            selection,
            target,
            views=views,
            notes=notes,
            side_data=side_data,
            parquet=parquet,
            excel=excel,
            progress=progress,
        )
        return target.read_bytes()


def write_new_bundle(
    target: Path,
    data: Slice,
    views: AvailableViews,
    notes: pd.DataFrame | None = None,
    *,
    raw: bool = False,
    excel: bool = False,
    parquet: bool = False,
    progress: Progress | None = None,
) -> None:
    """Write a bundle as a new folder, or as a new zip where `target` ends so. Raises OSError; it is unfinished then."""
    noted = pd.DataFrame() if notes is None else notes

    def write_files(folder: Path) -> list[str]:
        facts: dict[str, dict[str, object]] = {}
        tables, count = bundle_tables(data, views.views, noted), table_count(views.views, noted)
        for position, table in enumerate(tables):
            report = _table_progress(progress, position, count)
            for path, rows in _write_table(folder, table, report, raw=raw, excel=excel, parquet=parquet):
                facts[path.name] = manifest_entry(path, rows)
        manifest = _manifest(data, facts, formula_safe=not raw) | _manifest_extras(data, views, noted)
        return [*facts, write_manifest(folder, manifest)]

    write_folder_or_zip(target, write_files)


@dataclass(frozen=True)
class BundleTable:
    """A table of a bundle, in blocks; with each block comes how many of the `total` rows were read by then."""

    contract: Table
    total: int
    blocks: Iterable[tuple[pd.DataFrame, int]]


def _write_table(
    folder: Path,
    table: BundleTable,
    progress: Callable[[str, int, int], None],
    *,
    raw: bool,
    excel: bool,
    parquet: bool,
) -> Iterator[tuple[Path, int]]:
    """Write one table block by block as CSV, and as Parquet where wanted; each file and its rows."""
    path, rows = folder / f"{table.contract.name}.csv", 0

    def blocks() -> Iterator[pd.DataFrame]:
        for block, done in table.blocks:
            yield block
            progress(path.name, done, table.total)

    written = tee_to_parquet(path.with_suffix(".parquet"), table.contract, blocks()) if parquet else blocks()
    with path.open("w", encoding="utf-8", newline="") as opened:
        opened.write(to_csv(table.contract.empty(), raw=raw, excel=excel))
        for block in written:
            opened.write(to_csv(block, raw=raw, excel=excel, header=False))
            rows += len(block)
    yield path, rows
    if parquet:
        yield path.with_suffix(".parquet"), rows


def _table_progress(progress: Progress | None, position: int, count: int) -> Callable[[str, int, int], None]:
    """A function that reports the progress of one table: it takes the file, the rows read and the rows in all."""

    def report(file: str, done: int, total: int) -> None:
        if progress is not None:
            share = (position + (done / total if total else 1)) / count
            progress(round(share * PROGRESS_STEPS), PROGRESS_STEPS, f"{file}: {done:,} of {total:,} rows")

    return report


def _manifest(data: Slice, files: dict[str, dict[str, object]], *, formula_safe: bool) -> dict[str, object]:
    corpus, selection = data.corpus, data.selection
    whole = corpus.whole or corpus
    return {
        "program": f"article-analytics {analytics.__version__}",
        "corpus": {
            "name": corpus.name,
            "fingerprint": corpus.fingerprint,
            "commit": last_commit_of(corpus),
            "articles": len(whole.articles),
            "skipped_files": corpus.skipped,
            "problems": len(whole.problems),
            **_profile_facts(corpus.profile),
        },
        "today": f"{corpus.today}",
        "selection": {
            "text": selection.text,
            "in_words": selection.in_words(),
            "articles": data.n,
            "days": _own_days(data),
        },
        "formula_safe": formula_safe,
        "files": files,
    }


def _profile_facts(profile: Profile) -> dict[str, dict[str, str]]:
    """File and digest of the profile that a corpus was read by; nothing without one."""
    return {"profile": {"file": profile.name, "digest": profile.digest}} if profile.name else {}


def _own_days(data: Slice) -> list[str]:
    """The first and the last day of the articles; nothing when none has a date."""
    days = data.tally("day")["day"].dropna()
    return [f"{end:%Y-%m-%d}" for end in (days.min(), days.max())] if len(days) else []


def _manifest_extras(data: Slice, views: AvailableViews, notes: pd.DataFrame) -> dict[str, object]:
    """The entries that a manifest has only when there is something in them."""
    days = {name: notes[name].dt.strftime("%Y-%m-%d") for name in ("day", "last_day") if name in notes}
    extras: dict[str, object] = {
        "notes": notes.assign(**days).to_dict("records"),
        "beside": side_data_stamps(data.side_data),
        "left_out": views.left_out,
        "collections_left_out": left_out_collections(data),
    }
    return {name: facts for name, facts in extras.items() if facts}


def bundle_tables(data: Slice, views: Sequence[View], notes: pd.DataFrame) -> Iterator[BundleTable]:
    """The tables of a bundle in their order, the dictionary last; a view is computed when its turn comes."""
    contracts: list[Table] = []
    for table in _data_tables(data, views, notes):
        contracts.append(table.contract)
        yield table
    yield _whole_table(COLUMNS, data_dictionary([*contracts, COLUMNS]))


def table_count(views: Sequence[View], notes: pd.DataFrame) -> int:
    """The number of `bundle_tables`."""
    corpus_tables = 5
    return sum(1 + bool(view.pivot) for view in views) + corpus_tables + bool(len(notes)) + 1


def _data_tables(data: Slice, views: Sequence[View], notes: pd.DataFrame) -> Iterator[BundleTable]:
    for view in views:
        table = view.answer(data)
        yield _whole_table(view.table, table)
        if view.pivot:
            yield _whole_table(*pivoted(view, table))
    corpus = data.corpus
    articles = (
        (block.assign(topics=data.topics_of(block)), done) for block, done in data.blocks(corpus.articles, BLOCK_ROWS)
    )
    yield BundleTable(ARTICLE_ROWS, len(corpus.articles), articles)
    tables = ((TOPICS, corpus.topics), (RELATED, corpus.related), (LINKS, corpus.links), (PROBLEMS, corpus.problems))
    for contract, rows in tables:
        yield BundleTable(contract, len(rows), data.blocks(rows, BLOCK_ROWS))
    if len(notes):
        yield _whole_table(NOTES, notes)


def _whole_table(contract: Table, table: pd.DataFrame) -> BundleTable:
    return BundleTable(contract, len(table), [(table, len(table))])


def data_dictionary(contracts: Iterable[Table]) -> pd.DataFrame:
    """The columns of some tables (COLUMNS)."""
    rows = [
        (f"{contract.name}.csv", column.name, column.label, column.kind, column.unit, column.meaning)
        for contract in contracts
        for column in contract.columns
    ]
    return COLUMNS.of(pd.DataFrame(rows, columns=COLUMNS.names))


def pivoted(view: View, table: pd.DataFrame) -> tuple[Table, pd.DataFrame]:
    """A view's table with one row a period and one column a label, which holds `view.pivot`; with its contract.

    Periods and labels keep the order of the table; rows without a period, which are of the whole selection, are left
    out. A label with the name of a period column gets the name of the label's column after it.
    """
    label = next(name for name in view.table.key if name != PERIOD)
    rows = table[table[PERIOD].notna()]
    period_columns = [name for name in view.table.names if name in PERIOD_COLUMNS]
    labels = rows[label].astype("str").unique().tolist()
    names = _distinct_names(labels, period_columns, label)
    value = view.table[view.pivot]
    columns = [view.table[name] for name in period_columns]
    columns += [
        Column(name, value.kind, f"{label} {found}: {value.meaning}", value.unit, name)
        for found, name in zip(labels, names, strict=True)
    ]
    contract = Table(f"{view.slug}_wide", f"one row per period, one column per {label}", tuple(columns), (PERIOD,))
    periods = rows[period_columns].drop_duplicates(PERIOD).sort_values(PERIOD)
    cells = rows.assign(**{label: rows[label].astype("str")}).pivot(index=PERIOD, columns=label, values=view.pivot)
    cells = cells.reindex(index=periods[PERIOD], columns=labels)
    found = {name: cells[old].array for old, name in zip(labels, names, strict=True)}
    return contract, contract.of(pd.DataFrame({name: periods[name].array for name in period_columns} | found))


def _distinct_names(labels: list[str], taken: list[str], label: str) -> list[str]:
    """Names for the columns of labels; none is one of `taken` or twice there."""
    names: list[str] = []
    for found in labels:
        name = found
        while name in taken or (name != found and name in labels):
            name = f"{name} ({label})"
        names.append(name)
    return names
