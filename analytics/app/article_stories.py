"""The stories beside an article on its page: those that it names as related, and its near-duplicates."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analytics.analyses.article import ARTICLE_RELATED
from analytics.analyses.near_duplicates import NEAR_DUPLICATES_OF
from analytics.app.links import article_link
from analytics.app.numbers import numbers
from analytics.app.text import plain
from analytics.app.web import web_link

SHOWN = 20
"""So many stories are shown in words; the table has them all."""


def related(stories: pd.DataFrame) -> None:
    """Draw the related stories (`article_related`)."""
    st.header("Related stories", anchor="related")
    if stories.empty:
        st.markdown("None.")
        return
    inside = int(stories["path"].notna().sum())
    stale = int((stories["title_differs"] | stories["quality_differs"]).fillna(value=False).sum())
    one_way = int(stories["one_way"].fillna(value=False).sum())
    st.markdown(f"{inside:,} of {len(stories):,} are in the corpus; {stale:,} stale, {one_way:,} one-way.")
    for row in stories.head(SHOWN).to_dict("records"):
        with st.container(gap="xsmall"):
            _story(row)
    st.caption(
        "Stale: the copied title or quality is not that of the story's own article now. One-way: that article does not "
        "list this one among its own related stories." + _cut(stories)
    )
    numbers(stories, ARTICLE_RELATED)


def near_duplicates(found: pd.DataFrame) -> None:
    """Draw the articles that tell the same story (`near_duplicates_of`)."""
    st.header("Near-duplicates", anchor="near-duplicates")
    if found.empty:
        st.markdown("None.")
        return
    for row in found.head(SHOWN).to_dict("records"):
        with st.container(gap="xsmall"):
            article_link(_title(row), row["path"])
            st.markdown(f":small[{row['similarity']:.0%} alike · {_facts(row)} · {plain(row['state'])}]")
    if len(found) > SHOWN:
        st.caption(_cut(found))
    numbers(found, NEAR_DUPLICATES_OF)


def _story(row: Mapping[Any, Any]) -> None:
    copied = f"copied: {_facts(row)}"
    if pd.isna(row["path"]):
        st.markdown(
            f"{_title(row)} :gray-badge[not in the corpus]\n\n:small[{copied}] {web_link('web address', row['url'])}"
        )
        return
    article_link(_title(row), row["path"])
    now = _facts({name: row[f"{name}_now"] for name in ("provider", "published_at", "quality")})
    badges = ""
    if row["title_differs"] is True or row["quality_differs"] is True:
        badges += " :orange-badge[stale]"
    if row["one_way"] is True:
        badges += " :gray-badge[one-way]"
    title = f" · title {plain(str(row['title_now']))}" if row["title_differs"] is True else ""
    st.markdown(f":small[{copied}]\n\n:small[now: {now} · {_heat(row)} · {row['state_now']}{title}]{badges}")


def _title(row: Mapping[Any, Any]) -> str:
    title = row["title"] if pd.notna(row["title"]) else row["path"]
    return plain(title) if pd.notna(title) else "(no title)"


def _facts(row: Mapping[Any, Any]) -> str:
    facts = [
        plain(row["provider"]) if pd.notna(row["provider"]) else "no provider",
        f"{row['published_at']:%Y-%m-%d}" if pd.notna(row["published_at"]) else "no date",
        f"quality {row['quality']}" if pd.notna(row["quality"]) else "no quality",
    ]
    return " · ".join(facts)


def _heat(row: Mapping[Any, Any]) -> str:
    if pd.isna(row["heat_now"]):
        return "no heat"
    return "heat unranked" if row["heat_now"] < 0 else f"heat {row['heat_now']}"


def _cut(rows: pd.DataFrame) -> str:
    return f" Shown are the first {SHOWN} of {len(rows):,}; the table has them all." if len(rows) > SHOWN else ""
