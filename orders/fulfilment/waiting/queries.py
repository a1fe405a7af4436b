"""Who waits at the counter, what goes back to the shelf, who did not come: read in one statement each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from inventory.catalog.queries import PICTURE
from omni.lib import sql

ARRIVED = """
SELECT one.public_id, one.short_id, arrival.spot, arrival.note, arrival.arrived_at, place.name AS place,
       coalesce(nullif(trim(person.given_name || ' ' || person.family_name), ''), person.code, orders.number)
           AS customer
FROM waiting_arrival arrival
JOIN fulfilment_fulfilment one ON one.id = arrival.fulfilment_id
JOIN sales_order orders ON orders.id = one.order_id
LEFT JOIN customers_customer person ON person.id = orders.customer_id
LEFT JOIN places_holdplace place ON place.id = one.hold_place_id
WHERE arrival.ended_at IS NULL AND one.status = 'ready' AND one.location_id = %(store)s::bigint
ORDER BY arrival.arrived_at, arrival.id
"""

TO_PUT_BACK = f"""
SELECT restock.id, one.short_id, one.kind, one.status, restock.created_at, place.name AS place,
       variant.sku, variant.gtin, variant.label, variant.shelf, product.name, {PICTURE} AS picture, line.quantity,
       line.put_back
FROM waiting_restock restock
JOIN fulfilment_fulfilment one ON one.id = restock.fulfilment_id
JOIN waiting_restockline line ON line.restock_id = restock.id
JOIN catalog_variant variant ON variant.id = line.variant_id
JOIN catalog_product product ON product.id = variant.product_id
LEFT JOIN places_holdplace place ON place.id = one.hold_place_id
WHERE restock.location_id = %(store)s::bigint AND restock.done_at IS NULL
ORDER BY restock.created_at, restock.id, line.id
"""  # noqa: S608  (a fragment of our own)

PUT_BACK_LATELY = """
SELECT one.short_id, restock.done_at, person.name AS done_by
FROM waiting_restock restock
JOIN fulfilment_fulfilment one ON one.id = restock.fulfilment_id
JOIN staff_user person ON person.id = restock.done_by_id
WHERE restock.location_id = %(store)s::bigint AND restock.done_at IS NOT NULL
ORDER BY restock.done_at DESC LIMIT 8
"""

NO_SHOWS = """
SELECT {by} AS whose, count(*) FILTER (WHERE one.status = 'expired') AS expired, count(*) AS ended
FROM fulfilment_fulfilment one {of}
WHERE one.kind = 'pickup' AND one.status IN ('collected', 'expired')
  AND one.ended_at > %(now)s::timestamptz - interval '365 days' AND one.ended_at <= %(now)s::timestamptz
  AND one.location_id = ANY(%(stores)s::bigint[])
GROUP BY 1
"""
"""Of the pickups that waited for somebody and ended within 365 days, those that nobody collected. What was cancelled
counts on neither side: its customer said so."""


RATED = """
SELECT one.location_id, count(*) AS visits, sum(rating.stars) AS stars
FROM waiting_rating rating
JOIN fulfilment_fulfilment one ON one.id = rating.fulfilment_id
JOIN unnest(%(stores)s::bigint[], %(begins)s::timestamptz[], %(ends)s::timestamptz[])
     AS local(location_id, begins, ends) ON local.location_id = one.location_id
WHERE rating.created_at >= local.begins AND rating.created_at < local.ends
GROUP BY one.location_id
"""


@dataclass(frozen=True)
class Arrived:
    """Somebody who is there: for which pickup, where they stand, since when."""

    public_id: UUID
    short_id: str
    customer: str
    spot: str
    note: str
    place: str
    arrived_at: datetime

    def minutes(self, now: datetime) -> int:
        """Return for how many whole minutes they have waited."""
        return max(0, int((now - self.arrived_at).total_seconds() // 60))


@dataclass(frozen=True)
class Piece:
    """Pieces of one article in a bag, and how many are back."""

    sku: str
    gtin: str
    name: str
    label: str
    shelf: str
    picture: str
    quantity: int
    put_back: int

    @property
    def left(self) -> int:
        return self.quantity - self.put_back


@dataclass(frozen=True)
class Bag:
    """A bag to be emptied: what it was called, where it lies, why."""

    id: int
    short_id: str
    place: str
    expired: bool
    reserved: bool
    since: datetime
    pieces: list[Piece]


@dataclass(frozen=True)
class PutBack:
    """A bag that was emptied: when, by whom."""

    short_id: str
    done_at: datetime
    done_by: str


@dataclass(frozen=True)
class NoShows:
    """How many pickups were not collected, out of those that ended within a year."""

    expired: int = 0
    ended: int = 0


def arrived(location_id: int) -> list[Arrived]:
    """Return who is there for a pickup of this store, whoever waits longest first. One statement."""
    return [
        Arrived(row.public_id, row.short_id, row.customer, row.spot, row.note, row.place or "", row.arrived_at)
        for row in sql.rows(ARRIVED, {"store": location_id})
    ]


def bags(location_id: int) -> list[Bag]:
    """Return the bags that a store has to empty, the oldest first. One statement."""
    found: dict[int, Bag] = {}
    for row in sql.rows(TO_PUT_BACK, {"store": location_id}):
        bag = Bag(
            row.id,
            row.short_id,
            row.place or "",
            row.status == "expired",
            row.kind == "reservation",
            row.created_at,
            [],
        )
        piece = Piece(row.sku, row.gtin or "", row.name, row.label, row.shelf, row.picture, row.quantity, row.put_back)
        found.setdefault(row.id, bag).pieces.append(piece)
    return list(found.values())


def put_back_lately(location_id: int) -> list[PutBack]:
    """Return the bags that were emptied last. One statement."""
    return [
        PutBack(row.short_id, row.done_at, row.done_by) for row in sql.rows(PUT_BACK_LATELY, {"store": location_id})
    ]


def bags_waiting(location_id: int) -> int:
    """Return how many bags a store has to empty. One statement."""
    statement = "SELECT count(*) AS bags FROM waiting_restock WHERE location_id = %s::bigint AND done_at IS NULL"
    return int(sql.row(statement, [location_id]).bags)


def no_shows_of_customer(customer_id: int, store_ids: Collection[int], now: datetime) -> NoShows:
    """Return how often a person did not collect in some stores. One statement."""
    of = "JOIN sales_order bought ON bought.id = one.order_id AND bought.customer_id = %(customer)s::bigint"
    values = {"customer": customer_id, "stores": sql.numbers(store_ids), "now": now}
    rows = sql.rows(NO_SHOWS.format(by="bought.customer_id", of=of), values)
    return NoShows(rows[0].expired, rows[0].ended) if rows else NoShows()


def no_shows_of_stores(store_ids: Collection[int], now: datetime) -> dict[int, NoShows]:
    """Return, per store, how many pickups nobody collected. One statement."""
    rows = sql.rows(NO_SHOWS.format(by="one.location_id", of=""), {"stores": sql.numbers(store_ids), "now": now})
    return {row.whose: NoShows(row.expired, row.ended) for row in rows}


def ratings_of_stores(
    store_ids: Collection[int], begins: list[datetime], ends: list[datetime]
) -> dict[int, tuple[int, int]]:
    """Return, per store, how many visits were rated in its day, and the stars they add up to. One statement."""
    rows = sql.rows(RATED, {"stores": sql.numbers(store_ids), "begins": begins, "ends": ends})
    return {row.location_id: (row.visits, row.stars) for row in rows}
