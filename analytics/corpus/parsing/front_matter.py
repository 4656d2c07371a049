"""Text of an article file → front matter as plain values, with lines, and nothing trusted.

Scalars are not typed by YAML's guesses: a plain (unquoted) scalar stays the text that was written, as `Plain`, and each
field's reader decides what it is. So `title: NO` stays text and `quality: "89"` can be told from `quality: 89`.
No tag is ever followed.
"""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from analytics.corpus.limits import MAX_FILE_BYTES, MAX_FRONT_MATTER_CHARS, FrontMatterError

try:
    from yaml import CBaseLoader as _Loader

    FAST = True
except ImportError:  # pragma: no cover - PyYAML built without libyaml
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

    FAST = False
MAX_DEPTH = 32
MAX_ALIASES = 100

_OPEN = re.compile(r"(\s*)---(ya?ml)?[ \t]*\r?\n")
_BEFORE = "\ufeff\u200b\u2060"
"""Signs without width that some programs leave before the text."""

_YAML_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
"""Signs that end a line for YAML 1.1 and for no editor: read as blanks, so that lines are counted as editors do."""

_LARGE_FILE_POINTER = "version https://git-lfs.github.com/spec/"
_TOML = re.compile(r"\s*(?:\+\+\+|---toml)[ \t]*\r?\n")
_JSON = re.compile(r"\s*(?:;;;|---json)[ \t]*\r?\n|\s*\{\s*\"")
_LATER = re.compile(r"^---[ \t]*\r?\n(?=[A-Za-z_][\w-]*:)", re.MULTILINE)
_SEARCHED_CHARS = 5000
_CLOSE = re.compile(r"\n(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")  # a parser's message may quote the text, which may be a secret
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_STANDARD_TAGS = frozenset({"tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"})


class Plain(str):
    """A scalar written without quotation marks."""

    __slots__ = ()


class Tagged(str):
    """A value that carries a YAML tag of its own; the text is the tag."""

    __slots__ = ()


class Doubled(str):
    """A field that stands more than once with different values; the text is the field's name."""

    __slots__ = ()


SECRETS = frozenset({"secured", "featuredContent"})
"""Fields whose value is never read in, only whether it is there."""

HIDDEN = Tagged("(not read in)")


@dataclass(frozen=True)
class FrontMatter:
    """Fields of one file; `lines` gives the line of each field by its dotted name."""

    fields: dict[str, Any]
    body_chars: int
    notes: tuple[str, ...] = ()
    root: yaml.MappingNode | None = field(default=None, repr=False)

    def line(self, name: str) -> int | None:
        """Line in the file (from 1) of a dotted field such as `related.2.quality`, or of its nearest parent."""
        if self.root is None:
            return None
        node: yaml.Node = self.root
        line = 2
        for part in name.split("."):
            found = _child(node, part)
            if found is None:
                break
            line, node = found
        return line


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Bytes of a file → its text and codes of what was passed over. Raises FrontMatterError when it is not text."""
    if len(data) > MAX_FILE_BYTES:
        raise FrontMatterError("too_large", value=f"more than {MAX_FILE_BYTES} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FrontMatterError("not_utf8", line=line, value=f"byte 0x{data[error.start]:02x}") from None
    if "\0" in text:
        raise FrontMatterError("nul_byte", line=text.count("\n", 0, text.index("\0")) + 1)
    notes: tuple[str, ...] = ()
    if text[:1] in tuple(_BEFORE):
        text, notes = text.lstrip(_BEFORE), ("byte_order_mark",)
    if "\r" in text and "\n" not in text:
        text, notes = text.replace("\r", "\n"), (*notes, "old_line_ends")
    return text, notes


class Parts(NamedTuple):
    """The front matter of a text, with as many lines before it as the file has before its first field but one, the
    length of the body, and codes of what was passed over."""

    source: str
    body_chars: int
    notes: tuple[str, ...]


def split(text: str) -> Parts | None:
    """The front matter of a text; None when it has none. Raises FrontMatterError.

    Blank lines before it and `---yaml` are passed over. Front matter of another kind is refused by its kind.
    """
    start = _OPEN.match(text)
    if start is None:
        if not text.strip():
            raise FrontMatterError("empty_file")
        if text.startswith(_LARGE_FILE_POINTER):
            raise FrontMatterError("large_file_pointer", line=1)
        if _TOML.match(text):
            raise FrontMatterError("other_front_matter", line=1, value="TOML")
        return None
    end = _CLOSE.search(text, start.end() - 1)
    lines_before = start[1].count("\n")
    if end is None:
        raise FrontMatterError("unterminated", line=1 + lines_before)
    source = text[start.end() : end.start() + 1]
    if len(source) > MAX_FRONT_MATTER_CHARS:
        raise FrontMatterError("front_matter_too_large", value=f"{len(source)} characters")
    odd = ["odd_opening"] if start[1] or start[2] else []
    if not source.isascii() and _YAML_LINE_ENDS.search(source):
        source, odd = _YAML_LINE_ENDS.sub(" ", source), [*odd, "odd_characters"]
    return Parts("\n" * lines_before + source, len(text[end.end() :].strip()), tuple(odd))


def why_none(text: str) -> FrontMatterError:
    """Why a text that should have front matter has none that `split` finds."""
    if _JSON.match(text):
        return FrontMatterError("other_front_matter", line=1, value="JSON")
    later = _LATER.search(text[:_SEARCHED_CHARS])
    if later:
        return FrontMatterError("late_front_matter", line=text.count("\n", 0, later.start()) + 1)
    return FrontMatterError("no_front_matter", line=1)


def read(data: bytes, *, expected: bool = False) -> FrontMatter | None:
    """Front matter of a file's bytes; None for a text without any, unless it is `expected`. Raises FrontMatterError."""
    text, notes = decode(data)
    parts = split(text)
    if parts is None:
        if expected:
            raise why_none(text)
        return None
    return parsed(parts.source, parts.body_chars, (*notes, *parts.notes))


def parsed(source: str, body_chars: int, notes: tuple[str, ...] = ()) -> FrontMatter:
    """Front matter of the text between the two `---` lines. Raises FrontMatterError."""
    root = compose(source)
    if root is None:
        return FrontMatter({}, body_chars, notes)
    if not isinstance(root, yaml.MappingNode):
        raise FrontMatterError("not_a_mapping", line=2)
    return FrontMatter(_mapping(root, {}, 1), body_chars, notes, root)


_LIBYAML_TOO_DEEP = "exceeded maximum nesting depth"
"""What newer builds of libyaml say of themselves, before the exact check sees a thousand brackets."""


def compose(source: str) -> yaml.Node | None:
    """YAML text → node tree with marks, within the limits of depth and aliases. Raises FrontMatterError."""
    try:
        if _may_be_hostile(source):
            _check_limits(source)
        return yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else None
        if error.problem == _LIBYAML_TOO_DEEP:
            raise FrontMatterError("too_deep", line=line) from None
        raise FrontMatterError("bad_yaml", line=line, value=_QUOTED.sub("…", str(error.problem or ""))) from None
    except yaml.YAMLError as error:
        raise FrontMatterError("bad_yaml", value=str(getattr(error, "reason", "unreadable"))) from None


def node_to_python(node: yaml.Node) -> Any:
    """A composed node as plain values: dict, list, str, `Plain`, `Tagged`, `Doubled` or None.

    Raises FrontMatterError when it is nested too deeply.
    """
    return _value(node, {}, 1)


def _may_be_hostile(source: str) -> bool:
    """Whether the text could nest deeply or repeat itself, so that the slow exact check is worth its time."""
    openers = source.count("[") + source.count("{") + source.count("- ") + source.count("? ")
    return openers > 500 or "*" in source or "\n" + " " * MAX_DEPTH in source


def _check_limits(source: str) -> None:
    depth = aliases = 0
    for event in yaml.parse(source, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            aliases += 1
            if aliases > MAX_ALIASES:
                raise FrontMatterError("too_many_aliases", line=_line(event))
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise FrontMatterError("too_deep", line=_line(event))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _line(event: yaml.Event) -> int | None:
    return event.start_mark.line + 2 if event.start_mark else None


def _value(node: yaml.Node, seen: dict[int, Any], depth: int) -> Any:
    if id(node) in seen:
        return seen[id(node)]
    if node.tag not in _STANDARD_TAGS:
        return Tagged(node.tag)
    if isinstance(node, yaml.ScalarNode):
        if node.style:
            return node.value
        return None if node.value in _NULLS else Plain(node.value)
    if depth > MAX_DEPTH:
        raise FrontMatterError("too_deep", line=node.start_mark.line + 2)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, seen, depth)
    items: list[Any] = []
    seen[id(node)] = items
    items.extend(_value(child, seen, depth + 1) for child in node.value)
    return items


def _mapping(node: yaml.MappingNode, seen: dict[int, Any], depth: int) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    seen[id(node)] = fields
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "(a key that is not text)"
        value = _hidden(value_node, seen) if key in SECRETS else _value(value_node, seen, depth + 1)
        if key in fields and (isinstance(fields[key], Doubled) or not _same(fields[key], value)):
            value = Doubled(key)
        fields[key] = value
    return fields


def _hidden(root: yaml.Node, seen: dict[int, Any]) -> Any:
    """Whether there is a value, in place of the value, which no alias elsewhere in the record can bring back."""
    waiting, empty = [root], False
    if isinstance(root, yaml.ScalarNode):
        empty = not root.value.strip() or (root.value in _NULLS and not root.style)
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen[id(node)] = HIDDEN
            pairs = node.value if isinstance(node, yaml.MappingNode) else []
            waiting.extend(each for pair in pairs for each in pair)
            waiting.extend(node.value if isinstance(node, yaml.SequenceNode) else [])
    return None if empty else HIDDEN


def _same(one: Any, other: Any) -> bool:
    """Whether two values are equal; each pair is looked at once, however often aliases repeat it."""
    compared: set[tuple[int, int]] = set()
    pairs = [(one, other)]
    while pairs:
        a, b = pairs.pop()
        if a is b or (id(a), id(b)) in compared:
            continue
        compared.add((id(a), id(b)))
        if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
            pairs.extend((a[key], b[key]) for key in a)
        elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
            pairs.extend(zip(a, b, strict=True))
        elif isinstance(a, dict | list) or isinstance(a, Tagged) != isinstance(b, Tagged) or a != b:
            return False
    return True


def _child(node: yaml.Node, part: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return key.start_mark.line + 2, value
    elif isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
        child = node.value[int(part)]
        return child.start_mark.line + 2, child
    return None
