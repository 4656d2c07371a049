"""Front matter as text that may be shown: what stands under a secret field is hidden, whole lines at a time.

Lines rather than places in them: a comment beside a secret is as secret, and the parser's lines are certain even where
its columns are not.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from analytics.corpus.limits import UnreadableFileError
from analytics.corpus.parsing import front_matter
from analytics.corpus.parsing.front_matter import yaml_node
from analytics.corpus.parsing.front_matter_value_types import SECRETS
from analytics.corpus.problem_codes import CODES
from analytics.corpus.sources.base import escaped_path, role
from analytics.corpus.sources.folder import Folder
from analytics.corpus.sources.open import open_source
from analytics.errors import CorpusError

MASK = "(hidden)"

_BREAK = re.compile("(\r\n|[\r\n\x85\u2028\u2029])")
"""What ends a line for the parser."""

_FOLDED = frozenset(name.casefold() for name in SECRETS)
_NAME = re.compile("|".join(SECRETS), re.IGNORECASE)
_NAMED = re.compile(rf"(?:{_NAME.pattern})[^\w\n]{{0,3}}[:=]", re.IGNORECASE)
_SUSPECT = re.compile(rf"{_NAME.pattern}|\\[xuU]|\\$", re.IGNORECASE | re.MULTILINE)
"""In text that is not YAML: a secret's name, or an escape that may stand for a letter of one."""

_ALIAS = re.compile(r"(?:^|[\s\[{,:-])\*[^\s*]")

Place = tuple[int, int]


class _UnclearError(Exception):
    """The lines of a secret cannot be told: a key is an alias, whose own place the parser does not give."""


def mask_yaml_secrets(source: str) -> str:
    """The text between the two `---` lines with the values of `front_matter_value_types.SECRETS` hidden, line for line.

    Hidden are the lines of the value and all up to the next field, what an alias brings in from elsewhere, and texts
    and comments that look as if they held such a field. In text that is not YAML everything is hidden from the first
    line on that could name one.
    """
    parts = _BREAK.split(source)
    lines = parts[::2]
    try:
        root = yaml_node(source)
        hidden, heads = _secret_lines(root, lines) if root is not None else (set(), {})
    except (UnreadableFileError, _UnclearError):
        parts[::2] = _masked_broken_text(source, lines)
        return "".join(parts)
    shown = [_masked_line(at, line, hidden, heads) for at, line in enumerate(lines)]
    parts[::2] = _without_look_alikes(shown, set(heads) - hidden)
    return "".join(parts)


def mask_other_secrets(parts: front_matter.Parts) -> str:
    """Front matter that is not YAML, line for line: as it is where no field of it, and nothing in its text, names a
    secret; else hidden from the first line on that could.
    """
    source = parts.source
    try:
        fields = front_matter.parsed(parts).fields
    except UnreadableFileError:
        fields = {}
    if fields and not _NAME.search(source) and not _names_secret(fields):
        return source
    lines = _BREAK.split(source)
    lines[::2] = _hidden_from(next((at for at, line in enumerate(lines[::2]) if _SUSPECT.search(line)), 0), lines[::2])
    return "".join(lines)


def _names_secret(value: object) -> bool:
    if isinstance(value, dict):
        return any(key.strip().casefold() in _FOLDED or _names_secret(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_names_secret, value))


def _masked_line(at: int, line: str, hidden: set[int], heads: dict[int, str]) -> str:
    if at in hidden:
        return MASK if line.strip() else line
    return f"{heads[at]}: {MASK}" if at in heads else line


def _secret_lines(root: yaml.Node, lines: list[str]) -> tuple[set[int], dict[int, str]]:
    """The lines to hide, and of those where a secret field begins what may be shown: up to the field's name."""
    times = Counter(id(child) for node in _nodes(root) for child in _children(node))
    hidden: set[int] = set()
    names: dict[int, tuple[int, str]] = {}
    for node in _nodes(root):
        if isinstance(node, yaml.ScalarNode) and _NAMED.search(node.value):
            hidden.update(_lines_of(node, lines))
        for key, value, end in _secrets(node):
            if any(times[id(each)] > 1 for each, _ in node.value):
                raise _UnclearError
            at, column = _at(key.start_mark)
            hidden.update(range(at + 1, _last_line(end, lines) + 1))
            names[at] = min((column, key.value.strip()), names.get(at, (column, key.value.strip())))
            elsewhere = (each for each in _nodes(value) if not _at(key.end_mark) <= _at(each.start_mark) < _at(end))
            for each in elsewhere:
                hidden.update(_lines_of(each, lines))
    return hidden, {at: lines[at][:column] + name for at, (column, name) in names.items()}


def _secrets(node: yaml.Node) -> Iterator[tuple[yaml.Node, yaml.Node, yaml.Mark]]:
    """The secret fields of a record: name, value, and where the next field begins or the record ends."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    ends = [key.start_mark for key, _ in pairs[1:]] + [node.end_mark]
    for (key, value), end in zip(pairs, ends, strict=False):
        if isinstance(key, yaml.ScalarNode) and key.value.strip().casefold() in _FOLDED:
            yield key, value, end


def _masked_broken_text(source: str, lines: list[str]) -> list[str]:
    """Broken text, hidden from the first line on that could name a secret; wholly where an alias could bring one in."""
    suspect = (at for at, line in enumerate(lines) if _SUSPECT.search(line))
    return _hidden_from(0 if _ALIAS.search(source) else next(suspect, len(lines)), lines)


def _hidden_from(first: int, lines: list[str]) -> list[str]:
    return [MASK if at >= first and line.strip() else line for at, line in enumerate(lines)]


def _without_look_alikes(lines: list[str], fields: Iterable[int]) -> list[str]:
    """Lines that look as if they held a secret field, such as comments, hidden with all below that belongs to them."""
    known, shown, depth = set(fields), [], None
    for at, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if depth is not None and (line.lstrip().startswith("#") or not line.strip() or indent > depth):
            shown.append(MASK if line.strip() else line)
            continue
        depth = indent if at not in known and _NAMED.search(line) else None
        shown.append(line if depth is None else MASK)
    return shown


def _nodes(start: yaml.Node) -> Iterator[yaml.Node]:
    """A node and those below it, each once however often aliases repeat it."""
    waiting, seen = [start], set()
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            waiting.extend(_children(node))
            yield node


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [each for pair in node.value for each in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _at(mark: yaml.Mark) -> Place:
    return mark.line, mark.column


def _lines_of(node: yaml.Node, lines: list[str]) -> range:
    return range(node.start_mark.line, _last_line(node.end_mark, lines) + 1)


def _last_line(end: yaml.Mark, lines: list[str]) -> int:
    """The last line that something has part in which ends at a mark."""
    here = end.line < len(lines) and lines[end.line][: end.column].strip(" \t-?")
    return int(end.line) if here else int(end.line) - 1


AGAIN = "If the corpus has changed, reload it."


def masked_front_matter(source: str | os.PathLike[str], path: str) -> str:
    """The front matter of one article file as it is now, the lines around it included, so that lines keep their number.

    `source` is what the corpus was loaded from, `path` the article's. Secret fields are hidden (`mask_yaml_secrets`).
    Raises CorpusError when there is no such file below the source, or when it cannot be read as an article any more.
    """
    try:
        text, _ = front_matter.decode(_bytes(source, path))
        parts = front_matter.split(text, expected=True)
    except UnreadableFileError as error:
        raise CorpusError(f"The front matter of {path} cannot be shown. {CODES[error.code].meaning} {AGAIN}") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise CorpusError(f"The file {path} cannot be read: {why}. {AGAIN}") from None
    if parts is None:
        raise CorpusError(f"The file {path} has no front matter now. {AGAIN}")
    if parts.format == "YAML":
        return f"---\n{mask_yaml_secrets(parts.source)}---"
    shown, fence = mask_other_secrets(parts), parts.opening
    return f"{fence}\n{shown}{fence[:3]}" if fence else shown


def _bytes(source: str | os.PathLike[str], path: str) -> bytes:
    opened = open_source(source)
    if not isinstance(opened, Folder):
        opened.entries()
    elif not _is_article_of(opened, path):
        raise CorpusError(f"The corpus has no article file {path}. {AGAIN}")
    return opened.read(path)


def _is_article_of(folder: Folder, path: str) -> bool:
    """Whether a path is that of a file which the corpus would read: below the root, in no folder that is left out.

    A link is none, nor is what lies in a linked folder.
    """
    if folder.only is not None:
        return path == escaped_path(folder.only)
    if "\0" in path or {"", ".", ".."} & set(path.split("/")) or role(path) != "article":
        return False
    file = Path(folder.file_of(path))
    return file.is_file() and file == Path(os.path.realpath(file))
