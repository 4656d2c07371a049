"""Text from outside in Markdown: shown as it was written, whatever signs it holds."""

import re

SPECIAL = frozenset("\\`*_{}[]<>#+!|~&$@")
"""Signs with a meaning anywhere in Markdown or in what chats and forges add to it."""

STARTS = re.compile(r"^(\d*)([-=.)])")
"""What makes a list, a rule or a heading at the beginning of a line, beside special signs."""

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]")
"""Signs that do something to what is beside them: controls, what turns the direction of writing by force, and halves
of signs. The marks that emoji and right-to-left text are made with are none of them."""


def legible(text: str) -> str:
    """Text with the same line breaks for all systems, and with escapes for what a terminal or a page would obey."""
    broken = text.replace("\r\n", "\n").replace("\r", "\n")
    return OBEYED.sub(lambda sign: sign[0].encode("unicode_escape", "surrogatepass").decode("ascii"), broken)


def escaped(line: str) -> str:
    """A line with a backslash before each sign that Markdown would take for its own."""
    return STARTS.sub(r"\1\\\2", within(line))


def within(line: str) -> str:
    """The same for what stands behind other words of a line."""
    return "".join(f"\\{sign}" if sign in SPECIAL else sign for sign in line)


def inline(text: str) -> str:
    """A text as a part of one line of Markdown, as a heading, or as a cell of a table."""
    return within(" ".join(legible(text).split()))


def entry(text: str) -> str:
    """A text as an entry of a list."""
    return f"- {escaped(' '.join(legible(text).split()))}"


def quoted(text: str) -> str:
    """A text as a block quote that shows its lines as they are: also empty ones, and spaces at their ends.

    Line breaks and white space before and after the text as a whole are left out.
    """
    return "> " + "\\\n> ".join(_line(line) for line in legible(text).strip().split("\n"))


def _line(line: str) -> str:
    bare = line.strip(" \t")
    if not bare:
        return _spaces(line)
    start = line.index(bare)
    return f"{_spaces(line[:start])}{escaped(bare)}{_spaces(line[start + len(bare) :])}"


def _spaces(white: str) -> str:
    """White space that Markdown does not take away."""
    return white.replace(" ", "&#32;").replace("\t", "&#9;")
