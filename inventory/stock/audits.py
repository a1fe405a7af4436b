"""What the stock room promises, added up again: levels against movements and reservations."""

from django.utils.translation import gettext_lazy as _

from inventory.stock.models import StockMovement
from omni.lib.invariants import Invariant


def _signed(signs: dict[str, int]) -> str:
    """Return `quantity` with the sign of its kind; NULL for a kind that nobody declared."""
    known = "".join(f" WHEN '{kind}' THEN {signs.get(kind, 0)} * quantity" for kind in StockMovement.Kind.values)
    return f"CASE kind{known} END"


LEVELS_FIT = """
SELECT location.code AS store, variant.sku, level.on_hand, level.reserved, level.damaged, level.backorder_limit,
       least(level.on_hand, level.reserved, level.damaged, level.incoming, level.safety_stock) >= 0
       AND level.backorder_limit >= 0 AND level.damaged <= level.on_hand
       AND level.reserved <= level.on_hand - level.damaged + level.backorder_limit AS holds
FROM stock_stocklevel level
LEFT JOIN places_location location ON location.id = level.location_id
LEFT JOIN catalog_variant variant ON variant.id = level.variant_id
"""

LEVELS_ARE_MOVEMENTS = f"""
SELECT location.code AS store, variant.sku, level.on_hand, moved.on_hand AS moved_on_hand, level.damaged,
       moved.damaged AS moved_damaged,
       coalesce(moved.declared, true)
       AND level.on_hand = coalesce(moved.on_hand, 0) AND level.damaged = coalesce(moved.damaged, 0) AS holds
FROM stock_stocklevel level
FULL JOIN (
    SELECT location_id, variant_id, sum({_signed(StockMovement.ON_HAND_SIGN)}) AS on_hand,
           sum({_signed(StockMovement.DAMAGED_SIGN)}) AS damaged,
           count(*) = count({_signed(StockMovement.ON_HAND_SIGN)}) AS declared
    FROM stock_stockmovement GROUP BY location_id, variant_id
) moved USING (location_id, variant_id)
LEFT JOIN places_location location ON location.id = location_id
LEFT JOIN catalog_variant variant ON variant.id = variant_id
"""  # noqa: S608  (kinds and signs are constants of ours)

RESERVED_IS_OPEN = """
SELECT location.code AS store, variant.sku, level.reserved, held.units AS open_reservations,
       coalesce(level.reserved, 0) = coalesce(held.units, 0) AS holds
FROM stock_stocklevel level
FULL JOIN (
    SELECT location_id, variant_id, sum(quantity - fulfilled - released) AS units
    FROM stock_reservation GROUP BY location_id, variant_id
) held USING (location_id, variant_id)
LEFT JOIN places_location location ON location.id = location_id
LEFT JOIN catalog_variant variant ON variant.id = variant_id
"""

MOVED_ONCE = """
SELECT location.code AS store, variant.sku, moved.kind, moved.reference, moved.times, moved.least,
       moved.times = 1 AND moved.least > 0 AS holds
FROM (
    SELECT location_id, variant_id, kind, reference, count(*) AS times, min(quantity) AS least
    FROM stock_stockmovement GROUP BY location_id, variant_id, kind, reference
) moved
LEFT JOIN places_location location ON location.id = moved.location_id
LEFT JOIN catalog_variant variant ON variant.id = moved.variant_id
"""

CORRECTED_FOR_A_REASON = """
SELECT location.code AS store, variant.sku, moved.kind, moved.quantity, moved.reference, moved.reason <> '' AS holds
FROM stock_stockmovement moved
LEFT JOIN places_location location ON location.id = moved.location_id
LEFT JOIN catalog_variant variant ON variant.id = moved.variant_id
WHERE moved.kind IN ('counted_more', 'counted_less', 'damaged', 'repaired')
"""

RESERVATIONS_FIT = """
SELECT held.reference, location.code AS store, variant.sku, held.quantity, held.fulfilled, held.released,
       held.quantity > 0 AND held.fulfilled >= 0 AND held.released >= 0
       AND held.fulfilled + held.released <= held.quantity AS holds
FROM stock_reservation held
LEFT JOIN places_location location ON location.id = held.location_id
LEFT JOIN catalog_variant variant ON variant.id = held.variant_id
"""

RESERVED_ONCE = """
SELECT held.reference, location.code AS store, variant.sku, held.times, held.times = 1 AS holds
FROM (
    SELECT reference, location_id, variant_id, count(*) AS times
    FROM stock_reservation GROUP BY reference, location_id, variant_id
) held
LEFT JOIN places_location location ON location.id = held.location_id
LEFT JOIN catalog_variant variant ON variant.id = held.variant_id
"""

HELD_HAVE_AN_END = """
SELECT held.reference, location.code AS store, variant.sku, held.status, held.expires_at, held.fulfilled, held.expired,
       (held.status = 'held') = (held.expires_at IS NOT NULL)
       AND held.expired BETWEEN 0 AND held.released AND (held.expires_at IS NULL OR held.fulfilled = 0)
       AND (held.expires_at IS NULL OR held.quantity > held.released) AS holds
FROM stock_reservation held
LEFT JOIN places_location location ON location.id = held.location_id
LEFT JOIN catalog_variant variant ON variant.id = held.variant_id
"""

LEVELS_ARE_THEIR_LAST_CHANGE = """
SELECT location.code AS store, variant.sku, level.version, last.version AS last_version,
       coalesce((level.version, level.on_hand, level.reserved, level.damaged, level.incoming, level.safety_stock,
                 level.backorder_limit)
                = (last.version, last.on_hand, last.reserved, last.damaged, last.incoming, last.safety_stock,
                   last.backorder_limit), false) AS holds
FROM stock_stocklevel level
FULL JOIN (
    SELECT DISTINCT ON (variant_id, location_id) * FROM stock_stockchange
    ORDER BY variant_id, location_id, version DESC
) last USING (variant_id, location_id)
LEFT JOIN places_location location ON location.id = location_id
LEFT JOIN catalog_variant variant ON variant.id = variant_id
"""

COUNTS_ARE_THEIR_MOVEMENTS = f"""
SELECT location.code AS store, variant.sku, line.status, line.counted, line.expected, line.spared, moved.units AS moved,
       coalesce(
           CASE WHEN line.status = 'closed'
                THEN line.counted - line.expected + line.spared = coalesce(moved.units, 0)
                     AND coalesce(moved.reason = line.reason, true)
                ELSE line.variant_id IS NOT NULL AND line.expected IS NULL AND moved.units IS NULL END,
           false) AS holds
FROM (
    SELECT count.location_id, each.variant_id, 'count:' || count.public_id AS reference, count.status, each.counted,
           each.expected, each.spared, each.reason
    FROM stock_countline each JOIN stock_stockcount count ON count.id = each.count_id
) line
FULL JOIN (
    SELECT location_id, variant_id, reference, sum({_signed(StockMovement.ON_HAND_SIGN)}) AS units,
           min(reason) AS reason
    FROM stock_stockmovement WHERE reference LIKE 'count:%%' GROUP BY location_id, variant_id, reference
) moved USING (location_id, variant_id, reference)
LEFT JOIN places_location location ON location.id = location_id
LEFT JOIN catalog_variant variant ON variant.id = variant_id
"""  # noqa: S608  (kinds and signs are constants of ours)

INVARIANTS = [
    Invariant("S1", _("No level is negative, and no more is reserved than there is."), LEVELS_FIT),
    Invariant("S2", _("On hand and damaged are the sums of their movements."), LEVELS_ARE_MOVEMENTS),
    Invariant("S3", _("Reserved is the sum of the open reservations."), RESERVED_IS_OPEN),
    Invariant("S4", _("One cause moves an article once, by a positive quantity."), MOVED_ONCE),
    Invariant("S7", _("Every count and correction has a reason."), CORRECTED_FOR_A_REASON),
    Invariant("S8", _("The last change that was kept of a level is the level."), LEVELS_ARE_THEIR_LAST_CHANGE),
    Invariant("S9", _("A closed count moved what it found, no other moved anything."), COUNTS_ARE_THEIR_MOVEMENTS),
    Invariant("R1", _("A reservation gives no more than it holds."), RESERVATIONS_FIT),
    Invariant("R2", _("What is only held has an end, and nothing else has."), HELD_HAVE_AN_END),
    Invariant("R4", _("One cause has one reservation of an article in a store."), RESERVED_ONCE),
]
