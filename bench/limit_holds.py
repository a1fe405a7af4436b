"""The limit of reservations: the rows of the same hold and of its end, by two plain SQL transactions."""

from collections.abc import Callable, Iterator
from typing import Any

from bench import shape

KEY = "SELECT id, owner_id, channel, scopes FROM staff_apikey WHERE secret_hash = %s AND revoked_at IS NULL"
KNOWN = """
SELECT id, variant_id, quantity - fulfilled - released FROM stock_reservation WHERE reference = %s ORDER BY id
"""
TAKE = """
UPDATE stock_stocklevel SET reserved = reserved + %s
WHERE variant_id = %s AND location_id = %s AND on_hand - reserved - damaged - safety_stock >= %s
"""
KEEP = """
INSERT INTO stock_reservation (location_id, variant_id, reference, quantity, expires_at)
VALUES (%s, %s, %s, %s, now() + interval '15 minutes') RETURNING id
"""
RETURN = "UPDATE stock_stocklevel SET reserved = reserved - %s WHERE variant_id = %s AND location_id = %s"
END = """
UPDATE stock_reservation SET released = quantity - fulfilled, expires_at = NULL WHERE id = %s AND released < quantity
"""

STATEMENTS = 8


def holds(connection: Any, job: dict[str, Any], seed: str) -> Iterator[None]:
    """Hold one unit and give it back, again and again."""
    house = job["house"]
    for wish in shape.holds(seed, job["rows"]):
        variant, location = house["first_variant"] + wish.number - 1, house["locations"][wish.store - 1]
        name = f"hold:{house['actor']}:{wish.reference}"
        keep(connection, house["secret_hash"], variant, location, name)
        give_back(connection, house["secret_hash"], location, name)
        yield


def keep(connection: Any, secret_hash: str, variant: int, location: int, name: str) -> None:
    """Write one hold, unless its name is known or nothing is free."""
    run: Callable[..., Any] = connection.cursor().execute
    with connection.transaction():
        run(KEY, [secret_hash]).fetchone()
        known = run(KNOWN, [name]).fetchone()
        if known or run(TAKE, [1, variant, location, 1]).rowcount != 1:
            raise RuntimeError("nothing to hold: the limit must be measured on full shelves")
        run(KEEP, [location, variant, name, 1]).fetchone()


def give_back(connection: Any, secret_hash: str, location: int, name: str) -> None:
    """Write the end of one hold."""
    run: Callable[..., Any] = connection.cursor().execute
    with connection.transaction():
        run(KEY, [secret_hash]).fetchone()
        held, variant, units = run(KNOWN, [name]).fetchone()
        run(RETURN, [units, variant, location])
        run(END, [held])
