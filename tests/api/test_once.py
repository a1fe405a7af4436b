"""The same client, key and body get the same answer; effect and answer are committed together or not at all."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from inventory.catalog.models import Price, Variant
from inventory.stock.models import StockLevel
from omni.lib import sql
from omni.staff.models import ApiKey, User
from omni.staff.services import keys
from orders.sales.models import Order
from orders.sales.services import recording
from tests.callers import ApiClient
from tests.problems import assert_problem, codes, nothing_written

pytestmark = pytest.mark.django_db


def another_key(integrator: User, channel: str = "web") -> ApiClient:
    """Another key of the same integrator."""
    return ApiClient(keys.issue(owner=integrator, name="other", channel=channel, scopes=["orders.place"])[1])


def test_the_same_key_and_body_get_the_same_bytes(api, order_body):
    first = api.place(order_body(), key="k-1")
    with nothing_written():
        again = api.place(order_body(), key="k-1")
    assert (again.status_code, again.content) == (201, first.content)
    assert (again["Location"], again["Content-Type"]) == (first["Location"], first["Content-Type"])
    assert (first.has_header("Idempotent-Replayed"), again["Idempotent-Replayed"]) == (False, "true")
    assert Order.objects.count() == 1


def test_white_space_key_order_and_quotes_do_not_make_another_request(api, order_body):
    first = api.place(order_body(), key="k-1")
    body = str(order_body()).replace("'", '"').encode()
    backwards = dict(reversed(order_body().items()))
    assert api.place(body, key='"k-1"').content == api.place(backwards, key=" k-1 ").content == first.content


@pytest.mark.parametrize(
    "differently",
    [{"total": None}, {"external_ref": "WEB-2"}, {"fulfilment": {"kind": "pickup", "store": "lens"}}, {"lines": 1}],
)
def test_the_same_key_with_another_body_is_refused(api, order_body, differently):
    api.place(order_body(), key="k-1")
    with nothing_written():
        assert_problem(api.place(order_body(**differently), key="k-1"), 422, "idempotency_key_reused")


def test_a_key_in_flight_is_refused_and_may_be_sent_again(api, order_body, integrator):
    client = f"key:{ApiKey.objects.get(owner=integrator).pk}"
    elsewhere = connections.create_connection("default")
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"{client}\nk-1"])
        with nothing_written():
            answer = api.place(order_body(), key="k-1")
            assert_problem(answer, 409, "idempotency_key_in_flight")
        assert answer["Retry-After"] == "1"
        with elsewhere.cursor() as cursor:  # a connection that is closed lets go a moment later
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        elsewhere.close()
    assert api.place(order_body(), key="k-1").status_code == 201


def test_a_refusal_leaves_the_key_free_for_another_body(api, order_body):
    with nothing_written():
        assert_problem(api.place(order_body(total=1), key="k-1"), 422, "price_differs")
        assert_problem(api.place(order_body(lines=[]), key="k-1"), 400, "invalid")
    assert api.place(order_body(), key="k-1").status_code == 201


def test_a_refusal_is_not_remembered(api, order_body, house):
    StockLevel.objects.update(safety_stock=100)
    with nothing_written():
        assert_problem(api.place(order_body(), key="k-1"), 409, "short_stock")
    StockLevel.objects.update(safety_stock=0)
    answer = api.place(order_body(), key="k-1")
    assert (answer.status_code, answer.has_header("Idempotent-Replayed")) == (201, False)


def test_a_fault_of_ours_leaves_nothing_and_the_key_free(api, order_body, monkeypatch):
    with monkeypatch.context() as broken, nothing_written():
        broken.setattr(recording, "RECORD", "SELECT 1/0")
        assert_problem(api.place(order_body(), key="k-1"), 500, "server_error")
    assert api.place(order_body(), key="k-1").status_code == 201


def withdraw(house) -> None:
    Variant.objects.filter(sku="SKU-1").update(withdrawn_at=timezone.now() - timedelta(seconds=1))


def make_dearer(house) -> None:
    Price.objects.update(amount=9999)


def sell_out(house) -> None:
    StockLevel.objects.update(safety_stock=1000)


@pytest.mark.django_db(transaction=True)  # what a process remembers is told by committed changes
@pytest.mark.parametrize("change", [withdraw, make_dearer, sell_out])
def test_the_stored_answer_stands_whatever_changed_since(api, house, order_body, change: Callable):
    first = api.place(order_body(), key="k-1")
    change(house)
    assert api.place(order_body(), key="k-2").status_code in {400, 409, 422}
    again = api.place(order_body(), key="k-1")
    assert (again.status_code, again.content) == (201, first.content)


def test_the_order_moved_on_and_the_stored_answer_is_still_the_first(api, order_body):
    first = api.place(order_body(), key="k-1")
    Order.objects.update(status="cancelled")
    assert api.place(order_body(), key="k-1").content == first.content
    assert api.order(first.json()["number"]).json()["status"] == "cancelled"


def test_a_key_belongs_to_its_client(api, integrator, order_body):
    first = api.place(order_body(), key="k-1").json()["number"]
    second = another_key(integrator).place(order_body(), key="k-1").json()["number"]
    assert first != second
    assert Order.objects.count() == 2


@pytest.mark.django_db(transaction=True)  # what a process remembers is told by committed changes
def test_a_client_that_lost_its_scope_does_not_get_the_stored_answer(api, integrator, order_body):
    api.place(order_body(), key="k-1")
    ApiKey.objects.filter(owner=integrator).update(scopes=["orders.view"])
    assert_problem(api.place(order_body(), key="k-1"), 403, "scope_missing")


def test_an_answer_is_stored_with_the_order_it_tells_of(api, order_body):
    answer = api.place(order_body(), key="k-1")
    stored = sql.row("SELECT client, key, status, body FROM staff_answeredrequest")
    told = answer.json()
    assert told.pop("customer_url"), "added when it leaves: no stored answer opens the customer's page"
    assert (stored.key, stored.status, json.loads(stored.body)) == ("k-1", 201, told)


# --- the channel's own reference --------------------------------------------------------------------------------------


def test_a_reference_of_a_channel_is_one_order_under_any_key(api, order_body):
    number = api.place(order_body(external_ref="WEB-1")).json()["number"]
    with nothing_written():
        body = assert_problem(api.place(order_body(external_ref="WEB-1")), 409, "external_ref_taken")
    assert body["order"] == number
    assert codes(body) == {"external_ref": "taken"}


def test_the_reference_is_refused_before_stock_is_missed(api, order_body, house):
    api.place(order_body(external_ref="WEB-1"))
    sell_out(house)
    assert_problem(api.place(order_body(external_ref="WEB-1")), 409, "external_ref_taken")


def test_another_channel_may_use_the_same_reference(api, integrator, order_body):
    first = api.place(order_body(external_ref="1")).json()
    second = another_key(integrator, "marketplace").place(order_body(external_ref="1")).json()
    assert (first["channel"], second["channel"]) == ("web", "marketplace")
    assert (first["number"][:2], second["number"][:2]) == ("W-", "M-")


def test_orders_without_a_reference_do_not_clash(api, order_body):
    assert [api.place(order_body(external_ref=ref)).status_code for ref in (None, None, "")] == [201] * 3
