"""When things happen in the sample corpus: its period, its spells and events, and the rhythm of days and hours.

Weights move by sums and products only: `exp` and its kin may differ in the last bit between systems, and the corpus has
to be the same bytes everywhere.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from random import Random

FIRST_DAY = date(2024, 1, 1)
LAST_DAY = date(2026, 6, 30)
DAY_COUNT = (LAST_DAY - FIRST_DAY).days + 1
DATES = tuple((FIRST_DAY + timedelta(days=offset)).isoformat() for offset in range(DAY_COUNT))


def day_number(year: int, month: int, day: int) -> int:
    """The place of a date in the period; 0 is its first day."""
    return (date(year, month, day) - FIRST_DAY).days


ARCHIVED = range(day_number(2024, 4, 1))
UNSCORED = range(day_number(2024, 5, 13), day_number(2024, 7, 1))
UNDECIDED = range(day_number(2024, 5, 13), day_number(2024, 6, 3))
OUTAGE = range(day_number(2025, 2, 11), day_number(2025, 2, 17))
NEWCOMER_START = day_number(2025, 4, 7)
UNRANKED_SPELL = range(day_number(2025, 9, 1), day_number(2025, 10, 6))
BURST = range(day_number(2025, 10, 21), day_number(2025, 11, 21))
RUSH = {BURST.start: 13.0, BURST.start + 1: 7.0}
SILENT_FROM = day_number(2026, 1, 29)
YOUNG = range(DAY_COUNT - 21, DAY_COUNT)

EVENT_DAYS = 3
EVENTS = (
    (day_number(2024, 9, 17), "Solar"),
    (day_number(2025, 3, 5), "Hydrogen"),
    (BURST.start, "Blackouts"),
    (day_number(2026, 2, 10), "Storage"),
    (day_number(2026, 6, 17), "Policy"),
)
EVENT_TOPICS = {start + offset: topic for start, topic in EVENTS for offset in range(EVENT_DAYS)}

DRIFT = ((0, 5), (200, 2), (430, -13), (560, -11), (760, 3), (DAY_COUNT, 8))
WEEKDAY_WEIGHTS = (1.25, 1.3, 1.3, 1.25, 1.05, 0.36, 0.3)
HOUR_WEIGHTS = (1, 1, 1, 1, 2, 4, 9, 14, 18, 17, 14, 12, 11, 15, 17, 15, 12, 9, 6, 5, 4, 3, 2, 1)
HOURS = tuple(accumulate(HOUR_WEIGHTS))


@dataclass(frozen=True, slots=True)
class Moment:
    """When a story is published: the day of the period, and minutes and seconds of that day, in UTC."""

    day: int
    minutes: int
    seconds: int

    @property
    def stamp(self) -> str:
        """The moment as front matter writes it."""
        hour, minute = divmod(self.minutes, 60)
        return f"{DATES[self.day]}T{hour:02}:{minute:02}:{self.seconds:02}Z"

    @property
    def stamp_in_summer_time(self) -> str | None:
        """The same moment two hours east of UTC; None where that lies beyond the period."""
        day, minutes = divmod(self.day * 1440 + self.minutes + 120, 1440)
        if day >= DAY_COUNT:
            return None
        hour, minute = divmod(minutes, 60)
        return f"{DATES[day]}T{hour:02}:{minute:02}:{self.seconds:02}+02:00"


def spread(rng: Random, articles: int) -> list[int]:
    """How many of the articles fall on each day; the last day always has one, so that every corpus ends there."""
    totals = list(accumulate(_day_weights()))
    counts = [0] * DAY_COUNT
    for _ in range(articles - 1):
        counts[bisect_right(totals, rng.random() * totals[-1])] += 1
    if articles:
        counts[-1] += 1
    return counts


def moments(rng: Random, day: int, count: int) -> Iterator[Moment]:
    """The moments of a day's articles, in order; more in office hours, many on a multiple of five minutes."""
    times = []
    for _ in range(count):
        hour = bisect_right(HOURS, rng.random() * HOURS[-1])
        minute = int(rng.random() * 60) if rng.random() < 0.6 else 5 * int(rng.random() * 12)
        times.append((60 * hour + minute, int(rng.random() * 60) if rng.random() < 0.4 else 0))
    for minutes, seconds in sorted(times):
        yield Moment(day, minutes, seconds)


def drift(day: int) -> float:
    """How far the scores of a day lie above or below the usual: they fall for a year and recover after it."""
    for (start, low), (end, high) in pairwise(DRIFT):
        if day < end:
            return low + (high - low) * (day - start) / (end - start)
    return DRIFT[-1][1]


def winter(day: int) -> float:
    """1 in the middle of January, falling to 0 within twelve weeks on either side."""
    day_of_year = (FIRST_DAY + timedelta(days=day)).timetuple().tm_yday
    distance = abs(day_of_year - 15)
    return max(0.0, 1 - min(distance, 365 - distance) / 84)


def _day_weights() -> list[float]:
    """The share of the articles that each day gets: slow growth, quiet weekends and holidays, an outage, a rush."""
    weights = []
    for day in range(DAY_COUNT):
        today = FIRST_DAY + timedelta(days=day)
        weight = WEEKDAY_WEIGHTS[today.weekday()] * (1 + 0.75 * day / DAY_COUNT)
        if today.month == 8:
            weight *= 0.72
        if (today.month, today.day) >= (12, 22) or (today.month, today.day) <= (1, 3):
            weight *= 0.45
        weight *= RUSH.get(day, 1.6 if day in EVENT_TOPICS else 1.0)
        weights.append(0.0 if day in OUTAGE else weight)
    return weights


SITE = "loadcurve.example"
UMBRELLA = "Clean Energy"
UMBRELLA_KEYWORDS = ("clean energy", "renewables", "energy transition")
CUTOFF = 70
RISING, FADING, SEASONAL, BURSTING = "Sodium Batteries", "Hydrogen", "Heat Pumps", "Blackouts"
NEWCOMER, SILENT = "Ampere Daily", "Gridfall Gazette"


@dataclass(frozen=True)
class Outlet:
    """A provider: its share of the articles, how far its scores lie from the site's, the score it gets most often."""

    name: str
    domain: str
    weight: float
    offset: int
    usual: int
    links: str = "dated"
    beat: tuple[str, ...] = ()
    alias: str | None = None
    listed: bool = True


# fmt: off
OUTLETS = (
    Outlet("The Grid Ledger", "gridledger.example", 31, 2, 72),
    Outlet("Harrow Wire", "harrowwire.example", 11, -24, 37, "numbered"),
    Outlet("Voltaic Review", "voltaicreview.example", 7.5, 24, 104),
    Outlet(NEWCOMER, "amperedaily.example", 0, 14, 87, "numbered"),
    Outlet("Kestrel Business", "kestrelbusiness.example", 6, 9, 87, beat=("Finance", "Policy")),
    Outlet(SILENT, "gridfallgazette.example", 0, -8, 54),
    Outlet("Port Ellery Post", "portellerypost.example", 4, -1, 72, beat=("Offshore Wind", "Wind")),
    Outlet("Sunfold", "sunfold.example", 3.5, 12, 87, "plain", ("Solar", "Rooftop Solar")),
    Outlet("wattpress.example", "wattpress.example", 2.8, -19, 37, "numbered"),
    Outlet("Osterby Tribune", "osterbytribune.example", 2.4, 3, 72),
    Outlet("Charge Corner", "chargecorner.example", 2.1, -6, 61, "plain", ("Charging", "Electric Vehicles")),
    Outlet(
        "Halmstrand Institute", "halmstrand.example", 1.8, 37, 119, "plain",
        alias="Halmstrand Institute of Technology",
    ),
    Outlet("Load & Lumen", "loadandlumen.example", 1.6, 17, 104),
    Outlet("Le Quai Électrique", "quaielectrique.example", 1.4, 6, 72),
    Outlet("Brightmoor Energy Agency", "brightmoor-agency.example", 1.2, 21, 104, "plain", ("Policy", "Grid")),
    Outlet("Motorgrid", "motorgrid.example", 1.1, -3, 72, "numbered", ("Electric Vehicles",)),
    Outlet("Low Load Blog", "lowload.example", 0.95, -22, 34, "plain", listed=False),
    Outlet("Sarn Valley Herald", "sarnvalleyherald.example", 0.85, -12, 37),
    Outlet("The Ridge Turbine", "ridgeturbine.example", 0.75, 8, 87, beat=("Wind",)),
    Outlet("Quillon Research", "quillon.example", 0.7, 42, 134, "plain"),
    Outlet("Nordhåla Dagblad", "nordhala.example", 0.6, 4, 72),
    Outlet("Caldry Bay Chronicle", "caldrybay.example", 0.5, -7, 72),
    Outlet("Hearth & Coil", "hearthandcoil.example", 0.45, 10, 87, "plain"),
    Outlet("Volt Almanac", "voltalmanac.example", 0.4, -15, 37),
    Outlet("Kontor Energie", "kontor-energie.example", 0.35, 13, 87, "numbered"),
    Outlet("Penwick Standard", "penwickstandard.example", 0.3, -4, 72, listed=False),
    Outlet("Lantern Weekly", "lanternweekly.example", 0.26, 15, 104),
    Outlet("Reed & Rotor", "reedandrotor.example", 0.24, -2, 72),
    Outlet("Fennimoor Co-op News", "fennimoor.example", 0.22, -18, 34),
    Outlet("Tarn Evening Mail", "tarneveningmail.example", 0.2, -10, 37),
    Outlet("Postmill Quarterly", "postmill.example", 0.18, 28, 119, "plain"),
    Outlet("Cobalt Row", "cobaltrow.example", 0.17, 5, 72, "numbered"),
    Outlet("未来電池 Mirai Denchi", "miraidenchi.example", 0.16, 11, 87, "plain", listed=False),
    Outlet("Union of Rooftop Owners", "rooftopowners.example", 0.25, -26, 14, beat=("Rooftop Solar",)),
    Outlet("Fjellnett Notes", "fjellnett.example", 0.14, -5, 72, "plain"),
)
# fmt: on
SITE_OUTLET = Outlet("The Load Curve", SITE, 0, 0, 72)


@dataclass(frozen=True)
class Topic:
    """A subject: its usual weight, its effect on quality, the topics that an article on it tends to carry as well."""

    name: str
    weight: float
    lift: int
    keywords: tuple[str, ...]
    companions: tuple[tuple[str, float], ...] = ()
    parent: str | None = None
    description: str = ""


# fmt: off
TOPICS = (
    Topic("Solar", 15, 2, ("solar", "photovoltaic"), (("Storage", 0.2), ("Finance", 0.08)),
          description="Electricity from sunlight, from cells to parks."),
    Topic("Rooftop Solar", 6, -5, ("rooftop solar", "balcony solar", "rooftop panels"),
          (("Solar", 0.85), ("Storage", 0.25), ("Policy", 0.1)), "Solar", "Panels on homes, sheds and balconies."),
    Topic("Wind", 9, 0, ("wind", "turbine", "turbines"), (("Grid", 0.15), ("Policy", 0.12)),
          description="Turbines on land and what they deliver."),
    Topic("Offshore Wind", 7, 5, ("offshore wind", "floating wind"), (("Wind", 0.85), ("Finance", 0.18)), "Wind",
          "Wind farms at sea, fixed and floating."),
    Topic("Storage", 12, 4, ("storage", "battery", "batteries"), (("Solar", 0.2), ("Grid", 0.2), ("Finance", 0.08)),
          description="Keeping energy for later: batteries, water, heat."),
    Topic(RISING, 0, 9, ("sodium-ion", "sodium battery", "sodium batteries"),
          (("Storage", 0.85), ("Electric Vehicles", 0.12)), "Storage", "Cells that do without lithium."),
    Topic(FADING, 0, -6, ("hydrogen", "electrolyser", "electrolysers"), (("Policy", 0.2), ("Finance", 0.15)),
          description="Hydrogen made with clean electricity."),
    Topic(SEASONAL, 0, -2, ("heat pump", "heat pumps"), (("Policy", 0.25), ("Grid", 0.06)),
          description="Heating homes and districts with electricity."),
    Topic("Grid", 10, 3, ("grid", "transmission", "substation", "substations"), (("Policy", 0.15), ("Storage", 0.15)),
          description="Lines, substations and the people who balance them."),
    Topic(BURSTING, 0, 1, ("blackout", "blackouts", "power cut", "power cuts"), (("Grid", 0.8), ("Storage", 0.12)),
          "Grid", "When the power goes, and how it comes back."),
    Topic("Electric Vehicles", 11, -3,
          ("electric car", "electric cars", "electric bus", "electric vans", "electric transport"),
          (("Charging", 0.25), ("Finance", 0.06)), description="Cars, vans and buses that run on electricity."),
    Topic("Charging", 6, -7, ("charging", "charger", "chargers"), (("Electric Vehicles", 0.75), ("Grid", 0.15)),
          "Electric Vehicles", "Where and how vehicles are charged."),
    Topic("Policy", 9, 1, ("policy", "subsidy", "subsidies"), (("Finance", 0.12), ("Solar", 0.1)),
          description="Laws, rules and public money."),
    Topic("Finance", 7, 7, ("finance", "investment", "lenders"), (("Storage", 0.1), ("Policy", 0.08)),
          description="Who pays, who lends, who earns."),
)
TOPIC_NAMED = {topic.name: topic for topic in TOPICS}
# fmt: on


def outlet_weights(day: int) -> Sequence[float]:
    """Cumulative weights of `OUTLETS` on a day; a newcomer grows after its start, another falls silent."""
    special = {
        NEWCOMER: 4 + 14 * (day - NEWCOMER_START) / (DAY_COUNT - NEWCOMER_START) if day >= NEWCOMER_START else 0,
        SILENT: 0 if day >= SILENT_FROM else 5.5,
    }
    return tuple(accumulate(special.get(outlet.name, outlet.weight) for outlet in OUTLETS))


def topic_weights(day: int) -> Sequence[float]:
    """Cumulative weights of `TOPICS` on a day: one rises, one fades, one comes with winter, one bursts."""
    passed = day / DAY_COUNT
    special = {
        RISING: 0.8 + 21 * passed * passed,
        FADING: 2.2 + 17 * (1 - passed) * (1 - passed),
        SEASONAL: 1.6 + 15 * winter(day),
        BURSTING: 12 + 55 * (BURST.stop - day) / len(BURST) if day in BURST else 0.7,
    }
    news = EVENT_TOPICS.get(day)
    weights = (special.get(topic.name, topic.weight) + (45 if topic.name == news else 0) for topic in TOPICS)
    return tuple(accumulate(weights))
