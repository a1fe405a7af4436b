"""The traffic: orders that the real API takes, and manners towards a house that is short, busy or closed."""

import json
import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import islice
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from inventory.catalog.models import Price
from inventory.places.models import Location
from omni.demo import facts, team, traffic, wishes
from omni.demo.management.commands.traffic import chosen_rate
from omni.demo.traffic import Call, KeyRefused, Shop, calls, place
from omni.demo.wishes import Wish, wishes_of_weekday
from omni.lib import reference
from orders.fulfilment.models import Fulfilment
from orders.placing.api.reading import looks_like_card
from orders.sales.models import Order
from tests.callers import ApiClient
from tests.demo import panels
from tests.demo.panels import Bought

SATURDAY, SUNDAY, MONDAY, THURSDAY = 5, 6, 0, 3
EVERY_KIND = {"pickup", "reservation", "ship", "relay", "carry_out"}


class House:
    """A house at a real port that gives the answers it was told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, Any]]] = []
        self.asked: list[tuple[str, dict[str, Any]]] = []
        house = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                house.asked.append((self.headers["Idempotency-Key"], body))
                status, answer = house.answers.pop(0)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Door)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def far_house() -> Iterator[House]:
    house = House()
    yield house
    house.close()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def shop(far_house: House, pauses: list[float]) -> Shop:
    return Shop(far_house.url, "omni_key", pause=pauses.append)


WISH = Wish(basket_id=7, household_id=1, store="lille-centre", lines=(("CJ-1001", 2),), total=350)
CALL = Call(wish=WISH, kind="pickup", reference="traffic-1", wait=0)
PLACED = (201, {"number": "W-1", "total": 350, "fulfilments": [{"short_id": "K4-1"}]})


def test_a_placed_order_is_told_in_one_line(shop, far_house):
    far_house.answers = [PLACED]
    assert place(shop, CALL) == "W-1 K4-1: pickup at lille-centre, 1 lines, 3.50"
    key, body = far_house.asked[0]
    assert key == body["external_ref"] == "traffic-1"


def test_a_failing_house_is_asked_again_with_the_same_key_and_growing_pauses(shop, far_house, pauses):
    in_flight = (409, {"code": "idempotency_key_in_flight"})
    far_house.answers = [(503, {}), (500, {}), in_flight, (429, {}), PLACED]
    assert place(shop, CALL).startswith("W-1")
    assert [key for key, _ in far_house.asked] == ["traffic-1"] * 5
    assert len({json.dumps(body) for _, body in far_house.asked}) == 1
    assert len(pauses) == 4
    assert pauses[3] > pauses[0]


def test_a_closed_house_is_left_in_peace_after_some_tries(pauses):
    closed = House()
    closed.close()
    said = place(Shop(closed.url, "omni_key", pause=pauses.append), CALL)
    assert said == "traffic-1: no answer, pickup at lille-centre left out"
    assert len(pauses) == traffic.MOST_TRIES
    assert max(pauses) <= traffic.LONGEST_PAUSE * 1.3


def test_a_short_store_leads_to_the_nearest_that_has_everything_once(shop, far_house):
    short = {"code": "short_stock", "nearest_store": {"store": "lyon-part-dieu", "has_whole_order": True}}
    far_house.answers = [(409, short), (409, short)]
    assert place(shop, CALL) == "traffic-1: 409 short_stock, pickup at lyon-part-dieu left out"
    assert [body["fulfilment"]["store"] for _, body in far_house.asked] == ["lille-centre", "lyon-part-dieu"]
    assert len({key for key, _ in far_house.asked}) == 2


@pytest.mark.parametrize("nearest", [None, {"store": "lyon-part-dieu", "has_whole_order": False}])
def test_an_order_that_no_store_can_serve_whole_is_left_out(shop, far_house, nearest):
    far_house.answers = [(409, {"code": "short_stock", "nearest_store": nearest})]
    assert place(shop, CALL) == "traffic-1: 409 short_stock, pickup at lille-centre left out"


def test_the_total_that_the_house_names_is_taken(shop, far_house):
    far_house.answers = [(422, {"code": "price_differs", "total": 380}), PLACED]
    assert place(shop, Call(WISH, "carry_out", "traffic-1", 0)).startswith("W-1")
    _, body = far_house.asked[1]
    assert (body["total"], body["payment"]["amount"]) == (380, 380)


def test_a_refused_key_is_not_tried_again(shop, far_house):
    far_house.answers = [(401, {"code": "not_authenticated"})]
    with pytest.raises(KeyRefused):
        place(shop, CALL)
    assert len(far_house.asked) == 1


def test_wishes_are_the_baskets_of_the_weekday_without_what_no_web_shop_sells(every_trap):
    monday = wishes_of_weekday(MONDAY, every_trap)
    assert [(wish.store, wish.lines, wish.total) for wish in monday] == [("lyon-part-dieu", (("CJ-1001", 1),), 175)]
    thursday = wishes_of_weekday(THURSDAY, every_trap)
    assert [(wish.lines, wish.total) for wish in thursday] == [((("CJ-1002", 3),), 1_500)]
    assert [wish.basket_id for wish in wishes_of_weekday(SUNDAY, every_trap)] == [panels.LAST_EVENING.basket]


def test_a_newcomer_finds_a_handful_at_once_then_the_rate_that_was_set():
    elsewhere = Wish(8, 2, "lyon-part-dieu", (("CJ-1001", 1),), 175)
    found = list(
        islice(
            calls([WISH, elsewhere], rate=6, clerk_store="lille-centre", dice=random.Random(4), stamp=lambda: "now"),
            400,
        )
    )
    handful, rest = found[: traffic.FIRST_HANDFUL], found[traffic.FIRST_HANDFUL :]
    assert {call.wish.store for call in handful} == {"lille-centre"}
    assert [call.kind for call in handful].count("reservation") == 1
    assert {call.kind for call in handful} == {"pickup", "reservation"}
    assert sum(call.wait for call in handful) < 60
    assert sum(call.wait for call in rest) / len(rest) == pytest.approx(10, rel=0.15)
    assert {call.kind for call in rest} == EVERY_KIND
    assert {call.wish.store for call in rest} == {"lille-centre", "lyon-part-dieu"}
    assert len({call.reference for call in found}) == 400
    assert all(call.reference.startswith("traffic-now-") for call in found)


@pytest.mark.parametrize(("text", "rate"), [("0", 0), ("2.5", 2.5), ("600", 600)])
def test_the_rate_is_orders_a_minute(text, rate):
    assert chosen_rate(text) == rate


@pytest.mark.parametrize("text", ["many", "-1", "601", "nan", "inf"])
def test_a_rate_beyond_reason_is_a_sentence(text):
    with pytest.raises(CommandError, match="orders a minute"):
        chosen_rate(text)


def test_traffic_of_nought_says_so_and_posts_nothing(monkeypatch, capsys):
    monkeypatch.setenv("TRAFFIC", "0")
    call_command("traffic")
    assert capsys.readouterr().out == "Traffic is switched off.\n"


class ShopNextDoor(Shop):
    """A shop that calls the real API without a socket."""

    def _post(self, body: dict[str, Any], key: str) -> traffic.Answer:
        response = ApiClient(self.api_key).place(body, key=key)
        return traffic.Answer(response.status_code, json.loads(response.content))


@pytest.mark.parametrize("kind", sorted(EVERY_KIND))
def test_the_house_takes_every_kind_of_order_that_the_traffic_posts(load, every_trap, kind, settings):
    settings.RELAY_POINTS = str(settings.BASE_DIR / "omni" / "demo" / "data" / "relay_points.csv")
    load(every_trap)
    reference.forget()
    stores = list(Location.objects.all())
    team.engage_team(stores, clerk_store=stores[0])
    shop = ShopNextDoor("", team.web_shop_key(""))
    wish = wishes_of_weekday(THURSDAY, every_trap)[0]
    total = "5.00" if kind == "reservation" else "15.00"  # one piece of three is tried
    said = place(shop, Call(wish, kind, f"traffic-{kind}", 0))
    order = Order.objects.get(channel="web", external_ref=f"traffic-{kind}")
    assert said == f"{order.number} {order.fulfilments.get().short_id}: {kind} at lille-centre, 1 lines, {total}"
    assert order.customer.invented
    assert order.fulfilments.get().kind == kind
    assert Fulfilment.objects.count() == 1


def test_the_last_pieces_are_sold_once_and_the_next_order_is_told_that_they_are_short(load, every_trap):
    load(every_trap)
    reference.forget()
    stores = list(Location.objects.all())
    team.engage_team(stores, clerk_store=stores[0])
    shop = ShopNextDoor("", team.web_shop_key(""))
    wish = wishes_of_weekday(THURSDAY, every_trap)[0]
    assert place(shop, Call(wish, "pickup", "traffic-a", 0)).startswith("W-")
    assert (
        place(shop, Call(wish, "pickup", "traffic-b", 0))
        == "traffic-b: 409 short_stock, pickup at lille-centre left out"
    )
    assert Order.objects.filter(channel="web").count() == 1


def test_a_price_that_the_house_changed_is_learnt_from_its_answer(load, tmp_path):
    cheap = panels.Visit(1, 1, panels.LILLE, "2017-03-04 15:30:00", (Bought(panels.YOGURT, 1, 100),))
    panel = panels.panel(tmp_path / "panel", (cheap,))
    load(panel)
    Price.objects.update(amount=120)
    reference.forget()
    stores = list(Location.objects.all())
    team.engage_team(stores, clerk_store=stores[0])
    wish = wishes_of_weekday(SATURDAY, panel)[0]
    assert place(ShopNextDoor("", team.web_shop_key("")), Call(wish, "carry_out", "traffic-1", 0)).endswith("1.20")


def test_facts_are_kept_for_their_owner_alone(tmp_path, settings):
    settings.VAR = tmp_path
    facts.write(base_url="http://127.0.0.1:1", api_key="omni_a")
    facts.write(api_key="omni_b")
    assert facts.read() == {"base_url": "http://127.0.0.1:1", "api_key": "omni_b"}
    assert facts.path().stat().st_mode & 0o777 == 0o600
    facts.path().write_text("no json")
    assert facts.read() == {}


def test_no_payment_s_reference_is_taken_for_a_card_number():
    wish = Wish(basket_id=41452910871, household_id=290, store="lille-centre", lines=(("CJ-873964", 1),), total=100)
    for second in range(500):
        body = wishes.order(
            wish, reference=f"traffic-20261122-{70000 + second:06d}-{second}", kind="ship", dice=random.Random(second)
        )
        assert not looks_like_card(body["payment"]["reference"]), body["payment"]
