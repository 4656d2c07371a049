"""Nothing that a repository's configuration, hooks or attributes name is ever run."""

import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analytics.cli.options import main
from analytics.corpus import git as git_calls
from tests.corpus.repositories import commit, git, put, repository

DANGEROUS = (
    "core.fsmonitor",
    "core.sshCommand",
    "core.pager",
    "core.editor",
    "core.askPass",
    "core.gitProxy",
    "core.hooksPath",
    "core.alternateRefsCommand",
    "credential.helper",
    "diff.external",
    "diff.marks.command",
    "diff.marks.textconv",
    "filter.marks.clean",
    "filter.marks.smudge",
    "filter.marks.process",
    "merge.marks.driver",
    "gpg.program",
    "gpg.ssh.program",
    "gpg.x509.program",
    "gpg.openpgp.program",
    "interactive.diffFilter",
    "sequence.editor",
    "pager.log",
    "pager.rev-list",
    "pager.diff-tree",
    "alias.rev-list",
    "alias.diff-tree",
    "alias.cat-file",
    "alias.ls-tree",
    "browser.marks.cmd",
    "difftool.marks.cmd",
    "mergetool.marks.cmd",
    "remote.origin.uploadpack",
    "remote.origin.receivepack",
    "remote.origin.vcs",
    "uploadpack.packObjectsHook",
    "trailer.marks.command",
    "sendemail.smtpServer",
    "web.browser",
    "guitool.marks.cmd",
)
"""Keys of git's configuration whose value git may run as a program, in some command or other."""

HOOKS = (
    "post-checkout",
    "post-index-change",
    "pre-auto-gc",
    "reference-transaction",
    "fsmonitor-watchman",
    "post-rewrite",
)
MORE = (
    ("core.attributesFile", "attributes"),
    ("log.showSignature", "true"),
    ("core.untrackedCache", "true"),
    ("core.preloadIndex", "true"),
    ("extensions.partialClone", "origin"),
    ("remote.origin.promisor", "true"),
    ("remote.origin.url", "ext::sh -c '{mark}'"),
    ("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"),
    ("core.worktree", "."),
)
"""Further keys, which lead git to those programs."""


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """The file that a program which should not have run leaves."""
    return tmp_path / "it-ran"


@pytest.fixture
def program(tmp_path: Path, mark: Path) -> Path:
    """A program that leaves the mark, and then behaves like a helper that found nothing."""
    path = tmp_path / "program.sh"
    path.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{mark}'\nexit 0\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def hostile(tmp_path: Path, program: Path, mark: Path) -> Path:
    """A repository with two commits whose configuration, attributes and hooks all name the program."""
    root = repository(tmp_path / "site")
    put(root, "_news/2024-01-01-a.md", "_news/2024-01-02-b.md")
    commit(root, "2024-01-01T12:00:00+00:00")
    put(root, "_news/2024-01-01-a.md", title="Another")
    commit(root, "2024-01-03T12:00:00+00:00")
    arm(root, root / ".git", program, mark)
    return root


def arm(root: Path, git_folder: Path, program: Path, mark: Path) -> None:
    """Name the program in everything that a repository can bring along."""
    for key in DANGEROUS:
        git(root, "config", key, str(program))
    for key, value in MORE:
        if key != "core.worktree" or git_folder == root / ".git":
            git(root, "config", key, value.format(mark=program) if key != "core.worktree" else str(root))
    (git_folder / "info").mkdir(exist_ok=True)
    (git_folder / "info" / "attributes").write_text("* filter=marks diff=marks merge=marks\n")
    (git_folder / "hooks").mkdir(exist_ok=True)
    for name in HOOKS:
        hook = git_folder / "hooks" / name
        hook.write_bytes(program.read_bytes())
        hook.chmod(0o755)
    mark.unlink(missing_ok=True)


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


def test_the_program_would_leave_its_mark(hostile: Path, mark: Path) -> None:
    """Plain git on this repository does run it, so that the tests below can fail."""
    subprocess.run(["git", "-C", str(hostile), "status"], capture_output=True, check=False, timeout=60)
    assert mark.exists()


@pytest.mark.parametrize("form", ["working tree", "revision", "sub-folder", "bare", "worktree", "bundle beside it"])
def test_no_command_runs_what_a_repository_names(
    form: str, hostile: Path, tmp_path: Path, program: Path, mark: Path
) -> None:
    corpus = str(hostile)
    if form == "revision":
        corpus = f"{hostile}@HEAD"
    elif form == "sub-folder":
        corpus = f"{hostile}/_news"
    elif form == "bare":
        git(tmp_path, "clone", "--quiet", "--bare", str(repository_copy(hostile, tmp_path)), str(tmp_path / "bare.git"))
        arm(tmp_path / "bare.git", tmp_path / "bare.git", program, mark)
        corpus = f"{tmp_path / 'bare.git'}@main"
    elif form == "worktree":
        plain = repository_copy(hostile, tmp_path)
        git(plain, "worktree", "add", "--quiet", "--detach", str(tmp_path / "tree"))
        git(plain, "config", "extensions.worktreeConfig", "true")
        git(tmp_path / "tree", "config", "--worktree", "core.fsmonitor", str(program))
        arm(plain, plain / ".git", program, mark)
        git_unset(plain, "core.worktree")
        corpus = str(tmp_path / "tree")
    elif form == "bundle beside it":
        plain = repository_copy(hostile, tmp_path)
        git(plain, "bundle", "create", "--quiet", str(tmp_path / "site.bundle"), "HEAD", "main")
    mark.unlink(missing_ok=True)
    ended = [run_command(*words) for words in commands(corpus, tmp_path)]
    assert not mark.exists(), mark.read_text()
    assert all(done.exception is None or isinstance(done.exception, SystemExit) for done in ended)
    assert ended[1].exit_code == 0, ended[1].output


def repository_copy(hostile: Path, tmp_path: Path) -> Path:
    """The same commits in a repository whose configuration is harmless."""
    plain = repository(tmp_path / "plain")
    put(plain, "_news/2024-01-01-a.md", "_news/2024-01-02-b.md")
    commit(plain, "2024-01-01T12:00:00+00:00")
    put(plain, "_news/2024-01-01-a.md", title="Another")
    commit(plain, "2024-01-03T12:00:00+00:00")
    return plain


def git_unset(folder: Path, key: str) -> None:
    subprocess.run(["git", "-C", str(folder), "config", "--unset", key], check=False, capture_output=True, timeout=60)


@pytest.mark.parametrize("key", [*DANGEROUS, *dict(MORE)])
def test_no_call_of_git_runs_the_program_of_a_key(key: str, hostile: Path, program: Path, mark: Path) -> None:
    """Each key alone, so that one that hides another is seen too."""
    (hostile / ".git" / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = false\n")
    git(hostile, "config", key, dict(MORE).get(key, str(program)).format(mark=program))
    mark.unlink(missing_ok=True)
    found = git_calls.run(hostile, "rev-list", "HEAD").split()
    with closing(git_calls.Blobs(hostile)) as blobs:
        tree = git_calls.run(hostile, "ls-tree", "-r", found[0]).split()
        assert blobs.read(tree[2], 100).startswith(b"---")
    touched = git_calls.run(hostile, "diff-tree", "-r", "--raw", found[0])
    assert "2024-01-01-a.md" in touched
    assert not mark.exists(), mark.read_text()
