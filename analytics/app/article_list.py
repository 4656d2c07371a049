"""A page of articles, as a list with titles, scores, topics and marked search hits, or as a table."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st
from pandas.api.types import is_string_dtype

from analytics.analyses.common.wording import count_text
from analytics.app.escaping import escaped, web_address, web_link
from analytics.app.page_links import article_address, article_link
from analytics.app.tables import time_column_config, times_or_texts
from analytics.engine.search import hit_positions

EXCERPT_SIGNS = 300
"""So much of an excerpt is shown, from shortly before the first hit; the CSV has all of it."""

BEFORE_HIT = 80
THUMBNAIL = 120


def article_list(rows: pd.DataFrame, folded_terms: Sequence[str], *, images: bool) -> None:
    """Draw a page of articles (`Slice.listing`), with search hits marked; `images` says whether to load images."""
    for place, values in enumerate(rows.itertuples(index=False)):
        row = dict(zip(rows.columns, values, strict=True))
        with st.container(border=True, key=f"article-{place}", gap="xsmall"):
            address = web_address(row["image_url"]) if images else None
            if address is None:
                _words(row, folded_terms)
                continue
            with st.container(horizontal=True, gap="medium"):
                st.image(address, width=THUMBNAIL, alt="")
                with st.container(gap="xsmall"):
                    _words(row, folded_terms)


def escaped_with_marked_hits(text: str, folded_terms: Sequence[str], max_chars: int | None = None) -> str:
    """Escaped Markdown with the hits of folded terms marked; of a long text a stretch with the first hit, cut by …"""
    spans = hit_positions(text, list(folded_terms)) if folded_terms else []
    start = 0
    if max_chars is not None and len(text) > max_chars:
        late = bool(spans) and spans[0][1] > max_chars
        start = max(0, min(spans[0][0] - BEFORE_HIT, len(text) - max_chars)) if late else 0
    end = len(text) if max_chars is None else min(start + max_chars, len(text))
    pieces, at = ["…" if start else ""], start
    for begin, stop in spans:
        if begin >= start and stop <= end:
            pieces += [escaped(text[at:begin]), f":yellow-background[{escaped(text[begin:stop])}]"]
            at = stop
    return "".join([*pieces, escaped(text[at:end]), "…" if end < len(text) else ""])


def _words(row: dict[str, Any], asked: Sequence[str]) -> None:
    title = row["title"] if _there(row["title"]) else row["path"]
    article_link(f"**{escaped_with_marked_hits(title, asked)}**", row["path"], icon="")
    lines = [f":small[{' · '.join(_facts(row))}]"]
    if _there(row["excerpt"]):
        lines.append(escaped_with_marked_hits(row["excerpt"], asked, EXCERPT_SIGNS))
    if _there(row["topics"]):
        lines.append(" ".join(f":blue-badge[{escaped(topic)}]" for topic in str(row["topics"]).split("; ")))
    st.markdown("  \n".join(lines))


def _facts(row: dict[str, Any]) -> list[str]:
    """Short texts on an article: provider, day, type, state, quality, heat, numbers of related stories and problems."""
    day = row["published_at"]
    facts = [
        escaped(row["provider"]) if _there(row["provider"]) else "no provider",
        f"{day:%Y-%m-%d}" if _there(day) else "no date",
        escaped(row["type"]) if _there(row["type"]) else "",
        "" if row["state"] == "published" else f"**{row['state']}**",
        f"quality **{row['quality']:d}**" if _there(row["quality"]) else "no quality",
        _heat(row),
        _counted(row["related_count"], "related story", "related stories"),
        _counted(row["problems"], "problem", "problems"),
        web_link("original", row["url"]),
    ]
    return [fact for fact in facts if fact]


def _heat(row: dict[str, Any]) -> str:
    if row["heat_state"] != "ranked":
        return "heat unranked" if row["heat_state"] == "unranked" else "no heat"
    lift = f" (lift {row['lift']:+d})" if _there(row["lift"]) and row["lift"] else ""
    return f"heat **{row['heat']:d}**{lift}"


def _counted(number: int, one: str, many: str) -> str:
    return count_text(number, one, many) if number else ""


def _there(value: object) -> bool:
    return value is not None and value is not pd.NA and value is not pd.NaT and value == value and value != ""


COLUMNS = {
    "Article": st.column_config.LinkColumn(
        "Article", display_text=":material/article:", width=60, help="All that is known of the article"
    ),
    "Title": st.column_config.TextColumn(width=380),
    "Provider": st.column_config.TextColumn(width=150),
    "Published at": time_column_config("Published at"),
    "Type": st.column_config.TextColumn(),
    "State": st.column_config.TextColumn(help="published, unpublished, or unknown: the article does not say"),
    "Quality": st.column_config.NumberColumn(help="Quality score; empty when there is none"),
    "Heat": st.column_config.NumberColumn(help="Heat score; -1 is an unranked article, empty when there is none"),
    "Heat state": st.column_config.TextColumn(help="ranked, unranked (-1), or missing"),
    "Lift": st.column_config.NumberColumn(format="%+d", help="Heat minus quality; empty when either is missing"),
    "Topics": st.column_config.TextColumn(width=260),
    "Excerpt": st.column_config.TextColumn(width=380),
    "Related": st.column_config.NumberColumn(help="Related stories"),
    "Problems": st.column_config.NumberColumn(help="Problems found in the file"),
    "Relevance": st.column_config.NumberColumn(help="How well it fits the words looked for; empty without words"),
    "Path": st.column_config.TextColumn(width=260, help="File, from the corpus's folder"),
    "Original": st.column_config.LinkColumn(
        display_text=":material/open_in_new:", width=80, help="The article where it was published, in a new tab"
    ),
}
"""Column → how it is shown; the image comes with the switch for images."""

USUAL = tuple(
    name for name in COLUMNS if name not in ("Type", "Heat state", "Excerpt", "Relevance", "Path", "Original")
)
"""The columns that are shown unless the reader chooses."""

_NAMES = {"Published at": "published_at", "Heat state": "heat_state", "Related": "related_count"}


def article_table(rows: pd.DataFrame, columns: Sequence[str], *, images: bool) -> None:
    """Draw a page of articles (`Slice.listing`) with the chosen columns, in the order of COLUMNS."""
    shown = {name: _cells(rows, name) for name in COLUMNS if name in columns}
    config = {name: COLUMNS[name] for name in shown}
    if "Published at" in shown and is_string_dtype(shown["Published at"]):
        config["Published at"] = st.column_config.TextColumn()
    if images:
        shown = {"Image": rows["image_url"].map(web_address).astype("str"), **shown}
        config["Image"] = st.column_config.ImageColumn(width=80)
    st.dataframe(
        pd.DataFrame(shown, index=rows.index),
        hide_index=True,
        column_config=config,
        height="content",
        row_height=64 if images else None,
        alt="The articles of this page, one a row",
        key="articles-table",
    )


def _cells(rows: pd.DataFrame, name: str) -> pd.Series:
    if name == "Article":
        return rows["path"].map(article_address)
    if name == "Original":
        return rows["url"].map(web_address).astype("str")
    if name == "Excerpt":
        return rows["excerpt"].str.slice(0, EXCERPT_SIGNS)
    cells = rows[_NAMES.get(name, name.lower())]
    return times_or_texts(cells) if name == "Published at" else cells
