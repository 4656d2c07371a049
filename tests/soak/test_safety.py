"""Long runs: so many files that worker processes read them, from a folder that shadows what is imported."""

from pathlib import Path

import pytest

from tests.corpora import article, write
from tests.e2e.test_safety import PROGRAM, assert_nothing_ran, shadows


@pytest.mark.parametrize("words", [("check",), ("export", "--out", "tables"), ("report", "--out", "report.html")])
def test_no_command_runs_anything_of_the_current_folder_for_9000_files(
    words: tuple[str, ...], shadows: Path, tmp_path: Path
) -> None:
    corpus = write(tmp_path / "corpus", [article(at="2025-01-02", quality=70, heat=60, topics=["AI"])] * 9_000)
    assert_nothing_ran(PROGRAM, (words[0], str(corpus), *words[1:]), shadows, tmp_path)
