"""The Articles page in Streamlit's own test harness: search, facets, order, pages, columns, links, CSV."""

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from analytics.app.article_list import COLUMNS, EXCERPT_SIGNS, USUAL, escaped_with_marked_hits
from analytics.app.articles_page import SORTS, all_as_csv
from analytics.app.escaping import JOINER, web_address, web_link
from analytics.corpus.loader import Corpus, load_corpus
from analytics.engine.search import parse_search_text
from analytics.engine.slice import Slice
from analytics.selection.selection import parse
from tests.app.harness import Query, markdown, opened


def opened_list(query: dict[str, Query] | None = None) -> AppTest:
    """The page, opened by a link."""
    return opened("Articles", **(query or {}))


def caption(at: AppTest) -> str:
    return at.main.caption[0].value.replace("\\", "")


def shown(at: AppTest) -> list[str]:
    """The paths that the titles of the list, or the links of the table, lead to."""
    if at.main.dataframe:
        return [parse_qs(urlsplit(link).query)["path"][0] for link in at.main.dataframe[0].value["Article"]]
    return [parse_qs(link.proto.query_string)["path"][0] for link in at.main.get("page_link")]


def paths(corpus: Corpus, selection: str, sort: str = "published_at", *, descending: bool = True) -> list[str]:
    return list(Slice(corpus, parse(selection)).listing(sort, descending=descending)["path"])


@pytest.mark.slow
def test_the_newest_articles_come_first_and_page_by_page(sample: Corpus) -> None:
    at = opened_list()
    newest = paths(sample, "")
    assert shown(at) == newest[:25]
    at.pagination(key="pager").set_value(2).run()
    assert shown(at) == newest[25:50]
    at.pagination(key="page-below").set_value(48).run()
    assert at.pagination(key="pager").value == 48
    assert shown(at) == newest[47 * 25 :]
    at.selectbox(key="rows").set_value(100).run()
    assert at.pagination(key="pager").value == 1
    assert shown(at) == newest[:100]


@pytest.mark.slow
def test_a_changed_filter_goes_back_to_the_first_page(sample: Corpus) -> None:
    at = opened_list({"page": "3", "state": "published"})
    assert shown(at) == paths(sample, "state=published")[50:75]
    at.multiselect(key="topic").set_value(["Hydrogen"]).run()
    assert at.pagination(key="pager").value == 1
    assert shown(at) == paths(sample, "state=published&topic=Hydrogen")[:25]


@pytest.mark.slow
def test_every_order_is_that_of_the_listing(sample: Corpus) -> None:
    at = opened_list({"words": "grid"})
    assert shown(at) == paths(sample, "words=grid", "relevance")[:25]
    for name, (sort, descending) in SORTS.items():
        at.selectbox(key="sort").set_value(name).run()
        assert shown(at) == paths(sample, "words=grid", sort, descending=descending)[:25]
    assert shown(opened_list({"sort": "Best match"})) == paths(sample, "")[:25]


@pytest.mark.slow
def test_the_search_writes_the_filters_and_a_chip_empties_it(sample: Corpus) -> None:
    at = opened_list()
    for parameter, words in (("words", "GRID"), ("words_any", 'pilot "was delayed"'), ("words_none", "batteries")):
        at.text_input(key=f"search-{parameter}").set_value(words).run()
        assert at.text_input(key=parameter).value == words
    selection = "words=GRID&words_any=pilot+%22was+delayed%22&words_none=batteries"
    assert 0 < len(paths(sample, selection)) < len(paths(sample, "words=grid"))
    assert shown(at) == paths(sample, selection, "relevance")[:25]
    assert ":yellow-background[grid]" in markdown(at)
    assert ":yellow-background[pilot]" in markdown(at)
    at.button(key="chip-words-GRID").click().run()
    assert at.text_input(key="search-words").value == ""
    assert "GRID" not in caption(at)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "label", "selection"),
    [
        ("topic", "Hydrogen", "topic=Hydrogen"),
        ("provider", "The Grid Ledger", "provider=The+Grid+Ledger"),
        ("type", "video", "type=video"),
        ("state", "published", "state=published"),
        ("heat_state", "unranked", "heat_state=unranked"),
        ("year", "2025", "from=2025-01-01&to=2025-12-31"),
        ("year", "(none)", "lacks=published_at"),
    ],
)
def test_a_facet_value_is_added_and_taken_back(key: str, label: str, selection: str, sample: Corpus) -> None:
    at = opened_list()
    everything = caption(at)
    at.button_group(key=f"facet-{key}").set_value([label]).run()
    assert not at.exception
    n = len(paths(sample, selection))
    assert caption(at).startswith(f"{n:,} of 1,195 articles")
    assert shown(at) == paths(sample, selection)[:25]
    facet = at.button_group(key=f"facet-{key}")
    assert facet.value == [label]
    assert any(option.replace("\\", "") == f"{label} **{n:,}**" for option in facet.options)
    facet.set_value([]).run()
    assert caption(at) == everything
    assert not [button for button in at.main.button if (button.key or "").startswith("chip-")]


@pytest.mark.slow
def test_a_facet_says_how_many_labels_it_leaves_out(sample: Corpus) -> None:
    labels = [group.label for group in opened_list().main.button_group if group.key == "facet-provider"]
    total = Slice(sample).facet("provider")["total"].iloc[0]
    assert labels == [f"**Provider** :small[top 15 of {total}]"]


@pytest.mark.slow
def test_a_second_value_of_a_facet_is_added_to_the_first(sample: Corpus) -> None:
    at = opened_list({"topic": ["Hydrogen"]})
    at.button_group(key="facet-topic").set_value(["Hydrogen", "Solar"]).run()
    assert at.multiselect(key="topic").value == ["Hydrogen", "Solar"]
    assert shown(at) == paths(sample, "topic=Hydrogen&topic=Solar")[:25]


@pytest.mark.slow
def test_the_table_has_the_columns_that_are_chosen(sample: Corpus) -> None:
    at = opened_list()
    at.button_group(key="form").set_value("Table").run()
    assert list(at.main.dataframe[0].value.columns) == list(USUAL)
    at.multiselect(key="columns").set_value(list(COLUMNS)).run()
    table = at.main.dataframe[0].value
    first = Slice(sample).listing(limit=25)
    assert shown(at) == list(first["path"])
    assert list(table.columns) == list(COLUMNS)
    assert list(table["Problems"]) == list(first["problems"])
    assert list(table["Original"]) == list(first["url"])
    assert table["Excerpt"].str.len().max() <= EXCERPT_SIGNS


def test_nonsense_in_a_link_gives_a_notice_and_the_usual_page(sample: Corpus) -> None:
    at = opened_list({"sort": "colour", "form": "Poster", "rows": "7", "columns": ["Title", "Mood"], "page": "next"})
    notices = "\n".join(warning.value for warning in at.warning).replace("\\", "")
    for name in ("sort=colour", "form=Poster", "rows=7", "columns=Mood", "page=next"):
        assert name in notices
    assert "columns=Title" not in notices
    assert shown(at) == paths(sample, "")[:25]
    assert shown(opened_list({"page": "999"})) == paths(sample, "")[:25]


@pytest.mark.slow
def test_nothing_found_offers_to_take_back_the_filter_that_came_last() -> None:
    at = opened_list({"words": "grid"})
    at.number_input(key="quality_min").set_value(1000).run()
    assert "No article matches the filters." in [info.value for info in at.info]
    assert at.button(key="clear-last").label.replace("\\", "") == "Take back quality_min: 1000"
    at.button(key="clear-last").click().run()
    assert not at.info
    assert at.text_input(key="words").value == "grid"
    at.text_input(key="search-words").set_value("no such words").run()
    at.button(key="clear-here").click().run()
    assert caption(at).startswith("1,195 of 1,195 articles: all articles")


@pytest.mark.slow
def test_an_empty_corpus_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTICLE_ANALYTICS_CORPUS", str(tmp_path))
    assert "The corpus holds no articles." in [info.value for info in opened_list().info]


@pytest.mark.slow
def test_a_real_corpus_is_listed(shared: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTICLE_ANALYTICS_CORPUS", str(shared("powerapps")))
    at = opened_list({"form": "Table", "words": "power"})
    assert not at.error
    assert len(shown(at)) == 25


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three articles: one that tries what it can, one of which nothing is known, one unranked with an image."""
    monkeypatch.setenv("ARTICLE_ANALYTICS_CORPUS", str(tmp_path))
    (tmp_path / "a.md").write_text(
        "---\ntitle: '<b>grid</b> [x](http://evil.test) :red[*]'\nexcerpt: '=1+1 ![i](http://evil.test/i.png) grid'\n"
        "publishedDateTime: 2024-03-01T10:00:00Z\nprovider: {name: '$x$ `y`'}\ntopics: ['<i>T</i>']\n"
        "webUrl: 'javascript:alert(1)'\nquality: 50\nheat: 62\npublished: true\n"
        "images: [{url: 'file:///etc/passwd'}]\n---\n"
    )
    (tmp_path / "b.md").write_text("---\ntitle: Bare\n---\n")
    (tmp_path / "c.md").write_text(
        "---\ntitle: '=cmd()'\nheat: -1\npublished: false\ntype: video\n"
        "webUrl: 'https://a.test/x) y'\nimages: [{url: 'https://a.test/i.png'}]\n---\n"
    )
    return tmp_path


@pytest.mark.usefixtures("hostile")
def test_text_from_outside_is_text_and_missing_values_are_named() -> None:
    at = opened_list({"words_any": "grid bare cmd", "sort": "Title"})
    titles = {shown(at)[place]: link.proto.label for place, link in enumerate(at.main.get("page_link"))}
    assert (
        titles["a.md"]
        == "**\\<b\\>:yellow-background[grid]\\</b\\> \\[x\\]\\(http\\:\u2060//evil\\.test\\) \\:red\\[\\*\\]**"
    )
    facts = {line.value.split("  \n")[0] for line in at.main.markdown if line.value.startswith(":small[")}
    assert facts == {
        r":small[\$x\$ \`y\` · 2024-03-01 · quality **50** · heat **62** (lift +12)]",
        ":small[no provider · no date · **unknown** · no quality · no heat · 1 problem]",
        ":small[no provider · no date · video · **unpublished** · no quality · heat unranked · 1 problem · "
        "[original](<https://a.test/x%29%20y>)]",
    }
    assert r":blue-badge[\<i\>T\</i\>]" in markdown(at)
    assert "\\!\\[i\\]\\(http\\:\u2060//evil\\.test/i\\.png\\)" in markdown(at)


@pytest.mark.slow
@pytest.mark.usefixtures("hostile")
def test_images_are_loaded_only_when_asked_for_and_only_from_the_web() -> None:
    at = opened_list()
    assert not at.main.get("image")
    at.toggle(key="images").set_value(True).run()
    assert [image.value[0] for image in at.main.get("image")] == ["https://a.test/i.png"]
    at.button_group(key="form").set_value("Table").run()
    assert at.main.dataframe[0].value["Image"].dropna().tolist() == ["https://a.test/i.png"]


def test_the_csv_holds_all_articles_in_order_and_no_formula(hostile: Path, sample: Corpus) -> None:
    selection = parse("state=published&words=grid")
    table = pd.read_csv(StringIO(all_as_csv(sample, selection, "Lowest quality")))
    assert list(table["path"]) == paths(sample, selection.text, "quality", descending=False)
    assert len(table) > 25
    cells = pd.read_csv(StringIO(all_as_csv(load_corpus(hostile), parse(""), "Title")))
    assert set(cells["title"]) >= {"'=cmd()", "Bare"}
    assert "'=1+1 ![i](http://evil.test/i.png) grid" in set(cells["excerpt"])


@given(st.text(alphabet="aé ß:[]*`<\\&\n$.", max_size=40), st.text(alphabet="aé ß*[", max_size=6))
def test_marking_changes_nothing_but_the_marks(told: str, looked_for: str) -> None:
    plainly = escaped_with_marked_hits(told, parse_search_text(looked_for)).replace(":yellow-background[", "\0")
    kept, depth, escaped = "", 0, False
    for sign in plainly:
        if escaped or sign not in "\\\0]":
            kept, escaped = kept + sign, False
        elif sign == "\\":
            escaped = True
        else:
            depth += 1 if sign == "\0" else -1
            assert depth in (0, 1)
    assert re.sub(" +", " ", kept.replace(JOINER, "")) == re.sub("[ \n]+", " ", told)


def test_a_long_excerpt_begins_shortly_before_its_first_hit() -> None:
    long = f"{'a ' * 400}grid{' b' * 400}"
    assert (
        escaped_with_marked_hits(long, parse_search_text("grid"), 300)
        == f"…{'a ' * 40}:yellow-background[grid]{' b' * 108}…"
    )
    assert escaped_with_marked_hits(long, [], 10) == "a a a a a …"
    assert escaped_with_marked_hits("grid", parse_search_text("grid"), 300) == ":yellow-background[grid]"


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("https://a.test/b?c=d#e", "https://a.test/b?c=d#e"),
        (" http://a.test/ä <b>|`\\ ", "http://a.test/%C3%A4%20%3Cb%3E%7C%60%5C"),
        ("javascript:alert(1)", None),
        ("//a.test/b", None),
        ("https:", None),
        ("http://[a", None),
        ("", None),
        (pd.NA, None),
    ],
)
def test_only_addresses_of_the_web_are_followed(value: object, address: str | None) -> None:
    assert web_address(value) == address
    assert web_link("L", value) == (f"[L](<{address}>)" if address else "")
