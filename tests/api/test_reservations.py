"""A web shop reserves: nothing is paid, and the answer says until when it is kept."""

from datetime import UTC, datetime

import pytest
import time_machine

from inventory.places.models import Location
from omni.lib import reference
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import picking, readying
from tests.problems import assert_problem, codes, nothing_written

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AT_LILLE = {"kind": "reservation", "store": "lille"}


def reservation(order_body, **more):
    return order_body(**{"fulfilment": AT_LILLE, "payment": None, **more})


def test_a_reservation_is_placed_and_says_until_when_it_is_kept(api, order_body, house, clerk):
    Location.objects.filter(pk=house.lille.pk).update(opening_hours="Mo-Sa 10:00-19:00")
    reference.forget()
    with time_machine.travel(MONDAY, tick=False):
        answer = api.place(reservation(order_body))
        assert answer.status_code == 201, answer.content
        placed = answer.json()
        assert (placed["paid"], placed["due"], placed["points_pending"]) == (0, 7000, 0)
        [way] = placed["fulfilments"]
        assert (way["kind"], way["keep_until"]) == ("reservation", "2026-11-24T18:00:00Z")
        assert api.order(placed["number"]).json()["fulfilments"] == [way]
        bag = Fulfilment.objects.get(order__number=placed["number"])
        for line in bag.lines.all():
            picking.pick(fulfilment_id=bag.pk, line_id=line.pk, pieces=line.quantity, actor_id=clerk.pk)
        spot = house.places(house.lille)[0].pk
        readying.declare_ready(fulfilment_id=bag.pk, hold_place_id=spot, actor_id=clerk.pk)
        assert api.order(placed["number"]).json()["fulfilments"][0]["keep_until"] == way["keep_until"]


def test_payment_at_pickup_may_be_said(api, order_body):
    assert api.place(reservation(order_body, payment={"state": "at_pickup"})).status_code == 201


PAID = {"state": "captured", "tender": "card_online", "amount": 7000, "reference": "psp-1"}


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"payment": PAID}, {"payment": "reservation_is_free"}),
        ({"customer": None}, {"customer": "required"}),
    ],
)
def test_what_a_reservation_cannot_be_is_refused_with_a_sentence(api, order_body, more, wrong):
    with nothing_written():
        answer = api.place({**reservation(order_body), **more})
    assert codes(assert_problem(answer, 400, "invalid")) == wrong


def test_one_too_many_is_refused_with_figures(api, order_body, settings):
    settings.MOST_RESERVATIONS = 1
    assert api.place(reservation(order_body)).status_code == 201
    answer = api.place(reservation(order_body))
    assert answer.status_code == 409
    told = answer.json()
    assert (told["code"], told["open"], told["most"]) == ("too_many_reserved", 1, 1)


def test_a_store_without_pickup_reserves_nothing(api, order_body, house):
    Location.objects.filter(pk=house.lille.pk).update(offers_pickup=False)
    reference.forget()
    answer = api.place(reservation(order_body))
    assert codes(answer.json()) == {"fulfilment.store": "no_pickup"}
