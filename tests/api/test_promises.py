"""Asking the API what would be promised, before anybody buys; and the same time where availability tells one."""

from datetime import UTC, datetime

import pytest
import time_machine

from inventory.places.models import Location
from omni.lib import reference
from orders.fulfilment import workload
from orders.fulfilment.models import Fulfilment
from tests import journeys
from tests.problems import assert_problem, nothing_written

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PROMISES = "/api/v1/promises/"


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def busy(house, integrator):
    """Eleven orders of six pieces wait in Lille: 110 minutes of work."""
    for _number in range(11):
        journeys.placed(house.lille, {"SKU-1": 6}, by=integrator)


def test_a_quiet_store_promises_its_preparation(api, house):
    with nothing_written():
        answer = api.get(PROMISES, {"store": "lens", "kind": "pickup"})
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.json() == {
        "asked_at": "2026-11-24T09:00:00Z",
        "pieces": 1,
        "items": [
            {
                "store": "lens",
                "kind": "pickup",
                "offered": True,
                "promised_at": "2026-11-24T10:00:00Z",
                "minutes": 60,
                "because": "preparation",
                "waiting_orders": 0,
            }
        ],
    }


def test_a_busy_store_says_that_the_queue_decides_and_an_order_is_promised_for_then(api, house, busy, order_body):
    said = api.get(f"{PROMISES}?store=lille&store=lens&kind=pickup&pieces=4").json()["items"]
    assert [(one["store"], one["promised_at"], one["because"], one["waiting_orders"]) for one in said] == [
        ("lille", "2026-11-24T10:58:00Z", "queue", 11),  # 12 orders x 4 + 70 pieces = 118 minutes
        ("lens", "2026-11-24T10:00:00Z", "preparation", 0),
    ]
    placed = api.place(order_body()).json()  # four pieces in Lille
    assert placed["fulfilments"][0]["promised_at"] == "2026-11-24T10:58:00Z"
    assert Fulfilment.objects.latest("pk").promised_at == datetime(2026, 11, 24, 10, 58, tzinfo=UTC)


def test_availability_tells_the_same_time_for_one_piece(api, house, busy):
    said = api.get("/api/v1/availability/", {"sku": "SKU-1", "pickup": "1"}).json()["items"][0]["stores"]
    asked = api.get(f"{PROMISES}?store=lille&store=lens&kind=pickup").json()["items"]
    assert {one["store"]: one["ready_at"] for one in said} == {one["store"]: one["promised_at"] for one in asked}
    assert {one["store"]: one["ready_at"] for one in said}["lille"] == "2026-11-24T10:55:00Z"


def test_a_parcel_leaves_within_a_day_whatever_the_queue(api, house, busy):
    said = api.get(f"{PROMISES}?store=lille&kind=ship").json()["items"]
    assert said == [{"store": "lille", "kind": "ship", "offered": True, "promised_at": "2026-11-25T09:00:00Z"}]


def test_what_a_store_does_not_offer_has_no_time(api, house):
    Location.objects.filter(pk=house.lille.pk).update(offers_pickup=False)
    reference.forget()
    said = api.get(f"{PROMISES}?store=lille&kind=pickup").json()["items"]
    assert said == [{"store": "lille", "kind": "pickup", "offered": False, "promised_at": None}]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("kind=pickup", "store", "required"),
        ("store=lille", "kind", "required"),
        ("store=lille&kind=drone", "kind", "unknown"),
        ("store=amiens&kind=pickup", "store", "unknown"),
        ("store=nowhere&kind=pickup", "store", "unknown"),
        ("store=%00&kind=pickup", "store", "unknown"),
        ("store=lille&kind=pickup&pieces=0", "pieces", "out_of_range"),
        ("store=lille&kind=pickup&pieces=-1", "pieces", "out_of_range"),
        ("store=lille&kind=pickup&pieces=10000", "pieces", "out_of_range"),
        ("store=lille&kind=pickup&pieces=²", "pieces", "out_of_range"),
        ("store=lille&kind=pickup&fast=1", "fast", "unknown_field"),
        ("kind=pickup&" + "&".join(f"store=s{number}" for number in range(101)), "store", "required"),
    ],
)
def test_a_wrong_question_is_named(api, house, query, field, code):
    problem = assert_problem(api.get(f"{PROMISES}?{query}"), 400, "invalid")
    assert (field, code) in [(one["field"], one["code"]) for one in problem["errors"]]


def test_every_problem_is_told_at_once(api, house):
    problem = assert_problem(api.get(f"{PROMISES}?pieces=x&b=1"), 400, "invalid")
    assert {one["field"] for one in problem["errors"]} == {"store", "kind", "pieces", "b"}


@pytest.mark.parametrize("store", ["store=lille", "store=lille&store=lens"])
def test_the_queues_are_one_statement_whatever_the_number_of_stores(api, house, statements, store):
    api.get(f"{PROMISES}?{store}&kind=pickup")
    with statements() as seen:
        assert api.get(f"{PROMISES}?{store}&kind=pickup").status_code == 200
    assert len(seen) == 2, seen  # the number of the reference cache, which tests never trust, and the queues


def test_within_seconds_the_queues_are_remembered_and_an_order_counts_anew(api, house, busy, settings, statements):
    settings.WORKLOAD_SECONDS = 60
    workload._remembered.clear()
    question = f"{PROMISES}?store=lille&kind=pickup"
    first = api.get(question).json()["items"][0]["promised_at"]
    journeys.placed(house.lille, {"SKU-1": 6}, by=house.lille.people.get(login="shop"))
    with statements() as seen:
        assert api.get(question).json()["items"][0]["promised_at"] == first
    assert len(seen) == 1, seen
    assert Fulfilment.objects.latest("pk").promised_at == datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    workload._remembered.clear()
