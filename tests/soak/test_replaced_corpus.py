"""Long runs: the files of a corpus are replaced while many readers use the dashboard.

All that a state of the corpus writes carries its mark (titles, outlets, number of articles), so that a page that
shows two states at once is seen.
"""

import asyncio
import re
import shutil
import subprocess
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.benchmarks.bench_readers import LONGEST_WAIT, Figures, Reader, connected
from tests.corpora import Article, article, write
from tests.e2e.conftest import serving

SIZES = (211, 223, 227, 229, 233)
"""Articles of each state: a number that nothing else on a page is likely to be."""
MARKS = re.compile(rb"Mark(\d)Q|\b(" + b"|".join(str(size).encode() for size in SIZES) + rb") articles")
TOPICS = ("AI", "Data", "Energy", "Health")
SECONDS_BETWEEN = 45
"""Longer than the half minute after which changed files are noticed."""


def state(number: int) -> list[Article]:
    """The articles of a state of the corpus."""
    return [
        article(
            title=f"Mark{number}Q story {each}",
            at=f"2025-{1 + each % 6:02}-{1 + each % 28:02}",
            quality=40 + (7 * each + 11 * number) % 60,
            heat=(5 * each + number) % 100,
            published=each % 3 > 0,
            provider=f"Mark{number}Q outlet {each % 5}",
            topics=[TOPICS[each % 4], TOPICS[each * each % 3]],
        )
        for each in range(SIZES[number])
    ]


def marks(drawn: bytes) -> set[int]:
    """The states that a drawn element tells of."""
    found = MARKS.finditer(drawn)
    return {int(each[1]) if each[1] else SIZES.index(int(each[2])) for each in found}


class Watcher(Reader):
    """A reader who looks at all that a page shows each time it is drawn."""

    def watch(self, seen: set[int], mixed: list[str]) -> None:
        """Note the states that pages show in `seen`, and pages that show several in `mix_colours`."""
        self.seen, self.mixed = seen, mixed
        self.shown: dict[tuple[int, ...], set[int]] = {}
        self.known: dict[str, set[int]] = {}
        self.whole, self.now = True, set[int]()
        self.show_now = ""

    def take(self, message: ForwardMsg) -> None:
        """Take in one message."""
        kind, place = message.WhichOneof("type"), tuple(message.metadata.delta_path)
        if kind == "new_session":
            self.whole = not message.metadata.run.fragment_ids
            if self.whole:
                self.shown, self.show_now = {}, ""
        elif kind == "delta":
            self.shown[place] = self.known[message.hash] = marks(message.delta.SerializeToString())
            element = message.delta.new_element
            if element.WhichOneof("type") == "alert" and element.alert.format == Alert.ERROR:
                self.figures.errors.append(element.alert.body)
            if element.WhichOneof("type") == "button" and element.button.label == "Show it now":
                self.show_now = element.button.id
        elif kind == "ref_hash":
            self.shown[place] = self.known[message.ref_hash]
        elif kind == "script_finished" and message.script_finished in (
            ForwardMsg.FINISHED_SUCCESSFULLY,
            ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
        ):
            self.now = set().union(*self.shown.values())
            self.seen |= self.now
            if len(self.now) != 1:
                name = next((name for name, page in self.pages.items() if page == self.page), self.page)
                self.mixed.append(f"{name}, {'whole' if self.whole else 'a part drawn again'}: states {self.now}")
        super().take(message)

    async def press_show_now(self) -> None:
        """Press the button of the message that the corpus has changed, and wait until the new state is drawn."""
        message, drawn = BackMsg(), self.finished
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.widget_states.widgets.add(id=self.show_now, trigger_value=True)
        drawn.clear()
        await self.socket.send(message.SerializeToString())
        await asyncio.wait_for(drawn.wait(), LONGEST_WAIT)

    async def read_on(self, end: float) -> None:
        """Use the dashboard until a time; show the new state at once, or let the next page bring it."""
        await asyncio.sleep(self.chance.uniform(0, 8))
        await self.act("open")
        while time.monotonic() < end:
            await asyncio.sleep(self.chance.uniform(4, 12))
            if self.show_now and self.chance.random() < 0.5:
                await self.press_show_now()
            else:
                await self.act("filter" if self.choices and self.chance.random() < 0.5 else "page")


def replace_at_once(folder: Path, number: int) -> None:
    """Put the next state of a corpus where it lies, as a site's build does."""
    new, old = write(folder.with_name(f"state{number}"), state(number)), folder.with_name("old")
    folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old)


def replace_file_by_file(folder: Path, number: int) -> None:
    """Write the next state of a corpus over what lies there, one file after the other, as a pull does."""
    new = write(folder.with_name(f"state{number}"), state(number))
    files = {each.relative_to(new) for each in new.rglob("*.md")}
    for each in {each.relative_to(folder) for each in folder.rglob("*.md")} - files:
        (folder / each).unlink()
    for each in sorted(files):
        (new / each).replace(folder / each)
        time.sleep(0.01)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The folder of a corpus in its first state."""
    return write(tmp_path / "site", state(0))


def test_pages_of_fifty_readers_show_one_state_while_the_folder_is_replaced(site: Path, tmp_path: Path) -> None:
    figures, seen, mixed = Figures(), set[int](), list[str]()

    async def one(address: str, number: int, end: float) -> None:
        async with connected(address, figures, number, Watcher) as reader:
            reader.watch(seen, mixed)
            await reader.read_on(end)

    async def replace(address: str) -> None:
        for number in range(1, len(SIZES)):
            await asyncio.sleep(SECONDS_BETWEEN)
            await asyncio.to_thread(replace_file_by_file if number == 3 else replace_at_once, site, number)

    async def use(address: str) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(replace(address))
            for number in range(50):
                group.create_task(one(address, number, time.monotonic() + SECONDS_BETWEEN * (len(SIZES) + 1)))

    with serving(site, tmp_path / "log") as address:
        wait_for(use(address))
    assert figures.errors == []
    assert mixed == []
    assert seen == set(range(len(SIZES)))
    assert len(figures.waits) > 500


def wait_for(work: Coroutine[Any, Any, None]) -> None:
    """Run asynchronous work in a thread of its own: Playwright's loop may run in that of the tests."""
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, work).result()


def git(*words: str | Path) -> None:
    """Run git as a person of tests."""
    person = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    subprocess.run(["git", *person, *map(str, words)], check=True, capture_output=True)


def test_a_pull_is_shown_by_the_next_pages(site: Path, tmp_path: Path) -> None:
    git("init", "-q", site)
    git("-C", site, "add", ".")
    git("-C", site, "commit", "-qm", "first")
    git("clone", "-q", site, tmp_path / "clone")

    async def use(address: str) -> None:
        async with connected(address, Figures(), 1, Watcher) as reader:
            mixed = list[str]()
            reader.watch(set(), mixed)
            await reader.act("open")
            assert reader.now == {0}
            replace_file_by_file(site, 1)
            git("-C", site, "add", "-A", ".")
            git("-C", site, "commit", "-qm", "second")
            git("-C", tmp_path / "clone", "pull", "-q")
            end = time.monotonic() + 90  # half a minute until it is noticed, and the time to read it, on any machine
            while reader.now == {0} and time.monotonic() < end:
                await asyncio.sleep(3)
                await reader.act("page")
            assert reader.now == {1}
            assert (reader.figures.errors, mixed) == ([], [])

    with serving(tmp_path / "clone", tmp_path / "log") as address:
        wait_for(use(address))
