"""What every view of the catalog keeps, whatever the corpus."""

import inspect
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd
import pytest

from analytics import catalog
from analytics.catalog import PAGES, VIEWS
from analytics.catalog.view import Value
from analytics.charts.theme import Look, Panels
from analytics.corpus.loader import Corpus
from analytics.engine.side_data import SideData
from analytics.engine.slice import Slice
from analytics.errors import ViewError
from analytics.review_tables import Reviewed
from analytics.selection.selection import Selection
from tests.corpora import article, corpus_of, paths_of
from tests.histories import Life, Step, history_of, life
from tests.made_reviews import some_sessions


def mid_sized() -> list:
    """240 articles of two and a half years, one in seven without a date, a score, heat or topics; and a rush."""
    rush = [article(at="2023-05-02", quality=72, heat=75, published=True, provider="Outlet 3", topics=["Energy"])] * 12
    return rush + [
        article(
            at=None if n % 7 == 1 else str(date(2022, 3, 1) + timedelta(days=4 * n)),
            quality=None if n % 7 == 2 else 37 * n % 190,
            heat=None if n % 7 == 3 else -1 if n % 7 == 4 else 41 * n % 190,
            published=None if n % 11 == 5 else 37 * n % 190 >= 70,
            provider=None if n % 13 == 6 else f"Outlet {n % 17}",
            folder=f"_part{n % 14}",
            topics=None if n % 29 == 5 else ["Energy", f"Topic {n % 9}", f"Kind {n % 4 if n % 9 > 6 else n % 9 // 5}"],
        )
        for n in range(240)
    ]


CORPORA = {
    "mid-sized": mid_sized,
    "no article": list,
    "one article": lambda: [article(at="2024-02-29", quality=72, heat=80, published=True, provider="A", topics=["AI"])],
    "one bare article": lambda: [article()],
    "one provider": lambda: [article(at=f"2024-02-{day}", provider="A", published=day > 15) for day in range(10, 29)],
    "no scores": lambda: [article(at=f"2024-02-{day}", published=day > 15, topics=["AI"]) for day in range(10, 29)],
    "no dates": lambda: [article(quality=score, heat=score, topics=["AI"]) for score in range(60, 80)],
    "no topics": lambda: [article(at=f"2024-02-{day}", quality=day, heat=-1) for day in range(10, 29)],
    "around a cut-off": lambda: [
        article(at="2024-02-01", quality=60 + n % 20, heat=60 + n % 20, published=(n % 20 > 9) != (n % 10 == 3))
        for n in range(240)
    ],
    "faulty": lambda: [article(at="2024-02-01", quality="high", provider="A", topics="AI") for _ in range(3)],
    "300 topics": lambda: [article(at="2024-02-01", topics=[f"Topic {n}", f"Topic {n + 1}"]) for n in range(299)],
    "told again": lambda: [
        article(title=f"The council {said} a plan for the harbour", excerpt="Work begins in the spring of next year.")
        for said in ("approves", "has at last approved")
    ],
}
SELECTIONS = {
    "all": Selection(),
    "nothing": Selection(providers=("Nobody",)),
    "before the corpus": Selection(end=date(1999, 12, 31)),
    "the first day of all": Selection(end=date.min),
    "the last day of all": Selection(start=date.max),
    "against the period before": Selection(start=date(2023, 6, 1), end=date(2023, 12, 31), compare="previous"),
    "the middle of a week": Selection(start=date(2024, 2, 14), end=date(2024, 2, 16)),
}

FULL = (
    ("mid-sized", "all"),
    ("mid-sized", "against the period before"),
    ("around a cut-off", "all"),
    ("faulty", "all"),
    ("told again", "all"),
)
"""What a view may ask for: all kinds of articles, a comparison period, exceptions to a cut-off, near misses, errors,
a story in other words."""

DRAWN = [("one bare article", "all"), ("no dates", "all"), ("300 topics", "all"), ("mid-sized", "nothing")]
"""The cases whose charts are made as well: beside the full ones, those most likely to lack what a chart wants."""

every_view = pytest.mark.parametrize("slug", VIEWS)
every_case = pytest.mark.parametrize(
    ("corpus", "selection"), [(name, "all") for name in CORPORA] + [("mid-sized", name) for name in SELECTIONS][1:]
)
every_choice = pytest.mark.parametrize(
    ("slug", "option", "choice"),
    [
        (slug, option, choice)
        for slug, view in VIEWS.items()
        for option in view.options
        for choice in dict.fromkeys((option.choices[0], option.default, option.choices[-1]))
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)


@cache
def loaded(name: str) -> Corpus:
    return corpus_of(mid_sized()[::-1] if name == "turned" else CORPORA[name]())


REVIEWED = some_sessions(paths_of(mid_sized()))
"""What is reviewed of any of the corpora: sessions about the mid-sized one, whose articles others lack."""


@cache
def side_data(name: str) -> SideData:
    """Reviews, and the history of the mid-sized corpus, whatever the order of its files; no other corpus has one."""
    if name not in ("mid-sized", "turned"):
        return SideData(reviewed=REVIEWED)
    articles = mid_sized()
    paths = paths_of(articles[::-1])[::-1] if name == "turned" else paths_of(articles)
    lives = [
        moved(n, path, item.fields) for n, (path, item) in enumerate(zip(paths, articles, strict=True)) if n % 20 != 9
    ]
    return SideData(history_of(*lives, *(taken(n, paths[n]) for n in range(3, 250, 60)), until=4000), REVIEWED)


def moved(n: int, path: str, record: dict[str, Any]) -> Life:
    """The life of an article: one in three never moves, the others rise by 1 to 6 points, some of them again a month
    later; some change their quality or their decision, some are unranked; the last are warm until shortly before the
    end, or still."""
    quality, start = record.get("quality"), 4 * n if n % 10 else 0
    steps: list[Step] = [(start, quality, record.get("heat") if quality is None else quality)]
    if n % 3 and quality is not None:
        for after in (5 + n % 24, 800 + n % 50)[: 1 + n % 2]:
            steps += [(start + after, quality, quality + 1 + n % 6), (start + after + 9 + n % 40, quality, quality)]
    if n % 13 == 4 and quality is not None:
        steps.append((start + 1500, quality, -1))
    if n % 9 == 2 and quality is not None:
        steps += [(start + 1600, quality + 5, quality + 5), (start + 1700, quality, quality + n % 3)]
    if n > 190 and quality is not None:
        steps += [(3200, quality, quality + 3), (3200 + 20 * (n - 190), quality, quality)][: 2 if n < 230 else 1]
    flags = {start: True, start + 1600: False, start + 1700: True} if n % 9 == 2 else {start: record.get("published")}
    names = {"provider": (record.get("provider") or {}).get("name"), "topics": "; ".join(record.get("topics", []))}
    return life(
        path, *steps, published=flags, kind="video" if n % 4 else "article", at=f"2024-01-{1 + n % 28:02}", **names
    )


def taken(n: int, path: str) -> Life:
    """Another outlet's copy that takes the file of an article for some hours, twice."""
    return life(
        path, (2000, 20 + n, 20 + n), (2010,), (2020, 20 + n, 20 + n), (2030,), domain="copy.example", over=True
    )


@cache
def answered(slug: str, corpus: str, selection: str, options: tuple[tuple[str, Value], ...] = ()) -> pd.DataFrame:
    return VIEWS[slug].answer(Slice(loaded(corpus), SELECTIONS[selection], side_data(corpus)), dict(options))


def full(slug: str, options: tuple[tuple[str, Value], ...] = ()) -> pd.DataFrame:
    """The view's answer to the first of `FULL` that has rows for it."""
    tables = (answered(slug, *case, options) for case in FULL)
    return next(table for table in tables if len(table))


def frames(known: Corpus | Reviewed) -> dict[str, pd.DataFrame]:
    values = {field.name: getattr(known, field.name) for field in fields(known)}
    return {name: value for name, value in values.items() if isinstance(value, pd.DataFrame)}


def parts(spec: dict[str, Any], above: dict[str, Any] | None = None) -> Iterator[tuple[dict[str, Any], set[str]]]:
    """Each mark's encoding in a spec with the columns of its data, through layers and panels that hand theirs down."""
    above = above or {"datasets": spec["datasets"], "encoding": {}, "data": {}, "made": set()}
    made = {name for step in spec.get("transform", []) for name in made_by(step)}
    here = above | {
        "encoding": above["encoding"] | spec.get("encoding", {}),
        "data": spec.get("data", above["data"]),
        "made": above["made"] | made,
    }
    inner = [data for name in ("layer", "hconcat", "vconcat", "concat") for data in spec.get(name, [])]
    for data in inner:
        yield from parts(data, here)
    if not inner:
        rows = here["datasets"][here["data"]["name"]]
        yield here["encoding"], set().union(*rows, here["made"]) if rows else set()


def made_by(step: dict[str, Any]) -> list[str]:
    """The columns that a step of a spec's transforms adds."""
    steps = [step, *step.get("window", []), *step.get("aggregate", []), *step.get("joinaggregate", [])]
    named = [one["as"] for one in steps if "as" in one]
    return [name for names in named for name in ([names] if isinstance(names, str) else names)]


def fields_in(encoding: Any) -> set[str]:
    """The columns that an encoding reads: its fields, and those that its conditions test."""
    if isinstance(encoding, list):
        return set().union(*map(fields_in, encoding))
    if not isinstance(encoding, dict):
        return set()
    own = {encoding["field"]} if isinstance(encoding.get("field"), str) else set()
    tested = set(re.findall(r"datum\.(\w+)", str(encoding.get("test", ""))))
    return own.union(tested, *map(fields_in, encoding.values()))


def check_fields(spec: dict[str, Any]) -> int:
    """Check that every field of a spec is a column of its data; returns how many marks had rows to check."""
    checked = 0
    for encoding, columns in parts(spec):
        if columns:
            assert fields_in(encoding) <= columns, f"{fields_in(encoding) - columns} is not in the data"
            checked += 1
    return checked


def test_slugs_are_those_of_the_declarations():
    declared = [view.slug for page in catalog._PAGES for view in page.VIEWS]
    assert declared == list(VIEWS)
    assert len(set(declared)) == len(declared)


def test_each_page_has_a_view_and_each_view_a_page():
    assert {view.page for view in VIEWS.values()} == set(PAGES)
    assert len(set(PAGES)) == len(PAGES)


@every_view
def test_table_and_function_have_the_name_of_the_view(slug):
    view = VIEWS[slug]
    assert (view.table.name, view.analysis.__name__) == (slug, slug)


@every_view
def test_options_are_parameters_of_the_function_with_one_choice_to_start_with(slug):
    view = VIEWS[slug]
    taken = list(inspect.signature(view.analysis).parameters)[1:]
    assert [option.name for option in view.options if not option.drawn] == taken
    for option in view.options:
        assert option.default in option.choices
        assert [option.read(str(choice)) for choice in option.choices] == list(option.choices)


@every_view
def test_unknown_options_and_choices_are_refused(slug):
    view = VIEWS[slug]
    with pytest.raises(ViewError, match=f"{slug} has no option 'colour'"):
        view.read_options({"colour": "red"})
    for option in view.options:
        with pytest.raises(ViewError, match=f"{option.name}=huge: .* Use {option.choices[0]}"):
            view.read_options({option.name: "huge"})


@every_view
@every_case
def test_an_answer_keeps_its_contract_and_is_told_in_a_sentence(slug, corpus, selection):
    view, table = VIEWS[slug], answered(slug, corpus, selection)
    view.table.check(table)
    assert table.index.equals(pd.RangeIndex(len(table)))
    assert table[table.duplicated(list(view.table.key), keep=False)].to_dict("records") == []
    said = view.finding(table)
    assert said.endswith(".")
    assert not re.search(r"\bnan\b|NaT|<NA>|\bNone\b(?! of )", said), said


@every_view
@pytest.mark.parametrize(("corpus", "selection"), DRAWN)
def test_chart_is_drawn_from_columns_that_are_there(slug, corpus, selection):
    spec = VIEWS[slug].chart(answered(slug, corpus, selection)).to_dict()
    assert spec["description"].endswith(".")
    check_fields(spec)


@every_view
def test_every_mark_of_a_full_chart_was_checked(slug):
    spec = VIEWS[slug].chart(full(slug)).to_dict()
    assert check_fields(spec) == len(list(parts(spec))) > 0


@every_view
def test_finding_and_chart_of_the_empty_table(slug):
    view = VIEWS[slug]
    assert re.fullmatch(r"[A-Z].+\.", view.finding(view.table.empty()))
    assert view.chart(view.table.empty()).to_dict()["$schema"].endswith(".json")


@pytest.mark.parametrize("slug", [slug for slug, view in VIEWS.items() if view.requires])
def test_a_view_of_what_nobody_looked_for_has_no_row_and_says_so(slug):
    table = VIEWS[slug].answer(Slice(loaded("mid-sized")))
    assert table.empty
    assert VIEWS[slug].finding(table) == VIEWS[slug].finding(VIEWS[slug].table.empty())


@pytest.mark.parametrize("slug", [slug for slug, view in VIEWS.items() if view.requires == "reviewed"])
def test_nothing_is_told_of_a_session_that_is_still_being_judged(slug):
    sessions = REVIEWED.sessions
    judging = replace(REVIEWED, sessions=sessions.assign(state=pd.Categorical(["judging"] * len(sessions))))
    assert VIEWS[slug].answer(Slice(loaded("mid-sized"), side_data=SideData(reviewed=judging))).empty


@every_choice
def test_every_choice_gives_a_table_and_a_chart(slug, option, choice):
    view, table = VIEWS[slug], full(slug, ((option.name, choice),))
    drawn = view.draw(table, Look(view.defaults() | {option.name: choice}))
    charts = drawn.charts if isinstance(drawn, Panels) else (drawn,)
    assert table[table.duplicated(list(VIEWS[slug].table.key), keep=False)].empty
    assert all(check_fields(chart.to_dict()) for chart in charts)
    assert view.finding(table).endswith(".")


@every_choice
def test_every_choice_but_a_drawn_one_can_change_the_table(slug, option, choice):
    changed = [
        not answered(slug, *case, ((option.name, choice),)).equals(answered(slug, *case, ((option.name, other),)))
        for case in FULL
        for other in option.choices
        if other != choice
    ]
    assert any(changed) != option.drawn


@every_view
def test_computing_leaves_the_corpus_as_it_was(slug):
    corpus = loaded("mid-sized")
    known = frames(corpus) | frames(REVIEWED)
    before = {name: frame.copy(deep=True) for name, frame in known.items()}
    for selection in (Selection(), Selection(topics=("Topic 1", "Topic 2"), quality_min=20)):
        VIEWS[slug].answer(Slice(corpus, selection, side_data("mid-sized")))
    assert before.keys() >= {"articles", "topics", "problems", "items", "judgements"}
    for name, frame in known.items():
        pd.testing.assert_frame_equal(frame, before[name])


@every_view
def test_drawing_and_telling_leave_the_table_as_it_was(slug):
    table = answered(slug, "mid-sized", "all")
    before = deepcopy(table)
    VIEWS[slug].chart(table).to_dict()
    pd.testing.assert_frame_equal(table, before)


@every_view
def test_answers_of_one_slice_do_not_share_their_frames(slug):
    data = Slice(loaded("mid-sized"), side_data=side_data("mid-sized"))
    first = VIEWS[slug].answer(data)
    before = first.copy(deep=True)
    first["n"] = 0
    pd.testing.assert_frame_equal(VIEWS[slug].answer(data), before)


@pytest.mark.parametrize("slug", [slug for slug, view in VIEWS.items() if "path" not in view.table.names])
def test_order_of_the_files_does_not_matter(slug):
    """Other paths for the same articles: nothing but what the records hold may decide."""
    turned = answered(slug, "turned", "all")
    pd.testing.assert_frame_equal(turned, answered(slug, "mid-sized", "all"))
