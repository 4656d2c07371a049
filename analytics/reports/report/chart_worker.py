"""The child process that turns Vega-Lite charts into pictures; run as a script, it talks over its standard streams.

A process of its own because the engine takes its time zone and locale from the environment it starts in, holds some
350 MB, and must not bring down a server with it. It reaches no network and ends when its input does.
"""

import json
import sys
from typing import Any

import vl_convert

PIXELS_PER_POINT = 2.0


def render(image_format: str, spec: dict[str, Any]) -> bytes:
    """One chart as `svg`, `png` or `pdf`."""
    text = json.dumps(spec)
    if image_format == "png":
        return vl_convert.vegalite_to_png(text, scale=PIXELS_PER_POINT, allowed_base_urls=[])
    if image_format == "pdf":
        return vl_convert.vegalite_to_pdf(text, allowed_base_urls=[])
    return vl_convert.vegalite_to_svg(text, allowed_base_urls=[]).encode()


def main() -> None:
    """Answer each line of standard input, a JSON list of form and chart, with the picture's length and its bytes."""
    for line in sys.stdin:
        image_format, spec = json.loads(line)
        try:
            picture = render(image_format, spec)
        except ValueError as error:
            sys.exit(" ".join(str(error).splitlines()[:2]))
        sys.stdout.buffer.write(f"{len(picture)}\n".encode() + picture)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
