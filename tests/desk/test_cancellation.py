"""An order is cancelled at the desk: what is shown before is what happens, once, and only while it can."""

import re
import time
from typing import Any

import pytest
from django.test import Client

from customers.models import Identity
from loyalty import queries as loyalty
from omni import tasks
from omni.staff.models import User
from orders.fulfilment import giving_back, queries
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import picking, readying, shorting
from orders.payments.models import Payment
from orders.placing.services.placing import PlacedOrder
from orders.sales.models import Order, OrderEvent
from tests import history, journeys
from tests.conftest import House

EMAIL = "camille@example.org"


def url_of(order: PlacedOrder) -> str:
    return f"/orders/{order.order.number}/cancellation/"


def send(client: Client, order: PlacedOrder, *, key: str = "k-1", reason: str = "customer_wish", **more: str) -> Any:
    return client.post(url_of(order), {"idempotency_key": key, "reason": reason, **more})


def status(order: PlacedOrder) -> tuple[str, str]:
    found = Order.objects.get(pk=order.order.id)
    return found.status, journeys.fulfilment_of(order).status


def refunds(order: PlacedOrder) -> list[tuple[str, int]]:
    found = Payment.objects.filter(order=order.order.id, kind="refund").order_by("pk")
    return [(one.tender, one.amount) for one in found]


@pytest.fixture
def paid(house: House, clerk: User) -> PlacedOrder:
    """Three pieces for 40.00 €, paid online, to be prepared in Lille."""
    return journeys.placed(house.lille, {"SKU-1": 2, "SKU-2": 1}, by=clerk, paid=4000, email=EMAIL)


def test_the_question_says_what_follows(agent_client: Client, house: House, paid: PlacedOrder) -> None:
    page = agent_client.get(url_of(paid))
    assert page.status_code == 200
    assert [(one["name"], one["quantity"], one["amount"]) for one in page.context["lines"]] == [
        ("Article 1", 2, 2000),
        ("Article 2", 1, 2000),
    ]
    assert [one["value"] for one in page.context["reasons"]] == ["customer_wish", "not_available", "mistake", "fraud"]
    assert [(one["title"], one["text"]) for one in page.context["consequences"]] == [
        ("€40.00 go back", "Card, online"),
        ("3 pieces are available again at Lille", ""),
        ("40 points to come are cancelled", ""),
        ("Camille Martin is told", "To c•••@example.org (Français)"),
    ]
    assert status(paid) == ("open", "to_pick")


def test_the_dialog_holds_the_question_and_no_frame(agent_client: Client, paid: PlacedOrder) -> None:
    part = agent_client.get(url_of(paid), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<section class="cancel"')
    assert f'action="{url_of(paid)}"' in part
    assert "<main" not in part


def test_it_is_cancelled_with_its_money_goods_points_and_message(
    agent_client: Client, agent: User, house: House, paid: PlacedOrder
) -> None:
    answer = send(agent_client, paid)
    assert (answer.status_code, answer["Location"]) == (302, f"/orders/{paid.order.number}/")
    assert status(paid) == ("cancelled", "cancelled")
    assert refunds(paid) == [("card_online", 4000)]
    assert [house.level(sku).reserved for sku in ("SKU-1", "SKU-2")] == [0, 0]
    customer = Order.objects.get(pk=paid.order.id).customer_id
    assert customer is not None
    assert loyalty.wallet(customer).pending == 0
    told = OrderEvent.objects.get(order=paid.order.id, kind="order_cancelled")
    assert (told.actor_id, told.data) == (
        agent.pk,
        {"fulfilment": journeys.fulfilment_of(paid).pk, "reason": "customer_wish", "refunded": 4000},
    )
    tasks.drain_outbox()
    message = Order.objects.get(pk=paid.order.id).customer.messages.get()  # type: ignore[union-attr]
    assert (message.template, message.recipient) == ("pickup_cancelled", EMAIL)
    thread = agent_client.get(answer["Location"]).context["timeline"]
    assert (thread[0].title, thread[0].by, thread[0].amount) == (
        "Cancelled: The customer wishes it",
        agent.name,
        -4000,
    )


@pytest.mark.parametrize("key", ["k-1", "k-2"], ids=["the same form", "another form"])
def test_sent_twice_it_is_done_once(agent_client: Client, paid: PlacedOrder, key: str) -> None:
    send(agent_client, paid)
    again = send(agent_client, paid, key=key)
    assert again.status_code == (302 if key == "k-1" else 422)
    assert refunds(paid) == [("card_online", 4000)]
    assert OrderEvent.objects.filter(order=paid.order.id, kind="order_cancelled").count() == 1


def test_what_was_collected_can_no_longer_be_cancelled(agent_client: Client, clerk: User, paid: PlacedOrder) -> None:
    journeys.handed_over(paid, by=clerk)
    for answer, code in ((agent_client.get(url_of(paid)), 200), (send(agent_client, paid), 422)):
        assert answer.status_code == code
        assert answer.context["too_late"] == f"{paid.ways[0].short_id} is “Collected”: it can no longer be cancelled."
        assert b"<form action" not in answer.content.split(b'<section class="cancel"')[1].split(b"</section>")[0]
    assert status(paid) == ("completed", "collected")
    assert refunds(paid) == []
    assert "cancel_url" not in agent_client.get(f"/orders/{paid.order.number}/").content.decode()
    assert agent_client.get(f"/orders/{paid.order.number}/").context["cancel_url"] == ""


def test_a_reason_is_asked_for(agent_client: Client, paid: PlacedOrder) -> None:
    for reason in ("", "because", "nothing_found"):
        answer = send(agent_client, paid, reason=reason)
        assert answer.status_code == 422
        assert answer.context["problem"]
    assert status(paid) == ("open", "to_pick")
    assert send(agent_client, paid, reason="mistake").status_code == 302  # a refusal leaves the key free


def test_another_store_s_order_does_not_exist_and_a_clerk_may_not(
    agent_client: Client, clerk_client: Client, house: House, clerk: User, paid: PlacedOrder
) -> None:
    foreign = journeys.placed(house.amiens, {"SKU-1": 1}, by=clerk, paid=1000)
    assert (agent_client.get(url_of(foreign)).status_code, send(agent_client, foreign).status_code) == (404, 404)
    assert (clerk_client.get(url_of(paid)).status_code, send(clerk_client, paid).status_code) == (403, 403)
    assert (status(foreign), status(paid)) == (("open", "to_pick"),) * 2
    assert clerk_client.get(f"/orders/{paid.order.number}/").context["cancel_url"] == ""


def test_it_asks_who_one_is_and_loses_nothing_of_what_was_chosen(agent_client: Client, paid: PlacedOrder) -> None:
    session = agent_client.session
    session["fresh_at"] = int(time.time()) - 301
    session.save()
    assert agent_client.get(url_of(paid)).status_code == 200  # to look is free
    asked = send(agent_client, paid, reason="mistake", list="before=n1~1")
    assert asked.status_code == 422
    assert dict(asked.context["repeated"]) == {"idempotency_key": "k-1", "reason": "mistake", "list": "before=n1~1"}
    assert status(paid) == ("open", "to_pick")
    wrong = send(agent_client, paid, reason="mistake", step_up_proof="not the password")
    assert (wrong.status_code, status(paid)) == (422, ("open", "to_pick"))
    done = send(agent_client, paid, reason="mistake", step_up_proof="a-long-password-42", list="before=n1~1")
    assert (done.status_code, status(paid)) == (302, ("cancelled", "cancelled"))
    assert done["Location"] == f"/orders/{paid.order.number}/?list=before%3Dn1~1"


def test_what_is_foretold_is_what_happens(house: House, agent_client: Client, clerk: User, subtests: Any) -> None:
    """The preview and the service go by the same rules: paid, unpaid, begun, short, ready, without an address."""
    ways: dict[str, PlacedOrder] = {}
    for way in ("paid", "begun", "one piece short", "ready with one short"):
        ways[way] = journeys.placed(house.lille, {"SKU-1": 3, "SKU-3": 1}, by=clerk, paid=6000)
    for way in ("unpaid", "unpaid and ready"):
        ways[way] = journeys.placed(house.lille, {"SKU-1": 3, "SKU-3": 1}, by=clerk)
    picking.start_picking(fulfilment_id=journeys.fulfilment_of(ways["begun"]).pk, actor_id=clerk.pk)
    for way in ("one piece short", "ready with one short"):
        one = journeys.fulfilment_of(ways[way])
        line = one.lines.get(order_line__position=1)
        shorting.report_short(fulfilment_id=one.pk, line_id=line.pk, quantity=1, reason="not_found", actor_id=clerk.pk)
    ready_without_the_missing(ways["ready with one short"], house, clerk)
    journeys.ready(ways["unpaid and ready"], by=clerk)
    for way, order in ways.items():
        with subtests.test(way):
            served = queries.in_hand().get(order=order.order.id)
            foretold = giving_back.of_parts({served: queries.lines_in_hand(served)})
            customer = served.order.customer_id
            assert customer is not None
            before = (refunds(order), reserved(house), loyalty.wallet(customer).pending)
            assert send(agent_client, order, key=way).status_code == 302
            assert refunds(order)[len(before[0]) :] == foretold.refunds
            assert before[1] - reserved(house) == foretold.pieces[served]
            assert before[2] - loyalty.wallet(customer).pending == foretold.points
            assert foretold.no_longer_due == (6000 if way.startswith("unpaid") else 0)


def ready_without_the_missing(order: PlacedOrder, house: House, clerk: User) -> None:
    one = journeys.fulfilment_of(order)
    for line in one.lines.all():
        picking.pick(fulfilment_id=one.pk, line_id=line.pk, pieces=line.kept, actor_id=clerk.pk)
    spot = house.places(house.lille)[0]
    readying.declare_ready(fulfilment_id=one.pk, hold_place_id=spot.pk, actor_id=clerk.pk)


def reserved(house: House) -> int:
    return sum(house.level(sku).reserved for sku in house.skus)


def test_the_question_knows_who_is_preparing_it_where_it_lies_and_whom_nobody_can_tell(
    agent_client: Client, house: House, clerk: User, paid: PlacedOrder
) -> None:
    def goods_and_told() -> list[str]:
        rows = agent_client.get(url_of(paid)).context["consequences"]
        return [row["text"] for row in rows if row["icon"] in {"box", "mail"}]

    picking.start_picking(fulfilment_id=journeys.fulfilment_of(paid).pk, actor_id=clerk.pk)
    assert goods_and_told()[0] == f"{clerk.name} is preparing it now."
    journeys.ready(paid, by=clerk)
    assert goods_and_told()[0].startswith("The bag in Locker 1 goes back to the shelves")
    Identity.objects.filter(value=EMAIL).delete()
    assert goods_and_told()[1] == "There is no e-mail address: tell them yourself."


def test_an_imported_order_has_nothing_to_cancel(agent_client: Client, house: House) -> None:
    old = history.bought(house, house.lille, "2017-03-04 10:00", paid=1234)
    page = agent_client.get(f"/orders/{old.number}/cancellation/")
    assert re.search("there is nothing to cancel", page.context["too_late"])
    assert Fulfilment.objects.filter(order=old).count() == 0
