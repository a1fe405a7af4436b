"""Reading transfers: a store's list, one with its lines."""

from typing import Any

from django.db.models import Count, F, Q, Sum

from inventory.stock.lookup import promised
from inventory.stock.models import StockLevel
from inventory.transfers.models import Transfer, TransferLine
from omni.staff.access import Actor

LAST_ENDED = 20


def of_store(actor: Actor, store_id: int) -> Any:
    """Return the transfers from and to a store with `asked_units`, `sent_units`, `received_units` and how many lines
    are `differing`."""
    differs = Q(lines__missing__gt=0) | Q(lines__damaged__gt=0) | Q(lines__received__gt=F("lines__sent"))
    return (
        Transfer.objects.visible_to(actor)
        .filter(Q(origin=store_id) | Q(destination=store_id))
        .select_related("opened_by")
        .annotate(
            asked_units=Sum("lines__asked", default=0),
            sent_units=Sum("lines__sent", default=0),
            received_units=Sum("lines__received", default=0),
            differing=Count("lines", filter=differs),
        )
    )


def lines(transfer: Transfer) -> list[TransferLine]:
    """Return the lines with their articles, by name. One statement."""
    found = transfer.lines.select_related("variant__product")
    return list(found.order_by("variant__product__name", "variant__label", "pk"))


def free_at(location_id: int, variant_ids: list[int]) -> dict[int, int]:
    """Return how many of each article a place could still promise."""
    levels = StockLevel.objects.filter(location=location_id, variant__in=variant_ids)
    return {level.variant_id: promised(level) for level in levels}
