"""The machine's world, and its count, printed below the tests."""

from collections.abc import Callable
from typing import Any

import pytest

from inventory.places.models import HoldPlace
from orders.fulfilment import codes
from tests import factories, journeys
from tests.machine.things import Article
from tests.machine.world import World

SAID = "said"


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say a line that is printed at the end of the run, whichever process the test ran in."""
    return lambda line: record_property(SAID, line)


@pytest.fixture
def world(house: Any, clerk: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    """Articles at 10.00 and 0.49 € of one product, at 2.99 € and for nothing of another; the house's own articles stay
    as they are. Codes are long enough for no two to be the same in a million wishes: a code that clashes takes a round
    that no model foresees."""
    monkeypatch.setattr(codes, "DIGITS", 9)
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
    spots = {name: HoldPlace.objects.filter(location=store).first().pk for name, store in stores.items()}
    return World(stores, variants, articles, spots, journeys.acting(clerk, channel="web"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for outcome in ("passed", "failed"):
        for test in terminalreporter.stats.get(outcome, []):
            for name, line in test.user_properties:
                if name == SAID:
                    terminalreporter.write_line(line)
