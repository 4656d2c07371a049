"""Charts as pictures: the same bytes whatever the time zone and the locale of the machine."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile
from textwrap import wrap
from threading import Event, Timer
from typing import IO, Any, Literal, get_args

import pandas as pd

from analytics.catalog.view import View
from analytics.charts.theme import Look
from analytics.errors import ExportError
from analytics.settings import child_environment

Form = Literal["svg", "png", "pdf"]
FORMS: tuple[Form, ...] = get_args(Form)

WIDTH, GAP, STEP = 680, 40, 44
WORDS_A_LINE = 100
PAPER = "#ffffff"

SCRIPT = Path(__file__).with_name("chart_worker.py")
"""Run by its path: the child finds it from wherever the program was started."""

SECONDS = 120
"""How long one chart may take."""


def chart_spec(view: View, table: pd.DataFrame, look: Look, *, heading: Iterable[str] = ()) -> dict[str, Any]:
    """A view's chart of its table as Vega-Lite, sized for paper; `heading` are texts above it, the first its title."""
    spec: dict[str, Any] = view.chart(table, look).to_dict()
    config = spec.setdefault("config", {})
    width = (WIDTH - GAP) // len(spec.get("hconcat", [1]))
    config["view"] = {
        **config.get("view", {}),
        "continuousWidth": width,
        "discreteWidth": {"step": STEP},
        "stroke": "transparent",
    }
    config["font"] = "DejaVu Sans, Liberation Sans, Arial, sans-serif"
    lines = [wrap(text, WORDS_A_LINE) for text in heading]
    if lines:
        spec |= {"background": PAPER, "padding": 12}
        below = [line for text in lines[1:] for line in text]
        spec["title"] = {"text": lines[0], "subtitle": below, "anchor": "start", "offset": 12}
    return spec


def pictures(charts: Iterable[dict[str, Any]], form: Form) -> Iterator[bytes]:
    """The charts as pictures, one after the other; the child process that draws them ends with the iterator.

    Raises ExportError when a chart cannot be drawn, takes longer than `SECONDS`, or the library lacks.
    """
    if find_spec("vl_convert") is None:
        raise ExportError("Charts as files need vl-convert-python: pip install 'article-analytics[reports]'.")
    with TemporaryFile() as said:
        command = [sys.executable, "-P", str(SCRIPT)]
        environment = child_environment(TZ="UTC", LC_ALL="C.UTF-8", LANG="C.UTF-8")
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, env=environment)
        try:
            for spec in charts:
                yield _drawn(child, form, spec, said)
        finally:
            child.kill()
            child.communicate()


def _drawn(child: "subprocess.Popen[bytes]", form: Form, spec: dict[str, Any], said: IO[bytes]) -> bytes:
    """One chart's picture from the child, which is killed when it takes too long."""
    assert child.stdin is not None
    assert child.stdout is not None
    late = Event()
    limit = Timer(SECONDS, _stop, (child, late))
    limit.start()
    try:
        child.stdin.write(json.dumps([form, spec]).encode() + b"\n")
        child.stdin.flush()
        length = int(child.stdout.readline() or 0)
        picture = child.stdout.read(length)
    except BrokenPipeError:
        length, picture = 0, b""
    finally:
        limit.cancel()
    if length and len(picture) == length:
        return picture
    reason = f"it took longer than {SECONDS} seconds" if late.is_set() else _last_line(said)
    raise ExportError(f"A chart could not be drawn ({reason}): {spec.get('description', 'it has no name')}")


def _stop(child: "subprocess.Popen[bytes]", late: Event) -> None:
    late.set()
    child.kill()


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "the drawing program ended early"
