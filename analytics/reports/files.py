"""The files of a report: all of them put in place whole, or none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analytics import writing
from analytics.errors import ExportError


@contextmanager
def replacing(*targets: Path) -> Iterator[tuple[Path, ...]]:
    """`writing.replacing`, with an ExportError for what the system refuses.

    Nothing is left behind, and what stood there before is untouched.
    """
    try:
        with writing.replacing(*targets) as made:
            yield made
    except OSError as error:
        named = ", ".join(map(str, targets))
        reason = error.strerror or type(error).__name__
        raise ExportError(
            f"{named} {'was' if len(targets) == 1 else 'were'} not written: {reason}. "
            "What stood there before is untouched. Choose another place, or make room there."
        ) from None


def write(target: Path, data: bytes) -> None:
    """Put bytes in place of a file. Raises ExportError: what stood there before is untouched."""
    with replacing(target) as (made,):
        writing.write_new(made, data)
