"""Holds: kept for a while on the database's clock; confirmed or expired, never both; moved without a gap."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from inventory.stock.errors import HoldEnded, HoldMissing, ReferenceTaken, ReservationMissing, ShortStock
from inventory.stock.models import Reservation, StockChange
from inventory.stock.services import expiring, holding, reserving, selling

pytestmark = pytest.mark.django_db
REFERENCE = "hold:1:basket"


@pytest.fixture
def hold(house):
    """Hold units of the first article in Lille."""

    def held(units: int = 3, reference: str = REFERENCE, seconds: int = 900):
        wanted = {house.variants[0].pk: units}
        return holding.hold(location_id=house.lille.pk, wanted=wanted, reference=reference, seconds=seconds)

    return held


def let_time_pass() -> None:
    """The database's clock cannot be turned: the end of every hold is."""
    Reservation.objects.filter(expires_at__isnull=False).update(expires_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_a_hold_keeps_units_for_its_time(house, hold):
    before = datetime.now(UTC)
    held = hold(3, seconds=900)
    assert (held.status, held.lines, held.location_id) == ("held", {house.variants[0].pk: 3}, house.lille.pk)
    assert timedelta(seconds=890) < held.expires_at - before < timedelta(seconds=910)
    assert (house.level("SKU-1").reserved, house.level("SKU-1").on_hand) == (3, 100)


def test_the_same_wish_finds_the_same_hold_and_another_is_refused(house, hold):
    first = hold(3)
    assert hold(3) == first
    assert house.level("SKU-1").reserved == 3
    with pytest.raises(ReferenceTaken):
        hold(4)
    assert house.level("SKU-1").reserved == 3


def test_the_same_wish_after_its_time_is_not_told_that_it_is_held(house, hold):
    hold(3)
    let_time_pass()
    with pytest.raises(HoldEnded):
        hold(3)
    assert expiring.sweep() == 1
    with pytest.raises(HoldEnded):
        hold(3)
    assert house.level("SKU-1").reserved == 0


def test_all_or_nothing(house):
    wanted = {house.variants[0].pk: 1, house.variants[1].pk: 101}
    with pytest.raises(ShortStock) as refused, transaction.atomic():
        holding.hold(location_id=house.lille.pk, wanted=wanted, reference=REFERENCE, seconds=60)
    short = [(one.variant_id, one.wanted, one.available) for one in refused.value.short]
    assert short == [(house.variants[1].pk, 101, 100)]
    assert not Reservation.objects.exists()


def test_confirmed_it_does_not_run_out(house, hold):
    hold()
    for _again in range(2):
        assert holding.confirm(reference=REFERENCE).status == "confirmed"
    let_time_pass()
    assert expiring.sweep() == 0
    assert house.level("SKU-1").reserved == 3


def test_what_ran_out_comes_back_once_and_cannot_be_confirmed(house, hold):
    hold()
    let_time_pass()
    with pytest.raises(HoldEnded), transaction.atomic():
        holding.confirm(reference=REFERENCE)
    assert (expiring.sweep(), expiring.sweep()) == (1, 0)
    assert house.level("SKU-1").reserved == 0
    held = Reservation.objects.get()
    assert (held.status, held.expired, held.released, held.expires_at) == ("expired", 3, 3, None)
    for again in (lambda: holding.confirm(reference=REFERENCE), hold):
        with pytest.raises(HoldEnded), transaction.atomic():
            again()


def test_a_buyer_gets_what_ran_out_before_the_sweep_came(house, hold):
    hold(100)
    with pytest.raises(ShortStock), transaction.atomic():
        hold(1, "hold:2:basket")
    let_time_pass()
    assert hold(1, "hold:2:basket").status == "held"
    assert house.level("SKU-1").reserved == 1


def test_released_is_given_back_once(house, hold):
    hold()
    for _again in range(2):
        ended = holding.release(reference=REFERENCE)
        assert (ended.status, ended.lines) == ("released", {})
    assert house.level("SKU-1").reserved == 0
    with pytest.raises(HoldMissing):
        holding.release(reference="hold:1:never")


def test_units_go_to_another_place_with_the_time_that_is_left(house, hold):
    first = hold()
    moved = holding.move(reference=REFERENCE, to_location_id=house.lens.pk)
    assert (moved.location_id, moved.status, moved.expires_at) == (house.lens.pk, "held", first.expires_at)
    assert (house.level("SKU-1").reserved, house.level("SKU-1", house.lens).reserved) == (0, 3)
    back = holding.move(reference=REFERENCE, to_location_id=house.lille.pk)
    assert (back.location_id, back.lines) == (house.lille.pk, first.lines)
    assert (house.level("SKU-1").reserved, house.level("SKU-1", house.lens).reserved) == (3, 0)
    assert holding.move(reference=REFERENCE, to_location_id=house.lille.pk) == back


def test_a_place_that_has_not_enough_takes_nothing_over(house, hold):
    hold(60)
    reserving.reserve(location_id=house.lens.pk, wanted={house.variants[0].pk: 50}, reference="order")
    with pytest.raises(ShortStock), transaction.atomic():
        holding.move(reference=REFERENCE, to_location_id=house.lens.pk)
    assert (house.level("SKU-1").reserved, house.level("SKU-1", house.lens).reserved) == (60, 50)


def test_what_is_over_is_not_moved(house, hold):
    hold()
    let_time_pass()
    with pytest.raises(HoldEnded):
        holding.move(reference=REFERENCE, to_location_id=house.lens.pk)


def test_what_is_only_held_is_not_sold(house, hold):
    hold()
    sale = {"location_id": house.lille.pk, "wanted": {house.variants[0].pk: 3}, "reference": "sale", "actor_id": None}
    with pytest.raises(ReservationMissing), transaction.atomic():
        selling.sell_reserved(reservation=REFERENCE, **sale)
    holding.confirm(reference=REFERENCE)
    selling.sell_reserved(reservation=REFERENCE, **sale)
    assert Reservation.objects.get().status == "fulfilled"


def test_every_state_of_a_level_is_kept(house, hold):
    hold(3)
    holding.release(reference=REFERENCE)
    kept = StockChange.objects.filter(variant=house.variants[0], location=house.lille).order_by("version")
    assert list(kept.values_list("version", "on_hand", "reserved")) == [(0, 100, 0), (1, 100, 3), (2, 100, 0)]
