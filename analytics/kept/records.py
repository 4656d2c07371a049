"""The form of a kept file: YAML with a version and one list of records, whose fields are all text.

Scalars are not typed by YAML's guesses, so that `no` is the text "no" and `1e3` is "1e3".
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import yaml

from analytics.corpus import front_matter
from analytics.corpus.front_matter import FrontMatterError
from analytics.errors import AnalyticsError, KeptError

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
        raise KeptError(f"{where} is not a file of {form.kind}: it must begin with `version: {VERSION}`.")
    parts = _pairs(root, where)
    version = parts.pop("version", None)
    if version is None or version.value != str(VERSION):
        found = "none" if version is None else str(version.value)[:20]
        raise KeptError(
            f"{where}: its format has the version {found}, and this program reads {VERSION}. "
            "A newer program may have written it; it was left as it is."
        )
    items = parts.pop(form.kind, None)
    if parts or items is None:
        found = ", ".join(parts) or "nothing"
        raise KeptError(f"{where} must hold a list {form.kind!r} beside its version; it holds {found}.")
    if isinstance(items, yaml.ScalarNode) and items.value in ("", "~", "null"):
        return
    if not isinstance(items, yaml.SequenceNode):
        raise KeptError(f"{where}, line {items.start_mark.line + 1}: {form.kind!r} is not a list.")
    yield from items.value


def composed(data: bytes, where: str) -> yaml.Node | None:
    try:
        text, _ = front_matter.decode(data)
        return front_matter.compose(text)
    except FrontMatterError as error:
        offset = 0 if error.code in ("not_utf8", "nul_byte") else 1  # lines of front matter count its `---`
        line = f", line {error.line - offset}" if error.line else ""
        reason = error.value or error.code.replace("_", " ")
        raise KeptError(f"{where}{line} is damaged: {reason}. Mend it; it was left as it is.") from None


def _fields(node: yaml.Node, form: Form) -> Fields:
    if not isinstance(node, yaml.MappingNode):
        raise KeptError(f"it is not a record with {', '.join(form.needed)}.")
    pairs = _pairs(node, "")
    known = (*form.needed, *form.optional)
    if unknown := [name for name in pairs if name not in known]:
        raise KeptError(f"it has {unknown[0]!r}; known are {', '.join(known)}.")
    if missing := [name for name in form.needed if name not in pairs]:
        raise KeptError(f"it lacks {missing[0]!r}.")
    if odd := [name for name, value in pairs.items() if not isinstance(value, yaml.ScalarNode)]:
        raise KeptError(f"its {odd[0]!r} is not text.")
    return {name: str(value.value) for name, value in pairs.items()}


def _pairs(node: yaml.MappingNode, where: str) -> dict[str, yaml.Node]:
    """The entries of a mapping. Raises KeptError when one stands twice or its name is not text."""
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else "(not text)"
        if name in found:
            raise KeptError(
                f"{where + ', ' if where else ''}{name!r} stands twice, the second in line {key.start_mark.line + 1}."
            )
        found[name] = value
    return found
