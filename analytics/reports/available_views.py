"""Which views can be shown with the side data that there is, and why the others cannot."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from analytics.catalog import VIEWS
from analytics.catalog.view import View
from analytics.engine.history_and_reviews import SideData
from analytics.errors import ViewError

NOT_READ = {
    "history": "the history of the corpus, which is read from its git repository; none was read",
    "reviewed": "review sessions; there is no store of them",
}
"""Side data → how a sentence names it when it was not read."""


@dataclass(frozen=True)
class AvailableViews:
    """The views to show, and those left out by slug with the reason."""

    views: list[View]
    left_out: dict[str, str] = field(default_factory=dict)

    def left_out_sentences(self) -> list[str]:
        """The views left out, one sentence for each reason."""
        reasons = sorted(self.left_out.items(), key=lambda each: each[1])
        return [
            _left_out_sentence([VIEWS[slug].title for slug, _ in found], reason)
            for reason, found in groupby(reasons, key=lambda each: each[1])
        ]


def _left_out_sentence(titles: list[str], reason: str) -> str:
    they = reason if len(titles) == 1 else re.sub(r"^It needs\b", "They need", reason)
    return f"Left out: {'; '.join(titles)}. {they}"


def given_or_available_views(views: Iterable[View] | None, side_data: SideData) -> AvailableViews:
    """The given views, or those of the catalog that have their side data.

    Raises ViewError when one of the given views lacks its side data.
    """
    if views is None:
        left_out = {
            slug: reason for slug, view in VIEWS.items() if (reason := missing_side_data_sentence(view, side_data))
        }
        return AvailableViews([view for slug, view in VIEWS.items() if slug not in left_out], left_out)
    given = list(views)
    for view in given:
        if reason := missing_side_data_sentence(view, side_data):
            raise ViewError(f"{view.slug}: {reason}")
    return AvailableViews(given)


def missing_side_data_sentence(view: View, side_data: SideData) -> str:
    """The side data that a view lacks, in a sentence; empty when it lacks nothing."""
    if view.requires == "reviewed" and side_data.reviews_missing:
        return side_data.reviews_missing
    if view.requires and view.requires not in side_data_stamps(side_data):
        return f"It needs {NOT_READ[view.requires]}."
    if view.requires == "history" and side_data.history is not None and side_data.history.commits.empty:
        return f"It needs the history of the corpus. {side_data.history.missing}".rstrip()
    return ""


def side_data_stamps(side_data: SideData) -> dict[str, str]:
    """The version stamps of the history and the reviews; without those that were not read."""
    found = {"history": side_data.history, "reviewed": side_data.reviewed}
    return {name: each.stamp for name, each in found.items() if each is not None}
