"""The text of a `corpus.yml` → a `Profile`, and a sentence with its line for each entry that is wrong.

It comes from outside as articles do: the same limits hold, no tag is followed, no path leads out of the corpus. An
entry that is wrong is left out, and the others are read.
"""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar
from zoneinfo import available_timezones

import yaml

from analytics.corpus.field_map import OWN_MAP_NAMES
from analytics.corpus.limits import MAX_FRONT_MATTER_CHARS, UnreadableFileError
from analytics.corpus.parsing import front_matter
from analytics.corpus.parsing.field_readers import Problem
from analytics.corpus.parsing.files_to_tables import problem_row
from analytics.corpus.parsing.front_matter_value_types import SECRETS
from analytics.corpus.problem_codes import CODES
from analytics.corpus.record_fields import SCORE_MAX
from analytics.corpus.site_profile import (
    NO_PROFILE,
    PROFILE_FILE,
    PROVIDER_KINDS,
    Groups,
    NamedByProfile,
    Pairs,
    Profile,
    ReadingSettings,
    digest_of,
)
from analytics.corpus.sources.base import Source, SourceFile, escaped_path
from analytics.errors import CorpusError
from analytics.name_suggestions import did_you_mean, did_you_mean_or_list_all
from analytics.settings import expand_home_or_file_url
from analytics.text_normalisation import label_form

T = TypeVar("T")

MAX_VALUES = 5_000
"""So many names, lists and tables a profile may hold, those of its aliases counted each time."""

MAX_LEFT_OUT = 100
"""So many paths a profile may leave out."""

MAX_FAULTS = 100
LONGEST_NAME = 200
_SHOWN = 60

_STANDARD_TAGS = frozenset({"tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"})
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s*(%?)", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,9}", re.ASCII)
_NO_ZONE = re.compile(r"(localtime|posixrules|Factory)$|(posix|right|SystemV)/", re.IGNORECASE)
"""Names in a machine's folder of time zones that name no zone, or another one on each machine."""

_DRIVE = re.compile(r"[A-Za-z]:")
_SECRETS = frozenset(name.casefold() for name in SECRETS)


NamedNodes = tuple[str, yaml.Node, yaml.Node]
"""A name of a mapping, with the nodes of the name and of its value."""


class Fault(NamedTuple):
    """What is wrong with an entry: its line in the file (from 1), its dotted name, and a sentence."""

    line: int | None
    field: str
    message: str


def load_profile(path: str | os.PathLike[str]) -> Profile:
    """The profile in a file that a person names. Raises CorpusError with all its faults."""
    file = expand_home_or_file_url(path)
    if file.exists() and not file.is_file():
        raise CorpusError(f"The profile {escaped_path(str(file))} is no file. Name a file such as corpus.yml.")
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_FRONT_MATTER_CHARS * 4 + 1)
    except OSError as error:
        raise CorpusError(
            f"The profile {file} cannot be read: {error.strerror}. Name a file such as corpus.yml."
        ) from None
    profile, faults = parsed_profile(data, escaped_path(file.name))
    if faults:
        raise CorpusError("\n".join(f"{escaped_path(str(file))}{_at(fault.line)}: {fault.message}" for fault in faults))
    return profile


def own_profile(source: Source, entries: Iterable[SourceFile]) -> tuple[Profile, list[dict[str, object]]]:
    """The profile in a corpus's root, NO_PROFILE without one; and rows of `problems` for entries that are wrong."""
    if not any(entry.role == "profile" for entry in entries):
        return NO_PROFILE, []
    try:
        profile, faults = parsed_profile(source.read(PROFILE_FILE))
    except OSError as error:
        found = Problem("", "unreadable", error.strerror or type(error).__name__)
        return NO_PROFILE, [problem_row(PROFILE_FILE, found, None)]
    except UnreadableFileError as error:
        return NO_PROFILE, [problem_row(PROFILE_FILE, Problem("", error.code, error.value), error.line)]
    return profile, [
        problem_row(PROFILE_FILE, Problem(fault.field, "profile_entry", fault.message), fault.line) for fault in faults
    ]


def _at(line: int | None) -> str:
    return f", line {line}" if line else ""


def parsed_profile(data: bytes, name: str = PROFILE_FILE) -> tuple[Profile, list[Fault]]:
    """The profile in a file's bytes, without the entries that are wrong; and these as faults."""
    empty = Profile(name=name, digest=digest_of(data))
    try:
        root = _root(data)
    except UnreadableFileError as error:
        offset = 0 if error.code in ("not_utf8", "nul_byte", "front_matter_too_large") else 1
        line = None if error.line is None else min(max(error.line - offset, 1), len(data.splitlines()))
        return empty, [Fault(line, "", _damage(error))]
    reader = _Reader()
    if root is None or _is_empty(root):
        return empty, []
    return _profile(reader, root, empty), reader.listed_faults()


def _root(data: bytes) -> yaml.Node | None:
    text, _ = front_matter.decode(data)
    if len(text) > MAX_FRONT_MATTER_CHARS:
        raise UnreadableFileError("front_matter_too_large", value=f"{len(text)} characters")
    return front_matter.yaml_node(text)


def _damage(error: UnreadableFileError) -> str:
    found = f" ({error.value})" if error.value else ""
    meaning = CODES[error.code].meaning.replace("The front matter", "The file")
    return f"{meaning.removesuffix('.')}{found}. Nothing of it is used: mend it."


class _Reader:
    """Reads the nodes of a profile; what is wrong is added to `faults` and left out."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.more_faults = 0
        self.entries: list[NamedByProfile] = []
        self.values = 0

    def fault(self, node: yaml.Node, field: str, message: str) -> None:
        """Note what is wrong with an entry."""
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(node.start_mark.line + 1, field, message))
        else:
            self.more_faults += 1

    def listed_faults(self) -> list[Fault]:
        """The faults by line, no more of them than anyone reads."""
        found = sorted(self.faults, key=lambda fault: fault.line or 0)
        if not self.more_faults:
            return found
        return [*found, Fault(None, "", f"There are {self.more_faults:,} more faults. Mend those above first.")]

    def fields(
        self, node: yaml.Node, field: str, known: Sequence[str] = ()
    ) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """The names of a mapping, each with the nodes of name and value; only `known` ones where some are given."""
        if not self.is_a(yaml.MappingNode, node, field, f"names with values, such as `{_EXAMPLES[field]}`"):
            return
        assert isinstance(node, yaml.MappingNode)
        seen: dict[str, int] = {}
        for key, value in node.value:
            if self.values > MAX_VALUES:
                return
            name = self.name(key, field)
            if name is None:
                continue
            inner = f"{field}.{name}".lstrip(".")
            if known and name not in known:
                what = "is no kind of provider" if field == "providers.kinds" else "is no entry of a profile"
                if field == "fields":
                    what = "is no field of the record"
                self.fault(key, inner, f"{_quoted(name)} {what}.{_suggestion(name, known, field)}")
            elif name in seen:
                self.fault(key, inner, f"{_quoted(name)} stands twice, first in line {seen[name]}. Keep one of them.")
            elif _is_empty(value) and inner not in _TABLES:
                self.fault(key, inner, f"{_quoted(name)} has no value. Give it one, or leave the entry out.")
            else:
                seen[name] = key.start_mark.line + 1
                if not _is_empty(value):
                    yield name, key, value

    def is_a(self, kind: type[yaml.Node], node: yaml.Node, field: str, what: str) -> bool:
        """Whether a node is of a kind and carries no tag; else it is noted that `what` should stand there."""
        self.values += 1
        if self.values > MAX_VALUES:
            if self.values == MAX_VALUES + 1:
                self.fault(node, field, f"The file holds more than {MAX_VALUES:,} values: the rest is left out.")
            return False
        if node.tag not in _STANDARD_TAGS:
            message = f"The value carries the tag {_quoted(node.tag)}, which is never followed. Take it out."
            self.fault(node, field, message)
        elif not isinstance(node, kind):
            where = f"{_quoted(field)} takes" if field else "A profile has"
            self.fault(node, field, f"{where} {what}; here {_kind(node)} stands.")
        else:
            return True
        return False

    def name(self, node: yaml.Node, field: str) -> str | None:
        """One text in the form in which labels are counted; None for anything else, which is noted."""
        if not self.is_a(yaml.ScalarNode, node, field, "one value"):
            return None
        name = label_form(node.value)
        if not name:
            self.fault(node, field, "A name is empty here. Write it, or take the entry out.")
        elif len(name) > LONGEST_NAME:
            self.fault(node, field, f"A name has {len(name):,} characters here. Give it {LONGEST_NAME} at most.")
        elif any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name):
            self.fault(node, field, "A name holds control characters here. Leave them out.")
        else:
            return name
        return None

    def items(self, node: yaml.Node, field: str) -> Iterator[tuple[str, yaml.Node]]:
        """The names of a list, or one name in its place; none of them twice."""
        listed = isinstance(node, yaml.SequenceNode)
        if not self.is_a(yaml.SequenceNode if listed else yaml.ScalarNode, node, field, "a list of names"):
            return
        seen: set[str] = set()
        for child in node.value if listed else [node]:
            if self.values > MAX_VALUES:
                return
            name = self.name(child, field)
            if name is not None and name in seen:
                self.fault(child, field, f"{_quoted(name)} stands twice in the list. Keep one of them.")
            elif name is not None:
                seen.add(name)
                yield name, child

    def value(self, node: yaml.Node, field: str, read: Callable[[str], T]) -> T | None:
        """One value, read from its text; None for what `read` refuses with a ValueError, whose sentence is noted."""
        text = self.name(node, field)
        if text is None:
            return None
        try:
            return read(text)
        except ValueError as error:
            self.fault(node, field, str(error))
            return None

    def list_of(self, node: yaml.Node, field: str, read: Callable[[str], str], kind: str = "") -> tuple[str, ...]:
        """The values of a list, each read from its text; those of a `kind` are looked for in the corpus later."""
        found: list[str] = []
        for text, child in self.items(node, field):
            try:
                found.append(read(text))
            except ValueError as error:
                self.fault(child, field, str(error))
                continue
            if kind:
                self.entries.append(NamedByProfile(kind, field, found[-1], child.start_mark.line + 1))
        return tuple(dict.fromkeys(found))


_EXAMPLES = {
    "": "time_zone: Europe/Vienna",
    "fields": "excerpt: [blurb, standfirst]",
    "collections": "[news, videos]",
    "leave_out": "[drafts, '*/README.md']",
    "topics": "umbrella: Technology",
    "topics.renames": "Old name: New name",
    "topics.groups": "Energy: [Solar, Wind]",
    "topics.umbrella": "[Technology]",
    "topics.target_mix": "Energy: 30%",
    "providers": "aliases: {Example: [Example Inc.]}",
    "providers.aliases": "Example: [Example Inc., example.com]",
    "providers.kinds": "press: [The Daily]",
}
"""How each entry that has parts is written."""


def _profile(reader: _Reader, root: yaml.Node, empty: Profile) -> Profile:
    found: dict[str, object] = {}
    fields: Groups = ()
    time_zone = ""
    renames: Pairs = ()
    aliases: Pairs = ()
    for name, _, node in reader.fields(root, "", _ENTRIES):
        if name == "fields":
            fields = _fields(reader, node)
        elif name == "time_zone":
            time_zone = reader.value(node, name, _time_zone) or time_zone
        elif name == "collections":
            found[name] = reader.list_of(node, name, _collection, "collection")
        elif name == "leave_out":
            paths = reader.list_of(node, name, _path)
            if len(paths) > MAX_LEFT_OUT:
                reader.fault(node, name, f"More than {MAX_LEFT_OUT} paths stand here: only the first are left out.")
            found[name] = paths[:MAX_LEFT_OUT]
        elif name == "newsletters":
            found[name] = reader.value(node, name, _path) or ""
        elif name == "cut_off":
            found[name] = reader.value(node, name, _score)
        elif name == "topics":
            for inner, _, child in reader.fields(node, name, _TOPIC_ENTRIES):
                if inner == "renames":
                    renames = _renames(reader, child)
                elif inner == "groups":
                    found[inner] = _groups(reader, child)
                elif inner == "umbrella":
                    umbrella = reader.list_of(child, "topics.umbrella", str, "topic")
                    found[inner] = umbrella if umbrella or not child.value else None
                else:
                    found[inner] = _shares(reader, child)
        else:
            for inner, _, child in reader.fields(node, name, _PROVIDER_ENTRIES):
                if inner == "aliases":
                    aliases = _aliases(reader, child)
                else:
                    found[inner] = _kinds(reader, child)
    reading = ReadingSettings(fields=fields, time_zone=time_zone, renames=renames, aliases=aliases)
    profile = Profile(empty.name, empty.digest, reading, entries=tuple(reader.entries), **found)  # type: ignore[arg-type]
    return _under_new_names(profile)


def _under_new_names(profile: Profile) -> Profile:
    """The profile, whose topics and providers have the names that its own renames and aliases give them."""
    topics, providers = dict(profile.reading.renames), dict(profile.reading.aliases)
    names = {"topic": topics, "provider": providers}
    return replace(
        profile,
        umbrella=None if profile.umbrella is None else _named(profile.umbrella, topics),
        groups=tuple((topics.get(group, group), _named(below, topics)) for group, below in profile.groups),
        target_mix=tuple((topics.get(topic, topic), share) for topic, share in profile.target_mix),
        kinds=tuple((kind, _named(listed, providers)) for kind, listed in profile.kinds),
        entries=tuple(
            entry._replace(name=names.get(entry.kind, {}).get(entry.name, entry.name)) for entry in profile.entries
        ),
    )


def _named(labels: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names.get(label, label) for label in labels))


_ENTRIES = ("fields", "time_zone", "collections", "leave_out", "newsletters", "cut_off", "topics", "providers")
_TABLES = frozenset(
    {
        "fields",
        "topics",
        "topics.renames",
        "topics.groups",
        "topics.target_mix",
        "providers",
        "providers.aliases",
        "providers.kinds",
    }
)
"""The entries that consist of others; without any, as where all are commented out, they say nothing."""

_TOPIC_ENTRIES = ("renames", "groups", "umbrella", "target_mix")
_PROVIDER_ENTRIES = ("aliases", "kinds")


def _fields(reader: _Reader, root: yaml.Node) -> Groups:
    """Field of the record → the keys that stand for it. A key can stand for one field."""
    taken: dict[str, tuple[str, int]] = {}
    found: list[tuple[str, tuple[str, ...]]] = []
    for name, _, node in reader.fields(root, "fields", tuple(OWN_MAP_NAMES)):
        field, keys = f"fields.{name}", []
        for key, child in reader.items(node, field):
            folded = key.replace("_", "").replace("-", "").casefold()
            if not all(part.strip() for part in key.split(".")):
                message = f"{_quoted(key)} is no key. Write one of the front matter, or `table.key` for one in a table."
                reader.fault(child, field, message)
            elif any(part in _SECRETS for part in folded.split(".")):
                reader.fault(child, field, f"{_quoted(key)} is never read in: no field can be read from it.")
            elif folded in taken and taken[folded][0] != name:
                other, line = taken[folded]
                message = (
                    f"{_quoted(key)} stands for {_quoted(other)} already (line {line}). Choose one of the two fields."
                )
                reader.fault(child, field, message)
            else:
                taken.setdefault(folded, (name, child.start_mark.line + 1))
                keys.append(key)
                reader.entries.append(NamedByProfile("key", field, key, child.start_mark.line + 1))
        if keys:
            found.append((name, tuple(keys)))
    return tuple(found)


def _renames(reader: _Reader, root: yaml.Node) -> Pairs:
    """Old name of a topic → the name that it has in the end."""
    new: dict[str, str] = {}
    nodes: dict[str, yaml.Node] = {}
    for old, key, node in reader.fields(root, "topics.renames"):
        field = f"topics.renames.{old}"
        name = reader.name(node, field)
        if name == old:
            reader.fault(node, field, f"{_quoted(old)} is renamed to itself. Write its new name, or take it out.")
        elif name is not None:
            new[old], nodes[old] = name, key
    found: list[tuple[str, str]] = []
    for old in new:
        seen, last = {old}, new[old]
        while last in new and last not in seen:
            seen.add(last)
            last = new[last]
        if last in seen:
            message = f"{_quoted(old)} is renamed to {_quoted(new[old])}, which leads back to it. Take one rename out."
            reader.fault(nodes[old], f"topics.renames.{old}", message)
        else:
            found.append((old, last))
            reader.entries.append(
                NamedByProfile("topic", f"topics.renames.{old}", last, nodes[old].start_mark.line + 1)
            )
    return tuple(found)


def _groups(reader: _Reader, root: yaml.Node) -> Groups:
    """Topic → its sub-topics."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for name, key, node in reader.fields(root, "topics.groups"):
        field = f"topics.groups.{name}"
        topics = reader.list_of(node, field, str, "topic")
        if name in topics:
            reader.fault(key, field, f"{_quoted(name)} is in its own group. Take it out of the list.")
            topics = tuple(topic for topic in topics if topic != name)
        if topics:
            found.append((name, topics))
    return tuple(found)


def _shares(reader: _Reader, root: yaml.Node) -> tuple[tuple[str, float], ...]:
    found: list[tuple[str, float]] = []
    for name, key, node in reader.fields(root, "topics.target_mix"):
        share = reader.value(node, f"topics.target_mix.{name}", _share)
        if share is not None:
            found.append((name, share))
            reader.entries.append(NamedByProfile("topic", f"topics.target_mix.{name}", name, key.start_mark.line + 1))
    return tuple(found)


def _aliases(reader: _Reader, root: yaml.Node) -> Pairs:
    """Another name of a provider → the name it is counted under. A name can be that of one provider."""
    found: dict[str, tuple[str, int]] = {}
    names = list(reader.fields(root, "providers.aliases"))
    counted = {name: key.start_mark.line + 1 for name, key, _ in names}
    for name, _, node in names:
        field = f"providers.aliases.{name}"
        for alias, child in reader.items(node, field):
            line = child.start_mark.line + 1
            if alias == name:
                reader.fault(child, field, f"{_quoted(alias)} is the name itself. List its other names only.")
            elif alias in counted or alias in found:
                other = f"a provider of its own (line {counted[alias]})" if alias in counted else ""
                other = other or f"another name of {_quoted(found[alias][0])} (line {found[alias][1]})"
                reader.fault(child, field, f"{_quoted(alias)} is {other} already. Choose one of the two.")
            else:
                found[alias] = name, line
                reader.entries.append(NamedByProfile("provider", field, name, line))
    return tuple((alias, name) for alias, (name, _) in found.items())


def _kinds(reader: _Reader, root: yaml.Node) -> Groups:
    """Kind of provider → the providers. A provider is of one kind."""
    taken: dict[str, str] = {}
    found: list[tuple[str, tuple[str, ...]]] = []
    for kind, _, node in reader.fields(root, "providers.kinds", PROVIDER_KINDS):
        field, providers = f"providers.kinds.{kind}", []
        for provider, child in reader.items(node, field):
            if taken.setdefault(provider, kind) != kind:
                message = f"{_quoted(provider)} is under {taken[provider]!r} already. Choose one of the two kinds."
                reader.fault(child, field, message)
            else:
                providers.append(provider)
                reader.entries.append(NamedByProfile("provider", field, provider, child.start_mark.line + 1))
        found.append((kind, tuple(providers)))
    return tuple(found)


def _time_zone(text: str) -> str:
    zones = {name for name in available_timezones() if not _NO_ZONE.match(name)} | {"UTC"}
    if text not in zones:
        suggestion = did_you_mean(_NO_ZONE.sub("", text), zones) or " Write one such as Europe/Vienna."
        raise ValueError(f"{_quoted(text)} is no time zone.{suggestion}")
    return text


def _collection(text: str) -> str:
    """The name of a collection as the program has it: without leading underscores."""
    return "/".join(part.lstrip("_") for part in text.strip("/").split("/"))


def _path(text: str) -> str:
    """A path below the root of the corpus, with `*` for any signs."""
    if text.startswith(("/", "~")) or "\\" in text or _DRIVE.match(text):
        raise ValueError(
            f"{_quoted(text)} is no path from the root of the corpus. Write a folder or file in it, such as drafts."
        )
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if ".." in parts or not parts:
        raise ValueError(f"{_quoted(text)} leads out of the corpus. Write a folder or file in it, such as drafts.")
    return "/".join(parts)


def _score(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"The cut-off {_quoted(text)} is no whole number. Write a score, such as 70.")
    if not 0 <= int(text) <= SCORE_MAX:
        raise ValueError(f"The cut-off {int(text)} is no score: scores go from 0 to {SCORE_MAX}.")
    return int(text)


def _share(text: str) -> float:
    parts = _SHARE.fullmatch(text)
    if parts is None:
        raise ValueError(f"{_quoted(text)} is no share. Write it as 30% or 0.3.")
    share = float(parts[1]) / (100 if parts[2] else 1)
    if share > 1:
        raise ValueError(f"The share {_quoted(text)} is more than everything. Write it as 30% or 0.3.")
    return share


def _suggestion(name: str, known: Iterable[str], field: str) -> str:
    if field == "fields":
        by_column = {column: record for record, column in OWN_MAP_NAMES.items()}
        if name in by_column:
            return f" Did you mean {by_column[name]!r}?"
    return did_you_mean_or_list_all(name, known)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _is_empty(node: yaml.Node) -> bool:
    """Whether no value stands there, nor a tag."""
    plain = isinstance(node, yaml.ScalarNode) and not node.style and node.tag in _STANDARD_TAGS
    return plain and node.value in ("", "~", "null", "Null", "NULL")


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a table of names with values"
    return "a list" if isinstance(node, yaml.SequenceNode) else f"the text {_quoted(str(node.value))}"
