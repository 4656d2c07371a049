"""A folder or a zip with all that a selection says: views, articles, a dictionary, and how it was made."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd

import analytics
from analytics.catalog.view import View
from analytics.corpus.loader import Corpus
from analytics.engine.side_data import NO_SIDE_DATA, SideData
from analytics.engine.slice import Slice
from analytics.history.as_of import commit_of, corpus_for
from analytics.reports.bundle.contents import File, contents, count
from analytics.reports.bundle.packaging import described, make_room, pack, refuse_foreign, replacing, write_manifest
from analytics.reports.csv import to_csv, write_parquet
from analytics.reports.report.availability import Chosen, chosen, stamps
from analytics.selection.selection import Selection


@dataclass(frozen=True)
class Step:
    """How far a bundle is: rows of a file gone through, of how many; files finished, of how many."""

    file: str
    done: int
    total: int
    finished: int
    files: int

    @property
    def share(self) -> float:
        """How much is done, 0 to 1, each file counted alike."""
        return (self.finished + (self.done / self.total if self.total else 1)) / self.files

    def __str__(self) -> str:
        return f"{self.file}: {self.done:,} of {self.total:,} rows"


Progress = Callable[[Step], None]


@dataclass(frozen=True)
class Form:
    """How a bundle is written: text as it is (`raw`), and the tables as Parquet beside the CSV."""

    raw: bool = False
    parquet: bool = False
    progress: Progress | None = None


@dataclass
class _Written:
    """What the manifest says of each file."""

    files: dict[str, dict[str, object]] = field(default_factory=dict)

    def note(self, path: Path, rows: int) -> None:
        self.files[path.name] = described(path, rows)


def write_bundle(
    corpus: Corpus,
    selection: Selection,
    target: Path,
    *,
    views: Iterable[View] | None = None,
    notes: pd.DataFrame | None = None,
    side_data: SideData = NO_SIDE_DATA,
    raw: bool = False,
    parquet: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write the bundle of a selection as a folder, or as a zip where `target` ends so: all of it, or nothing.

    A CSV for each view with its options as they start, `_wide.csv` beside those with a `pivot`, `articles.csv`,
    `topics.csv`, `related.csv`, `problems.csv`, `notes.csv` when there are `notes`, `columns.csv` with what each column
    means, and `manifest.json`; with `parquet` each table also in that form. The rows of articles are gone through in
    blocks. What views need `beside` the articles is given; without `views`, those that lack it are left out, and the
    manifest says so. The same input gives the same bytes. Raises ViewError when one of the `views` lacks what it needs,
    ExportError when what stands at `target` is not ours to replace or cannot be written: it stays as it was.
    """
    target = target.expanduser().absolute()
    refuse_foreign(target)
    shown = chosen(views, side_data)
    make_room(target.parent)
    noted = pd.DataFrame() if notes is None else notes
    form = Form(raw=raw, parquet=parquet, progress=progress)
    with replacing(target) as (made,):
        data = Slice(corpus_for(corpus, selection), selection, side_data)
        make_bundle(made, data, shown, noted, form)
    return target


def make_bundle(place: Path, data: Slice, shown: Chosen, notes: pd.DataFrame, form: Form) -> None:
    """Write what `write_bundle` writes to a place where nothing is yet. Raises OSError and leaves what it has."""
    pack(place, partial(_fill, data=data, shown=shown, notes=notes, form=form))


def bundle_bytes(
    corpus: Corpus,
    selection: Selection,
    *,
    views: Iterable[View] | None = None,
    notes: pd.DataFrame | None = None,
    side_data: SideData = NO_SIDE_DATA,
    raw: bool = False,
    parquet: bool = False,
    progress: Progress | None = None,
) -> bytes:
    """The zip that `write_bundle` writes."""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "bundle.zip"
        written = write_bundle(
            corpus, selection, target, views=views, notes=notes, side_data=side_data, raw=raw, parquet=parquet,
            progress=progress,
        )  # fmt: skip
        return written.read_bytes()


def _fill(folder: Path, data: Slice, shown: Chosen, notes: pd.DataFrame, form: Form) -> list[str]:
    """Write the files and the manifest; their names in order."""
    written, files = _Written(), count(shown.views, notes)
    for finished, file in enumerate(contents(data, shown.views, notes)):
        _write(folder, file, form, finished, files, written)
    manifest = _manifest(data, written.files, form) | _noted(notes) | _beside(data, shown)
    return [*written.files, write_manifest(folder, manifest)]


def _write(folder: Path, file: File, form: Form, finished: int, files: int, written: _Written) -> None:
    """Write one table, block by block."""
    path, rows = folder / f"{file.name}.csv", 0
    blocks = _told(file, form, Step(path.name, 0, file.total, finished, files))
    if form.parquet:
        blocks = write_parquet(path.with_suffix(".parquet"), file.contract, blocks)
    with path.open("w", encoding="utf-8", newline="") as opened:
        opened.write(to_csv(file.contract.empty(), raw=form.raw))
        for block in blocks:
            opened.write(to_csv(block, raw=form.raw, header=False))
            rows += len(block)
    written.note(path, rows)
    if form.parquet:
        written.note(path.with_suffix(".parquet"), rows)


def _told(file: File, form: Form, step: Step) -> Iterator[pd.DataFrame]:
    """The blocks of a file, each told about when it is written."""
    for block, done in file.blocks:
        yield block
        if form.progress is not None:
            form.progress(Step(step.file, done, step.total, step.finished, step.files))


def _manifest(data: Slice, files: dict[str, dict[str, object]], form: Form) -> dict[str, object]:
    corpus, selection = data.corpus, data.selection
    return {
        "program": f"article-analytics {analytics.__version__}",
        "corpus": {
            "name": corpus.name,
            "fingerprint": corpus.fingerprint,
            "commit": commit_of(corpus),
            "articles": len(corpus.articles),
            "skipped_files": corpus.skipped,
            "problems": len(corpus.problems),
        },
        "selection": {"text": selection.text, "in_words": selection.in_words(), "articles": data.n},
        "formula_safe": not form.raw,
        "files": files,
    }


def _noted(notes: pd.DataFrame) -> dict[str, object]:
    """The notes of a manifest: a list when there are any."""
    days = {name: notes[name].dt.strftime("%Y-%m-%d") for name in ("day", "last_day") if name in notes}
    return {"notes": notes.assign(**days).to_dict("records")} if len(notes) else {}


def _beside(data: Slice, shown: Chosen) -> dict[str, object]:
    """What of a manifest is only there when something was read beside the articles, or views were left out."""
    found = {"beside": stamps(data.side_data), "left_out": shown.left_out}
    return {name: facts for name, facts in found.items() if facts}
