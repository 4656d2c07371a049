"""In a real browser: text from outside is drawn as text, whatever it looks like, and asks nothing of other sites."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlencode

import pytest
from playwright.sync_api import Browser, Page

from analytics.app.escaping import JOINER
from analytics.app.sidebar import OF_PAGES
from analytics.catalog import PAGES, VIEWS
from analytics.catalog.comparison import COMPARED
from analytics.engine.comparison import NAME_MAX
from analytics.selection.fields import FILTER_FIELDS
from tests.corpora import Article, article, paths_of, write
from tests.corpus.repositories import commit, repository
from tests.e2e.conftest import Watched, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIGN = "zqx"
PAYLOADS = (
    f"![{SIGN}](http://evil.test/t.png)",
    f"[{SIGN}](http://evil.test/)",
    f"{SIGN} http://evil.test/{SIGN} www.evil.test {SIGN}@evil.test",
    f":material/home: :streamlit: {SIGN}",
    f":red[{SIGN}] :blue-badge[{SIGN}] :small[{SIGN}]",
    f'<img src="http://evil.test/i.png" onerror="window.ran=1"> {SIGN}',
    f"[{SIGN}](javascript:window.ran=1) <script>window.ran=1</script>",
    f"${SIGN}^2$ and $${SIGN}$$ -> 1 <= 2 -- 3",
    f"Your session expired, [sign in, {SIGN}](https://evil.test/in)",
    f"# {SIGN}[^1]\n\n| a | {SIGN} |\n|---|---|\n| 1 | 2 |\n\n[^1]: {SIGN}",
    f"<details open><summary>{SIGN}</summary></details> **{SIGN}** ~~{SIGN}~~",
    f":smile: :{SIGN}: `{SIGN}` _{SIGN}_ &lt;b&gt; &#9731; \\{SIGN}",
)
"""Text that Markdown, HTML or Streamlit would make something else of; each part of it that would be drawn has the
sign, so that what is left of a text that was read tells on itself."""

ONE_LINE = [" ".join(payload.split()) for payload in PAYLOADS]
PARTS = [part.strip() for one in ONE_LINE if "&" in one for part in one.split("&") if SIGN in part]
"""What is said of a payload that stands for a selection: an ampersand separates the parts of one."""

FILE_NAME = f"![{SIGN}](x) $[{SIGN}]$ <b>{SIGN}<b>"
FOLDER = f":red[{SIGN}] <i>{SIGN}<i>"

DRAWN = f"""() => {{
  const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {{
    const node = walker.currentNode;
    if (node.data.includes("{SIGN}") && !node.parentElement.closest("script, style, svg")) texts.push(node.data);
  }}
  const links = [...document.querySelectorAll("a[href]")].map(link => link.href);
  return {{
    texts,
    foreign: [...links.filter(link => !link.startsWith(location.origin)), ...[...document.images].map(one => one.src)],
    ran: "ran" in window,
  }};
}}"""
"""The pieces of text with the sign that are drawn (charts cut theirs), links and images from elsewhere, and whether a
script ran."""

PARAMETERS = (
    *(field.parameter for field in FILTER_FIELDS if field.kind != "words"),
    *sorted(OF_PAGES),
    *(f"{slug}-{option.name}" for slug, view in (*VIEWS.items(), *COMPARED.items()) for option in view.options),
    *("no-such-parameter", "embed_options"),
)
"""All that a link can say, but for words to look for, which would leave no article."""


def query(turn: int) -> str:
    """A link's query in which every parameter has one of the payloads, in each of 12 turns another."""
    pairs = [(name, PAYLOADS[(place + turn) % len(PAYLOADS)]) for place, name in enumerate(PARAMETERS)]
    return urlencode([(name, urlencode({"topic": text}) if name in ("a", "c") else text) for name, text in pairs])


def hostile_articles() -> list[Article]:
    """For each payload an article of which all texts are it, and one whose numbers, dates and names are."""
    made = []
    for place, text in enumerate(PAYLOADS):
        day, texts = f"2025-{place + 1:02}-03", {"title": text, "excerpt": text, "provider": text, "kind": text}
        whole = article(at=day, topics=[text], quality=60 + place, heat=50 + 3 * place, **texts)
        whole.fields["related"] = [{"title": text, "webUrl": text, "provider": {"name": text}}]
        spoilt = article(title=text, at=text, kind=text, category=text)
        spoilt.fields.update(dict.fromkeys(("quality", "heat", "published", "topics", "webUrl", "provider"), text))
        made += [whole, spoilt]
    return made


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A repository of these articles, with a history of two commits."""
    root = write(repository(tmp_path / FOLDER), hostile_articles())
    commit(root, "2025-12-20T12:00:00+00:00")
    (root / "_news" / f"2025-12-21-{FILE_NAME}.md").write_text("---\ntitle: A file\nquality: 90\n---\n")
    for path in paths_of(hostile_articles())[:6]:
        (root / path).write_text((root / path).read_text().replace("heat: 5", "heat: 7"))
    commit(root, "2025-12-22T12:00:00+00:00")
    return root


@pytest.fixture
def seen(site: Path, tmp_path: Path, browser: Browser) -> Iterator[Watched]:
    """A browser on a dashboard of these articles."""
    with serving(site, tmp_path / "log") as address:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        yield Watched(page, address)
        page.close()


def left_of(page: Page) -> list[str]:
    """Texts that are not drawn as they are, if only cut; links and images from elsewhere; and whether a script ran."""
    drawn = page.evaluate(DRAWN)
    faults = [*drawn["foreign"], *["a script ran"] * drawn["ran"]]
    for text in drawn["texts"]:
        if text.startswith("article?path="):
            text = unquote(text)  # the link of a cell, which is read out where tables are
        left = " ".join(text.replace(JOINER, "").replace("\\\\", "\\").split())  # errors quote as Python does
        for whole in (*ONE_LINE, FILE_NAME, FOLDER, *(one[:NAME_MAX].strip() for one in ONE_LINE), *PARTS):
            left = left.replace(whole, "")
        if SIGN in left:
            faults.append(text)
    return faults


def text_faults(seen: Watched, link: str) -> list[str]:
    """Open a link; what is wrong with the text from outside that its page draws, or that it draws none."""
    seen.page.goto(f"{seen.address}/{link}")
    seen.page.locator("h1").first.wait_for(timeout=60_000)
    seen.still()
    return left_of(seen.page) or ([] if seen.page.evaluate(DRAWN)["texts"] else ["no text from outside is drawn"])


def page_link(name: str) -> str:
    """The path of a page."""
    return "" if name == PAGES[0] else name.lower().replace(" ", "_")


@pytest.mark.parametrize("page", ["Data health", "Articles"])
def test_what_a_link_and_articles_say_is_drawn_as_text(page: str, seen: Watched) -> None:
    assert text_faults(seen, f"{page_link(page)}?{query(0)}") == []
    seen.check()


def test_markdown_that_is_not_escaped_would_be_seen(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(f"<p><img src='data:,x'>a <em>{SIGN}</em> <a href='http://evil.test/'>{ONE_LINE[1]}</a></p>")
    assert left_of(page) == ["http://evil.test/", "data:,x", SIGN]
    page.close()
