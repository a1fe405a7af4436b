"""What the tests of the import share."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.management.base import OutputWrapper

from omni.demo.extract import ExtractPanel
from omni.demo.importing import Outcome, import_panel
from tests.demo import panels

Load = Callable[..., Outcome]


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
