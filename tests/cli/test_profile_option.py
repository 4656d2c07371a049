"""`--profile FILE`: on every command that takes a corpus, and in what each of them writes."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from analytics.cli import main
from analytics.corpus.site_profile import digest_of

ARTICLE = """---
title: A title that is long enough
score: 80
published: true
publishedDateTime: 2024-03-05T12:00:00Z
topics: [Old]
provider: {name: Example Inc.}
---
"""
PROFILE = "fields: {quality: score}\ntopics: {renames: {Old: New}}\nproviders: {aliases: {Example: [Example Inc.]}}\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.md").write_text(ARTICLE)
    (tmp_path / "mine.yml").write_text(PROFILE)
    return tmp_path / "site"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, words)])


def commands(group: click.Group = main) -> Iterator[click.Command]:
    for command in group.commands.values():
        yield from commands(command) if isinstance(command, click.Group) else [command]


def test_every_command_that_takes_a_corpus_takes_a_profile() -> None:
    taking = {command.name: command for command in commands() if any(each.name == "corpus" for each in command.params)}
    without = [name for name, command in taking.items() if not any(each.name == "profile" for each in command.params)]
    assert without == ["init"], "which makes one"
    assert {"serve", "check", "export", "report", "digest", "briefing"} <= set(taking)


@pytest.mark.slow
def test_two_exports_with_different_profiles_are_told_apart(site: Path, tmp_path: Path) -> None:
    (tmp_path / "other.yml").write_text("fields: {quality: score}\n")
    digest, manifests = digest_of(PROFILE.encode()), {}
    for name in ("mine.yml", "other.yml", ""):
        out = tmp_path / f"out-{name}"
        words = ("--profile", tmp_path / name) if name else ()
        result = run("export", site, "--out", out, "--view", "key_figures", "--today", "2024-03-06", *words)
        assert result.exit_code == 0, result.output
        if name == "mine.yml":
            assert result.output == f"{out}: all articles; read by mine.yml ({digest[:8]})\n"
        manifests[name] = json.loads((out / "manifest.json").read_text())["corpus"]
    assert manifests["mine.yml"]["profile"] == {"file": "mine.yml", "digest": digest}
    assert "profile" not in manifests[""]
    assert len({manifest["fingerprint"] for manifest in manifests.values()}) == 3


@pytest.mark.slow
def test_reports_name_the_profile(site: Path, tmp_path: Path) -> None:
    said = f"mine.yml ({digest_of(PROFILE.encode())[:8]})"
    common = (site, "--profile", tmp_path / "mine.yml", "--today", "2024-03-06")
    report = run("report", *common, "--view", "key_figures", "--out", tmp_path / "r.html")
    assert report.output == f"{tmp_path}/r.html: all articles; read by {said}\n"
    assert said in (tmp_path / "r.html").read_text()
    assert run("briefing", *common).output.startswith(f"site, read by {said}: briefing")
    assert run("check", *common).output.startswith(f"site, read by {said}\n")


@pytest.mark.slow
def test_a_recipe_can_have_a_profile(site: Path, tmp_path: Path) -> None:
    (tmp_path / "weekly.yml").write_text("views: [key_figures]\nformats: [folder]\n")
    words = ("--recipe", tmp_path / "weekly.yml", "--out", tmp_path / "weekly", "--today", "2024-03-06")
    assert run("report", site, *words, "--profile", tmp_path / "mine.yml").exit_code == 0
    (manifest,) = (tmp_path / "weekly").rglob("manifest.json")
    assert json.loads(manifest.read_text())["corpus"]["profile"]["file"] == "mine.yml"


def test_a_wrong_profile_ends_the_command_with_all_its_faults(site: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("cutoff: 7\ncut_off: 4000\n")
    for command in ("check", "serve"):
        result = run(command, site, "--profile", tmp_path / "mine.yml")
        assert (result.exit_code, result.output) == (
            2,
            f"Error: {tmp_path}/mine.yml, line 1: 'cutoff' is no entry of a profile. Did you mean 'cut_off'?\n"
            f"{tmp_path}/mine.yml, line 2: The cut-off 4000 is no score: scores go from 0 to 1000.\n",
        )


def test_the_variable_names_one_for_all_commands(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTICLE_ANALYTICS_PROFILE", str(tmp_path / "mine.yml"))
    found = json.loads(run("check", site, "--format", "json", "--today", "2024-03-06").output)
    assert (found["counts"]["by_topic"], found["counts"]["by_provider"]) == ({"New": 1}, {"Example": 1})


@pytest.mark.slow
def test_an_earlier_copy_is_read_by_the_profile_of_the_new_one(site: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "a.md").write_text(ARTICLE)
    (tmp_path / "new" / "corpus.yml").write_text(PROFILE)
    result = run("digest", tmp_path / "new", "--against", site, "--today", "2024-03-06")
    assert "No article came, went, or changed in what is looked at." in result.output
    assert result.output.startswith("# new, read by corpus.yml (")
