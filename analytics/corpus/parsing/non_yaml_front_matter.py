"""Front matter that is not YAML (TOML, JSON, plain `Key: value` lines) → the same plain values."""

import json
import re
import tomllib
from datetime import date, datetime, time
from typing import Any, Literal

from analytics.corpus.limits import UnreadableFileError
from analytics.corpus.parsing.front_matter_value_types import HIDDEN, MAX_DEPTH, SECRETS, Plain, RepeatedField

Format = Literal["YAML", "TOML", "JSON", "headers"]

_TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)$")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\(.*\)")
_LONG_KEY = re.compile(
    r"(?:^|[{,\[])[ \t]*+(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+)" + f"{{{MAX_DEPTH}}}", re.MULTILINE
)
"""A dotted key of more parts than are read: tomllib would need the square of their number in time and memory."""

HEADER = re.compile(r"([A-Za-z][\w-]*+):(?:[ \t](.*))?\r?")
"""A line `Key: value`."""

_TOO_LONG = "a number of too many digits"


def fields(kind: Format, source: str) -> Any:
    """The fields of front matter that is not YAML: a dict, or what is no front matter. Lines count from 1 in `source`.

    Raises UnreadableFileError.
    """
    try:
        if kind == "headers":
            return _headers(source)
        return _plain(_toml(source) if kind == "TOML" else _json(source), 1)
    except RecursionError:
        raise UnreadableFileError("too_deep") from None


def line_of(name: str, source: str) -> int:
    """The line of `source` (from 1) where a dotted field, or its nearest parent, seems to be written; 1 for none."""
    at = 0
    for part in (part for part in name.split(".") if not part.isdigit()):
        pattern = rf"(?:^|[\[{{,.])[ \t]*([\"']?)(?P<name>{re.escape(part)})\1[ \t]*[\].=:]"
        found = re.compile(pattern, re.MULTILINE).search(source, at)
        if found is None:
            break
        at = found.start("name")
    return source.count("\n", 0, at) + 1


def _toml(source: str) -> dict[str, Any]:
    long_key = _LONG_KEY.search(source)
    if long_key:
        raise UnreadableFileError("too_deep", line=source.count("\n", 0, long_key.end()) + 1)
    try:
        return tomllib.loads(source, parse_float=Plain)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = _TOML_LINE.search(message)
        what = _QUOTED.sub("…", message[: place.start()] if place else message).strip()
        raise UnreadableFileError("bad_toml", line=int(place[1]) if place else None, value=what) from None
    except ValueError:  # what int() says of too many digits
        raise UnreadableFileError("bad_toml", value=_TOO_LONG) from None


def _json(source: str) -> Any:
    try:
        return json.loads(source, **_JSON_OPTIONS)
    except json.JSONDecodeError as error:
        raise UnreadableFileError("bad_json", line=error.lineno, value=error.msg) from None


def json_end(text: str, start: int) -> int:
    """Where the JSON value ends that begins at `start`. Raises UnreadableFileError; its line counts from 1."""
    try:
        return _DECODER.raw_decode(text, start)[1]
    except json.JSONDecodeError as error:
        raise UnreadableFileError("bad_json", line=error.lineno, value=error.msg) from None
    except RecursionError:
        raise UnreadableFileError("too_deep") from None


def _record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        name = key.encode("utf-8", "replace").decode()  # half of a surrogate pair is no text
        found[name] = RepeatedField(name) if name in found and found[name] != value else value
    return found


_JSON_OPTIONS: dict[str, Any] = {
    "object_pairs_hook": _record,
    "parse_int": Plain,
    "parse_float": Plain,
    "parse_constant": Plain,
}
_DECODER = json.JSONDecoder(**_JSON_OPTIONS)


def _headers(source: str) -> dict[str, Any]:
    """The fields of `Key: value` lines; a line that is indented by four goes on with the value above it."""
    pairs: list[tuple[str, list[str]]] = []
    for line in source.split("\n"):
        header = HEADER.fullmatch(line)
        if header:
            pairs.append((header[1], [(header[2] or "").strip()]))
        elif pairs and line.startswith(("    ", "\t")):
            pairs[-1][1].append(line.strip())
    found = _record([(name, Plain(" ".join(filter(None, lines))) or None) for name, lines in pairs])
    return _plain(found, 1)  # type: ignore[no-any-return]


def _plain(value: Any, depth: int) -> Any:
    """A value as YAML's would be: what is not text as the text that was written, without quotation marks."""
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, bool):
        return Plain(str(value).lower())
    if isinstance(value, date | datetime | time):
        return Plain(value.isoformat())
    if not isinstance(value, dict | list):
        try:
            return Plain(value)
        except ValueError:  # of a number of too many digits
            return Plain(_TOO_LONG)
    if depth > MAX_DEPTH:
        raise UnreadableFileError("too_deep")
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    return {key: _secret(item) if key in SECRETS else _plain(item, depth + 1) for key, item in value.items()}


def _secret(value: Any) -> Any:
    """Whether there is a value, in place of the value."""
    return None if value is None or (isinstance(value, str) and not value.strip()) else HIDDEN
