"""The digest in its four forms, also when titles are hostile."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from analytics.analyses.comparison.snapshots import ARTICLE_CHANGES, KINDS, article_changes
from analytics.corpus.loader import load_corpus
from analytics.engine.slice import Slice
from analytics.errors import CorpusError
from analytics.history.as_of import corpus_as_of
from analytics.reports.changes_digest import (
    FORMATS,
    LISTED,
    Digest,
    digest,
    digest_of_newest_days,
    digest_since,
    escaped_markdown_line,
)
from tests.analyses.test_snapshots import daily, story
from tests.corpora import Article, article, corpus_of, write
from tests.corpus.repositories import commit, git, repository

HOSTILE = [
    "=HYPERLINK(1)",
    "+1",
    "-1",
    "@SUM(1)",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](http://evil.example/a.png)",
    "# Heading",
    "1. one",
    "- item\n# next",
    "`code` *b* ~s~ |t| &lt; $x$",
    "\x1b[31mred\u202e",
]


def changed(old: list[Article], new: list[Article], day: date | None = None) -> Digest:
    return digest(corpus_of(old), corpus_of(new), "since then", day)


def hostile() -> Digest:
    return changed([], [article(title=title, provider=title, topics=[title], at="2024-01-02") for title in HOSTILE])


@pytest.mark.slow
def test_sentences_say_what_changed() -> None:
    old = [*daily("Quiet", 1, 6), *daily("Steady", 1, 7)]
    new = [*daily("Quiet", 1, 6), *daily("Steady", 1, 7), *daily("Steady", 8, 14), *daily("Fresh", 13, 14)]
    assert changed(old, new).sentences == [
        "Articles: 13 before, 22 now.",
        "Changes: 9 added.",
        "New providers: Fresh (2).",
        "Fallen silent for longer than ever, which their gaps before make improbable: Quiet (6, the last on "
        "2024-01-06).",
        "Topics, of 9 articles dated 2024-01-08 to 2024-01-14 against 13 of 2024-01-01 to 2024-01-07: Too few articles "
        "to tell (n = 13 and 9; at least 10 of a label are needed).",
    ]


@pytest.mark.slow
def test_topics_are_told_with_their_intervals() -> None:
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(56)]
    articles = [article(at=str(day), topics=["New" if n >= 28 else "Old"]) for n, day in enumerate(days)]
    expected = (
        "Topics, of 28 articles dated 2024-01-29 to 2024-02-25 against 28 of 2024-01-01 to 2024-01-28: New up from 0% "
        "to "
        "100% (difference [+57, +100] points, q = 0.005); Old down from 100% to 0% (difference [-100, -57] points, "
        "q = 0.005); 2 of 2 topics compared."
    )
    assert changed(articles[:28], articles).sentences[-1] == expected
    assert changed(articles, articles, days[28]).sentences[-1] == expected


def test_nothing_changed() -> None:
    found = changed([story("a.b/1")], [story("a.b/1")])
    assert found.sentences == [
        "Articles: 1 before, 1 now.",
        "No article came, went, or changed in what is looked at.",
        "Nothing can be said of topics: no article is dated in the earlier state.",
    ]
    assert found.render("csv") == ",".join(ARTICLE_CHANGES.names) + "\n"
    assert json.loads(found.render("json"))["changes"] == []
    assert "## " not in found.render("markdown")
    assert "<h2>" not in found.render("html")


def test_a_new_title_is_told_beside_the_old_one() -> None:
    found = changed([article(title="Old", at="2024-01-02")], [article(title="New", at="2024-01-02")])
    assert "## Retitled (1)\n\n- New (none), before: Old\n" in found.render("markdown")
    assert found.sentences[-1] == "Nothing can be said of topics: no article is dated 2024-01-03 or later."


def test_markdown_is_text_whatever_a_title_says() -> None:
    written = hostile().render("markdown")
    lines = [line for line in written.splitlines() if line]
    assert all(line.startswith(("# ", "## Added (12)", "- ")) for line in lines)
    assert r"- \=HYPERLINK(1) (=HYPERLINK(1))" in lines
    assert r"- \<script\>alert(1)\</script\> (\<script\>alert(1)\</script\>)" in lines
    assert r"- \!\[x\](http://evil.example/a.png) (\!\[x\](http://evil.example/a.png))" in lines
    assert r"- 1\. one (1. one)" in lines
    assert r"- \- item \# next (- item \# next)" in lines
    assert "\x1b" not in written
    assert "\u202e" not in written


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12) x", "12\\) x"),
        ("---", "\\---"),
        ("a-b 1.5", "a-b 1.5"),
        ("@all &amp;", "\\@all \\&amp;"),
        ("a\n\nb", "a b"),
    ],
)
def test_signs_with_a_meaning_are_escaped(text: str, shown: str) -> None:
    assert escaped_markdown_line(text) == shown


class Tags(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, _: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_html_shows_titles_as_text() -> None:
    page = Tags(hostile().render("html"))
    assert set(page.tags) == {"html", "head", "meta", "title", "style", "body", "h1", "h2", "ul", "li"}
    assert "<script>alert(1)</script> (<script>alert(1)</script>)" in page.texts
    assert page.tags.count("li") == 12 + 4


@pytest.mark.slow
def test_csv_runs_no_formula_and_keeps_numbers() -> None:
    rows = list(csv.DictReader(io.StringIO(hostile().render("csv"))))
    titles = {row["title"] for row in rows}
    assert titles >= {"'=HYPERLINK(1)", "'+1", "'-1", "'@SUM(1)", "<script>alert(1)</script>"}
    heat = changed([article(heat=72)], [article(heat=-1)]).render("csv")
    row = next(csv.DictReader(io.StringIO(heat)))
    assert (row["change"], row["score_before"], row["score_after"], row["before"]) == ("heat changed", "72", "-1", "")


@pytest.mark.slow
def test_json_has_types() -> None:
    old = [story("a.b/1", heat=5, title="=1", at="2024-01-02")]
    found = json.loads(changed(old, [story("a.b/1", heat=-1, title="=1", at="2024-01-02")]).render("json"))
    assert found["changes"] == [
        {
            "change": "heat changed",
            "title": "=1",
            "provider": "(none)",
            "published_at": "2024-01-02T12:00:00Z",
            "before": None,
            "after": None,
            "score_before": 5,
            "score_after": -1,
            "quality": None,
            "url": "https://a.b/1",
            "collection": "news",
            "path": "_news/0000.md",
        }
    ]
    articles = [article(at=f"2024-01-{day:02}", topics=["x"] if day % 2 else ["y"]) for day in range(1, 31)]
    topics = json.loads(changed(articles[:20], articles).render("json"))["topics"]
    assert [(row["label"], row["outcome"], row["n"]) for row in topics] == [
        ("x", "no clear change", 5),
        ("y", "no clear change", 5),
    ]


def test_long_lists_say_how_much_is_left_out() -> None:
    found = changed([], [article(title=f"T{number}", provider=f"P{number:02}") for number in range(LISTED + 3)])
    assert found.render("markdown").count("\n- T") == LISTED
    assert "- … and 3 more\n" in found.render("markdown")
    assert "<li>… and 3 more</li>" in found.render("html")
    assert found.render("csv").count("\n") == LISTED + 4
    assert found.sentences[2].endswith("P14 (1), and 3 more.")


@pytest.mark.slow
def test_every_kind_can_be_written_and_twice_the_same() -> None:
    row = changed([], [article(quality=3)]).changes
    values = {"before": "a", "after": "b", "score_before": 1, "score_after": 2}
    every = pd.concat([row.assign(change=kind, **values) for kind in KINDS], ignore_index=True)
    made = [Digest("x", ["y"], ARTICLE_CHANGES.of(every), hostile().providers, hostile().topics) for _ in range(2)]
    assert made[0].changes_by_kind()[3][0] == "taken over"
    for form in FORMATS:
        assert made[0].render(form) == made[1].render(form)
    assert "## Taken over (1)\n\n- A title (none): a → b\n" in made[0].render("markdown")
    assert "## Heat changed (1)\n\n- A title (none): 1 → 2\n" in made[0].render("markdown")


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A corpus in git: ten days of articles, the last three not committed."""
    root = repository(tmp_path / "site")
    for count, at in ((5, "2024-01-05"), (7, "2024-01-07")):
        write(root / "content", daily("P", 1, count))
        commit(root, f"{at}T18:00:00+00:00")
    write(root / "content", daily("P", 1, 10))
    return root / "content"


def since(source: Path | str, day: int) -> Digest:
    return digest_since(load_corpus(source, cache=False), date(2024, 1, day))


@pytest.mark.slow
def test_a_day_names_the_commit_before(history: Path) -> None:
    found = since(history, 7)
    first = git(history, "rev-parse", "HEAD~1")[:10]
    assert found.title == f"content: what changed since 2024-01-07 (commit {first})"
    assert found.sentences[:2] == ["Articles: 5 before, 10 now.", "Changes: 5 added."]
    assert since(history, 8).sentences[0] == "Articles: 7 before, 10 now."


@pytest.mark.slow
def test_the_last_days_count_back_from_the_newest_article(history: Path) -> None:
    corpus = load_corpus(history, cache=False)
    assert digest_of_newest_days(corpus, 4).render("json") == digest_since(corpus, date(2024, 1, 7)).render("json")


@pytest.mark.slow
def test_a_revision_and_a_folder_beside_its_bundle_are_held_against_their_history(tmp_path: Path) -> None:
    root = repository(tmp_path / "site")
    for count in (5, 7):
        write(root, daily("P", 1, count))
        commit(root, f"2024-01-0{count}T18:00:00+00:00")
    copy = tmp_path / "copies" / "site"
    write(copy, daily("P", 1, 10))
    git(root, "bundle", "create", "--quiet", str(copy.with_name("site.bundle")), "HEAD")
    git(tmp_path, "clone", "--quiet", "--bare", str(root), "bare.git")
    for source, day, words in (
        (f"{root}@HEAD", 7, "Articles: 5 before, 7 now."),
        (f"{tmp_path}/bare.git@main", 7, "Articles: 5 before, 7 now."),
        (f"{root}@HEAD~1", 8, "Articles: 5 before, 5 now."),
        (copy, 7, "Articles: 5 before, 10 now."),
        (copy, 8, "Articles: 7 before, 10 now."),
    ):
        found = since(source, day)
        assert (found.sentences[0], f"since 2024-01-0{day} (commit " in found.title) == (words, True), source
    whole = load_corpus(copy, cache=False)
    as_of = Slice(corpus_as_of(whole, date(2024, 1, 6)))
    assert digest_since(whole, date(2024, 1, 7)).changes.equals(article_changes(as_of, Slice(whole)))


def test_what_cannot_be_compared_says_why(history: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"before the end of 2024-01-04; its first is of 2024-01-05. Choose a later"):
        since(history, 5)
    with pytest.raises(CorpusError, match="no article has a date"):
        digest_of_newest_days(corpus_of([]), 7)
    with pytest.raises(CorpusError, match=r"has no history. Or hold the corpus against an earlier copy of it."):
        digest_since(replace(corpus_of([]), source=str(history / "_news" / "0000.md")), date(2024, 1, 5))
