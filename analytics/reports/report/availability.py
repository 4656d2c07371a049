"""Which views can be shown with what is known beside the articles, and why the others cannot."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from analytics.catalog import VIEWS
from analytics.catalog.view import View
from analytics.engine.side_data import SideData
from analytics.errors import ViewError

NOT_READ = {
    "history": "the history of the corpus, which is read from its git repository; none was read",
    "reviewed": "review sessions; there is no store of them",
}
"""What a view needs beside the articles, and that nobody had it."""


@dataclass(frozen=True)
class Chosen:
    """The views to show, and those left out with what they lack: slug → reason."""

    views: list[View]
    left_out: dict[str, str] = field(default_factory=dict)

    def told(self) -> list[str]:
        """What is left out, a sentence a reason."""
        reasons = sorted(self.left_out.items(), key=lambda each: each[1])
        return [
            f"Left out: {', '.join(VIEWS[slug].title for slug, _ in found)}. {reason}"
            for reason, found in groupby(reasons, key=lambda each: each[1])
        ]


def chosen(views: Iterable[View] | None, side_data: SideData) -> Chosen:
    """The views that were asked for, or those of the catalog that have what they need.

    Raises ViewError when one that was asked for lacks what it needs.
    """
    if views is None:
        lacking = {slug: reason for slug, view in VIEWS.items() if (reason := lacks(view, side_data))}
        return Chosen([view for slug, view in VIEWS.items() if slug not in lacking], lacking)
    asked = list(views)
    for view in asked:
        if reason := lacks(view, side_data):
            raise ViewError(f"{view.slug}: {reason}")
    return Chosen(asked)


def lacks(view: View, side_data: SideData) -> str:
    """What a view lacks, in a sentence; empty when it has what it needs."""
    if not view.requires:
        return ""
    if getattr(side_data, view.requires) is None:
        return f"It needs {NOT_READ[view.requires]}."
    if view.requires == "history" and side_data.history is not None and side_data.history.commits.empty:
        return f"It needs the history of the corpus. {side_data.history.missing}".rstrip()
    return ""


def stamps(side_data: SideData) -> dict[str, str]:
    """What tells this history and these reviews from any other; those that were not looked for are not there."""
    found = {"history": side_data.history, "reviewed": side_data.reviewed}
    return {name: each.stamp for name, each in found.items() if each is not None}
