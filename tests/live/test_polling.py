"""What a page asks by itself: cheap while nothing changed, and never about somebody else's affairs."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from omni.lib import idempotency
from omni.staff.models import AnsweredRequest, User
from omni.staff.once import TABLE, what_became
from orders.fulfilment.models import FulfilmentLine
from orders.fulfilment.services import picking
from tests import journeys
from tests.conftest import House

pytestmark = pytest.mark.django_db
POLL = {"X-Omni-Poll": "1", "HX-Request": "true"}


def ask(client: Client, version: str) -> Any:
    return client.get(reverse("today"), {"version": version}, headers=POLL)


def version_of(client: Client) -> str:
    return str(client.get(reverse("today")).context["queue_version"])


def test_an_unchanged_queue_is_204_by_one_statement_of_its_own(
    house: House, clerk: User, clerk_client: Client, statements: Callable[[], Any]
) -> None:
    for _ in range(5):
        journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk)
    version = version_of(clerk_client)
    with statements() as seen:
        response = ask(clerk_client, version)
    assert (response.status_code, response.content) == (204, b"")
    assert len([one for one in seen if "fulfilment_fulfilment" in one]) == 1, seen
    about_the_person = [one for one in seen if "staff_" in one or "session" in one or "reference_version" in one]
    assert len(seen) == 1 + len(about_the_person), seen


def test_each_step_of_an_order_changes_the_version(house: House, clerk: User, clerk_client: Client) -> None:
    versions = [version_of(clerk_client)]
    order = journeys.placed(house.lille, {house.skus[0]: 2}, by=clerk)
    fulfilment = journeys.fulfilment_of(order)
    versions.append(version_of(clerk_client))
    picking.start_picking(fulfilment_id=fulfilment.pk, actor_id=clerk.pk)
    versions.append(version_of(clerk_client))
    line = FulfilmentLine.objects.get(fulfilment=fulfilment)
    picking.pick(fulfilment_id=fulfilment.pk, line_id=line.pk, pieces=1, actor_id=clerk.pk)
    versions.append(version_of(clerk_client))
    assert ask(clerk_client, versions[-1]).status_code == 204
    assert ask(clerk_client, versions[-2]).status_code == 200
    assert len(set(versions)) == 4


def test_another_store_s_orders_do_not_move_this_store_s_version(
    house: House, clerk: User, clerk_client: Client, manager: User
) -> None:
    version = version_of(clerk_client)
    journeys.placed(house.lens, {house.skus[0]: 1}, by=manager)
    assert ask(clerk_client, version).status_code == 204


@pytest.mark.django_db(transaction=True)
def test_the_house_says_what_became_of_one_s_own_form_only(
    house: House, clerk: User, clerk_client: Client, agent_client: Client
) -> None:
    fulfilment = journeys.fulfilment_of(journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk))
    key = str(uuid.uuid4())
    address = reverse("operation", args=[key])
    assert clerk_client.get(address).status_code == 404
    clerk_client.post(reverse("picking", args=[fulfilment.public_id]), {"idempotency_key": key})
    assert (clerk_client.get(address).status_code, clerk_client.get(address).json()) == (200, {"state": "done"})
    assert agent_client.get(address).status_code == 404
    assert "no-store" in clerk_client.get(address)["Cache-Control"]


def test_a_refused_form_did_not_happen(house: House, clerk: User, clerk_client: Client) -> None:
    fulfilment = journeys.fulfilment_of(journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk))
    key = str(uuid.uuid4())
    clerk_client.post(reverse("ready-declaration", args=[fulfilment.public_id]), {"idempotency_key": key})
    assert clerk_client.get(reverse("operation", args=[key])).status_code == 404
    assert not AnsweredRequest.objects.filter(key=key).exists()


@pytest.mark.django_db(transaction=True)
def test_a_form_at_work_is_seen_and_not_disturbed(house: House, clerk: User) -> None:
    client, key = f"user:{clerk.pk}", "a-key-at-work"
    with transaction.atomic():
        assert idempotency.claim(TABLE, client=client, key=key, fingerprint="f") is None
        other = connection.copy()  # type: ignore[no-untyped-call]
        try:
            with other.cursor() as cursor:
                from omni.staff.once import AT_WORK

                cursor.execute(AT_WORK, [client, key])
                assert cursor.fetchone() == (True,)
        finally:
            other.close()
        # Asking has not taken the lock away: the same claim is still ours.
        assert idempotency.claim(TABLE, client=client, key=key, fingerprint="f") is None
    assert what_became(client, key) == "unknown"


def test_a_stranger_has_no_pulse_and_a_person_has(house: House, clerk_client: Client) -> None:
    assert Client().get(reverse("pulse"), headers=POLL).status_code == 401
    assert clerk_client.get(reverse("pulse"), headers=POLL).status_code == 204


def test_a_form_sent_by_the_page_is_told_where_to_go(house: House, clerk: User, clerk_client: Client) -> None:
    fulfilment = journeys.fulfilment_of(journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk))
    address = reverse("picking", args=[fulfilment.public_id])
    plain = clerk_client.post(address, {"idempotency_key": "one"})
    told = clerk_client.post(address, {"idempotency_key": "one"}, headers={"X-Omni-Form": "1"})
    assert (plain.status_code, plain["Location"]) == (302, address)
    assert (told.status_code, told["X-Omni-Location"], told.has_header("Location")) == (204, address, False)
