"""The agenda reason that lies in the topics: one that no word of headline or excerpt supports."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import unescape

import numpy as np
import pandas as pd

from analytics.analyses.topics import umbrella_topics
from analytics.engine.search import fold, tokens
from analytics.engine.slice import Slice
from analytics.reviews.reasoned import reasoned

SINGULAR_LEAST = 4
"""Letters of a word from which on a last `s` may be that of a plural."""

Patterns = Mapping[str, re.Pattern[str]]


def unsupported_topic(part: Slice) -> pd.DataFrame:
    """Articles with a topic that neither headline nor excerpt holds a word of (REASONED), most such topics first.

    The words of a topic are its keywords, hashtags and names in the taxonomy and those of the topics below it: in any
    case, in the singular or plural, written as one word or several. Topics without keywords and umbrella topics are
    not judged.
    """
    patterns = word_patterns(part.corpus.topic_tree)
    judged = set(patterns) - set(umbrella_topics(part))
    articles = part.articles[["path", "title", "excerpt"]].astype("str").fillna("").set_index("path")
    pairs = part.corpus.topics[["path", "topic"]].astype("str").drop_duplicates()
    pairs = pairs[pairs["topic"].isin(judged) & pairs["path"].isin(articles.index)]
    texts = articles.loc[pairs["path"].unique()]
    folded = {path: fold(unescape(f"{title} | {excerpt}")) for path, title, excerpt in texts.itertuples()}
    bare = [not patterns[topic].search(folded[path]) for path, topic in pairs.itertuples(index=False)]
    found = pairs[np.array(bare, dtype="bool")].groupby("path", sort=False)["topic"].agg(list)
    strength, why = found.map(len).to_numpy(dtype="int64"), [_said(names) for names in found]
    return reasoned(part, pd.DataFrame({"path": found.index, "why": why, "strength": strength}))


def word_patterns(tree: pd.DataFrame) -> Patterns:
    """Name and short name of each topic with keywords → what finds one of its words in a folded text."""
    rows = tree[["name", "shortname", "parent", "keywords", "hashtags"]].astype("object").where(tree.notna(), "")
    own: dict[str, set[str]] = {}
    below: dict[str, set[str]] = {}
    for name, shortname, parent, keywords, hashtags in rows.itertuples(index=False):
        tags = re.split(r"[\s#]+", hashtags)
        own.setdefault(name, set()).update(keywords.split("\n"), tags, (name, shortname))
        below.setdefault(parent, set()).add(name)
    found: dict[str, re.Pattern[str]] = {}
    for name, shortname, _, keywords, _ in rows.itertuples(index=False):
        if keywords:
            words = set[str]().union(*(own[topic] for topic in _with_all_below(name, below)))
            found |= dict.fromkeys(filter(None, (name, shortname)), _pattern(words))
    return found


def _with_all_below(topic: str, below: Mapping[str, Iterable[str]]) -> set[str]:
    found, waiting = {topic}, [topic]
    while waiting:
        new = set(below.get(waiting.pop(), ())) - found
        found |= new
        waiting.extend(new)
    return found


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Finds one of the words, between blanks as `search.fold` sets them."""
    spelled = {tuple(token for token in tokens(unescape(word)) if token != "-") for word in words}
    return re.compile(f" (?:{'|'.join(sorted(map(_loosely, filter(None, spelled))))}) ")


def _loosely(spelled: Sequence[str]) -> str:
    last = spelled[-1]
    if last[-1].isalpha() and len(last) >= SINGULAR_LEAST:
        last = last.removesuffix("s")
    plural = "s?" if last[-1].isalpha() else ""
    return "[ -]*".join(map(re.escape, [*spelled[:-1], last])) + plural


def _said(topics: Sequence[str]) -> str:
    names = ", ".join(f'"{topic}"' for topic in topics)
    one = len(topics) == 1
    return f"topic{'' if one else 's'} {names}: no word of {'it' if one else 'them'} in headline or excerpt"
