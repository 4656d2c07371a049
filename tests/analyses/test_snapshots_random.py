"""What changed between two random states of a corpus, against a plain loop over two dicts of records."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.comparison.snapshots import KINDS, article_changes
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from tests.analyses.test_snapshots import NONE, story, told
from tests.corpora import corpus_of, paths_of

URLS = (None, "a.b/1", "a.b/2", "c.d/1")


def states() -> st.SearchStrategy[dict[str, dict[str, Any]]]:
    """A state of a corpus: file → fields; few paths and addresses, so that everything meets."""
    fields = st.fixed_dictionaries(
        {
            "url": st.sampled_from(URLS),
            "domain": st.sampled_from([None, "p.example", "q.example"]),
            "provider": st.sampled_from([None, "P", "Q"]),
            "title": st.sampled_from([None, "T", "U"]),
            "topics": st.sampled_from([None, ["x"], ["x", "y"], ["y", "x"]]),
            "quality": st.sampled_from([None, 3, 70]),
            "heat": st.sampled_from([None, -1, 70]),
            "published": st.sampled_from([None, True, False]),
        }
    )
    paths = st.sampled_from([f"_{folder}/000{number}.md" for folder in "ab" for number in range(3)])
    return st.dictionaries(paths, fields, max_size=6)


def sliced(*several: dict[str, dict[str, Any]]) -> list[Slice]:
    """Each state as a slice: loaded together, taken apart, and named as the states name their files."""
    named = [(number, path) for number, state in enumerate(several) for path in state]
    files = [story(folder=f"_{number}", **several[number][path]) for number, path in named]
    corpus, places = corpus_of(files), dict(zip(paths_of(files), named, strict=True))
    return [Slice(replace(corpus, **_frames(corpus, places, number))) for number in range(len(several))]


def _frames(corpus: Corpus, places: dict[str, tuple[int, str]], number: int) -> dict[str, pd.DataFrame]:
    own = {file: path for file, (state, path) in places.items() if state == number}
    frames = {
        name: frame[frame["path"].isin(own)] for name, frame in vars(corpus).items() if name in ("articles", "topics")
    }
    return {
        name: frame.assign(path=frame["path"].map(own).astype("str")).sort_values(
            "path", kind="stable", ignore_index=True
        )
        for name, frame in frames.items()
    }


def looped(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The changes, found by loops over the two states."""
    same = {path: path for path in sorted(new) if path in old and not _taken(old[path], new[path])}
    came = [path for path in sorted(new) if path not in same]
    left = [path for path in sorted(old) if path not in same]
    rows: list[tuple[Any, ...]] = []
    for by_name in (True, False):
        for path in list(came):
            for before in list(left):
                alike = not by_name or before.rpartition("/")[2] == path.rpartition("/")[2]
                if path in came and alike and new[path]["url"] and new[path]["url"] == old[before]["url"]:
                    rows.append(("moved", path, before, path))
                    same[path] = before
                    came.remove(path)
                    left.remove(before)
    taken = [path for path in came if path in left]
    rows += [("taken over", path, _outlet(old[path]), _outlet(new[path])) for path in taken]
    rows += [("added", path, None, None) for path in came if path not in taken]
    rows += [("removed", path, None, None) for path in left if path not in taken]
    for path, before in same.items():
        rows += _differences(path, old[before], new[path])
    return sorted(rows, key=lambda row: (KINDS.index(row[0]), row[1]))


def _outlet(fields: dict[str, Any]) -> Any:
    return fields["domain"] or fields["provider"]


def _taken(was: dict[str, Any], now: dict[str, Any]) -> bool:
    return all(a and b and a != b for a, b in [(_outlet(was), _outlet(now)), (was["url"], now["url"])])


def _differences(path: str, was: dict[str, Any], now: dict[str, Any]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    names = {True: "published", False: "unpublished", None: "unknown"}
    if was["published"] != now["published"]:
        kind = {True: "published", False: "unpublished", None: "state lost"}[now["published"]]
        rows.append((kind, path, names[was["published"]], names[now["published"]]))
    for field, kind in (("title", "retitled"), ("quality", "quality changed"), ("heat", "heat changed")):
        if was[field] != now[field]:
            rows.append((kind, path, was[field], now[field]))
    if was["provider"] != now["provider"]:
        rows.append(("provider changed", path, was["provider"] or NONE, now["provider"] or NONE))
    if sorted(was["topics"] or []) != sorted(now["topics"] or []):
        rows.append(("topics changed", path, "; ".join(was["topics"] or []), "; ".join(now["topics"] or [])))
    return rows


@pytest.mark.slow
@given(states(), states())
def test_changes_are_those_of_a_loop(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> None:
    table = article_changes(*sliced(old, new))
    assert [tuple(value or None for value in row) for row in told(table)] == [
        tuple(value or None for value in row) for row in looped(old, new)
    ]
