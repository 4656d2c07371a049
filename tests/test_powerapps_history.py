"""What the history of a real corpus tells, each fact counted here from `git log -p` by other means."""

import re
import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from analytics.analyses.history.commits_and_outages import long_outage_notes
from analytics.analyses.history.lives import lives
from analytics.catalog import VIEWS
from analytics.corpus.loader import load_corpus
from analytics.engine.history_and_reviews import SideData
from analytics.engine.slice import Slice
from analytics.history.loader import load_history

CANVAS = "_news/2021-06-04-canvas-app-settings-have-a-fresh-new-look.md"
EMFLUENCE = "_news/2022-04-20-emfluence-marketing-platform-announces-integration-with-microsoft-power-apps.md"


@pytest.fixture(scope="module")
def site(shared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history") / "site"
    bundle = shared("powerapps-news-2022.bundle")
    subprocess.run(["git", "clone", "--quiet", str(bundle), str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def data(site: Path) -> Slice:
    return Slice(load_corpus(site), None, SideData(load_history(site)))


def shown(site: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(site), *arguments], check=True, capture_output=True, text=True).stdout


def versions(site: Path, path: str) -> Iterator[tuple[float, dict[str, str]]]:
    """The hours and the lines of each version of a file that git log knows, the oldest first."""
    first = None
    for line in reversed(shown(site, "log", "--first-parent", "--format=%ct %H", "--", path).splitlines()):
        seconds, commit = line.split()
        first = first or int(seconds)
        text = shown(site, "show", f"{commit}:{path}")
        yield (int(seconds) - first) / 3600, dict(re.findall(r"^ *(\w+): (.*)$", text, re.MULTILINE))


@pytest.mark.slow
def test_the_life_of_an_article_is_that_of_git_log(site: Path, data: Slice) -> None:
    lifts = [(hours, int(found["heat"]) - int(found["quality"])) for hours, found in versions(site, CANVAS)]
    peak = max(lift for _, lift in lifts)
    row = lives(data.history).set_index("path").loc[CANVAS]
    assert (peak, row["peak_lift"]) == (8, 8)
    assert row["hours_to_peak"] == pytest.approx(next(hours for hours, lift in lifts if lift == peak))
    above = [after - hours for (hours, lift), (after, _) in pairwise(lifts) if lift > 0]
    assert row["hours_above"] == pytest.approx(sum(above))
    assert row["resets"] == 9


@pytest.mark.slow
def test_a_press_release_changes_hands_45_times(site: Path, data: Slice) -> None:
    owners = [found["webUrl"] for _, found in versions(site, EMFLUENCE)]
    swaps = sum(before != now for before, now in pairwise(owners))
    first = VIEWS["slug_takeovers"].answer(data).iloc[0]
    assert (first["path"], first["takeovers"], swaps) == (EMFLUENCE, 45, 45)
    assert (first["lives"], first["quality_low"], first["quality_high"]) == (len(set(owners)), 14, 54)
    assert EMFLUENCE not in set(VIEWS["heat_lives"].answer(data, {"limit": 500})["path"])


@pytest.mark.slow
def test_only_what_is_published_ever_ran_above_its_quality(data: Slice) -> None:
    table = VIEWS["heat_curve"].answer(data, {"by": "state"}).drop_duplicates("group").set_index("group")
    assert table["rose"].to_dict() == {"published": 147, "unpublished": 0}
    assert table["total"].to_dict() == {"published": 189, "unpublished": 147}


def test_half_of_what_warms_is_back_within_two_days(data: Slice) -> None:
    said = VIEWS["time_to_cool"].finding(VIEWS["time_to_cool"].answer(data))
    assert said.startswith("Of 147 lives whose heat rose above quality, half are back after 46 hours [42, 46]")


def test_the_longest_outage_is_the_longest_gap_of_git_log(site: Path, data: Slice) -> None:
    times = sorted(map(int, shown(site, "log", "--first-parent", "--format=%ct").split()))
    gap, end = max((after - before, after) for before, after in pairwise(times))
    first = VIEWS["pipeline_gaps"].answer(data).iloc[0]
    assert (first["hours"], first["to_at"]) == (round(gap / 3600, 1), pd.Timestamp(end, unit="s", tz="UTC"))
    assert len(long_outage_notes(data.history)) == 6


@pytest.mark.slow
def test_no_decision_was_ever_changed_after_publication(site: Path, data: Slice) -> None:
    assert VIEWS["decisions_changed"].answer(data).empty
    diffs = shown(site, "log", "-p", "--no-renames", "--", "_news").split("\ndiff --git ")
    back = [diff for diff in diffs if "\n-published: true" in diff and "\n+published: false" in diff]
    assert len(back) == 1
    assert "\n-webUrl: " in back[0], "it is another article that took the file"
