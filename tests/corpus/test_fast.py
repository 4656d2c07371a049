"""The fast reader against PyYAML, the reference: the same rows, or no answer; and never text that PyYAML refuses."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.corpus.limits import FrontMatterError
from analytics.corpus.parsing import article, chunk, fast_yaml, front_matter
from analytics.corpus.parsing.article import Rows
from tests.conftest import SAMPLE
from tests.corpus.odd_yaml import front_text

PATH = "_news/2024-03-05-a.md"


def compared(source: str) -> str:
    """How the two readers fare with a front matter: `declined`, `same`, or words for how they differ."""
    quick = chunk._fast(PATH, source, 0, ())
    if quick is None:
        return "declined"
    try:
        front = front_matter.parsed(source, 0)
    except FrontMatterError as error:
        return f"PyYAML refuses it: {error.code} {error.value}"
    exact = article.rows(PATH, front)
    return "same" if quick == exact else f"{differences(quick, exact)}"


def differences(one: Rows, other: Rows) -> list[tuple[str, object, object]]:
    """The fields of two rows that differ, with both values."""
    return [(name, a, b) for (name, a), b in zip(vars(one).items(), vars(other).values(), strict=True) if a != b]


def fronts(files: Iterable[Path]) -> list[str]:
    """The front matters of files, where they have one."""
    found = []
    for file in files:
        try:
            parts = front_matter.split(front_matter.decode(file.read_bytes())[0])
        except FrontMatterError:
            continue
        if parts:
            found.append(parts[0])
    return found


def test_the_sample_reads_the_same_and_almost_always_fast() -> None:
    results = [compared(text) for text in fronts(SAMPLE.rglob("*.md"))]
    assert set(results) <= {"same", "declined"}
    assert results.count("declined") < 0.04 * len(results)


@pytest.mark.shared
def test_the_real_corpora_read_the_same(shared: Callable[[str], Path]) -> None:
    texts = fronts(file for name in ("powerapps", "seed") for file in shared(name).rglob("*.md"))
    assert len(texts) > 497
    assert {compared(text) for text in texts} <= {"same", "declined"}


@settings(max_examples=1500, deadline=None)
@given(st.randoms(use_true_random=False))
def test_odd_yaml_reads_the_same_or_not_at_all(rng: Random) -> None:
    source = front_text(rng)
    assert compared(source) in ("same", "declined"), source


@pytest.mark.skipif(not fast_yaml.VERSION, reason="yaml-rs has no wheel for this platform")
def test_only_the_main_thread_reads_the_fast_way() -> None:
    """A thread of a server leaves it to PyYAML, since the library was seen to crash the process there."""
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(fast_yaml.fields("title: A\n")))
    thread.start()
    thread.join()
    assert found == [None]
    assert fast_yaml.fields("title: A\n") == {"title": "A"}
