"""The corpora and selections that every view is tried on, and its answers to them."""

import re
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd

from analytics.catalog import VIEWS
from analytics.catalog.view import Value
from analytics.corpus.loader import Corpus
from analytics.engine.history_and_reviews import SideData
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import Article, article, corpus_of, paths_of
from tests.histories import Life, Step, history_of, life
from tests.made_reviews import some_sessions


def mid_sized() -> list[Article]:
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


ODD_LABELS = (
    *[
        "toString",
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "null",
        "undefined",
        "NaN",
        "0",
        "-",
        "datum",
        "שלום",
        "<b>&amp;</b>",
    ],
    *("a'b\"c\\d", "in two\u2028lines", "\v\x1b\ufffeseen", "(none)", "All others"),
    *("%d {0} ${x}", "👩\u200d🔬", "e\u0301"),
)
"""Labels that a program may stumble over."""


def stories() -> list[Article]:
    """14 events that three outlets tell: published by all, by one with the highest or the lowest score, by none."""
    return [
        article(
            title=" ".join(f"{stem}{chr(ord('a') + event)}" for stem in ("harbour", "council", "bridge", "winter")),
            at=str(date(2024, 1, 1) + timedelta(days=40 * event + outlet)),
            quality=60 + 10 * outlet + event % 5,
            published=(True, outlet == 2, outlet == 0, False)[event % 4],
            provider=f"Outlet {outlet}",
            topics=["Energy"],
        )
        for event in range(14)
        for outlet in range(3)
    ]


CORPORA = {
    "mid-sized": mid_sized,
    "no article": list,
    "one article": lambda: [article(at="2024-02-29", quality=72, heat=80, published=True, provider="A", topics=["AI"])],
    "one bare article": lambda: [article()],
    "one provider": lambda: [article(at=f"2024-02-{day}", provider="A", published=day > 15) for day in range(10, 29)],
    "no scores": lambda: [article(at=f"2024-02-{day}", published=day > 15, topics=["AI"]) for day in range(10, 29)],
    "no dates": lambda: [
        article(quality=score, heat=score, topics=["AI"], provider="AB"[score % 2]) for score in range(60, 80)
    ],
    "no topics": lambda: [article(at=f"2024-02-{day}", quality=day, heat=-1) for day in range(10, 29)],
    "around a cut-off": lambda: [
        article(at="2024-02-01", quality=60 + n % 20, heat=60 + n % 20, published=(n % 20 > 9) != (n % 10 == 3))
        for n in range(240)
    ],
    "faulty": lambda: [article(at="2024-02-01", quality="high", provider="A", topics="AI") for _ in range(3)],
    "300 topics": lambda: [article(at="2024-02-01", topics=[f"Topic {n}", f"Topic {n + 1}"]) for n in range(299)],
    "odd labels": lambda: [
        article(
            title=odd,
            excerpt=odd,
            at=f"2024-02-{1 + n % 28:02}",
            quality=50 + n,
            heat=60 + n,
            published=n % 2 == 0,
            provider=odd,
            topics=[odd, "AI"],
            kind=odd,
        )
        for n, odd in enumerate(2 * ODD_LABELS)
    ],
    "stories": stories,
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
    ("stories", "all"),
)
"""What a view may ask for: all kinds of articles, a comparison period, exceptions to a cut-off, near misses, errors,
a story in other words, stories of several outlets."""

CASES = (*((name, "all") for name in CORPORA), *(("mid-sized", name) for name in SELECTIONS if name != "all"))
"""Name of a corpus and of a selection."""

TELLING = (
    *(("mid-sized", name) for name in ("all", "nothing", "against the period before")),
    *((name, "all") for name in ("one bare article", "no scores", "no dates", "odd labels")),
)
"""The cases in which most faults were found; the long runs try all."""

Options = tuple[tuple[str, Value], ...]

ONE_BEFORE_MANY = re.compile(
    r"(?<![\w.,+−-])1 (?!(?:is|was|has|does|says|lacks|needs|comes|lies)\b)"
    r"(?:(?:compared|scored|decided|judged|ranked|listed|earlier|more|complete) )?"
    r"(?:[a-z]+s|that (?:say|have|are)|are|have|were|do|say|lack|need|come|lie|people)\b"
)
"""A one before a plural or a verb of many; verbs of one end in s as well."""


@cache
def loaded(name: str) -> Corpus:
    """A corpus by name; `turned` has the articles of the mid-sized one in the opposite order."""
    return corpus_of(mid_sized()[::-1] if name == "turned" else CORPORA[name]())


REVIEWED = some_sessions(paths_of(mid_sized()))
"""What is reviewed of any of the corpora: sessions about the mid-sized one, whose articles others lack."""


@cache
def side_data(name: str) -> SideData:
    """Reviews, and the history of the mid-sized corpus, whatever the order of its files, or of one article; no other
    corpus has one."""
    if name == "one article":
        path = paths_of(CORPORA[name]())[0]
        return SideData(
            history_of(life(path, (1, 70, 70), (2, 70, 71), (3, 70, 70)), until=60), some_sessions([path, "gone.md"])
        )
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
def slice_of(corpus: str, selection: str) -> Slice:
    """A case as a slice, which all views share."""
    return Slice(loaded(corpus), SELECTIONS[selection], side_data(corpus))


def answered(slug: str, corpus: str, selection: str, options: Options = ()) -> pd.DataFrame:
    """The view's answer; the frame is shared."""
    defaults = VIEWS[slug].defaults().items()
    return _answered(slug, corpus, selection, tuple(option for option in options if option not in defaults))


@cache
def _answered(slug: str, corpus: str, selection: str, options: Options) -> pd.DataFrame:
    return VIEWS[slug].answer(slice_of(corpus, selection), dict(options))


def full(slug: str, options: Options = ()) -> pd.DataFrame:
    """The view's answer to the first of `FULL` that has rows for it."""
    tables = (answered(slug, *case, options) for case in FULL)
    return next(table for table in tables if len(table))
