"""The manager's list of promises in danger, the strip that leads to it, and what a clerk reads of a promise put off."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from insights.figures import PROMISES
from omni.staff.models import User
from orders.fulfilment import outlook
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.promise_models import Escalation, LoweredPromise
from orders.fulfilment.services import lowering
from orders.placing.services.placing import PlacedOrder
from tests import journeys
from tests.house import House
from tests.insights import days
from tests.statements import Statements

pytestmark = pytest.mark.django_db
Counting = Callable[[], AbstractContextManager[Statements]]


def promised(order: PlacedOrder, minutes: int) -> Fulfilment:
    """Let an order be promised for so many minutes from now."""
    at = timezone.now() + timedelta(minutes=minutes)
    Fulfilment.objects.filter(order=order.order.id).update(promised_at=at)
    return journeys.fulfilment_of(order)


def put_off(order: PlacedOrder, minutes: int) -> None:
    served = journeys.fulfilment_of(order)
    [found] = [one for one in outlook.of([served.location_id], timezone.now()) if one.open.id == served.pk]
    assert lowering.lower(found=found, after=served.promised_at + timedelta(minutes=minutes))


@pytest.fixture
def orders(house: House, clerk: User) -> dict[str, PlacedOrder]:
    """In Lille one that is late, one just due, one safe; in Lens a late one; in Amiens one of somebody else."""
    stores = {
        "late": house.lille,
        "due": house.lille,
        "safe": house.lille,
        "lens": house.lens,
        "amiens": house.amiens,
    }
    found = {name: journeys.placed(store, {"SKU-1": 1}, by=clerk) for name, store in stores.items()}
    for name, minutes in {"late": -30, "due": 8, "safe": 55, "lens": -10, "amiens": -40}.items():
        promised(found[name], minutes)
    return found


def rows(client: Client) -> list[dict[str, Any]]:
    answer = client.get("/promises/")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.context["rows"]
    return found


def test_the_manager_sees_what_is_late_or_will_be_the_earliest_first(manager_client, orders, house):
    seen = rows(manager_client)
    assert [(row["store"], row["state"], row["will_be_late"]) for row in seen] == [
        ("Lille", "late", True),
        ("Lens", "late", True),
        ("Lille", "at_risk", True),  # ten minutes of work up to it, eight minutes left
    ]
    assert seen[2]["why"] == "2 items up to it, 1 person"
    assert {row["in_hand"] for row in seen} == {"nobody has it in hand"}


def test_of_what_the_manager_was_told_stays_in_the_list_until_it_is_ready(manager_client, clerk, orders):
    safe = journeys.fulfilment_of(orders["safe"])
    Escalation.objects.create(fulfilment=safe, point="before", promised_at=safe.promised_at)
    assert safe.short_id in [row["short_id"] for row in rows(manager_client)]
    journeys.ready(orders["safe"], by=clerk)
    assert safe.short_id not in [row["short_id"] for row in rows(manager_client)]


def test_a_parcel_is_no_promise_of_the_list(manager_client, house, clerk):
    promised(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, kind="ship", paid=1000), -60)
    assert rows(manager_client) == []
    assert "Every promise is safe" in manager_client.get("/promises/").content.decode()


def test_clerks_do_not_watch_promises(clerk_client, orders):
    assert clerk_client.get("/promises/").status_code == 403


def test_the_list_costs_the_same_whatever_its_length(manager_client, house, clerk, statements: Counting):
    promised(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk), -5)
    rows(manager_client)
    with statements() as one:
        rows(manager_client)
    for _number in range(5):
        promised(journeys.placed(house.lens, {"SKU-1": 1}, by=clerk), -5)
    with statements() as many:
        rows(manager_client)
    assert len(many) == len(one), many


def test_today_leads_who_watches_promises_to_those_in_danger(manager_client, clerk_client, house, orders):
    late = journeys.fulfilment_of(orders["late"])
    version = manager_client.get("/today/").context["queue_version"]
    assert "/promises/" not in manager_client.get("/today/").content.decode()
    Escalation.objects.create(fulfilment=late, point="due", promised_at=late.promised_at)
    page = manager_client.get("/today/")
    assert page.context["queue_version"] != version, "a page that is open hears of it"
    assert "1 promise in danger" in page.content.decode()
    assert 'href="/promises/"' in page.content.decode()
    assert "in danger" not in clerk_client.get("/today/").content.decode()


def test_the_clerk_reads_plainly_that_a_promise_was_put_off(clerk_client, orders, house):
    put_off(orders["due"], 30)
    row = next(row for row in clerk_client.get("/today/").context["to_pick"] if row["instead_of"])
    assert row["instead_of"] == f"{LoweredPromise.objects.get().before.astimezone(ZoneInfo('Europe/Paris')):%H:%M}"
    assert "the customer knows" in clerk_client.get("/today/").content.decode()


def test_a_promise_that_was_put_off_is_not_kept_by_that(manager_client, house, clerk, manager):
    """The figure of a day counts against the first promise, on the day for which it was given."""
    kept, broken = (journeys.placed(house.lille, {"SKU-1": 1}, by=clerk) for _number in range(2))
    promised(kept, 20)
    promised(broken, 20)
    put_off(broken, 60)
    for order in (kept, broken):
        journeys.ready(order, by=clerk)
    later = LoweredPromise.objects.get().before + timedelta(minutes=5)
    Fulfilment.objects.filter(order=broken.order.id).update(ready_at=later)
    on = journeys.fulfilment_of(kept).promised_at.astimezone(ZoneInfo("Europe/Paris")).date()
    assert days.tiles(manager_client, f"/day/{on}/")["promises"].endswith("1 of 2")
    listed = dict(days.behind(manager_client, f"/day/{on}/{PROMISES.code}/"))
    assert listed == {kept.order.number: "1", broken.order.number: "0"}
