"""Read `review.yml`: the verdicts and reasons that a team offers in new sessions."""

from collections.abc import Callable
from typing import Any

import yaml

from analytics.errors import ReviewError, UserDataError
from analytics.reviews.models import REASONS, VERDICTS, Rules, Verdict
from analytics.settings import REVIEW_RULES, data_folder, review_rules_path
from analytics.userdata import files
from analytics.userdata.name_validation import name_key, valid_name
from analytics.userdata.yaml_file import YamlReader

VERDICTS_MAX, REASONS_MAX = 9, 40
"""Verdicts have the keys 1 to 9."""

FLAGS = {"yes": True, "true": True, "no": False, "false": False}


def read_rules() -> Rules:
    """The team's rules, with defaults for what its file does not say.

    The file is the one that ARTICLE_ANALYTICS_REVIEW_RULES names, else `review.yml` in the data folder. Raises
    ReviewError, with the line, when the file is not valid, and when a file is named that is not there.
    """
    named = review_rules_path()
    path = named or data_folder() / "review.yml"
    try:
        data = files.read_named(path, REVIEW_RULES, " Write it, or unset the variable.") if named else files.read(path)
        return parse_rules(data or b"", str(path))
    except UserDataError as error:
        raise ReviewError(str(error)) from None


def parse_rules(data: bytes, file: str) -> Rules:
    """The rules of a file's bytes, the defaults where it has none. Raises UserDataError with file and line."""
    reader = YamlReader(file)
    root = reader.root(data)
    fields = {} if root is None else reader.fields(root, known=("verdicts", "reasons"))
    return Rules(
        _verdicts(reader, fields["verdicts"]) if "verdicts" in fields else VERDICTS,
        _reasons(reader, fields["reasons"]) if "reasons" in fields else REASONS,
    )


def _verdicts(reader: YamlReader, node: yaml.Node) -> tuple[Verdict, ...]:
    verdicts: list[Verdict] = []
    for item in _items(reader, node, "verdicts", VERDICTS_MAX):
        verdict = _verdict(reader, item)
        _refuse_repeated(reader, item, verdict.name, [other.name for other in verdicts])
        if verdict.rank is not None and verdict.rank in [other.rank for other in verdicts]:
            raise reader.error(item, f"the rank {verdict.rank} stands twice.")
        verdicts.append(verdict)
    if not verdicts:
        raise reader.error(node, f"there is no verdict. Give 1 to {VERDICTS_MAX}.")
    return tuple(verdicts)


def _verdict(reader: YamlReader, node: yaml.Node) -> Verdict:
    """A verdict with its fields, or its name alone."""
    if isinstance(node, yaml.ScalarNode):
        return Verdict(reader.value(node, _name))
    parsers: dict[str, Callable[[str], Any]] = {"name": _name, "rank": _rank, "agrees": _flag}
    values = reader.values(node, parsers, ("verdicts",))
    if "name" not in values:
        raise reader.error(node, "the verdict has no name.")
    return Verdict(**values)


def _reasons(reader: YamlReader, node: yaml.Node) -> tuple[str, ...]:
    reasons: list[str] = []
    for item in _items(reader, node, "reasons", REASONS_MAX):
        reason = reader.value(item, _name)
        _refuse_repeated(reader, item, reason, reasons)
        reasons.append(reason)
    return tuple(reasons)


def _items(reader: YamlReader, node: yaml.Node, what: str, limit: int) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise reader.error(node, f"{what} are a list, one a line after a dash.")
    if len(node.value) > limit:
        raise reader.error(node.value[limit], f"these are {len(node.value)} {what}. Give {limit} at most.")
    return list(node.value)


def _refuse_repeated(reader: YamlReader, node: yaml.Node, name: str, others: list[str]) -> None:
    if name_key(name) in map(name_key, others):
        raise reader.error(node, f"{name!r} stands twice.")


def _name(text: str) -> str:
    name = valid_name(text)
    if ";" in name:
        raise UserDataError(f"{name!r} has a semicolon, which parts names in tables. Leave it out.")
    return name


def _rank(text: str) -> int:
    if text not in map(str, range(1, VERDICTS_MAX + 1)):
        raise UserDataError(f"{text!r} is no rank. Write a whole number from 1, the worst, to {VERDICTS_MAX}.")
    return int(text)


def _flag(text: str) -> bool:
    if text.lower() not in FLAGS:
        raise UserDataError(f"{text!r} is neither yes nor no. Leave it out when it says nothing of the score.")
    return FLAGS[text.lower()]
