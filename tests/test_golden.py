"""The same report whoever makes it and wherever: the bytes of two processes in other time zones and locales."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PROGRAM = """
import hashlib, json, shutil, sys, tempfile
from datetime import date
from pathlib import Path
from analytics import load_corpus
from analytics.catalog import VIEWS
from analytics.userdata.dated_notes import NOTES
from analytics.reports.bundle import write_bundle
from analytics.reports.changes_digest import FORMATS, digest
from analytics.reports.report.html import to_html
from analytics.reports.report.report import build_report
from analytics.reports.report.workbook import to_workbook
from analytics.selection.selection import Selection
import pandas as pd

selection = Selection(start=date(2025, 1, 1), end=date(2025, 12, 31), compare="year")
slugs = ("key_figures", "articles_over_time", "articles_by_hour", "hottest_articles", "topic_changes")
views = [VIEWS[slug] for slug in slugs]
day = pd.to_datetime(["2025-03-30"])
notes = NOTES.of(pd.DataFrame({"day": day, "last_day": day, "text": ["Zeit\u00e4nderung"], "file": ["notes.yml"]}))
today = date(2026, 11, 2)
site = Path(sys.argv[1])
corpus = load_corpus(site, today=today, cache=False)
report = build_report(corpus, selection, made=today, views=views, notes=notes)
files = {"report.html": to_html(report).encode(), "report.xlsx": to_workbook(report)}
with tempfile.TemporaryDirectory() as folder:
    written = write_bundle(corpus, selection, Path(folder) / "out", views=views, notes=notes)
    files |= {path.relative_to(written).as_posix(): path.read_bytes() for path in written.rglob("*") if path.is_file()}
    before = Path(shutil.copytree(site, Path(folder) / "before"))
    for place, article in enumerate(sorted((before / "_news").glob("*.md"))[::4]):
        if place % 2:
            article.unlink()
        else:
            article.write_text(article.read_text("utf-8").replace("title: ", "title: Once ", 1), "utf-8")
    changed = digest(load_corpus(before, today=today, cache=False), corpus, "since a copy", date(2026, 6, 1))
    files |= {f"digest.{form}": changed.render(form).encode() for form in FORMATS}
json.dump({name: hashlib.sha256(data).hexdigest() for name, data in files.items()}, sys.stdout)
"""
PLACES = (
    {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "America/New_York", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
)


@pytest.mark.slow
def test_report_workbook_bundle_and_digest_are_the_same_bytes_everywhere(small_sample: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(small_sample)],
            cwd=ROOT,
            env=os.environ | place,
            stdout=subprocess.PIPE,
            text=True,
        )
        for place in PLACES
    ]
    tokyo, new_york = (json.loads(process.communicate(timeout=300)[0]) for process in running)
    assert tokyo == new_york
    assert {
        "report.html",
        "report.xlsx",
        "manifest.json",
        "notes.csv",
        "key_figures.csv",
        "digest.json",
    } <= tokyo.keys()
