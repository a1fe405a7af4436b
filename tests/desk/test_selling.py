"""Sold here, served from anywhere: as it was shown, or not at all."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, Identity
from inventory.catalog.models import Price
from inventory.places.models import Location
from inventory.places.queries import place
from inventory.stock.models import StockLevel
from omni.lib import reference
from orders.fulfilment import promises, workload
from orders.fulfilment.models import Fulfilment
from orders.payments.models import Payment
from orders.sales.models import Order, OrderEvent
from orders.selling import serving
from orders.selling.basket import Basket
from tests import factories, journeys

pytestmark = pytest.mark.django_db
CARD = "2900000004242"


@pytest.fixture(autouse=True)
def _sold_out_here(house) -> None:
    """Lille has none of the first article."""
    StockLevel.objects.filter(location=house.lille, variant__sku="SKU-1").update(safety_stock=1000)


@pytest.fixture
def camille(house) -> Customer:
    person = factories.CustomerFactory(given_name="Camille", family_name="Durand")
    factories.IdentityFactory(customer=person, kind="card", value=CARD)
    return person


def words(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode().split("<main", 1)[-1])))


def address(*items: str, **said: str) -> str:
    parts = [f"item={one}" for one in items] + [f"{name}={value}" for name, value in said.items()]
    return f"{reverse('sell')}?{'&'.join(parts)}"


def shown(client, where: str) -> dict:
    """What the page would send as it stands."""
    page = client.get(where)
    assert page.status_code == 200, page.content
    return {"served": page.context["served"], "total": page.context["total"], "idempotency_key": "k"}


def sell(client, where: str, **said):
    return client.post(where, shown(client, where) | {"tender": "card_terminal"} | said)


HOME = {"line": "3 rue Haute", "postal_code": "59000", "town": "Lille"}
SOMEBODY = {"given_name": "Nadia", "family_name": "Petit", "contact": "06 39 98 00 11"}


def test_the_stock_page_offers_both_ways_of_each_store_that_has_some(clerk_client, house):
    page = clerk_client.get(f"{reverse('stock')}?q=SKU-1").content.decode()
    assert "/sell/?item=SKU-1:1&amp;way=pickup&amp;at=lens" in page
    assert "/sell/?item=SKU-1:1&amp;way=ship&amp;at=amiens" in page
    assert "way=carry_out" not in page


def test_who_may_not_sell_is_offered_nothing(agent_client, house):
    assert "/sell/" not in agent_client.get(f"{reverse('stock')}?q=SKU-1").content.decode()
    assert agent_client.get(address("SKU-1:1")).status_code == 403


def test_it_is_collected_in_the_other_store_and_sold_in_one_s_own(clerk_client, house, clerk, camille):
    where = address("SKU-1:2", way="pickup", at="amiens", customer=camille.code)
    answer = sell(clerk_client, where)
    order = Order.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("sold", args=[order.number]))
    assert (order.channel, order.location_id, order.also_at) == ("store", house.lille.pk, [house.amiens.pk])
    assert (order.customer, order.actor) == (camille, clerk)
    assert OrderEvent.objects.get(order=order, kind="order_placed").actor == clerk
    way = Fulfilment.objects.get()
    assert (way.kind, way.location_id, way.status) == ("pickup", house.amiens.pk, "to_pick")
    assert list(Payment.objects.values_list("tender", "amount")) == [("card_terminal", 2000)]
    assert house.level("SKU-1", house.amiens).reserved == 2
    seen = words(clerk_client.get(answer["Location"]))
    assert f"{way.short_id} 2 items Collected at Amiens, ready" in seen
    assert "Camille Durand" in seen


def test_it_is_paid_when_it_is_collected(clerk_client, house, camille):
    answer = sell(clerk_client, address("SKU-1:1", way="pickup", at="lens", customer=camille.code), tender="later")
    assert answer.status_code == 302
    assert not Payment.objects.exists()
    assert "To pay when collecting €10.00" in words(clerk_client.get(answer["Location"]))


def test_what_is_sent_cannot_be_paid_later(clerk_client, house, camille):
    answer = sell(clerk_client, address("SKU-1:1", way="ship", customer=camille.code), tender="later", **HOME)
    assert answer.status_code == 422
    assert "Choose how the customer pays." in words(answer)
    assert not Order.objects.exists()


def test_it_is_sent_home_to_somebody_new(clerk_client, house):
    answer = sell(clerk_client, address("SKU-1:1", way="ship", at="lens"), **SOMEBODY, **HOME)
    assert answer.status_code == 302, words(answer)
    way = Fulfilment.objects.get()
    assert (way.kind, way.location_id) == ("ship", house.lens.pk)
    assert way.ship_to == {"name": "Nadia Petit", **HOME, "country": "FR"}
    assert Identity.objects.get(kind="phone").value == "+33639980011"


@pytest.mark.parametrize(
    ("code", "country"), [("1000", "BE"), ("B-1000", "BE"), ("59 000", "FR"), ("F-59000", "FR"), ("59000", "FR")]
)
def test_a_postal_code_says_its_country(clerk_client, house, code, country):
    assert sell(clerk_client, address("SKU-1:1"), **SOMEBODY, **{**HOME, "postal_code": code}).status_code == 302
    ship_to = Fulfilment.objects.get().ship_to
    assert ship_to is not None
    assert ship_to["country"] == country


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"postal_code": "590"}, "Five digits in France, four in Belgium."),
        ({"line": ""}, "Write it down: without it nobody gets anything."),
        ({"given_name": ""}, "Write it down: without it nobody gets anything."),
        ({"contact": ""}, "Write it down: without it nobody gets anything."),
        ({"contact": "nadia"}, "This is neither a phone number nor an e-mail address."),
        ({"tender": "gold"}, "Choose how the customer pays."),
        ({"tender": ""}, "Choose how the customer pays."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_placed(clerk_client, house, wrong, sentence):
    answer = sell(clerk_client, address("SKU-1:1"), **{**SOMEBODY, **HOME, **wrong})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not Order.objects.exists()


def test_what_is_carried_out_needs_nobody(clerk_client, house):
    assert sell(clerk_client, address("SKU-2:1", way="carry_out"), tender="cash").status_code == 302
    order = Order.objects.get()
    assert (order.status, order.customer, order.also_at) == ("completed", None, [])
    assert house.level("SKU-2").on_hand == 99


def test_what_is_not_here_is_not_carried_out(clerk_client, house):
    page = clerk_client.get(address("SKU-1:1", way="carry_out"))
    assert not page.context["ready"]
    assert "Nobody serves 1 × Article 1 this way" in words(page)
    assert "Left: Lens 100, Amiens 100" in words(page)
    answer = clerk_client.post(address("SKU-1:1", way="carry_out"), {"served": "x", "total": 1000, "tender": "cash"})
    assert answer.status_code == 409
    assert not Order.objects.exists()


def test_a_second_article_that_the_chosen_store_lacks_is_served_by_the_rules(clerk_client, house, camille):
    StockLevel.objects.filter(location=house.amiens, variant__sku="SKU-2").update(safety_stock=1000)
    where = address("SKU-1:1", "SKU-2:1", way="ship", at="amiens", customer=camille.code)
    page = clerk_client.get(where)
    served = {part["store"]: part["what"] for part in page.context["parts"]}
    assert served["Amiens"] == "1 × Article 1"
    assert len(served) == 2
    assert "2 parcels" in words(page)
    assert sell(clerk_client, where, **HOME).status_code == 302
    assert sorted(Order.objects.get().also_at) == sorted(Fulfilment.objects.values_list("location_id", flat=True)) or (
        house.lille.pk in Fulfilment.objects.values_list("location_id", flat=True)
    )
    assert Payment.objects.get().amount == 3000


def test_the_price_and_the_tax_are_those_of_the_selling_store(clerk_client, house, camille):
    Location.objects.filter(pk=house.lens.pk).update(territory="BE")
    factories.VatRateFactory(territory="BE", vat_class="standard", rate=2100)
    reference.forget()
    assert sell(clerk_client, address("SKU-1:1", way="pickup", at="lens", customer=camille.code)).status_code == 302
    assert Order.objects.get().lines.get().vat_rate == 2000


def test_what_was_sold_meanwhile_is_said_with_what_is_left(clerk_client, house, clerk, camille):
    StockLevel.objects.filter(location=house.lens, variant__sku="SKU-1").update(safety_stock=99)
    where = address("SKU-1:1", way="pickup", at="lens", customer=camille.code)
    page = shown(clerk_client, where)
    journeys.placed(house.lens, {"SKU-1": 1}, by=clerk)
    answer = clerk_client.post(where, page | {"tender": "cash"})
    assert answer.status_code == 409
    seen = words(answer)
    assert "Somebody was faster: this is what is left now." in seen
    assert [part["store"] for part in answer.context["parts"]] == ["Amiens"], "the page shows who has it now"
    assert not Payment.objects.exists()
    assert Order.objects.count() == 1


def test_a_price_that_changed_is_looked_at_again(clerk_client, house, camille):
    where = address("SKU-1:1", way="pickup", at="lens", customer=camille.code)
    answer = clerk_client.post(where, shown(clerk_client, where) | {"tender": "cash", "total": 900})
    assert answer.status_code == 422
    assert "The price has changed" in words(answer)
    assert not Order.objects.exists()


@pytest.mark.parametrize("tender", ["later", "card_terminal"])
def test_a_price_that_rises_before_the_tap_is_not_the_price_of_the_order(clerk_client, house, camille, tender):
    where = address("SKU-1:1", way="pickup", at="lens", customer=camille.code)
    form = shown(clerk_client, where) | {"tender": tender}
    Price.objects.filter(variant__sku="SKU-1").update(amount=1500)
    reference.forget()
    answer = clerk_client.post(where, form)
    assert answer.status_code == 422
    assert "The price has changed" in words(answer)
    assert not Order.objects.exists()


def test_a_form_that_is_sent_twice_places_once(clerk_client, house, camille):
    where = address("SKU-1:1", way="pickup", at="lens", customer=camille.code)
    form = shown(clerk_client, where) | {"tender": "cash"}
    answers = [clerk_client.post(where, form) for _time in range(2)]
    number = Order.objects.get().number
    assert [answer["Location"] for answer in answers] == [reverse("sold", args=[number])] * 2
    assert Payment.objects.count() == 1


def scan(client, where: str, code: str, **headers):
    query = where.split("?", 1)[1]
    return client.post(f"{reverse('sell-scans')}?{query}", {"code": code}, headers=headers)


def test_a_scan_adds_an_article_and_a_card_says_who_buys(clerk_client, house, camille):
    where = address("SKU-1:1", way="pickup", at="lens")
    again = scan(clerk_client, where, factories.gtin(1))
    assert again["Location"] == address("SKU-1%3A2", way="pickup", at="lens")
    other = scan(clerk_client, where, "SKU-2", **{"HX-Request": "true"})
    assert (other.status_code, other["HX-Redirect"]) == (
        204,
        address("SKU-1%3A1", "SKU-2%3A1", way="pickup", at="lens"),
    )
    card = scan(clerk_client, where, CARD)
    assert card["Location"] == address("SKU-1%3A1", way="pickup", at="lens", customer=camille.code)
    assert "Camille Durand" in words(clerk_client.get(card["Location"]))
    nothing = scan(clerk_client, where, "0000", **{"HX-Request": "true"})
    assert "Neither an article nor a customer" in nothing.content.decode()


@pytest.mark.parametrize(
    "query",
    ["item=NOPE:1", "item=SKU-1:0", "item=SKU-1:100", "item=SKU-1:x", "item=:1",
     "item=SKU-1:00000199999999999", "item=SKU-1:0000019999999", "item=SKU-1:01", "item=SKU-1:1&way=fly",
     "item=SKU-1:1&at=nowhere", "item=SKU-1:1&way=reservation"],
)  # fmt: skip
def test_an_address_that_nobody_was_led_to_is_not_found(clerk_client, query):
    assert clerk_client.get(f"{reverse('sell')}?{query}").status_code == 404


def test_without_an_article_the_page_asks_for_one(clerk_client):
    assert "Scan what is sold" in words(clerk_client.get(reverse("sell")))


def test_somebody_who_may_not_see_customers_finds_none(clerk_client, clerk, house, camille):
    clerk.role.permissions = [one for one in clerk.role.permissions if one != "customers.view"]
    clerk.role.save()
    reference.forget()
    where = address("SKU-1:1", way="pickup", at="lens", customer=camille.code)
    assert "Durand" not in words(clerk_client.get(where))
    assert scan(clerk_client, where, CARD)["Location"].count("customer") == 1  # as it came, nobody was looked up


@pytest.mark.parametrize("way", ["pickup", "ship"])
def test_the_queues_of_all_who_serve_a_basket_are_asked_for_at_once(house, monkeypatch, way):
    asked = []
    monkeypatch.setattr(serving, "now_in", lambda stores: asked.append(sorted(stores)) or workload.now_in(stores))
    monkeypatch.setattr(promises, "in_store", lambda _store: pytest.fail("one statement for each store"))
    StockLevel.objects.filter(variant__sku="SKU-2").exclude(location=house.amiens).update(safety_stock=1000)
    basket = Basket(pieces={"SKU-1": 1, "SKU-2": 1}, way=way, at=place(house.lens.pk))
    found = serving.serve(basket, place(house.lille.pk), timezone.now())
    assert len(found.parts) == 2
    assert asked == ([sorted(part.place.id for part in found.parts)] if way == "pickup" else [])
