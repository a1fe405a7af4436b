"""The product's main job in a browser: a web order becomes a hand-over at the counter."""

import json
import re
import urllib.request
import uuid
from typing import Any

import pytest
from django.core import mail

from inventory.stock.models import StockLevel
from loyalty.models import Account
from omni import tasks
from omni.staff.models import User
from orders.sales.models import Order
from tests.browser.conftest import PICTURES
from tests.browser.walk import Walk
from tests.conftest import House

SIZES = [(1280, 800, "fr-FR"), (800, 1280, "en-GB")]
PASSWORD = "a-long-password"


def post_order(base_url: str, token: str, body: dict[str, Any]) -> dict[str, Any]:
    """Place an order over HTTP, as a web shop does."""
    request = urllib.request.Request(
        f"{base_url}/api/v1/orders/",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        },
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        placed: dict[str, Any] = json.load(answer)
        return placed


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "height", "language"), SIZES)
def test_a_web_order_becomes_a_hand_over(
    chromium: Any,
    live_server: Any,
    house: House,
    clerk: User,
    token: str,
    order_body: Any,
    width: int,
    height: int,
    language: str,
) -> None:
    clerk.set_password(PASSWORD)
    clerk.language = language[:2]
    clerk.save()
    order = post_order(live_server.url, token, order_body())
    short_id = order["fulfilments"][0]["short_id"]
    walk = Walk(chromium, live_server.url, width, height, language=language)
    page = walk.page

    walk.sign_in(clerk.login, PASSWORD)
    page.goto(f"{live_server.url}/today/")
    page.wait_for_selector(f"text={short_id}")
    walk.check("1-today", PICTURES)

    page.click(f"li:has-text('{short_id}') button")  # tap 1: take it in hand
    page.wait_for_url("**/picking/")
    gtins = [variant.gtin for variant in house.variants[:3]]
    walk.scan(gtins[4 % 3])  # a piece of the second line
    page.wait_for_selector("#line-2.is-done")
    walk.scan(house.variants[4].gtin)  # not in this order
    page.wait_for_selector("[data-scan-result=wrong]")
    walk.check("2-pick", PICTURES)
    walk.scan(gtins[0])
    walk.scan(gtins[0])  # at once, one after the other: none is lost
    page.wait_for_selector("#line-1.is-done")

    page.click("#line-3 a[href*='/short/']")
    page.check("input[value=not_found]", force=True)
    page.wait_for_selector("#consequences .consequence")
    walk.check("3-short", PICTURES)
    page.click("button.button-main")
    page.wait_for_url("**/picking/")
    page.click("form.pick-ready button.button-main")  # tap 2: ready
    page.wait_for_url("**/today/")
    walk.check("4-ready", PICTURES)

    tasks.drain_outbox()
    assert len(mail.outbox) == 1
    letter = mail.outbox[0]
    assert letter.to == ["camille@example.org"]
    code = "".join(re.search(r"(\d{3}) (\d{3})", str(letter.body)).groups())  # type: ignore[union-attr]

    walk.scan(code)  # 1 scan
    page.wait_for_url("**/hand-over/")
    walk.check("5-hand-over", PICTURES)
    page.click("form.hand-form button.button-main")  # + 1 tap
    page.wait_for_url("**/handed-over/")
    walk.check("6-handed-over", PICTURES)

    done = Order.objects.get(number=order["number"])
    assert (done.status, done.dropped) == ("completed", 3000)
    assert list(done.payments.values_list("kind", "amount")) == [("capture", 7000), ("refund", 3000)]
    assert list(Account.objects.filter(kind="wallet").values_list("posted", "pending")) == [(40, 0)]
    level = StockLevel.objects.get(location=house.lille, variant=house.variants[0])
    assert (level.on_hand, level.reserved) == (98, 0)

    page.click("form[action*='/undo/'] button")
    page.wait_for_url("**/hand-over/")
    done.refresh_from_db()
    level.refresh_from_db()
    assert (done.status, level.on_hand, level.reserved) == ("open", 100, 2)
    walk.finish()
