"""Links of bodies, by hand and against the HTML that a whole Markdown parser makes, read by the standard library."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from analytics.corpus.loader import load_corpus
from analytics.corpus.parsing.body_links import MAX_ADDRESS_CHARS, MAX_LINKS, Link, body_links
from tests.corpora import write_records


class Anchors(HTMLParser):
    """The addresses of all anchors of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = (dict(attrs).get("href") or "").strip()
        if tag == "a" and address:
            self.found.append(address)


@pytest.mark.parametrize(
    ("body", "links"),
    [
        (
            "[a](https://x.example/1 'title') and [b](</two words>)",
            [("https://x.example/1", "words"), ("/two words", "words")],
        ),
        ("[a][r], [r] and [R][]\n\n[r]: ../other.md 'T'", [("../other.md", "words")] * 3),
        (
            "<https://x.example/?a=1&b=2> <me@x.example>",
            [("https://x.example/?a=1&b=2", "address"), ("mailto:me@x.example", "address")],
        ),
        ("[![alt](i.png)](/big) ![no](link.png)", [("/big", "image")]),
        ("[https://x.example](https://x.example) [](empty)", [("https://x.example", "address"), ("empty", "none")]),
        ("`[a](b)`\n\n    [c](d)\n\n```\n[e](f)\n```\n", []),
        (
            "one <a href='/x?a=1&amp;b=2' class=y>*two*</a> [three](/y)\n\n<div><A HREF=/z>\n<img src=q></a></div>",
            [("/x?a=1&b=2", "words"), ("/y", "words"), ("/z", "image")],
        ),
        ("<!-- <a href=no>x</a> -->\n<a name=anchor>n</a> <abbr href=no>x</abbr>", []),
        (
            "[a](javascript:alert(1)) [ü](https://x.example/ü)",
            [("javascript:alert(1)", "words"), ("https://x.example/ü", "words")],
        ),
        ("no link at all", []),
    ],
)
def test_links_of_markdown(body: str, links: list[tuple[str, str]]) -> None:
    assert body_links(body, html=False).links == [Link(*link) for link in links]


def test_links_of_html() -> None:
    page = """<style>a { }</style><script>"<a href='no'>"</script><!--[if mso]><a href="no">x</a><![endif]-->
    <a
      class="b > c" href=" https://x.example/1 "><img src="i"></a><a href="">here</a>
    <a href="mailto:a@x.example">a@x.example</a> [no](markdown) <a href="/unclosed">last"""
    assert body_links(page, html=True).links == [
        ("https://x.example/1", "image"),
        ("mailto:a@x.example", "address"),
        ("/unclosed", "words"),
    ]


def test_a_tag_whose_quote_is_not_closed_is_no_anchor() -> None:
    """Python before 3.11.5 took it for one where the group of its attributes was possessive."""
    page = '<a href="https://x.example">b</a> <a href=https://y.example ">c</a>'
    assert body_links(page, html=True).links == [Link("https://x.example", "words")]


PIECES = st.sampled_from(
    [
        "word ",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "# ",
        "    ",
        "```\n",
        "`",
        "**",
        "[a](/1)",
        '[b](/2 "t")',
        "[c]",
        "[c]: /3\n\n",
        "[d][c]",
        "![i](/4)",
        "[![i](/4)](/5)",
        "<https://x.example/6>",
        "<a href='/7'>",
        "</a>",
        '<a href="/8?x=1&amp;y=2">t</a>',
        "<div>",
        "</div>",
        "<!-- ",
        " -->",
        "\\[",
        "[",
        "](",
        ")",
        "<",
        ">",
        "&amp;",
    ]
)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_links_are_those_of_the_rendered_page(body: str) -> None:
    parser = MarkdownIt("commonmark")
    parser.normalizeLink, parser.validateLink = (lambda url: url), (lambda _: True)
    page = parser.render(body.strip())
    if "<!--" not in page.replace("&lt;!--", "") and page.count("<a") == page.lower().count("<a "):
        assert [link.url for link in body_links(body.strip(), html=False).links] == Anchors(page).found


@given(st.text("<a hrefHREF='\"=/>!- \n", max_size=200))
def test_no_text_ends_the_reading(text: str) -> None:
    for html in (True, False):
        assert all(link.url for link in body_links(text, html=html).links)


def test_links_in_footnotes_are_links() -> None:
    assert [link.url for link in body_links("A.^[1](https://a.example)", html=False).links] == ["https://a.example"]
    body = "A[^1] and [b](https://b.example).\n\n[^1]: [note](https://a.example) and [^2] more\n"
    assert [link.url for link in body_links(body, html=False).links] == ["https://b.example", "https://a.example"]


@pytest.mark.slow
def test_a_reference_repeated_many_times_does_not_fill_the_memory() -> None:
    long = "http://x.example/" + "y" * 150_000
    assert body_links(f"[a]: {long}\n\n" + "[a] " * 9_000, html=False) == ([], 9_000, False)
    short = "http://x.example/" + "y" * (MAX_ADDRESS_CHARS - 17)
    found = body_links(f"[a]: {short}\n\n" + "[a] " * (MAX_LINKS + 5), html=False)
    assert (len(found.links), found.links[-1].url, found.too_long, found.more) == (MAX_LINKS, short, 0, True)
    empty = body_links("[a]() " * (MAX_LINKS + 5) + "[b](https://b.example)", html=False)
    assert [link.url for link in empty.links] == ["https://b.example"]
    assert body_links(f'<a href="{short}y">x</a><a href="b">y</a>', html=True) == ([Link("b", "words")], 1, False)


def test_links_that_are_not_read_are_a_row_of_problems(tmp_path: Path) -> None:
    write_records(tmp_path, {"_news/a.md": {"title": "A"}}, f"[b](https://b.example) [c](https://{'c' * 2_000})")
    problems = load_corpus(tmp_path, cache=False).problems
    found = problems[problems["code"] == "long_link"]
    assert found[["path", "value"]].to_numpy().tolist() == [["_news/a.md", "1 of 2 links"]]


def test_htm_is_html(tmp_path: Path) -> None:
    for name in ("a.htm", "b.html"):
        write_records(tmp_path, {name: {"title": "A"}}, "    <a href='https://b.example'>x</a>")
    links = load_corpus(tmp_path, cache=False).links
    assert links["path"].tolist() == ["a.htm", "b.html"]


def test_a_link_leads_to_the_article_of_its_address_or_page(tmp_path: Path) -> None:
    news = {"title": "N", "webUrl": "https://a.example/story/?id=3", "originalUrl": "http://b.example/x"}
    write_records(tmp_path, {"_news/2024-01-05-some-story.md": news, "_people/ann-lee.md": {"title": "A"}})
    write_records(tmp_path, {"_people/the-2023-report.md": {"title": "R"}})
    write_records(tmp_path, {"_people/twin.md": {"title": "1"}, "_samples/twin.md": {"title": "2"}})
    leads = {
        "https://a.example/story?id=3&utm_source=mail#top": "_news/2024-01-05-some-story.md",
        "https://b.example/x/": "_news/2024-01-05-some-story.md",
        "https://a.example/story": None,
        "../_people/ann-lee.md": "_people/ann-lee.md",
        "/site/people/ann-lee/": "_people/ann-lee.md",
        "https://site.example/news/some-story.html": "_news/2024-01-05-some-story.md",
        "https://site.example/sample/twin/": "_samples/twin.md",
        "https://other.example/some-story": None,
        "/2024/01/05/some-story.html": "_news/2024-01-05-some-story.md",
        "/anywhere/twin": None,
        "/tags/some-story": None,
        "/2024/02/the-2023-report/": "_people/the-2023-report.md",
        "/2019/01/some-story": None,
        "blog/some-story": "_news/2024-01-05-some-story.md",
        "a/" * 900 + "news/some-story": "_news/2024-01-05-some-story.md",
        "mailto:people/ann-lee": None,
        "https://[broken": None,
        "/letters/own": None,
    }
    body = "\n".join(f"- [x](<{url}>)" for url in leads)
    write_records(tmp_path, {"_letters/own.md": {"title": "L"}}, body)
    links = load_corpus(tmp_path, cache=False).links
    found = links["target_path"].astype("object").where(links["target_path"].notna(), None)
    assert dict(zip(links["url"], found, strict=True)) == leads
    assert links["path"].unique().tolist() == ["_letters/own.md"]
    assert links["position"].tolist() == list(range(len(leads)))


def test_links_come_from_the_cache_as_they_were_read(tmp_path: Path) -> None:
    write_records(tmp_path, {"a.md": {"title": "A"}}, "[b](b.md)")
    write_records(tmp_path, {"b.md": {"title": "B", "secured": "https://secret.example"}}, "<https://x.example>")
    first, second = load_corpus(tmp_path).links, load_corpus(tmp_path).links
    assert first.equals(second)
    assert first[["path", "url", "target_path"]].astype("object").fillna("").to_numpy().tolist() == [
        ["a.md", "b.md", "b.md"],
        ["b.md", "https://x.example", ""],
    ]
