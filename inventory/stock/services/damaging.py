"""Pieces that are there and not for sale: set aside for a reason, and back on the shelf when they are mended."""

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.stock.errors import NotFree
from inventory.stock.models import StockMovement
from inventory.stock.reasons import REPAIRED, DamageReason
from omni.lib import sql

SET_ASIDE = """
WITH moved AS (
    UPDATE stock_stocklevel SET damaged = damaged + %(sign)s::int * %(quantity)s::int
    WHERE location_id = %(location)s::bigint AND variant_id = %(variant)s::bigint
      AND CASE WHEN %(sign)s::int > 0 THEN on_hand - damaged - reserved ELSE damaged END >= %(quantity)s::int
    RETURNING location_id, variant_id
), written AS (
    INSERT INTO stock_stockmovement (location_id, variant_id, kind, quantity, reference, reason, actor_id)
    SELECT location_id, variant_id, %(kind)s::text, %(quantity)s::int, %(reference)s::text, %(reason)s::text,
           %(actor)s::bigint
    FROM moved RETURNING id
)
SELECT count(*) AS done FROM written
"""


@transaction.atomic
def set_aside(*, location_id: int, variant_id: int, quantity: int, reason: str, actor_id: int, reference: str) -> None:
    """Set `quantity` units aside as damaged, with a movement; `reference` is the cause and sets aside once.

    Raises `NotFree` when fewer are on hand that are neither kept for an order nor set aside, or for no reason of
    `DamageReason`.
    """
    if reason not in DamageReason.values:
        raise NotFree(_("Choose why they are not for sale."))
    values = {"location": location_id, "variant": variant_id, "quantity": quantity, "reason": reason}
    kind = StockMovement.Kind.DAMAGED
    if not _move(1, values | {"actor": actor_id, "reference": reference, "kind": kind}):
        raise NotFree(_("Fewer than that are free: the others are kept for orders or set aside already."))


@transaction.atomic
def repair(*, location_id: int, variant_id: int, quantity: int, actor_id: int, reference: str) -> None:
    """Put `quantity` units that were set aside back on sale, with a movement. Raises `NotFree` when fewer are set
    aside."""
    values = {"location": location_id, "variant": variant_id, "quantity": quantity, "reason": REPAIRED}
    kind = StockMovement.Kind.REPAIRED
    if not _move(-1, values | {"actor": actor_id, "reference": reference, "kind": kind}):
        raise NotFree(_("Fewer than that are set aside."))


def _move(sign: int, values: dict[str, object]) -> bool:
    quantity = values["quantity"]
    if not isinstance(quantity, int) or quantity < 1:
        return False
    return bool(sql.row(SET_ASIDE, values | {"sign": sign}).done)
