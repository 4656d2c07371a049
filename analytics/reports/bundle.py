"""A folder or a zip with all that a selection says: views, articles, a dictionary, and how it was made."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import pandas as pd

import analytics
from analytics.catalog import VIEWS
from analytics.corpus.commit import commit
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from analytics.errors import ExportError
from analytics.reports.contents import File, contents, count
from analytics.reports.csv import to_csv
from analytics.reports.files import replacing
from analytics.reports.parquet import write_parquet
from analytics.selection import Selection
from analytics.view import View

MANIFEST = "manifest.json"

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The time that a zip gives all its files, lest it say when it was made."""


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
        with path.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
        self.files[path.name] = {"rows": rows, "sha256": found}


def write_bundle(
    corpus: Corpus,
    selection: Selection,
    target: Path,
    *,
    views: Iterable[View] | None = None,
    notes: pd.DataFrame | None = None,
    raw: bool = False,
    parquet: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write the bundle of a selection as a folder, or as a zip where `target` ends so: all of it, or nothing.

    A CSV for each view with its options as they start, `_wide.csv` beside those with a `pivot`, `articles.csv`,
    `topics.csv`, `related.csv`, `problems.csv`, `notes.csv` when there are `notes`, `columns.csv` with what each column
    means, and `manifest.json`; with `parquet` each table also in that form. The rows of articles are gone through in
    blocks. The same corpus, selection and form give the same bytes. Raises ExportError when what stands at `target` is
    not ours to replace or cannot be written: it stays as it was.
    """
    target = target.expanduser().absolute()
    refuse_foreign(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"{target} cannot be written: {error.strerror}. Choose another folder.") from None
    chosen = list(VIEWS.values() if views is None else views)
    noted = pd.DataFrame() if notes is None else notes
    form = Form(raw=raw, parquet=parquet, progress=progress)
    with replacing(target) as (made,):
        make_bundle(made, Slice(corpus, selection), chosen, noted, form)
    return target


def make_bundle(place: Path, part: Slice, views: list[View], notes: pd.DataFrame, form: Form) -> None:
    """Write what `write_bundle` writes to a place where nothing is yet. Raises OSError and leaves what it has."""
    if not is_zip(place):
        place.mkdir()
        _fill(place, part, views, notes, form)
        return
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
        _zip(Path(scratch), _fill(Path(scratch), part, views, notes, form), place)


def bundle_bytes(
    corpus: Corpus,
    selection: Selection,
    *,
    views: Iterable[View] | None = None,
    notes: pd.DataFrame | None = None,
    raw: bool = False,
    parquet: bool = False,
    progress: Progress | None = None,
) -> bytes:
    """The zip that `write_bundle` writes."""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "bundle.zip"
        return write_bundle(
            corpus, selection, target, views=views, notes=notes, raw=raw, parquet=parquet, progress=progress
        ).read_bytes()


def is_zip(target: Path) -> bool:
    """Whether a bundle of this name is a zip; else it is a folder."""
    return target.suffix.lower() == ".zip"


def _fill(folder: Path, part: Slice, views: list[View], notes: pd.DataFrame, form: Form) -> list[str]:
    """Write the files and the manifest; their names in order."""
    written, files = _Written(), count(views, notes)
    for finished, file in enumerate(contents(part, views, notes)):
        _write(folder, file, form, finished, files, written)
    manifest = _manifest(part, written.files, form) | _noted(notes)
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
    return [*written.files, MANIFEST]


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


def _zip(folder: Path, names: list[str], target: Path) -> None:
    """A zip of a folder's files in this order, with nothing in it that tells when, where or by whom it was made."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name in names:
            entry = ZipInfo(name, FIRST_DAY)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            entry.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as source, archive.open(entry, "w") as opened:
                while piece := source.read(1 << 20):
                    opened.write(piece)


def _manifest(part: Slice, files: dict[str, dict[str, object]], form: Form) -> dict[str, object]:
    corpus, selection = part.corpus, part.selection
    return {
        "program": f"article-analytics {analytics.__version__}",
        "corpus": {
            "name": corpus.name,
            "fingerprint": corpus.fingerprint,
            "commit": commit(Path(corpus.source)),
            "articles": len(corpus.articles),
            "skipped_files": corpus.skipped,
            "problems": len(corpus.problems),
        },
        "selection": {"text": selection.text, "in_words": selection.in_words(), "articles": part.n},
        "formula_safe": not form.raw,
        "files": files,
    }


def _noted(notes: pd.DataFrame) -> dict[str, object]:
    """The notes of a manifest: a list when there are any."""
    days = {name: notes[name].dt.strftime("%Y-%m-%d") for name in ("day", "last_day") if name in notes}
    return {"notes": notes.assign(**days).to_dict("records")} if len(notes) else {}


def refuse_foreign(target: Path) -> None:
    """Raise ExportError unless there is nothing, or an empty folder, or a bundle of the same kind."""
    if target.exists() and not (_ours_as_zip(target) if is_zip(target) else _ours_as_folder(target)):
        kind = "file" if is_zip(target) else "folder"
        raise ExportError(
            f"{target} holds something that is not an export. Name a new {kind}, or one that was exported."
        )


def _ours_as_folder(target: Path) -> bool:
    return target.is_dir() and (not any(target.iterdir()) or (target / MANIFEST).is_file())


def _ours_as_zip(target: Path) -> bool:
    try:
        with ZipFile(target) as archive:
            return MANIFEST in archive.namelist()
    except (OSError, BadZipFile):
        return False
