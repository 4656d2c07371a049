"""Notes in a bundle: a file and a list in the manifest, the same every time, and neither without notes."""

import json
from pathlib import Path

import pandas as pd
import pytest

from analytics.corpus.loader import Corpus
from analytics.reports.bundle import write_bundle
from analytics.selection.selection import Selection
from analytics.userdata.dated_notes import NOTES

SOME = NOTES.of(
    pd.DataFrame(
        {
            "day": pd.to_datetime(["2024-03-01", "2024-05-10"]),
            "last_day": pd.to_datetime(["2024-03-01", "2024-05-24"]),
            "text": ["=New rules", 'Strike,\n"all"'],
            "file": ["notes.yml", "team.yml"],
        }
    )
)


@pytest.mark.slow
def test_notes_are_written_and_listed(sample: Corpus, tmp_path: Path) -> None:
    first, second = (
        write_bundle(sample, Selection(), tmp_path / name, views=[], notes=SOME) for name in ("one", "two")
    )
    assert (first / "notes.csv").read_text() == (
        "day,last_day,text,file\n"
        "2024-03-01,2024-03-01,'=New rules,notes.yml\n"
        '2024-05-10,2024-05-24,"Strike,\n""all""",team.yml\n'
    )
    manifest = json.loads((first / "manifest.json").read_text())
    assert manifest["notes"] == [
        {"day": "2024-03-01", "last_day": "2024-03-01", "text": "=New rules", "file": "notes.yml"},
        {"day": "2024-05-10", "last_day": "2024-05-24", "text": 'Strike,\n"all"', "file": "team.yml"},
    ]
    assert manifest["files"]["notes.csv"]["rows"] == 2
    assert all((first / path.name).read_bytes() == path.read_bytes() for path in second.iterdir())


def test_without_notes_there_is_neither(sample: Corpus, tmp_path: Path) -> None:
    for number, none in enumerate((None, NOTES.empty())):
        folder = write_bundle(sample, Selection(), tmp_path / str(number), views=[], notes=none)
        assert not (folder / "notes.csv").exists()
        assert "notes" not in json.loads((folder / "manifest.json").read_text())
