"""What an editor must know of a selection: what changed, what is to decide, what is hot, whom to talk about."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from analytics.analyses.common.article_list import with_state_and_provider
from analytics.analyses.common.days_of_slice import corpus_is_old_text, days_text
from analytics.analyses.common.publish_cut_off import publish_cut_off
from analytics.analyses.common.wording import count_text
from analytics.analyses.history.history_lists import STANDING, decisions_changed, warm_now
from analytics.analyses.overview import key_figures
from analytics.analyses.providers.share_published import LESS, MORE, provider_triage
from analytics.analyses.providers.turnover import provider_activity, silent_or_no_article_text
from analytics.analyses.quality.scores import quality_over_time
from analytics.analyses.stories import one_of_each_story
from analytics.engine.slice import Slice
from analytics.reports.briefing.claims import Claim, clear_changes, no_clear_change_sentences
from analytics.reports.briefing.period import FEWEST, briefing_period
from analytics.selection.fields import COMPARISONS, LENGTHS, SCORE_RANGE, Compare, Length
from analytics.selection.selection import Selection

NEAR = 5
"""Points below the cut-off up to which an unpublished article is a near miss."""

HOT_MAX, PROVIDERS_MAX, ARTICLES_MAX = 5, 3, 200
"""The most hot stories, providers of a kind, and articles of one thing to decide that are listed."""

_LENGTHS = f"{', '.join(LENGTHS[:-1])} or {LENGTHS[-1]}"


@dataclass(frozen=True)
class PeriodComparison:
    """What changed against one other period: its days, articles, the clear changes, and what did not change clearly."""

    how: Compare
    days: str
    n: int
    claims: list[Claim]
    unchanged: list[str]


@dataclass(frozen=True)
class ToDecide:
    """Articles that wait for a decision: how many, what they are, their paths (at most ARTICLES_MAX), and the view."""

    n: int
    text: str
    paths: list[str]
    view: str


@dataclass(frozen=True)
class Briefing:
    """A briefing.

    selection: of the articles that it is about; its days were chosen, or are the newest of the `length`.
    days: those days in words, `n` articles in them; `late` says that the newest article is long past, if it is.
    compared: against a year before and the days before, as far as there are any; most clear changes first.
    to_decide: what waits for a decision among these articles.
    hot: the articles of all days whose heat moved within a week, the highest first (`title`, `provider`, `state`,
    `lift`, `path`); `heat_note` says more of them.
    providers: what to talk about (publish less, publish more, overdue) → sentence of names.
    data: the articles against the first comparison, from which `figures` and `quality` are computed when asked for.
    """

    selection: Selection
    length: Length | None
    days: str
    n: int
    late: str
    compared: list[PeriodComparison]
    to_decide: list[ToDecide]
    hot: pd.DataFrame
    heat_note: str
    providers: Mapping[str, str]
    data: Slice = field(repr=False)

    @property
    def provider_days_text(self) -> str:
        """A sentence on the articles that providers are judged by: all up to the last day of the briefing."""
        end = self.selection.end
        return f"By all articles up to {end:%-d %B %Y}." if end else "By all articles."

    @property
    def decisions_note(self) -> str:
        """What of the things to decide cannot be looked for among these articles, in a sentence; empty without any."""
        alone = one_of_each_story(self.data)
        return f"Stories with two decisions are not looked for. {alone}" if alone else ""

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The key figures against the first comparison (KEY_FIGURES)."""
        return key_figures(self.data)

    @cached_property
    def quality(self) -> pd.DataFrame:
        """The quality of all days of the selection by quarter (QUALITY_OVER_TIME)."""
        all_days = replace(self.selection, start=None, end=None, compare=None)
        return quality_over_time(self.data.with_selection(all_days), grain="quarter")

    @property
    def no_comparison_reason(self) -> str:
        """A sentence on why there is no comparison, for a briefing without one."""
        if self.length is None and not (self.selection.start or self.selection.end):
            return f"No {_LENGTHS} has the {FEWEST} articles, now and before, that a comparison by itself needs."
        return "There are no earlier articles to compare these with."

    @property
    def headline(self) -> str:
        """The first sentence: the surest changes, or that there are none."""
        if not self.compared:
            return self.no_comparison_reason
        first = self.compared[0]
        if not first.claims:
            return f"No clear change against {first.days}."
        return "; ".join(f"{claim.text} ({claim.evidence})" for claim in first.claims[:2]) + f": against {first.days}."


def build_briefing(data: Slice, length: Length | None = None) -> Briefing:
    """The briefing of a slice: of its own days, or the newest of a length (`briefing_period`)."""
    selection, found = briefing_period(data, length)
    selection = selection.without("compare")
    now = data.with_selection(selection)
    compared = [each for how in reversed(COMPARISONS) if (each := _compared(data, selection, how)) is not None]
    compared = list({each.days: each for each in reversed(compared)}.values())[::-1]
    if chosen := data.selection.compare:
        compared = [each for each in compared if each.how == chosen]
    compared.sort(key=lambda each: -len(each.claims))
    against = data.with_selection(replace(selection, compare=compared[0].how)) if compared else now
    hot, note = _hot(data.with_selection(replace(selection, start=None, end=None)))
    return Briefing(
        selection=against.selection,
        length=found,
        days=days_text(selection.start, selection.end),
        n=now.n,
        late=corpus_is_old_text(data),
        compared=compared,
        to_decide=_to_decide(now),
        hot=hot,
        heat_note=note,
        providers=_providers(data.with_selection(replace(selection, start=None))),
        data=against,
    )


def _compared(data: Slice, selection: Selection, how: Compare) -> PeriodComparison | None:
    now = data.with_selection(replace(selection, compare=how))
    then = now.compared
    if then is None or not then.n or not now.n:
        return None
    days = days_text(then.selection.start, then.selection.end)
    return PeriodComparison(how, days, then.n, clear_changes(now, then), no_clear_change_sentences(now, then))


def _to_decide(data: Slice) -> list[ToDecide]:
    """What waits for a decision among the articles of a slice; kinds without any are left out."""
    found = [_taken_back(data)] if data.side_data.history is not None else []
    threshold = publish_cut_off(data)
    if threshold is not None:
        lowest, highest = SCORE_RANGE
        below = f"below the cut-off of {threshold}"
        found += [
            _by_score(
                data,
                "unpublished",
                (threshold - NEAR, threshold - 1),
                f"just below the cut-off, with {threshold - NEAR} to {threshold - 1} points",
                "near_misses",
            ),
            _by_score(data, "published", (lowest, threshold - 1), below, "publish_exceptions"),
            _by_score(
                data, "unpublished", (threshold, highest), f"at {threshold} points or more", "publish_exceptions"
            ),
        ]
    found.append(_two_decisions(data))
    return [each for each in found if each.n]


def _by_score(data: Slice, state: str, scores: tuple[int, int], where: str, view: str) -> ToDecide:
    counts = data.tally("state", "quality")
    inside = counts["state"].eq(state) & counts["quality"].between(*scores).fillna(value=False)
    rows = data.rows("day", limit=ARTICLES_MAX, quality=scores, states=(state,))
    return ToDecide(int(counts.loc[inside, "n"].sum()), f"{state} {where}", rows["path"].tolist(), view)


def _taken_back(data: Slice) -> ToDecide:
    unpublished = with_state_and_provider(data.articles).query("state == 'unpublished'")["path"]
    changes = decisions_changed(data)
    paths = unpublished[unpublished.isin(changes["path"])].tolist()
    return ToDecide(len(paths), "taken back after publication", paths[:ARTICLES_MAX], "decisions_changed")


def _two_decisions(data: Slice) -> ToDecide:
    """The stories of which one article is published and another is not."""
    articles = data.articles[["path", "published"]].assign(story=data.stories)
    sides = [set(articles.loc[articles["published"].eq(side).fillna(value=False), "story"]) for side in (True, False)]
    stories = sides[0] & sides[1]
    paths = articles.sort_values("story", kind="stable").loc[lambda rows: rows["story"].isin(stories), "path"].tolist()
    text = f"{'story' if len(stories) == 1 else 'stories'} with two decisions: one article published, another not"
    return ToDecide(len(stories), text, paths[:ARTICLES_MAX], "stories_listed")


def _hot(data: Slice) -> tuple[pd.DataFrame, str]:
    """The warm articles whose heat moved last, and a sentence on them; without a history those far above quality."""
    if data.side_data.history is None or data.side_data.history.commits.empty:
        rows = with_state_and_provider(data.rows("lift", limit=HOT_MAX, lifted=True))
        note = "Highest above their quality; when they moved is not known without a git history."
        return rows[_HOT], note if len(rows) else "No article with both scores has a heat above its quality."
    warm = warm_now(data)
    moving = warm[warm["lift"].gt(0) & warm["status"].ne(STANDING)]
    return moving.sort_values("rank").head(HOT_MAX)[_HOT], warm_now.finding(warm)


_HOT = ["title", "provider", "state", "lift", "path"]


def _providers(data: Slice) -> dict[str, str]:
    """What is to be said of providers → the names of those of whom it is true, over all articles of the slice."""
    table = provider_triage(data)
    rows = {
        "Published less than the others": table[table["standing"] == LESS].apply(_share_text, axis=1),
        "Published more than the others": table[table["standing"] == MORE].apply(_share_text, axis=1),
    }
    activity = provider_activity(data)
    overdue = activity[activity["status"] == "overdue"]
    rows[f"{silent_or_no_article_text(data)} for longer than ever"] = overdue.apply(_silence_text, axis=1)
    return {what: _first_of(list(found)) for what, found in rows.items() if len(found)}


def _share_text(row: pd.Series) -> str:
    return f"{row['provider']} ({row['published']:,} of {row['decided']:,})"


def _silence_text(row: pd.Series) -> str:
    return f"{row['provider']} ({count_text(int(row['days_since']), 'day')})"


def _first_of(names: list[str]) -> str:
    more = f" and {len(names) - PROVIDERS_MAX:,} more" if len(names) > PROVIDERS_MAX else ""
    return ", ".join(names[:PROVIDERS_MAX]) + more
