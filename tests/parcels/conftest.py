"""A house whose parcels a courier takes: a folder that stands for a whole carrier."""

import json
from pathlib import Path
from typing import Any

import pytest

from omni.staff.models import User
from orders.fulfilment.models import Fulfilment
from tests import sent
from tests.house import House

POINTS = """code,name,line,postal_code,town,country,latitude,longitude,hours
R001,Corner shop,1 rue Neuve,59000,Lille,FR,50.63,3.06,Mo-Sa 08:00-19:00
R002,Station kiosk,2 place de la Gare,59000,Lille,FR,50.6365,3.0700,
R003,Lyon desk,3 rue des Soyeux,69003,Lyon,FR,45.7606,4.8590,24/7
"""


class Courier:
    """What is in the carrier's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def consignments(self) -> list[dict[str, Any]]:
        return [json.loads(one.read_text()) for one in sorted((self.folder / "consignments").glob("*.json"))]

    def names(self, kind: str) -> list[str]:
        return sorted(one.name for one in (self.folder / kind).glob("*") if one.is_file())

    def tells(self, name: str, content: Any) -> None:
        """Put a tracking file there, as the courier's own software would."""
        where = self.folder / "tracking"
        where.mkdir(parents=True, exist_ok=True)
        (where / name).write_text(content if isinstance(content, str) else json.dumps(content))


@pytest.fixture
def courier(settings: Any, tmp_path: Path) -> Courier:
    """The house works with the carrier that is a folder."""
    settings.CARRIERS = ["file"]
    settings.CARRIER_FOLDER = str(tmp_path / "carrier")
    settings.CARRIER_TRACKING_URL = "https://courier.example/{number}"
    return Courier(tmp_path / "carrier")


@pytest.fixture
def points(settings: Any, tmp_path: Path) -> None:
    """Three relay points, two of them in Lille."""
    path = tmp_path / "points.csv"
    path.write_text(POINTS, encoding="utf-8")
    settings.RELAY_POINTS = str(path)


@pytest.fixture
def picked(house: House, clerk: User) -> Fulfilment:
    """Two pieces and one, paid, picked in Lille, to be sent."""
    return sent.picked(house.lille, {"SKU-1": 2, "SKU-2": 1}, by=clerk)
