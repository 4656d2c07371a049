"""The check of a corpus, in each of its forms."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from analytics.catalog import VIEWS
from analytics.corpus.loader import Corpus, load_corpus
from analytics.corpus.table_contracts import PROBLEMS
from analytics.engine.slice import Slice
from analytics.reports.corpus_check import check
from analytics.reports.csv import to_csv
from analytics.reports.escaping import printable
from tests.conftest import SAMPLE
from tests.corpora import article, corpus_of, real_corpus, write_records

FILES = {
    "_news/2024-01-01-a.md": "---\ntitle: A\npublishedDateTime: 2024-01-01T12:00:00Z\npublished: true\ntype: article\n"
    "quality: 72\nprovider: {name: Alpha}\ntopics: [AI, Law]\ncolour: red\n---\n",
    "_news/2024-01-02-b.md": "---\ntitle: =1+1\npublishedDateTime: 2024-01-02T12:00:00\npublished: maybe\ntype: video\n"
    "provider: {name: Alpha}\ntopics: [AI]\n---\n",
    "_news/2024-01-03-c.md": "---\ntitle: C\n",
    "_news/2024-01-04-d.md": "",
    "_news/index.md": "No front matter.\n",
    "_data/topics/ai.yaml": "name: [\n",
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("check") / "site"
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return load_corpus(folder)


def test_everything_is_counted(corpus: Corpus) -> None:
    counts = check(corpus).counts
    codes = counts.pop("problems_by_code")
    assert codes == Counter(corpus.problems["code"].astype("str"))
    assert list(codes.values()) == sorted(codes.values(), reverse=True)
    assert counts == {
        "articles": 2,
        "published": 1,
        "unpublished": 0,
        "unknown": 1,
        "files_lost": 2,
        "files_skipped": 1,
        "topics": 2,
        "providers": 1,
        "problems": 5,
        "problems_by_severity": {"error": 3, "warning": 1, "info": 1},
        "by_type": {"article": 1, "video": 1},
        "by_topic": {"AI": 2, "Law": 1},
        "by_provider": {"Alpha": 2},
    }


def test_text_has_a_line_a_problem_that_terminals_link(corpus: Corpus) -> None:
    lines = check(corpus).render("text").splitlines()
    assert (
        "_news/2024-01-02-b.md:4: error not_boolean published: maybe — "
        "The field should be true or false: it is left empty." in lines
    )
    assert "_news/2024-01-04-d.md: warning empty_file — The file is empty." in lines
    assert lines[-1] == "5 problems in 4 files: 3 errors, 1 warning and 1 note."
    assert "         1  colour" in lines


def test_json_is_one_object_with_every_row(corpus: Corpus) -> None:
    found = json.loads(check(corpus).render("json"))
    assert list(found) == [
        "corpus",
        "counts",
        "collections",
        "completeness",
        "field_sources",
        "problems",
        "unknown_fields",
    ]
    assert [row["code"] for row in found["problems"]] == check(corpus).problems["code"].astype("str").tolist()
    assert list(found["problems"][0]) == ["collection", *PROBLEMS.names]
    assert found["unknown_fields"] == [{"field": "colour", "n": 1}]
    quality = next(row for row in found["completeness"] if row["field"] == "quality")
    assert (quality["n"], quality["present"], quality["share"], quality["band"]) == (2, 1, 0.5, "poor")


def test_collections_have_a_line_each_where_there_are_several(tmp_path: Path) -> None:
    write_records(
        tmp_path, {"_news/a.md": {"title": "A", "quality": 70}, "_news/b.md": {"title": "B", "topics": ["T"]}}
    )
    assert "by collection" not in check(load_corpus(tmp_path, cache=False)).render("text")
    write_records(tmp_path, {"_people/c.md": {"title": "C"}})
    found = check(load_corpus(tmp_path, cache=False))
    lines = found.render("text").splitlines()
    at = lines.index("Articles by collection (* counts where none is named), and how many have what")
    assert [line.split() for line in lines[at + 2 : at + 4]] == [
        ["*", "news", "2", "0", "0", "1", "0", "0", "1", "0", "2"],
        ["people", "1", "0", "0", "0", "0", "0", "0", "0", "1"],
    ]
    assert [
        (row["collection"], row["counts"], row["topics"]) for row in json.loads(found.render("json"))["collections"]
    ] == [("news", True, 1), ("people", False, 0)]


def test_csv_is_that_of_the_view(corpus: Corpus) -> None:
    assert check(corpus).render("csv") == to_csv(VIEWS["problems_listed"].answer(Slice(corpus)))


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_the_same_files_give_the_same_text(form: str, corpus: Corpus) -> None:
    again = load_corpus(corpus.source, cache=False)
    assert check(again).render(form) == check(corpus).render(form)  # type: ignore[arg-type]


def with_severities(*severities: str) -> Corpus:
    rows = [dict.fromkeys(PROBLEMS.names, "x") | {"line": 1, "severity": severity} for severity in severities]
    return replace(
        corpus_of([article()]), problems=PROBLEMS.of(PROBLEMS.empty().from_records(rows, columns=PROBLEMS.names))
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("severities", "failing"),
    [
        ([], set()),
        (["info"], set()),
        (["info", "warning"], {"warning"}),
        (["error"], {"error", "warning"}),
        (["warning", "error"], {"error", "warning"}),
    ],
)
def test_findings_at_or_above_a_level_fail(severities: list[str], failing: set[str]) -> None:
    found = check(with_severities(*severities))
    assert {level for level in ("error", "warning", "never") if found.fails(level)} == failing  # type: ignore[arg-type]


def test_a_corpus_without_anything() -> None:
    found = check(corpus_of([]))
    assert found.render("text").splitlines()[-1] == "1 problem in 1 file: 1 error."
    assert json.loads(found.render("json"))["completeness"] == []
    assert found.problems[["path", "code"]].to_numpy().tolist() == [[".", "no_articles"]]


def test_nothing_is_cut(tmp_path: Path) -> None:
    listed = [
        article(at="2024-01-01", provider=f"Outlet {n}", topics=[f"Topic {n}"], kind=f"type {n}") for n in range(400)
    ]
    found = check(corpus_of(listed))
    text = found.render("text")
    for label in ("Outlet 399", "Topic 399", "type 399"):
        assert f"         1  {label}\n" in text
    assert len(found.counts["by_topic"]) == len(found.counts["by_provider"]) == len(found.counts["by_type"]) == 400


def test_what_a_terminal_would_obey_is_shown_as_an_escape() -> None:
    assert printable("plain, Ω, – and 日本") == "plain, Ω, – and 日本"
    assert printable("a\x1b[2Jb\rc\u202ed") == "a\\x1b[2Jb\\rc\\u202ed"


def test_a_control_character_in_a_record_does_not_reach_the_terminal() -> None:
    found = check(corpus_of([article(at="2024-01-01", topics=["AI\x1b[2J"], provider="A\nB", quality="\x1b]0;x\x07")]))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", found.render("text"))


@pytest.mark.shared
def test_counts_of_a_real_site_are_those_of_its_lines(shared: Callable[[str], Path]) -> None:
    folder = shared("powerapps")
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("_news/*.md"))]
    counts = check(real_corpus(folder)).counts
    assert (counts["articles"], counts["published"], counts["files_lost"]) == (len(texts), 318, 0) == (497, 318, 0)
    assert counts["published"] == sum(bool(re.search(r"^published: true$", text, re.MULTILINE)) for text in texts)
    assert counts["by_type"] == Counter(re.search(r"^type: (.+)$", text, re.MULTILINE)[1] for text in texts)  # type: ignore[index]
    providers = [re.search(r"^provider:\n  name: (.+)$", text, re.MULTILINE)[1] for text in texts]  # type: ignore[index]
    assert counts["by_provider"] == Counter(name.strip("'\"") for name in providers)
    blocks = [re.search(r"^topics:\n((?:- .+\n|  - .+\n)+)", text, re.MULTILINE) for text in texts]
    topics = Counter(
        re.sub(r"^\s*- ", "", line).strip("'\"") for block in blocks if block for line in block[1].splitlines()
    )
    assert {name: n for name, n in counts["by_topic"].items() if name != "(none)"} == topics
    assert counts["by_topic"].get("(none)", 0) == sum(block is None for block in blocks)


def test_the_sample_loses_what_was_planted() -> None:
    counts = check(load_corpus(SAMPLE)).counts
    assert counts["files_lost"] == 5
    assert counts["files_skipped"] == 1
    assert sum(counts["by_type"].values()) == sum(counts["by_provider"].values()) == counts["articles"] == 1195


def test_keys_that_are_not_the_records_own_are_listed(tmp_path: Path) -> None:
    (tmp_path / "2024-01-03-c.md").write_text("---\ntitle: C\ntags: [x]\n---\n")
    lines = check(load_corpus(tmp_path)).render("text").splitlines()
    at = lines.index("Keys that fields came from (articles)")
    assert lines[at + 1 : at + 4] == [
        "  title                1  title",
        "  published_at         1  file name  (the file's path)",
        "  topics               1  tags  (another key)",
    ]
    assert "Keys that" not in check(corpus_of([article()])).render("text")


def test_files_of_which_none_is_an_article_are_an_error(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.md").write_text("Only text.\n")
    found = check(load_corpus(tmp_path))
    assert found.fails("error")
    assert (found.counts["articles"], found.counts["files_lost"], found.counts["files_skipped"]) == (0, 0, 3)
    assert found.problems[["path", "code", "value"]].to_numpy().tolist() == [
        ["0.md", "no_articles", "3 texts without front matter"]
    ]
