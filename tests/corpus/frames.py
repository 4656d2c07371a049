"""What a load gave, compared frame by frame."""

from typing import Any

import pandas as pd

from analytics.corpus import tables
from analytics.corpus.loader import Corpus
from analytics.schema import Table

FRAMES: dict[str, Table] = {
    "articles": tables.ARTICLES,
    "topics": tables.TOPICS,
    "images": tables.IMAGES,
    "related": tables.RELATED,
    "problems": tables.PROBLEMS,
    "topic_tree": tables.TOPIC_TREE,
    "organisations": tables.ORGANISATIONS,
    "unknown_fields": tables.UNKNOWN_FIELDS,
}


def assert_same(one: Corpus, other: Corpus) -> None:
    """Two loads gave the same."""
    for name, table in FRAMES.items():
        table.check(getattr(one, name))
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), obj=name)
    plain: dict[str, Any] = {name: value for name, value in vars(one).items() if name not in FRAMES}
    assert plain == {name: value for name, value in vars(other).items() if name not in FRAMES}
