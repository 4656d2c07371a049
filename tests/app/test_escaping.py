"""Text from outside stays text in what Streamlit reads as Markdown."""

import pytest

from analytics.app.escaping import JOINER, escaped
from tests.app.harness import opened

PAYLOADS = {
    "![x](http://e.t/t.png)": f"\\!\\[x\\]\\(http\\:{JOINER}//e\\.t/t\\.png\\)",
    "www.e.t me@e.t": f"www{JOINER}\\.e\\.t me{JOINER}\\@e\\.t",
    ":material/home: :streamlit: :smile:": f"\\:{JOINER}material/home\\: \\:{JOINER}streamlit\\: \\:{JOINER}smile\\:",
    ":red[x] $a$ <b>": "\\:red\\[x\\] \\$a\\$ \\<b\\>",
    "a -> b -- c <= d": f"a \\-{JOINER}\\> b \\-{JOINER}\\- c \\<{JOINER}\\= d",
    "1. x\r# y\n===\u2028    > z": "1\\. x \\# y \\=\\=\\= \\> z",
    "topic: Grid, 12:30": "topic\\: Grid, 12\\:30",
}
"""Text from outside → the Markdown that shows it."""


def test_each_sign_with_a_meaning_is_escaped_and_each_late_pattern_parted() -> None:
    assert {text: escaped(text) for text in PAYLOADS} == PAYLOADS


@pytest.mark.slow
@pytest.mark.parametrize("page", ["Quality", "Articles", "Reports"])
def test_what_a_link_asks_for_in_vain_is_told_as_text(page: str) -> None:
    at = opened(page, topic="![x](http://e.t/t.png)")
    assert [each.value for each in at.main.warning] == [escaped("topic=![x](http://e.t/t.png): the corpus has none.")]
