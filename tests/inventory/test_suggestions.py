"""What a store will lack is reckoned from what it sells, what it has, what is coming; who gives keeps enough."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inventory.places.queries import place
from inventory.stock.models import StockLevel
from inventory.transfers import suggesting
from inventory.transfers.models import SalesRate, Transfer
from inventory.transfers.services import rating, sending
from omni import tasks
from omni.staff.models import User
from orders.fulfilment.services import giving_up
from orders.sales.models import Order
from tests import journeys
from tests.conftest import House

pytestmark = pytest.mark.django_db


def has(house: House, figures: dict[str, int]) -> None:
    """Let each store have so many of the first article."""
    for store in house.stores:
        level = StockLevel.objects.filter(location=store, variant=house.variants[0])
        level.update(on_hand=figures.get(store.code, 0))


def sells(house: House, figures: dict[str, int]) -> None:
    for store in house.stores:
        units = figures.get(store.code, 0)
        rating.learn(location_id=store.pk, sold={house.variants[0].pk: units} if units else {})


def suggested(house: House) -> list[tuple[int, str, int, int]]:
    """Units needed, who gives how many of them, and units to order, in Lille."""
    return [
        (one.need, one.giver.place.code if one.giver else "", one.giver.units if one.giver else 0, one.order)
        for one in suggesting.of_store(place(house.lille.pk))
    ]


@pytest.mark.parametrize(
    ("here", "lens", "amiens", "expected"),
    [
        (14, 99, 99, []),  # 28 in 28 days: 14 last for 14 days
        (13, 99, 99, [(1, "lens", 1, 0)]),  # Lens is nearer
        (4, 5, 99, [(10, "amiens", 10, 0)]),  # the nearest that covers it all
        (4, 5, 6, [(10, "amiens", 6, 4)]),  # or else whoever can spare most
        (4, 0, 0, [(10, "", 0, 10)]),
    ],
)
def test_the_need_is_what_sells_in_two_weeks_less_what_is_there(
    house: House, here: int, lens: int, amiens: int, expected: list[tuple[int, str, int, int]]
) -> None:
    has(house, {"lille": here, "lens": lens, "amiens": amiens})
    sells(house, {"lille": 28})
    assert suggested(house) == expected


def test_who_gives_keeps_what_it_sells_in_four_weeks(house: House) -> None:
    has(house, {"lille": 0, "lens": 20, "amiens": 20})
    sells(house, {"lille": 28, "lens": 10, "amiens": 15})
    assert suggested(house) == [(14, "lens", 10, 4)]


def test_what_is_coming_counts_as_there(house: House, clerk: User) -> None:
    has(house, {"lille": 4, "lens": 99})
    sells(house, {"lille": 28})
    transfer = sending.open_transfer(
        origin_id=house.lens.pk, destination_id=house.lille.pk, actor_id=clerk.pk, public_id=None,
        wanted={house.variants[0].pk: 7},
    )  # fmt: skip
    sending.make_ready(transfer_id=transfer.pk)
    sending.send(transfer_id=transfer.pk, actor_id=clerk.pk)
    assert suggested(house) == [(3, "lens", 3, 0)]


def test_kept_damaged_and_safety_stock_are_neither_there_nor_given(house: House) -> None:
    has(house, {"lille": 14, "lens": 12})
    levels = StockLevel.objects.filter(variant=house.variants[0], location__in=[house.lille, house.lens])
    levels.update(safety_stock=3, damaged=1)
    sells(house, {"lille": 28})
    assert suggested(house) == [(4, "lens", 4, 0)]
    StockLevel.objects.filter(location=house.lens).update(safety_stock=9)
    assert suggested(house) == [(4, "lens", 2, 2)]


def test_rates_are_what_was_ordered_in_the_last_four_weeks_and_not_cancelled(house: House, clerk: User) -> None:
    kept, _old, dropped = (journeys.placed(house.lille, {"SKU-1": units}, by=clerk, paid=None) for units in (3, 5, 7))
    Order.objects.filter(number=_old.order.number).update(placed_on=timezone.now().date() - timedelta(days=28))
    giving_up.cancel(fulfilment_id=journeys.fulfilment_of(dropped).pk, actor_id=clerk.pk, reason="no longer wanted")
    assert tasks.learn_sales_rates() == 1
    assert list(SalesRate.objects.values_list("location__code", "variant__sku", "units")) == [("lille", "SKU-1", 3)]
    assert tasks.learn_sales_rates() == 0
    Order.objects.filter(number=kept.order.number).update(placed_on=timezone.now().date() - timedelta(days=40))
    assert tasks.learn_sales_rates() == 1
    assert not SalesRate.objects.exists()


def test_one_tap_asks_another_store_once_for_what_is_suggested(clerk_client: Client, house: House) -> None:
    has(house, {"lille": 4, "lens": 99})
    sells(house, {"lille": 28})
    page = clerk_client.get(reverse("transfer-suggestions"))
    assert b"28 sold here, 4 left: lasts 4 days" in page.content
    assert b"Lens has 99 and sold 0" in page.content
    for _time in range(2):
        answer = clerk_client.post(
            reverse("transfer-suggestions"), {"giver": str(house.lens.pk), "idempotency_key": "tap"}
        )
    asked = Transfer.objects.get()
    assert answer["Location"] == asked.get_absolute_url()
    assert list(asked.lines.values_list("variant__sku", "asked")) == [("SKU-1", 10)]
    assert (asked.origin_id, asked.destination_id, asked.status) == (house.lens.pk, house.lille.pk, "draft")
    has(house, {"lille": 14, "lens": 99})
    for giver in (str(house.lens.pk), "nobody", ""):
        late = clerk_client.post(
            reverse("transfer-suggestions"), {"giver": giver, "idempotency_key": giver}, follow=True
        )
        assert b"This is no longer suggested" in late.content
    assert Transfer.objects.count() == 1


def test_a_store_that_lacks_nothing_reads_so(clerk_client: Client, house: House) -> None:
    assert b"Nothing will be lacking" in clerk_client.get(reverse("transfer-suggestions")).content
