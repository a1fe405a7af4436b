"""A clerk who misses a piece reads which other store would serve it, before anything happens; then it does."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inventory.places.models import Location
from inventory.sourcing.models import RuleSet
from inventory.stock.models import Reservation, StockLevel
from omni.lib import reference
from omni.staff.models import User
from orders.fulfilment.models import Fulfilment
from tests import journeys
from tests.conftest import House

pytestmark = pytest.mark.django_db
LEAVES = ("leaves", "Taken off the order: €20.00 less to pay")
LENS = ("pickup:lens", "Collected at Lens, 28 km from here")


def address(house: House, clerk: User, kind: str = "pickup") -> str:
    order = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, kind=kind, paid=2000)
    return reverse("short-line", args=[journeys.fulfilment_of(order).public_id, 1])


def told(client: Client, house: House, clerk: User, kind: str = "pickup") -> list[tuple[str, str]]:
    """Return the ways on as the page offers them; the first is the chosen one."""
    shown = client.get(address(house, clerk, kind), {"reason": "not_found"}).context["outcomes"]
    assert [one["selected"] for one in shown] == [True, *[False] * (len(shown) - 1)]
    return [(one["value"], one["title"]) for one in shown]


def report(client: Client, where: str, **said: str) -> Any:
    return client.post(where, {"reason": "not_found", "idempotency_key": "k-1", **said})


def held() -> dict[str, int]:
    rows = Reservation.objects.order_by("location__code")
    return {row.location.code: row.quantity - row.released for row in rows.select_related("location")}


def test_a_store_far_away_is_offered_after_leaving_the_order_and_nothing_is_kept_there(
    clerk_client: Client, house: House, clerk: User
) -> None:
    assert told(clerk_client, house, clerk) == [LEAVES, LENS]
    assert held() == {"lille": 2}


def test_a_store_near_by_comes_first(clerk_client: Client, house: House, clerk: User) -> None:
    here = house.lille
    Location.objects.filter(pk=house.lens.pk).update(latitude=here.latitude + 0.03, longitude=here.longitude)
    reference.forget()
    assert [value for value, _title in told(clerk_client, house, clerk)] == ["pickup:lens", "leaves"]


def test_a_store_without_enough_is_not_named(clerk_client: Client, house: House, clerk: User) -> None:
    StockLevel.objects.filter(location=house.lens).update(on_hand=1)
    assert told(clerk_client, house, clerk)[1] == ("pickup:amiens", "Collected at Amiens, 99 km from here")
    StockLevel.objects.filter(location=house.amiens).update(on_hand=1)
    assert told(clerk_client, house, clerk) == [LEAVES]


def test_parcels_come_from_stores_that_ship_wherever_they_are(clerk_client: Client, house: House, clerk: User) -> None:
    house.lens.offers_shipping = False
    house.lens.save()
    reference.forget()
    assert told(clerk_client, house, clerk, kind="ship") == [("ship:amiens", "Amiens sends it"), LEAVES]


def test_without_rules_no_store_is_named(clerk_client: Client, house: House, clerk: User) -> None:
    RuleSet.objects.all().delete()
    reference.forget()
    assert told(clerk_client, house, clerk) == [LEAVES]


def test_the_chosen_store_keeps_the_pieces_from_then_on(clerk_client: Client, house: House, clerk: User) -> None:
    where = address(house, clerk)
    assert report(clerk_client, where, instead="pickup:lens").status_code == 302
    report(clerk_client, where, instead="pickup:lens")  # sent twice
    assert held() == {"lens": 2, "lille": 0}
    [there] = Fulfilment.objects.filter(location=house.lens)
    assert (there.status, there.order.dropped) == ("to_pick", 0)


@pytest.mark.parametrize("chosen", ["pickup:amiens", "ship:lens", "pickup:", "nonsense", "pickup:lille"])
def test_only_a_store_that_the_rules_name_can_be_chosen(
    clerk_client: Client, house: House, clerk: User, chosen: str
) -> None:
    answer = report(clerk_client, address(house, clerk), instead=chosen)
    assert (answer.status_code, answer.context["problem"]) == (
        422,
        "That store can no longer serve it. Choose again.",
    )
    assert held() == {"lille": 2}


def test_nothing_chosen_leaves_the_order(clerk_client: Client, house: House, clerk: User) -> None:
    assert report(clerk_client, address(house, clerk)).status_code == 302
    assert held() == {"lille": 0}
    assert Fulfilment.objects.get().order.dropped == 2000
