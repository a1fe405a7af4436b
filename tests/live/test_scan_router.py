"""Whatever is scanned or typed means one thing, several, or nothing; and never a thing of another store."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.services.identifying import GivenCustomer
from inventory.places.models import HoldPlace
from omni.staff.models import User
from orders.fulfilment import codes, proofs
from orders.fulfilment.models import Fulfilment
from tests import factories, journeys
from tests.conftest import House

pytestmark = pytest.mark.django_db


def led_to(client: Client, code: str) -> str:
    """Return where a scan leads; "" when nothing is known, "several" when it may be several things."""
    response = client.post(reverse("scan"), {"code": code})
    if response.status_code == 302:
        return str(response["Location"])
    return "several" if response.context.get("matches") else ""


def picking_of(fulfilment: Fulfilment) -> str:
    return reverse("picking", args=[fulfilment.public_id])


def hand_over_of(fulfilment: Fulfilment) -> str:
    return reverse("hand-over", args=[fulfilment.public_id])


@pytest.fixture
def order(house: House, clerk: User) -> Fulfilment:
    """An order to prepare: one piece of the first article."""
    placed = journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk, external_ref="shop-7")
    return journeys.fulfilment_of(placed)


@pytest.fixture
def waiting(house: House, clerk: User) -> Fulfilment:
    """An order that waits in Locker 1."""
    return journeys.ready(journeys.placed(house.lille, {house.skus[1]: 1}, by=clerk), by=clerk)


def test_an_order_is_known_by_number_reference_short_id_bag_gtin_and_sku(
    house: House, order: Fulfilment, clerk_client: Client
) -> None:
    ways = [
        order.order.number, order.order.number.lower(), "shop-7",
        order.short_id, order.short_id.lower(),
        codes.bag_text(order.public_id), house.variants[0].gtin, house.skus[0],
    ]  # fmt: skip
    assert {way: led_to(clerk_client, str(way)) for way in ways} == dict.fromkeys(ways, picking_of(order))


def test_a_pickup_code_and_its_qr_open_the_hand_over_with_the_proof(waiting: Fulfilment, clerk_client: Client) -> None:
    digits = codes.digits(waiting.public_id, waiting.code_round)
    for text, how in [(digits, "code"), (codes.qr_text(waiting.public_id, waiting.code_round), "qr")]:
        assert led_to(clerk_client, text) == hand_over_of(waiting)
        assert clerk_client.session[proofs.SESSION_KEY]["how"] == how


def test_a_bag_s_label_proves_nothing(waiting: Fulfilment, clerk_client: Client) -> None:
    assert led_to(clerk_client, codes.bag_text(waiting.public_id)) == hand_over_of(waiting)
    assert proofs.SESSION_KEY not in clerk_client.session


def test_a_hold_place_leads_to_what_lies_in_it(house: House, waiting: Fulfilment, clerk_client: Client) -> None:
    assert led_to(clerk_client, "locker 1") == hand_over_of(waiting)
    assert led_to(clerk_client, "Locker 2") == ""


def test_a_customer_is_known_by_card_e_mail_and_phone(house: House, clerk_client: Client) -> None:
    identities = {"card": "2990000000017", "email": "amina@example.org", "phone": "+33639984567"}
    person = factories.CustomerFactory(family_name="Benali")
    for kind, value in identities.items():
        factories.IdentityFactory(customer=person, kind=kind, value=value)
    page = reverse("customer", args=[person.code])
    for text in ("2990000000017", "Amina@example.org", "06 39 98 45 67"):
        assert led_to(clerk_client, text) == page, text


def test_what_may_be_several_things_is_listed_each_once(
    house: House, order: Fulfilment, clerk: User, clerk_client: Client
) -> None:
    other = journeys.fulfilment_of(journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk))
    response = clerk_client.post(reverse("scan"), {"code": house.skus[0]})
    assert [one.url for one in response.context["matches"]] == [picking_of(order), picking_of(other)]
    assert response.content.count(other.short_id.encode()) == 1


def test_a_code_with_two_meanings_proves_nothing(
    house: House, waiting: Fulfilment, clerk: User, clerk_client: Client
) -> None:
    digits = codes.digits(waiting.public_id, waiting.code_round)
    journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk, external_ref=digits)
    assert led_to(clerk_client, digits) == "several"
    assert proofs.SESSION_KEY not in clerk_client.session


def test_things_of_another_store_are_not_known(house: House, clerk: User, clerk_client: Client) -> None:
    seller = factories.PersonFactory(login="seller", role="integrator", stores=house.stores)
    placed = journeys.placed(house.amiens, {house.skus[3]: 1}, by=seller, external_ref="far-away")
    foreign = journeys.ready(placed, by=seller)
    spot = HoldPlace.objects.filter(location=house.amiens).first()
    assert spot is not None
    HoldPlace.objects.filter(pk=spot.pk).update(name="Cellar")
    known = [
        foreign.order.number, "far-away", foreign.short_id, codes.bag_text(foreign.public_id), "Cellar",
        codes.qr_text(foreign.public_id, foreign.code_round), codes.digits(foreign.public_id, foreign.code_round),
    ]  # fmt: skip
    assert {text: led_to(clerk_client, text) for text in known} == dict.fromkeys(known, "")


def test_who_may_not_see_customers_does_not_find_them(house: House, clerk: User, clerk_client: Client) -> None:
    factories.IdentityFactory(kind="card", value="2990000000017")
    clerk.role.permissions = [code for code in clerk.role.permissions if code != "customers.view"]
    clerk.role.save()
    assert led_to(clerk_client, "2990000000017") == ""


@pytest.mark.parametrize("text", ["\x00", "'; --", "%", "OMNI-B:", "OMNI-P:x:000000", "é" * 500, "K4-", "0"])
def test_nonsense_is_answered_calmly(house: House, clerk_client: Client, text: Any) -> None:
    assert clerk_client.post(reverse("scan"), {"code": text}).status_code == 200


def test_the_camera_page_alone_may_compile_wasm(house: House, order: Fulfilment, clerk_client: Client) -> None:
    camera = clerk_client.get(reverse("scan-camera"), {"for": str(order.public_id)})
    assert "'wasm-unsafe-eval'" in camera["Content-Security-Policy"]
    assert reverse("pick-scans", args=[order.public_id]).encode() in camera.content
    assert "wasm" not in clerk_client.get(reverse("scan"))["Content-Security-Policy"]
    for wrong in ("no-uuid", "00000000-0000-0000-0000-000000000000"):
        assert clerk_client.get(reverse("scan-camera"), {"for": wrong}).status_code == 404


def test_a_name_opens_what_waits_here_for_its_owner(house: House, clerk: User, clerk_client: Client) -> None:
    def order(store: Any, given: str, family: str) -> Any:
        customer = GivenCustomer({"card": f"2990000000{ord(given[0]):03d}"}, given, family)
        return journeys.placed(store, {"SKU-1": 1}, by=clerk, customer=customer)

    amelie = journeys.ready(order(house.lille, "Amélie", "Lefèvre"), by=clerk)
    for typed in ("lefevre", "LEFÈVRE", "amélie lef", "Lefèvre Am"):
        assert led_to(clerk_client, typed) == hand_over_of(amelie), typed
    assert proofs.SESSION_KEY not in clerk_client.session  # a name proves nothing
    assert led_to(clerk_client, "Lefort") == led_to(clerk_client, "Amélie Martin") == led_to(clerk_client, "l") == ""
    journeys.ready(order(house.lens, "Zoé", "Ailleurs"), by=clerk)
    assert led_to(clerk_client, "ailleurs") == ""  # waits in another store
    order(house.lille, "Paul", "Lefèvre")
    page = clerk_client.get(reverse("scan"), {"q": "lefevre"})
    assert [one.title for one in page.context["matches"]] == ["Amélie Lefèvre", "Paul Lefèvre"]  # ready stands first


def test_a_phone_number_shows_what_waits_here_for_its_owner_before_the_owner(
    house: House, clerk: User, clerk_client: Client
) -> None:
    amina = GivenCustomer({"phone": "+33639984567"}, "Amina", "Benali")
    waiting = journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, customer=amina), by=clerk)
    journeys.ready(journeys.placed(house.lens, {"SKU-1": 1}, by=clerk, customer=amina), by=clerk)
    page = clerk_client.get(reverse("scan"), {"q": "06 39 98 45 67"})
    customer = waiting.order.customer
    assert customer is not None
    assert [one.url for one in page.context["matches"]] == [
        hand_over_of(waiting),
        reverse("customer", args=[customer.code]),
    ]
