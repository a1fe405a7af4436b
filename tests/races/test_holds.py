"""Holds under many hands: one reference is one hold, confirmed or expired but never both, moved without a gap."""

import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.db.models.functions import Now

from inventory.stock.errors import HoldEnded, ShortStock
from inventory.stock.models import Reservation
from inventory.stock.services import expiring, holding
from omni.lib.retry import retrying
from tests.races.crowd import at_once, raised, returned
from tests.races.twin import without_text

pytestmark = pytest.mark.django_db(transaction=True)

UNITS, CROWD, ROUNDS = 3, 8, 20
REFERENCE = "hold:1:basket"


@pytest.fixture
def hold(house):
    def held(reference: str = REFERENCE, units: int = UNITS):
        wanted = {house.variants[0].pk: units}
        return retrying(
            lambda: holding.hold(location_id=house.lille.pk, wanted=wanted, reference=reference, seconds=900)
        )

    return held


def confirm(reference: str) -> str:
    try:
        return retrying(lambda: holding.confirm(reference=reference)).status
    except HoldEnded:
        return "ended"


def sweep() -> str:
    return f"swept {expiring.sweep()}"


def ending_now(reference: str) -> None:
    """The hold's time is over in a moment, while everybody is at it."""
    Reservation.objects.filter(reference=reference).update(expires_at=Now() + timedelta(milliseconds=8))


def kept(house) -> tuple[int, int]:
    """Return what the levels say is kept, and what the reservations keep."""
    rows = Reservation.objects.filter(variant=house.variants[0])
    units = sum(one.quantity - one.fulfilled - one.released for one in rows)
    return sum(house.level("SKU-1", store).reserved for store in house.stores), units


def test_the_same_reference_at_once_is_one_hold(house, hold):
    outcomes = at_once([hold] * CROWD)
    assert not raised(outcomes, Exception)
    assert {one.status for one in returned(outcomes)} == {"held"}
    assert kept(house) == (UNITS, UNITS)


def test_a_hold_is_confirmed_or_expires_never_both_never_neither(house, hold):
    ends = []
    for number in range(ROUNDS):
        reference = f"{REFERENCE}-{number}"
        hold(reference)
        ending_now(reference)
        outcomes = at_once([partial(confirm, reference)] * CROWD + [sweep] * CROWD)
        assert not raised(outcomes, Exception), outcomes
        expiring.sweep()
        end = holding.find(reference).status
        assert end == ("confirmed" if "confirmed" in outcomes else "expired"), outcomes
        assert kept(house)[0] == kept(house)[1] == UNITS * (ends.count("confirmed") + (end == "confirmed"))
        ends.append(end)


def test_a_hold_that_is_moved_about_is_kept_once_all_the_time(house, hold):
    hold()
    places = [house.lens.pk, house.lille.pk]

    def move(turn: int):
        return lambda: retrying(lambda: holding.move(reference=REFERENCE, to_location_id=places[turn % 2]))

    for _round in range(ROUNDS):
        outcomes = at_once([move(turn) for turn in range(CROWD)])
        assert not raised(outcomes, Exception), outcomes
        assert kept(house) == (UNITS, UNITS)


def test_what_runs_out_is_bought_once(house, hold):
    """A hundred units are held and run out; a hundred buyers' wishes and the sweeps meet: a hundred are held again."""
    hold(units=100)
    Reservation.objects.update(expires_at=Now())

    def buy(number: int):
        def wish() -> str:
            try:
                return hold(f"hold:2:{number}", 10).status
            except ShortStock:
                return "short"

        return wish

    outcomes = at_once([*(buy(number) for number in range(12)), *[sweep] * 4])
    assert not raised(outcomes, Exception), outcomes
    assert (outcomes.count("held"), outcomes.count("short")) == (10, 2)
    assert kept(house) == (100, 100)


def confirmed_late_swept_meanwhile(house, hold) -> str:
    """Somebody confirms in time and commits when the time is over; the sweep waits for them. Return how it ended."""
    hold()
    Reservation.objects.update(expires_at=Now() + timedelta(milliseconds=150))

    def confirm_slowly() -> None:
        with transaction.atomic():
            holding.confirm(reference=REFERENCE)
            time.sleep(0.6)

    def sweep_meanwhile() -> int:
        time.sleep(0.3)
        return expiring.sweep()

    assert not raised(at_once([confirm_slowly, sweep_meanwhile]), Exception)
    return str(holding.find(REFERENCE).status)


def test_who_confirmed_in_time_keeps_the_units(house, hold):
    assert confirmed_late_swept_meanwhile(house, hold) == "confirmed"
    assert kept(house) == (UNITS, UNITS)


def test_without_a_second_look_the_sweep_takes_what_was_confirmed(house, hold, monkeypatch):
    trusting = without_text(expiring.EXPIRE, " AND held.expires_at <= statement_timestamp()")
    monkeypatch.setattr(expiring, "EXPIRE", trusting)
    assert confirmed_late_swept_meanwhile(house, hold) == "expired"
