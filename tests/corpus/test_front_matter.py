"""Text of a file to plain values: what is read, what is refused, and that hostile text stays cheap."""

import subprocess
import sys
import time
import tracemalloc
from typing import Any

import pytest

from analytics.corpus.limits import MAX_FILE_BYTES, MAX_FRONT_MATTER_CHARS, UnreadableFileError
from analytics.corpus.parsing import front_matter
from analytics.corpus.parsing.front_matter import MAX_ALIASES, FrontMatter, read
from analytics.corpus.parsing.front_matter_value_types import MAX_DEPTH, Plain, RepeatedField, Tagged
from analytics.corpus.problem_codes import CODES

SECRET = "hunter2"


def front(text: str) -> FrontMatter:
    found = read(text.encode())
    assert found is not None
    return found


def fields(yaml: str) -> dict[str, Any]:
    return front(f"---\n{yaml}\n---\n").fields


LIBYAMLS_OWN = 1000
"""From here on newer builds of libyaml refuse a text themselves, and name the line that they have come to."""


def refusal(data: str | bytes) -> tuple[str, int | None, str]:
    with pytest.raises(UnreadableFileError) as caught:
        read(data.encode() if isinstance(data, str) else data)
    assert caught.value.code in CODES
    return caught.value.code, caught.value.line, caught.value.value


def test_the_fast_loader_is_there() -> None:
    assert front_matter.FAST


@pytest.mark.parametrize(
    ("written", "value", "kind"),
    [
        ("89", "89", Plain),
        ('"89"', "89", str),
        ("'89'", "89", str),
        ("NO", "NO", Plain),
        ("true", "true", Plain),
        ("2022-02-21T14:00:00Z", "2022-02-21T14:00:00Z", Plain),
        ("two words # and a comment", "two words", Plain),
        ('"a \\u00e9 \\n b"', "a é \n b", str),
        ("|\n  two\n  lines", "two\nlines\n", str),
        (">\n  two\n  lines", "two lines\n", str),
        ("!!str 89", "89", Plain),
        ("! 89", "89", Plain),
        ('""', "", str),
        ('"null"', "null", str),
    ],
)
def test_a_scalar_is_the_text_that_was_written(written: str, value: str, kind: type[str]) -> None:
    result = fields(f"a: {written}")["a"]
    assert (result, type(result)) == (value, kind)


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL", "# only a comment"])
def test_a_null_is_none(written: str) -> None:
    assert fields(f"a: {written}") == {"a": None}


def test_nested_values() -> None:
    text = "topics:\n- AI\n- Law\nimages:\n  - url: x\n    width: 50\nprovider: {name: Alpha, images: []}"
    expected = {
        "topics": ["AI", "Law"],
        "images": [{"url": "x", "width": "50"}],
        "provider": {"name": "Alpha", "images": []},
    }
    assert fields(text) == expected


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("!!int 89", "tag:yaml.org,2002:int"),
        ("!!float 1.5", "tag:yaml.org,2002:float"),
        ("!!binary aGk=", "tag:yaml.org,2002:binary"),
        ("!secret x", "!secret"),
        ('!!python/object/apply:os.system ["exit 1"]', "tag:yaml.org,2002:python/object/apply:os.system"),
        ("!!python/name:os.system", "tag:yaml.org,2002:python/name:os.system"),
        ("!!set {a, b}", "tag:yaml.org,2002:set"),
    ],
)
def test_a_tag_is_kept_as_text_and_never_followed(written: str, tag: str) -> None:
    result = fields(f"a: {written}")["a"]
    assert (result, type(result)) == (tag, Tagged)


def test_a_tag_on_the_whole_front_matter_is_never_followed() -> None:
    assert fields("!!python/object:os.environ\na: 1") == {"a": "1"}


def test_merge_keys_are_not_followed() -> None:
    assert fields("base: &b {x: 1}\nmore:\n  <<: *b")["more"] == {"<<": {"x": "1"}}


@pytest.mark.parametrize(
    "twice",
    [
        "a: 1\na: 1",
        'a: 1\na: "1"',
        "a:\na: ~",
        "a: [x, {y: z}]\na:\n- x\n- y: z",
        "a: &n [1]\na: *n",
    ],
)
def test_a_key_that_stands_twice_with_equal_values_is_read(twice: str) -> None:
    once = twice.partition("\na:")[0]
    assert fields(twice) == fields(once)


@pytest.mark.parametrize(
    "twice",
    [
        "a: 1\na: 2",
        "a:\na: 1",
        "a: 1\na: [1]",
        "a: [1]\na: [1, 2]",
        "a: {x: 1}\na: {y: 1}",
        "a: 1\na: 2\na: 1",
        "a: 1\na: 2\na: 2",
        "a: 1\na: 2\na: a",
        'a: "!x"\na: !x y',
        "a: &n [*n]\na: &m [*m, 1]",
    ],
)
def test_a_key_that_stands_twice_with_different_values_is_doubled(twice: str) -> None:
    result = fields(twice)["a"]
    assert (result, type(result)) == ("a", RepeatedField)


def test_a_doubled_key_leaves_its_neighbours_alone() -> None:
    assert fields("a: 1\nb: 2\na: 3\nc: {d: 4, d: 5, e: 6}") == {"a": "a", "b": "2", "c": {"d": "d", "e": "6"}}


def test_a_key_that_is_not_text_has_a_name() -> None:
    assert fields("? [1, 2]\n: x\n1: y") == {"(a key that is not text)": "x", "1": "y"}


def test_body_chars_count_the_trimmed_body() -> None:
    assert front("---\na: 1\n---\n\n  Two words.\n\n").body_chars == 10
    assert front("---\na: 1\n---\nabc\n---\nd\n").body_chars == 9
    assert front("---\na: 1\n---").body_chars == 0


@pytest.mark.parametrize(
    "text",
    [
        "---\na: 1\nb: x\n---\nbody\n",
        "---\r\na: 1\r\nb: x\r\n---\r\nbody\r\n",
        "--- \t\na: 1\nb: x\n---  \nbody",
        "---\na: 1\nb: x\n...\nbody",
    ],
)
def test_line_ends_and_fences(text: str) -> None:
    found = front(text)
    assert (found.fields, found.body_chars, found.notes) == ({"a": "1", "b": "x"}, 4, ())


def test_a_byte_order_mark_is_passed_over_and_noted() -> None:
    found = front("\ufeff---\na: 1\n---\n")
    assert (found.fields, found.notes) == ({"a": "1"}, ("byte_order_mark",))


@pytest.mark.parametrize("empty", ["---\n---\n", "---\n\n# nothing\n---\nbody"])
def test_empty_front_matter_has_no_fields(empty: str) -> None:
    assert front(empty).fields == {}


@pytest.mark.parametrize("text", ["Just text.\n", "----\na: 1\n----\n", "--- a: 1\n---\n", "Text.\n---\na: 1\n---\n"])
def test_a_text_without_front_matter_is_none(text: str) -> None:
    assert read(text.encode()) is None


@pytest.mark.parametrize(
    ("text", "notes", "line"),
    [
        ("\n \n---\na: 1\n---\n", ("odd_opening",), 4),
        ("---yaml\na: 1\n---\n", ("odd_opening",), 2),
        ("\ufeff\ufeff---\na: 1\n---\n", ("byte_order_mark",), 2),
        ("\u200b---\na: 1\n---\n", ("byte_order_mark",), 2),
        ("---\ra: 1\r---\rbody", ("old_line_ends",), 2),
        ("---\nb: x\u2028y\na: 1\n---\n", ("odd_characters",), 3),
        ("\n\ufeff---\na: 1\n---\n", ("byte_order_mark", "odd_opening"), 3),
        ("\u200e\u202a---\na: 1\n---\n", ("byte_order_mark",), 2),
        ("\x1b\xad---\na: 1\n---\n", ("byte_order_mark",), 2),
        ("--- YAML # of the site\na: 1\n---\n", ("odd_opening",), 2),
        ("---\xa0\u200b\na: 1\n---\u200b\n", ("odd_opening",), 2),
        ("---\r\r\nb: x\r\r\na: 1\r\r\n---\r\r\nbody", ("old_line_ends",), 3),
        ("---\ra: 1\r---\nbody\n", ("old_line_ends",), 2),
        ("---\x85b: x\x85a: 1\x85---\x85body", ("old_line_ends",), 3),
    ],
)
def test_odd_openings_and_line_ends_are_read_and_noted(text: str, notes: tuple[str, ...], line: int) -> None:
    found = front(text)
    assert (found.fields["a"], found.notes, found.line("a")) == ("1", notes, line)


@pytest.mark.parametrize(
    ("text", "code", "line", "value"),
    [
        ("---js\n{title: 1}\n---\n", "other_front_matter", 1, "JavaScript"),
        ("+++\na = 1\n---\n", "bad_toml", 1, "no closing +++"),
        ("Titel: x\nDate: 2024-01-01\n\nbody", "no_front_matter", 1, ""),
        ("Title: x\nDate: 2024-01-01\nMore text.\n", "no_front_matter", 1, ""),
        ("<!-- draft -->\n---\na: 1\n---\n", "late_front_matter", 2, ""),
        ("Just text.\n", "no_front_matter", 1, ""),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "large_file_pointer", 1, ""),
        ("\n\n---\na: 1\n", "unterminated", 3, ""),
    ],
)
def test_a_file_that_should_be_an_article_says_why_it_is_none(text: str, code: str, line: int, value: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read(text.encode(), expected=True)
    assert (refused.value.code, refused.value.line, refused.value.value) == (code, line, value)


SEEN = "title: A\ndate: 2024-03-05\n"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (f"----\n{SEEN}----\n", "front_matter_not_seen", 2),
        (f"—\n{SEEN}—\n", "front_matter_not_seen", 2),
        (f"```yaml\n{SEEN}```\n", "front_matter_not_seen", 2),
        (f"<<<<<<< HEAD\n---\n{SEEN}---\n", "late_front_matter", 2),
        (f"# A title\n\n---\n{SEEN}---\n", "late_front_matter", 3),
        (f"So it begins:\n```\n---\n{SEEN}---\n```\n", None, None),
        ("The title: a matter of taste.\nUp to date: 2024.\n", None, None),
        ("* **Title:** A\n* **Date:** 2024-03-05\n", None, None),
    ],
)
def test_a_text_with_the_fields_of_front_matter_in_another_place_is_named(
    text: str, code: str | None, line: int | None
) -> None:
    try:
        found = (None, None) if read(text.encode()) is None else ("read", 0)
    except UnreadableFileError as error:
        found = (error.code, error.line)
    assert found == (code, line)


RECORD = {"title": "A", "date": "2024-03-05", "n": "7", "on": "true", "tags": ["x", "y"], "extra": {"deep": ["1"]}}
TOML = """title = "A"
date = 2024-03-05
n = 7
on = true
tags = ["x", "y"]
[extra]
deep = [1]
"""
JSON = '{"title": "A", "date": "2024-03-05", "n": 7, "on": true, "tags": ["x", "y"],\n "extra": {"deep": [1]}}'


@pytest.mark.parametrize(
    ("text", "notes", "lines"),
    [
        (f"+++\n{TOML}+++\n\nbody\n", (), (6, 8)),
        (f"\n\n+++\n{TOML}+++\nbody", ("odd_opening",), (8, 10)),
        (f"---toml\n{TOML}---\nbody", ("odd_opening",), (6, 8)),
        (f"+++\r\n{TOML}+++\r\nbody".replace("\n", "\r\n").replace("\r\r", "\r"), (), (6, 8)),
        (f"{JSON}\n\nbody", (), (1, 2)),
        (f" \n{JSON} body", (), (2, 3)),
        (f";;;\n{JSON}\n;;;\nbody", (), (2, 3)),
        (f"---json\n{JSON}\n---\nbody", ("odd_opening",), (2, 3)),
    ],
)
def test_toml_and_json_are_read_as_yaml_is(text: str, notes: tuple[str, ...], lines: tuple[int, int]) -> None:
    found = front(text)
    assert (found.fields, found.body_chars, found.notes) == (RECORD, 4, notes)
    assert [type(found.fields[name]) for name in ("title", "n", "on")] == [str, Plain, Plain]
    assert (found.line("tags.1"), found.line("extra.deep.0")) == lines


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2024-03-05T10:00:00Z", "2024-03-05T10:00:00+00:00"),
        ("2024-03-05 10:00:00.5+02:00", "2024-03-05T10:00:00.500000+02:00"),
        ("2024-03-05T10:00:00", "2024-03-05T10:00:00"),
        ("1_000", "1000"),
        ("-0.50", "-0.50"),
        ("inf", "inf"),
    ],
)
def test_values_of_toml_are_the_text_that_a_reader_of_fields_takes(written: str, value: str) -> None:
    found = front(f"+++\na = {written}\n+++\n").fields["a"]
    assert (found, type(found)) == (value, Plain)


def test_plain_lines_are_front_matter_where_they_can_be_nothing_else() -> None:
    text = "Title: A: b\nDate: 2024-03-05 10:00\nTags: x, y\nSummary: one\n    two\nEmpty:\n\nNote: body\n"
    found = front(text)
    expected = {"Title": "A: b", "Date": "2024-03-05 10:00", "Tags": "x, y", "Summary": "one two", "Empty": None}
    assert (found.fields, found.body_chars, found.line("Tags")) == (expected, 10, 3)
    for other in ("Title: A\n\nbody", "Title: A\nDate: x\nand more text\n\nbody", "Date: 2024\nTo: you\n\nbody"):
        assert read(other.encode()) is None
    assert read(b"Title: A\n\nbody", expected=True) is not None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("#+TITLE: A\n#+DATE: 2024-03-05\n\nbody", "Org"),
        ("A title\n#######\n\n:date: 2024-03-05\n\nbody", "reStructuredText"),
        ("= A title\n:page-date: 2024-03-05\n\nbody", "AsciiDoc"),
    ],
)
def test_what_is_not_read_is_named_as_what_it_is(text: str, kind: str) -> None:
    assert refusal(text) == ("other_front_matter", 1, kind)
    assert read(text.lower().replace("date", "data").encode()) is None


@pytest.mark.parametrize(
    "text",
    [
        "A title\n#######\n\n:slug: about\n\nbody",
        "A title\n=======\n:author: A\n:tags: x,\n    y\n",
        "A title\r\n=======\r\n\r\n:Author: A, or\r\n  B\r\n:Category: x\r\n",
        "\n#######\nA title\n#######\n\n:date: 2024-03-05\n",
        ":title: A\n:author: B\n\nbody",
    ],
)
def test_a_page_in_restructured_text_needs_no_date(text: str) -> None:
    assert refusal(text) == ("other_front_matter", 1, "reStructuredText")


@pytest.mark.parametrize(
    "text",
    [
        "A title\n=======\n\nWords, and below them\n\n:slug: about\n",
        "A title\n=======\n\n:orphan:\n\nInstructions\n",
        "A title\n=======\n\n:Version: 1\n:Author: A\n:Status: final\n",
        "A title\n=======\n\n:smile: a Markdown file\n",
        ":author: A\n\n:title: B\n",
    ],
)
def test_text_of_a_project_is_no_page(text: str) -> None:
    assert read(text.encode()) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('<html>\n<head>\n<title>A</title>\n<meta name="date" content="2012-07-09 22:28" />\n</head>', 4),
        ("<!DOCTYPE html><HTML><HEAD>\n<META CONTENT='5 July 2012'\n NAME='Date'>", 2),
        ("<!-- a\nnote -->\n<meta charset=utf-8><meta name=date content=2012-07-09>", 3),
    ],
)
def test_a_page_with_meta_tags_is_named_as_what_it_is(text: str, line: int) -> None:
    assert refusal(text) == ("other_front_matter", line, "HTML meta tags")


@pytest.mark.parametrize(
    "text",
    [
        '<html><head><title>A</title><meta name="author" content="B 2012"></head><body>Date: 2012-07-09</body></html>',
        '<html><head><meta name="date" content="{{ page.date | date: \'%Y 2000\' }}"></head></html>',
        '<html><head><meta name="date" content="<%= date %>"><meta property="date" content="2012-07-09"></head></html>',
        '<html><head><!-- <meta name="date" content="2012-07-09"> --></head></html>',
        '<html><head></head><body><pre><meta name="date" content="2012-07-09"></pre></body></html>',
        '<div><meta name="date" content="2012-07-09"></div>',
        'Write <html> and\n<meta name="date" content="2012-07-09">',
        '<meta name="update" content="2012-07-09"><meta name="date">',
    ],
)
def test_layouts_and_other_html_of_a_site_are_no_pages(text: str) -> None:
    assert read(text.encode()) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+++\na = 1\nb = \n+++\n", ("bad_toml", 3, "Invalid value")),
        ("+++\na = 1\na = 2\n+++\n", ("bad_toml", 3, "Cannot overwrite a value")),
        (
            f"+++\na = {'9' * 5000}\n+++\n",
            (
                "bad_toml",
                None,
                "a number of too many digits",
            ),
        ),
        (f"+++\na = {'[' * 40}{']' * 40}\n+++\n", ("too_deep", None, "")),
        (f"+++\na = {'[' * 9000}\n+++\n", ("too_deep", None, "")),
        (f"+++\nb = 1\n{'a.' * 400_000}a = 1\n+++\n", ("too_deep", 3, "")),
        ("+++\nb = {" + '"a" . ' * 40 + "a = 1}\n+++\n", ("too_deep", 2, "")),
        ('{"a": 1,\n "b": }', ("bad_json", 2, "Expecting value")),
        (";;;\n{\n;;;\n", ("bad_json", 3, "Expecting property name enclosed in double quotes")),
        (";;;\n[1]\n;;;\n", ("not_a_mapping", 2, "")),
        ('{"a": ' + "[" * 40 + "]" * 40 + "}", ("too_deep", None, "")),
        ('{"a": ' + "[" * 99_000, ("too_deep", None, "")),
    ],
    ids=range(12),
)
def test_toml_and_json_keep_the_limits_of_yaml(text: str, expected: tuple[str, int | None, str]) -> None:
    start = time.process_time()
    assert refusal(text) == expected
    assert time.process_time() - start < 0.3


@pytest.mark.parametrize(
    "text",
    [
        "= T\n" + "some words in a line\n" * 40 + "\n:date: 2024-03-05\n",
        "T\n===\n\n" + ":a: b\n" * 700 + "\n:date: 2024-03-05\n",
        "#+title: x\n" * 400 + "text\n#+date: 2024-03-05\n",
        "Title: x\nDate: y\n" + "    z\n" * 150_000 + "\nbody",
        "Title: x\nDate: " + " " * 900_000 + "y\n\nbody",
        " \n" * 400_000 + "{ ",
        "T\n===\n" + ":a: b\n" + " \n" * 2000 + ":a:",
        "T\n===\n" + "\n" * 4900 + ":a:",
        "<!--" * 1200,
        "<meta " * 800,
        "<meta name=" + " " * 4900,
        '<meta content="' + "2" * 4900,
        '<meta content="' + "2" * 4900 + '{" name=date>',
    ],
    ids=["AsciiDoc", "reStructuredText", "Org", "continued", "blanks", "blank lines", *range(7)],
)
def test_text_that_looks_like_front_matter_costs_no_more_than_its_length(text: str) -> None:
    start = time.process_time()
    read(text.encode())
    assert time.process_time() - start < 1


def test_fields_of_json_that_stand_twice_and_names_that_are_no_text() -> None:
    found = front('{"a": 1, "a": 2, "b": [1], "b": [1], "\\ud800": 1, "n": 999999999999999999999}').fields
    assert (type(found["a"]), found["b"], found["n"]) == (RepeatedField, ["1"], "999999999999999999999")
    assert "?" in found


@pytest.mark.parametrize(
    "text",
    [
        f'+++\nsecured = "{SECRET}"\n[a]\nfeaturedContent = ["{SECRET}"]\nsecured = ""\n+++\n',
        f'{{"secured": "{SECRET}", "a": {{"featuredContent": {{"x": "{SECRET}"}}, "secured": " "}}}}',
    ],
)
def test_secrets_of_toml_and_json_are_not_read_in(text: str) -> None:
    found = front(text).fields
    assert SECRET not in repr(found)
    assert (bool(found["secured"]), bool(found["a"]["featuredContent"]), found["a"]["secured"]) == (True, True, None)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("empty_file", None, "")),
        (b" \n\t\r\n", ("empty_file", None, "")),
        (b"\xef\xbb\xbf", ("empty_file", None, "")),
        (b"---\na: 1\n", ("unterminated", 1, "")),
        (b"---\na: 1\n ---\n", ("unterminated", 1, "")),
        (b"---\na: 1\nb: \xff\n---\n", ("not_utf8", 3, "byte 0xff")),
        ("---\na: é\n---\n".encode("utf-16"), ("not_utf8", 1, "byte 0xff")),
        ("---\na: é\n---\n".encode("latin-1"), ("not_utf8", 2, "byte 0xe9")),
        (b"---\na: 1\nb: \0\n---\n", ("nul_byte", 3, "")),
        (b"---\n- a\n- b\n---\n", ("not_a_mapping", 2, "")),
        (b"---\njust text\n---\n", ("not_a_mapping", 2, "")),
    ],
)
def test_a_file_that_cannot_be_read_says_where(data: bytes, expected: tuple[str, int | None, str]) -> None:
    assert refusal(data) == expected


@pytest.mark.parametrize(
    ("yaml", "line", "problem"),
    [
        ('a: 1\nb: "open', 4, "found unexpected end of stream"),
        ("a: 1\nb: c: d", 3, "mapping values are not allowed in this context"),
        ("a: 1\n\tb: 2", 3, "found a tab character that violates indentation"),
        ("a: 1\nb: *nobody", 3, "found undefined alias"),
        ("a: [1, 2", 3, "did not find expected … or …"),
        ('a: "\\q"', 2, "found unknown escape character"),
    ],
)
def test_bad_yaml_says_where_and_what(yaml: str, line: int, problem: str) -> None:
    assert refusal(f"---\n{yaml}\n---\n") == ("bad_yaml", line, problem)


def test_control_characters_are_bad_yaml() -> None:
    assert refusal("---\na: \x07\n---\n") == ("bad_yaml", None, "control characters are not allowed")


@pytest.mark.parametrize(
    "broken",
    [
        f'secured: "{SECRET}',
        f"secured: '{SECRET}",
        f"secured: {SECRET}: {SECRET}",
        f"secured: [{SECRET}",
        f"secured: {{{SECRET}: 1",
        f"secured: *{SECRET}",
        f"secured: !{SECRET}!x y",
        f"secured: &{SECRET} 1\nb: &{SECRET} *{SECRET}",
        f"%{SECRET}\nsecured: 1",
        f'secured: "\\{SECRET}"',
        f'secured: "\\q{SECRET}"',
        f"secured: @{SECRET}",
        f"secured: `{SECRET}",
        f"secured: |{SECRET}",
        f"{SECRET}\nsecured: 1",
        f"secured: {SECRET}\n\t{SECRET}: 1",
        f"secured: 1\n  {SECRET}: 1",
        f'secured: "{SECRET}" {SECRET}',
        f"- {SECRET}\nsecured: 1",
        f"secured: {SECRET}\x07",
        f"secured: \ud800{SECRET}".encode("utf-8", "surrogatepass"),
        f"secured: {SECRET}\0",
        f"secured: {SECRET}\xff".encode("latin-1"),
    ],
)
def test_no_message_quotes_the_file(broken: str | bytes) -> None:
    data = broken.encode() if isinstance(broken, str) else broken
    with pytest.raises(UnreadableFileError) as caught:
        read(b"---\n" + data + b"\n---\n")
    chain: BaseException | None = caught.value
    assert SECRET not in f"{chain} {chain.value} {chain.args}"
    assert chain.__suppress_context__ or chain.__context__ is None


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("title", 2),
        ("related", 4),
        ("related.0", 5),
        ("related.0.quality", 6),
        ("related.1", 7),
        ("related.1.provider.name", 9),
        ("related.1.provider.domain", 8),
        ("related.2.quality", 4),
        ("topics.1", 11),
        ("absent", 2),
        ("", 2),
    ],
)
def test_lines_of_fields(name: str, line: int) -> None:
    text = """---
title: a

related:
- title: b
  quality: x
- title: c
  provider:
    name: d
topics:
  [AI, Law]
---
"""
    assert front(text).line(name) == line


def nested(kind: str, depth: int) -> str:
    """A field whose value makes the front matter `depth` collections deep."""
    inner = depth - 1
    texts = {
        "flow": "a: " + "[" * inner + "]" * inner,
        "braces": "a: " + "{b: " * inner + "}" * inner,
        "dashes": "a:\n" + "- " * inner + "x",
        "block": "\n".join(" " * level + "a:" for level in range(depth)) + " x",
        "carriage returns": "\r".join(" " * level + "a:" for level in range(depth)) + " x",
    }
    return texts[kind]


KINDS = ("flow", "braces", "dashes", "block", "carriage returns")


@pytest.mark.parametrize("kind", KINDS)
def test_depth_at_the_limit(kind: str) -> None:
    value: Any = fields(nested(kind, MAX_DEPTH))
    depth = 0
    while isinstance(value, dict | list):
        depth += 1
        value = next(iter(value.values() if isinstance(value, dict) else value), None)
    assert depth == MAX_DEPTH


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 200, 450, LIBYAMLS_OWN])
def test_depth_beyond_the_limit(kind: str, depth: int) -> None:
    code, line, _ = refusal(f"---\n{nested(kind, depth)}\n---\n")
    assert code == "too_deep"
    assert line is not None
    assert 2 <= line <= (depth if depth == LIBYAMLS_OWN else MAX_DEPTH) + 2


def test_a_hundred_thousand_levels_do_not_crash_the_process() -> None:
    program = """
from analytics.corpus.limits import UnreadableFileError
from analytics.corpus.parsing.front_matter import read
texts = ["[" * 100_000, "{a: " * 100_000, "- " * 100_000 + "x", "? " * 100_000 + "x", "[{a: " * 50_000]
texts.append("\\r".join(" " * level + "a:" for level in range(1_400)))
for text in texts:
    try:
        read(("---\\na:\\n " + text + "\\n---\\n").encode())
    except UnreadableFileError as error:
        print(error.code)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout.split()) == (0, ["too_deep"] * 6)


def test_the_limit_of_aliases() -> None:
    text = "---\nn: &n x\na:\n" + "- *n\n" * MAX_ALIASES
    assert front(text + "---\n").fields["a"] == ["x"] * MAX_ALIASES
    assert refusal(text + "- *n\n---\n") == ("too_many_aliases", MAX_ALIASES + 4, "")


def bomb(name: str, levels: int, width: int) -> str:
    """Lists of lists that hold `width ** (levels - 1)` texts when aliases are written out."""
    lines = [f"{name}0: &{name}0 [x]"]
    lines += [
        f"{name}{level}: &{name}{level} [" + ", ".join([f"*{name}{level - 1}"] * width) + "]"
        for level in range(1, levels)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        bomb("a", 11, 9),
        bomb("a", 25, 4),
        f"{bomb('a', 17, 3)}\n{bomb('b', 17, 3)}\nx: *a16\nx: *b16",
        f"{bomb('a', 25, 2)}\n{bomb('b', 25, 2)}\nx: *a24\nx: *b24",
    ],
    ids=["wide", "long", "compared", "compared long"],
)
def test_alias_bombs_stay_small(text: str) -> None:
    tracemalloc.start()
    start = time.process_time()
    read(f"---\n{text}\n---\n".encode())
    seconds = time.process_time() - start
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000
    assert seconds < 0.3


def test_recursive_anchors_end() -> None:
    value = fields("a: &a [1, *a]\nb: &b {self: *b}")
    assert value["a"][1] is value["a"]
    assert value["b"]["self"] is value["b"]


def test_recursive_anchors_can_be_compared() -> None:
    value = fields("a: &n [*n]\na: &m [*m]")["a"]
    assert value[0] is value


def test_the_limit_of_a_file() -> None:
    body = b"x" * (MAX_FILE_BYTES - len(b"---\na: 1\n---\n"))
    data = b"---\na: 1\n---\n" + body
    found = read(data)
    assert found is not None
    assert found.body_chars == len(body)
    assert refusal(data + b"x") == ("too_large", None, f"more than {MAX_FILE_BYTES} bytes")


def test_the_limit_of_front_matter() -> None:
    line = "a: " + "x" * (MAX_FRONT_MATTER_CHARS - 4) + "\n"
    assert len(front(f"---\n{line}---\n").fields["a"]) == MAX_FRONT_MATTER_CHARS - 4
    assert refusal(f"---\nb{line}---\n") == (
        "front_matter_too_large",
        None,
        f"{MAX_FRONT_MATTER_CHARS + 1} characters",
    )
