"""Several orders in one walk: taken together, counted into the box of the earliest promise that wants the piece."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import picking
from tests import journeys
from tests.conftest import House

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def three(house: House, clerk: Any) -> list[Fulfilment]:
    """Orders of Lille promised one after another: 1 × SKU-1; 1 × SKU-1 and 2 × SKU-2; 1 × SKU-3."""
    baskets = [{"SKU-1": 1}, {"SKU-1": 1, "SKU-2": 2}, {"SKU-3": 1}]
    orders = [journeys.fulfilment_of(journeys.placed(house.lille, one, by=clerk, paid=None)) for one in baskets]
    for minutes, one in enumerate(orders):
        Fulfilment.objects.filter(pk=one.pk).update(promised_at=timezone.now() + timedelta(minutes=30 + minutes))
    return orders


def take(client: Client, orders: list[Fulfilment], do: str = "wave") -> Any:
    return client.post("/waves/", {"order": [str(one.public_id) for one in orders], "do": do, "idempotency_key": "k-1"})


def query(orders: list[Fulfilment]) -> str:
    return "&".join(f"order={one.public_id}" for one in orders)


def scan(client: Client, orders: list[Fulfilment], code: str, key: str) -> Any:
    return client.post(f"/waves/scans/?{query(orders)}", {"code": code, "idempotency_key": key}, headers=HTMX)


def picked(orders: list[Fulfilment]) -> list[list[int]]:
    return [list(one.lines.order_by("order_line__position").values_list("picked", flat=True)) for one in orders]


def test_they_are_taken_in_hand_together(clerk_client: Client, clerk: Any, three: list[Fulfilment]) -> None:
    answer = take(clerk_client, three[:2])
    assert (answer.status_code, answer["Location"]) == (302, f"/waves/?{query(three[:2])}")
    assert take(clerk_client, three[:2]).status_code == 302  # sent twice
    states = Fulfilment.objects.filter(pk__in=[one.pk for one in three]).order_by("promised_at")
    assert list(states.values_list("status", "picker")) == [
        ("picking", clerk.pk), ("picking", clerk.pk), ("to_pick", None)
    ]  # fmt: skip


def test_a_scan_goes_into_the_box_of_the_earliest_promise_that_wants_it(
    clerk_client: Client, house: House, three: list[Fulfilment]
) -> None:
    take(clerk_client, three)
    gtin = house.variants[0].gtin
    answers = [scan(clerk_client, three, gtin, f"s-{number}") for number in range(3)]
    assert picked(three) == [[1], [1, 0], [0]]
    assert ["Box A" in one.content.decode() for one in answers] == [True, False, False]
    assert "Box B" in answers[1].content.decode()
    assert "None of these orders wants another piece" in answers[2].content.decode()
    again = scan(clerk_client, three, house.variants[1].gtin, "s-9")
    scan(clerk_client, three, house.variants[1].gtin, "s-9")
    assert again.status_code == 200
    assert picked(three) == [[1], [1, 1], [0]]
    assert "Unknown code" in scan(clerk_client, three, "0000", "s-10").content.decode()


def test_a_scan_that_is_sent_again_names_the_box_that_it_went_into(
    clerk_client: Client, house: House, three: list[Fulfilment]
) -> None:
    take(clerk_client, three)
    wanted_once, wanted_twice = house.variants[2].gtin, house.variants[0].gtin
    for gtin, box in ((wanted_twice, "Box A"), (wanted_once, "Box C")):
        first, again = (scan(clerk_client, three, gtin, f"s-{box}").content.decode() for _time in range(2))
        assert box in first
        assert box in again, "though another box wants the next one, or none does"
    assert picked(three) == [[1], [0, 0], [1]]
    gone = scan(clerk_client, three[1:], wanted_twice, "s-Box A").content.decode()
    assert "Counted already" in gone
    assert picked(three) == [[1], [0, 0], [1]]


def test_a_tap_counts_in_the_box_it_names_and_only_in_one_of_the_walk(
    clerk_client: Client, three: list[Fulfilment]
) -> None:
    take(clerk_client, three[:2])
    for number, (one, change) in enumerate(
        [(three[1], 1), (three[1], 1), (three[1], 1), (three[1], -1), (three[2], 1)]
    ):
        body = {"order": str(one.public_id), "position": 2 if one is three[1] else 1, "change": change}
        path = f"/waves/picks/?{query(three[:2])}"
        assert clerk_client.post(path, {**body, "idempotency_key": f"t-{number}"}, headers=HTMX).status_code == 200
    assert picked(three) == [[0], [0, 1], [0]]


def test_what_somebody_else_has_in_hand_stays_there(
    clerk_client: Client, manager: Any, three: list[Fulfilment]
) -> None:
    picking.start_picking(fulfilment_id=three[0].pk, actor_id=manager.pk)
    take(clerk_client, three)
    page = clerk_client.get(f"/waves/?{query(three)}")
    assert [box["short_id"] for box in page.context["boxes"]] == [three[1].short_id, three[2].short_id]
    assert Fulfilment.objects.get(pk=three[0].pk).picker_id == manager.pk
    again = {"order": str(three[0].public_id), "do": "wave", "idempotency_key": "k-2"}
    assert clerk_client.post("/waves/", again)["Location"] == "/today/"


def test_the_walk_goes_by_the_places_and_says_what_is_through(clerk_client: Client, house: House, three: Any) -> None:
    for variant, shelf in zip(house.variants, ["B-10", "B-2", "A-1"], strict=False):
        type(variant).objects.filter(pk=variant.pk).update(shelf=shelf)
    take(clerk_client, three)
    stops = clerk_client.get(f"/waves/?{query(three)}").context["stops"]
    assert [(stop["place"], [(part["letter"], part["quantity"]) for part in stop["parts"]]) for stop in stops] == [
        ("A-1", [("C", 1)]), ("B-2", [("B", 2)]), ("B-10", [("A", 1), ("B", 1)])
    ]  # fmt: skip


def test_the_paper_of_the_chosen_is_an_address_without_a_secret(clerk_client: Client, three: Any) -> None:
    answer = take(clerk_client, three[:2], "print")
    assert (answer.status_code, answer["Location"]) == (302, f"/pick-lists/?{query(three[:2])}")
    assert Fulfilment.objects.filter(status="picking").count() == 0


def test_orders_of_another_store_are_not_there(clerk_client: Client, house: House, clerk: Any) -> None:
    other = journeys.fulfilment_of(journeys.placed(house.amiens, {"SKU-1": 1}, by=clerk))
    assert take(clerk_client, [other]).status_code == 404
    assert clerk_client.get(f"/waves/?{query([other])}").status_code == 404
    assert clerk_client.get("/waves/?order=nonsense").status_code == 404
