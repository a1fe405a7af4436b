"""Emptying the bags of those who will not come: piece by piece by scan, or a whole bag at once."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from orders.fulfilment.waiting import locks
from orders.fulfilment.waiting.errors import NotToPutBack
from orders.fulfilment.waiting.models import Restock, RestockLine
from orders.sales import waiting_events


@transaction.atomic
def put_back(*, location_id: int, variant_id: int, actor_id: int) -> RestockLine:
    """Count one scanned piece as back on the shelf, for the bag that waits longest; the last piece of a bag ends it.

    Stock does not move: the pieces count as free since the bag was given up. Raises `NotToPutBack`.
    """
    line = locks.lock_line_to_put_back(location_id, variant_id)
    if line is None:
        raise NotToPutBack(_("Nothing on this list is this article."))
    RestockLine.objects.filter(pk=line.pk).update(put_back=F("put_back") + 1)
    restock = line.restock
    if not restock.lines.filter(put_back__lt=F("quantity")).exists():
        _end(restock, actor_id)
    line.refresh_from_db()
    return line


@transaction.atomic
def put_all_back(*, restock_id: int, location_id: int, actor_id: int) -> Restock:
    """Note that a whole bag is back on the shelf. Raises `NotToPutBack` when somebody noted it before."""
    restock = locks.lock_restock(restock_id, location_id)
    if restock is None or restock.done_at:
        raise NotToPutBack(_("This bag is emptied already."))
    restock.lines.update(put_back=F("quantity"))
    _end(restock, actor_id)
    return restock


def _end(restock: Restock, actor_id: int) -> None:
    Restock.objects.filter(pk=restock.pk).update(done_at=Now(), done_by_id=actor_id)
    fulfilment = restock.fulfilment
    waiting_events.put_back(
        order_id=fulfilment.order_id,
        location_id=restock.location_id,
        fulfilment_id=fulfilment.pk,
        actor_id=actor_id,
    )
