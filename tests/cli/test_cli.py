"""The command line, run as a person would."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from analytics.catalog import VIEWS
from analytics.cli.options import main
from analytics.corpus.loader import load_corpus
from analytics.history.loader import history_of
from tests.conftest import SAMPLE
from tests.sample_corpus import __main__
from tests.sample_corpus.corpus import planted_in_sample

LOST = {"unterminated", "yaml_broken", "yaml_tab", "not_utf8", "empty_file"}
"""Planted faults that leave no article."""

BESIDE = ("articles", "topics", "related", "links", "problems", "columns")
"""The tables of an export beside the views."""


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_views_lists_every_view() -> None:
    result = run("views")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == list(VIEWS)


@pytest.mark.slow
def test_export_writes_a_csv_a_view_the_articles_and_a_manifest(tmp_path: Path) -> None:
    result = run("export", SAMPLE, "--out", tmp_path / "out")
    assert result.exit_code == 0
    written = {path.name for path in (tmp_path / "out").iterdir()}
    left_out = json.loads((tmp_path / "out/manifest.json").read_text())["left_out"]
    assert {slug for slug in left_out if VIEWS[slug].requires == "reviewed"} == {
        slug for slug, view in VIEWS.items() if view.requires == "reviewed"
    }
    assert all(VIEWS[slug].requires for slug in left_out)
    views = [view for slug, view in VIEWS.items() if slug not in left_out]
    tables = [*(view.slug for view in views), *(f"{view.slug}_wide" for view in views if view.pivot), *BESIDE]
    assert written == {f"{name}.csv" for name in tables} | {"manifest.json"}


@pytest.mark.slow
def test_export_takes_the_sample_when_no_corpus_is_named(tmp_path: Path) -> None:
    run("export", "--out", tmp_path / "out", "--view", "providers_ranked")
    assert json.loads((tmp_path / "out/manifest.json").read_text())["corpus"]["name"] == "sample"


def test_export_takes_the_corpus_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/2024-01-02-a.md").write_text("---\ntitle: A\n---\n")
    monkeypatch.setenv("ARTICLE_ANALYTICS_CORPUS", str(tmp_path / "mine"))
    run("export", "--out", tmp_path / "out", "--view", "providers_ranked")
    assert pd.read_csv(tmp_path / "out/articles.csv")["title"].tolist() == ["A"]


def test_export_selects(tmp_path: Path) -> None:
    result = run(
        "export", SAMPLE, "--out", tmp_path / "out", "--view", "providers_ranked", "--from", "2025-01-01",
        "--to", "2025-12-31", "--topic", "Hydrogen", "--state", "published", "--quality-min", "80",
    )  # fmt: skip
    assert result.exit_code == 0
    articles = pd.read_csv(tmp_path / "out/articles.csv")
    assert len(articles) > 0
    assert articles["published_at"].between("2025-01-01", "2026-01-01").all()
    assert articles["topics"].str.contains("Hydrogen").all()
    assert articles["published"].all()
    assert articles["quality"].min() >= 80
    text = "from=2025-01-01&to=2025-12-31&topic=Hydrogen&state=published&quality_min=80"
    assert json.loads((tmp_path / "out/manifest.json").read_text())["selection"]["text"] == text


def test_export_of_a_real_corpus_holds_its_figures(tmp_path: Path, shared: Callable[[str], Path]) -> None:
    run("export", shared("powerapps"), "--out", tmp_path / "out", "--view", "providers_ranked")
    articles = pd.read_csv(tmp_path / "out/articles.csv")
    assert (len(articles), int(articles["published"].sum()), int(articles["quality"].isna().sum())) == (497, 318, 0)
    first = pd.read_csv(tmp_path / "out/providers_ranked.csv").iloc[0]
    assert (first["provider"], first["n"]) == ("Microsoft", 382)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["export", "nowhere", "--out", "x"], "No corpus at nowhere"),
        (["export", "--out", "x", "--view", "horoscope"], "There is no view 'horoscope'"),
        (["export", "--out", "x", "--from", "2025-02-01", "--to", "2025-01-01"], "is after"),
        (["serve", "nowhere"], "No corpus at nowhere"),
        (["check", "nowhere"], "No corpus at nowhere"),
        (["check", "--format", "xml"], "'xml' is not one of"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words: list[str], says: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_sample_writes_its_history_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    __main__.main([str(tmp_path / "new"), "--articles", "30", "--history"])
    corpus = load_corpus(tmp_path / "new", cache=False)
    history = history_of(corpus)
    assert f"{tmp_path / 'new'}.bundle: {len(history.commits):,} commits" in capsys.readouterr().out
    assert set(corpus.articles["path"]) <= set(history.changes["path"])


@pytest.mark.slow
def test_sample_writes_a_corpus_that_loads(tmp_path: Path) -> None:
    __main__.main([str(tmp_path / "new"), "--articles", "400", "--seed", "3"])
    run("export", tmp_path / "new", "--out", tmp_path / "out", "--view", "key_figures")
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    lost = planted_in_sample(articles=400, seed=3).faults.keys() & LOST
    assert manifest["corpus"]["articles"] == 400 - len(lost) < 400


CLEAN = "---\ntitle: A\npublishedDateTime: 2024-01-01T12:00:00Z\n---\n"
NOTED = CLEAN.replace("00Z", "00")
DOUBTFUL = "---\ntitle: A\nquality: 70\n---\n"
FAULTY = CLEAN.replace("---\n", "---\nquality: high\n", 1)


@pytest.mark.parametrize(
    ("text", "fail_on", "code"),
    [
        (CLEAN, [], 0),
        (NOTED, ["--fail-on", "warning"], 0),
        (DOUBTFUL, [], 0),
        (DOUBTFUL, ["--fail-on", "warning"], 1),
        (FAULTY, [], 1),
        (FAULTY, ["--fail-on", "warning"], 1),
        (FAULTY, ["--fail-on", "never"], 0),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_check_tells_by_its_exit_code(form: str, text: str, fail_on: list[str], code: int, tmp_path: Path) -> None:
    (tmp_path / "2024-01-01-a.md").write_text(text)
    result = run("check", tmp_path, "--format", form, *fail_on)
    assert (result.exit_code, result.stderr) == (code, "")


@pytest.mark.slow
def test_check_writes_text_json_and_csv() -> None:
    text, as_json, as_csv = (run("check", SAMPLE, "--format", form).stdout for form in ("text", "json", "csv"))
    assert text == run("check", SAMPLE).stdout
    problems = json.loads(as_json)["problems"]
    assert len(pd.read_csv(StringIO(as_csv))) == len(problems) > 100
    assert sum(
        re.match(r".+\.md(:\d+)?: (error|warning|info) \w+", line) is not None for line in text.splitlines()
    ) == len(problems)


def test_check_csv_holds_no_formula(tmp_path: Path) -> None:
    (tmp_path / "2024-01-01-a.md").write_text(CLEAN.replace("---\n", "---\nquality: =1+1\n", 1))
    assert pd.read_csv(StringIO(run("check", tmp_path, "--format", "csv").stdout))["value"].tolist() == ["'=1+1"]


def test_check_of_a_real_corpus_holds_its_figures(shared: Callable[[str], Path]) -> None:
    result = run("check", shared("powerapps"), "--format", "json")
    counts = json.loads(result.stdout)["counts"]
    assert result.exit_code == 0
    assert (counts["articles"], counts["published"], counts["files_lost"]) == (497, 318, 0)


def test_the_command_line_does_not_import_what_is_slow_to_import_and_it_may_not_need() -> None:
    code = (
        "import sys, analytics.cli; from click.testing import CliRunner as R; "
        "R().invoke(analytics.cli.main, ['views']); R().invoke(analytics.cli.main, ['review', 'list'])"
    )
    slow = ("streamlit", "scipy.stats", "statsmodels", "networkx", "datasketch")
    check = f"{code}; sys.exit(' '.join(name for name in {slow} if name in sys.modules) or 0)"
    ran = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
