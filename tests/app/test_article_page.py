"""The page of one article in Streamlit's own test harness."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.corpus.loader import Corpus
from tests.app.harness import markdown, opened, run, text
from tests.conftest import ROOT

WITHOUT_HISTORY = ["Where its scores stand", "Related stories", "Fields", "Problems", "Near-duplicates", "Front matter"]
HEADERS = [WITHOUT_HISTORY[0], "The life of its heat", *WITHOUT_HISTORY[1:]]


HOSTILE = """---
title: "<script>alert(1)</script> [x](javascript:alert(2)) $a$ :red[r] | `c` *b*"
excerpt: "    # head"
publishedDateTime: 1850-01-05T10:00:00Z
originalUrl: "javascript:alert(4)"
webUrl: "https://a.example/x)y <b>?a=1&copy;"
quality: 80
heat: -1
topics: ["<i>T</i>"]
secured: "hush-hush"
images: [{url: "javascript:alert(7)"}, {url: "https://i.example/a.jpg"}]
related: [{title: "[click](javascript:alert(5))", webUrl: "javascript:alert(6)"}]
---
"""


def opened_article(path: str | None, corpus: Path | None = None, **query: str) -> AppTest:
    """The page of a path."""
    return opened("Article", corpus, **(query if path is None else query | {"path": path}))


def links(at: AppTest) -> list[tuple[str, str]]:
    """Where the links to pages lead: page and query."""
    return [(link.proto.page, link.proto.query_string) for link in at.get("page_link")]


@pytest.mark.slow
def test_all_that_is_known_of_an_article_is_there(sample: Corpus) -> None:
    stale = sample.problems[sample.problems["code"] == "stale_related"].iloc[0]
    at = opened_article(stale["path"])
    row = sample.articles.set_index("path").loc[stale["path"]]
    assert at.title[0].value.replace("\\", "") == row["title"]
    assert [header.value for header in at.main.header] == HEADERS
    assert row["provider"] in text(at)
    assert f"{row['published_at']:%Y-%m-%d %H:%M} UTC" in text(at)
    assert f"Quality {row['quality']} is above" in text(at)
    assert f"[web address](<{row['web_url']}>)" in markdown(at)
    assert ":orange-badge[stale]" in markdown(at)
    assert stale["message"] in text(at)
    assert len(at.get("vega_lite_chart")) == 2
    assert [frame.value.shape[0] for frame in at.main.dataframe][2] == row["related_count"]
    assert not at.main.code
    assert not at.error
    assert not at.warning


@pytest.mark.slow
def test_related_stories_lead_to_their_own_pages(sample: Corpus) -> None:
    story = sample.related[sample.related["target_path"].notna()].iloc[0]
    at = opened_article(story["path"])
    assert f"path={story['target_path'].replace('/', '%2F')}" in [query for _, query in links(at)]


@pytest.mark.slow
def test_the_front_matter_is_read_when_asked_and_hides_what_is_secret(sample: Corpus) -> None:
    path = sample.articles.loc[sample.articles["has_secured"], "path"].iloc[0]
    at = opened_article(path)
    at.toggle(key=f"raw-{path}").set_value(True).run()
    shown = at.main.code[0].value
    assert shown.startswith("---\ncategory: ")
    assert "\nsecured: (hidden)\n" in shown
    (secret,) = [line for line in (ROOT / "data/sample" / path).read_text().splitlines() if line.startswith("secured")]
    assert secret.split('"')[1] not in shown


@pytest.mark.slow
def test_a_file_that_is_gone_is_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\ntitle: A\n---\n")
    at = opened_article("a.md", tmp_path)
    file.unlink()
    at.toggle(key="raw-a.md").set_value(True)
    run(at, tmp_path)
    assert "no article file a.md" in at.warning[0].value.replace("\\", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "says"),
    [(None, "names no article"), ("", "names no article"), ("a/../../etc/passwd", "no article a/../../etc/passwd")],
)
def test_a_link_that_leads_nowhere_says_so_and_leads_on(path: str | None, says: str) -> None:
    at = opened_article(path)
    assert says in at.info[0].value.replace("\\", "")
    assert ("articles", "") in links(at)
    assert not at.error


@pytest.mark.slow
def test_a_file_that_could_not_be_read_shows_its_problems_and_what_it_may(tmp_path: Path) -> None:
    (tmp_path / "lost.md").write_text('---\ntitle: "open\nsecured: hush\n---\n')
    at = opened_article("lost.md", tmp_path)
    assert "not among the articles" in at.error[0].value
    assert "**error** · line" in markdown(at)
    at.toggle(key="raw-lost.md").set_value(True)
    run(at, tmp_path)
    assert at.main.code[0].value == '---\ntitle: "open\n(hidden)\n---'


@pytest.mark.slow
def test_text_from_outside_is_text_and_only_web_addresses_are_links(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(HOSTILE)
    at = opened_article("a.md", tmp_path)
    title = at.title[0].value
    assert title.startswith("\\<script\\>alert\\(1\\)\\</script\\> \\[x\\]\\(javascript\\:alert\\(2\\)\\) \\$a\\$")
    assert "](<javascript" not in markdown(at)
    assert "](javascript" not in markdown(at)
    assert "[web address](<https://a.example/x%29y%20%3Cb%3E?a=1&amp;copy;>)" in markdown(at)
    assert "original](" not in markdown(at)
    assert "Its heat is unranked" in markdown(at)
    assert "nothing can be said" in text(at)
    assert ":gray-badge[not in the corpus]" in markdown(at)
    assert not at.get("vega_lite_chart")


@pytest.mark.slow
def test_images_are_loaded_only_when_asked_and_only_from_the_web(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(HOSTILE)
    at = opened_article("a.md", tmp_path)
    assert not at.get("image")
    at.toggle(key="images-a.md").set_value(True)
    run(at, tmp_path)
    assert [image.url for image in at.get("image")[0].proto.imgs] == ["https://i.example/a.jpg"]


@pytest.mark.slow
def test_a_group_opens_its_articles_and_dates_that_no_filter_can_say_are_not_offered(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(HOSTILE)
    at = opened_article("a.md", tmp_path)
    groups = [button for button in at.main.button if (button.key or "").startswith("group-")]
    assert [button.key for button in groups] == ["group-topic-<i>T</i>"]
    groups[0].click()
    run(at, tmp_path)
    assert at.title[0].value == "Articles"
    assert at.multiselect(key="topic").value == ["<i>T</i>"]


@pytest.mark.slow
def test_filters_stay_in_the_sidebar_and_change_nothing_here(sample: Corpus) -> None:
    path = sample.articles["path"].iloc[3]
    at = opened_article(path, quality_min="190", topic="Hydrogen")
    assert at.number_input(key="quality_min").value == 190
    assert markdown(at) == markdown(opened_article(path))
    assert not at.warning


@pytest.mark.slow
def test_every_article_of_a_real_corpus_can_be_opened(shared: Callable[[str], Path]) -> None:
    root = shared("powerapps")
    files = sorted(file.relative_to(root).as_posix() for file in root.rglob("20*.md"))
    for path in files[:: len(files) // 6]:
        at = opened_article(path, root)
        assert [header.value for header in at.main.header] == WITHOUT_HISTORY
        assert not at.error
