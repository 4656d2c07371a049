"""Many people at once, and programs and servers that are killed while they write."""

import subprocess
import sys
import threading
import time
from collections import defaultdict

import pytest

from analytics.errors import ReviewError
from analytics.reviews.models import Opinion, Settlement
from analytics.reviews.store.store import Store, open_store
from tests.conftest import ROOT
from tests.reviews.conftest import schema_on
from tests.reviews.made import begun, candidate
from tests.reviews.postgres import Server

NAMES = tuple("abcdefghij")


def ran(program: str, *words: object) -> str:
    """What a program of the tests prints."""
    command = [sys.executable, "-W", "error", "-m", f"tests.reviews.{program}", *map(str, words)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout


@pytest.mark.slow
def test_twenty_writers_lose_nothing_and_double_nothing(store: Store, rounds: int) -> None:
    session, items = begun(store, *NAMES)
    times = 20 * rounds
    ran("writers", store.url, session, 4, 5, times)
    notes = defaultdict(list)
    said = sorted((each for item in items for each in store.history(item)), key=lambda each: each.number)
    for each in said:
        notes[each.person].append(int(each.opinion.note))
    assert notes == {f"Writer {process}-{thread}": list(range(times)) for process in range(4) for thread in range(5)}
    assert len(store.judgements(session)) == 20 * len(NAMES)
    assert [standing.judged for standing in store.participants(session)] == [len(NAMES)] * 20


def test_what_several_send_at_the_same_moment_is_stored_once(store: Store) -> None:
    session, (one,) = begun(store, "one")
    together, found = threading.Barrier(8), []

    def sending() -> None:
        together.wait()
        found.append(store.judge(one, "Ann", Opinion("keep", token="twice")))
        store.add(session, [candidate("late"), candidate("later")], "Ann")
        store.attend(session, "Ann")
        store.move(session, "settling", "Ann")

    threads = [threading.Thread(target=sending) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == store.history(one) * 8
    assert len(store.history(one)) == 1
    assert [(item.position, item.candidate.path) for item in store.items(session)] == [
        (1, "_news/one.md"),
        (2, "_news/late.md"),
        (3, "_news/later.md"),
    ]
    assert store.stamp(session).split(".")[1:] == [str(session), "1", "2", "3", "1", "1", "0"]


def test_people_who_are_new_to_several_writers_at_the_same_moment_are_put_down_once(store: Store) -> None:
    _, items = begun(store, *NAMES[:8])
    together = threading.Barrier(8)

    def sending(writer: int) -> None:
        spelled = [(str, str.upper, str.lower)[writer % 3](name) for name in ("Bob", "Cem", "Dan")]
        people = spelled if writer % 2 else spelled[::-1]
        together.wait()
        store.settle(items[writer], people[0], Settlement("another look", None, present=tuple(people)))

    threads = [threading.Thread(target=sending, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    decided = store.snapshot().decisions
    assert len(decided) == 8
    assert {name for names in decided["present"] for name in names.split("; ")} | {"Ann"} == set(store.people())
    assert [name.lower() for name in store.people()] == ["ann", "bob", "cem", "dan"]


@pytest.mark.slow
def test_what_a_killed_program_had_acknowledged_is_there(store: Store, rounds: int) -> None:
    session, _ = begun(store, *NAMES)
    turns = 5 * rounds
    acknowledged, besides = map(int, ran("killing", store.url, session, turns).split())
    assert acknowledged >= turns * 4 // 5
    assert besides <= turns


@pytest.mark.slow
@pytest.mark.postgresql
def test_what_was_acknowledged_survives_kills_of_the_database_server(rounds: int) -> None:
    server = Server(durable=True)
    try:
        store = open_store(schema_on(server))
        session, items = begun(store, *NAMES)
        acknowledged: list[list[str]] = [[] for _ in range(4)]
        over = threading.Event()

        def judging(writer: int) -> None:
            while not over.is_set():
                token = f"{writer}-{len(acknowledged[writer])}"
                opinion = Opinion("keep", note="x" * 2000, token=token)
                try:
                    store.judge(items[writer], f"Writer {writer}", opinion)
                except ReviewError:
                    continue
                acknowledged[writer].append(token)

        threads = [threading.Thread(target=judging, args=(writer,)) for writer in range(4)]
        for thread in threads:
            thread.start()
        counts = []
        for _ in range(rounds):
            counts.append(sum(map(len, acknowledged)))
            while sum(map(len, acknowledged)) < counts[-1] + 40:
                time.sleep(0.01)
            server.kill()
            server.start()
        over.set()
        for thread in threads:
            thread.join()
        for writer, tokens in enumerate(acknowledged):
            assert [each.opinion.token for each in store.history(items[writer])] == tokens
        assert len(store.judgements(session)) == 4
        store.close()
    finally:
        server.stop()
