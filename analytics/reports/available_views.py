"""Which views can be shown with the side data that there is, and why the others cannot."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from analytics.catalog import VIEWS
from analytics.catalog.view import View
from analytics.engine.history_and_reviews import SideData
from analytics.errors import CorpusError, ReviewError, ViewError
from analytics.history.loader import NEEDED, check_history
from analytics.reviews.store.store import open_store, store_exists

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


def side_data_faults(views: Iterable[View], source: Path, store: str | None) -> dict[str, str]:
    """The views whose side data is not there, by slug with the sentence that says so, as far as that is known before
    the corpus of the path `source` is loaded; `store` is the URL of the reviews (`store_url`)."""
    wanted = list(views)
    faults = {kind: _side_data_fault(kind, source, store) for kind in {view.requires for view in wanted}}
    return {view.slug: faults[view.requires] for view in wanted if faults[view.requires]}


def _side_data_fault(kind: str | None, source: Path, store: str | None) -> str:
    try:
        if kind == "history":
            check_history(source)
        if kind == "reviewed":
            if not store_exists(store):
                return f"It needs {NOT_READ[kind]}."
            open_store(store).close()
    except CorpusError as error:
        return f"It needs the history of the corpus. {error} {NEEDED}"
    except ReviewError as error:
        return str(error)
    return ""


def side_data_stamps(side_data: SideData) -> dict[str, str]:
    """The version stamps of the history and the reviews; without those that were not read."""
    found = {"history": side_data.history, "reviewed": side_data.reviewed}
    return {name: each.stamp for name, each in found.items() if each is not None}
