"""The limit: the rows of the same orders, by one plain SQL transaction each, on the same PostgreSQL.

`python -m bench.limit < job.json` prints the latencies; its `work` is `orders` or `holds` (`limit_holds`). Fifteen
statements as one would write them by hand, several rows at a time where SQL can, each prepared, foreign keys and checks
on; a process for each client. What it leaves out is everything a product adds: HTTP, reading and checking the request,
prices and VAT, permissions, the answer.
"""

import json
import multiprocessing
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from bench import limit_holds, shape

KEY = "SELECT id, owner_id, channel, scopes FROM staff_apikey WHERE secret_hash = %s AND revoked_at IS NULL"
ANSWERED = "SELECT fingerprint, status, body FROM staff_answeredrequest WHERE client = %s AND key = %s"
IDENTITY = """
SELECT customer_id FROM customers_identity WHERE (kind = 'email' AND value = %s) OR (kind = 'phone' AND value = %s)
"""
ORDER = """
INSERT INTO sales_order (number, channel, external_ref, customer_id, location_id, status, currency, lines_total,
                         total, tax, placed_on, actor_id)
VALUES ('L-' || nextval('sales_order_number'), 'web', %s, %s, %s, 'open', 'EUR', %s, %s, 0, current_date, %s)
RETURNING id, number
"""
LINES = """
INSERT INTO sales_orderline (order_id, position, variant_id, name, quantity, unit_price, gross, total, vat_rate, tax)
VALUES (%s, 1, %s, %s, %s, %s, %s, %s, 2000, 0), (%s, 2, %s, %s, %s, %s, %s, %s, 2000, 0),
       (%s, 3, %s, %s, %s, %s, %s, %s, 2000, 0) RETURNING id
"""
EVENT = """
INSERT INTO sales_orderevent (order_id, kind, location_id, actor_id, data, handled_at)
VALUES (%s, %s, %s, %s, %s, now())
"""
PAYMENT = """
INSERT INTO payments_payment (order_id, kind, tender, amount, currency, reference, actor_id)
VALUES (%s, 'capture', 'card_online', %s, 'EUR', %s, %s)
"""
WALLET = """
INSERT INTO loyalty_account (programme_id, kind, customer_id, pending) VALUES (%s, 'wallet', %s, %s)
ON CONFLICT (customer_id, programme_id) WHERE kind = 'wallet'
DO UPDATE SET pending = loyalty_account.pending + EXCLUDED.pending RETURNING id
"""
ENTRY = """
INSERT INTO loyalty_entry (debit_id, credit_id, points, kind, stage, cause, reference, location_id, actor_id)
VALUES (%s, %s, %s, 'earn', 'pending', %s, %s, %s, %s)
"""
STOCK = """
UPDATE stock_stocklevel level
SET reserved = level.reserved + wanted.quantity, version = level.version + 1, changed_at = now()
FROM (SELECT level.id, given.quantity FROM stock_stocklevel level
      JOIN (VALUES (%s::bigint, %s::int), (%s, %s), (%s, %s)) AS given(variant_id, quantity) USING (variant_id)
      WHERE level.location_id = %s ORDER BY level.id FOR UPDATE OF level) AS wanted
WHERE level.id = wanted.id AND level.on_hand - level.reserved - level.damaged - level.safety_stock >= wanted.quantity
"""
RESERVATIONS = """
INSERT INTO stock_reservation (location_id, variant_id, reference, quantity)
VALUES (%s, %s, %s, %s), (%s, %s, %s, %s), (%s, %s, %s, %s)
"""
COUNTER = """
INSERT INTO fulfilment_shortidcounter (location_id, last) VALUES (%s, 1)
ON CONFLICT (location_id) DO UPDATE SET last = fulfilment_shortidcounter.last %% 999 + 1 RETURNING last
"""
FULFILMENT = """
INSERT INTO fulfilment_fulfilment (public_id, order_id, kind, location_id, short_id, status, promised_at)
VALUES (%s, %s, 'pickup', %s, %s, 'to_pick', now() + interval '1 hour') RETURNING id
"""
SLICES = """
INSERT INTO fulfilment_fulfilmentline (fulfilment_id, order_line_id, quantity)
VALUES (%s, %s, %s), (%s, %s, %s), (%s, %s, %s)
"""
REMEMBER = "INSERT INTO staff_answeredrequest (client, key, fingerprint, status, body) VALUES (%s, %s, %s, 201, %s)"

STATEMENTS = 15
ANSWER = "x" * 900
"""As long as the answer that the product stores."""


def place(connection: Any, job: dict[str, Any], wish: shape.Wish) -> None:
    """Write one order, by the statements above between BEGIN and COMMIT."""
    run: Callable[..., Any] = connection.cursor().execute
    house = job["house"]
    variants = [(house["first_variant"] + number - 1, quantity) for number, quantity in wish.lines]
    prices = [shape.price(number) for number, _ in wish.lines]
    location = house["locations"][wish.store - 1]
    actor, client = house["actor"], house["client"]
    with connection.transaction():
        run(KEY, [house["secret_hash"]]).fetchone()
        run(ANSWERED, [client, wish.reference]).fetchone()
        (customer,) = run(IDENTITY, [shape.email(wish.customer), shape.phone(wish.customer)]).fetchone()
        order, number = run(ORDER, [wish.reference, customer, location, wish.total, wish.total, actor]).fetchone()
        lines = [
            value
            for (variant, units), price in zip(variants, prices, strict=True)
            for value in (order, variant, "An article of the house", units, price, units * price, units * price)
        ]
        line_ids = [line for (line,) in run(LINES, lines).fetchall()]
        run(EVENT, [order, "order_placed", location, actor, json.dumps({"fulfilment": "pickup", "total": wish.total})])
        run(PAYMENT, [order, wish.total, f"{number}/placed", actor])
        points = wish.total // 100
        (wallet,) = run(WALLET, [house["programme"], customer, points]).fetchone()
        run(ENTRY, [house["issue"], wallet, points, number, number, location, actor])
        taken = run(STOCK, [*(value for line in variants for value in line), location]).rowcount
        if taken != len(variants):
            raise RuntimeError("short of stock: the limit must be measured on full shelves")
        run(RESERVATIONS, [value for variant, quantity in variants for value in (location, variant, number, quantity)])
        (short,) = run(COUNTER, [location]).fetchone()
        (fulfilment,) = run(FULFILMENT, [uuid.uuid4(), order, location, f"L{wish.store}-{short}"]).fetchone()
        slices = zip(line_ids, variants, strict=True)
        run(SLICES, [value for line, (_, quantity) in slices for value in (fulfilment, line, quantity)])
        run(REMEMBER, [client, wish.reference, "0" * 64, ANSWER])


def orders(connection: Any, job: dict[str, Any], seed: str) -> Iterator[None]:
    """Place one order after another."""
    for wish in shape.wishes(seed):
        place(connection, job, wish)
        yield


WORK = {"orders": orders, "holds": limit_holds.holds}


def one_client(job: dict[str, Any], number: int, start_at: float, results: Any) -> None:
    """Work without a pause until time is up; send back the latencies."""
    latencies: list[float] = []
    with psycopg.connect(job["database"], autocommit=True, prepare_threshold=1) as connection:
        work = WORK[job["work"]](connection, job, f"{job['seed']}.{number}")
        next(work)
        began = start_at + job["warm_up"]
        end = began + job["seconds"]
        time.sleep(max(0.0, start_at - time.time()))
        while time.time() < end:
            sent = time.perf_counter()
            next(work)
            if began <= time.time() < end:
                latencies.append(time.perf_counter() - sent)
    results.put(latencies)


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Run the job with a process for each client and return all latencies in seconds."""
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    start_at = time.time() + 0.5
    clients = [
        context.Process(target=one_client, args=(job, number, start_at, results), daemon=True)
        for number in range(job["clients"])
    ]
    for client in clients:
        client.start()
    latencies: list[float] = []
    for _ in clients:
        latencies += results.get(timeout=job["seconds"] + job["warm_up"] + 30)
    for client in clients:
        client.join()
    return {"latencies": latencies, "seconds": job["seconds"], "wrong": {}}


if __name__ == "__main__":
    found = json.load(sys.stdin)
    found["database"] = os.environ["DATABASE_URL"]
    json.dump(run(found), sys.stdout)
