"""The agenda reasons: which articles of a slice need a human, and why."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

import numpy as np
import pandas as pd

from analytics.analyses.common.frequent_labels import umbrella_topics
from analytics.analyses.common.wording import count_text
from analytics.analyses.data_health import severity_counts_text
from analytics.analyses.duplicate_stories import LINKS, split_decisions
from analytics.analyses.heat import most_lifted_articles
from analytics.analyses.quality.publish_rule import ABOVE, BELOW, near_misses, publish_exceptions
from analytics.corpus.checks_across_articles import compared_with_articles
from analytics.corpus.problem_codes import SEVERITIES
from analytics.engine.encoded import NONE
from analytics.engine.search import folded_between_blanks, tokens
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.descriptive import UNUSUAL, quantiles, robust_centre_and_spread_of_own_group
from analytics.statistics.intervals import SMALL_N

REASON_ROWS = Table(
    "reasoned",
    "one row per article that a reason applies to, the strongest first, of equals the newest, then by path",
    (
        Column("path", "text", "file, from the corpus root: the article's id"),
        Column("why", "text", "what the reason says of the article, for an editor; holds untrusted text of articles"),
        Column("strength", "number", "how much it speaks for the article; comparable within a reason only"),
    ),
    key=("path",),
)

TITLE_LIMIT = 80


def sorted_reason_rows(data: Slice, reason_rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `path`, `why` and `strength` as REASON_ROWS, in its order; only articles of the slice."""
    articles = data.articles[["path", "published_at"]]
    known = reason_rows[["path", "why", "strength"]].astype({"path": "str"}).merge(articles, on="path")
    return REASON_ROWS.of(
        known.sort_values(["strength", "published_at", "path"], ascending=[False, False, True])[REASON_ROWS.names]
    )


def quoted_story(title: str | None, provider: str | None) -> str:
    """A story in words: its headline in one line, cut when it is long, and its provider, if it has one."""
    text = "without a headline" if pd.isna(title) else " ".join(str(title).split())
    text = text if len(text) <= TITLE_LIMIT else f"{text[: TITLE_LIMIT - 1]}…"
    outlet = "" if pd.isna(provider) else f" ({provider})"
    return f'"{text}"{outlet}'


SCORES = ("quality", "heat")

COUNTED_SEVERITIES = SEVERITIES[:2]
"""Errors and warnings."""

USUAL_SHARE = 0.5
"""Share of the articles of a folder from which a score is usual there."""

YET_PUBLISHED = ", and yet it is published"

OTHER_REASON_CODES = ("published_against_score",)
"""Codes of problems that have a reason of their own."""


def missing_score(data: Slice) -> pd.DataFrame:
    """Articles without a score that at least half of the articles of their folder have (REASON_ROWS).

    Published ones without a quality first, then those that lack one of two scores, then the others.
    """
    whole = data.whole.articles
    usual = whole[list(SCORES)].notna().groupby(whole["collection"].astype("str")).transform("mean")
    usual = usual[whole["path"].isin(data.articles["path"])].reset_index(drop=True)
    articles = data.articles
    lacks = articles[list(SCORES)].isna() & (usual >= USUAL_SHARE)
    rows = articles[lacks.any(axis=1)]
    lacks, usual = lacks.loc[rows.index], usual.loc[rows.index]
    published = rows["published"].fillna(value=False).astype("bool")
    told = zip(lacks.to_numpy(), usual.to_numpy(), rows["collection"], published, strict=True)
    why = [
        f"{_missing_score_words(missing, usually, folder)}{YET_PUBLISHED * so}" for missing, usually, folder, so in told
    ]
    strength = 2 * (published & lacks["quality"]).astype("int64") + (lacks.sum(axis=1) == 1).astype("int64")
    return sorted_reason_rows(data, rows.assign(why=why, strength=strength))


def _missing_score_words(missing: Iterable[bool], usually: Iterable[float], folder: str) -> str:
    names = [name for name, lacks in zip(SCORES, missing, strict=True) if lacks]
    shares = dict.fromkeys(f"{share:.0%}" for share, lacks in zip(usually, missing, strict=True) if lacks)
    have = f"{' and '.join(shares)} of the articles in {folder} have {'it' if len(names) == 1 else 'them'}"
    return f"no {' and no '.join(names)}, while {have}"


def articles_with_problems(data: Slice) -> pd.DataFrame:
    """Articles with errors or warnings (REASON_ROWS), the most errors first, then the most warnings.

    Those of `OTHER_REASON_CODES` are left out: they have a reason of their own.
    """
    found = data.problems.astype({"severity": "str", "code": "str"})
    found = found[found["severity"].isin(COUNTED_SEVERITIES) & ~found["code"].isin(OTHER_REASON_CODES)]
    found = found[found["path"].isin(data.articles["path"])]
    found = found.sort_values("severity", key=lambda names: names.map(COUNTED_SEVERITIES.index), kind="stable")
    counts = (
        found.groupby(["path", "severity"])
        .size()
        .unstack(fill_value=0)
        .reindex(columns=COUNTED_SEVERITIES, fill_value=0)
    )
    first = found.drop_duplicates("path").set_index("path").loc[counts.index]
    why = [
        _problem_words(row, problem) for (_, row), (_, problem) in zip(counts.iterrows(), first.iterrows(), strict=True)
    ]
    strength = counts["error"] + counts["warning"] / (1 + counts["warning"])
    return sorted_reason_rows(data, pd.DataFrame({"path": counts.index, "why": why, "strength": strength.to_numpy()}))


def _problem_words(counts: pd.Series, gravest: pd.Series) -> str:
    where = f" in {gravest['field']}" if pd.notna(gravest["field"]) and gravest["field"] else ""
    found = f" ({gravest['value']})" if pd.notna(gravest["value"]) and gravest["value"] else ""
    more = ", the gravest" if counts.sum() > 1 else ""
    return f"{severity_counts_text(counts)}{more}{where}: {gravest['message'].rstrip('.')}{found}"


NEAR_MISS_POINTS = 5
"""Points on either side of the cut-off that count as near it."""

LARGE_LIFT = 10
"""Points of heat above quality from which the lift is large; most daily lifts are 1 to 8."""

STRONG_QUANTILE = 0.75
"""Quantile of quality from which an article is strong."""


def near_cut_off(data: Slice) -> pd.DataFrame:
    """Decided articles within `NEAR_MISS_POINTS` points of the cut-off (REASON_ROWS), the nearest first."""
    sides = [near_misses(data, side=side, width=NEAR_MISS_POINTS, limit=max(data.n, 1)) for side in (BELOW, ABOVE)]
    rows = pd.concat(sides, ignore_index=True)
    short = rows["beyond"].where(rows["beyond"] < 0, -1 - rows["beyond"])
    return sorted_reason_rows(data, rows.assign(why=_cut_off_words(rows), strength=short))


def against_score(data: Slice) -> pd.DataFrame:
    """Articles published below the cut-off or unpublished at or above it (REASON_ROWS), the farthest from it first."""
    rows = publish_exceptions(data, limit=max(data.n, 1))
    return sorted_reason_rows(data, rows.assign(why=_cut_off_words(rows), strength=rows["beyond"].abs()))


def heat_far_above_quality(data: Slice) -> pd.DataFrame:
    """Articles whose heat is at least `LARGE_LIFT` points above their quality (REASON_ROWS), the most lifted first."""
    rows = most_lifted_articles(data, limit=max(data.n, 1))
    rows = rows[rows["lift"] >= LARGE_LIFT]
    scores = zip(rows["heat"], rows["lift"], rows["quality"], strict=True)
    why = [f"heat {heat}, {count_text(lift, 'point')} above its quality of {quality}" for heat, lift, quality in scores]
    return sorted_reason_rows(data, rows.assign(why=why, strength=rows["lift"]))


def unranked_though_strong(data: Slice) -> pd.DataFrame:
    """Unranked articles (heat -1) in the best quarter of the corpus by quality (REASON_ROWS), the best first."""
    counts = data.whole.tally("quality")
    least = quantiles(counts, [], "quality", {"strong": STRONG_QUANTILE})["strong"]
    articles = data.articles
    rows = articles[articles["heat_state"].eq("unranked") & articles["quality"].notna()]
    rows = rows[rows["quality"] >= least.iloc[0]] if len(least) else rows.iloc[:0]
    scored = int(counts.loc[counts["quality"].notna(), "n"].sum())
    why = [
        f"not ranked by heat, though its quality of {quality} is in the best quarter ({least.iloc[0]:g} or more) of "
        f"{count_text(scored, 'article')}"
        for quality in rows["quality"]
    ]
    return sorted_reason_rows(data, rows.assign(why=why, strength=rows["quality"]))


def extreme_for_provider(data: Slice) -> pd.DataFrame:
    """Articles whose quality is unusual for their provider (REASON_ROWS), the most unusual first.

    Unusual is a robust z (`robust_centre_and_spread_of_own_group`) of `UNUSUAL` or more, either way, among all articles
    of the provider in the corpus, when at least `SMALL_N` of them are scored (Iglewicz, Hoaglin 1993, How to Detect and
    Handle Outliers).
    """
    articles = data.whole.articles
    rows = articles.loc[articles["quality"].notna() & articles["provider"].notna(), ["path", "provider", "quality"]]
    rows = rows.astype({"provider": "str", "quality": "float64"})
    n = rows.groupby("provider")["path"].transform("size")
    usual = robust_centre_and_spread_of_own_group(rows["quality"], rows["provider"])
    rows = rows.assign(n=n, centre=usual["centre"], z=(rows["quality"] - usual["centre"]) / usual["spread"])
    rows = rows[(rows["n"] >= SMALL_N) & (rows["z"].abs() >= UNUSUAL)]
    told = zip(rows["quality"], rows["provider"], rows["centre"], rows["n"], rows["z"], strict=True)
    why = [
        f"quality {quality:g}, where {provider} usually has {centre:g} (median of {n:,}; robust z {z:+.1f}, "
        f"unusual from {UNUSUAL})"
        for quality, provider, centre, n, z in told
    ]
    return sorted_reason_rows(data, rows.assign(why=why, strength=rows["z"].abs()))


def _cut_off_words(rows: pd.DataFrame) -> list[str]:
    """State, quality and distance from the cut-off of each article, in words."""
    told = zip(rows["state"], rows["quality"], rows["beyond"], rows["cut_off"], strict=True)
    return [
        f"{state} at quality {quality}, {_distance_words(beyond, cut_off)}" for state, quality, beyond, cut_off in told
    ]


def _distance_words(beyond: int, cut_off: int) -> str:
    if not beyond:
        return f"right at the cut-off of {cut_off}"
    return f"{count_text(abs(beyond), 'point')} {'above' if beyond > 0 else 'under'} the cut-off of {cut_off}"


LINK_WORDS = {
    LINKS[0]: "at the same address",
    LINKS[1]: "under the same headline",
    LINKS[2]: "{alike} alike",
    LINKS[3]: "in the same chain of near-duplicates",
}


def better_related_story(data: Slice) -> pd.DataFrame:
    """Articles with a related story of higher quality (REASON_ROWS), the largest difference first.

    The quality of a story is that of its own article now, where it is in the corpus, else as it was copied.
    """
    articles, related = data.articles[["path", "quality"]], data.corpus.related
    current = compared_with_articles(related, data.corpus.articles)[["path", "position", "path_now", "quality_now"]]
    stories = related[["path", "position", "title", "provider", "quality"]].rename(columns={"quality": "copied"})
    stories = stories.merge(articles, on="path").merge(current, on=["path", "position"], how="left")
    stories = stories.assign(best=stories["quality_now"].fillna(stories["copied"]))
    better = (stories["best"] > stories["quality"]).fillna(value=False).astype("bool")
    stories = stories[better & stories["path"].ne(stories["path_now"]).fillna(value=True)]
    first = stories.sort_values(["best", "position"], ascending=[False, True]).drop_duplicates("path")
    told = zip(first["title"], first["provider"], first["best"], first["quality"], strict=True)
    why = [
        f"its related story {quoted_story(title, provider)} has quality {best}, "
        f"{count_text(best - own, 'point')} above its own {own}"
        for title, provider, best, own in told
    ]
    return sorted_reason_rows(data, first.assign(why=why, strength=first["best"] - first["quality"]))


def story_decided_differently(data: Slice) -> pd.DataFrame:
    """Articles of a story of which one is published and another is not (`split_decisions` of the whole corpus).

    As REASON_ROWS, but the articles of a story come together: the most surely one story first, of equals the newest.
    """
    rows = split_decisions(data.whole)
    rows = rows[rows["path"].isin(data.articles["path"])]
    why = [_story_words(row) for _, row in rows.iterrows()]
    return REASON_ROWS.of(rows.assign(why=why, strength=rows["similarity"].fillna(0))[REASON_ROWS.names])


def _story_words(row: pd.Series) -> str:
    other = quoted_story(row["other_title"], None if row["other_provider"] == NONE else row["other_provider"])
    quality = "" if pd.isna(row["other_quality"]) else f" of quality {row['other_quality']}"
    alike = "" if pd.isna(row["similarity"]) else f"{row['similarity']:.0%}"
    by = LINK_WORDS[row["link"]].format(alike=alike)
    return f"{row['state']}, while {other}{quality} is {row['other_state']}: {by}"


PLURAL_MIN_LETTERS = 4
"""Letters of a word from which a last `s` may be that of a plural."""

TopicPatterns = Mapping[str, re.Pattern[str]]


def topic_without_keyword(data: Slice) -> pd.DataFrame:
    """Articles with a topic without a keyword in headline or excerpt (REASON_ROWS), most such topics first.

    The words of a topic are its keywords, hashtags and names in the taxonomy and those of the topics below it: in any
    case, in the singular or plural, written as one word or several. Topics without keywords and umbrella topics are
    not judged.
    """
    patterns = topic_word_patterns(data.corpus.topic_tree)
    judged = set(patterns) - set(umbrella_topics(data))
    articles = data.articles[["path", "title", "excerpt"]].astype("str").fillna("").set_index("path")
    pairs = data.corpus.topics[["path", "topic"]].astype("str").drop_duplicates()
    pairs = pairs[pairs["topic"].isin(judged) & pairs["path"].isin(articles.index)]
    texts = articles.loc[pairs["path"].unique()]
    folded = {
        path: folded_between_blanks(unescape(f"{title} | {excerpt}")) for path, title, excerpt in texts.itertuples()
    }
    bare = [not patterns[topic].search(folded[path]) for path, topic in pairs.itertuples(index=False)]
    found = pairs[np.array(bare, dtype="bool")].groupby("path", sort=False)["topic"].agg(list)
    strength, why = found.map(len).to_numpy(dtype="int64"), [_topic_words(names) for names in found]
    return sorted_reason_rows(data, pd.DataFrame({"path": found.index, "why": why, "strength": strength}))


def topic_word_patterns(topic_tree: pd.DataFrame) -> TopicPatterns:
    """A pattern for the words of each topic with keywords, by name and short name; it searches a folded text."""
    rows = (
        topic_tree[["name", "shortname", "parent", "keywords", "hashtags"]]
        .astype("object")
        .where(topic_tree.notna(), "")
    )
    own: dict[str, set[str]] = {}
    below: dict[str, set[str]] = {}
    for name, shortname, parent, keywords, hashtags in rows.itertuples(index=False):
        tags = re.split(r"[\s#]+", hashtags)
        own.setdefault(name, set()).update(keywords.split("\n"), tags, (name, shortname))
        below.setdefault(parent, set()).add(name)
    found: dict[str, re.Pattern[str]] = {}
    for name, shortname, _, keywords, _ in rows.itertuples(index=False):
        if keywords:
            words = set[str]().union(*(own[topic] for topic in _topic_and_descendants(name, below)))
            found |= dict.fromkeys(filter(None, (name, shortname)), _any_word_pattern(words))
    return found


def _topic_and_descendants(topic: str, below: Mapping[str, Iterable[str]]) -> set[str]:
    found, waiting = {topic}, [topic]
    while waiting:
        new = set(below.get(waiting.pop(), ())) - found
        found |= new
        waiting.extend(new)
    return found


def _any_word_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of the words, between blanks as `search.folded_between_blanks` sets them."""
    spelled = {tuple(token for token in tokens(unescape(word)) if token != "-") for word in words}
    return re.compile(f" (?:{'|'.join(sorted(map(_spelling_pattern, filter(None, spelled))))}) ")


def _spelling_pattern(spelled: Sequence[str]) -> str:
    last = spelled[-1]
    if last[-1].isalpha() and len(last) >= PLURAL_MIN_LETTERS:
        last = last.removesuffix("s")
    plural = "s?" if last[-1].isalpha() else ""
    return "[ -]*".join(map(re.escape, [*spelled[:-1], last])) + plural


def _topic_words(topics: Sequence[str]) -> str:
    names = ", ".join(f'"{topic}"' for topic in topics)
    one = len(topics) == 1
    return f"topic{'' if one else 's'} {names}: no word of {'it' if one else 'them'} in headline or excerpt"


WEIGHT_MAX = 5

CONTROL, HAND_PICKED, SELECTION, IMPORTED = "control", "hand-picked", "selection", "imported"
"""Reasons without a weight: drawn at random, picked by a person, one of a whole selection, added by an import."""


@dataclass(frozen=True)
class AgendaReason:
    """A reason with a weight.

    `name` is stable (links, CSV); `meaning` is for an editor; `weight` is the initial one, 0 to `WEIGHT_MAX`;
    `find` gives the articles of a slice that it applies to (REASON_ROWS).
    """

    name: str
    label: str
    meaning: str
    weight: int
    find: Callable[[Slice], pd.DataFrame]


AGENDA_REASONS = (
    AgendaReason(
        "against-score",
        "Against the score",
        "It is published below the cut-off in quality that the others keep, or unpublished at or above it.",
        5,
        against_score,
    ),
    AgendaReason(
        "decisions-differ",
        "One story, two decisions",
        "It is published and another article with the same address, headline or text is not, or the other way round.",
        4,
        story_decided_differently,
    ),
    AgendaReason(
        "near-miss",
        "Near the cut-off",
        "A few points more or less, 5 at most, would have published or stopped it.",
        4,
        near_cut_off,
    ),
    AgendaReason(
        "extreme",
        "Extreme for its provider",
        "Its quality is far from what its provider's articles usually have (robust z of 3.5 or more, n of 10 or more).",
        3,
        extreme_for_provider,
    ),
    AgendaReason(
        "heat-lift",
        "Much hotter than good",
        "Its heat is 10 points or more above its quality: readers may see more in it than the score does, or less.",
        3,
        heat_far_above_quality,
    ),
    AgendaReason(
        "unranked",
        "Unranked though strong",
        "It is not ranked by heat (-1) although its quality is in the best quarter of the corpus.",
        3,
        unranked_though_strong,
    ),
    AgendaReason(
        "better-related",
        "A related story is better",
        "One of its related stories has a higher quality than the article that leads them.",
        2,
        better_related_story,
    ),
    AgendaReason(
        "unsupported-topic",
        "Topic without a keyword",
        "It is filed under a topic of which neither headline nor excerpt holds a keyword.",
        2,
        topic_without_keyword,
    ),
    AgendaReason(
        "missing-score",
        "Missing score",
        "It has no quality or no heat, as at least half of the articles of its folder have.",
        1,
        missing_score,
    ),
    AgendaReason(
        "problems",
        "Problems in the record",
        "Its record has errors or warnings: a value was lost or is doubtful.",
        1,
        articles_with_problems,
    ),
)

REASON_LABELS = {reason.name: reason.label for reason in AGENDA_REASONS} | {
    CONTROL: "Random control sample",
    HAND_PICKED: "Picked by hand",
    SELECTION: "The whole selection",
    IMPORTED: "Decided elsewhere",
}
"""The label of each reason in minutes, by name."""


def default_weights() -> dict[str, int]:
    """The weight of each reason that a team starts with."""
    return {reason.name: reason.weight for reason in AGENDA_REASONS}
