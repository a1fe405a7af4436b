"""The link to an order's own page: nobody guesses it, none opens another order, it can be taken back, and it ends."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, Message
from omni import tasks
from omni.staff.models import AnsweredRequest
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up
from orders.fulfilment.waiting import links
from orders.fulfilment.waiting.models import CustomerLink
from orders.fulfilment.waiting.services import renewing
from orders.sales.models import Order
from tests import factories, journeys

pytestmark = pytest.mark.django_db


def status(token: str) -> int:
    return Client().get(reverse("customer-order", args=[token])).status_code


def test_a_link_is_long_and_says_nothing_but_the_number(ready):
    token = links.token(ready.order.number)
    assert token.endswith(ready.order.number)
    assert len(token) == 24 + len(ready.order.number)
    assert status(token) == 200


def test_a_token_that_was_changed_anywhere_opens_nothing(ready):
    token = links.token(ready.order.number)
    for place in range(24):
        other = "A" if token[place] != "A" else "B"
        assert links.opened_by(token[:place] + other + token[place + 1 :]) is None, place
    for made_up in (token[:-1], token + "1", token.lower(), ready.order.number, "A" * 24 + ready.order.number):
        assert links.opened_by(made_up) is None, made_up


def test_the_signs_of_one_order_open_no_other(house, clerk, ready):
    other = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk).order.number
    assert links.opened_by(links.token(ready.order.number)[:24] + other) is None
    assert links.opened_by(links.token(other)).order.number == other


@pytest.mark.parametrize("nonsense", ["x", "a\x00b", "%00", "é" * 40, "A" * 200, "../../today", "' OR 1=1 --"])
def test_nonsense_opens_nothing(ready, nonsense):
    assert links.opened_by(nonsense) is None


def test_one_s_fulfilment_is_not_reached_by_another_s_link(house, clerk, ready, holder):
    other = journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk), by=clerk)
    token = links.token(other.order.number)
    for act in ("here", "longer", "cancellation", "rating"):
        answer = holder.client.post(reverse(f"customer-{act}", args=[token, ready.public_id]), {"spot": "counter"})
        assert answer.status_code == 404, act
    assert Fulfilment.objects.get(pk=ready.pk).status == "ready"


def test_what_was_taken_back_opens_nothing_and_the_next_link_does(ready, clerk):
    first = links.token(ready.order.number)
    renewing.renew_link(order_id=ready.order_id, actor_id=clerk.pk)
    assert links.opened_by(first) is None
    second = links.address_of(ready.order).rstrip("/").rsplit("/", 1)[1]
    assert links.opened_by(second) is not None
    renewing.renew_link(order_id=ready.order_id, actor_id=clerk.pk)
    assert links.opened_by(second) is None
    assert CustomerLink.objects.get().round == 2


def test_a_clerk_takes_a_link_back_on_the_order_s_page(ready, clerk_client):
    token = links.token(ready.order.number)
    page = clerk_client.get(reverse("order", args=[ready.order.number])).content.decode()
    assert "Take the link back" in page
    assert token not in page
    address = reverse("customer-link", args=[ready.order.number])
    for _twice in range(2):
        assert clerk_client.post(address, {"idempotency_key": "k"}).status_code == 302
    assert CustomerLink.objects.get().round == 1
    assert status(token) == 404
    shown = clerk_client.get(reverse("order", args=[ready.order.number])).content.decode()
    assert "The links to the customer&#x27;s page were taken back" in shown


def test_a_page_closes_thirty_days_after_everything_of_its_order_ended(ready, clerk):
    token = links.token(ready.order.number)
    giving_up.cancel(fulfilment_id=ready.pk, actor_id=clerk.pk, reason="mistake")
    for days, opens in ((29, True), (31, False)):
        Fulfilment.objects.filter(pk=ready.pk).update(ended_at=timezone.now() - timedelta(days=days))
        assert (links.opened_by(token) is not None) is opens, days


def test_an_order_that_is_not_over_stays_open_however_old(ready):
    Order.objects.filter(pk=ready.order_id).update(placed_at=timezone.now() - timedelta(days=400))
    assert links.opened_by(links.token(ready.order.number)) is not None


def test_unknown_taken_back_and_expired_are_answered_alike(house, clerk, ready, holder):
    gone = journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk), by=clerk)
    giving_up.cancel(fulfilment_id=gone.pk, actor_id=clerk.pk, reason="mistake")
    Fulfilment.objects.filter(pk=gone.pk).update(ended_at=timezone.now() - timedelta(days=31))
    renewing.renew_link(order_id=ready.order_id, actor_id=clerk.pk)
    known = [links.token(gone.order.number), links.token(ready.order.number)]
    answers = [holder.client.get(reverse("customer-order", args=[one])) for one in (*known, "A" * 24 + "W-999999999")]
    assert {one.status_code for one in answers} == {404}
    assert len({one.content for one in answers}) == 1
    headers = [{k: v for k, v in one.headers.items() if k != "X-Request-Id"} for one in answers]
    assert headers[0] == headers[1] == headers[2]


def test_a_key_of_the_house_that_was_replaced_still_opens_what_it_made(ready, settings):
    token = links.token(ready.order.number)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert links.token(ready.order.number) != token
    assert links.opened_by(token) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert links.opened_by(token) is None


def test_guessing_is_stopped_and_a_right_link_is_not_kept_from_its_owner(ready, holder, monkeypatch):
    monkeypatch.setattr("orders.fulfilment.waiting.views.GUESSES", 3)
    wrong = reverse("customer-order", args=["A" * 24 + "W-1"])
    assert [holder.client.get(wrong).status_code for _try in range(5)] == [404, 404, 404, 429, 429]
    assert holder.client.get(holder.address(ready)).status_code == 200, "somebody in the same network guessed"


def test_a_link_acts_only_so_often(ready, holder):
    answers = [holder.act(ready, "here", key=str(turn), spot="counter").status_code for turn in range(42)]
    assert answers == [302] * 40 + [429] * 2


def test_nothing_of_a_page_is_kept_told_or_found(ready, holder):
    for answer in (holder.client.get(holder.address(ready)), holder.client.get("/o/nothing/")):
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"].startswith("noindex")
        assert "Set-Cookie" not in str(answer.headers)
        assert not answer.cookies


def test_a_page_shows_a_first_name_and_nothing_else_of_the_person(ready, holder):
    customer = Customer.objects.get(pk=ready.order.customer_id)
    factories.IdentityFactory(customer=customer, kind="phone", value="+33639984567")
    factories.AddressFactory(customer=customer)
    page = holder.read(ready)
    assert "Camille, it is ready." in page
    for secret in ("Martin", "example.org", "39 98", "Béthune", customer.code):
        assert secret not in page


def test_the_page_follows_the_order_when_its_customer_becomes_another(ready, holder):
    other = factories.CustomerFactory(given_name="Amina", family_name="Benali", language="fr")
    Order.objects.filter(pk=ready.order_id).update(customer=other)
    assert "Amina, it is ready." in holder.read(ready)
    assert "Amina, c’est prêt." in holder.read(ready, "")


def test_the_api_tells_the_link_and_keeps_it_nowhere(api, order_body):
    told = api.place(order_body(), key="k")
    token = told.json()["customer_url"].rstrip("/").rsplit("/", 1)[1]
    assert links.opened_by(token).order.number == told.json()["number"]
    assert api.order(told.json()["number"]).json()["customer_url"] == told.json()["customer_url"]
    again = api.place(order_body(), key="k")
    assert again.json() == told.json()
    assert token[:24] not in AnsweredRequest.objects.get().body


def test_mails_carry_the_link_and_staff_read_them_without_it(ready, clerk_client, mailoutbox, settings):
    settings.BASE_URL = "https://shop.example"
    tasks.drain_outbox()
    [mail] = mailoutbox
    address = links.address_of(ready.order)
    assert address.startswith("https://shop.example/o/")
    assert address in mail.body
    assert address in str(mail.alternatives[0][0])
    page = clerk_client.get(reverse("message", args=[Message.objects.get().pk])).content.decode()
    assert links.token(ready.order.number)[:24] not in page
    assert "https://shop.example/o/•••••/" in page
