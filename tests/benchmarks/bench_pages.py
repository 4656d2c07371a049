"""Processor time of the server for each page: `python -m tests.benchmarks.bench_pages [CORPUS] [--runs 5]`.

A run is one of the whole script in Streamlit's test harness, which also takes its messages apart; an option is changed
by a run of its card's fragment alone, as the browser asks for it.
"""

import argparse
import os
import time
from functools import partial
from inspect import getclosurevars
from pathlib import Path
from statistics import median

from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest, local_script_runner

from analytics.app import answers, result_cache
from analytics.catalog import PAGES
from tests.app.harness import dashboard
from tests.conftest import SAMPLE

OPTION = ("Topics", "topics_ranked-top")
"""A page, and the key of an option of one of its cards."""


def seconds(at: AppTest) -> float:
    """Processor time of one run of the script. Raises RuntimeError when it fails."""
    start = time.process_time()
    at.run()
    spent = time.process_time() - start
    if at.exception:
        raise RuntimeError(at.exception[0].message)
    return spent


def cold(page: str) -> tuple[float, AppTest]:
    """Time of a page of the loaded corpus of which nothing is cached but the corpus and its history."""
    result_cache._result.clear()
    at = dashboard(page, tables_open=False)
    return seconds(at), at


def changed_option(at: AppTest, key: str, runs: int) -> float:
    """Median time of the fragment of the card in which an option is changed to and fro."""
    widget = at.selectbox(key=key)
    fragment = next(
        name
        for name, run in at._fragment_storage._fragments.items()
        for argument in getclosurevars(run).nonlocals.get("args", ())
        if getattr(argument, "slug", None) == key.split("-")[0]
    )
    times = []
    usual = local_script_runner.RerunData
    try:
        local_script_runner.RerunData = partial(RerunData, fragment_id_queue=[fragment])
        for run in range(runs + 2):
            at.selectbox(key=key).set_value(widget.options[run % 2])
            times.append(seconds(at))
    finally:
        local_script_runner.RerunData = usual
    return median(times[2:])


def main() -> None:
    """Print the times of all pages."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpus", nargs="?", type=Path, default=SAMPLE)
    options.add_argument("--runs", type=int, default=5)
    asked = options.parse_args()
    os.environ["ARTICLE_ANALYTICS_CORPUS"] = str(asked.corpus)
    seconds(dashboard("Heat", tables_open=False))
    print(f"{len(answers.corpus().articles):,} articles; processor seconds, warm: median of {asked.runs}")
    for page in PAGES:
        first, at = cold(page)  # its first tab
        warm = median(seconds(at) for _ in range(asked.runs))
        print(f"{page:12} cold {first:6.2f}  warm {warm:6.2f}")
        if page == OPTION[0]:
            print(f"{'':12} option {OPTION[1]} {changed_option(at, OPTION[1], asked.runs):6.2f}")


if __name__ == "__main__":
    main()
