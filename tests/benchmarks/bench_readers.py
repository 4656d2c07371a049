"""How long readers wait: `python -m tests.benchmarks.bench_readers [CORPUS] [--readers 20] [--seconds 120]`.

Each reader is a light client of the dashboard's websocket, without a browser: it opens a page, then over and over
pauses and does one thing (opens another page, or sets or takes back a filter), and waits until the script has run. What
the pages themselves ask for in turns (their timers) is asked for as a browser would.
"""

import argparse
import asyncio
import contextlib
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import TypeVar

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.conftest import SAMPLE
from tests.e2e.conftest import serving

FILTER = "topic"
"""The filter that readers set; its widget is a multiselect in the sidebar."""
LONGEST_WAIT = 180.0
"""Seconds after which an answer counts as an error."""


@dataclass
class Figures:
    """What the readers saw: seconds of each answer by kind of action, and errors."""

    waits: list[tuple[str, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    received: int = 0
    processor: float = 0.0

    def text(self) -> str:
        """The figures as lines."""
        lines = []
        for kind in ["open", "page", "filter", "all after opening"]:
            found = [wait for name, wait in self.waits if name == kind or (kind.startswith("all") and name != "open")]
            if len(found) > 1:
                cuts = quantiles(found, n=100)
                seconds = f"median {median(found):6.2f} s  95 % {cuts[94]:6.2f} s  99 % {cuts[98]:6.2f} s"
                lines.append(f"{kind:18} {len(found):5}  {seconds}")
        each = self.processor / max(1, len(self.waits))
        lines.append(f"server: {self.processor:.1f} processor seconds, {each:.2f} an answer")
        return "\n".join([*lines, f"errors {len(self.errors)}, received {self.received / 1e6:,.0f} MB"])


class Reader:
    """One reader: a session of the dashboard."""

    def __init__(self, socket: ClientConnection, figures: Figures, chance: random.Random) -> None:
        self.socket, self.figures, self.chance = socket, figures, chance
        self.page = ""
        self.pages: dict[str, str] = {}
        self.filter_widget, self.choices = "", list[str]()
        self.timers: dict[str, asyncio.Task[None]] = {}
        self.finished = asyncio.Event()

    async def listen(self) -> None:
        """Take in what the server sends."""
        async for data in self.socket:
            assert isinstance(data, bytes)
            self.figures.received += len(data)
            self.take(ForwardMsg.FromString(data))

    def take(self, message: ForwardMsg) -> None:
        """Take in one message."""
        kind = message.WhichOneof("type")
        if kind == "script_finished":
            if message.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
            ):
                self.finished.set()
        elif kind == "navigation":
            self.page = message.navigation.page_script_hash
            self.pages = {each.page_name: each.page_script_hash for each in message.navigation.app_pages}
        elif kind == "auto_rerun":
            self._start_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "delta":
            self._look_at(message)

    def _look_at(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.figures.errors.append(element.exception.message)
        elif kind == "multiselect" and element.multiselect.query_param_key == FILTER:
            self.filter_widget, self.choices = element.multiselect.id, list(element.multiselect.options)

    def _start_timer(self, fragment: str, interval: float) -> None:
        if fragment not in self.timers:
            self.timers[fragment] = asyncio.create_task(self._poll(fragment, interval))

    async def _poll(self, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            message = BackMsg()
            message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = fragment, True
            message.rerun_script.page_script_hash = self.page
            await self.socket.send(message.SerializeToString())

    async def act(self, kind: str) -> None:
        """Do one thing and wait until the script has run."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        if kind == "page":
            self.page = self.chance.choice([each for each in self.pages.values() if each != self.page])
            message.rerun_script.page_script_hash = self.page
            for timer in self.timers.values():
                timer.cancel()
            self.timers.clear()
        elif kind == "filter":
            state = message.rerun_script.widget_states.widgets.add(id=self.filter_widget)
            chosen = self.chance.sample(self.choices, self.chance.randint(0, 2))
            state.string_array_value.data.extend(chosen)
        else:
            message.rerun_script.query_string = ""
        self.finished.clear()
        start = time.monotonic()
        await self.socket.send(message.SerializeToString())
        try:
            await asyncio.wait_for(self.finished.wait(), LONGEST_WAIT)
        except TimeoutError:
            self.figures.errors.append(f"no answer to {kind} within {LONGEST_WAIT:.0f} s")
        self.figures.waits.append((kind, time.monotonic() - start))

    async def read(self, seconds: float, pause: float) -> None:
        """Open the dashboard and use it for a while."""
        end = time.monotonic() + seconds
        await asyncio.sleep(self.chance.uniform(0, pause))
        await self.act("open")
        while time.monotonic() < end:
            await asyncio.sleep(self.chance.uniform(0.5, 1.5) * pause)
            await self.act("filter" if self.choices and self.chance.random() < 0.5 else "page")


Kind = TypeVar("Kind", bound=Reader)


@contextlib.asynccontextmanager
async def connected(address: str, figures: Figures, seed: int, kind: type[Kind]) -> AsyncIterator[Kind]:
    """A reader of a kind who is connected."""
    url = address.replace("http", "ws") + "/_stcore/stream"
    async with connect(url, subprotocols=["streamlit"], max_size=None, compression=None) as socket:  # type: ignore[list-item]
        one = kind(socket, figures, random.Random(seed))
        listening = asyncio.create_task(one.listen())
        try:
            yield one
            if listening.done():
                listening.result()  # why it no longer listened
        finally:
            for task in [listening, *one.timers.values()]:
                task.cancel()


def server_processes() -> dict[int, list[str]]:
    """What the system says of the programs started by this one, and of those started by them, by number (Linux)."""
    found, parents = dict[int, list[str]](), dict[int, int]()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields, process = stat.read_text().rpartition(")")[2].split(), int(stat.parent.name)
            found[process], parents[process] = fields, int(fields[1])
    ours = {os.getpid()}
    while more := {process for process, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return {process: found[process] for process in ours - {os.getpid()}}


def server_processor() -> float:
    """Processor seconds of the server and its workers so far."""
    return sum(int(fields[11]) + int(fields[12]) for fields in server_processes().values()) / os.sysconf("SC_CLK_TCK")


def server_memory() -> float:
    """Megabytes that the server and its workers hold now; what several share counts once."""
    total = 0
    for process in server_processes():
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1000


async def use(address: str, readers: int, seconds: float, pause: float, seed: int = 1) -> Figures:
    """Let readers use a dashboard for a while; the same seed makes them do the same."""
    figures, before = Figures(), server_processor()

    async def one(number: int) -> None:
        async with connected(address, figures, seed * 1000 + number, Reader) as each:
            await each.read(seconds, pause)

    async with asyncio.TaskGroup() as group:
        for number in range(readers):
            group.create_task(one(number))
    figures.processor = server_processor() - before
    return figures


async def measured(address: str, asked: argparse.Namespace) -> str:
    """The waits, and the memory: after a few readers, at most, after all have left, and after as many once more."""
    await use(address, 5, 30, 4, seed=3)
    with_workers = server_memory()
    await asyncio.sleep(asked.rest)
    memory = [server_memory()]

    async def watch() -> None:
        while True:
            await asyncio.sleep(5)
            memory.append(server_memory())

    left, figures = [], Figures()
    for seed in (2, 1):
        watching = asyncio.create_task(watch())
        figures = await use(address, asked.readers, asked.seconds, asked.pause, seed=seed)
        watching.cancel()
        await asyncio.sleep(asked.rest)
        left.append(server_memory())
    return (
        f"{figures.text()}\nmemory: {with_workers:.0f} MB when the first 5 readers left, {memory[0]:.0f} MB "
        f"{asked.rest:.0f} s later, at most {max(memory):.0f} MB with {asked.readers} readers; "
        f"{asked.rest:.0f} s after all had left {left[0]:.0f} MB, and {left[1]:.0f} MB after as many once more"
    )


def main() -> None:
    """Print the waits."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpus", nargs="?", type=Path, default=SAMPLE)
    options.add_argument("--readers", type=int, default=20)
    options.add_argument("--seconds", type=float, default=120)
    options.add_argument("--pause", type=float, default=8)
    options.add_argument("--rest", type=float, default=0, help="seconds after which memory is looked at again")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(asked.corpus, Path(folder) / "log") as address:
        if asked.rest:
            print(asyncio.run(measured(address, asked)))
        else:
            print(asyncio.run(use(address, asked.readers, asked.seconds, asked.pause)).text())


if __name__ == "__main__":
    main()
