"""What nobody foresaw ends as a sentence with an exit code of its own, never as a traceback."""

import json
import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click
import pytest
from click.testing import CliRunner

from analytics.cli.options import CORPUS_PATH, PATH, UNFORESEEN, UNREAD, main


def test_an_unforeseen_error_is_one_line_with_its_own_exit_code() -> None:
    failing = type(main)("failing")

    @failing.command()
    def fail() -> NoReturn:
        raise RuntimeError("two\nlines")

    result = CliRunner().invoke(failing, ["fail"])
    assert result.exit_code == UNFORESEEN
    assert "RuntimeError: two lines; test_unforeseen.py, line" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_ctrl_c_has_an_exit_code_of_its_own() -> None:
    interrupted = type(main)("interrupted")

    @interrupted.command()
    def wait() -> NoReturn:
        raise KeyboardInterrupt

    assert CliRunner().invoke(interrupted, ["wait"]).exit_code == 130


def test_arguments_that_are_not_text_are_refused(tmp_path: Path) -> None:
    broken = os.fsdecode(b"caf\xe9")
    for words in (
        ["report", "--title", broken, "--out", str(tmp_path / "x.html")],
        ["compare", "--with", "all", "--with", "state=published", "--name", broken],
        ["compare", "--with", broken, "--with", "all"],
        ["export", "--view", broken, "--out", str(tmp_path / "x")],
        ["chart", broken, "--out", str(tmp_path / "x.svg")],
        ["review", "import", "x.csv", "--by", broken],
    ):
        result = CliRunner().invoke(main, words)
        assert (result.exit_code, "holds bytes that are not text" in result.stderr) == (2, True), words


def test_a_user_without_a_home_folder_can_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(number: int) -> NoReturn:
        raise KeyError(number)

    (tmp_path / "2024-01-02-a.md").write_text("---\ntitle: A\n---\n")
    for name in ("HOME", "ARTICLE_ANALYTICS_CACHE", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    with pytest.raises(RuntimeError):
        Path.home()
    assert CliRunner().invoke(main, ["check", str(tmp_path)]).exit_code == 0


@pytest.mark.slow
def test_signs_that_the_output_lacks_are_escapes_and_python_without_docstrings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "2024-01-02-a.md").write_text("---\ntitle: A\npublished: 日😀\n---\n")
    for words, changes, code in (
        (["--format", "json"], {"PYTHONIOENCODING": "cp1252"}, 1),
        ([], {"PYTHONOPTIMIZE": "2"}, 2),
    ):
        command = [sys.executable, "-m", "analytics", "check", str(tmp_path), *words]
        run = subprocess.run(command, env=os.environ | changes, capture_output=True, check=False)
        assert (run.returncode, b"Traceback" in run.stderr) == (code, False), (changes, run.stderr)
        if words:
            assert "日😀" in {problem["value"] for problem in json.loads(run.stdout)["problems"]}
        else:
            assert b"PYTHONOPTIMIZE" in run.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("views >/dev/full", 2),
        ("chart nothing 2>/dev/full", 2),
        ("views >&- 2>&-", 0),
        ("chart nothing 2>&-", 2),
        ("views | true", UNREAD),
    ],
)
def test_an_output_that_takes_nothing_has_an_exit_code_and_no_traceback(line: str, code: int) -> None:
    script = f'set -o pipefail; "{sys.executable}" -m analytics {line}'
    run = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert (run.returncode, "Traceback" in run.stderr, "fault of its own" in run.stderr) == (code, False, False)


def test_an_empty_path_is_none() -> None:
    """As of a variable of a script that is not set: the folder that one is in is never meant by it."""
    for words in (["check", ""], ["export", "x", "--out", ""], ["digest", "x", "--against", ""]):
        result = CliRunner().invoke(main, words)
        assert (result.exit_code, "is empty" in result.stderr) == (2, True), words


def test_every_command_takes_a_tilde_for_the_home_folder() -> None:
    paths = [
        (name, parameter.name, parameter.type)
        for name, command in commands(main)
        for parameter in command.params
        if isinstance(parameter.type, click.Path)
    ]
    assert len(paths) > 12
    assert [(name, each) for name, each, kind in paths if kind not in (PATH, CORPUS_PATH)] == []
    named = [each for _, each, kind in paths if kind is CORPUS_PATH]
    assert len(named) > 5
    assert {*named} == {"corpus", "against"}
    for typed, meant in (("~/a.yml", Path.home() / "a.yml"), ("~nobody9", Path("~nobody9")), ("a@~1", Path("a@~1"))):
        assert PATH.convert(typed, None, None) == CORPUS_PATH.convert(typed, None, None) == meant


def commands(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """Each command below a group, with the names that lead to it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


def test_every_command_that_writes_csv_can_write_it_for_excel() -> None:
    writing = {
        name
        for name, command in commands(main)
        for parameter in command.params
        if isinstance(parameter.type, click.Choice) and {"csv", "judgements"} & {*parameter.type.choices}
    }
    with_excel = {name for name, command in commands(main) if any(each.name == "excel" for each in command.params)}
    assert {"check", "compare", "digest", "review list", "review export"} == writing
    assert with_excel == {*writing, "export"}


def test_a_csv_on_the_screen_is_for_excel_on_request(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\nquality: x;=1\n---\n")
    plain, excel = (
        CliRunner().invoke(main, ["check", str(tmp_path), "--format", "csv", *more]).stdout
        for more in ([], ["--excel"])
    )
    assert (plain[0], "x;=1" in plain) == ("c", True)
    assert (excel[0], "x;'=1" in excel) == ("\ufeff", True)
