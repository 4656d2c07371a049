"""The commit that a corpus was at when it was read."""

import subprocess
from pathlib import Path


def commit(folder: Path) -> str | None:
    """The last git commit that touched a corpus's folder; None without git."""
    command = ["git", "-C", str(folder if folder.is_dir() else folder.parent), "rev-list", "-1", "HEAD", "--", "."]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() or None if found.returncode == 0 else None
