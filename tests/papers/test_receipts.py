"""A receipt and the page of a hand-over speak of this hand-over, whatever else happens to its order."""

import pytest
from django.test import Client
from django.utils import translation

from inventory.places.queries import place
from omni.staff.models import User
from orders.fulfilment import queries
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.printing import papers
from orders.fulfilment.services import handing_over
from orders.fulfilment.services.handing_over import Part
from orders.payments.services import capturing
from orders.placing.wishes import WishedWay
from tests import journeys
from tests.conftest import House

pytestmark = pytest.mark.django_db


def give(one: Fulfilment, by: User, *, tender: str = "", **parts: Part) -> HandOver:
    """Hand over so many of `first` and `second`, its lines; all that waits where nothing is said."""
    lines = dict(zip(("first", "second"), one.lines.order_by("pk"), strict=False))
    said = {lines[name].pk: part for name, part in parts.items()} or None
    return handing_over.hand_over(fulfilment_id=one.pk, proof="code", actor_id=by.pk, tender=tender, parts=said)


def printed(given: HandOver) -> tuple[list[tuple[str, str]], str]:
    with translation.override("en"):
        receipt = papers.receipt(queries.in_hand().get(pk=given.fulfilment_id), given)
    return receipt.sums, receipt.total


def test_each_receipt_says_what_was_paid_at_its_own_hand_over(house: House, clerk: User) -> None:
    one = journeys.ready(journeys.placed(house.lille, {"SKU-1": 1, "SKU-2": 1}, by=clerk), by=clerk)
    first = give(one, clerk, tender="card_terminal", second=Part(1))
    second = give(one, clerk, tender="cash")
    assert printed(first) == ([("Card, terminal", "€20.00")], "€20.00")
    assert printed(second) == ([("Cash", "€10.00")], "€10.00")


def test_what_was_paid_before_is_said_as_far_as_it_was_taken(house: House, clerk: User) -> None:
    """Of 40, paid online, 10 are taken and 20 refused; what is refused goes back at once. The rest is taken later."""
    placed = journeys.placed(house.lille, {"SKU-1": 2, "SKU-2": 1}, by=clerk, paid=4000)
    one = journeys.ready(placed, by=clerk)
    first = give(one, clerk, first=Part(1), second=Part(0, 1))
    second = give(one, clerk)
    assert printed(first) == ([("Card, online", "€30.00"), ("Refunded", "−€20.00")], "€10.00")
    assert printed(second) == ([("Card, online", "€10.00")], "€10.00")


def test_what_several_tenders_paid_before_has_one_name(house: House, clerk: User) -> None:
    placed = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk)
    keys = {"order_id": placed.order.id, "currency": "EUR", "actor_id": None}
    for tender in ("card_online", "other"):
        capturing.capture(tender=tender, amount=1000, reference=f"test/{tender}", **keys)
    given = give(journeys.ready(placed, by=clerk), clerk)
    assert printed(given) == ([("Paid before", "€20.00")], "€20.00")


def test_points_stand_on_the_page_of_the_hand_over_that_earned_them(
    house: House, clerk: User, clerk_client: Client
) -> None:
    ways = [WishedWay("pickup", place(one.pk), [(0, 1)]) for one in (house.lille, house.lens)]
    placed = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, paid=2000, ways=ways)
    here, there = (Fulfilment.objects.get(order=placed.order.id, location=one) for one in (house.lille, house.lens))
    give(journeys.ready_again(here, by=clerk), clerk)
    address = f"/pickups/{here.public_id}/handed-over/"
    assert clerk_client.get(address).context["points_line"] == ""
    last = give(journeys.ready_again(there, by=clerk), clerk)
    assert last.fulfilment.order.events.filter(kind="handed_over", data__points=20).exists()
    assert clerk_client.get(address).context["points_line"] == ""
