"""Fill an empty database with the measured house, by COPY: every foreign key and check stays on.

The ledgers add up: levels are explained by opening movements, wallets by entries, totals by lines, captures by totals.
Triggers (the history of customers, prices, fulfilments) are silent while rows are copied; nothing else is.
"""

import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from bench import house, shape
from bench.copying import copy, history_silent
from bench.house import NOW
from inventory.catalog.models import Variant
from inventory.places.models import HoldPlace, Location
from inventory.stock.services.opening import open_stock
from loyalty.models import Account
from loyalty.services.earning import found_programme
from omni.lib import reference, sql
from omni.staff.models import User
from omni.staff.services import people

MOST_ORDERS = 400_000
"""Beyond this the tables are no longer the ones that were measured last time: start with a new database."""


def is_filled() -> bool:
    """Whether the measured house is in the database. Refuses a database with anybody else's data."""
    return house.is_there([shape.store(number) for number in range(1, shape.STORES + 1)])


@transaction.atomic
def fill() -> None:
    """Write everything; a failure leaves the database empty."""
    house.places(shape.STORES)
    house.rates()
    hold_places()
    house.catalogue(shape.SKUS)
    variants = list(Variant.objects.order_by("pk").values_list("pk", flat=True))
    locations = list(Location.objects.order_by("pk").values_list("pk", flat=True))
    open_stock(rows=((place, variant, shape.ON_HAND) for variant in variants for place in locations))
    customers()
    staff(locations)
    history(variants, locations)
    reference.forget()


def hold_places() -> None:
    """Five in each store."""
    HoldPlace.objects.bulk_create(
        HoldPlace(location=place, name=f"Locker {position}", position=position)
        for place in Location.objects.all()
        for position in range(1, 6)
    )


def customers() -> None:
    """A customer with an e-mail address and a phone for each number; ids are the numbers."""
    syllables = [consonant + vowel for consonant in "bdlmnr" for vowel in "aeiou"]
    chance = random.Random(7)
    names = ["".join(chance.choices(syllables, k=3)).title() for _ in range(4000)]
    numbers = range(1, shape.CUSTOMERS + 1)
    columns = ("id", "code", "given_name", "family_name", "language", "first_channel", "invented")
    with history_silent("customers_customer"):
        copy(
            "customers_customer",
            columns,
            ((n, f"{n:012x}", chance.choice(names), chance.choice(names), "fr", "web", True) for n in numbers),
        )
    with history_silent("customers_identity"):
        copy(
            "customers_identity",
            ("customer_id", "kind", "value"),
            (
                row
                for n in numbers
                for row in ((n, "email", shape.email(n)), (n, "phone", shape.phone(n)))
            ),
        )  # fmt: skip


def staff(locations: Sequence[int]) -> None:
    """A clerk of the quiet store, an agent, the integrator; and the programme of points."""
    quiet = [locations[shape.QUIET_STORE - 1]]
    people.engage(login="bench-clerk", name="Clerk", password=None, role="clerk", store_ids=quiet)
    people.engage(login="bench-agent", name="Agent", password=None, role="agent", store_ids=locations)
    people.engage(login="bench-shop", name="Web shop", password=None, role="integrator", store_ids=locations)
    found_programme(code="points", name="Points")


def history(variants: Sequence[int], locations: Sequence[int]) -> None:
    """Twenty collected orders of three lines for each regular, with payment, timeline, slices and posted points."""
    chance = random.Random(11)
    first = shape.wishes("history", stores=shape.STORES)
    orders = [
        (n, wish, (n - 1) // shape.ORDERS_EACH + 1, locations[wish.store - 1], NOW - timedelta(hours=hours))
        for n, wish in zip(range(1, shape.REGULARS * shape.ORDERS_EACH + 1), first, strict=False)
        for hours in [chance.randint(30, 20000)]
    ]
    copy(
        "sales_order",
        ("id", "number", "channel", "external_ref", "customer_id", "location_id", "status", "currency", "lines_total",
         "total", "tax", "placed_at", "placed_on"),
        ((n, number(n), "web", wish.reference, who, place, "completed", "EUR", wish.total, wish.total, tax(wish.total),
          at, at.date()) for n, wish, who, place, at in orders),
    )  # fmt: skip
    copy(
        "sales_orderline",
        ("id", "order_id", "position", "variant_id", "name", "quantity", "unit_price", "gross", "total", "vat_rate",
         "tax"),
        ((line, n, position, variants[article - 1], f"Article {article}", units, cents, units * cents, units * cents,
          shape.VAT_RATE, tax(units * cents))
         for n, wish, *_ in orders for line, position, article, units in numbered_lines(n, wish)
         for cents in [shape.price(article)]),
    )  # fmt: skip
    copy(
        "payments_payment",
        ("order_id", "kind", "tender", "amount", "currency", "reference", "created_at"),
        (
            (n, "capture", "card_online", wish.total, "EUR", f"{number(n)}/placed", at)
            for n, wish, _who, _place, at in orders
        ),
    )
    copy(
        "sales_orderevent",
        ("order_id", "kind", "location_id", "data", "created_at", "handled_at"),
        ((n, kind, place, "{}", at + timedelta(hours=after), at + timedelta(hours=after))
         for n, _wish, _who, place, at in orders for kind, after in (("order_placed", 0), ("handed_over", 24))),
    )  # fmt: skip
    fulfilments(orders)
    points(orders)


def fulfilments(orders: Iterable[tuple[Any, ...]]) -> None:
    """Each order was collected within a day."""
    day = timedelta(hours=24)
    with history_silent("fulfilment_fulfilment"):
        copy(
            "fulfilment_fulfilment",
            ("id", "public_id", "order_id", "kind", "location_id", "short_id", "status", "promised_at", "ready_at",
             "created_at", "ended_at"),
            ((n, uuid.UUID(int=n), n, "pickup", place, f"H-{n % 1000}", "collected", at + day, at + day / 2, at,
              at + day) for n, _wish, _who, place, at in orders),
        )  # fmt: skip
    copy(
        "fulfilment_fulfilmentline",
        ("fulfilment_id", "order_line_id", "quantity", "picked", "collected"),
        ((n, line, units, units, units) for n, wish, *_ in orders for line, _p, _a, units in numbered_lines(n, wish)),
    )


def points(orders: Sequence[tuple[Any, ...]]) -> None:
    """Posted points for each order, and wallets that hold their sum."""
    issue = Account.objects.get(kind=Account.Kind.ISSUE)
    held: dict[int, int] = {}
    for _n, wish, who, _place, _at in orders:
        held[who] = held.get(who, 0) + wish.total // 100
    copy(
        "loyalty_account",
        ("id", "programme_id", "kind", "customer_id", "posted"),
        ((1000 + who, issue.programme_id, "wallet", who, posted) for who, posted in held.items()),
    )
    copy(
        "loyalty_entry",
        ("debit_id", "credit_id", "points", "kind", "stage", "cause", "reference", "location_id", "created_at"),
        ((issue.pk, 1000 + who, wish.total // 100, "earn", "posted", number(n), number(n), place, at)
         for n, wish, who, place, at in orders),
    )  # fmt: skip


def numbered_lines(order: int, wish: shape.Wish) -> Iterator[tuple[int, int, int, int]]:
    """Return line id, position, article and units of each line; ids follow from the order's."""
    for position, (article, units) in enumerate(wish.lines, 1):
        yield order * shape.LINES + position, position, article, units


def number(order: int) -> str:
    """Return the number of a historical order."""
    return f"B-{order}"


def tax(amount: int) -> int:
    """Return the VAT inside an amount at the standard rate."""
    return amount - amount * 10_000 // (10_000 + shape.VAT_RATE)


def orders_so_far() -> int:
    """Return how many orders the database holds, measured ones included."""
    return int(sql.row("SELECT count(*) AS number FROM sales_order").number)


def integrator() -> User:
    """Return the holder of the key that places orders and asks for availability."""
    return User.objects.select_related("role").get(login="bench-shop")
