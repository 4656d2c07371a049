"""How far long work is: one signature for reading, writing, the command line and the app."""

from typing import Protocol


class Progress(Protocol):
    """Called with how much is done, of how much in all, and what was done last."""

    def __call__(self, done: int, total: int, label: str = "", /) -> None: ...
