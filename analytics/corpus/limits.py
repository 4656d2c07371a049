"""Limits for what is read of a corpus, and the error of a file that cannot be read."""

from datetime import date

MAX_FILE_BYTES = 4_000_000
MAX_FRONT_MATTER_CHARS = 1_000_000

EARLIEST, LATEST = date(1900, 1, 1), date(2099, 12, 31)
"""The days that an article can be of: one mistyped year would stretch every calendar over thousands of years."""


class UnreadableFileError(Exception):
    """The file as a whole cannot be read: a code of `problem_codes.CODES`, the line, and what was found."""

    def __init__(self, code: str, *, line: int | None = None, value: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.value = value
