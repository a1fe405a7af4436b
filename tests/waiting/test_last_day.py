"""Nothing is given up at a moment at which its customer could not come."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from inventory.places import hours
from inventory.places.models import Location, SpecialDay
from inventory.places.queries import place
from omni.lib import reference
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up
from orders.fulfilment.waiting.services import extending
from orders.sales.models import OrderEvent
from tests import journeys

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 6, 10, 8, 0, tzinfo=UTC)


def last(house, opening_hours: str, days: int, *closed: str) -> str:
    """Return when a pickup ready on Wednesday is given up, on the store's clock."""
    Location.objects.filter(pk=house.lille.pk).update(opening_hours=opening_hours)
    for day in closed:
        SpecialDay.objects.create(location=house.lille, on=day, reason="Holiday")
    with time_machine.travel(WEDNESDAY, tick=False):
        reference.forget()
        store = place(house.lille.pk)
        return f"{store.local(hours.last_closing(store, WEDNESDAY, days)):%a %d %H:%M:%S}"


def test_it_is_kept_until_the_store_closes_on_its_last_day(house):
    assert last(house, "Mo-Sa 09:00-19:30", 7) == "Wed 17 19:30:00"


def test_a_lunch_break_is_not_the_end_of_a_day(house):
    assert last(house, "Mo-Sa 09:00-12:00,14:00-18:00", 1) == "Thu 11 18:00:00"


def test_a_last_day_on_which_it_is_closed_moves_to_the_next_open_one(house):
    assert last(house, "Mo-Sa 09:00-19:30", 4) == "Mon 15 19:30:00"
    assert last(house, "Mo-Sa 09:00-19:30", 7, "2026-06-17", "2026-06-18") == "Fri 19 19:30:00"


def test_a_day_that_does_not_close_ends_with_its_last_second(house):
    assert last(house, "24/7", 7) == "Wed 17 23:59:59"
    assert last(house, "Mo-Su 18:00-02:00", 1) == "Thu 11 23:59:59"


def test_a_store_that_never_opens_keeps_it_to_the_end_of_the_day(house):
    assert last(house, "Mo-Su off", 7) == "Wed 17 23:59:59"


def test_a_pickup_is_given_up_when_the_store_closes_and_not_before(house, clerk):
    Location.objects.filter(pk=house.lille.pk).update(opening_hours="Mo-Sa 09:00-19:30")
    with time_machine.travel(datetime(2027, 6, 9, 8, 0, tzinfo=UTC), tick=False):
        reference.forget()
        one = journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk), by=clerk)
        assert Fulfilment.objects.get(pk=one.pk).keep_until == datetime(2027, 6, 16, 17, 30, tzinfo=UTC)
        extending.extend(fulfilment_id=one.pk, actor_id=None)
        assert Fulfilment.objects.get(pk=one.pk).keep_until == datetime(2027, 6, 23, 17, 30, tzinfo=UTC)
    assert giving_up.expire(fulfilment_id=one.pk) is False


def test_what_ends_with_one_closing_is_given_up_in_the_order_in_which_it_was_placed(house, clerk):
    first, second = (
        journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk), by=clerk) for _one in range(2)
    )
    for one in (second, first):
        Fulfilment.objects.filter(pk=one.pk).update(keep_until=WEDNESDAY - timedelta(days=1000))
    assert giving_up.expire_due() == 2
    ended = OrderEvent.objects.filter(kind="pickup_expired").order_by("pk")
    assert list(ended.values_list("order", flat=True)) == [first.order_id, second.order_id]
