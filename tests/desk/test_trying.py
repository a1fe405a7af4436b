"""The counter and the customer's page while something is reserved: tried, taken or left, and nothing called bought."""

import re
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from customers.models import Message
from omni import letters, tasks
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up
from orders.fulfilment.waiting import links
from orders.payments.models import Payment
from tests import journeys

pytestmark = pytest.mark.django_db


def words(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode().split("<main", 1)[-1])))


@pytest.fixture
def bag(house, clerk) -> Fulfilment:
    """Two of one article and one of another, ready to be tried."""
    placed = journeys.placed(house.lille, {"SKU-1": 2, "SKU-2": 1}, by=clerk, kind="reservation")
    return journeys.ready(placed, by=clerk)


@pytest.fixture
def counter(clerk_client, bag) -> Client:
    """The clerk, who saw an identity card."""
    clerk_client.post(reverse("hand-over-identity", args=[bag.public_id]), {"kind": "identity"})
    return clerk_client


def post(client, bag, name="hand-over", key="k", **fields):
    return client.post(reverse(name, args=[bag.public_id]), {"idempotency_key": key, **fields})


def test_today_and_the_ready_list_say_that_it_is_a_reservation(clerk_client, house, clerk, bag):
    journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, kind="reservation")
    seen = words(clerk_client.get(reverse("today")))
    assert re.search(r"1 item · Reservation \d\d:\d\d", seen)
    assert "to try, until" in seen


def test_the_counter_asks_of_each_article_and_offers_to_release_all(counter, bag):
    page = counter.get(reverse("hand-over", args=[bag.public_id]))
    seen = words(page)
    assert "Reservation: nothing is paid." in seen
    assert "Takes all 2 1 Leaves all" in re.sub(r"\s+", " ", seen)
    assert "Takes it Leaves it" in seen
    assert "If everything else is taken €40.00" in seen
    assert "Wants none of it" in seen


def test_each_choice_changes_what_is_to_be_paid(counter, bag):
    address = reverse("hand-over", args=[bag.public_id])
    said = {"1-collected": "1", "2-collected": "0", "tender": "cash"}
    part = counter.get(address, said, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    seen = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part)))
    assert "1 piece taken, 2 go back on sale €10.00" in seen
    assert "Sell for €10.00" in seen
    assert re.search(r'value="cash" required checked', part)
    said |= {"1-collected": "0"}
    part = counter.get(address, said, headers={"HX-Request": "true"}).content.decode()
    assert "Wants none of it: release" in part
    assert 'name="tender"' not in part


def test_what_is_taken_is_sold_and_what_is_left_is_for_sale_again(counter, bag, house):
    answer = post(counter, bag, **{"1-collected": "1", "2-collected": "0", "tender": "card_terminal"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("handed-over", args=[bag.public_id]))
    assert list(Payment.objects.values_list("tender", "amount")) == [("card_terminal", 1000)]
    level = house.level("SKU-1")
    assert (level.on_hand, level.reserved) == (99, 0)


def test_an_article_of_which_nothing_is_said_is_asked_about(counter, bag, house):
    answer = post(counter, bag, **{"1-collected": "2", "tender": "cash"})
    assert answer.status_code == 422
    assert "Say of each article whether the customer takes it or leaves it." in words(answer)
    assert re.search(r'name="1-collected" value="2" required checked', answer.content.decode())
    assert house.level("SKU-1").reserved == 2
    assert not Payment.objects.exists()


@pytest.mark.parametrize("number", ["3", "-1", "many"])
def test_more_than_waits_is_not_taken(counter, bag, number):
    answer = post(counter, bag, **{"1-collected": number, "2-collected": "1", "tender": "cash"})
    assert answer.status_code == 422
    assert not Payment.objects.exists()


def test_money_is_asked_for(counter, bag):
    answer = post(counter, bag, **{"1-collected": "2", "2-collected": "1"})
    assert answer.status_code == 422
    assert "choose how the customer pays" in words(answer)


@pytest.mark.parametrize("said", [("hand-over", {"1-collected": "0", "2-collected": "0"}), ("hand-over-refusal", {})])
def test_leaving_everything_releases_it(counter, bag, house, said):
    name, fields = said
    answer = post(counter, bag, name, **fields)
    assert (answer.status_code, answer["Location"]) == (302, reverse("today"))
    bag.refresh_from_db()
    assert bag.status == "cancelled"
    assert house.level("SKU-1").reserved == 0
    assert f"{bag.short_id} is released." in words(counter.get(reverse("today")))
    assert "Released" in words(counter.get(reverse("hand-over", args=[bag.public_id])))
    story = words(counter.get(reverse("order", args=[bag.order.number])))
    assert "Released: The customer did not want it at the counter" in story
    assert "Reservation, Web shop, 3 items" in story


def test_nobody_releases_what_is_not_theirs_to_show(clerk_client, bag):
    assert post(clerk_client, bag, "hand-over-refusal").status_code == 422
    bag.refresh_from_db()
    assert bag.status == "ready"


def test_a_form_that_is_sent_twice_sells_once(counter, bag):
    said = {"1-collected": "1", "2-collected": "0", "tender": "cash"}
    answers = [post(counter, bag, **said) for _time in range(2)]
    assert [one["Location"] for one in answers] == [reverse("handed-over", args=[bag.public_id])] * 2
    assert Payment.objects.count() == 1
    assert "is released" not in words(counter.get(reverse("today")))


def page_of(bag) -> str:
    address = reverse("customer-order", args=[links.token(bag.order.number)])
    return words(Client().get(f"{address}?in=en"))


def test_the_customer_s_page_speaks_of_a_reservation(house, clerk):
    placed = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, kind="reservation")
    bag = journeys.fulfilment_of(placed)
    seen = page_of(bag)
    assert "Camille, we have your reservation." in seen
    assert re.search(r"Ready to try by .*, and kept for you until", seen)
    assert "Reserved, nothing is paid. Yours in the store for €20.00" in seen
    assert "Release it" in seen
    assert "Cancel" not in seen
    assert "To pay" not in seen
    seen = page_of(journeys.ready(placed, by=clerk))
    assert "Camille, it is ready to try." in seen
    assert "Keep it longer" not in seen


def test_the_customer_releases_it_on_their_page(bag):
    address = reverse("customer-cancellation", args=[links.token(bag.order.number), bag.public_id])
    answer = Client().post(f"{address}?in=en", {"idempotency_key": "k"})
    assert answer.status_code == 302
    seen = words(Client().get(answer["Location"]))
    assert "It is released. Thank you for telling us" in seen
    assert "It was released on" in seen
    assert "goes back to you" not in seen


def test_its_letters_speak_of_a_reservation(bag):
    giving_up.cancel(fulfilment_id=bag.pk, actor_id=None, reason="by_customer")
    tasks.drain_outbox()
    ready, ended = Message.objects.order_by("pk")
    assert "reserved for you" in ready.subject or "réserv" in ready.subject
    with override("en"):
        letters_of = [
            render_to_string(f"mail/{one.template}.{ending}", letters.compose(one))
            for one in (ready, ended)
            for ending in ("txt", "html")
        ]
    for letter in letters_of:
        assert "eservation" in letter
        assert "ordered from us" not in letter
        assert "pickup" not in letter.lower()
    assert "Reserved, nothing is paid" in letters_of[0]
    assert "You paid nothing, and owe nothing." in letters_of[2]
