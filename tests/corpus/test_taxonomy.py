"""The site's topics and organisations, and that a bad file among them is one problem."""

from typing import Any

import pandas as pd
import pytest

from analytics.corpus.parsing.taxonomy import load_taxonomy
from analytics.corpus.sources.open import open_source
from analytics.corpus.table_contracts import ORGANISATIONS, TOPIC_TREE
from tests.corpus.conftest import Write

TOPIC = """taxonomy: topic
name: Large Models
shortname: llm
parent: AI
description: "Models that are large"
keywords:
  - large model
  - transformer
  - large model
hashtags:
  - "#LLM"
services:
  news: https://site.example/news
"""
ORGANISATION = """---
taxonomy: organization
name: Lamp Weekly
domain: Lamp.Example
images:
  - url: /logo.png
---
"""

Loaded = tuple[pd.DataFrame, pd.DataFrame, list[tuple[Any, ...]]]


def load(write: Write, files: dict[str, str | bytes]) -> Loaded:
    source = open_source(write(files))
    topics, organisations, problems = load_taxonomy(source, source.entries())
    TOPIC_TREE.check(topics)
    ORGANISATIONS.check(organisations)
    return topics, organisations, [(row["path"], row["line"], row["field"], row["code"]) for row in problems]


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if not pd.isna(value)} for row in frame.to_dict("records")]


def test_a_topic(write: Write) -> None:
    topics, organisations, problems = load(write, {"_data/topics/llm.yaml": TOPIC})
    assert rows(topics) == [
        {
            "path": "_data/topics/llm.yaml",
            "name": "Large Models",
            "shortname": "llm",
            "parent": "AI",
            "description": "Models that are large",
            "keywords": "large model\ntransformer",
            "hashtags": "#LLM",
        }
    ]
    assert (len(organisations), problems) == (0, [])


def test_an_organisation_as_front_matter_or_as_yaml(write: Write) -> None:
    files: dict[str, str | bytes] = {
        "_data/organizations/a.md": ORGANISATION,
        "_data/organizations/b.yaml": "name: Bulb\ndomain: bulb.example\n",
        "_data/organizations/c.yml": "domain: c.example\n",
    }
    topics, organisations, problems = load(write, files)
    assert rows(organisations) == [
        {"path": "_data/organizations/a.md", "domain": "lamp.example", "name": "Lamp Weekly"},
        {"path": "_data/organizations/b.yaml", "domain": "bulb.example", "name": "Bulb"},
        {"path": "_data/organizations/c.yml", "domain": "c.example"},
    ]
    assert (len(topics), problems) == (0, [])


def test_no_taxonomy_is_two_empty_frames(write: Write) -> None:
    topics, organisations, problems = load(write, {})
    assert (len(topics), len(organisations), problems) == (0, 0, [])


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (b"name: AI\nkeywords: [a\n", 3, "bad_yaml"),
        (b"name: AI\nname: : :\n", 2, "bad_yaml"),
        (b"- a\n- b\n", 1, "not_a_mapping"),
        (b"text", 1, "not_a_mapping"),
        (b"name: AI\nx: \xff\n", 2, "not_utf8"),
        (b"name: \0\n", 1, "nul_byte"),
        (b"name: AI\nkeywords: " + b"[" * 400 + b"]" * 400, 2, "too_deep"),
        (b"name: AI\nkeywords: " + b"[" * 100_000, 2, "too_deep"),
        (b"name: &n x\nkeywords: [" + b"*n, " * 101 + b"]", 2, "too_many_aliases"),
    ],
)
def test_a_bad_topic_file_is_one_problem_and_its_neighbour_stays(
    text: bytes, line: int, code: str, write: Write
) -> None:
    topics, _, problems = load(write, {"_data/topics/bad.yaml": text, "_data/topics/good.yaml": "name: Good"})
    assert topics["name"].tolist() == ["Good"]
    assert problems == [("_data/topics/bad.yaml", line, "", code)]


def test_a_bad_organisation_file_is_one_problem(write: Write) -> None:
    files: dict[str, str | bytes] = {"_data/organizations/a.md": "---\nname: A\n", "_data/organizations/b.md": ""}
    _, organisations, problems = load(write, files)
    assert len(organisations) == 0
    assert problems == [
        ("_data/organizations/a.md", 1, "", "unterminated"),
        ("_data/organizations/b.md", None, "", "empty_file"),
    ]


def test_a_bad_value_is_left_empty_and_noted(write: Write) -> None:
    text = "name: AI\nparent: [a]\nkeywords: one\nhashtags: [x, {a: b}]\nshortname: !x y\n"
    topics, _, problems = load(write, {"_data/topics/ai.yaml": text})
    assert rows(topics) == [{"path": "_data/topics/ai.yaml", "name": "AI", "hashtags": "x"}]
    assert sorted((field, code) for _, _, field, code in problems) == [
        ("hashtags.1", "not_text"),
        ("keywords", "not_a_list"),
        ("parent", "not_text"),
        ("shortname", "tagged"),
    ]


def test_a_file_that_vanishes_is_a_problem(write: Write) -> None:
    root = write({"_data/topics/a.yaml": "name: A", "_data/topics/b.yaml": "name: B"})
    source = open_source(root)
    entries = source.entries()
    (root / "_data/topics/a.yaml").unlink()
    topics, _, problems = load_taxonomy(source, entries)
    assert topics["name"].tolist() == ["B"]
    assert [(row["path"], row["code"], row["value"]) for row in problems] == [
        ("_data/topics/a.yaml", "unreadable", "No such file or directory")
    ]
