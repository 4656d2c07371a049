"""The page of one article, which its link names by path: all that is known of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analytics.analyses import article as known
from analytics.analyses.article import ARTICLE_RELATED
from analytics.analyses.duplicate_stories import NEAR_DUPLICATES_OF, near_duplicates_of
from analytics.analyses.history import history_lists
from analytics.app import answers, page_links, sidebar
from analytics.app.cards import draw_still_chart
from analytics.app.csv_downloads import csv_maker
from analytics.app.escaping import escaped, web_address, web_link
from analytics.app.page_links import article_link
from analytics.app.result_cache import cached
from analytics.app.review.add_article import add_to_review_buttons
from analytics.app.tables import ISO_DAY, ISO_TIME, table_expander
from analytics.charts.dots import percentile_dots
from analytics.charts.history import article_heat_since_first_seen
from analytics.charts.interactive import interactive_chart
from analytics.charts.theme import Look
from analytics.corpus.parsing.masked_front_matter import masked_front_matter
from analytics.corpus.record_fields import ALL_COLLECTIONS
from analytics.corpus.table_contracts import PROBLEMS
from analytics.engine.article_detail import ArticleDetail
from analytics.engine.slice import Slice
from analytics.errors import AnalyticsError
from analytics.selection.selection import Selection
from analytics.value_formatting import time_texts

SIGNS_SHOWN = 100_000
IMAGE_WIDTH = 480
STYLE = """<style>
.st-key-article-page [data-testid="stPageLink-NavLink"] { padding: 0; }
.st-key-article-page :is([data-testid="stPageLink-NavLink"], button) * { white-space: normal; overflow-wrap: anywhere; }
.st-key-article-page code * { overflow-wrap: anywhere; min-width: 0; }
</style>"""
"""Long titles and long words go on in the next line rather than being cut."""

_SHOWN = "article-shown"

STATES = {True: "published", False: "unpublished"}


def show() -> None:
    """Draw the page of the article that the link names by `path`."""
    path = _shown_in_the_address()
    found = article_detail(path)
    st.html(STYLE)
    with st.container(key="article-page"):
        for notice in sidebar.notices():
            st.warning(escaped(notice), icon=":material/link_off:")
        if found.article.empty and found.problems.empty:
            _unknown(path)
        elif found.article.empty:
            _lost(found)
        else:
            _article(found)


def _shown_in_the_address() -> str:
    """The path in the link; written into the address again after a link between articles, which leaves it out."""
    path = st.query_params.get("path", "")
    if st.session_state.get(_SHOWN, path) != path:
        st.query_params["path"] = path
    st.session_state[_SHOWN] = path
    return path


def _unknown(path: str) -> None:
    st.title("Article")
    if path:
        st.info(escaped(f"The corpus has no article {path}. It may have been moved, renamed or taken out."))
    else:
        st.info("This link names no article: it should end in ?path= and the article's file.")
    st.page_link(page_links.page(page_links.ARTICLES), label="Look for it among the articles")


def _lost(found: ArticleDetail) -> None:
    """A file that should be an article and could not be read as one."""
    st.title(escaped(found.path), anchor=False)
    st.error("The file is not among the articles: it could not be read as one.", icon=":material/error:")
    _problems(found)
    _front_matter(found)


def article_detail(path: str) -> ArticleDetail:
    """The article of a path with its topics, images, related stories and problems (`Slice.article_detail`)."""
    loaded = answers.corpus()
    return cached(lambda: Slice(loaded).single(path), "article", loaded.cache_key, path)


def _article(found: ArticleDetail) -> None:
    row = found.article.iloc[0]
    st.title(escaped(row["title"]) if pd.notna(row["title"]) else "(no title)", anchor=False)
    draw_summary(row)
    add_to_review_buttons(found.path)
    _images(found)
    several = len(answers.collection_sizes()) > 1
    among = f"all articles of its collection, {escaped(row['collection'])}" if several else "all articles of the corpus"
    st.caption(f"The filters do not apply here: the article stands among {among}.")
    draw_details(found)


def draw_details(found: ArticleDetail) -> None:
    """Draw the sections about an article: scores, heat, related stories, fields, problems, near-duplicates, file."""
    _scores(found)
    heat_life(found.path)
    related(known.related_stories_as_copied(found))
    _fields(found)
    _problems(found)
    near_duplicates(near_duplicates_found(found.path))
    _front_matter(found)


def near_duplicates_found(path: str) -> pd.DataFrame:
    """The articles that tell the same story as the one of a path (`near_duplicates_of`)."""
    loaded = answers.corpus()
    with st.spinner("Looking for near-duplicates…"):
        return cached(lambda: near_duplicates_of(Slice(loaded), path), "alike", loaded.cache_key, path)


def draw_summary(row: pd.Series, *, state: bool = True) -> None:
    """Draw provider, day, type and, if wanted, state of an article in a line, with its links, and its excerpt."""
    facts = [
        escaped(row["provider"]) if pd.notna(row["provider"]) else "no provider",
        escaped(time_texts(pd.Series([row["published_at"]]), ISO_DAY, ISO_TIME)[0]) or "no date",
        escaped(row["type"]) if pd.notna(row["type"]) else "no type",
    ]
    if state:
        facts.append("unknown state" if pd.isna(row["published"]) else STATES[bool(row["published"])])
    addresses = [web_link("web address", row["web_url"]), web_link("original", row["original_url"])]
    st.markdown(" · ".join([*facts, *filter(None, addresses)]))
    if pd.notna(row["excerpt"]):
        st.markdown(escaped(row["excerpt"]))


def _images(found: ArticleDetail) -> None:
    """The article's own images, loaded from the web only when the reader asks for them."""
    own = found.images[found.images["owner"] == "article"]
    addresses = [address for address in map(web_address, own["url"]) if address]
    if addresses and st.toggle(f"Load images from the web ({len(addresses)})", key=f"images-{found.path}"):
        st.image(addresses, width=IMAGE_WIDTH)


def _scores(found: ArticleDetail) -> None:
    st.header("Where its scores stand", anchor="scores")
    loaded = answers.corpus()
    table = cached(lambda: known.article_standing(Slice(loaded), found.path), "standing", loaded.cache_key, found.path)
    row = found.article.iloc[0]
    st.markdown(escaped(known.article_standing.finding(table)))
    if row["heat_state"] == "unranked":
        st.markdown("Its heat is unranked: it is compared with nothing.")
    if table["percentile"].notna().any():
        finding = known.article_standing.finding(table)
        key = ("standing chart", loaded.cache_key, found.path)
        look = Look(contract=known.ARTICLE_STANDING)
        draw_still_chart(lambda: cached(lambda: interactive_chart(percentile_dots, table, look), *key), finding)
    if len(table):
        st.caption(
            "Percentile: articles of the group with a lower score and half of those with the same one, of all that "
            "have the score, this one among them. Nothing can be said of fewer than 10. Heat that is unranked is left "
            "out."
        )
        table_expander(table, known.ARTICLE_STANDING)
    with st.container(horizontal=True, gap="small"):
        for kind, label, selection in known.article_groups(found)[:-1]:
            if selection.start is None or sidebar.EARLIEST <= selection.start <= sidebar.LATEST:
                st.button(
                    escaped(f"{kind}: {label}"),
                    key=f"group-{kind}-{label}",
                    on_click=page_links.open_articles,
                    args=(selection,),
                    icon=":material/table_rows:",
                    help="Open the articles of this group",
                )


def _fields(found: ArticleDetail) -> None:
    st.header("Fields", anchor="fields")
    fields = known.article_fields(found)
    lines = []
    for field, value in zip(fields["field"], fields["value"], strict=True):
        link = web_link(escaped(value), value) if field.endswith("url") else ""
        lines.append(f"- **{escaped(field)}**: {link or escaped(value)}")
    st.markdown("\n".join(lines))


def _problems(found: ArticleDetail) -> None:
    st.header("Problems", anchor="problems")
    problems = known.article_problems(found)
    if problems.empty:
        st.markdown("None.")
        return
    lines = []
    for row in problems.to_dict("records"):
        line = f"line {row['line']:,}" if pd.notna(row["line"]) else "whole file"
        value = f" Found: {escaped(row['value'])}." if pd.notna(row["value"]) and row["value"] else ""
        field = f" · {escaped(row['field'])}" if pd.notna(row["field"]) and row["field"] else ""
        lines.append(f"- **{row['severity']}** · {line}{field}: {escaped(row['message'])}{value}")
    st.markdown("\n".join(lines))
    table_expander(problems, PROBLEMS)


def _front_matter(found: ArticleDetail) -> None:
    st.header("Front matter", anchor="front-matter")
    if not st.toggle("Read it from the file", key=f"raw-{found.path}"):
        return
    try:
        text = masked_front_matter(answers.corpus().source, found.path)
    except AnalyticsError as error:
        st.warning(escaped(str(error)))
        return
    cut = f" Only the first {SIGNS_SHOWN:,} of its {len(text):,} signs are shown." if len(text) > SIGNS_SHOWN else ""
    st.caption(f"As the file stands now, with the lines as they are numbered in it. What is secret is hidden.{cut}")
    st.code(text[:SIGNS_SHOWN], language=None, line_numbers=True, wrap_lines=True)


SHOWN = 20
"""So many stories are shown in words; the table has them all."""


def related(stories: pd.DataFrame) -> None:
    """Draw the related stories (`related_stories_as_copied`)."""
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
    table_expander(stories, ARTICLE_RELATED)


def near_duplicates(found: pd.DataFrame) -> None:
    """Draw the articles that tell the same story (`near_duplicates_of`)."""
    st.header("Near-duplicates", anchor="near-duplicates")
    if found.empty:
        st.markdown("None.")
        return
    for row in found.head(SHOWN).to_dict("records"):
        with st.container(gap="xsmall"):
            article_link(_title(row), row["path"])
            st.markdown(f":small[{row['similarity']:.0%} alike · {_facts(row)} · {escaped(row['state'])}]")
    if len(found) > SHOWN:
        st.caption(_cut(found))
    table_expander(found, NEAR_DUPLICATES_OF)


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
    title = f" · title {escaped(str(row['title_now']))}" if row["title_differs"] is True else ""
    st.markdown(f":small[{copied}]\n\n:small[now: {now} · {_heat(row)} · {row['state_now']}{title}]{badges}")


def _title(row: Mapping[Any, Any]) -> str:
    title = row["title"] if pd.notna(row["title"]) else row["path"]
    return escaped(title) if pd.notna(title) else "(no title)"


def _facts(row: Mapping[Any, Any]) -> str:
    facts = [
        escaped(row["provider"]) if pd.notna(row["provider"]) else "no provider",
        f"{row['published_at']:%Y-%m-%d}" if pd.notna(row["published_at"]) else "no date",
        f"quality {row['quality']:d}" if pd.notna(row["quality"]) else "no quality",
    ]
    return " · ".join(facts)


def _heat(row: Mapping[Any, Any]) -> str:
    if pd.isna(row["heat_now"]):
        return "no heat"
    return "heat unranked" if row["heat_now"] < 0 else f"heat {row['heat_now']:d}"


def _cut(rows: pd.DataFrame) -> str:
    return f" Shown are the first {SHOWN} of {len(rows):,}; the table has them all." if len(rows) > SHOWN else ""


def heat_life(path: str) -> None:
    """Draw the heat of an article since it was first seen, from the git history; nothing without a history."""
    data = answers.data(Selection(collections=(ALL_COLLECTIONS,)), "history")
    if data.history.commits.empty:
        return
    st.header("The life of its heat", anchor="heat-life")
    key = (answers.corpus().cache_key, data.side_data.stamp, path)
    table = cached(lambda: history_lists.heat_life(data, path), "heat_life", *key)
    finding = history_lists.heat_life.finding(table)
    st.markdown(escaped(finding))
    if table.empty:
        return
    look = Look(contract=history_lists.HEAT_LIFE)
    draw_still_chart(
        lambda: cached(
            lambda: interactive_chart(article_heat_since_first_seen(title="points"), table, look),
            "heat_life chart",
            *key,
        ),
        finding,
    )
    st.caption(
        "Each commit that changed something tracked, by hours since the first. Another article's time in the same file "
        "is left out."
    )
    table_expander(table, history_lists.HEAT_LIFE)
    st.download_button(
        "Download CSV",
        csv_maker(table),
        file_name="heat_life.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key=f"heat-life-{path}",
    )
