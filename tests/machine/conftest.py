"""The machine's world, and its count, printed below the tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inventory.places.models import HoldPlace, Location
from omni.lib import reference
from orders.fulfilment import codes
from tests import factories, journeys, visits
from tests.machine.reserving import MOST, MOST_PIECES
from tests.machine.things import Article
from tests.machine.waiting import KEEPING
from tests.machine.world import World

SAID = "said"


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say a line that is printed at the end of the run, whichever process the test ran in."""
    return lambda line: record_property(SAID, line)


@pytest.fixture
def world(house: Any, clerk: Any, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> World:
    """Articles at 10.00 and 0.49 € of one product, at 2.99 € and for nothing of another; the house's own articles stay
    as they are. Codes are long enough for no two to be the same in a million wishes: a code that clashes takes a round
    that no model foresees."""
    monkeypatch.setattr(codes, "DIGITS", 9)
    settings.MOST_RESERVATIONS, settings.MOST_RESERVED_PIECES = MOST, MOST_PIECES
    articles = [Article("M-1", 1000, 2000), Article("M-2", 299, 550), Article("M-3", 49, 2000), Article("M-4", 0, 550)]
    variants = {}
    products = {
        rate: factories.VariantFactory(sku=f"M-{rate}", gtin=None, product__vat_class=vat_class).product
        for rate, vat_class in ((2000, "standard"), (550, "reduced"))
    }
    for article in articles:
        variant = factories.VariantFactory(sku=article.sku, gtin=None, product=products[article.rate])
        factories.PriceFactory(variant=variant, amount=article.price)
        variants[article.sku] = variant.pk
    stores = dict(sorted({"lille": house.lille, "lens": house.lens}.items(), key=lambda named: named[1].pk))
    for name, store in stores.items():
        Location.objects.filter(pk=store.pk).update(
            keep_days=KEEPING[name].days,
            reservation_openings=KEEPING[name].openings,
            extensions=KEEPING[name].extensions,
            extension_days=KEEPING[name].extension_days,
        )
    reference.forget()
    spots = {name: HoldPlace.objects.filter(location=store).first().pk for name, store in stores.items()}
    settings.CARRIERS = []  # what a life sets is taken back with it
    actor = journeys.acting(clerk, channel="web")
    return World(stores, variants, articles, spots, actor, tmp_path / "sent", offered(stores))


def offered(stores: dict[str, Any]) -> dict[str, int]:
    """Let each store offer something in the morning; return the offers' keys."""
    hours = {"lille": (30, 2, 60, 7, "09:00-12:00"), "lens": (45, 1, 0, 3, "10:00-12:30")}
    names = ("minutes", "seats", "notice_minutes", "days_ahead", "rhythm")
    return {
        store: visits.offered(stores[store], code=f"at-{store}", **dict(zip(names, how, strict=True))).pk
        for store, how in hours.items()
    }


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for outcome in ("passed", "failed"):
        for test in terminalreporter.stats.get(outcome, []):
            for name, line in test.user_properties:
                if name == SAID:
                    terminalreporter.write_line(line)
