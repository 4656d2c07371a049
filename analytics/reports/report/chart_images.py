"""Charts as images: the same bytes whatever the time zone and the locale of the machine."""

import json
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from textwrap import wrap
from threading import Event, Timer
from typing import IO, Any, Literal, get_args

import pandas as pd

from analytics.catalog.view import View
from analytics.charts.drawable_text import drawable, drawable_spec
from analytics.charts.theme import CONFIG, Look, without_validation
from analytics.errors import ChartError
from analytics.settings import child_environment

ImageFormat = Literal["svg", "png", "pdf"]
IMAGE_FORMATS: tuple[ImageFormat, ...] = get_args(ImageFormat)

WIDTH, GAP, STEP = 680, 40, 44
CHARACTERS_PER_LINE = 100
PAPER_COLOUR = "#ffffff"

SCRIPT = Path(__file__).with_name("chart_worker.py")
"""Run by its path, so that the child finds it from any working folder."""

TIME_LIMIT = 120
"""Seconds that one chart may take."""


def chart_spec(view: View, table: pd.DataFrame, look: Look, *, heading: Iterable[str] = ()) -> dict[str, Any]:
    """A view's chart of its table as Vega-Lite, sized for paper; `heading` are texts above it, the first its title."""
    with without_validation():
        spec = drawable_spec(view.chart(table, look).to_dict(validate=False))
    config = spec.setdefault("config", {})
    width = (WIDTH - GAP) // len(spec.get("hconcat", [1]))
    config["view"] = {
        **config.get("view", {}),
        "continuousWidth": width,
        "discreteWidth": {"step": STEP},
        "stroke": "transparent",
    }
    config |= CONFIG
    config["font"] = "DejaVu Sans, Liberation Sans, Arial, sans-serif"
    lines = [wrap(drawable(text), CHARACTERS_PER_LINE) for text in heading]
    if lines:
        spec |= {"background": PAPER_COLOUR, "padding": 12}
        below = [line for text in lines[1:] for line in text]
        spec["title"] = {"text": lines[0], "subtitle": below, "anchor": "start", "offset": 12}
    return spec


def render_charts(charts: Iterable[dict[str, Any]], image_format: ImageFormat) -> Iterator[bytes]:
    """The charts as images, one after the other, as `images_or_errors` draws them.

    Raises ChartError when one cannot be drawn.
    """
    with closing(images_or_errors(charts, image_format)) as drawn:
        for image in drawn:
            if isinstance(image, ChartError):
                raise image
            yield image


def images_or_errors(
    charts: Iterable[dict[str, Any]], image_format: ImageFormat
) -> Generator[bytes | ChartError, None, None]:
    """The charts as images, one after the other, with a ChartError in place of one that cannot be drawn.

    A chart that ends the drawing process, or takes longer than `TIME_LIMIT`, costs a new process. The last one ends
    with the iterator.
    """
    waiting = iter(charts)
    failed = True
    while failed:
        failed = False
        with _drawing_process() as (child, errors):
            for spec in waiting:
                try:
                    image: bytes | ChartError = _render_chart(child, image_format, spec, errors)
                except ChartError as error:
                    image, failed = error, True
                yield image
                if failed:
                    break


@contextmanager
def _drawing_process() -> "Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]":
    """A child process that draws, killed at the end, and the file that its error messages go to."""
    with TemporaryFile() as errors:
        command = [sys.executable, "-P", str(SCRIPT)]
        environment = child_environment(TZ="UTC", LC_ALL="C.UTF-8", LANG="C.UTF-8")
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment)
        try:
            yield child, errors
        finally:
            child.kill()
            child.communicate()


def _render_chart(
    child: "subprocess.Popen[bytes]", image_format: ImageFormat, spec: dict[str, Any], errors: IO[bytes]
) -> bytes:
    """The image of one chart from the child, which is killed when it takes too long. Raises ChartError."""
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        line = json.dumps([image_format, spec], allow_nan=False).encode() + b"\n"
    except ValueError as error:
        raise _failure(spec, str(error)) from None
    late = Event()
    limit = Timer(TIME_LIMIT, _kill_late, (child, late))
    limit.start()
    try:
        child.stdin.write(line)
        child.stdin.flush()
        length = int(child.stdout.readline() or 0)
        picture = child.stdout.read(length)
    except BrokenPipeError:
        length, picture = 0, b""
    finally:
        limit.cancel()
    if length and len(picture) == length:
        return picture
    reason = f"it took longer than {TIME_LIMIT} seconds" if late.is_set() else _last_error_line(errors)
    raise _failure(spec, reason)


def _failure(spec: dict[str, Any], reason: str) -> ChartError:
    return ChartError(f"A chart could not be drawn ({reason}): {spec.get('description', 'it has no name')}")


def _kill_late(child: "subprocess.Popen[bytes]", late: Event) -> None:
    late.set()
    child.kill()


def _last_error_line(errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "the drawing program ended early"
