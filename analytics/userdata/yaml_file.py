"""YAML files that people edit: every value is text as written, and every fault is reported with file and line.

`YamlReader` reads a file of named fields (a recipe, review rules), `RecordFile` a list of records (saved selections,
notes), in which a faulty record is reported and the others are read.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml

from analytics.corpus.limits import UnreadableFileError
from analytics.corpus.parsing import front_matter
from analytics.errors import AnalyticsError, UserDataError
from analytics.name_suggestions import did_you_mean_or_list_all
from analytics.settings import data_folder
from analytics.userdata import files

T = TypeVar("T")
FieldPath = tuple[str, ...]
"""The names that lead to a field, such as `("alerts", "problems")`."""


class YamlReader:
    """Reads the nodes of one YAML file. All methods raise UserDataError with file and line.

    `lines` collects the line of each field and list item by its path.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[FieldPath, int] = {}

    def root(self, data: bytes) -> yaml.Node | None:
        """The top node of a file's bytes, within the limits for untrusted front matter; None for an empty file."""
        try:
            text, _ = front_matter.decode(data)
            return front_matter.yaml_node(text)
        except UnreadableFileError as error:
            offset = 0 if error.code in ("not_utf8", "nul_byte") else 1  # lines of front matter count its `---`
            line = f", line {error.line - offset}" if error.line else ""
            reason = error.value or error.code.replace("_", " ")
            raise UserDataError(f"{self.file}{line} is damaged: {reason}. Mend it; it was left as it is.") from None

    def error(self, node: yaml.Node, message: str) -> UserDataError:
        """An error with the file and the line of a node."""
        return UserDataError(f"{self.file}, line {node.start_mark.line + 1}: {message}")

    def fields(self, node: yaml.Node, path: FieldPath = (), known: Iterable[str] = ()) -> dict[str, yaml.Node]:
        """The nodes of a mapping by name; only `known` names, where these are given, and none twice."""
        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, "here fields with names are expected.")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self.text(key)
            if known and name not in known:
                raise self.error(key, f"there is no {name!r}.{did_you_mean_or_list_all(name, known)}")
            if name in found:
                raise self.error(key, f"{name!r} stands twice.")
            found[name] = value
            self.lines[(*path, name)] = key.start_mark.line + 1
        return found

    def values(self, node: yaml.Node, parsers: Mapping[str, Callable[[str], Any]], path: FieldPath) -> dict[str, Any]:
        """The values of a mapping by name, each parsed by the parser of its name."""
        found = self.fields(node, path, parsers)
        return {name: self.value(child, parsers[name]) for name, child in found.items()}

    def text(self, node: yaml.Node) -> str:
        """A single value as it is written."""
        if not isinstance(node, yaml.ScalarNode):
            raise self.error(node, "here one value is expected.")
        return str(node.value)

    def value(self, node: yaml.Node, parse: Callable[[str], T]) -> T:
        """A single value, parsed from its text; an error of the parser gets file and line."""
        text = self.text(node)
        try:
            return parse(text)
        except AnalyticsError as error:
            raise self.error(node, str(error)) from None

    def items(self, node: yaml.Node, parse: Callable[[str], str], path: FieldPath) -> tuple[str, ...]:
        """The values of a list, or one value in place of a list; none of them twice."""
        found: dict[str, None] = {}
        for child in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            text = self.value(child, parse)
            if text in found:
                raise self.error(child, f"{text!r} stands twice.")
            found[text] = None
            self.lines[(*path, text)] = child.start_mark.line + 1
        return tuple(found)


VERSION = "1"
Fields = Mapping[str, str]


class _Dumper(yaml.SafeDumper):
    """Writes what is a line break to YAML only as an escape, so that a text is read back as it was."""


def _text_node(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, '"' if set(text) & set("\x85\u2028\u2029") else None)


_Dumper.add_representer(str, _text_node)


def yaml_text(comment: str, body: Mapping[str, Any]) -> str:
    """A mapping as the text of a YAML file that begins with a comment."""
    return f"# {comment}\n" + yaml.dump(body, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


@dataclass(frozen=True)
class Records(Generic[T]):
    """The records of a file that are valid, and for each of the others a sentence with its line."""

    valid: tuple[T, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordFile:
    """The format of a file with a version and one list of records, whose fields are all text."""

    kind: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """The file in the data folder."""
        return data_folder() / f"{self.kind}.yml"

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of a record in their order."""
        return (*self.required, *self.optional)

    def text(self, records: Iterable[Fields]) -> str:
        """The text of a file with these records; an optional field that is empty is left out."""
        rows = [
            {name: record[name] for name in self.names if name in self.required or record[name]} for record in records
        ]
        return yaml_text(f"{self.kind.capitalize()} of Article Analytics", {"version": int(VERSION), self.kind: rows})

    def parse(self, data: bytes | None, file: str, parse: Callable[[Fields], T]) -> Records[T]:
        """The records of a file's bytes. Raises UserDataError when the file as a whole is damaged."""
        root = YamlReader(file).root(data or b"")
        valid: list[T] = []
        errors: list[str] = []
        for node in [] if root is None else self._record_nodes(root, file):
            try:
                valid.append(parse(self._fields(node)))
            except AnalyticsError as error:
                errors.append(f"{file}, line {node.start_mark.line + 1}: {error}")
        return Records(tuple(valid), tuple(errors))

    def _record_nodes(self, root: yaml.Node, file: str) -> list[yaml.Node]:
        if not isinstance(root, yaml.MappingNode):
            raise UserDataError(f"{file} is not a file of {self.kind}: it must begin with `version: {VERSION}`.")
        fields = _unique_fields(root, f"{file}, ")
        version = fields.pop("version", None)
        if version is None or version.value != VERSION:
            found = "none" if version is None else str(version.value)[:20]
            raise UserDataError(
                f"{file}: its format has the version {found}, and this program reads {VERSION}. "
                "A newer program may have written it; it was left as it is."
            )
        records = fields.pop(self.kind, None)
        if fields or records is None:
            found = ", ".join(fields) or "nothing"
            raise UserDataError(f"{file} must hold a list {self.kind!r} beside its version; it holds {found}.")
        if isinstance(records, yaml.SequenceNode):
            return list(records.value)
        if isinstance(records, yaml.ScalarNode) and records.value in ("", "~", "null"):
            return []
        raise UserDataError(f"{file}, line {records.start_mark.line + 1}: {self.kind!r} is not a list.")

    def _fields(self, node: yaml.Node) -> Fields:
        if not isinstance(node, yaml.MappingNode):
            raise UserDataError(f"it is not a record with {', '.join(self.required)}.")
        fields = _unique_fields(node)
        if unknown := [name for name in fields if name not in self.names]:
            raise UserDataError(f"it has {unknown[0]!r}; known are {', '.join(self.names)}.")
        if missing := [name for name in self.required if name not in fields]:
            raise UserDataError(f"it lacks {missing[0]!r}.")
        if nested := [name for name, value in fields.items() if not isinstance(value, yaml.ScalarNode)]:
            raise UserDataError(f"its {nested[0]!r} is not text.")
        return {name: str(value.value) for name, value in fields.items()}


def _unique_fields(node: yaml.MappingNode, prefix: str = "") -> dict[str, yaml.Node]:
    """The nodes of a mapping by name. Raises UserDataError when a name stands twice."""
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else "(not text)"
        if name in found:
            raise UserDataError(f"{prefix}{name!r} stands twice, the second in line {key.start_mark.line + 1}.")
        found[name] = value
    return found


def change_records(file: RecordFile, read: Callable[[], Records[T]], changed_text: Callable[[list[T]], str]) -> None:
    """Replace a file of the data folder by the text that `changed_text` makes of its records, under its lock.

    Raises UserDataError, and changes nothing, when a record of the file is faulty.
    """
    with files.lock(file.path):
        found = read()
        if found.errors:
            raise UserDataError(f"Nothing was changed, lest something be lost. Mend this first: {found.errors[0]}")
        files.write(file.path, changed_text(list(found.valid)))


def parse_day(field: str, text: str) -> date:
    """A day of a record's field. Raises UserDataError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserDataError(f"{field}: {text} is not a day. Write it as 2024-03-31.") from None
