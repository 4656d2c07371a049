"""Small git repositories with fixed dates, made with git itself."""

import os
import subprocess
from pathlib import Path

IDENTITY = {f"GIT_{who}_{what}": "tester@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(folder: Path, *words: str, at: str = "2024-01-01T12:00:00+00:00") -> str:
    """Git, at a fixed time, without what the developer has configured."""
    dates = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
    run = subprocess.run(
        ["git", "-C", str(folder), *words], env=own | IDENTITY | dates, check=True, capture_output=True, text=True
    )
    return run.stdout.strip()


def repository(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


def put(folder: Path, *paths: str, title: str = "A title") -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"---\ntitle: {title}\n---\n")


def commit(folder: Path, at: str) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message=x", at=at)
    return git(folder, "rev-parse", "HEAD")


def article(
    heat: int | None = None, *, title: str = "A title", domain: str = "a.example", url: str = "", **more: object
) -> str:
    """The text of an article with a heat and what else is named."""
    lines = ["---", f'title: "{title}"', f'webUrl: "{url or f"https://{domain}/story"}"', "quality: 70"]
    lines += [] if heat is None else [f"heat: {heat}"]
    lines += [f"{name}: {value}" for name, value in more.items()]
    return "\n".join([*lines, "provider:", "  name: An outlet", f"  domain: {domain}", "---", ""])


def write(folder: Path, texts: dict[str, str | None], at: str) -> str:
    """Write files, delete those of None, and commit; the commit's id."""
    for path, text in texts.items():
        if text is None:
            (folder / path).unlink()
            continue
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return commit(folder, at)
