"""Every lock of the waiting room that is not a fulfilment's own."""

from django.db import models

from orders.fulfilment.waiting.models import Restock, RestockLine


def lock_restock(pk: int, location_id: int) -> Restock | None:
    """Lock a store's bag to put back until the end of the transaction; None when the store has no such bag."""
    return Restock.objects.select_for_update().filter(pk=pk, location=location_id).first()


def lock_line_to_put_back(location_id: int, variant_id: int) -> RestockLine | None:
    """Lock the bag that waits longest for this article to be put back, then its line; None when none does."""
    waiting = RestockLine.objects.filter(
        restock__location=location_id, restock__done_at=None, variant=variant_id, put_back__lt=models.F("quantity")
    )
    for pk in list(waiting.order_by("restock__created_at", "pk").values_list("restock", flat=True)):
        Restock.objects.select_for_update().get(pk=pk)
        line = RestockLine.objects.filter(
            restock=pk, restock__done_at=None, variant=variant_id, put_back__lt=models.F("quantity")
        ).first()
        if line is not None:
            return line
    return None
