"""What transfers promise, added up again: nothing is lost on the way without a reason."""

from django.utils.translation import gettext_lazy as _

from inventory.transfers.models import Transfer
from omni.lib.invariants import Invariant


def _among(statuses: set[str]) -> str:
    return ", ".join(sorted(f"'{Transfer.Status(status).value}'" for status in statuses))


NOTHING_IS_LOST = f"""
SELECT goods.id AS transfer, goods.status, variant.sku, line.sent, line.received, line.missing, line.damaged,
       line.reason, gone.units AS left, came.units AS came,
       coalesce(
           line.id IS NOT NULL
           AND line.sent = CASE WHEN goods.origin_id IS NULL THEN line.sent ELSE coalesce(gone.units, 0) END
           AND (line.sent = 0 OR goods.status IN ({_among(Transfer.HAS_LEFT)}))
           AND line.received = coalesce(came.units, 0) AND line.damaged = coalesce(came.damaged, 0)
           AND (goods.status <> 'received' OR line.sent - line.missing <= line.received)
           AND (goods.status = 'received' OR line.missing = 0), false) AS holds
FROM transfers_transferline line
JOIN transfers_transfer goods ON goods.id = line.transfer_id
FULL JOIN (
    SELECT split_part(split_part(reference, '/', 1), ':', 2)::uuid AS public_id, variant_id, sum(quantity) AS units
    FROM stock_stockmovement WHERE reference LIKE 'transfer:%%' AND kind = 'transferred_out' GROUP BY 1, 2
) gone ON gone.public_id = goods.public_id AND gone.variant_id = line.variant_id
FULL JOIN (
    SELECT split_part(split_part(reference, '/', 1), ':', 2)::uuid AS public_id, variant_id,
           sum(quantity) FILTER (WHERE kind <> 'damaged') AS units,
           coalesce(sum(quantity) FILTER (WHERE kind = 'damaged'), 0) AS damaged
    FROM stock_stockmovement WHERE reference LIKE 'transfer:%%' AND kind <> 'transferred_out' GROUP BY 1, 2
) came ON came.public_id = goods.public_id AND came.variant_id = line.variant_id
LEFT JOIN catalog_variant variant ON variant.id = line.variant_id
"""  # noqa: S608  (statuses are constants of ours)

INCOMING_IS_ON_ITS_WAY = f"""
SELECT location.code AS store, variant.sku, level.incoming, way.units AS on_its_way,
       coalesce(level.incoming, 0) = coalesce(way.units, 0) AS holds
FROM stock_stocklevel level
FULL JOIN (
    SELECT goods.destination_id AS location_id, line.variant_id, sum(greatest(0, line.sent - line.received)) AS units
    FROM transfers_transferline line JOIN transfers_transfer goods ON goods.id = line.transfer_id
    WHERE goods.status IN ({_among(Transfer.ON_ITS_WAY)}) GROUP BY 1, 2
) way USING (location_id, variant_id)
LEFT JOIN places_location location ON location.id = location_id
LEFT JOIN catalog_variant variant ON variant.id = variant_id
"""  # noqa: S608  (statuses are constants of ours)

READY_IS_KEPT = """
SELECT location.code AS store, variant.sku, listed.units AS listed, kept.units AS kept,
       coalesce(listed.units, 0) = coalesce(kept.units, 0) AS holds
FROM (
    SELECT 'transfer:' || goods.public_id AS reference, goods.origin_id AS location_id, line.variant_id,
           CASE goods.status WHEN 'ready' THEN line.asked ELSE 0 END AS units
    FROM transfers_transferline line JOIN transfers_transfer goods ON goods.id = line.transfer_id
    WHERE goods.origin_id IS NOT NULL
) listed
FULL JOIN (
    SELECT reference, location_id, variant_id, quantity - fulfilled - released AS units
    FROM stock_reservation WHERE reference LIKE 'transfer:%%'
) kept USING (reference, location_id, variant_id)
LEFT JOIN places_location location ON location.id = location_id
LEFT JOIN catalog_variant variant ON variant.id = variant_id
"""

INVARIANTS = [
    Invariant("S5", _("What left for another place came, is missing for a reason, or is on its way."), NOTHING_IS_LOST),
    Invariant("S10", _("Incoming is what is on its way."), INCOMING_IS_ON_ITS_WAY),
    Invariant("R7", _("A transfer that is ready keeps what it lists, and no other does."), READY_IS_KEPT),
]
