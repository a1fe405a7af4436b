"""The house does what its model says, wish after wish; and the machine sees it when it does not."""

import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from inventory.places.models import HoldPlace
from inventory.stock.services import correcting
from orders.fulfilment.services import finishing, giving_up, readying, shorting, undoing
from orders.pricing import baskets
from tests import factories, journeys
from tests.machine.driver import Machine
from tests.machine.things import Article
from tests.machine.world import World

SEED = int(os.environ.get("OMNI_MACHINE_SEED", "20261122"))
LIVES = int(os.environ.get("OMNI_MACHINE_LIVES", "100"))
STEPS = int(os.environ.get("OMNI_MACHINE_STEPS", "100"))
SHRINK = bool(os.environ.get("OMNI_MACHINE_SHRINK", ""))
"""So many lives of so many steps each: `OMNI_MACHINE_LIVES=10000` for a night. `OMNI_MACHINE_SHRINK=1` spends minutes
on making a failure short."""

REFUSALS = {
    *("price_differs", "short_stock", "money_due", "transition_refused", "not_in_this_order"),
    *("pieces_still_open", "hold_place_unknown", "too_late_to_undo"),
}

# Every life is a transaction of its own, taken back: in one over all lives PostgreSQL would wade through the dead rows
# of the lives before.
pytestmark = pytest.mark.django_db(transaction=True)


def plan(lives: int, steps: int, *phases: Phase) -> settings:
    return settings(
        max_examples=lives,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=phases,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def world(house, clerk) -> World:
    """Articles at 10.00, 2.99 and 0.49 € and one for nothing; the house's own articles stay as they are."""
    articles = [Article("M-1", 1000, 2000), Article("M-2", 299, 550), Article("M-3", 49, 2000), Article("M-4", 0, 550)]
    variants = {}
    for article in articles:
        vat_class = "reduced" if article.rate == 550 else "standard"
        variant = factories.VariantFactory(sku=article.sku, gtin=None, product__vat_class=vat_class)
        factories.PriceFactory(variant=variant, amount=article.price)
        variants[article.sku] = variant.pk
    stores = {"lille": house.lille, "lens": house.lens}
    spots = {name: HoldPlace.objects.filter(location=store).first().pk for name, store in stores.items()}
    return World(stores, variants, articles, spots, journeys.acting(clerk, channel="web"))


def machine_in(world: World, name: str = "Machine") -> type[Machine]:
    return seed(SEED)(type(name, (Machine,), {"world": world}))


def test_the_house_does_what_its_model_says(world, report):
    phases = [Phase.generate, Phase.shrink] if SHRINK else [Phase.generate]
    run_state_machine_as_test(machine_in(world), settings=plan(LIVES, STEPS, *phases))
    report(f"machine: {world.tally} (OMNI_MACHINE_SEED={SEED})")
    assert world.tally.wishes >= LIVES * STEPS // 2
    assert REFUSALS - set(world.tally.refused) == set(), "refusals that the machine never met"


def forgotten(*anything: object, **more: object) -> int:
    return 0


def to_the_last(total: int, weights: list[int]) -> list[int]:
    return [0] * (len(weights) - 1) + [total]


DEFECTS = {
    "a cancelled order keeps its reservation": (giving_up, "reserving", SimpleNamespace(release=forgotten)),
    "a cancelled order keeps its pending points": (giving_up, "settling", SimpleNamespace(void=forgotten)),
    "an expired order keeps the money": (giving_up, "refunding", SimpleNamespace(settle_overpaid=forgotten)),
    "a missing piece is still charged": (shorting, "dropping", SimpleNamespace(drop=forgotten)),
    "an empty shelf still counts as stock": (correcting, "EMPTIES", frozenset()),
    "what is half picked can be ready": (readying, "require_closed_lines", forgotten),
    "goods leave unpaid": (finishing, "_take_what_is_due", forgotten),
    "an undone hand-over keeps its points": (undoing, "settling", SimpleNamespace(reopen=forgotten)),
    "a hand-over can be undone for ever": (undoing, "UNDO_WITHIN", timedelta(days=999)),
    "all VAT goes to the last line": (baskets, "allot", to_the_last),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_machine_finds_a_defect(world, monkeypatch, defect):
    monkeypatch.setattr(*DEFECTS[defect])
    with pytest.raises((AssertionError, IntegrityError)):
        run_state_machine_as_test(machine_in(world), settings=plan(60, 60, Phase.generate))
    assert world.tally.wishes
