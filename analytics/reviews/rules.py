"""The verdicts and reasons that the next session has."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analytics.errors import ReviewError, UserDataError
from analytics.reviews.models import REASONS, VERDICTS, Rules, Verdict
from analytics.userdata import files
from analytics.userdata.yaml_records import Reading, composed

FILE = "ARTICLE_ANALYTICS_REVIEW_RULES"
"""Environment variable that names another file."""

VERDICTS_MAX, REASONS_MAX = 9, 40
"""Verdicts have the keys 1 to 9."""

FLAGS = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True)
class VerdictRule:
    """A verdict as written: its name, its place from worst to best, and whether it says that the score is right."""

    name: str
    rank: int | None = None
    agrees: bool | None = None


@dataclass(frozen=True)
class ReviewRules:
    """Verdicts, in the order of their keys, and reasons; None for what the file does not say."""

    verdicts: tuple[VerdictRule, ...] | None = None
    reasons: tuple[str, ...] | None = None


def review_rules() -> ReviewRules:
    """The team's rules: `review.yml` in the data folder, or the file that `FILE` names; nothing when there is none.

    Raises KeptError, with the line, when the file makes no sense, and when a file is named that is not there.
    """
    named = os.environ.get(FILE)
    path = Path(named).expanduser() if named else files.folder() / "review.yml"
    data = files.read(path)
    if data is None and named:
        raise UserDataError(f"There is no file {path}, which {FILE} names. Write it, or unset the variable.")
    return ReviewRules() if data is None else rules_of(data, str(path))


def rules_of(data: bytes, where: str) -> ReviewRules:
    """The rules in a file's bytes. Raises KeptError."""
    root = composed(data, where)
    return ReviewRules() if root is None else _Reading(where).rules(root)


class _Reading(Reading):
    """One file of rules being read."""

    def rules(self, root: yaml.Node) -> ReviewRules:
        readers: dict[str, Callable[[yaml.Node], Any]] = {"verdicts": self.verdicts, "reasons": self.reasons}
        return ReviewRules(
            **{name: readers[name](node) for name, node in self.fields(root, (), tuple(readers)).items()}
        )

    def verdicts(self, node: yaml.Node) -> tuple[VerdictRule, ...]:
        nodes = self.items(node, "verdicts", VERDICTS_MAX)
        if not nodes:
            raise self.fault(node, f"there is no verdict. Give 1 to {VERDICTS_MAX}.")
        found: list[VerdictRule] = []
        for each in nodes:
            verdict = self.verdict(each)
            self.refuse_twice(each, verdict.name, [other.name for other in found])
            if verdict.rank is not None and verdict.rank in [other.rank for other in found]:
                raise self.fault(each, f"the rank {verdict.rank} stands twice.")
            found.append(verdict)
        return tuple(found)

    def verdict(self, node: yaml.Node) -> VerdictRule:
        """A verdict with its fields, or its name alone."""
        if isinstance(node, yaml.ScalarNode):
            return VerdictRule(self.named(node))
        readers: dict[str, Callable[[yaml.Node], Any]] = {"name": self.named, "rank": self.rank, "agrees": self.flag}
        found = {key: readers[key](each) for key, each in self.fields(node, ("verdicts",), tuple(readers)).items()}
        if "name" not in found:
            raise self.fault(node, "the verdict has no name.")
        return VerdictRule(**found)

    def reasons(self, node: yaml.Node) -> tuple[str, ...]:
        found: list[str] = []
        for each in self.items(node, "reasons", REASONS_MAX):
            reason = self.named(each)
            self.refuse_twice(each, reason, found)
            found.append(reason)
        return tuple(found)

    def items(self, node: yaml.Node, what: str, most: int) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            raise self.fault(node, f"{what} are a list, one a line after a dash.")
        if len(node.value) > most:
            raise self.fault(node.value[most], f"these are {len(node.value)} {what}. Give {most} at most.")
        return list(node.value)

    def named(self, node: yaml.Node) -> str:
        written = self.text(node)
        try:
            name = files.name(written)
        except UserDataError as error:
            raise self.fault(node, str(error)) from None
        if ";" in name:
            raise self.fault(node, f"{name!r} has a semicolon, which parts names in tables. Leave it out.")
        return name

    def refuse_twice(self, node: yaml.Node, name: str, others: list[str]) -> None:
        if files.key(name) in map(files.key, others):
            raise self.fault(node, f"{name!r} stands twice.")

    def rank(self, node: yaml.Node) -> int:
        text = self.text(node)
        if text not in map(str, range(1, VERDICTS_MAX + 1)):
            raise self.fault(node, f"{text!r} is no rank. Write a whole number from 1, the worst, to {VERDICTS_MAX}.")
        return int(text)

    def flag(self, node: yaml.Node) -> bool:
        text = self.text(node)
        if text.lower() not in FLAGS:
            raise self.fault(node, f"{text!r} is neither yes nor no. Leave it out when it says nothing of the score.")
        return FLAGS[text.lower()]


def rules() -> Rules:
    """What the team has written down (`kept.review_rules`), and the defaults of `models` for what it has not.

    Raises ReviewError when its file makes no sense.
    """
    try:
        found = review_rules()
    except UserDataError as error:
        raise ReviewError(str(error)) from None
    verdicts, reasons = found.verdicts, found.reasons
    return Rules(
        VERDICTS if verdicts is None else tuple(Verdict(each.name, each.rank, each.agrees) for each in verdicts),
        REASONS if reasons is None else reasons,
    )
