"""What the tests of the corpus share: small folders written from texts."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Write = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files below a fresh folder, named by their paths, and gives the folder."""

    def files(texts: Mapping[str, str | bytes]) -> Path:
        for path, text in texts.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode() if isinstance(text, str) else text)
        return tmp_path

    return files
