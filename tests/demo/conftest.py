"""What the tests of the import and of the clock share."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import OutputWrapper
from django.utils import timezone

from inventory.places.models import Location
from omni.demo.extract import ExtractPanel
from omni.demo.importing import Outcome, import_panel
from omni.demo.models import Clock
from omni.lib import reference
from tests.demo import panels
from tests.house import House

Load = Callable[..., Outcome]
OPEN = "24/7"


@pytest.fixture
def every_trap(tmp_path: Path) -> ExtractPanel:
    """Five baskets with one of every trap."""
    return panels.panel(tmp_path / "panel")


@pytest.fixture
def load(db: None, tmp_path: Path) -> Load:
    """Import a panel, with nothing said."""

    def run(panel: ExtractPanel, *, today: date | None = None) -> Outcome:
        out = OutputWrapper(io.StringIO())
        return import_panel(panel, today=today, report_path=tmp_path / "import-report.csv", out=out)

    return run


@pytest.fixture
def demo(house: House, settings: Any) -> House:
    """The furnished house as a demo that is always open, whose past ended ten days ago."""
    settings.DEMO = True
    Location.objects.update(invented=True, opening_hours=OPEN)
    reference.forget()
    now = timezone.now()
    Clock.objects.create(past_until=now - timedelta(days=10), opened_at=now - timedelta(hours=1))
    return house
