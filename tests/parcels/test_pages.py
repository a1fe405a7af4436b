"""What people see of parcels: the clerk who packs, the desk, the customer on their own page, the shop by its API."""

import pytest
from django.test import Client
from django.urls import reverse

from omni import audit
from omni.demo import parcels as demo
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import finishing, packing
from orders.fulfilment.waiting import links
from orders.parcels.carriers.files import FileCarrier
from orders.parcels.carriers.port import CarrierFailed
from orders.parcels.models import Parcel
from orders.parcels.services import booking
from tests import factories, sent

pytestmark = pytest.mark.django_db


def page(client, name, fulfilment):
    answer = client.get(reverse(name, args=[fulfilment.public_id]))
    assert answer.status_code == 200, answer
    return answer.content.decode()


def pack(client, fulfilment, key="k", **fields):
    address = reverse("packing-parcels", args=[fulfilment.public_id])
    return client.post(address, {"idempotency_key": key, **fields}, follow=True)


def own_page(fulfilment):
    return Client().get(f"/o/{links.token(fulfilment.order.number)}/?in=en").content.decode()


def test_the_last_button_packs_where_a_carrier_comes_and_sends_where_none_does(courier, picked, clerk_client, settings):
    assert "Pack and print the label" in page(clerk_client, "picking", picked)
    settings.CARRIERS = []
    without = page(clerk_client, "picking", picked)
    assert "The parcel leaves" in without
    assert "Pack" not in without.partition('<main id="main"')[2]


def test_before_the_first_piece_is_picked_there_is_nothing_to_pack(courier, picked, clerk_client):
    picked.lines.update(picked=0)
    answer = clerk_client.get(reverse("packing", args=[picked.public_id]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("picking", args=[picked.public_id]))


def test_packing_sent_twice_makes_one_parcel_and_opens_its_label(courier, picked, clerk_client):
    address = reverse("packing-parcels", args=[picked.public_id])
    first = clerk_client.post(address, {"idempotency_key": "k", "weight": "1250"})
    parcel = Parcel.objects.get()
    assert first["X-Omni-Opens"] == reverse("parcel-label", args=[parcel.public_id])
    clerk_client.post(address, {"idempotency_key": "k", "weight": "1250"})
    assert Parcel.objects.count() == len(courier.consignments()) == 1
    label = clerk_client.get(first["X-Omni-Opens"])
    assert (label["Content-Type"], label.content[:5]) == ("application/pdf", b"%PDF-")
    assert f"{parcel.tracking_number}" in page(clerk_client, "packing", picked)
    assert "1,250 g" in page(clerk_client, "packing", picked)


@pytest.mark.parametrize("weight", ["0", "-1", "heavy", "150001"])
def test_a_weight_that_is_none_is_said_and_nothing_is_packed(courier, picked, clerk_client, weight):
    answer = pack(clerk_client, picked, weight=weight)
    assert "weight in grams" in answer.content.decode()
    assert not Parcel.objects.exists()


def test_a_silent_carrier_is_said_and_asked_again(courier, picked, clerk_client, monkeypatch):
    def silent(_self, _consignment):
        raise CarrierFailed("answered 503")

    with monkeypatch.context() as patch:
        patch.setattr(FileCarrier, "book", silent)
        said = pack(clerk_client, picked).content.decode()
    assert "Courier gives no label just now" in said
    assert "It leaves without a label" in said
    parcel = Parcel.objects.get()
    address = reverse("parcel-label", args=[parcel.public_id])
    assert clerk_client.get(address).status_code == 404
    assert clerk_client.post(address)["X-Omni-Opens"] == address
    assert "Hand to the carrier" in page(clerk_client, "packing", picked)


def test_nothing_leaves_half_packed_and_the_page_says_why(courier, picked, clerk_client):
    packing.put(fulfilment_id=picked.pk, line_id=picked.lines.earliest("pk").pk, pieces=1)
    answer = clerk_client.post(reverse("dispatch", args=[picked.public_id]), {"idempotency_key": "d"}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("packing", args=[picked.public_id])
    assert "A parcel is still open. Close it first." in answer.content.decode()
    assert Fulfilment.objects.get(pk=picked.pk).status == "picking"


def test_a_parcel_is_taken_apart_by_a_tap(courier, picked, clerk_client):
    pack(clerk_client, picked)
    address = reverse("parcel-unpacking", args=[Parcel.objects.get().public_id])
    clerk_client.post(address, {"idempotency_key": "u"})
    assert not Parcel.objects.standing().exists()
    assert "Pack and print the label" in page(clerk_client, "picking", picked)


def test_an_order_back_in_the_queue_with_a_parcel_can_be_taken_up_again(courier, picked, clerk_client):
    pack(clerk_client, picked)
    clerk_client.post(reverse("queue-return", args=[picked.public_id]), {"idempotency_key": "r"})
    assert page(clerk_client, "picking", picked)
    clerk_client.post(reverse("picking", args=[picked.public_id]), {"idempotency_key": "t"})
    assert "Hand to the carrier" in page(clerk_client, "packing", picked)


def test_the_desk_sees_where_each_parcel_is(courier, picked, clerk, agent_client):
    parcel = sent.left(picked, by=clerk)
    sent.told(parcel, "accepted", "delivered")
    shown = agent_client.get(reverse("order", args=[picked.order.number])).content.decode()
    for words in (f"{picked.short_id}, parcel 1", "Delivered", f"https://courier.example/{parcel.tracking_number}"):
        assert words in shown
    assert "Parcel 1 is with its customer" in shown


def test_the_customer_follows_a_parcel_to_the_door(courier, picked, clerk):
    parcel = sent.left(picked, by=clerk)
    assert "Camille, it is on its way." in own_page(picked)
    sent.told(parcel, "in_transit")
    on_its_way = own_page(picked)
    assert f"https://courier.example/{parcel.tracking_number}" in on_its_way
    assert '<li class="is-now" aria-current="step">Sent</li>' in on_its_way
    sent.told(parcel, "delivered")
    there = own_page(picked)
    assert "Camille, it is with you." in there
    assert '<li class="is-now" aria-current="step">With you</li>' in there


def test_the_customer_sees_the_relay_point_and_when_it_waits_there(courier, house, clerk):
    relay = sent.picked(house.lille, {"SKU-1": 1}, by=clerk, kind="relay")
    before = own_page(relay)
    for words in ("Corner shop", "1 rue Neuve, 59000 Lille", "Mon–Sat 08:00–19:00", "mlat=50.63000"):
        assert words in before
    sent.told(sent.left(relay, by=clerk), "accepted", "at_relay")
    there = own_page(relay)
    assert "Camille, it waits for you." in there
    assert '<li class="is-now" aria-current="step">To collect</li>' in there


def test_of_two_parcels_one_delivered_is_not_yet_all_of_it(courier, picked, clerk):
    packing.put(fulfilment_id=picked.pk, line_id=picked.lines.earliest("pk").pk, pieces=1)
    first = sent.packed(picked, by=clerk, rest=False)
    sent.packed(picked, by=clerk)
    finishing.dispatch(fulfilment_id=picked.pk, actor_id=clerk.pk)
    sent.told(first, "delivered")
    assert "Camille, it is on its way." in own_page(picked)


def test_the_shop_reads_parcels_with_the_order(api, courier, picked, clerk):
    parcel = sent.left(picked, by=clerk)
    sent.told(parcel, "in_transit")
    [told] = api.order(picked.order.number).json()["fulfilments"][0]["parcels"]
    assert {name: told[name] for name in ("number", "carrier", "status", "tracking_url")} == {
        "number": 1,
        "carrier": "file",
        "status": "in_transit",
        "tracking_url": f"https://courier.example/{parcel.tracking_number}",
    }


def test_an_order_without_a_carrier_shows_no_parcels(house, clerk, picked):
    finishing.dispatch(fulfilment_id=picked.pk, actor_id=clerk.pk)
    assert "Your parcel" not in own_page(picked)
    assert "With you" not in own_page(picked)


def test_a_parcel_that_gets_its_label_after_it_left_is_shown(courier, picked, clerk):
    parcel = packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk)
    finishing.dispatch(fulfilment_id=picked.pk, actor_id=clerk.pk)
    assert "Your parcel" not in own_page(picked)
    labelled = booking.book(parcel_id=parcel.pk)
    assert labelled.tracking_number in own_page(picked)


def test_the_demo_has_parcels_in_every_state_and_the_audit_holds(courier, points, house, clerk):
    for number in range(8):
        customer = factories.CustomerFactory(given_name=f"Demo {number}", invented=True)
        factories.IdentityFactory(customer=customer, kind="card", value=f"290000000{number:04d}")
    made = demo.ensure_parcels(house.lille, skus=house.skus, clerk_login="clerk")
    assert made == len(demo.STORIES)
    assert demo.ensure_parcels(house.lille, skus=house.skus, clerk_login="clerk") == 0
    assert sorted(Fulfilment.objects.values_list("status", flat=True)) == ["dispatched"] * 4 + ["picking"] * 2
    assert len(courier.consignments()) == 5
    assert audit.differences() == []
