"""The environment variables of the program name the same files for a program that is started in another folder."""

import os
from pathlib import Path

import pytest

from analytics.settings import (
    CACHE,
    FURTHER_NOTES,
    HISTORY,
    HOME,
    REVIEW_RULES,
    REVIEWS,
    make_path_variables_absolute,
)


def test_relative_paths_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (HISTORY, CACHE, HOME, FURTHER_NOTES, REVIEW_RULES):
        monkeypatch.setenv(name, "a/b")
    monkeypatch.setenv(CACHE, "/c")
    monkeypatch.delenv(REVIEW_RULES)
    stores = {"sqlite:///a/r.db": f"sqlite:///{tmp_path}/a/r.db", "postgresql://h/d": "postgresql://h/d"}
    for given, wanted in {
        **stores,
        "sqlite:////r.db": "sqlite:////r.db",
        "sqlite:///:memory:": "sqlite:///:memory:",
    }.items():
        monkeypatch.setenv(REVIEWS, given)
        make_path_variables_absolute()
        assert os.environ[REVIEWS] == wanted
    assert [os.environ[name] for name in (HISTORY, HOME, FURTHER_NOTES)] == [f"{tmp_path}/a/b"] * 3
    assert (os.environ[CACHE], REVIEW_RULES in os.environ) == ("/c", False)
