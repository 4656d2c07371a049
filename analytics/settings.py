"""Which corpus to open when none is named, and where the program's own files are."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ENVIRONMENT = "ARTICLE_ANALYTICS_CORPUS"


def sample_path() -> Path:
    """The sample corpus: in a checkout `data/sample`, in an installed package beside the code."""
    checkout = PACKAGE.parent / "data" / "sample"
    return checkout if checkout.is_dir() else PACKAGE / "data" / "sample"


def corpus_path(named: str | os.PathLike[str] | None) -> Path:
    """The corpus to open: the named one, else that of ARTICLE_ANALYTICS_CORPUS, else the sample."""
    return Path(named or os.environ.get(ENVIRONMENT) or sample_path())
