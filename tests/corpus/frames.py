"""What a load gave, compared frame by frame."""

from typing import Any

import pandas as pd

from analytics.corpus import table_contracts
from analytics.corpus.loader import Corpus
from analytics.schema import Table

FRAMES: dict[str, Table] = {
    "articles": table_contracts.ARTICLES,
    "topics": table_contracts.TOPICS,
    "images": table_contracts.IMAGES,
    "related": table_contracts.RELATED,
    "links": table_contracts.LINKS,
    "problems": table_contracts.PROBLEMS,
    "topic_tree": table_contracts.TOPIC_TREE,
    "organisations": table_contracts.ORGANISATIONS,
    "unknown_fields": table_contracts.UNKNOWN_FIELDS,
    "field_sources": table_contracts.FIELD_SOURCES,
}


def assert_same(one: Corpus, other: Corpus) -> None:
    """Two loads gave the same."""
    for name, table in FRAMES.items():
        table.check(getattr(one, name))
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), obj=name)
    plain: dict[str, Any] = {name: value for name, value in vars(one).items() if name not in FRAMES}
    assert plain == {name: value for name, value in vars(other).items() if name not in FRAMES}
