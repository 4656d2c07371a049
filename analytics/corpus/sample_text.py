"""How the sample corpus tells its stories: headlines, excerpts and slugs made out of `sample_words`."""

import re
import unicodedata
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from analytics.corpus.sample_words import (
    COMPANIES,
    CONTEXTS,
    FIELD_EXCERPTS,
    FIELD_TITLES,
    FIRST_NAMES,
    KIT_EXCERPTS,
    KIT_TITLES,
    LAST_NAMES,
    MENTIONS,
    PHRASES,
    PLACES,
    SITE_TITLES,
    SMALL_WORDS,
    SYNONYMS,
)
from analytics.corpus.sample_world import TOPIC_NAMED

Item = TypeVar("Item")

PLACEHOLDERS = ("Placeholder.", "NA")
LONGEST_SLUG = 70
TITLES = {
    name: FIELD_TITLES
    + (SITE_TITLES if phrases.sites else ())
    + (KIT_TITLES if phrases.kits else ())
    + phrases.titles * (2 if phrases.sites else 5)
    for name, phrases in PHRASES.items()
}


def pick(rng: Random, items: Sequence[Item]) -> Item:
    """One of the items, each as likely as the others."""
    return items[int(rng.random() * len(items))]


def words(rng: Random, topic: str) -> dict[str, str]:
    """The names, numbers and things of one story on a topic, for every template it is told with."""
    place, other = _two_of(rng, PLACES)
    org, rival = _two_of(rng, COMPANIES)
    phrases = PHRASES[topic]
    told = {
        "place": place,
        "other": other,
        "org": org,
        "rival": rival,
        "person": f"{pick(rng, FIRST_NAMES)} {pick(rng, LAST_NAMES)}",
        "n": str(5 + int(rng.random() * 44)),
        "d": str(1 + int(rng.random() * 4)),
        "pct": str(6 + int(rng.random() * 62)),
        "mw": str(20 + 10 * int(rng.random() * 86)),
        "money": str(4 + 3 * int(rng.random() * 140)),
        "field": pick(rng, phrases.fields),
    }
    if phrases.sites:
        site = pick(rng, phrases.sites)
        told["site"], told["a_site"] = site, f"{'an' if site[0] in 'aeio' else 'a'} {site}"
    if phrases.kits:
        told["kits"] = pick(rng, phrases.kits)
    return told


def headline(rng: Random, topic: str, told: dict[str, str]) -> str:
    """A headline on a topic; `told` are its `words`."""
    return _capitalised(pick(rng, TITLES[topic]).format_map(told))


def excerpt(rng: Random, topics: Sequence[str], title: str, told: dict[str, str]) -> str:
    """One or two sentences that name every topic the title leaves out; some cut short, some with HTML entities."""
    openings = FIELD_EXCERPTS + KIT_EXCERPTS if "kits" in told else FIELD_EXCERPTS
    text = _capitalised(pick(rng, openings).format_map(told))
    silent = unnamed(topics, f"{title} {text}")
    for topic in silent:
        text += " " + pick(rng, MENTIONS).format(field=pick(rng, PHRASES[topic].fields))
    if not silent and rng.random() < 0.75:
        text += " " + context(rng, told)
    roll = rng.random()
    if roll < 0.08:
        tail = context(rng, told)
        text = f"{text} {tail[: len(tail) // 2]}..."
    elif roll < 0.14:
        text = text.replace(". ", ".&nbsp; ", 1)
    return text.replace(" & ", " &amp; ") if roll > 0.5 else text


def context(rng: Random, told: dict[str, str]) -> str:
    """A sentence that fits any story."""
    return _capitalised(pick(rng, CONTEXTS).format_map(told))


def unnamed(topics: Sequence[str], text: str) -> list[str]:
    """The topics without a keyword in the text."""
    lowered = text.lower()
    return [topic for topic in topics if not any(keyword in lowered for keyword in TOPIC_NAMED[topic].keywords)]


def reworded(title: str) -> str | None:
    """The title with one word changed, or None where no word has a stand-in."""
    parts = title.split(" ")
    for stand_ins in (SYNONYMS, SMALL_WORDS):
        for place, word in enumerate(parts):
            if word in stand_ins:
                parts[place] = stand_ins[word]
                return " ".join(parts)
    return None


def slug(title: str) -> str:
    """The title as a part of a file name: plain lower-case letters, digits and hyphens, never too long."""
    if not title.isascii():
        title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    text = re.sub(r"[^a-z0-9]+", "-", title.lower().replace("'", "")).strip("-")
    return text[:LONGEST_SLUG].rstrip("-") or "story"


def _capitalised(text: str) -> str:
    return text[0].upper() + text[1:]


def _two_of(rng: Random, items: Sequence[str]) -> tuple[str, str]:
    first = int(rng.random() * len(items))
    second = (first + 1 + int(rng.random() * (len(items) - 1))) % len(items)
    return items[first], items[second]
