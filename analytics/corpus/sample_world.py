"""The fictional world of the sample corpus: the outlets and the topics it gathers, and how much of each on which day.

Everything here is invented: names, places and events.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from analytics.corpus.sample_calendar import BURST, DAY_COUNT, EVENT_TOPICS, NEWCOMER_START, SILENT_FROM, winter

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
