"""Untrusted text in Markdown, HTML and terminals: shown as it was written, whatever signs it holds."""

import re
from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def html_template(name: str, **filters: Callable[..., object]) -> Template:
    """A template of this package, with further filters; it escapes all text and refuses names without a value."""
    loader = PackageLoader("analytics.reports", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= filters
    return environment.get_template(name)


def printable(text: str) -> str:
    """Text with escapes for control and invisible characters, which a terminal would obey."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)


SPECIAL = frozenset("\\`*_{}[]<>#+!|~&$@")
"""Signs with a meaning anywhere in Markdown or in the dialects of chats and forges."""

LINE_STARTS = re.compile(r"^(\d*)([-=.)])")
"""What begins a list, a rule or a heading at the start of a line, besides special signs."""

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]")
"""Control characters, overrides of the writing direction, and lone surrogates; not the joiners and marks of emoji and
right-to-left text."""


def escape_controls(text: str) -> str:
    """Text with line feeds as line breaks, and with escapes for `CONTROLS`."""
    broken = text.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROLS.sub(lambda sign: sign[0].encode("unicode_escape", "surrogatepass").decode("ascii"), broken)


def escape_markdown_line(line: str) -> str:
    """A whole line for Markdown, with a backslash before each sign that has a meaning there."""
    return LINE_STARTS.sub(r"\1\\\2", escape_markdown_signs(line))


def escape_markdown_signs(line: str) -> str:
    """Text inside a line of Markdown, not at its start, with a backslash before each sign that has a meaning there."""
    return "".join(f"\\{sign}" if sign in SPECIAL else sign for sign in line)


def markdown_inline(text: str) -> str:
    """A text as part of one line of Markdown, such as a heading or a table cell."""
    return escape_markdown_signs(" ".join(escape_controls(text).split()))


def markdown_list_item(text: str) -> str:
    """A text as an item of a Markdown list."""
    return f"- {escape_markdown_line(' '.join(escape_controls(text).split()))}"


def markdown_block_quote(text: str) -> str:
    """A text as a Markdown block quote that keeps its lines, empty lines and spaces; the text itself is trimmed."""
    return "> " + "\\\n> ".join(_quoted_line(line) for line in escape_controls(text).strip().split("\n"))


def _quoted_line(line: str) -> str:
    bare = line.strip(" \t")
    if not bare:
        return _fixed_spaces(line)
    start = line.index(bare)
    return f"{_fixed_spaces(line[:start])}{escape_markdown_line(bare)}{_fixed_spaces(line[start + len(bare) :])}"


def _fixed_spaces(white: str) -> str:
    """White space as entities, which Markdown keeps."""
    return white.replace(" ", "&#32;").replace("\t", "&#9;")
