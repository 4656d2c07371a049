"""Run as a program: kill processes that judge, at random points, and see whether what they had acknowledged is there.

Arguments: URL of a store, the number of a session in it, how many processes. Each is killed with SIGKILL: most a few
hundredths of a second after its first judgement, some while they open the store. Prints how many judgements were
acknowledged, and how many are there besides.
"""

import os
import random
import signal
import sys
import time

from analytics.reviews.models import Opinion
from analytics.reviews.store.store import open_store


def judging(url: str, session: int, turn: int, told: int) -> None:
    """Judge until killed; tell each token when its judgement is stored."""
    store = open_store(url)
    items = [item.number for item in store.items(session)]
    for number in range(100_000):
        token = f"{turn}-{number}"
        store.judge(items[number % len(items)], f"Ann {turn}", Opinion("keep", note="x" * 2000, token=token))
        os.write(told, f"{token}\n".encode())


def killed(url: str, session: int, turn: int) -> list[str]:
    """Let a process judge and kill it; the tokens that it told."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            judging(url, session, turn, write)
        finally:
            os._exit(1)
    os.close(write)
    first = os.read(read, 10_000) if turn % 5 else b""
    time.sleep(random.uniform(0, 0.03 if first else 0.1))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(read, "rb") as rest:
        return (first + rest.read()).decode().split()


def main(url: str, session: int, turns: int) -> None:
    """Kill them one after the other."""
    acknowledged: list[str] = []
    for turn in range(turns):
        acknowledged += killed(url, session, turn)
        store = open_store(url)
        stored = [each.opinion.token for item in store.items(session) for each in store.history(item.number)]
        store.close()
        assert len(stored) == len(set(stored)), "a judgement is doubled"
        assert set(acknowledged) <= set(stored), "a judgement is lost"
        assert len(stored) <= len(acknowledged) + turn + 1, "there is what nobody said"
    print(len(acknowledged), len(stored) - len(acknowledged))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
