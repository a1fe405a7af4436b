"""Relay points: looked up near a place or by postal code, chosen in an order, and frozen there."""

import logging
import os
from pathlib import Path

import pytest

from orders.fulfilment.models import Fulfilment
from orders.parcels.relays.directory import directory
from tests.problems import assert_problem, codes, nothing_written

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/relay-points/"


def listed(answer):
    assert answer.status_code == 200, answer.content
    return [(one["code"], one["distance_km"]) for one in answer.json()["items"]]


def test_the_nearest_come_first_with_their_distance(api, points):
    assert listed(api.get(ADDRESS, {"near": "50.63,3.06"})) == [("R001", 0.0), ("R002", 1.0), ("R003", 557.6)]


def test_those_of_a_postal_code_come_by_name(api, points):
    answer = api.get(ADDRESS, {"postal_code": "59000"})
    assert listed(answer) == [("R001", None), ("R002", None)]
    assert answer.json()["items"][0] == {
        "code": "R001",
        "name": "Corner shop",
        "line": "1 rue Neuve",
        "postal_code": "59000",
        "town": "Lille",
        "country": "FR",
        "latitude": 50.63,
        "longitude": 3.06,
        "hours": "Mo-Sa 08:00-19:00",
        "distance_km": None,
    }
    assert listed(api.get(ADDRESS, {"postal_code": "75001"})) == []


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({}, {"near": "required"}),
        ({"near": "50,3", "postal_code": "59000"}, {"near": "required"}),
        ({"near": "Lille"}, {"near": "not_a_place"}),
        ({"near": "91,3"}, {"near": "not_a_place"}),
        ({"near": "nan,3"}, {"near": "not_a_place"}),
        ({"near": "1,2,3"}, {"near": "not_a_place"}),
        ({"postal_code": "5" * 13}, {"postal_code": "too_long"}),
        ({"postal_code": "59000", "radius": "3"}, {"radius": "unknown_field"}),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(api, points, query, wrong):
    assert codes(assert_problem(api.get(ADDRESS, query), 400, "invalid")) == wrong


def to_relay(order_body, **more):
    return order_body(fulfilment={"kind": "relay", "store": "lille", **more})


def test_an_order_keeps_its_point_whatever_becomes_of_it(api, order_body, points, settings):
    answer = api.place(to_relay(order_body, relay_point="R001"))
    assert answer.status_code == 201, answer.content
    [told] = answer.json()["fulfilments"]
    assert (told["kind"], told["relay_point"]["relay_point"], told["relay_point"]["name"]) == (
        *("relay", "R001", "Corner shop"),
    )
    kept = Fulfilment.objects.get()
    assert kept.ship_to["line"] == "1 rue Neuve"
    assert kept.ship_to["hours"] == "Mo-Sa 08:00-19:00"
    settings.RELAY_POINTS = "/nowhere.csv"
    [read] = api.order(answer.json()["number"]).json()["fulfilments"]
    assert (read["relay_point"], read["parcels"]) == (kept.ship_to, [])


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ({}, {"relay_point": "required"}),
        ({"relay_point": "R999"}, {"relay_point": "unknown"}),
        ({"relay_point": 1}, {"relay_point": "not_text"}),
        ({"relay_point": "R001", "address": {"town": "Lille"}}, {"address": "not_wanted"}),
        ({"kind": "ship", "relay_point": "R001"}, {"relay_point": "not_wanted", "address": "required"}),
        ({"kind": "pickup", "relay_point": "R001"}, {"relay_point": "not_wanted"}),
    ],
)
def test_what_is_wrong_with_a_relay_order_is_said(api, order_body, points, part, wrong):
    with nothing_written():
        body = assert_problem(api.place(to_relay(order_body, **part)), 400, "invalid")
    assert codes(body) == {f"fulfilment.{field}": code for field, code in wrong.items()}


def test_a_relay_order_is_paid_before_it_is_sent(api, order_body, points):
    body = {**to_relay(order_body, relay_point="R001"), "payment": {"state": "at_pickup"}}
    assert codes(assert_problem(api.place(body), 400, "invalid")) == {"payment": "required"}


def test_a_store_that_sends_nothing_sends_to_no_relay_point(api, order_body, points, house):
    house.lille.offers_shipping = False
    house.lille.save()
    body = to_relay(order_body, relay_point="R001")
    assert codes(assert_problem(api.place(body), 400, "invalid")) == {"fulfilment.store": "no_shipping"}


def test_a_row_that_is_no_point_is_left_out_and_said_by_its_number(points, settings, caplog):
    with open(settings.RELAY_POINTS, "a", encoding="utf-8") as file:
        file.write("R004,No place,1 rue X,59000,Lille,FR,here,there,\nR001,Twice,1 rue X,59000,Lille,FR,50,3,\n")
    with caplog.at_level(logging.WARNING):
        assert directory().find("R004") is None
    assert [one.args for one in caplog.records] == [(5,), (6,)]
    assert directory().find("R001").name == "Corner shop"


def test_a_changed_file_is_read_again(points, settings):
    assert directory().find("R002").name == "Station kiosk"
    file = Path(settings.RELAY_POINTS)
    file.write_text(file.read_text(encoding="utf-8").replace("Station kiosk", "New kiosk"), encoding="utf-8")
    os.utime(settings.RELAY_POINTS, (1, 1))
    assert directory().find("R002").name == "New kiosk"


def test_the_demo_has_twenty_points_and_more(settings):
    settings.RELAY_POINTS = str(settings.BASE_DIR / "omni" / "demo" / "data" / "relay_points.csv")
    assert len(directory().near(48.886, 2.319, 100)) >= 20
    assert {one.town for one, _km in directory().near(48.886, 2.319, 3)} == {"Paris"}
