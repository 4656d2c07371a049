"""Two real sites of other kinds, as they are: what is read equals what a few lines of PyYAML and tomllib find."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from analytics.corpus.loader import Corpus, load_corpus
from tests.corpora import FAR_AHEAD

pytestmark = pytest.mark.shared

FILES = {"18f-posts": 509, "rust-blog": 751}
"""Articles of each site, without what describes a section (`_index.md`)."""


@pytest.fixture(scope="module", params=["18f-posts", pytest.param("rust-blog", marks=pytest.mark.slow)])
def site(request: pytest.FixtureRequest, shared: Callable[[str], Path]) -> tuple[Corpus, dict[str, dict[str, Any]]]:
    """The corpus, and the front matter of its files by path."""
    folder = shared(request.param)
    paths = [path for path in folder.rglob("*.md") if path.name != "_index.md"]
    assert len(paths) == FILES[request.param]
    return load_corpus(folder, today=FAR_AHEAD), {
        path.relative_to(folder).as_posix(): front_matter(path) for path in paths
    }


def front_matter(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    _, source, _ = re.split(r"^(?:---|\+\+\+)[ \t]*$", text, maxsplit=2, flags=re.MULTILINE)
    return tomllib.loads(source) if text.startswith("+++") else yaml.load(source, Loader=yaml.CSafeLoader)


def moment(path: str, fields: dict[str, Any]) -> datetime | None:
    """The date of an article: its own, else that of its path key or its file name."""
    named = re.search(r"\d{4}[-/]\d\d[-/]\d\d", fields.get("path", path))
    found = fields.get("date") or (named and named[0].replace("/", "-"))
    if isinstance(found, datetime):
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    if isinstance(found, date):
        return datetime(found.year, found.month, found.day, tzinfo=UTC)
    return pd.to_datetime(found, utc=True, errors="coerce")


def by_path(corpus: Corpus, column: str) -> dict[str, Any]:
    values = corpus.articles.set_index("path")[column]
    return {path: _plain(value) for path, value in values.items() if pd.notna(value)}


def there(values: dict[str, Any]) -> dict[str, Any]:
    return {path: _plain(value) for path, value in values.items() if pd.notna(value) and value != ""}


def _plain(value: Any) -> Any:
    """A value as it is compared: blanks and line ends in a text are all the same."""
    return " ".join(value.split()) if isinstance(value, str) else value


@pytest.mark.slow
def test_every_file_is_an_article(site: tuple[Corpus, dict[str, dict[str, Any]]]) -> None:
    corpus, files = site
    assert set(corpus.articles["path"]) == set(files)
    assert (corpus.skipped, set(corpus.problems["severity"]) & {"error"}) == (0, set())


def test_titles_excerpts_and_dates(site: tuple[Corpus, dict[str, dict[str, Any]]]) -> None:
    corpus, files = site
    assert by_path(corpus, "title") == there({path: fields.get("title") for path, fields in files.items()})
    excerpts = {path: fields.get("excerpt", fields.get("description")) for path, fields in files.items()}
    assert by_path(corpus, "excerpt") == there(excerpts)
    assert by_path(corpus, "published_at") == there({path: moment(path, fields) for path, fields in files.items()})


def test_topics_are_the_tags(site: tuple[Corpus, dict[str, dict[str, Any]]]) -> None:
    corpus, files = site
    expected = Counter(_plain(tag) for fields in files.values() for tag in dict.fromkeys(fields.get("tags", [])))
    assert corpus.topics["topic"].astype("str").value_counts().to_dict() == expected


def test_providers_are_the_first_authors(site: tuple[Corpus, dict[str, dict[str, Any]]]) -> None:
    corpus, files = site
    authors = {path: fields["authors"] for path, fields in files.items() if fields.get("authors")}
    assert by_path(corpus, "provider") == {path: _plain(names[0]) for path, names in authors.items()}
    assert by_path(corpus, "provider_authors") == {path: "; ".join(names) for path, names in authors.items()}


@pytest.mark.slow
def test_it_is_noted_which_key_each_field_came_from(site: tuple[Corpus, dict[str, dict[str, Any]]]) -> None:
    corpus, files = site
    noted = corpus.field_sources.astype("str").groupby("field")["key"].value_counts().to_dict()
    dated = sum(bool(fields.get("date")) for fields in files.values())
    if corpus.name == "rust-blog":
        expected = {
            ("excerpt", "description"): sum("description" in fields for fields in files.values()),
            ("published_at", "path"): sum("path" in fields for fields in files.values()),
            ("provider", "authors"): sum("authors" in fields for fields in files.values()),
        }
    else:
        expected = {
            ("published_at", "date"): dated,
            ("published_at", "file name"): len(files) - dated,
            ("topics", "tags"): sum(bool(fields.get("tags")) for fields in files.values()),
            ("provider", "authors"): len(files),
            ("image", "image"): sum(bool(fields.get("image")) for fields in files.values()),
        }
    assert noted == expected
