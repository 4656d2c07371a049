"""The page of one article, at its own link: everything that is known of it."""

import pandas as pd
import streamlit as st

from analytics.analyses import article as known
from analytics.analyses.near_duplicates import near_duplicates_of
from analytics.app import data, links, sidebar
from analytics.app.article_stories import near_duplicates, related
from analytics.app.heat_life import heat_life
from analytics.app.numbers import numbers
from analytics.app.review_add import offer
from analytics.app.text import plain
from analytics.app.web import web_address, web_link
from analytics.charts.standing import standing
from analytics.corpus.loader import Corpus
from analytics.corpus.raw import raw_front_matter
from analytics.corpus.tables import PROBLEMS
from analytics.engine.single import Single
from analytics.engine.slice import Slice
from analytics.errors import AnalyticsError

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
    found = single(path)
    st.html(STYLE)
    with st.container(key="article-page"):
        for notice in sidebar.notices():
            st.warning(plain(notice), icon=":material/link_off:")
        if found.article.empty and found.problems.empty:
            _unknown(path)
        elif found.article.empty:
            _lost(found)
        else:
            _article(found)


def _shown_in_the_address() -> str:
    """The path that was asked for; written again after a link from article to article, which leaves the address."""
    path = st.query_params.get("path", "")
    if st.session_state.get(_SHOWN, path) != path:
        st.query_params["path"] = path
    st.session_state[_SHOWN] = path
    return path


def _unknown(path: str) -> None:
    st.title("Article")
    if path:
        st.info(plain(f"The corpus has no article {path}. It may have been moved, renamed or taken out."))
    else:
        st.info("This link names no article: it should end in ?path= and the article's file.")
    st.page_link(links.page(links.ARTICLES), label="Look for it among the articles")


def _lost(found: Single) -> None:
    """A file that should be an article and could not be read as one."""
    st.title(plain(found.path), anchor=False)
    st.error("The file is not among the articles: it could not be read as one.", icon=":material/error:")
    _problems(found)
    _front_matter(found)


def single(path: str) -> Single:
    """One file of the corpus, and all that hangs on it."""
    return _single(_key(path), data.corpus())


def _article(found: Single) -> None:
    row = found.article.iloc[0]
    st.title(plain(row["title"]) if pd.notna(row["title"]) else "(no title)", anchor=False)
    in_short(row)
    offer(found.path)
    _images(found)
    st.caption("The filters do not apply here: the article stands among all articles of the corpus.")
    context(found)


def context(found: Single) -> None:
    """Draw all that is known of an article below its head."""
    _scores(found)
    heat_life(found.path)
    related(known.article_related(found))
    _fields(found)
    _problems(found)
    near_duplicates(_near(_key(found.path), data.corpus()))
    _front_matter(found)


def in_short(row: pd.Series) -> None:
    """Draw what an article is in a line, its addresses and its excerpt."""
    facts = [
        plain(row["provider"]) if pd.notna(row["provider"]) else "no provider",
        f"{row['published_at']:%Y-%m-%d %H:%M} UTC" if pd.notna(row["published_at"]) else "no date",
        plain(row["type"]) if pd.notna(row["type"]) else "no type",
        "unknown state" if pd.isna(row["published"]) else STATES[bool(row["published"])],
    ]
    addresses = [web_link("web address", row["web_url"]), web_link("original", row["original_url"])]
    st.markdown(" · ".join([*facts, *filter(None, addresses)]))
    if pd.notna(row["excerpt"]):
        st.markdown(plain(row["excerpt"]))


def _images(found: Single) -> None:
    """The article's own images, loaded from the web only when the reader asks for them."""
    own = found.images[found.images["owner"] == "article"]
    addresses = [address for address in map(web_address, own["url"]) if address]
    if addresses and st.toggle(f"Load images from the web ({len(addresses)})", key=f"images-{found.path}"):
        st.image(addresses, width=IMAGE_WIDTH)


def _scores(found: Single) -> None:
    st.header("Where its scores stand", anchor="scores")
    table = _standing(_key(found.path), data.corpus())
    row = found.article.iloc[0]
    st.markdown(plain(known.article_standing_finding(table)))
    if row["heat_state"] == "unranked":
        st.markdown("Its heat is unranked: it is compared with nothing.")
    if table["percentile"].notna().any():
        st.altair_chart(standing(table), width="stretch", alt=known.article_standing_finding(table))
    if len(table):
        st.caption(
            "Percentile: articles of the group with a lower score and half of those with the same one, of all that "
            "have the score, this one among them. Nothing can be said of fewer than 10. Heat that is unranked is left "
            "out."
        )
        numbers(table, known.ARTICLE_STANDING)
    with st.container(horizontal=True, gap="small"):
        for kind, label, selection in known.article_groups(found)[:-1]:
            if selection.start is None or sidebar.EARLIEST <= selection.start <= sidebar.LATEST:
                st.button(
                    plain(f"{kind}: {label}"),
                    key=f"group-{kind}-{label}",
                    on_click=links.open_articles,
                    args=(selection,),
                    icon=":material/table_rows:",
                    help="Open the articles of this group",
                )


def _fields(found: Single) -> None:
    st.header("Fields", anchor="fields")
    fields = known.article_fields(found)
    lines = []
    for field, value in zip(fields["field"], fields["value"], strict=True):
        link = web_link(plain(value), value) if field.endswith("url") else ""
        lines.append(f"- **{plain(field)}**: {link or plain(value)}")
    st.markdown("\n".join(lines))


def _problems(found: Single) -> None:
    st.header("Problems", anchor="problems")
    problems = known.article_problems(found)
    if problems.empty:
        st.markdown("None.")
        return
    lines = []
    for row in problems.to_dict("records"):
        line = f"line {row['line']}" if pd.notna(row["line"]) else "whole file"
        value = f" Found: {plain(row['value'])}." if pd.notna(row["value"]) and row["value"] else ""
        field = f" · {plain(row['field'])}" if pd.notna(row["field"]) and row["field"] else ""
        lines.append(f"- **{row['severity']}** · {line}{field}: {plain(row['message'])}{value}")
    st.markdown("\n".join(lines))
    numbers(problems, PROBLEMS)


def _front_matter(found: Single) -> None:
    st.header("Front matter", anchor="front-matter")
    if not st.toggle("Read it from the file", key=f"raw-{found.path}"):
        return
    try:
        text = raw_front_matter(data.corpus().source, found.path)
    except AnalyticsError as error:
        st.warning(plain(str(error)))
        return
    cut = f" Only the first {SIGNS_SHOWN:,} of its {len(text):,} signs are shown." if len(text) > SIGNS_SHOWN else ""
    st.caption(f"As the file stands now, with the lines as they are numbered in it. What is secret is hidden.{cut}")
    st.code(text[:SIGNS_SHOWN], language=None, line_numbers=True, wrap_lines=True)


def _key(path: str) -> str:
    return f"{data.corpus().fingerprint}\n{path}"


@st.cache_data(show_spinner=False, max_entries=50)
def _single(key: str, _corpus: Corpus) -> Single:
    return Slice(_corpus).single(key.split("\n", 1)[1])


@st.cache_data(show_spinner=False, max_entries=50)
def _standing(key: str, _corpus: Corpus) -> pd.DataFrame:
    return known.article_standing(Slice(_corpus), key.split("\n", 1)[1])


@st.cache_data(show_spinner="Looking for near-duplicates…", max_entries=50)
def _near(key: str, _corpus: Corpus) -> pd.DataFrame:
    return near_duplicates_of(Slice(_corpus), key.split("\n", 1)[1])
