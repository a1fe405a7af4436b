"""A year of baskets as completed orders, copied in batches: an order is there with all its lines, or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from loyalty.models import Entry, Programme
from omni.demo.catalogue import Sold
from omni.demo.households import Shopper
from omni.demo.places import TIME_ZONE
from omni.demo.published import Basket, Line
from omni.demo.taxes import taxes
from omni.lib import sql
from omni.lib.copying import copy_rows, reserve_ids
from omni.staff.models import Channel
from orders.payments.models import Payment, Tender
from orders.sales.models import Order, OrderLine

ORDER_FIELDS = (
    *("id", "number", "channel", "external_ref", "customer", "location", "status", "currency"),
    *("lines_total", "discount", "total", "tax", "imported", "placed_at", "placed_on"),
)
LINE_FIELDS = (
    *("order", "position", "variant", "name", "quantity", "unit_price"),
    *("gross", "discount", "total", "vat_rate", "tax", "imported"),
)
PAYMENT_FIELDS = ("order", "kind", "tender", "amount", "currency", "reference", "imported", "created_at")
ENTRY_FIELDS = ("debit", "credit", "points", "kind", "stage", "cause", "reference", "location", "derived", "created_at")

CURRENCY = "EUR"
REFERENCE = "cj-"
"""Orders of the panel carry `cj-<basket>` as external reference: the natural key that finds a basket again."""

ZONE = ZoneInfo(TIME_ZONE)


@dataclass(frozen=True)
class Books:
    """What a batch needs to write itself: keys of stores, products, the programme, and the shift in weeks."""

    stores: dict[int, int]
    products: dict[int, Sold]
    programme: Programme
    issue_id: int
    weeks: int


class Placed(NamedTuple):
    """One basket with the keys of its rows."""

    order_id: int
    basket: Basket
    shopper: Shopper
    location_id: int
    placed_at: datetime
    line_taxes: list[int]


def instant(bought_at: datetime, weeks: int) -> datetime:
    """The instant when the wall of the invented store shows what the wall of the real one showed, `weeks` later.

    The hour that a change to summer time leaves out becomes the hour after it, on the same day.
    """
    return (bought_at + timedelta(weeks=weeks)).replace(tzinfo=ZONE).astimezone(UTC)


@transaction.atomic
def write_batch(baskets: list[Basket], shoppers: dict[int, Shopper], books: Books) -> None:
    """Write orders, lines, payments and points of the baskets, and add the points to their wallets."""
    keys = reserve_ids(Order, len(baskets))
    placed = [
        _placed(key, basket, shoppers[basket.household_id], books) for key, basket in zip(keys, baskets, strict=True)
    ]
    copy_rows(Order, ORDER_FIELDS, (_order_row(order, books) for order in placed))
    copy_rows(OrderLine, LINE_FIELDS, (row for order in placed for row in _line_rows(order, books)))
    copy_rows(Payment, PAYMENT_FIELDS, (_payment_row(order) for order in placed if order.basket.paid_cents > 0))
    _write_points(placed, books)


def _placed(key: int, basket: Basket, shopper: Shopper, books: Books) -> Placed:
    rates = [books.products[line.product_id].vat_rate for line in basket.lines]
    line_taxes = taxes([line.sales_cents for line in basket.lines], rates, basket.coupon_cents)
    placed_at = instant(basket.bought_at, books.weeks)
    return Placed(key, basket, shopper, books.stores[basket.store_id], placed_at, line_taxes)


def number(basket_id: int) -> str:
    return f"H-{basket_id}"


def _order_row(order: Placed, books: Books) -> tuple[object, ...]:
    basket = order.basket
    return (
        order.order_id,
        number(basket.basket_id),
        Channel.STORE.value,
        f"{REFERENCE}{basket.basket_id}",
        order.shopper.customer_id,
        order.location_id,
        Order.Status.COMPLETED.value,
        CURRENCY,
        basket.sales_cents,
        basket.coupon_cents,
        basket.paid_cents,
        sum(order.line_taxes),
        True,
        order.placed_at,
        basket.bought_at.date() + timedelta(weeks=books.weeks),
    )


def _line_rows(order: Placed, books: Books) -> Iterable[tuple[object, ...]]:
    for position, (line, tax) in enumerate(zip(order.basket.lines, order.line_taxes, strict=True), start=1):
        sold = books.products[line.product_id]
        yield (
            order.order_id,
            position,
            sold.variant_id,
            sold.name,
            line.quantity,
            unit_price(line),
            line.shelf_cents,
            line.retail_discount_cents + line.coupon_match_cents,
            line.sales_cents,
            sold.vat_rate,
            tax,
            True,
        )


def unit_price(line: Line) -> int | None:
    """The shelf price of one unit where it is a whole number of cents, else nothing: the till kept the amount only."""
    if line.quantity and line.shelf_cents % line.quantity == 0:
        return line.shelf_cents // line.quantity
    return None


def _payment_row(order: Placed) -> tuple[object, ...]:
    kind, tender = Payment.Kind.CAPTURE.value, Tender.OTHER.value
    return (order.order_id, kind, tender, order.basket.paid_cents, CURRENCY, "import", True, order.placed_at)


def _write_points(placed: list[Placed], books: Books) -> None:
    """One entry for each order that earns: what was paid by the programme's rule, marked `derived`."""
    rows = []
    earned: dict[int, int] = {}
    for order in placed:
        points = max(order.basket.paid_cents, 0) // books.programme.cents_per_point
        if points:
            rows.append(_entry_row(order, points, books))
            earned[order.shopper.wallet_id] = earned.get(order.shopper.wallet_id, 0) + points
    copy_rows(Entry, ENTRY_FIELDS, rows)
    wallets = sorted(earned)
    sql.run(
        "UPDATE loyalty_account SET posted = posted + earned.points "
        "FROM unnest(%s::bigint[], %s::bigint[]) AS earned (id, points) WHERE loyalty_account.id = earned.id",
        [wallets, [earned[wallet] for wallet in wallets]],
    )


def _entry_row(order: Placed, points: int, books: Books) -> tuple[object, ...]:
    kind, stage, cause = Entry.Kind.EARN.value, Entry.Stage.POSTED.value, number(order.basket.basket_id)
    wallet = order.shopper.wallet_id
    return (books.issue_id, wallet, points, kind, stage, cause, cause, order.location_id, True, order.placed_at)
