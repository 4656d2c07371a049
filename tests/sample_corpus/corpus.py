"""The sample corpus: a fictional site on clean energy that the dashboard opens with and the tests count on.

The same number of articles and the same seed give the same bytes on every system. The period is fixed, January 2024 to
June 2026, so nothing depends on today's date.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from analytics.errors import ExportError
from analytics.progress import Progress
from tests.sample_corpus.files import article_bytes, surrounding_files
from tests.sample_corpus.planted import Planted
from tests.sample_corpus.stories import Stories, Story

SAMPLE_ARTICLES = 1200
SAMPLE_SEED = 7
PROGRESS_STEP = 100
FOLDERS = ("_news", "_archive/_news", "_learning/videos", "_newsletters", "_data/topics", "_data/organizations")


def write_sample(folder: Path, *, articles: int, seed: int, progress: Progress | None = None) -> Planted:
    """Writes a sample corpus into a new or empty folder and returns what was planted in it.

    The corpus appears in one step: a run that is interrupted leaves `folder` as it was. `progress` is called with the
    number of articles written and their total.

    Raises:
        ExportError: the folder holds something, is a file, or cannot be written; or `articles` is negative.
    """
    _check_size(articles)
    target = folder.resolve()
    _check_free(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as scratch:
            made = Path(scratch) / "corpus"
            planted = _write_corpus(made, articles, seed, progress)
            if target.exists():
                target.rmdir()
            made.rename(target)
    except OSError as error:
        reason = error.strerror or error
        raise ExportError(f"The sample could not be written to {folder}: {reason}. Name another folder.") from error
    return planted


def planted_in_sample(*, articles: int, seed: int) -> Planted:
    """What `write_sample` plants in the corpus of this size and seed, without writing it."""
    _check_size(articles)
    stories = Stories(articles, seed)
    for _ in stories:
        pass
    return stories.record.planted()


def _check_size(articles: int) -> None:
    if articles < 0:
        raise ExportError(f"A sample of {articles} articles cannot be made: ask for 0 or more.")


def _check_free(target: Path) -> None:
    if target.is_dir():
        if any(target.iterdir()):
            raise ExportError(f"{target} is not empty: name a new folder for the sample, or empty this one first.")
    elif target.exists():
        raise ExportError(f"{target} is a file: name a new folder for the sample.")


def _write_corpus(root: Path, articles: int, seed: int, progress: Progress | None) -> Planted:
    for name in FOLDERS:
        (root / name).mkdir(parents=True)
    for path, content in surrounding_files():
        (root / path).write_bytes(content)
    stories = Stories(articles, seed)
    for done, (story, content) in enumerate(story_files(stories, seed)):
        if progress and done % PROGRESS_STEP == 0:
            progress(done, articles)
        (root / story.path).write_bytes(content)
    if progress:
        progress(articles, articles)
    return stories.record.planted()


def story_files(stories: Stories, seed: int) -> Iterator[tuple[Story, bytes]]:
    """The stories of a corpus with their files."""
    rng = Random(f"files {seed}")
    for story in stories:
        yield story, article_bytes(rng, story)
