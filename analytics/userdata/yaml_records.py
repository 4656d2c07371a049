"""What reading a file of named fields takes, whatever they mean: each fault is told with file and line."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Generic, TypeVar

import yaml

from analytics.corpus.limits import FrontMatterError
from analytics.corpus.parsing import front_matter
from analytics.errors import AnalyticsError, UserDataError


def meant(name: str, known: tuple[str, ...]) -> str:
    """What to use instead of a name that is not known."""
    return close(name, known) or f" Use {', '.join(known)}."


def close(name: str, known: tuple[str, ...]) -> str:
    """The known name that was meant, as a question; empty when none is close."""
    found = get_close_matches(name, known, n=1)
    return f" Did you mean {found[0]!r}?" if found else ""


class Reading:
    """One file being read: knows the file, and the line of each thing by the names that lead to it.

    Whatever makes no sense raises KeptError.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self.lines: dict[tuple[str, ...], int] = {}

    def fault(self, node: yaml.Node, message: str) -> UserDataError:
        """The error that says where in the file it is."""
        return UserDataError(f"{self.where}, line {node.start_mark.line + 1}: {message}")

    def fields(self, node: yaml.Node, at: tuple[str, ...], known: tuple[str, ...] = ()) -> dict[str, yaml.Node]:
        """The fields of a record by name: only `known` ones, if these are given, and none twice."""
        if not isinstance(node, yaml.MappingNode):
            raise self.fault(node, "here fields with names are expected.")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self.text(key)
            if known and name not in known:
                raise self.fault(key, f"there is no {name!r}.{meant(name, known)}")
            if name in found:
                raise self.fault(key, f"{name!r} stands twice.")
            found[name] = value
            self.lines[(*at, name)] = key.start_mark.line + 1
        return found

    def text(self, node: yaml.Node) -> str:
        """One value as it is written."""
        if not isinstance(node, yaml.ScalarNode):
            raise self.fault(node, "here one value is expected.")
        return str(node.value)

    def texts(self, node: yaml.Node, at: str) -> tuple[str, ...]:
        """One value or a list of them; none of them twice."""
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found: dict[str, yaml.Node] = {}
        for each in nodes:
            text = self.text(each)
            if text in found:
                raise self.fault(each, f"{text!r} stands twice.")
            found[text] = each
            self.lines[(at, text)] = each.start_mark.line + 1
        return tuple(found)


VERSION = 1

Fields = Mapping[str, str]
T = TypeVar("T")


@dataclass(frozen=True)
class Form:
    """What a file holds: the name of its list, and the fields of a record, some of which can be left out."""

    kind: str
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contents(Generic[T]):
    """What was read: the records that make sense, and a sentence with the line for each that does not."""

    good: tuple[T, ...] = ()
    refused: tuple[str, ...] = ()


def contents(data: bytes | None, form: Form, where: str, make: Callable[[Fields], T]) -> Contents[T]:
    """The records of a file's bytes, each as `make` makes it. Raises KeptError when the file as a whole is damaged."""
    good: list[T] = []
    refused: list[str] = []
    for node in _records(data, form, where):
        try:
            good.append(make(_fields(node, form)))
        except AnalyticsError as error:
            refused.append(f"{where}, line {node.start_mark.line + 1}: {error}")
    return Contents(tuple(good), tuple(refused))


def written(records: Iterable[Fields], form: Form) -> str:
    """The text of a file with these records."""
    rows = [{name: row[name] for name in (*form.needed, *form.optional) if name in row} for row in records]
    body = {"version": VERSION, form.kind: rows}
    return f"# {form.kind.capitalize()} of Article Analytics\n" + yaml.safe_dump(
        body, allow_unicode=True, sort_keys=False, width=100
    )


def _records(data: bytes | None, form: Form, where: str) -> Iterator[yaml.Node]:
    """The nodes of the list, once the file around it has been found to be in order."""
    root = composed(data or b"", where)
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        raise UserDataError(f"{where} is not a file of {form.kind}: it must begin with `version: {VERSION}`.")
    parts = _pairs(root, where)
    version = parts.pop("version", None)
    if version is None or version.value != str(VERSION):
        found = "none" if version is None else str(version.value)[:20]
        raise UserDataError(
            f"{where}: its format has the version {found}, and this program reads {VERSION}. "
            "A newer program may have written it; it was left as it is."
        )
    items = parts.pop(form.kind, None)
    if parts or items is None:
        found = ", ".join(parts) or "nothing"
        raise UserDataError(f"{where} must hold a list {form.kind!r} beside its version; it holds {found}.")
    if isinstance(items, yaml.ScalarNode) and items.value in ("", "~", "null"):
        return
    if not isinstance(items, yaml.SequenceNode):
        raise UserDataError(f"{where}, line {items.start_mark.line + 1}: {form.kind!r} is not a list.")
    yield from items.value


def composed(data: bytes, where: str) -> yaml.Node | None:
    try:
        text, _ = front_matter.decode(data)
        return front_matter.compose(text)
    except FrontMatterError as error:
        offset = 0 if error.code in ("not_utf8", "nul_byte") else 1  # lines of front matter count its `---`
        line = f", line {error.line - offset}" if error.line else ""
        reason = error.value or error.code.replace("_", " ")
        raise UserDataError(f"{where}{line} is damaged: {reason}. Mend it; it was left as it is.") from None


def _fields(node: yaml.Node, form: Form) -> Fields:
    if not isinstance(node, yaml.MappingNode):
        raise UserDataError(f"it is not a record with {', '.join(form.needed)}.")
    pairs = _pairs(node, "")
    known = (*form.needed, *form.optional)
    if unknown := [name for name in pairs if name not in known]:
        raise UserDataError(f"it has {unknown[0]!r}; known are {', '.join(known)}.")
    if missing := [name for name in form.needed if name not in pairs]:
        raise UserDataError(f"it lacks {missing[0]!r}.")
    if odd := [name for name, value in pairs.items() if not isinstance(value, yaml.ScalarNode)]:
        raise UserDataError(f"its {odd[0]!r} is not text.")
    return {name: str(value.value) for name, value in pairs.items()}


def _pairs(node: yaml.MappingNode, where: str) -> dict[str, yaml.Node]:
    """The entries of a mapping. Raises KeptError when one stands twice or its name is not text."""
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else "(not text)"
        if name in found:
            raise UserDataError(
                f"{where + ', ' if where else ''}{name!r} stands twice, the second in line {key.start_mark.line + 1}."
            )
        found[name] = value
    return found
