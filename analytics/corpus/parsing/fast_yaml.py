"""Front matter read the fast way, where it is certain to mean the same.

yaml-rs reads YAML 1.2 several times faster than PyYAML's C loader reads YAML 1.1. It is asked only about text that
holds none of the things in which the two differ (`doubtful`), and its answer is kept only when the readers then find
nothing to note (`parse`): whatever is odd is read again by PyYAML, which is the reference. Tests compare both on real
and made-up text.
"""

import re
import threading
from typing import Any

try:
    from yaml_rs import YAMLDecodeError, __version__, loads

    VERSION = f"yaml-rs {__version__}"
except ImportError:  # pragma: no cover - no wheel for this platform: PyYAML reads everything
    loads, VERSION = None, ""  # type: ignore[assignment]

_ORDINARY = bytes([0x0A, *range(0x20, 0x7F), *range(0x80, 0x100)])
_UNUSUAL = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_ESCAPE = re.compile(r'\\[^"\\nrt]')
_END = re.compile(r"\n(?:---|\.\.\.|%)")
"""The line that ends a document or is for the parser."""

_DEEP = re.compile(r"\n[ -]{10}")
"""What every block that is nested deeper than front_matter.MAX_DEPTH has in it; lists in lists never pass."""

_ODD = r"""
      [&*!|>]                                 # an anchor, an alias, a tag, a block scalar
    | [?:](?:\s|$)                            # a complex key, an empty key
    | [-+]?(?:0\w|[0-9]*_|[0-9]{19})          # a number that they take for different ones, or that takes long
    | \{(?!\})                                # a record in braces
    | \[(?!(?:[^]["'{}:?|>&*!#@`%\n]|"[^"\n]*"|'[^'\n]*')*\])       # a list in brackets, but a plain one
    | \[[^]\n]*[0-9]{19}
    """
_ODD_VALUE = re.compile(rf":[ \n]+(?:{_ODD})", re.VERBOSE | re.ASCII)
_ODD_LINE = re.compile(
    rf"""\n[ -]*(?=[-+&*!|>?:{{[0-9_<"'])(?:{_ODD} | ["']?<< | ["'].*["']:\S )""", re.VERBOSE | re.ASCII
)
"""The start of a value and of a line; at that of a line also merge keys, and values right after their quoted keys."""


def fields(source: str) -> dict[str, Any] | None:
    """The fields of a front matter, numbers and booleans already typed; None where only PyYAML can tell.

    It reads in the main thread only, which is where worker processes and the command line parse: called from a thread
    of the dashboard, yaml-rs 0.1.6 was seen to crash the whole process.
    """
    if loads is None or threading.current_thread() is not threading.main_thread() or doubtful(source):
        return None
    try:
        read = loads(source, parse_datetime=False)
    except YAMLDecodeError:
        return None
    return read if isinstance(read, dict) else None


def doubtful(source: str) -> bool:
    """Whether a text holds anything that YAML 1.1 and 1.2, or the two libraries, may read differently."""
    if source.encode().translate(None, _ORDINARY) or source[:1] in " -.%?:&*!|>[{0<\"'":
        return True
    if not source.isascii() and _UNUSUAL.search(source):
        return True
    if "\\" in source and _ESCAPE.search(source):
        return True
    odd = _ODD_LINE.search(source) or _ODD_VALUE.search(source) or _DEEP.search(source) or _END.search(source)
    return odd is not None
