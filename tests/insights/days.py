"""Reading the pages of a day, and days of other times than now."""

import re
from datetime import datetime
from typing import Any

from django.test import Client

from insights.figures import FIGURES
from orders.fulfilment.models import Fulfilment
from orders.placing.services.placing import PlacedOrder
from orders.sales.models import OrderEvent
from tests import journeys

TODAY = "/day/"


def tiles(client: Client, url: str) -> dict[str, str]:
    """The figures of a day as one reads them, in the order of the page."""
    answer = client.get(url)
    assert answer.status_code == 200
    shown = zip(FIGURES, answer.context["figures"], strict=True)
    return {code: f"{tile['value']} {tile['unit_note']}".strip() for code, tile in shown}


def amount(text: str) -> int:
    """The whole number inside a formatted figure: cents, pieces, points."""
    return int(re.sub(r"[^0-9]", "", text)) * (-1 if text.startswith("\u2212") else 1) if text != "—" else 0


def behind(client: Client, url: str) -> list[tuple[str, str]]:
    """Every row behind a figure, of all pages: the order's number and what it adds."""
    rows: list[tuple[str, str]] = []
    while url:
        answer = client.get(url)
        assert answer.status_code == 200
        rows += [(row["cells"][0], row["cells"][-1]) for row in answer.context["rows"]]
        assert answer.context["adds_up"], url
        url = answer.context["next_url"]
    return rows


def promise(order: PlacedOrder, promised_at: datetime, ready_at: datetime | None = None, **more: Any) -> None:
    """Let an order have been promised, and perhaps ready, at other instants than now."""
    Fulfilment.objects.filter(order=order.order.id).update(promised_at=promised_at, ready_at=ready_at, **more)


def told_short(order: PlacedOrder, at: datetime, quantity: int = 1) -> None:
    """Let pieces have been reported as missing at another instant than now."""
    served = journeys.fulfilment_of(order)
    OrderEvent.objects.create(
        order_id=order.order.id,
        kind="line_short",
        location_id=served.location_id,
        data={"name": "Article 1", "quantity": quantity, "reason": "not_found", "amount": 0},
        created_at=at,
    )
