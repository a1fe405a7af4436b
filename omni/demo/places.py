"""Made-up stores in French towns that exist: the name of the town, its postal code and its coordinates are real,
nothing else.

The panel publishes a store as a number. The ten busiest have a line of their own below; the others are set out over
`data/towns.csv` (written for this project; coordinates of the town's centre to about 100 m) and four quarters of each
town.
"""

import csv
from itertools import product
from pathlib import Path
from typing import NamedTuple

from django.utils.text import slugify

TOWNS = Path(__file__).parent / "data" / "towns.csv"
TIME_ZONE = "Europe/Paris"
TERRITORY = "FR"
SUNDAY_MORNING = "Mo-Sa 08:30-20:30; Su 09:00-13:00"
LUNCH_BREAK = "Mo 14:00-19:30; Tu-Fr 09:00-12:30,14:00-19:30; Sa 09:00-19:30"
USUAL = "Mo-Sa 08:30-20:30"
HOURS = (USUAL, SUNDAY_MORNING, LUNCH_BREAK, "Mo-Sa 08:00-21:00; Su 09:00-19:00")


class Place(NamedTuple):
    """`hours` in OpenStreetMap's syntax; coordinates WGS 84."""

    short_code: str
    name: str
    street: str
    postal_code: str
    town: str
    latitude: float
    longitude: float
    hours: str

    @property
    def code(self) -> str:
        return slugify(self.name)


BUSIEST = {
    367: Place("K4", "Lille Centre", "14 rue des Tisserands", "59000", "Lille", 50.6365, 3.0635, HOURS[3]),
    406: Place("E2", "Lyon Part-Dieu", "3 rue des Soyeux", "69003", "Lyon", 45.7606, 4.8590, HOURS[1]),
    343: Place("N2", "Nantes Commerce", "22 quai des Cordiers", "44000", "Nantes", 47.2133, -1.5586, HOURS[0]),
    361: Place("B7", "Bordeaux Chartrons", "9 rue des Tonneliers", "33000", "Bordeaux", 44.8520, -0.5720, HOURS[1]),
    381: Place("T3", "Toulouse Carmes", "31 rue des Pastels", "31000", "Toulouse", 43.5985, 1.4455, HOURS[0]),
    31782: Place("S5", "Strasbourg Halles", "5 rue des Bateliers", "67000", "Strasbourg", 48.5865, 7.7430, HOURS[0]),
    321: Place("R6", "Rennes Colombier", "18 rue des Imprimeurs", "35000", "Rennes", 48.1050, -1.6800, HOURS[0]),
    319: Place("M8", "Montpellier Antigone", "7 rue des Verriers", "34000", "Montpellier", 43.6085, 3.8890, HOURS[3]),
    330: Place("P9", "Paris Batignolles", "46 rue des Relieurs", "75017", "Paris", 48.8860, 2.3190, HOURS[3]),
    292: Place("A3", "Annecy Courier", "2 rue des Bonnetiers", "74000", "Annecy", 45.9015, 6.1260, LUNCH_BREAK),
}
"""The stores of the extract by their published number, busiest first."""

QUARTERS = (("", 0.0, 0.0), (" Nord", 0.018, 0.0), (" Sud", -0.018, 0.0), (" Est", 0.0, 0.026), (" Ouest", 0.0, -0.026))
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""Without I, O and Q, which are misheard or misread across a shop."""

HOLD_PLACES = (
    *((f"Casier {number:02d}", "locker", "Derrière la caisse, première rangée") for number in range(1, 7)),
    *((f"Casier {number:02d}", "locker", "Derrière la caisse, deuxième rangée") for number in range(7, 13)),
    *((f"Étagère {number}", "shelf", "Réserve, au fond à droite") for number in range(1, 5)),
    ("Portant 1", "rail", "Réserve, à gauche en entrant"),
)
"""Name, kind and directions of what every store has, as its clerks read them."""


def places(store_ids: list[int]) -> dict[int, Place]:
    """A place for every store of a panel, each unique. The ten busiest keep theirs in every panel."""
    others = [store for store in sorted(store_ids) if store not in BUSIEST]
    named = {store: place for store, place in BUSIEST.items() if store in set(store_ids)}
    return named | dict(zip(others, _elsewhere(len(others)), strict=True))


def _elsewhere(count: int) -> list[Place]:
    with TOWNS.open(encoding="utf-8", newline="") as file:
        towns = list(csv.DictReader(file))
    if count > len(towns) * len(QUARTERS):
        raise ValueError(f"{count} stores, but only {len(towns)} towns with {len(QUARTERS)} quarters each.")
    taken = {place.short_code for place in BUSIEST.values()}
    codes = (code for code in map("".join, product(LETTERS, map(str, range(2, 100)))) if code not in taken)
    sites = ((town, quarter) for quarter in QUARTERS for town in towns)
    return [
        _place(code, town, quarter, number)
        for number, code, (town, quarter) in zip(range(count), codes, sites, strict=False)
    ]


def _place(code: str, town: dict[str, str], quarter: tuple[str, float, float], number: int) -> Place:
    name, north, east = quarter
    return Place(
        short_code=code,
        name=town["town"] + name,
        street=f"{number % 60 + 1} rue du Marché",
        postal_code=town["postal_code"],
        town=town["town"],
        latitude=round(float(town["latitude"]) + north, 4),
        longitude=round(float(town["longitude"]) + east, 4),
        hours=HOURS[number % len(HOURS)],
    )
