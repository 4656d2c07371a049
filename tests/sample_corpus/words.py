"""Words of the sample corpus: phrases by topic, templates of headlines and excerpts, and names that nobody bears."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from tests.sample_corpus.world import TOPIC_NAMED


@dataclass(frozen=True)
class Phrases:
    """How a topic is put in words; each phrase holds one of its keywords. Sites can be built, kits can be bought."""

    fields: tuple[str, ...]
    sites: tuple[str, ...] = ()
    kits: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


# fmt: off
PHRASES = {
    "Solar": Phrases(
        fields=("solar power", "solar energy"),
        sites=("solar park", "solar farm", "floating solar array"),
        kits=("solar panels", "solar modules", "solar cells"),
        titles=(
            "{place} sets a solar record: {mw} MW on a cloudy Sunday",
            "Sheep, bees and solar: how {place} shares {n} fields",
            "Record tender: {place} buys solar at {n} cents",
        ),
    ),
    "Rooftop Solar": Phrases(
        fields=("rooftop solar", "balcony solar"),
        sites=("rooftop solar array", "rooftop solar co-op"),
        kits=("rooftop solar kits", "balcony solar sets", "rooftop panels"),
        titles=(
            "Tenants in {place} win the right to balcony solar, and {org} sells it",
            "The {n}-minute rooftop solar permit reaches {place}",
        ),
    ),
    "Wind": Phrases(
        fields=("wind power", "onshore wind"),
        sites=("wind farm", "hilltop wind farm"),
        kits=("wind turbines", "wooden wind turbines"),
        titles=(
            "Storm week gives {place} {pct}% wind power",
            "{place} repowers {n} old turbines without a single new road",
        ),
    ),
    "Offshore Wind": Phrases(
        fields=("offshore wind", "floating wind"),
        sites=("offshore wind farm", "floating wind farm"),
        kits=("offshore wind turbines", "floating wind platforms"),
        titles=(
            "{org} gets {place} harbour ready for offshore wind",
            "Crabs like it: life under {place}'s offshore wind farm",
        ),
    ),
    "Storage": Phrases(
        fields=("energy storage", "battery storage", "long-duration storage"),
        sites=("battery park", "pumped storage plant", "storage hall"),
        kits=("home batteries", "big batteries", "storage containers"),
        titles=(
            "{place} runs {n} hours on batteries alone",
            "Storage earns {pct}% more at breakfast than at noon in {place}",
        ),
    ),
    "Sodium Batteries": Phrases(
        fields=("sodium-ion technology", "sodium-ion storage"),
        sites=("sodium-ion factory", "sodium battery plant"),
        kits=("sodium-ion cells", "sodium batteries", "sodium-ion packs"),
        titles=("Table salt to terawatts: {org} scales sodium-ion cells", "{org} ships its {n},000th sodium battery"),
    ),
    "Hydrogen": Phrases(
        fields=("green hydrogen", "hydrogen production"),
        sites=("hydrogen plant", "electrolyser hall", "hydrogen pipeline"),
        kits=("electrolysers", "hydrogen trucks", "hydrogen boilers"),
        titles=(
            "{org} shelves its hydrogen plans for {place}",
            "Who will buy the hydrogen? {org} still looks for customers in {place}",
        ),
    ),
    "Heat Pumps": Phrases(
        fields=("heat pump heating", "heat pump research"),
        sites=("district heat pump", "river heat pump"),
        kits=("heat pumps", "air-source heat pumps", "quiet heat pumps"),
        titles=(
            "Frost test: {n} nights with a heat pump in {place}",
            "Old walls, warm rooms: {person} and a heat pump in {place}",
        ),
    ),
    "Grid": Phrases(
        fields=("grid expansion", "grid planning", "grid balancing"),
        sites=("substation", "transmission line", "grid link"),
        kits=("grid sensors", "grid batteries", "substations"),
        titles=(
            "{n} GW in the queue: {place}'s grid says wait",
            "A day in {place}'s grid control room with {person}",
        ),
    ),
    "Blackouts": Phrases(
        fields=("blackout protection", "blackout planning"),
        titles=(
            "Blackout in {place}: what we know after {n} hours",
            "{n} hours without light: {place} after the blackout",
            "How {place} restarted itself in {n} hours after the blackout",
            "Blackout report on {place} names {org}, gently",
            "Power cut leaves {n},000 homes in {place} in the dark",
            "Hospitals in {place} rehearse the next power cut with {org}",
        ),
    ),
    "Electric Vehicles": Phrases(
        fields=("electric transport", "electric car sharing"),
        sites=("electric bus depot", "electric car factory"),
        kits=("electric cars", "small electric cars", "electric vans"),
        titles=(
            "{org} recalls electric cars over a {n}-cent screw",
            "{pct}% of new cars in {place} are electric cars",
        ),
    ),
    "Charging": Phrases(
        fields=("roadside charging", "bus charging", "charging at home"),
        sites=("charging hub", "charging park", "truck charging depot"),
        kits=("fast chargers", "kerbside chargers", "charging cards"),
        titles=("Charging in {place}: {n} apps and no free plug", "{n} lamp posts become chargers in {place}"),
    ),
    "Policy": Phrases(
        fields=("energy policy", "climate policy", "subsidy reform"),
        titles=(
            "{place} ends a €{money} million subsidy that nobody asked for",
            "Subsidies in {place}: {pct}% go to the wrong roofs",
            "{place} and {other} split over energy policy",
            "The {n}-page policy paper {place} did not want you to read",
            "{place} writes a {n}-page policy for a one-page problem",
        ),
    ),
    "Finance": Phrases(
        fields=("project finance", "green investment", "infrastructure investment"),
        titles=(
            "{org} raises €{money} million from cautious lenders", "Lenders circle {org} after a weak quarter",
            "{place} pension fund moves {pct}% into green investment",
            "An investment of €{money} million, and no press release",
        ),
    ),
}

SITE_TITLES = (
    "{org} opens {a_site} in {place}", "{place} approves {a_site} after a {n}-month wait",
    "Inside {place}'s new {site}", "Work starts on {org}'s {mw} MW {site}",
    "{org} sells its {site} in {place} for €{money} million", "{org} halts work on {a_site} near {place}",
    "{place} votes for {a_site}, {n} to {d}", "First power flows through {org}'s {site} in {place}",
    "Fire crews train at {place}'s {site}", "{org} and {rival} team up on {a_site} in {place}",
    "{place} swaps its coal plant for {a_site}", '"We need it sooner": {place} waits for its {site}',
    "What {place}'s {site} has taught us so far", "{mw} MW and no neighbours: {org} picks {place} for {a_site}",
    "Court clears the way for {a_site} near {place}", "A year on, {place}'s {site} beats its forecast by {pct}%",
    "The {site} that {place} built twice",
)

KIT_TITLES = (
    "{place} counts {pct}% more {kits} than a year ago", "Why {place} is running short of {kits}",
    "{org} cuts the price of {kits} by {pct}%", "{n} questions about {kits}, answered in {place}",
    "Who services all these {kits} in {place}?", "Are {kits} worth it? {person} did the sums",
    "{org} promises {kits} that last {n} years", "Insurers in {place} rethink {kits}",
    "{kits} are getting cheaper, but not in {place}", "{org} wins an order for {kits} from {place}",
    "{kits} pass a {n}-month field test in {place}", "Schools in {place} sign up for {kits}",
    "Second-hand {kits} find buyers in {place}", "How {place} learned to love {kits}",
    "Tested: {kits} from {org} and {rival}", "{org} and {rival} settle their quarrel over {kits}",
    "{person} repairs the {kits} that others throw away", "Customs in {place} hold back {n},000 {kits}",
)

FIELD_TITLES = (
    "{place} bets on {field}", "Can {field} pay its way in {place}?", "{org} doubles its budget for {field}",
    '{person} on {field}: "The hard part is patience"', "{field} in {place}: a year in {n} charts",
    "The numbers behind {place}'s plan for {field}", "{org} names {person} head of {field}",
    "{place} and {other} sign a pact on {field}", "Jobs in {field} grow {pct}% across {place}",
    "New rules for {field} take effect in {place}", "Opinion: {place} should be honest about {field}",
    "A beginner's guide to {field}, with {person}", "Podcast: {person} on what comes next for {field}",
    "{field} & the household bill: what changes in {place}", "Live from {place}: day {d} of the summit on {field}",
    "Three myths about {field} that {place} still believes", "{org} leaves {place}, and {field} stays",
    "Researchers in {place} question the case for {field}", "What {other} can teach {place} about {field}",
    "{person} wins the {place} prize for work on {field}",
)

SPECIAL_TITLES = {
    "equals_sign": ("=SUM of its parts: why many batteries beat one big one", "Storage"),
    "plus_sign": ("+12% in a year: grid connection requests keep climbing", "Grid"),
    "minus_sign": ("-30 °C and still running: heat pumps pass the cold test", "Heat Pumps"),
    "at_sign": ("@ the summit: solar gets its own stage", "Solar"),
    "html_tag": ("Why <b>sodium-ion</b> cells are not a lithium story", "Sodium Batteries"),
    "markdown_link": ("Explainer: [how charging tariffs work](javascript:alert(1))", "Charging"),
    "non_latin": ("太陽光 on every school: the solar plan of Port Ellery", "Solar"),
    "accents": ("Crème brûlée in a gale: the café inside a wind turbine", "Wind"),
}

FIELD_EXCERPTS = (
    "{org} says its plan for {field} will go ahead in {place} once the last permits are in.",
    "Supporters of {field} in {place} point to bills that fell by {pct} percent in a single year.",
    "After {n} months of talks, {place} has a common position on {field}.",
    "{person} has followed {field} for {n} years and sees a turning point.",
    "The region around {place} wants to lead in {field}, and {other} wants the same.",
    "{org} expects {field} to make up {pct} percent of its sales within three years.",
    "A survey in {place} finds {pct} percent in favour of {field}, more than ever before.",
    "In {place}, {field} has become a matter of local pride.",
    "{org} and {rival} disagree about the cost of {field}, by €{money} million.",
    "What began in {place} as a hobby is now the largest local employer in {field}.",
    "{person} left {org} to work on {field}, and is not coming back.",
    "Officials from {other} travelled to {place} to see {field} at work.",
    "The debate on {field} has reached the kitchen tables of {place}.",
    "{place} sets aside €{money} million for {field} within {n} months.",
)

KIT_EXCERPTS = (
    "Prices for {kits} dropped {pct} percent within {n} months, according to figures from {place}.",
    "A pilot with {kits} in {place} ran for {n} months, and the results surprised those who paid for it.",
    "{org} will deliver {kits} to {n} towns, starting with {place}.",
    "Workshops in {place} can hardly keep up with orders for {kits}.",
    "{person} tested {kits} at home and wrote down every fault.",
    "The makers of {kits} warn of delays at the port of {place}.",
    "A test by {person} compares {n} makes of {kits}, and the cheapest one wins.",
    "{org} stops taking orders for {kits} until the spring.",
    "Every new home in {place} comes with {kits} from next year.",
)

MENTIONS = (
    "It also matters for {field}.", "Planners link the decision to {field}.", "The same budget pays for {field}.",
    "Work on {field} goes on next door.", "That puts {field} back on the agenda.",
    "Experts in {field} are divided.", "For {field}, the timing could hardly be better.",
)

CONTEXTS = (
    "A decision is expected before the summer.", "The council votes on it next month.",
    "Not everyone in {place} is convinced.", "Critics call the numbers optimistic.",
    "{person} explains what is at stake.", "{rival} declined to comment.",
    "The details come down to {n} pages of small print.", "Residents were told last week.",
    "For renewables as a whole, the signal counts more than the size.",
    "The rest of the energy transition is watching.", "Work could begin within {n} weeks.",
    "It is the largest step of its kind since {place} joined the scheme.", "Clean energy groups welcomed the news.",
    "Costs are said to be {pct} percent below the estimate.",
)

PLACES = (
    "Northfell", "Port Ellery", "Caldry Bay", "Sarn Valley", "Osterby", "Brightmoor", "Halmstrand", "Penwick",
    "Tarnholt", "Fennimoor", "Quillon", "Nordhåla", "Vell", "Marrowby", "Esk Point", "São Telmo", "Karlsvik",
    "Greenlaw Island", "Dunmarrow", "Ravensluis", "Alta Mirra", "Zielenberg", "Upper Thorne", "Kestrel Bay",
    "Lacre", "Monte Oriel", "Vintersund", "Bellhaven", "Ambersea", "Cold Harrow", "Dorrin", "Eastlow", "Fossby",
    "Gullmere", "Hexley Moor", "Isola Chiara", "Jarnvik", "Kellerau", "Little Ostrow", "Mosswater", "Nether Vale",
    "Oxley Sands", "Pont Gris", "Rio Calmo", "Stennford", "Tilbrook", "Ulmen", "Yarrowdale",
)

COMPANIES = (
    "Norvane", "Castor & Vail", "Helioform", "Brannock Energy", "Tidewell", "Larkspur Power", "Ostra", "Meridane",
    "Kobalt Nine", "Fenwright", "Élanor", "Skarn", "Pellucid", "Ohm & Daughters", "Vantor", "Rookhill",
    "Duneva", "Amberlode", "Quayside Power", "Strand & Lyle", "Tallyho Motors", "Isobar", "Wrenfield", "Nimbric",
    "Corvane", "Hollin Works", "Ardent Loop", "Bluefen", "Cinderby", "Dovetail Energy", "Evermoor", "Farrow & Pike",
    "Glasswing", "Heronsgate",
)

FIRST_NAMES = (
    "Ines", "Tomasz", "Ayla", "Jonas", "Mirela", "Kwame", "Saoirse", "Luca", "Noor", "Elif", "Henrik", "Chidi",
    "Renée", "Anouk", "Paloma", "Ruben", "Sofie", "Yusuf", "Zofia", "Emil",
)

LAST_NAMES = (
    "Ferrão", "Wilkowski", "Demir", "Halvorsen", "Okonjo", "Lindqvist", "Marchetti", "Adebayo", "Ó Dálaigh",
    "Brandt", "Rahmani", "Castellan", "Vossberg", "Tamm", "Ilves", "Quenneville",
)

SYNONYMS = {
    "opens": "unveils", "approves": "clears", "new": "latest", "starts": "begins", "sells": "offers",
    "halts": "stops", "votes": "decides", "flows": "runs", "train": "practise", "waits": "hopes",
    "picks": "chooses", "beats": "tops", "counts": "sees", "cuts": "lowers", "promises": "offers",
    "rethink": "review", "wins": "lands", "pass": "survive", "bets": "counts", "doubles": "raises",
    "names": "makes", "sign": "seal", "grow": "rise", "should": "must", "question": "doubt", "shelves": "drops",
    "ends": "scraps", "raises": "gets", "leaves": "quits", "find": "meet", "running": "falling", "clears": "opens",
    "built": "planned", "settle": "end", "ships": "delivers", "split": "differ", "answered": "explained",
    "believes": "repeats", "taught": "shown", "learned": "came", "teach": "show",
}

SMALL_WORDS = {
    "in": "near", "on": "about", "is": "was", "for": "towards", "of": "from", "a": "one",
}


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
