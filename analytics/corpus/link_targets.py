"""Which article of the corpus a link leads to."""

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from analytics.corpus.parsing.article import collection
from analytics.corpus.sources.base import article_folder_and_name

_TRACKING = re.compile(r"(?:^|&)utm_[^&]*")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-")
_YEAR, _YEAR_OF_PATH = re.compile(r"(?:19|20)\d\d"), re.compile(r"(?:^|/)((?:19|20)\d\d)(?=/|-\d\d)")
_NO_ARTICLES = frozenset(
    ("tag", "tags", "category", "categories", "topic", "topics", "author", "authors", "page", "search")
)
"""Steps of an address below which a site lists articles and has none."""

_WITH_SCHEME = re.compile(r"[A-Za-z][\w+.-]*:|//")

SEVERAL = ""
"""In place of the one article of a page's name, where several have it."""


def with_link_targets(links: pa.Table, articles: pa.Table) -> pa.Table:
    """`links` with the path of the article that each leads to; missing where that is none of the corpus, or itself.

    An article is found by its web or original address, of `http` or `https`, without fragment, last slash and `utm_`
    parameters; else by its page path, at the end of the link's: collection (its last folder perhaps in the singular)
    and file name, without suffix, with or without its date; and by a link without a host also by its file name alone,
    where only one article has it, unless what stands before it is a list of the site (`tags/…`) or another year.
    """
    if not links.num_rows:
        return links.append_column("target_path", pa.nulls(0, pa.large_string()))
    by_address, by_page, by_name = _targets(articles)
    most_steps = 1 + max((page.count("/") for page in by_page), default=0)
    found: dict[str, str | None] = {}
    for url in set(links["url"].to_pylist()):
        target = by_address.get(_address_key(url)) if _WITH_SCHEME.match(url) else None
        found[url] = target or _by_page_path(url, by_page, by_name, most_steps)
    pairs = zip(links["path"].to_pylist(), links["url"].to_pylist(), strict=True)
    targets = [None if found[url] == path else found[url] for path, url in pairs]
    return links.append_column("target_path", pa.array(targets, pa.large_string()))


def _targets(articles: pa.Table) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """The first article of each address and of each page path, and the only one of each file name."""
    paths = articles["path"].to_pylist()
    by_address: dict[str, str] = {}
    for name in ("web_url", "original_url"):
        for path, address in zip(paths, articles[name].to_pylist(), strict=True):
            if address:
                by_address.setdefault(_address_key(address), path)
    by_page: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for path in paths:
        name = posixpath.splitext(article_folder_and_name(path)[1])[0].lower()
        for each in {name, _DATE.sub("", name, count=1)}:
            by_name[each] = path if by_name.get(each, path) == path else SEVERAL
            for folder in _folders(path):
                by_page.setdefault(f"{folder}/{each}", path)
    return by_address, by_page, by_name


def _folders(path: str) -> Iterator[str]:
    name = collection(path).lower()
    yield name
    if name.endswith("s"):
        yield name.removesuffix("s")


def _address_key(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    scheme = "" if parts.scheme.lower() in ("http", "https", "") else f"{parts.scheme.lower()}:"
    query = _TRACKING.sub("", parts.query).removeprefix("&")
    return f"{scheme}//{parts.netloc.lower()}{parts.path.rstrip('/')}?{query}"


def _by_page_path(url: str, by_page: dict[str, str], by_name: dict[str, str], most_steps: int) -> str | None:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https", ""):
        return None
    stem = unquote(parts.path).rstrip("/").removesuffix("/index.html")
    name, suffix = posixpath.splitext(stem)
    if suffix.lower() in (".md", ".markdown", ".html"):
        stem = name
    steps = [step.lstrip("_").lower() for step in stem.split("/") if step not in ("", ".", "..")]
    for start in range(max(len(steps) - most_steps, 0), len(steps) - 1):
        if found := by_page.get("/".join(steps[start:])):
            return found
    if parts.netloc or not steps:
        return None
    found = by_name.get(steps[-1]) or None
    return None if found is None or _is_of_another(steps[:-1], found) else found


def _is_of_another(steps: list[str], path: str) -> bool:
    """Whether the steps before a file name say that it is no article, or one of another year than that of a path."""
    year, in_path = next((step for step in steps if _YEAR.fullmatch(step)), ""), _YEAR_OF_PATH.search(path)
    return not _NO_ARTICLES.isdisjoint(steps) or bool(year and in_path and year != in_path[1])
