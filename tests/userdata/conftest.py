"""A data folder of its own for each test."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder."""
    monkeypatch.setenv("ARTICLE_ANALYTICS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
