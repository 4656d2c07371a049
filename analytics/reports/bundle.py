"""A folder with one CSV a view, the articles, and a manifest that says how it was made."""

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

import analytics
from analytics.catalog import VIEWS
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from analytics.errors import ExportError
from analytics.reports.csv import to_csv
from analytics.selection import Selection
from analytics.view import View

MANIFEST = "manifest.json"

Progress = Callable[[str], None]


def write_bundle(
    corpus: Corpus,
    selection: Selection,
    folder: Path,
    *,
    views: Iterable[View] | None = None,
    raw: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write the bundle of a selection as `folder`: all of it, or nothing and what stood there before.

    One CSV a view with its options as they start, `articles.csv` (tables.ARTICLES and `topics`), `manifest.json`.
    The same corpus and selection give the same bytes. Raises ExportError when the folder is not ours to replace or
    cannot be written.
    """
    target = folder.expanduser().absolute()
    _refuse_foreign(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise ExportError(f"{target} cannot be written: {error.strerror}. Choose another folder.") from None
    try:
        _fill(scratch, corpus, selection, list(VIEWS.values() if views is None else views), raw=raw, progress=progress)
        _replace(scratch, target)
    except OSError as error:
        raise ExportError(
            f"{target} was not written: {error.strerror}. What stood there before is untouched."
        ) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target


def article_rows(part: Slice) -> pd.DataFrame:
    """One row an article (tables.ARTICLES), with its topics as one text, joined by '; '."""
    articles = part.articles
    return articles.assign(topics=part.topics_of(articles))


def _fill(
    scratch: Path, corpus: Corpus, selection: Selection, views: list[View], *, raw: bool, progress: Progress | None
) -> None:
    scratch.chmod(0o755)
    part = Slice(corpus, selection)
    files = {}
    for view in views:
        files[f"{view.slug}.csv"] = _write(scratch / f"{view.slug}.csv", view.answer(part), raw=raw)
        if progress is not None:
            progress(view.slug)
    files["articles.csv"] = _write(scratch / "articles.csv", article_rows(part), raw=raw)
    if progress is not None:
        progress("articles")
    text = json.dumps(_manifest(corpus, selection, part.n, files, raw=raw), indent=2, ensure_ascii=False)
    (scratch / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def _write(path: Path, table: pd.DataFrame, *, raw: bool) -> dict[str, object]:
    data = to_csv(table, raw=raw).encode("utf-8")
    path.write_bytes(data)
    return {"rows": len(table), "sha256": hashlib.sha256(data).hexdigest()}


def _manifest(
    corpus: Corpus, selection: Selection, n: int, files: dict[str, dict[str, object]], *, raw: bool
) -> dict[str, object]:
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
        "selection": {"text": selection.text, "in_words": selection.in_words(), "articles": n},
        "formula_safe": not raw,
        "files": files,
    }


def commit(folder: Path) -> str | None:
    """The last git commit that touched a corpus's folder; None without git."""
    command = ["git", "-C", str(folder if folder.is_dir() else folder.parent), "rev-list", "-1", "HEAD", "--", "."]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() or None if found.returncode == 0 else None


def _refuse_foreign(target: Path) -> None:
    if target.exists() and not (target.is_dir() and (not any(target.iterdir()) or (target / MANIFEST).is_file())):
        raise ExportError(
            f"{target} holds something that is not an export. Name a new folder, or one that was exported."
        )


def _replace(scratch: Path, target: Path) -> None:
    """Put the finished folder in place of the old one, which is taken away only then."""
    if not target.exists():
        scratch.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    target.rename(old / "old")
    try:
        scratch.rename(target)
    except OSError:
        (old / "old").rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
