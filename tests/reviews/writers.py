"""Run as a program: many people judge at once, each in a thread of one of several processes.

Arguments: URL of a store, the number of a session, processes, threads in each, judgements of each thread. Prints the
seconds that it took, and the longest that one judgement took.
"""

import os
import sys
import threading
import time

from analytics.reviews.models import Opinion
from analytics.reviews.store.store import open_store


def writing(url: str, session: int, process: int, threads: int, times: int) -> float:
    """Judge in some threads that share a store; the longest that a judgement took."""
    store, longest, failures = open_store(url), [0.0] * threads, []
    items = [item.number for item in store.items(session)]

    def judging(thread: int) -> None:
        person = f"Writer {process}-{thread}"
        try:
            for turn in range(times):
                begun = time.monotonic()
                store.judge(items[turn % len(items)], person, Opinion("keep", note=f"{turn}", token=f"{person}-{turn}"))
                longest[thread] = max(longest[thread], time.monotonic() - begun)
        except Exception as error:
            failures.append(error)

    running = [threading.Thread(target=judging, args=(thread,)) for thread in range(threads)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    store.close()
    if failures:
        raise failures[0]
    return max(longest)


def main(url: str, session: int, processes: int, threads: int, times: int) -> None:
    """Let the processes write, and wait for all of them."""
    begun, children = time.monotonic(), []
    ends = os.pipe()
    for process in range(processes):
        child = os.fork()
        if not child:
            try:
                os.write(ends[1], f"{writing(url, session, process, threads, times)}\n".encode())
            except BaseException as error:
                print(repr(error), file=sys.stderr, flush=True)
                os._exit(1)
            os._exit(0)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    os.close(ends[1])
    with os.fdopen(ends[0]) as told:
        longest = max(map(float, told.read().split()), default=0)
    print(f"{time.monotonic() - begun:.2f} {longest:.3f}")
    sys.exit(max(codes))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
