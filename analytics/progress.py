"""Progress of long work: one callback signature for reading, writing, the command line and the app."""

from typing import Protocol


class Progress(Protocol):
    """A callback that gets how much is done, how much there is in all, and what was done last."""

    def __call__(self, done: int, total: int, label: str = "", /) -> None: ...
