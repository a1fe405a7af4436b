"""Reading back: an order as it stands, and what is available where."""

from datetime import UTC, datetime

import pytest
import time_machine

from inventory.places.models import Location
from inventory.stock.models import StockLevel
from omni.lib import reference
from orders.sales.models import Order
from tests import journeys
from tests.problems import assert_problem, codes, nothing_written

pytestmark = pytest.mark.django_db


def test_an_order_is_read_as_it_was_placed(api, order_body):
    placed = api.place(order_body(external_ref="WEB-1")).json()
    with nothing_written():
        read = api.order(placed["number"])
    assert (read.status_code, read["Content-Type"]) == (200, "application/json")
    body = read.json()
    for name in ("number", "status", "channel", "external_ref", "placed_at", "currency", "total", "tax", "paid", "due"):
        assert body[name] == placed[name]
    assert (body["lines"], body["fulfilments"]) == (placed["lines"], placed["fulfilments"])
    assert body["payments"] == [
        {"kind": "capture", "tender": "card_online", "amount": 7000, "at": body["payments"][0]["at"]}
    ]
    assert datetime.fromisoformat(body["placed_at"]).tzinfo == UTC


def test_an_order_is_read_as_it_was_handed_over(api, house, integrator, clerk):
    given = journeys.handed_over(journeys.placed(house.lille, {"SKU-1": 2}, by=integrator), by=clerk)
    body = api.order(given.fulfilment.order.number).json()
    assert (body["status"], body["paid"], body["due"]) == ("completed", 2000, 0)
    assert (body["fulfilments"][0]["status"], body["payments"][0]["tender"]) == ("collected", "cash")


def test_the_pickup_code_is_in_no_answer(api, house, integrator, clerk):
    waiting = journeys.ready(journeys.placed(house.lille, {"SKU-1": 2}, by=integrator), by=clerk)
    answer = api.order(waiting.order.number).content.decode()
    assert waiting.code_hash not in answer
    assert waiting.public_id.hex not in answer.replace("-", "")


@pytest.mark.parametrize(
    ("identity", "stored"),
    [
        ({"email": " Zoe@Example.ORG "}, ("email", "zoe@example.org")),
        ({"phone": "06 12 34 56 78"}, ("phone", "+33612345678")),
        ({"phone": "+41 44 668 18 00"}, ("phone", "+41446681800")),
        ({"card": "ab 12 34"}, ("card", "AB1234")),
        ({"web_account": "shop-77"}, ("web", "shop-77")),
    ],
)
def test_a_customer_is_one_person_by_any_identity(api, order_body, identity, stored):
    numbers = [api.place(order_body(customer=identity)).json()["number"] for _ in range(2)]
    first, second = Order.objects.filter(number__in=numbers)
    assert first.customer == second.customer
    assert [(one.kind, one.value) for one in first.customer.identities.all()] == [stored]


def test_a_new_identity_is_added_to_the_person_that_another_leads_to(api, order_body):
    api.place(order_body(customer={"email": "zoe@example.org"}))
    number = api.place(order_body(customer={"email": "zoe@example.org", "card": "AB1234"})).json()["number"]
    customer = Order.objects.get(number=number).customer
    assert customer.identities.count() == 2
    assert customer.orders.count() == 2


@pytest.mark.parametrize("kind", ["carry_out", "ship"])
def test_other_ways_of_getting_the_goods(api, house, order_body, kind):
    fulfilment = {"kind": kind, "store": "lille"}
    if kind == "ship":
        fulfilment["address"] = {"line": "1 rue X", "postal_code": "59000", "town": "Lille", "country": "FR"}
    answer = api.place(order_body(fulfilment=fulfilment))
    assert answer.status_code == 201, answer.content
    body = answer.json()
    read = api.order(body["number"]).json()
    assert (body["status"], read["status"]) == (("completed",) * 2 if kind == "carry_out" else ("open",) * 2)
    left = 98 if kind == "carry_out" else 100
    assert (house.level("SKU-1").on_hand, house.level("SKU-1").reserved) == (left, left - 98)


def test_availability_follows_an_order(api, order_body):
    def in_lille():
        items = api.availability("SKU-2", "SKU-1").json()["items"]
        assert [item["sku"] for item in items] == ["SKU-2", "SKU-1"]
        return next(one for one in items[1]["stores"] if one["store"] == "lille")

    before = in_lille()
    api.place(order_body())
    after = in_lille()
    assert (before["available"], after["available"]) == (100, 98)
    assert after["version"] == before["version"] + 1


def test_stores_come_nearest_first_and_within_the_radius(api, house):
    near_lens = {"near": "50.43,2.83"}
    items = api.availability("SKU-1", **near_lens).json()["items"]
    assert [(one["store"], one["distance_km"]) for one in items[0]["stores"]] == [("lens", 0.3), ("lille", 28.3)]
    items = api.availability("SKU-1", **near_lens, radius_km="5").json()["items"]
    assert [one["store"] for one in items[0]["stores"]] == ["lens"]


NONSENSE = {
    "sku=": ("sku", "unknown"),
    "": ("sku", "required"),
    "sku=NONE": ("sku", "unknown"),
    "sku=%00": ("sku", "required"),
    "sku=%ED%A0%80": ("sku", "unknown"),
    "sku=SKU-1&color=red": ("color", "unknown_field"),
    "sku=SKU-1&%00=1": ("\x00", "unknown_field"),
    "sku=SKU-1&near=": ("near", "malformed"),
    "sku=SKU-1&near=north": ("near", "malformed"),
    "sku=SKU-1&near=50.6": ("near", "malformed"),
    "sku=SKU-1&near=nan,nan": ("near", "malformed"),
    "sku=SKU-1&near=1e999,0": ("near", "malformed"),
    "sku=SKU-1&near=91,0": ("near", "malformed"),
    "sku=SKU-1&near=0,181": ("near", "malformed"),
    "sku=SKU-1&near=1,2,3": ("near", "malformed"),
    "sku=SKU-1&radius_km=5": ("radius_km", "malformed"),
    "sku=SKU-1&near=1,2&radius_km=0": ("radius_km", "malformed"),
    "sku=SKU-1&near=1,2&radius_km=-1": ("radius_km", "malformed"),
    "sku=SKU-1&near=1,2&radius_km=inf": ("radius_km", "malformed"),
    "sku=SKU-1&near=1,2&radius_km=x": ("radius_km", "malformed"),
    "&".join(f"sku=S{number}" for number in range(101)): ("sku", "required"),
    "sku=" + "S" * 5000: ("sku", "unknown"),
    "sku=SKU-1&format=xml": ("format", "unknown_field"),
}


@pytest.mark.parametrize(("query", "found"), NONSENSE.items(), ids=[query[:40] for query in NONSENSE])
def test_a_question_that_makes_no_sense_is_refused(api, house, query, found):
    with nothing_written():
        answer = api.get(f"/api/v1/availability/?{query}")
        body = assert_problem(answer, 400, "invalid")
    assert found in codes(body).items()
    assert len(answer.content) < 20_000


def test_all_problems_of_a_question_come_at_once(api, house):
    body = api.get("/api/v1/availability/?near=x&radius_km=y&z=1").json()
    assert set(codes(body)) == {"sku", "near", "radius_km", "z"}


def test_for_a_pickup_only_stores_that_open_today_and_offer_it_with_when_it_would_be_ready(api, house):
    Location.objects.filter(pk=house.lens.pk).update(offers_pickup=False)
    reference.forget()
    with time_machine.travel("2026-11-24T10:00:00+00:00", tick=False):  # a Tuesday, 11:00 in Lille
        (item,) = api.availability("SKU-1", pickup="1").json()["items"]
    assert [(one["store"], one["ready_at"]) for one in item["stores"]] == [("lille", "2026-11-24T11:00:00Z")]
    Location.objects.filter(pk=house.lille.pk).update(opening_hours="Mo-Fr 09:00-19:00")
    reference.forget()
    with time_machine.travel("2026-11-22T10:00:00+00:00", tick=False):  # a Sunday
        (item,) = api.availability("SKU-1", pickup="1", near="50.6,3.0").json()["items"]
    assert item["stores"] == []
    assert_problem(api.availability("SKU-1", pickup="yes"), 400, "invalid")


def test_who_has_these_figures_is_told_so_in_no_words(api, house):
    first = api.availability("SKU-1")
    mark = first["ETag"]
    known = api.get("/api/v1/availability/", {"sku": "SKU-1"}, **{"If-None-Match": f'"other", W/{mark}'})
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", mark)
    StockLevel.objects.filter(location=house.lille).update(safety_stock=1)
    changed = api.get("/api/v1/availability/", {"sku": "SKU-1"}, **{"If-None-Match": mark})
    assert changed.status_code == 200
    assert changed["ETag"] != mark
