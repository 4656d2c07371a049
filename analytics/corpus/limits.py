MAX_FILE_BYTES = 4_000_000
MAX_FRONT_MATTER_CHARS = 1_000_000


class FrontMatterError(Exception):
    """The file as a whole cannot be read: a code of `codes.CODES`, the line, and what was found."""

    def __init__(self, code: str, *, line: int | None = None, value: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.value = value
