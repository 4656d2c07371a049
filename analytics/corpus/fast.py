"""Front matter read the fast way, where it is certain to mean the same.

yaml-rs reads YAML 1.2 several times faster than PyYAML's C loader reads YAML 1.1. It is asked only about text that
holds none of the things in which the two differ (`doubtful`), and its answer is kept only when the readers then find
nothing to note (`parse`): whatever is odd is read again by PyYAML, which is the reference. Tests compare both on real
and made-up text.
"""

import re
from typing import Any

try:
    from yaml_rs import YAMLDecodeError, loads
except ImportError:  # pragma: no cover - no wheel for this platform: PyYAML reads everything
    loads = None  # type: ignore[assignment]

_ORDINARY = bytes([0x0A, *range(0x20, 0x7F), *range(0x80, 0x100)])
_UNUSUAL = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

_CHECKS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (("\\",), re.compile(r'\\[^"\\nrt]')),  # rarer escapes
    (("&", "*", "!"), re.compile(r"[\s,\[{:][&*!]\S")),  # anchors, aliases, tags
    (("|", ">"), re.compile(r"\s[|>][-+0-9]*[ ]*(?:#.*)?$", re.MULTILINE)),  # block scalars
    (("<",), re.compile("<<")),  # merge keys
    (("\n---", "\n...", "\n%"), re.compile(r"^(?:---|\.\.\.|%)", re.MULTILINE)),  # further documents, directives
    ((" ?", "\n?"), re.compile(r"\s\?(?:\s|$)")),  # complex keys
    ((" 0", " +", " -0", "_"), re.compile(r"[\s,\[][-+]?(?:0[0-9a-zA-Z_]|[0-9]+_)|\s\+[0-9]")),  # numbers of 1.1 only
)
"""Texts that are cheap to look for, and the pattern that decides when one is there."""


def fields(source: str) -> dict[str, Any] | None:
    """The fields of a front matter, numbers and booleans already typed; None where only PyYAML can tell."""
    if loads is None or doubtful(source):
        return None
    try:
        read = loads(source, parse_datetime=False)
    except YAMLDecodeError:
        return None
    return read if isinstance(read, dict) else None


def doubtful(source: str) -> bool:
    """Whether a text holds anything that YAML 1.1 and 1.2, or the two libraries, may read differently."""
    if source.encode().translate(None, _ORDINARY) or source[:1] in "-.%?&*!|>0":
        return True
    if not source.isascii() and _UNUSUAL.search(source):
        return True
    return any(
        any(sign in source for sign in signs) and pattern.search(source) is not None for signs, pattern in _CHECKS
    )
