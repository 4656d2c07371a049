"""A proposal for a corpus's `corpus.yml`, made from what is in the corpus; what is not certain stands as a comment.

Used unchanged, it has the same keys read as without it. Each line that begins with one `#` is an entry or a list item;
it is valid when the sign is taken away, whatever is done with the other lines.
"""

import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

import pandas as pd

from analytics.analyses.common.frequent_labels import umbrella_topics
from analytics.analyses.common.publish_cut_off import publish_cut_off
from analytics.analyses.common.wording import count_text
from analytics.corpus.field_map import AUTHORS, FIELD_MAP, FIELD_NAMES, OWN_MAP_NAMES, folded_key
from analytics.corpus.limits import UnreadableFileError
from analytics.corpus.loader import Corpus, load_corpus
from analytics.corpus.parsing import front_matter
from analytics.corpus.parsing.front_matter_value_types import SECRETS, Plain
from analytics.corpus.parsing.profile_file import parsed_profile
from analytics.corpus.record_fields import FRONT_MATTER_KEYS, PRESENCE, SCORE_MAX
from analytics.corpus.site_profile import NO_PROFILE, PROVIDER_KINDS
from analytics.corpus.sources.open import open_source
from analytics.engine.slice import Slice
from analytics.engine.slice_of import slice_of
from analytics.errors import CorpusError
from analytics.progress import Progress
from analytics.reports.escaping import printable
from analytics.statistics.graph_components import component_numbers
from analytics.text_normalisation import spelling_key

MOST_KEYS, MOST_SUSPECTS = 12, 40
"""The most keys that are not read, and groups of labels that may be one, that are listed; the rest is counted."""

MOST_PROVIDERS = 8

MANY_NAMES = 6
"""Provider names from which on a domain is one where many publish, such as a host of videos."""

FEW_OF = 100
"""A key is suggested when at least one of this many articles has it."""

EXCERPT_LETTERS = 40
"""From this length on a text can be an excerpt."""

_COMPANY_FORMS = frozenset(
    "inc incorporated corp corporation co company ltd limited llc plc gmbh ag sa bv nv the group".split()  # noqa: SIM905
)
_DOMAIN = re.compile(r"^(?:www\.)?([\w-]+)\.(?:com|org|net|io|co|co\.uk|de|ai|dev|gov|edu)$")
_OFFSET = re.compile(r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?\s*([+-]\d\d):?(\d\d)?$", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d?-\d\d?(?!\d)", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,4}", re.ASCII)
_ADDRESS = re.compile(r"https?://\S+$", re.IGNORECASE)
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif")
_PLAIN_SCALAR = re.compile(r"[A-Za-z][\w.&()'+-]*(?: [\w.&()'+-]+)*", re.ASCII)
_WORDS_OF_YAML = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


@dataclass
class _Key:
    """What stands under one key of the front matter: the number of articles, and of each kind of value."""

    articles: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    low: int = SCORE_MAX
    high: int = 0


def proposal(source: str | os.PathLike[str], *, today: date | None = None, progress: Progress | None = None) -> str:
    """The text of a `corpus.yml` for a corpus, whatever profile it has already. Raises CorpusError without articles."""
    corpus = load_corpus(source, profile=NO_PROFILE, today=today, progress=progress)
    if corpus.articles.empty:
        raise CorpusError(f"{source} holds no article: there is nothing to propose. `check` says what was found.")
    keys, offsets = _keys_and_offsets(corpus)
    data = slice_of(corpus)
    parts = [
        _head(corpus),
        _fields(corpus, keys),
        _time_zone(corpus, offsets),
        _collections(corpus),
        _paths(corpus),
        _cut_off(data),
        _topics(data),
        _providers(corpus),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _head(corpus: Corpus) -> list[str]:
    made_from = f"{count_text(len(corpus.articles), 'article')} of {printable(corpus.name)}"
    return [
        f"## A proposal for corpus.yml, made from {made_from}.",
        "## Used as it is, it reads what is read without it. Lines with one # are entries that may be right as well:",
        "## look at them, and take the # away. The file goes into the root of the corpus, or is named with --profile;",
        "## `check` says what is wrong in it, and which keys were read.",
    ]


def _fields(corpus: Corpus, keys: Mapping[str, _Key]) -> list[str]:
    """The keys that each field came from, and for fields that are not complete the keys that may hold them."""
    n, rows = len(corpus.articles), corpus.field_sources.astype("str")
    active: dict[str, list[str]] = {}
    notes: list[str] = []
    for record, name in FIELD_NAMES.items():
        counts = _counts(rows.loc[rows["field"] == name, "key"])
        present = _present(corpus, name)
        own = max(present - sum(counts.values()), 0)
        found = ", ".join(f"{printable(key)} {count:,}" for key, count in counts.items())
        own_text = f"{FRONT_MATTER_KEYS[name]} {own:,}" if own else ""
        notes.append(f"## {record}: {present:,} of {n:,}; {', '.join(filter(None, [own_text, found])) or 'no key'}")
        wanted = _in_order_of_map(record, counts)
        if wanted:
            active[record] = wanted
    lines = ["## Which keys of the front matter stand for a field that lacks its own, the first one first. Found:"]
    suggestions = _suggested_keys(corpus, keys)
    suggested: dict[str, dict[str, str]] = {}
    for record, key, what in suggestions[:MOST_KEYS]:
        suggested.setdefault(record, {})[key] = what
    lines += [*notes, "fields:"]
    for record, wanted in active.items():
        more = suggested.pop(record, {})
        if more:
            lines += [f"  {record}:", *(f"    - {_scalar(key)}" for key in wanted)]
            lines += [f"#    - {_scalar(key)}  # {what}; not read" for key, what in more.items()]
        else:
            lines.append(f"  {record}: {_list(wanted)}")
    if suggested:
        lines += ["## Keys that are not read, and what they look like (quality and heat are the two scores):"]
    elif not active:
        lines.append("#  quality: score")
    for record, found_keys in suggested.items():
        several = len(found_keys) > 1
        value = _list(found_keys) if several else _scalar(*found_keys)
        said = "; ".join(f"{key}: {what}" if several else what for key, what in found_keys.items())
        lines.append(f"#  {record}: {value}  # {said}")
    return [*lines, *_and_more(len(suggestions) - MOST_KEYS, "key")]


def _suggested_keys(corpus: Corpus, keys: Mapping[str, _Key]) -> list[tuple[str, str, str]]:
    """Field, key and what was found, for each key that is not read and looks like a field that some articles lack.

    The most frequent first; of keys that differ only in case the first, and none that a profile cannot name.
    """
    n = len(corpus.articles)
    incomplete = {record for record, name in OWN_MAP_NAMES.items() if name in PRESENCE and _present(corpus, name) < n}
    suggestions: dict[str, tuple[str, str, str]] = {}
    for key, found in sorted(keys.items(), key=lambda one: (-one[1].articles, one[0])):
        fitting = [record for record in _may_be(found) if record in incomplete]
        if fitting and found.articles * FEW_OF >= n and _is_valid(f"fields: {{{fitting[0]}: {_scalar(key)}}}"):
            what = f", whole numbers from {found.low} to {found.high}" if fitting[0] in ("quality", "heat") else ""
            found_words = f"{count_text(found.articles, 'article')}{what}"
            suggestions.setdefault(folded_key(key), (fitting[0], key, found_words))
    return list(suggestions.values())


def _is_valid(entry: str) -> bool:
    """Whether a profile of this entry alone has no fault."""
    return not parsed_profile(entry.encode())[1]


def _counts(labels: pd.Series) -> dict[str, int]:
    """How often each label stands there, the most frequent first."""
    return {str(label): int(n) for label, n in labels.dropna().astype("str").value_counts().items()}


def _present(corpus: Corpus, name: str) -> int:
    values = corpus.articles[PRESENCE[name]]
    return int((values > 0).sum() if PRESENCE[name].endswith("_count") else values.notna().sum())


def _in_order_of_map(record: str, counts: Mapping[str, int]) -> list[str]:
    """The keys that a field came from, in the order in which the program tries them; no part of the path, nor what only
    follows from another field."""
    order = [folded_key(key) for key in FIELD_MAP.get(record, ())]
    names = {
        folded_key(key): key for key in sorted(counts, reverse=True) if folded_key(key) not in map(folded_key, AUTHORS)
    }
    return [names[key] for key in order if key in names and names[key].isprintable()]


def _may_be(found: _Key) -> list[str]:
    """The fields of the record that the values of a key look like."""
    kind, count = found.kinds.most_common(1)[0] if found.kinds else ("", 0)
    if 2 * count <= found.articles:
        return []
    scores = found.low >= -1 and found.low + 5 < found.high <= SCORE_MAX
    return {
        "whole": ["quality", "heat"] if scores else [],
        "day": ["publishedDateTime", "updatedDateTime"],
        "address": ["originalUrl"],
        "image": ["images"],
        "long": ["excerpt"],
        "list": ["topics"],
    }.get(kind, [])


def _time_zone(corpus: Corpus, offsets: Counter[str]) -> list[str]:
    naive = int((corpus.problems["code"] == "naive_time").sum())
    seen = ", ".join(f"{offset} ({n:,})" for offset, n in offsets.most_common(4))
    without = count_text(naive, "time has no zone and is", "times have no zone and are")
    lines = [f"## {without} taken as UTC." if naive else "## Every time has a zone; days without a time need none."]
    if seen:
        lines.append(f"## Zones of other times: {seen}.")
    return [*lines, "#time_zone: Europe/Vienna"]


def _collections(corpus: Corpus) -> list[str]:
    """The collections with their articles, and how many of these have a score or a decision."""
    articles = corpus.articles
    carries = articles["quality"].notna() | articles["published"].notna()
    counts = articles.assign(carries=carries).groupby("collection", observed=True)["carries"].agg(["size", "sum"])
    lines = ["## The collections that count; those with scores or a published flag come first here."]
    ordered = counts.reset_index().sort_values(["sum", "size", "collection"], ascending=[False, False, True])
    for name, size, known in ordered.itertuples(index=False):
        said = f"{count_text(size, 'article')}, {known:,} with a score or the flag"
        lines.append(f"## {printable(str(name))}: {said}")
    names = [str(name) for name in ordered["collection"] if _is_valid(f"collections: [{_scalar(str(name))}]")]
    return [*lines, f"#collections: {_list(names)}"]


def _paths(corpus: Corpus) -> list[str]:
    folders = sorted({path.rpartition("/")[0] for path in corpus.articles["path"]})
    named = [folder for folder in folders if "newsletter" in folder.lower()]
    letters = next((folder for folder in named if _is_valid(f"newsletters: {_scalar(folder)}")), "")
    return [
        "## Folders and files that are no articles; * stands for any signs.",
        "#leave_out: [drafts, '*/README.md']",
        "## The folder of the newsletters.",
        f"#newsletters: {_scalar(letters or '_newsletters')}",
    ]


def _cut_off(data: Slice) -> list[str]:
    found = publish_cut_off(data)
    said = "The corpus shows none." if found is None else f"The corpus shows {found}."
    return [f"## The quality from which articles are published. {said}", f"#cut_off: {70 if found is None else found}"]


def _topics(data: Slice) -> list[str]:
    counts = _counts(data.corpus.topics["topic"])
    umbrellas = umbrella_topics(data)
    suspects = _suspects(counts, _topic_key)
    lines = [
        "## Topics: names that are one topic (old name: new name), topics with their sub-topics, what is on nearly"
    ]
    lines += ["## every article, and the share that a topic should have.", "topics:", "  renames:"]
    for name, others in suspects[:MOST_SUSPECTS]:
        for other in others:
            rename = f"{_scalar(other)}: {_scalar(name)}"
            if _is_valid(f"topics: {{renames: {{{rename}}}}}"):
                lines.append(f"#    {rename}  # {counts[other]:,} and {counts[name]:,}")
    lines += ["#    Old name: New name"] * (not suspects) + _and_more(len(suspects) - MOST_SUSPECTS, "topic")
    lines += ["  groups:", "#    Group: [Topic, Another topic]"]
    lines += [f"#  umbrella: {_list(umbrellas or ['Topic'])}  # {'found' if umbrellas else 'none found'}"]
    return [*lines, "#  target_mix: {Topic: 30%}"]


def _providers(corpus: Corpus) -> list[str]:
    counts = _counts(corpus.articles["provider"])
    pairs = corpus.articles[["domain", "provider"]].dropna().astype("str").drop_duplicates()
    by_domain = [alike for names in pairs.groupby("domain")["provider"].agg(list) for alike in _sharing_word(names)]
    suspects = _suspects(counts, _company_key, by_domain)
    lines = ["## Providers: other names of one company, and whether it is a vendor, press or a blog."]
    lines += ["providers:", "  aliases:"]
    for name, others in suspects[:MOST_SUSPECTS]:
        found = "; ".join(f"{counts[each]:,}" for each in (name, *others))
        alias = f"{_scalar(name)}: {_list(others)}"
        if _is_valid(f"providers: {{aliases: {{{alias}}}}}"):
            lines.append(f"#    {alias}  # {found}")
    lines += ["#    Company: [Company Inc., company.com]"] * (not suspects)
    lines += _and_more(len(suspects) - MOST_SUSPECTS, "company", "companies")
    most = ", ".join(printable(name) for name in list(counts)[:MOST_PROVIDERS])
    lines += [f"## The most frequent, each to be put under its kind: {most}."] if most else []
    return [*lines, "  kinds:", *(f"#    {kind}: []" for kind in PROVIDER_KINDS)]


def _and_more(n: int, one: str, many: str | None = None) -> list[str]:
    return [f"## … and {count_text(n, f'more {one}', f'more {many}' if many else f'more {one}s')}"] if n > 0 else []


def _suspects(
    counts: Mapping[str, int], key: Callable[[str], str], together: Iterable[Sequence[str]] = ()
) -> list[tuple[str, list[str]]]:
    """Labels with the others that may mean the same: those with an equal key, and those in one list of `together`."""
    number = {label: place for place, label in enumerate(counts)}
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for label in counts:
        groups[key(label) or f"\0{label}"].append(label)
    pairs = [(number[labels[0]], number[label]) for labels in (*groups.values(), *together) for label in labels[1:]]
    group = component_numbers([one for one, _ in pairs], [other for _, other in pairs], len(number))
    same: defaultdict[int, list[str]] = defaultdict(list)
    for label in sorted(counts, key=lambda label: (-counts[label], label)):
        same[int(group[number[label]])].append(label)
    return [(name, others) for name, *others in same.values() if others]


def _sharing_word(names: Sequence[str]) -> Iterator[list[str]]:
    """Pairs of the names of one domain that share a word; none of a place where many publish."""
    if len(names) < MANY_NAMES:
        words = {name: {*re.findall(r"\w+", spelling_key(name))} - _COMPANY_FORMS for name in names}
        yield from ([one, other] for one, other in combinations(names, 2) if words[one] & words[other])


def _topic_key(label: str) -> str:
    """A key that is equal for topics that differ in case, punctuation, blanks or the plural only."""
    words = re.findall(r"\w+", spelling_key(label).replace("&", " and "))
    return "".join(word.removesuffix("s") if len(word) > 3 else word for word in words)


def _company_key(label: str) -> str:
    """A key that is equal for names of a company that differ in case, punctuation, legal form or a domain's ending."""
    folded = spelling_key(label)
    domain = _DOMAIN.match(folded)
    words = re.findall(r"\w+", domain[1] if domain else folded)
    return "".join([word for word in words if word not in _COMPANY_FORMS] or words)


def _list(names: Iterable[str]) -> str:
    """Names as YAML reads them back as a list."""
    return f"[{', '.join(map(_scalar, names))}]"


def _scalar(text: str) -> str:
    """A name as YAML reads it back, also inside a list, and never beyond its line."""
    if _PLAIN_SCALAR.fullmatch(text) and text.casefold() not in _WORDS_OF_YAML:
        return text
    return printable(json.dumps(text, ensure_ascii=False))


def _keys_and_offsets(corpus: Corpus) -> tuple[dict[str, _Key], Counter[str]]:
    """The keys of the front matter that are not read, by name, and the zones of times, from the files themselves."""
    opened, keys, offsets = open_source(corpus.source), defaultdict[str, _Key](_Key), Counter[str]()
    known = {folded_key(str(key)) for key in corpus.field_sources["key"].unique()} | {*map(folded_key, OWN_MAP_NAMES)}
    for entry in opened.entries():
        if entry.role != "article":
            continue
        try:
            front = front_matter.read(opened.read(entry.path), expected=False)
        except (OSError, UnreadableFileError):
            continue
        for key, value in _flat(front.fields if front else {}):
            if isinstance(value, str) and (found := _OFFSET.search(value.strip())):
                offsets[f"{found[1]}:{found[2] or '00'}"] += 1
            if folded_key(key) not in known and key.isprintable() and value not in (None, ""):
                _count(keys[key], value)
    return dict(keys), offsets


def _flat(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The values of a record and of the tables in it; none that is secret, nor of the record's own lists."""
    for key, value in fields.items():
        if key.casefold() in {name.casefold() for name in SECRETS}:
            continue
        if isinstance(value, dict) and key not in ("provider", "related", "images"):
            yield from ((f"{key}.{inner}", each) for inner, each in value.items() if not isinstance(each, dict))
        else:
            yield key, value


def _count(found: _Key, value: Any) -> None:
    found.articles += 1
    if isinstance(value, list):
        found.kinds["list"] += bool(value) and all(isinstance(item, str) for item in value)
        return
    if not isinstance(value, str):
        return
    text = value.strip()
    if _WHOLE.fullmatch(text) and isinstance(value, Plain):
        found.kinds["whole"] += 1
        found.low, found.high = min(found.low, int(text)), max(found.high, int(text))
    elif _DAY.match(text):
        found.kinds["day"] += 1
    elif text.partition("?")[0].lower().endswith(_IMAGES) and " " not in text:
        found.kinds["image"] += 1
    elif _ADDRESS.fullmatch(text):
        found.kinds["address"] += 1
    elif len(text) >= EXCERPT_LETTERS:
        found.kinds["long"] += 1
    else:
        found.kinds["short"] += 1
