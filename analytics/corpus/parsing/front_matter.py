"""Text of an article file → front matter (YAML, TOML, JSON) as plain values, with lines, and nothing trusted.

Scalars are not typed by YAML's guesses: a plain (unquoted) scalar stays the text that was written, as `Plain`, and each
field's reader decides what it is. So `title: NO` stays text and `quality: "89"` can be told from `quality: 89`.
No tag is ever followed.
"""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from analytics.corpus.limits import MAX_FILE_BYTES, MAX_FRONT_MATTER_CHARS, UnreadableFileError
from analytics.corpus.parsing import non_yaml_front_matter
from analytics.corpus.parsing.front_matter_value_types import HIDDEN, MAX_DEPTH, SECRETS, Plain, RepeatedField, Tagged
from analytics.corpus.parsing.non_yaml_front_matter import HEADER, Format
from analytics.text_normalisation import UNSEEN_SIGNS

try:
    from yaml import CBaseLoader as _Loader

    FAST = True
except ImportError:  # pragma: no cover - PyYAML built without libyaml
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

    FAST = False
MAX_ALIASES = 100

_OPEN = re.compile(
    rf"(\s*)(---(?:[ \t]*(?:ya?ml|toml|json))?|\+\+\+|;;;)([ \t\xa0{UNSEEN_SIGNS}]*)((?:[ \t]#[^\n]*)?)\r?\n",
    re.IGNORECASE,
)
_FORMATS: dict[str, Format] = {"---toml": "TOML", "+++": "TOML", "---json": "JSON", ";;;": "JSON"}
"""The line that front matter begins with → its format, where that is not YAML."""

_BEFORE = re.compile(rf"[\s\x01-\x1f{UNSEEN_SIGNS}]+")
_UNSEEN_BEFORE = re.compile(rf"[\x01-\x08\x0e-\x1f{UNSEEN_SIGNS}]")
"""Signs without width that some programs leave before the text."""

_LINE_END = re.compile(r"\r+\n?|\n")
_OTHER_LINE_ENDS = re.compile(r"\r+\n?|[\n\x85\u2028\u2029]")

_YAML_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
"""Signs that end a line for YAML 1.1 and for no editor: read as blanks, so that lines are counted as editors do."""

_LARGE_FILE_POINTER = "version https://git-lfs.github.com/spec/"
_JSON = re.compile(r"(\s*)(?=\{\s*\")")
_OTHER_KINDS = {
    "JavaScript": re.compile(r"\s*---(?:js|javascript)[ \t]*\r?\n"),
    "Org": re.compile(r"\s*(?:#[^\n]*\n\s*)*?#\+date:", re.IGNORECASE),
    "reStructuredText": re.compile(
        r"\s*(?:(?:([=~^*#\"'-])\1{2,}[ \t]*\r?\n)?[^\n]+\n([=~^*#\"'-])\2{2,}[ \t]*\r?\n\s*|(?=:title:))"
        r"(?::[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?"
        r":(?:title|date|modified|tags|category|slug|authors|summary|lang|template|save_as):",
        re.IGNORECASE,
    ),
    "AsciiDoc": re.compile(r"\s*= [^\n]+\n(?:(?![ \t\r]*\n)[^\n]*\n)*?:(?:page-)?(?:rev)?date:", re.IGNORECASE),
}
"""Front matter that is not read and cannot be taken for anything else; where it is plain text, it has a date, or in
reStructuredText another field of a page (Pelican)."""

_HTML = re.compile(r"\s*<(?:!--|(?:!doctype|\?xml|html|head|title|meta)\b)", re.IGNORECASE)
_END_OF_HEAD = re.compile(r"</head\b|<body\b", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(?:(?!-->).)*(?:-->|\Z)", re.DOTALL)
_META_TAG = re.compile(r"<meta\s[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\s([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'/>]+))")
_YEAR = re.compile(r"\d{4}", re.ASCII)
_TEMPLATE_SIGNS = frozenset("{}%")

_LATER = re.compile(r"^---[ \t]*\r?\n(?=[A-Za-z_][\w-]*:)", re.MULTILINE)
_SEARCHED_CHARS = 5000
_CODE_BLOCK = re.compile(r"(?<=\n)[ \t]*(```|~~~)(?:(?!\1)[^\n]*\n)?(?:(?![ \t]*\1)[^\n]*\n)*[ \t]*\1")
_TITLE_LINE = re.compile(r"^[ \t>]{0,3}[\"']?title[\"']?[ \t]?[:=][ \t]*[^\s*].*$", re.MULTILINE | re.IGNORECASE)
_DATE_LINE = re.compile(
    r"^[ \t>]{0,3}[\"']?(?:publishedDateTime|published|pubDate|date)[\"']?[ \t]?[:=][ \t]*[\"']?\d{4}-\d\d",
    re.MULTILINE | re.IGNORECASE,
)
_CLOSE = {
    "---": re.compile(rf"\n(?:---|\.\.\.)[ \t\xa0{UNSEEN_SIGNS}]*\r?$", re.MULTILINE),
    "+++": re.compile(r"\n\+\+\+[ \t]*\r?$", re.MULTILINE),
    ";;;": re.compile(r"\n;;;[ \t]*\r?$", re.MULTILINE),
}
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")  # a parser's message may quote the text, which may be a secret
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_STANDARD_TAGS = frozenset({"tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"})


class Parts(NamedTuple):
    """The front matter of a text, not parsed yet.

    `source` begins with as many empty lines as stand before the `opening` line in the file, so that lines can be
    counted. `body` is the text below, `notes` are codes of what was passed over, `opening` is the first line of the
    front matter (such as `---`), empty where that is a field.
    """

    format: Format
    source: str
    body: str
    notes: tuple[str, ...]
    opening: str


@dataclass(frozen=True)
class FrontMatter:
    """Fields of one file; `line` gives the line of each field by its dotted name."""

    fields: dict[str, Any]
    body: str = field(repr=False)
    notes: tuple[str, ...] = ()
    root: yaml.MappingNode | None = field(default=None, repr=False)
    other: Parts | None = field(default=None, repr=False)
    """What it was read from, where that is not YAML."""

    @property
    def body_chars(self) -> int:
        """Length of the text below the front matter."""
        return len(self.body)

    def line(self, name: str) -> int | None:
        """Line in the file (from 1) of a dotted field such as `related.2.quality`, or of its nearest parent."""
        if self.other is not None:
            return non_yaml_front_matter.line_of(name, self.other.source) + bool(self.other.opening) if name else None
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
    """Bytes of a file → its text and codes of what was passed over. Raises UnreadableFileError when it is not text."""
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableFileError("too_large", value=f"more than {MAX_FILE_BYTES} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFileError("not_utf8", line=line, value=f"byte 0x{data[error.start]:02x}") from None
    if "\0" in text:
        raise UnreadableFileError("nul_byte", line=text.count("\n", 0, text.index("\0")) + 1)
    notes: tuple[str, ...] = ()
    before = _BEFORE.match(text)
    if before and _UNSEEN_BEFORE.search(before[0]):
        text, notes = _UNSEEN_BEFORE.sub("", before[0]) + text[before.end() :], ("byte_order_mark",)
    if _has_other_line_ends(text):
        text, notes = _OTHER_LINE_ENDS.sub("\n", text), (*notes, "old_line_ends")
    return text, notes


def _has_other_line_ends(text: str) -> bool:
    """Whether the first line ends neither with LF nor with CR and LF."""
    first = _LINE_END.search(text)
    return _YAML_LINE_ENDS.search(text) is not None if first is None else first[0] not in ("\n", "\r\n")


def split(text: str, *, expected: bool = False) -> Parts | None:
    """The front matter of a text; None when it has none. Raises UnreadableFileError.

    Blank lines before it and a word for its format (`---yaml`) are passed over. `Key: value` lines count where they can
    hardly be anything else: with a title, and with a date unless the text is `expected` to have front matter. Front
    matter of a kind that is not read is refused by its name.
    """
    start = _OPEN.match(text)
    if start is None:
        if not text.strip():
            raise UnreadableFileError("empty_file")
        if text.startswith(_LARGE_FILE_POINTER):
            raise UnreadableFileError("large_file_pointer", line=1)
        found = _bare_json(text) or _headers(text, expected=expected)
        if found is None:
            _refuse_other_kinds(text)
            if not expected:
                _refuse_unseen(text)
        return found
    blank, opening = start[1], "".join(start[2].split()).lower()
    end = _CLOSE[opening[:3]].search(text, start.end() - 1)
    lines_before = blank.count("\n")
    if end is None:
        code = "unterminated" if opening.startswith("---") else f"bad_{_FORMATS[opening].lower()}"
        raise UnreadableFileError(
            code, line=1 + lines_before, value="" if code == "unterminated" else f"no closing {opening}"
        )
    source = _within_limit(text[start.end() : end.start() + 1])
    odd = ["odd_opening"] if blank or len(opening) > len("---") or start[3].strip(" \t") or start[4] else []
    if not source.isascii() and _YAML_LINE_ENDS.search(source):
        source, odd = _YAML_LINE_ENDS.sub(" ", source), [*odd, "odd_characters"]
    body = text[end.end() :].strip()
    return Parts(_FORMATS.get(opening, "YAML"), "\n" * lines_before + source, body, tuple(odd), opening)


def _within_limit(source: str) -> str:
    if len(source) > MAX_FRONT_MATTER_CHARS:
        raise UnreadableFileError("front_matter_too_large", value=f"{len(source)} characters")
    return source


def _bare_json(text: str) -> Parts | None:
    start = _JSON.match(text)
    if start is None:
        return None
    end = non_yaml_front_matter.json_end(text, start.end())
    _within_limit(text[start.end() : end])
    return Parts("JSON", text[:end], text[end:].strip(), (), "")


def _headers(text: str, *, expected: bool) -> Parts | None:
    """`Key: value` lines up to the first blank one."""
    if HEADER.match(text) is None:
        return None
    source, _, body = text.replace("\r\n", "\n").partition("\n\n")
    if len(source) > MAX_FRONT_MATTER_CHARS:
        return None
    lines = source.rstrip("\n").split("\n")
    names = {found[1].lower() for line in lines if (found := HEADER.fullmatch(line))}
    unmistakable = all(HEADER.fullmatch(line) or line[:1] in " \t" for line in lines)
    if not unmistakable or "title" not in names or not (expected or "date" in names):
        return None
    return Parts("headers", source, body.strip(), (), "")


def _refuse_other_kinds(text: str) -> None:
    head = text[:_SEARCHED_CHARS]
    for name, pattern in _OTHER_KINDS.items():
        found = pattern.match(head)
        if found:
            raise UnreadableFileError("other_front_matter", line=1, value=name)
    if (line := _line_of_meta_date(head)) is not None:
        raise UnreadableFileError("other_front_matter", line=line, value="HTML meta tags")


def _line_of_meta_date(text: str) -> int | None:
    """The line (from 1) of an HTML page's `<meta name="date" …>` with a date; None for a text without.

    In a layout a template stands for the date of each page: that is none.
    """
    if _HTML.match(text) is None:
        return None
    end = _END_OF_HEAD.search(text)
    for tag in _META_TAG.finditer(_without_comments(text[: end.start()] if end else text)):
        values = {name.lower(): "".join(value) for name, *value in _ATTRIBUTE.findall(tag[0])}
        content = values.get("content", "")
        is_date = _YEAR.search(content) and not _TEMPLATE_SIGNS & {*content}
        if values.get("name", "").lower() == "date" and is_date:
            return text.count("\n", 0, tag.start()) + 1
    return None


def _without_comments(text: str) -> str:
    """HTML with blanks in place of its comments."""
    return _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def _refuse_unseen(text: str) -> None:
    """Raises UnreadableFileError for a text with a title and a date as in front matter, beyond code blocks."""
    head = _CODE_BLOCK.sub("", text[:_SEARCHED_CHARS])
    title = _TITLE_LINE.search(head)
    if title and _DATE_LINE.search(head):
        if _LATER.search(head):
            raise missing_front_matter_error(text)
        raise UnreadableFileError("front_matter_not_seen", line=text.count("\n", 0, text.index(title[0])) + 1)


def missing_front_matter_error(text: str) -> UnreadableFileError:
    """The error for a text that should have front matter and in which `split` finds none."""
    later = _LATER.search(text[:_SEARCHED_CHARS])
    if later:
        return UnreadableFileError("late_front_matter", line=text.count("\n", 0, later.start()) + 1)
    return UnreadableFileError("no_front_matter", line=1)


def read(data: bytes, *, expected: bool = False) -> FrontMatter | None:
    """Front matter of a file's bytes; without any None, or an error if it is `expected`. Raises UnreadableFileError."""
    text, notes = decode(data)
    parts = split(text, expected=expected)
    if parts is None:
        if expected:
            raise missing_front_matter_error(text)
        return None
    return parsed(parts._replace(notes=(*notes, *parts.notes)))


def parsed(parts: Parts) -> FrontMatter:
    """Parse front matter to fields. Raises UnreadableFileError."""
    if parts.format != "YAML":
        return _parsed_other(parts)
    root = yaml_node(parts.source)
    if root is None:
        return FrontMatter({}, parts.body, parts.notes)
    if not isinstance(root, yaml.MappingNode):
        raise UnreadableFileError("not_a_mapping", line=2)
    return FrontMatter(_mapping(root, {}, 1), parts.body, parts.notes, root)


def _parsed_other(parts: Parts) -> FrontMatter:
    lines_above = 1 if parts.opening else 0
    try:
        fields = non_yaml_front_matter.fields(parts.format, parts.source)
    except UnreadableFileError as error:
        line = None if error.line is None else error.line + lines_above
        raise UnreadableFileError(error.code, line=line, value=error.value) from None
    if not isinstance(fields, dict):
        raise UnreadableFileError("not_a_mapping", line=1 + lines_above)
    return FrontMatter(fields, parts.body, parts.notes, other=parts)


_LIBYAML_TOO_DEEP = "exceeded maximum nesting depth"
"""What newer builds of libyaml say of themselves, before the exact check sees a thousand brackets."""


def yaml_node(source: str) -> yaml.Node | None:
    """YAML text → node tree with marks, within the limits of depth and aliases. Raises UnreadableFileError."""
    try:
        if _may_be_hostile(source):
            _check_limits(source)
        return yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else None
        if error.problem == _LIBYAML_TOO_DEEP:
            raise UnreadableFileError("too_deep", line=line) from None
        raise UnreadableFileError("bad_yaml", line=line, value=_QUOTED.sub("…", str(error.problem or ""))) from None
    except yaml.YAMLError as error:
        raise UnreadableFileError("bad_yaml", value=str(getattr(error, "reason", "unreadable"))) from None


def node_to_python(node: yaml.Node) -> Any:
    """A composed node as plain values: dict, list, str, `Plain`, `Tagged`, `RepeatedField` or None.

    Raises UnreadableFileError when it is nested too deeply.
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
                raise UnreadableFileError("too_many_aliases", line=_line(event))
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise UnreadableFileError("too_deep", line=_line(event))
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
        raise UnreadableFileError("too_deep", line=node.start_mark.line + 2)
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
        if key in fields and (isinstance(fields[key], RepeatedField) or not _same(fields[key], value)):
            value = RepeatedField(key)
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
