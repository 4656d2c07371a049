"""The links of a body: Markdown by markdown-it-py, HTML by the tags of its anchors."""

import re
from collections.abc import Iterator
from functools import cache
from html import escape, unescape
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MAX_MARKDOWN_CHARS = 200_000
"""So much of a Markdown body is read: more of it, written to be slow to read, would take long."""

MAX_LINKS = 10_000
"""So many links of a body are read."""

MAX_ADDRESS_CHARS = 2_000
"""A longer address is passed over: each mention of a reference repeats it."""

TextKind = Literal["words", "image", "address", "none"]
"""What a reader sees of a link: words, an image, its address itself, or nothing."""

_MAY_HOLD_LINKS = re.compile(r"\]\s?[(:\[]|<[A-Za-z]")
_TAGS = re.compile(
    r"<a((?=[\s/>])(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*)>|</a\s*+>|<!--|<(script|style)(?=[\s/>])", re.IGNORECASE
)
"""What matters in HTML: where an anchor begins and ends, and where something begins that holds none."""

_ENDS = {
    "": re.compile("-->"),
    "script": re.compile(r"</script", re.IGNORECASE),
    "style": re.compile(r"</style", re.IGNORECASE),
}
"""What ends a comment, a script or a style."""

_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]++)(?:\s*+=\s*+(\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++))?")
_TAG = re.compile(r"<[^<>]*+>")
_IMAGE = re.compile(r"<img\b", re.IGNORECASE)


class Link(NamedTuple):
    """Where a link leads, as it is written, and what a reader sees of it."""

    url: str
    text_kind: TextKind


class BodyLinks(NamedTuple):
    """The links of a body, how many addresses were passed over as too long, and whether there are more links."""

    links: list[Link]
    too_long: int = 0
    more: bool = False


def body_links(body: str, *, html: bool) -> BodyLinks:
    """The first MAX_LINKS links of a body in their order: of HTML, or of Markdown with the HTML in it. Images are no
    links."""
    if not body or not _MAY_HOLD_LINKS.search(body):
        return BodyLinks([])
    text = body if html else "".join(_as_html(body[:MAX_MARKDOWN_CHARS]))
    every = list(islice(_html_links(text), MAX_LINKS + 1))
    first = every[:MAX_LINKS]
    links = [link for link in first if len(link.url) <= MAX_ADDRESS_CHARS]
    return BodyLinks(links, len(first) - len(links), len(every) > MAX_LINKS)


def _html_links(text: str) -> Iterator[Link]:
    """The anchors with an address; comments, scripts and styles hold none."""
    url, inside, at = "", "", 0
    while (tag := _TAGS.search(text, at)) is not None:
        inside += text[at : tag.start()] if url else ""
        at = tag.end()
        if tag[0] == "<!--" or tag[2]:
            end = _ENDS[(tag[2] or "").lower()].search(text, at)
            at = end.end() if end else len(text)
            continue
        if url:
            yield _html_link(url, inside)
        url, inside = _address(tag[1]), ""
    if url:
        yield _html_link(url, inside + text[at:])


def _address(attributes: str | None) -> str:
    """The `href` among the attributes of a tag; empty without one."""
    for name, value in _ATTRIBUTE.findall(attributes) if attributes else ():
        if name.lower() == "href":
            return unescape(value.strip("\"'") if value[:1] in ("'", '"') else value).strip()
    return ""


def _html_link(url: str, inside: str) -> Link:
    words = unescape(_TAG.sub("", inside) if "<" in inside else inside).strip()
    return Link(url, _text_kind(url, words, image=_IMAGE.search(inside) is not None))


def _text_kind(url: str, words: str, *, image: bool) -> TextKind:
    if not words:
        return "image" if image else "none"
    return "address" if words in (url, url.removeprefix("mailto:")) else "words"


def _same(url: str) -> str:
    return url


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # only where there is Markdown to read
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark").use(footnote_plugin).disable(["emphasis", "footnote_inline"])
    for name in ("normalizeLink", "validateLink"):  # what is written counts, whatever a page would make of it
        setattr(parser, name, _same)
    return parser


def _as_html(text: str) -> Iterator[str]:
    """Markdown as HTML, as far as its first links are concerned: anchors, their words and images, and what is HTML.

    Of an address that is too long, so much that this can be told.
    """
    links = 0
    for token in _markdown().parse(text):
        if token.type == "html_block":
            yield token.content
        for child in token.children or ():
            if child.type == "link_open":
                address = str(child.attrs.get("href", "")).strip()[: MAX_ADDRESS_CHARS + 1]
                links += bool(address)
                if links > MAX_LINKS + 1:
                    return
                yield f'<a href="{escape(address)}">'
            elif child.type == "link_close":
                yield "</a>"
            elif child.type == "image":
                yield "<img>"
            elif child.type == "html_inline":
                yield child.content
            else:
                yield escape(child.content)
