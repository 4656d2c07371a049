"""Nothing that a repository's configuration, hooks or attributes name is ever run."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from analytics.cli.options import main
from analytics.corpus import git as git_calls
from tests.app.harness import opened
from tests.corpus.repositories import commit, git, put, repository

PROGRAMS = (
    *("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass", "core.gitProxy"),
    *("core.alternateRefsCommand", "core.virtualFilesystem", "credential.helper", "credential.https://e.test.helper"),
    *("diff.external", "diff.marks.command", "diff.marks.textconv", "filter.marks.clean", "filter.marks.smudge"),
    *("filter.marks.process", "merge.marks.driver", "gpg.program", "gpg.ssh.program", "gpg.x509.program"),
    *("gpg.openpgp.program", "gpg.ssh.defaultKeyCommand", "interactive.diffFilter", "sequence.editor", "pager.log"),
    *("pager.config", "pager.rev-list", "pager.diff-tree", "alias.rev-list", "alias.diff-tree", "alias.cat-file"),
    *("alias.ls-tree", "alias.bundle", "browser.marks.cmd", "man.marks.cmd", "difftool.marks.cmd"),
    *("mergetool.marks.cmd", "remote.origin.uploadpack", "remote.origin.receivepack", "remote.origin.vcs"),
    *("uploadpack.packObjectsHook", "gc.recentObjectsHook", "hook.marks.command", "trailer.marks.command"),
    *("trailer.marks.cmd", "sendemail.smtpServer", "imap.tunnel", "instaweb.httpd", "web.browser", "guitool.marks.cmd"),
    *("lfs.customtransfer.marks.path",),
)
"""Keys of git's configuration whose value git, of one version or another, may run as a program."""

LEADING = {
    "core.hooksPath": "{folder}/hooks",
    "core.attributesFile": "{folder}/attributes",
    "core.preloadIndex": "true",
    "core.untrackedCache": "true",
    "diff.submodule": "diff",
    "extensions.partialClone": "origin",
    "hook.marks.event": "reference-transaction",
    "include.path": "{folder}/included",
    "includeIf.gitdir:/.path": "{folder}/included",
    "log.showSignature": "true",
    "protocol.allow": "always",
    "protocol.ext.allow": "always",
    "remote.origin.fetch": "+refs/heads/*:refs/remotes/origin/*",
    "remote.origin.promisor": "true",
    "remote.origin.url": "ext::sh -c {program}",
    "submodule.recurse": "true",
    "submodule.sub.update": "!{program}",
    "url.ext::sh -c {program}.insteadOf": "https://",
}
"""Further keys, which lead git to those programs; where the program lies is filled in."""

KEYS = (*PROGRAMS, *LEADING)

VARIABLES = {
    "GIT_ASKPASS": "{program}",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "core.fsmonitor",
    "GIT_CONFIG_VALUE_0": "{program}",
    "GIT_CONFIG_PARAMETERS": "'core.fsmonitor={program}'",
    "GIT_CONFIG_GLOBAL": "{folder}/included",
    "GIT_DIR": "{folder}",
    "GIT_EDITOR": "{program}",
    "GIT_EXTERNAL_DIFF": "{program}",
    "GIT_INDEX_FILE": "{folder}/index",
    "GIT_PAGER": "{program}",
    "GIT_PROXY_COMMAND": "{program}",
    "GIT_SSH_COMMAND": "{program}",
    "GIT_TEMPLATE_DIR": "{folder}",
}
"""Variables of the environment, as a hook or another program of git leaves them."""

HOOKS = (
    *("post-checkout", "post-index-change", "pre-auto-gc", "reference-transaction", "fsmonitor-watchman"),
    *("post-rewrite", "query-watchman", "fsmonitor-watchmanv2"),
)

FORMS = (
    *("working tree", "revision", "sub-folder", "bare", "worktree", "git file", "bundle beside it", "submodule"),
    *("inside a submodule", "alternates", "missing blob"),
)
"""The ways in which a repository can be a corpus, or lie at one."""


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """The file that a program which should not have run leaves."""
    return tmp_path / "it-ran"


@pytest.fixture
def program(tmp_path: Path, mark: Path) -> Path:
    """A program that leaves the mark, and then behaves like one that found nothing; beside it all that leads to it."""
    path = tmp_path / "evil" / "program.sh"
    (path.parent / "hooks").mkdir(parents=True)
    for file in (path, *(path.parent / "hooks" / name for name in HOOKS)):
        file.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{mark}'\nexit 0\n")
        file.chmod(0o755)
    (path.parent / "attributes").write_text("* filter=marks diff=marks merge=marks\n")
    (path.parent / "included").write_text(config({"core.fsmonitor": str(path)}))
    return path


def config(values: Mapping[str, str]) -> str:
    """The text of a configuration file."""
    lines = []
    for key, value in values.items():
        section, _, rest = key.partition(".")
        middle, _, name = rest.rpartition(".")
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'[{section} "{middle}"]\n' if middle else f"[{section}]\n")
        lines.append(f'\t{name} = "{quoted}"\n')
    return "".join(lines)


def values_of(keys: tuple[str, ...], program: Path) -> dict[str, str]:
    """Keys of a configuration, with the values that lead to the program."""
    where = {"program": program, "folder": program.parent}
    return {key.format(**where): LEADING.get(key, "{program}").format(**where) for key in keys}


def arm(git_folder: Path, program: Path, keys: tuple[str, ...] = KEYS) -> None:
    """Let the configuration, the attributes and the hooks of a repository name the program."""
    with (git_folder / "config").open("a") as file:
        file.write(config(values_of(keys, program)))
    (git_folder / "info").mkdir(exist_ok=True)
    shutil.copy(program.parent / "attributes", git_folder / "info" / "attributes")
    shutil.copytree(program.parent / "hooks", git_folder / "hooks", dirs_exist_ok=True)


def two_commits(root: Path) -> Path:
    """A harmless repository with attributes, two articles and two commits."""
    repository(root)
    put(root, "_news/2024-01-01-a.md", "_news/2024-01-02-b.md")
    (root / ".gitattributes").write_text("* filter=marks diff=marks merge=marks\n")
    commit(root, "2024-01-01T12:00:00+00:00")
    put(root, "_news/2024-01-01-a.md", title="Another")
    commit(root, "2024-01-03T12:00:00+00:00")
    return root


class Hostile(NamedTuple):
    """The path of a corpus, and the folders that git keeps of it."""

    path: str
    git_folders: list[Path]


def hostile_corpus(form: str, folder: Path, program: Path, keys: tuple[str, ...] = KEYS) -> Hostile:
    """A corpus in one of the FORMS, all of whose repositories name the program under some keys."""
    site, other = two_commits(folder / "site"), folder / "other"
    armed, corpus = [site / ".git"], str(site)
    if form == "revision":
        corpus = f"{site}@HEAD"
    elif form == "sub-folder":
        corpus = f"{site}/_news"
    elif form == "bare":
        git(folder, "clone", "--quiet", "--bare", str(site), str(other))
        armed, corpus = [other], f"{other}@main"
    elif form == "worktree":
        git(site, "worktree", "add", "--quiet", "--detach", str(other))
        git(site, "config", "extensions.worktreeConfig", "true")
        (site / ".git/worktrees/other/config.worktree").write_text(config(values_of(keys, program)))
        corpus = str(other)
    elif form == "git file":
        git(site, "init", "--quiet", f"--separate-git-dir={other}")
        armed = [other]
    elif form == "bundle beside it":
        git(site, "bundle", "create", "--quiet", str(folder / "other.bundle"), "HEAD", "main")
        git(folder, "init", "--quiet")
        shutil.copytree(site, other, ignore=shutil.ignore_patterns(".git"))
        armed, corpus = [folder / ".git"], str(other)
    elif form in ("submodule", "inside a submodule"):
        two_commits(other)
        git(other, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(site), "sub")
        commit(other, "2024-01-04T12:00:00+00:00")
        armed = [other / ".git", other / ".git/modules/sub", site / ".git"]
        corpus = str(other if form == "submodule" else other / "sub")
    elif form == "alternates":
        git(folder, "clone", "--quiet", "--shared", str(site), str(other))
        armed, corpus = [other / ".git", site / ".git"], str(other)
    elif form == "missing blob":
        blob = git(site, "rev-parse", "HEAD~1:_news/2024-01-01-a.md")
        (site / ".git/objects" / blob[:2] / blob[2:]).unlink()
    for each in armed:
        arm(each, program, keys)
    return Hostile(corpus, armed)


def run_command(*words: str) -> Result:
    """Run the command line as a person would, in this process."""
    return CliRunner().invoke(main, words)


def commands(corpus: str, out: Path) -> Iterator[tuple[str, ...]]:
    """One call of each command that touches git."""
    yield ("check", corpus)
    yield ("export", corpus, "--out", str(out / "bundle"), "--view", "key_figures", "--view", "warm_now")
    yield ("export", corpus, "--out", str(out / "then"), "--view", "key_figures", "--as-of", "2024-01-02")
    yield ("digest", corpus, "--since", "2024-01-02")
    yield ("report", corpus, "--out", str(out / "report.html"), "--view", "heat_curve")


DOCUMENTED = (0, 1, 2, 3)
"""Exit codes of what was foreseen."""

PLAIN_GIT = {
    "core.fsmonitor": ("status",),
    "core.hooksPath": ("checkout", "-b", "new"),
    "diff.external": ("diff", "HEAD~1"),
    "diff.marks.textconv": ("diff", "HEAD~1"),
    "filter.marks.clean": ("hash-object", "_news/2024-01-01-a.md"),
    "include.path": ("status",),
}
"""Keys, and what to ask of git so that it runs the program of each."""


def test_plain_git_runs_the_program(tmp_path: Path, program: Path, mark: Path) -> None:
    """So that the tests below can fail."""
    for key, words in PLAIN_GIT.items():
        site = hostile_corpus("working tree", tmp_path / key, program, (key,)).path
        subprocess.run(["git", "-C", site, *words], capture_output=True, check=False, timeout=60)
        assert mark.exists(), key
        mark.unlink()


@pytest.mark.slow
@pytest.mark.parametrize("form", ["working tree", "worktree"])
def test_no_command_runs_what_a_repository_names(form: str, tmp_path: Path, program: Path, mark: Path) -> None:
    corpus = hostile_corpus(form, tmp_path, program).path
    ended = [run_command(*words) for words in commands(corpus, tmp_path)]
    assert not mark.exists(), mark.read_text()
    assert [done.output for done in ended if done.exit_code not in DOCUMENTED] == []
    assert ended[1].exit_code == 0 or form == "missing blob", ended[1].output


@pytest.mark.slow
@pytest.mark.parametrize("form", ["working tree"])
def test_no_page_runs_what_a_repository_names(form: str, tmp_path: Path, program: Path, mark: Path) -> None:
    corpus = Path(hostile_corpus(form, tmp_path, program).path)
    opened("Heat", corpus)
    opened("Data health", corpus, as_of="2024-01-02")
    assert not mark.exists(), mark.read_text()


def test_no_call_of_git_runs_the_program_of_a_key(
    tmp_path: Path, program: Path, mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each key alone, so that one that hides another is seen too; then the variables of the environment."""
    site = two_commits(tmp_path / "site")
    plain = (site / ".git" / "config").read_text()
    arm(site / ".git", program, ())

    def assert_nothing_ran() -> None:
        found = git_calls.run(site, "rev-list", "HEAD").split()
        with closing(git_calls.Blobs(site)) as blobs:
            tree = git_calls.run(site, "ls-tree", "-r", found[0], "_news").split()
            assert blobs.read(tree[2], 100).startswith(b"---")
        assert "2024-01-01-a.md" in git_calls.run(site, "diff-tree", "-r", "--raw", found[0])
        assert not mark.exists(), mark.read_text()

    for key in KEYS:
        (site / ".git" / "config").write_text(plain + config(values_of((key,), program)))
        assert_nothing_ran()
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value.format(program=program, folder=program.parent))
    assert_nothing_ran()


def test_a_configuration_that_includes_the_input_of_git_is_refused(tmp_path: Path) -> None:
    """Git would wait for the end of its input, and the program for git."""
    site = two_commits(tmp_path / "site")
    (site / ".git" / "config").write_text(
        (site / ".git" / "config").read_text() + config({"include.path": "/dev/stdin"})
    )
    done = run_command("check", f"{site}@HEAD")
    assert (done.exit_code, "includes what git is asked" in done.output) == (2, True), done.output
