"""A few readers' pages are drawn at once; the others wait, but not for ever."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from analytics.app import page_queue
from analytics.app.page_queue import AT_ONCE, give_up_turn, wait_for_turn


class Reader(threading.Thread):
    """A reader whose page is drawn until `done` is set; before that it may give its turn up."""

    def __init__(self) -> None:
        super().__init__()
        self.told, self.drawing, self.giving_up, self.gave_up, self.done = (threading.Event() for _ in range(5))

    def run(self) -> None:
        with wait_for_turn(self.told.set):
            self.drawing.set()
            self.giving_up.wait(30)
            if not self.done.is_set():
                give_up_turn()
                give_up_turn()
                self.gave_up.set()
            self.done.wait(30)

    def end(self) -> None:
        """Have the page drawn to its end."""
        self.done.set()
        self.giving_up.set()
        self.join()


@contextmanager
def reading(number: int) -> Iterator[list[Reader]]:
    """So many readers, whose pages end with this."""
    with ExitStack() as ends:
        readers = [Reader() for _ in range(number)]
        for reader in readers:
            reader.start()
            ends.callback(reader.end)
        yield readers


def test_who_comes_when_all_turns_are_taken_waits_until_one_is_given_up_or_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_queue, "LONGEST_WAIT", 30)
    with reading(AT_ONCE) as first:
        assert all(reader.drawing.wait(30) and not reader.told.is_set() for reader in first)
        with reading(2) as late:
            assert all(reader.told.wait(30) for reader in late)
            assert not any(reader.drawing.is_set() for reader in late)
            first[0].giving_up.set()
            assert first[0].gave_up.wait(30)
            first[1].end()
            assert all(reader.drawing.wait(30) for reader in late)
    with reading(AT_ONCE) as again:  # every turn came back, and none twice
        assert all(reader.drawing.wait(30) and not reader.told.is_set() for reader in again)
    with pytest.raises(ValueError, match="released too many times"):
        page_queue._turns.release()


def test_who_has_waited_long_is_drawn_out_of_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_queue, "LONGEST_WAIT", 0.01)
    with reading(AT_ONCE + 1) as readers:
        assert all(reader.drawing.wait(30) for reader in readers)
