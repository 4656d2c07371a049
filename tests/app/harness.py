"""The dashboard in Streamlit's own test harness: any of its pages opened by a link, and what stands on it."""

import functools
import json
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from analytics.catalog import VIEWS
from analytics.catalog.comparison import COMPARED
from tests.conftest import ROOT

Query = str | list[str]

# Each run of an AppTest reads the metadata of all installed packages, which takes longer than a page: read them once.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)


def page_file(page: str) -> str:
    """The file of a page, as `AppTest.switch_page` wants it."""
    return str(ROOT / "analytics/app/pages" / f"{page.lower().replace(' ', '_')}.py")


def dashboard(page: str = "Briefing", /, *, tables_open: bool = True, **query: Query) -> AppTest:
    """The dashboard at a page, before its first run, with the tables of all cards open unless told otherwise."""
    at = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=600)
    for slug in (*VIEWS, *COMPARED) if tables_open else ():
        at.session_state[f"{slug}-open"] = True
    at.query_params.update(query)
    return at if page == "Briefing" else at.switch_page(page_file(page))


def run(at: AppTest, corpus: Path | None = None) -> AppTest:
    """Run the page once more, on the sample unless a corpus is named."""
    with pytest.MonkeyPatch.context() as patch:
        if corpus is not None:
            patch.setenv("ARTICLE_ANALYTICS_CORPUS", str(corpus))
        at.run()
    assert not at.exception
    return at


def opened(page: str = "Briefing", corpus: Path | None = None, /, **query: Query) -> AppTest:
    """A page after its first run, opened by a link."""
    return run(dashboard(page, **query), corpus)


def switched(at: AppTest, page: str) -> AppTest:
    """The same session on another page."""
    return run(at.switch_page(page_file(page)))


def markdown(at: AppTest) -> str:
    """All Markdown of a page, as it was written."""
    return "\n".join(element.value for element in at.main.markdown)


def text(at: AppTest) -> str:
    """All Markdown of a page, without the backslashes that keep text from outside plain."""
    return markdown(at).replace("\\", "")


def captions(at: AppTest) -> str:
    """All captions of a page."""
    return "\n".join(caption.value for caption in at.main.caption).replace("\\", "")


def charts(at: AppTest) -> list[dict[str, object]]:
    """The Vega-Lite specifications of all charts."""
    return [json.loads(element.proto.spec) for element in at.get("vega_lite_chart")]
