"""Whether the generator has changed since `data/sample.bundle` was found to be what it writes."""

import hashlib
from pathlib import Path

SOURCES = Path(__file__).parent
DIGEST = SOURCES / "sources.sha256"


def sources_digest() -> str:
    """SHA-256 of the sources of the generator."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def sources_changed() -> bool:
    """Whether the sources are others than those recorded."""
    return not DIGEST.is_file() or DIGEST.read_text().strip() != sources_digest()
