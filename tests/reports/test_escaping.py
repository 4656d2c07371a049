"""Text from outside in Markdown, read back by a reader of Markdown."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from analytics.reports.escaping import escape_controls, markdown_block_quote, markdown_inline

HOSTILE = [
    "=1+1\n+1\n-1\n@SUM(A1)",
    "# Heading\n\n\n- item\n  - below\n1. one\n2) two\n---\n===\n***",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\\|",
    "<script>alert(1)</script>\n<!-- -->&lt;&#32;",
    "> quoted\n>> twice\n```\ncode\n~~~",
    "[x](javascript:alert(1)) ![x](http://evil.example/a.png) <http://evil.example> [a]: b",
    "  two before, two after  \n\n\ttab\t\n",
    "ends with a backslash \\\nand again \\",
    "שלום, עולם! \u200f(1) مرحبا\u200c",
    "👩\u200d💻 🏳️\u200d🌈 é e\u0301",
    "long " * 2000,
    "a\r\nb\rc",
]

QUOTE = ["blockquote_open", "paragraph_open", "inline", "paragraph_close", "blockquote_close"]

texts = st.text(st.one_of(st.sampled_from("\n \t\\`*_[]<>#+-=.)0!|~&;$@:'\"("), st.characters(codec="utf-8")))


def inlines(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or ()]


def shown(tokens: list[Token]) -> str:
    """The text of a reader's page."""
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(breaks.get(token.type, token.content) for token in inlines(tokens))


def read(markdown: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)


def check(text: str) -> None:
    tokens = read(f"before\n\n{markdown_block_quote(text)}\n\nafter")
    assert [token.type for token in tokens[3:-3]] == QUOTE
    assert {token.type for token in inlines(tokens)} <= {"text", "text_special", "hardbreak"}
    assert shown(tokens[3:-3]) == escape_controls(text).strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_quoted_text_is_shown_as_it_was_written(text: str) -> None:
    check(text)


@pytest.mark.slow
@given(texts.filter(lambda text: escape_controls(text).strip()))
def test_any_quoted_text_is_shown_as_it_was_written(text: str) -> None:
    check(text)


@given(texts)
def test_any_text_stays_in_its_cell(text: str) -> None:
    tokens = read(f"| a | b |\n|---|---|\n| {markdown_inline(text)} | {markdown_inline(text)} |\n")
    cells = [after for before, after in pairwise(tokens) if before.type == "td_open"]
    assert len(cells) == 2
    for cell in cells:
        assert shown([cell]) == " ".join(escape_controls(text).split())
        assert {token.type for token in cell.children or ()} <= {"text", "text_special"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31m\x07", r"\x1b[31m\x07"),
        ("a\u202eb", r"a\u202eb"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("👩\u200d💻 \u200fש", "👩\u200d💻 \u200fש"),
        ("\ud800", r"\ud800"),
    ],
)
def test_only_what_is_obeyed_is_escaped(text: str, expected: str) -> None:
    assert escape_controls(text) == expected
