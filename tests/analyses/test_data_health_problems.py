"""Problems by kind, by provider, and listed."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.data_health import problems_by_code, problems_by_provider, problems_listed
from analytics.corpus.loader import load_corpus
from analytics.corpus.problem_codes import CODES
from analytics.corpus.table_contracts import PROBLEMS
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import article, articles, corpus_of, paths_of, selections
from tests.plain import NONE, OTHER, chosen, near, records_of, rows_of, wilson

ERROR, WARNING, NOTE = "bad_yaml", "missing_date", "naive_time"
ORDER = ("error", "warning", "info")
NO_ARTICLE = "_news/lost.md"


def problem(path, code, line=1, value="x"):
    return {
        "path": path,
        "line": line,
        "field": "title",
        "severity": CODES[code].severity,
        "code": code,
        "value": value,
        "message": CODES[code].meaning,
    }


def with_problems(listed, found):
    """The corpus of the articles with just the given problems, sorted as a load sorts them."""
    rows = pd.DataFrame(found, columns=PROBLEMS.names).sort_values(["path", "line", "field", "code"])
    return replace(corpus_of(listed), problems=PROBLEMS.of(rows))


@st.composite
def cases(draw):
    """Articles, and a few problems in their files and in one that is no article."""
    listed = draw(articles())
    codes = st.sampled_from([ERROR, "not_whole", WARNING, "missing_title", NOTE])
    place = st.sampled_from([*paths_of(listed), NO_ARTICLE])
    found = draw(st.lists(st.tuples(place, codes, st.integers(1, 3)), unique=True, max_size=15))
    return listed, [problem(path, code, line) for path, code, line in found]


def seen(listed, found, selection):
    """The articles of a selection and the problems that count for them."""
    data = chosen(records_of(listed), selection)
    if not selection.filters.text:
        return data, found
    return data, [line for line in found if line["path"] in {item.path for item in data}]


def by_code(data, found):
    own = {item.path for item in data}
    codes = {line["code"] for line in found}
    rows = []
    for code in codes:
        here = [line for line in found if line["code"] == code]
        known = CODES[code]
        files = {line["path"] for line in here}
        counts = {"problems": len(here), "files": len(files), "articles": len(files & own)}
        rows.append({"code": code, "severity": known.severity, "meaning": known.meaning, **counts})
    return sorted(rows, key=lambda row: (ORDER.index(row["severity"]), -row["problems"], row["code"]))


def by_provider(data, found, top):
    outlet = {item.path: item.provider or NONE for item in data}
    if not any(line["path"] in outlet for line in found):
        return []
    rows = [provider_row(name, [name], outlet, found) for name in set(outlet.values())]
    rows.sort(key=lambda row: (-row["affected"], -row["error"], -row["warning"], -row["info"], row["provider"]))
    if top and len(rows) > top + 1:
        rest = [row["provider"] for row in rows[top:]]
        rows = [*rows[:top], provider_row(OTHER, rest, outlet, found)]
    return rows


def provider_row(name, names, outlet, found):
    paths = {path for path, provider in outlet.items() if provider in names}
    here = [line for line in found if line["path"] in paths]
    affected = len({line["path"] for line in here if line["severity"] != "info"})
    return {
        "provider": name,
        "providers": sum(name != NONE for name in names),
        "n": len(paths),
        **{severity: sum(line["severity"] == severity for line in here) for severity in ORDER},
        "affected": affected,
        **dict(zip(("share_affected", "low", "high"), wilson(affected, len(paths)), strict=True)),
        "small": len(paths) < 10,
    }


@pytest.mark.slow
@given(case=cases(), selection=selections(), top=st.sampled_from([0, 1, 2, 12]))
def test_tables_are_those_of_a_loop(case, selection, top):
    data = Slice(with_problems(*case), selection)
    records, found = seen(*case, selection)
    assert rows_of(problems_by_code(data)) == by_code(records, found)
    assert rows_of(problems_by_provider(data, top=top)) == near(by_provider(records, found, top))
    listed = rows_of(problems_listed(data).drop(columns="collection"))
    assert sorted(map(str, listed)) == sorted(map(str, found))
    places = [(ORDER.index(line["severity"]), line["path"], line["line"]) for line in listed]
    assert places == sorted(places)


LISTED = [article(provider="Beta")] * 2 + [article(provider="Alpha")] * 3 + [article()]
PATHS = paths_of(LISTED)
FOUND = [
    problem(PATHS[0], NOTE),
    problem(PATHS[0], WARNING, 2),
    problem(PATHS[0], WARNING, 3),
    problem(PATHS[2], ERROR),
    problem(PATHS[3], WARNING),
    problem(NO_ARTICLE, ERROR),
]
PART = Slice(with_problems(LISTED, FOUND))


def test_errors_come_first_and_the_frequent_before_the_rare():
    assert problems_by_code(PART)[["code", "problems", "files", "articles"]].to_numpy().tolist() == [
        [ERROR, 2, 2, 1],
        [WARNING, 3, 2, 2],
        [NOTE, 1, 1, 1],
    ]


def test_an_article_with_several_problems_is_affected_once():
    columns = ["provider", "n", "error", "warning", "info", "affected"]
    assert problems_by_provider(PART)[columns].to_numpy().tolist() == [
        ["Alpha", 3, 1, 1, 0, 2],
        ["Beta", 2, 0, 2, 1, 1],
        [NONE, 1, 0, 0, 0, 0],
    ]


def test_the_rest_of_the_providers_is_pooled_as_sums():
    columns = ["provider", "providers", "n", "warning", "affected"]
    assert problems_by_provider(PART, top=1)[columns].to_numpy().tolist() == [
        ["Alpha", 1, 3, 1, 2],
        [OTHER, 1, 3, 2, 1],
    ]


def test_a_filter_leaves_the_problems_of_its_articles():
    data = Slice(PART.corpus, Selection(providers=("Beta",)))
    assert problems_listed(data)["path"].unique().tolist() == [PATHS[0]]
    assert problems_by_code(data)["problems"].sum() == 3


@pytest.mark.parametrize(
    ("level", "codes"),
    [
        ("all", [ERROR, ERROR, *[WARNING] * 3, NOTE]),
        ("errors and warnings", [ERROR, ERROR, *[WARNING] * 3]),
        ("errors", [ERROR, ERROR]),
    ],
)
def test_the_list_goes_down_to_a_level(level, codes):
    assert problems_listed(PART, level=level)["code"].astype("str").tolist() == codes


def test_every_problem_is_listed_however_many():
    found = [problem(PATHS[0], WARNING, line) for line in range(1, 30_001)]
    table = problems_listed(Slice(with_problems(LISTED, found)))
    assert table["line"].tolist() == list(range(1, 30_001))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "No problems."),
        (FOUND, "6 problems: 2 errors, 3 warnings and 1 note. The most frequent error is bad_yaml: 2 in 2 files."),
        (FOUND[:1], "1 problem: 1 note. The most frequent note is naive_time: 1 in 1 file."),
    ],
    ids=["none", "several", "one"],
)
def test_finding_by_code(found, said):
    assert problems_by_code.finding(problems_by_code(Slice(with_problems(LISTED, found)))) == said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "No article has a problem."),
        ([problem(NO_ARTICLE, ERROR)], "No article has a problem."),
        ([problem(PATHS[0], NOTE)], "None of 6 articles has an error or a warning, only notes."),
        ([problem(PATHS[5], WARNING)], "1 of 6 articles (16.7%) has an error or a warning."),
        (
            FOUND,
            "3 of 6 articles (50.0%) have an error or a warning.",
        ),
    ],
    ids=["none", "no article", "only a note", "no provider", "several"],
)
def test_finding_by_provider(found, said):
    assert problems_by_provider.finding(problems_by_provider(Slice(with_problems(LISTED, found)))) == said


@pytest.mark.parametrize(
    ("affected", "said"),
    [
        (9, "; more often those of Large (9 of 20: 45% [26, 66]) (2 "),
        (1, "; those of no provider clearly more often (2 "),
    ],
)
def test_a_provider_is_named_only_where_its_articles_are_affected_more_often_than_the_others(affected, said):
    listed = [article(provider="Large")] * 20 + [article(provider="Small")] * 20
    corpus = corpus_of(listed)
    paths = corpus.articles.loc[corpus.articles["provider"] == "Large", "path"].tolist()
    table = problems_by_provider(Slice(with_problems(listed, [problem(path, WARNING) for path in paths[:affected]])))
    finding = problems_by_provider.finding(table)
    assert f"{said}providers compared with all others)." in finding


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "No problems."),
        (FOUND, "6 problems in 4 files: 2 errors, 3 warnings and 1 note."),
        (FOUND[:2], "2 problems in 1 file: 1 warning and 1 note."),
    ],
    ids=["none", "several", "two"],
)
def test_finding_of_the_list(found, said):
    assert problems_listed.finding(problems_listed(Slice(with_problems(LISTED, found)))) == said


def test_labels_of_the_program_do_not_merge_with_those_of_a_corpus(tmp_path: Path) -> None:
    for number, provider in enumerate(("(none)", "All others", None)):
        named = f"provider:\n  name: {provider}\n" if provider else ""
        text = f"---\ntitle: A\nquality: many\n{named}topics: [(none)]\n---\n"
        (tmp_path / f"2024-01-0{number + 1}-a.md").write_text(text)
    data = Slice(load_corpus(tmp_path))
    table = problems_by_provider(data).set_index("provider")
    assert table[["n", "affected"]].to_dict("index") == {
        label: {"n": 1, "affected": 1} for label in ('"(none)"', '"All others"', "(none)")
    }
    assert data.corpus.topics["topic"].unique().tolist() == ['"(none)"']
    assert data.problems["code"].tolist().count("reserved_label") == 5
