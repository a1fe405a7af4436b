"""Money that came in. The terminal or the payment page took it; we write down that it did."""

from omni.lib import sql

CAPTURE = """
INSERT INTO payments_payment (order_id, kind, tender, amount, currency, reference, external_ref, actor_id)
VALUES (%s::bigint, 'capture', %s::text, %s::bigint, %s::text, %s::text, %s::text, %s::bigint)
"""


def capture(
    *,
    order_id: int,
    tender: str,
    amount: int,
    currency: str,
    reference: str,
    external_ref: str = "",
    actor_id: int | None,
) -> None:
    """Write a captured payment. `reference` is its cause: the same cause never pays twice
    (`payment_once_per_cause`)."""
    sql.run(CAPTURE, [order_id, tender, amount, currency, reference, external_ref, actor_id])
