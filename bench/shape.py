"""The shape of the measured house: what every sku, store and customer is called, without asking a database.

Known to the one who fills the tables, to the HTTP client and to the plain SQL client alike, so none of them spends
measured time on finding out.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

SKUS = 10_000
STORES = 50
CUSTOMERS = 100_000
REGULARS = 2_500
"""Customers with a history, of whom the customer page is asked."""
ORDERS_EACH = 20
ON_HAND = 10_000
QUEUE = 40
"""Open pickups of the quiet store, whose Today page is measured: orders of the run go to all others."""
QUIET_STORE = STORES

LINES = 3
VAT_RATE = 2000


def sku(number: int) -> str:
    """Return the sku of variant 1 … SKUS."""
    return f"BENCH-{number:05d}"


def price(number: int) -> int:
    """Return the cents of one unit of a variant: 1.00 to 90.99."""
    return 100 + number * 37 % 9000


def store(number: int) -> str:
    """Return the code of store 1 … STORES."""
    return f"bench-{number:02d}"


def short_code(number: int) -> str:
    """Return the three signs by which the parcels of store 1 … 2,599 are called."""
    return f"{chr(ord('A') + number // 100)}{number % 100:02d}"


def email(number: int) -> str:
    """Return the e-mail address of customer 1 … CUSTOMERS."""
    return f"customer{number}@bench.example"


def phone(number: int) -> str:
    """Return the phone number of a customer in E.164, from a French mobile block."""
    return f"+336{number:08d}"


@dataclass(frozen=True)
class Wish:
    """One order that somebody will place, on either side of the comparison."""

    reference: str
    customer: int
    store: int
    lines: tuple[tuple[int, int], ...]

    @property
    def total(self) -> int:
        """Cents of the whole order."""
        return sum(price(number) * quantity for number, quantity in self.lines)

    def body(self) -> bytes:
        """Return what a web shop posts for it, paid online."""
        return json.dumps(
            {
                "external_ref": self.reference,
                "customer": {
                    "email": email(self.customer),
                    "phone": phone(self.customer),
                    "given_name": "Camille",
                    "family_name": "Martin",
                },
                "lines": [
                    {"sku": sku(number), "quantity": quantity, "unit_price": price(number)}
                    for number, quantity in self.lines
                ],
                "fulfilment": {"kind": "pickup", "store": store(self.store)},
                "payment": {"state": "captured", "tender": "card_online", "amount": self.total, "reference": "psp-1"},
                "total": self.total,
            }
        ).encode()


def wishes(seed: str, *, stores: int = STORES - 1) -> Iterator[Wish]:
    """Return endless orders of three lines, spread over customers, skus and stores; the same for the same seed."""
    chance = random.Random(seed)
    number = 0
    while True:
        number += 1
        yield Wish(
            reference=f"{seed}-{number}",
            customer=chance.randint(1, CUSTOMERS),
            store=chance.randint(1, stores),
            lines=tuple((one, chance.randint(1, 3)) for one in chance.sample(range(1, SKUS + 1), LINES)),
        )


def questions(seed: str, *, each: int, among: int, apart: int) -> Iterator[list[str]]:
    """Return endless lists of different skus, all equally likely, out of `among` articles that are `apart` numbers from
    each other."""
    chance = random.Random(seed)
    while True:
        yield [sku(1 + number * apart) for number in chance.sample(range(among), each)]


@dataclass(frozen=True)
class Hold:
    """One unit of an article that is kept in a store for a quarter of an hour."""

    reference: str
    number: int
    store: int

    def body(self) -> bytes:
        """Return what a web shop puts for it."""
        lines = [{"sku": sku(self.number), "quantity": 1}]
        return json.dumps({"store": store(self.store), "seconds": 900, "lines": lines}).encode()


def holds(seed: str, rows: Sequence[Sequence[int]]) -> Iterator[Hold]:
    """Return endless holds of one unit on these (number of the sku, number of the store), all equally likely."""
    chance = random.Random(seed)
    for turn in count(1):
        number, there = chance.choice(rows)
        yield Hold(f"{seed}-{turn}", number, there)
