"""The history of a real site, held against what `git log -p` prints."""

import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from analytics.corpus.loader import load_corpus
from analytics.history.history_tables import CHANGES, COMMITS, TRACKED, History
from analytics.history.loader import load_history
from tests.corpus.repositories import git

pytestmark = pytest.mark.shared


class Diff(NamedTuple):
    """A file in a commit of the log: new, deleted or changed, and the lines of each field that went or came."""

    commit: str
    path: str
    kind: str
    fields: dict[str, list[str]]


@pytest.fixture(scope="module")
def clone(shared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("clone")
    git(where, "clone", "--quiet", str(shared("powerapps-news-2022.bundle")), "site")
    return where / "site"


@pytest.fixture(scope="module")
def history(clone: Path) -> History:
    return load_history(clone, cache=False)


@pytest.fixture(scope="module")
def log(clone: Path) -> list[Diff]:
    words = ["log", "--first-parent", "--reverse", "-p", "-U9999", "--no-renames", "--format=%x01%H"]
    text = subprocess.run(
        ["git", "-C", str(clone), *words, "--", "_news/*.md"], check=True, capture_output=True
    ).stdout.decode()
    return list(_diffs(text))


def _diffs(text: str) -> Iterator[Diff]:
    """The diffs of a log with all lines of each file, so that a line is known to belong to the field above it."""
    for data in text.split("\x01")[1:]:
        commit, *files = data.split("\ndiff --git ")
        for file in files:
            head, _, body = file.partition("\n@@")
            kind = "new" if "\nnew file" in head else "deleted" if "\ndeleted file" in head else "changed"
            fields: defaultdict[str, list[str]] = defaultdict(list)
            field = ""
            for line in body.splitlines()[1:]:
                if named := re.match(r".(\w+):", line):
                    field = named[1]
                if line[:1] in "+-" and line[1:].strip():
                    fields[field].append(line)
            yield Diff(commit.strip(), head.splitlines()[0].split(" b/")[1], kind, dict(fields))


def another(diff: Diff) -> bool:
    """Whether a diff gives a file to another outlet or address."""
    domains = [line for line in diff.fields.get("provider", []) if re.match(r".  domain:", line)]
    return diff.kind == "changed" and bool({"webUrl", "originalUrl"} & diff.fields.keys() or domains)


@pytest.mark.slow
def test_changes_by_field_are_those_of_the_log(history: History, log: list[Diff]) -> None:
    expected: Counter[str] = Counter()
    for diff in log:
        expected["files"] += 1
        expected["appeared"] += diff.kind == "new" or another(diff)
        expected["removed"] += diff.kind == "deleted" or another(diff)
        if diff.kind == "changed" and not another(diff):
            moved = diff.fields.keys() & set(TRACKED)
            expected.update(moved)
            expected["noise"] += diff.fields.keys() == {"secured"}
            expected["other"] += not moved and diff.fields.keys() != {"secured"}
    changed = history.changes.loc[history.changes["kind"] == "changed", "fields"]
    found = Counter(name for fields in changed for name in fields.split("; "))
    kinds = ["files", "appeared", "removed", "noise", "other"]
    assert found | Counter({name: int(history.commits[name].sum()) for name in kinds}) == +expected
    assert found["heat"] == 1675
    assert history.commits["unreadable"].sum() == 0


@pytest.mark.slow
def test_noise_is_that_of_the_log_in_each_commit(history: History, log: list[Diff]) -> None:
    noise = Counter(diff.commit for diff in log if diff.kind == "changed" and diff.fields.keys() == {"secured"})
    found = history.commits.set_index("commit")["noise"]
    assert found[found > 0].to_dict() == dict(noise)


@pytest.mark.slow
def test_files_that_change_hands_are_found(history: History, log: list[Diff]) -> None:
    gone = history.changes[history.changes["kind"] == "removed"]
    times = gone.groupby("path").size()
    assert times.to_dict() == dict(Counter(diff.path for diff in log if another(diff)))
    lives = history.changes.drop_duplicates("life")
    stories = lives.assign(story=lives["url"].str.partition("?")[0]).drop_duplicates(["path", "domain", "story"])
    hands = stories.groupby("path").size()
    assert (hands > 1).sum() == 8
    assert (lives.drop_duplicates(["path", "domain"]).groupby("path").size() > 1).sum() == 7
    assert times.nlargest(3).tolist() == [45, 32, 26]


def test_no_jump_between_outlets_is_taken_for_heat(history: History) -> None:
    """The only steps of 20 within a life: an article whose quality was 17 for four hours and then 37 again."""
    changes = history.changes[history.changes["kind"] != "removed"]
    steps = changes.groupby("life")["heat"].diff().abs() >= 20
    found = changes[steps]
    assert found["path"].str.contains("data-addiction").tolist() == [True, True]
    assert found[["quality", "heat"]].to_numpy().tolist() == [[17, 17], [37, 37]]
    by_path = changes.groupby("path")["heat"].diff().abs() >= 20
    assert by_path.sum() > 50


LIVES = {
    "2021-03-26-formula-bar-changes": [
        ("acf5388", "2021-05-27T05:41:39", "appeared", 72, 72),
        ("572cf9f", "2021-06-08T18:00:10", "changed", 72, 73),
        ("1291745", "2021-06-10T00:00:08", "changed", 72, 72),
        ("006bf2b", "2021-08-13T10:00:09", "changed", 72, 73),
        ("2c005d7", "2021-08-15T00:00:08", "changed", 72, 72),
    ],
    "2022-10-25-making-it-easier-to-work-with-the-right-environment": [
        ("b1c4e1b", "2022-10-25T18:00:26", "appeared", 72, 72),
        ("02b4c74", "2022-10-25T22:00:18", "changed", 72, 73),
        ("d720f9a", "2022-10-26T00:00:21", "changed", 72, 74),
        ("8856df7", "2022-10-27T00:00:18", "changed", 72, 72),
    ],
    "2021-09-20-data-addiction-connects-universities-and-lifeline-with-power-apps": [
        ("480b456", "2021-09-20T18:00:28", "appeared", 37, 37),
        ("03119a7", "2021-10-01T02:00:17", "removed", 37, 37),
        ("03119a7", "2021-10-01T02:00:17", "appeared", 37, 37),
        ("11dd68b", "2021-10-01T04:00:22", "removed", 37, 37),
        ("11dd68b", "2021-10-01T04:00:22", "returned", 37, 37),
        ("3e7921e", "2021-10-09T02:00:42", "changed", 17, 17),
        ("531e23e", "2021-10-09T06:00:13", "changed", 37, 37),
    ],
}
"""Read by eye in `git log --first-parent -p`; the last one's address has `?fp=2&fpid=1` for two hours."""


@pytest.mark.parametrize("name", LIVES)
def test_lives_read_by_hand(history: History, name: str) -> None:
    rows = history.changes[history.changes["path"] == f"_news/{name}.md"]
    found = zip(
        rows["commit"].str[:7],
        rows["committed_at"].dt.strftime("%Y-%m-%dT%H:%M:%S"),
        rows["kind"],
        rows["quality"],
        rows["heat"],
        strict=True,
    )
    assert list(found) == LIVES[name]


def test_the_last_state_is_the_corpus(clone: Path, history: History) -> None:
    CHANGES.check(history.changes)
    COMMITS.check(history.commits)
    columns = ["path", "domain", "url", "quality", "heat", "published", "title", "provider"]
    latest = history.changes.groupby("life").tail(1)
    latest = latest[latest["kind"] != "removed"].sort_values("path")[columns].astype(object).reset_index(drop=True)
    articles = load_corpus(clone, cache=False).articles[columns].astype(object)
    differing = (latest != articles) & ~(latest.isna() & articles.isna())
    assert len(latest) == 497
    assert differing.sum().to_dict() == dict.fromkeys(columns, 0)
