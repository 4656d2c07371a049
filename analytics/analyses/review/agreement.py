"""Agreement of the people of a review session, of all together and of each two, by each person's first verdicts."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from analytics.analyses.common.against_others import shares_against_others
from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.wording import count_text, share_interval_text
from analytics.analyses.review.verdicts import (
    ALL,
    SESSION_COLUMNS,
    first_verdicts,
    session_of_first_row_text,
    verdicts_given,
)
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.agreement import (
    ABSENT,
    COHEN,
    MEASURES,
    NOMINAL,
    ORDINAL,
    RAW,
    Codes,
    contingency_table,
    estimate,
    kappa,
)
from analytics.statistics.change_test import DOWN
from analytics.statistics.intervals import SMALL_N, wilson

REVIEW_AGREEMENT = Table(
    "review_agreement",
    "one row per session and measure, newest session first; sessions in which nobody gave a verdict are left out",
    (
        *SESSION_COLUMNS,
        Column(
            "measure", "text", "raw agreement, Cohen's kappa, Fleiss' kappa, or Krippendorff's alpha of either kind"
        ),
        Column("value", "number", "1: all agree, 0: as by chance, for raw agreement never; missing where undefined"),
        Column("low", "number", "lower end of the 95 % bootstrap interval over items"),
        Column("high", "number", "upper end of the 95 % bootstrap interval over items"),
        Column("n_items", "whole", "items that the measure rests on", "items"),
        Column("n_people", "whole", "people whose verdicts it rests on", "people"),
        Column("small", "flag", f"true when it rests on fewer than {SMALL_N} items"),
        Column("note", "text", "why something is missing or doubtful"),
    ),
    key=("session", "measure"),
)

REVIEW_PAIRS = Table(
    "review_pairs",
    "one row per session and two people, newest session first; then the pair with the most items",
    (
        *SESSION_COLUMNS,
        Column("person", "text", "one of the two, alphabetically the first"),
        Column("other", "text", "the other one"),
        Column("n_items", "whole", "items on which both gave a verdict; of each the first counts", "items"),
        Column("agreed", "whole", "of them those with the same verdict", "items"),
        Column("share", "share", "raw agreement: the same verdict, of the items that both judged"),
        Column("low", "share", "lower end of the 95 % Wilson interval of share"),
        Column("high", "share", "upper end of the 95 % Wilson interval of share"),
        Column("kappa", "number", "Cohen's kappa; missing when the two gave one verdict only"),
        Column("n_ranked", "whole", "items on which both gave a verdict that has a rank", "items"),
        Column("kappa_weighted", "number", "Cohen's kappa of the ranked verdicts, weighted linearly by rank"),
        Column("small", "flag", f"true when fewer than {SMALL_N} items were judged by both"),
    ),
    key=("session", "person", "other"),
)


@analysis(REVIEW_AGREEMENT)
def review_agreement(data: Slice, *, sessions: str = ALL) -> pd.DataFrame:
    """Each measure of agreement (`statistics.agreement.MEASURES`) of each session, over the `first_verdicts`."""
    found = []
    for session, title, rows in _verdicts_by_session(verdicts_given(data, sessions, chosen=first_verdicts)):
        people = sorted(set(rows["person"]))
        nominal, ordinal = (
            _verdict_codes(rows, "verdict", people),
            _verdict_codes(rows[rows["rank"].notna()], "rank", people),
        )
        for measure in MEASURES:
            values = estimate(measure, ordinal if measure is ORDINAL else nominal)._asdict()
            found.append({"session": session, "session_title": title, "measure": measure.name} | values)
    table = pd.DataFrame(found, columns=["session", "session_title", "measure", *_ESTIMATE_COLUMNS])
    table = table.rename(columns={"items": "n_items", "people": "n_people"})
    return table.assign(small=table["n_items"] < SMALL_N)


_ESTIMATE_COLUMNS = ("value", "low", "high", "items", "people", "note")


@review_agreement.register_finding
def review_agreement_finding(table: pd.DataFrame) -> str:
    """How far the people of the newest session agree, in a sentence."""
    known = table[table["value"].notna()]
    if known.empty:
        return "In no session did two people judge the same item."
    here = known[known["session"] == known["session"].iloc[0]].set_index("measure")
    raw = here.loc[RAW.name]
    beyond = next((name for name in (ORDINAL.name, NOMINAL.name, COHEN.name) if name in here.index), None)
    text = f"In {session_of_first_row_text(known)} {raw['value']:.0%} of the pairs of verdicts on the same item agree"
    if beyond is None:
        return f"{text} ({count_text(raw['n_items'], 'item')}); beyond chance nothing can be said."
    best = here.loc[beyond]
    interval = "" if pd.isna(best["low"]) else f" [{best['low']:.2f}, {best['high']:.2f}]"
    few = f", fewer than the {SMALL_N} that a firm statement needs" if best["small"] else ""
    basis = f"{best['n_people']} people, {count_text(best['n_items'], 'item')}{few}"
    said = f"{beyond} is {best['value']:.2f}{interval} ({basis})"
    return f"{text}; {said}."


@analysis(REVIEW_PAIRS)
def review_pairs(data: Slice, *, sessions: str = ALL) -> pd.DataFrame:
    """Agreement of each two people of a session on the items that both judged, over the `first_verdicts`."""
    found = [
        {"session": session, "session_title": title} | pair
        for session, title, rows in _verdicts_by_session(verdicts_given(data, sessions, chosen=first_verdicts))
        for pair in _agreement_of_pairs(rows)
    ]
    table = pd.DataFrame(found, columns=["session", "session_title", "person", "other", *_PAIR_COLUMNS])
    table = table[table["n_items"].gt(0)]
    table = table.join(wilson(table["agreed"], table["n_items"])).assign(small=table["n_items"] < SMALL_N)
    order = ["session", "n_items", "person", "other"]
    return table.sort_values(order, ascending=[False, False, True, True])


_PAIR_COLUMNS = ("n_items", "agreed", "kappa", "n_ranked", "kappa_weighted")


@review_pairs.register_finding
def review_pairs_finding(table: pd.DataFrame) -> str:
    """How far the pairs of people of the newest session agree, and who less than the others, in a sentence."""
    if table.empty:
        return "In no session did two people judge the same item."
    here = table[table["session"] == table["session"].iloc[0]]
    enough = here[~here["small"]]
    if enough.empty:
        most = int(here["n_items"].max())
        together = f"no two people judged {SMALL_N} items in common, at most {most:,}"
        return f"In {session_of_first_row_text(here)} {together}: too few to compare."
    head = f"In {session_of_first_row_text(here)}"
    enough = enough.sort_values(["share", "person", "other"])
    of = "of the {:,} items that both judged"
    if len(enough) == 1:
        row = enough.iloc[0]
        share = f"on {row['share']:.0%} {share_interval_text(row)} {of.format(row['n_items'])}"
        return f"{head} {row['person']} and {row['other']} agree {share}."
    tests = enough.join(shares_against_others(enough["agreed"], enough["n_items"])[["outcome"]])
    low, high = enough["share"].iloc[0], enough["share"].iloc[-1]
    on = f"on {low:.0%} to {high:.0%} of the items that both judged"
    text = f"{head} the {len(enough):,} pairs of people agree {on}"
    if tests["outcome"].iloc[0] != DOWN:
        return f"{text}; none clearly less than the others."
    row = tests.iloc[0]
    share = f"{row['share']:.0%} {share_interval_text(row)} {of.format(row['n_items'])}"
    return f"{text}; {row['person']} and {row['other']} less than the others: {share}."


def _verdicts_by_session(given: pd.DataFrame) -> list[tuple[int, str, pd.DataFrame]]:
    """Number, title and verdicts of each session, newest first."""
    groups = [rows for _, rows in given.groupby("session", sort=True)]
    return [(int(rows["session"].iloc[0]), str(rows["session_title"].iloc[0]), rows) for rows in reversed(groups)]


def _verdict_codes(rows: pd.DataFrame, by: str, people: list[str]) -> Codes:
    """Verdicts as codes in the order of `by`: a row an item, a column for each of the people."""
    codes = rows[by].rank(method="dense").astype("int64") - 1
    wide = rows.assign(code=codes).pivot(index="item", columns="person", values="code")
    return np.asarray(wide.reindex(columns=people).fillna(ABSENT).to_numpy("int64"))


def _agreement_of_pairs(rows: pd.DataFrame) -> Iterator[dict[str, str | float | None]]:
    """Counts and kappas of each two people of a session."""
    people = sorted(set(rows["person"]))
    ranked = rows[rows["rank"].notna()]
    verdicts, ranks = _verdict_codes(rows, "verdict", people), _verdict_codes(ranked, "rank", people)
    ranks_in_order = np.sort(ranked["rank"].unique().astype("int64"))
    for one, other in combinations(range(len(people)), 2):
        table, by_rank = contingency_table(verdicts[:, [one, other]]), contingency_table(ranks[:, [one, other]])
        yield {
            "person": people[one],
            "other": people[other],
            "n_items": int(table.sum()),
            "agreed": int(np.trace(table)),
            "kappa": kappa(table),
            "n_ranked": int(by_rank.sum()),
            "kappa_weighted": kappa(by_rank, ranks_in_order[: len(by_rank)]),
        }
