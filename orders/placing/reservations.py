"""What a reservation may be: free, somebody's, alone in its order, and not one too many."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers import locks
from omni.lib import sql
from omni.lib.errors import Problem
from orders.fulfilment.models import Fulfilment
from orders.placing.errors import TooManyReserved, WishRefused
from orders.placing.wishes import OrderWish

RESERVED_NOW = """
SELECT count(DISTINCT bought.id) AS orders,
       coalesce(sum(slice.quantity - slice.short - slice.collected - slice.refused), 0) AS pieces
FROM sales_order bought
JOIN fulfilment_fulfilment way ON way.order_id = bought.id AND way.ended_at IS NULL
JOIN fulfilment_fulfilmentline slice ON slice.fulfilment_id = way.id
WHERE bought.customer_id = %s::bigint AND bought.reserved AND bought.status = 'open'
"""


def problems(wish: OrderWish) -> list[Problem]:
    """Return what keeps a wish from being a reservation, each in a sentence; nothing for a wish that reserves
    nothing."""
    kinds = {way.kind for way in wish.ways}
    if Fulfilment.Kind.RESERVATION not in kinds:
        return []
    found = []
    if kinds != {Fulfilment.Kind.RESERVATION}:
        message = _("A reservation is an order of its own: order what is bought beside it apart.")
        found.append(Problem("fulfilments", "reservation_alone", message))
    if wish.payment is not None:
        message = _("Nothing is paid for a reservation: it is paid in the store, once it was tried.")
        found.append(Problem("payment", "reservation_is_free", message))
    if wish.customer is None:
        found.append(Problem("customer", "required", _("A reservation is kept for somebody: say for whom.")))
    return found


def require_possible(wish: OrderWish) -> None:
    """Raise `WishRefused` with every reason why a wish cannot be a reservation."""
    found = problems(wish)
    if found:
        raise WishRefused(found[0].message, problems=found)


def require_allowed(wish: OrderWish, customer_id: int) -> None:
    """Lock the customer and raise `TooManyReserved` when this reservation would be one too many, or too large, beside
    those that are open. One statement and the lock; two of one customer that are placed at once come one after the
    other."""
    locks.lock_customer(customer_id)
    now = sql.row(RESERVED_NOW, [customer_id])
    most, most_pieces = settings.MOST_RESERVATIONS, settings.MOST_RESERVED_PIECES
    if now.orders >= most:
        words = ngettext(
            "%(number)s reservation is open already, and that is the most: try it, or release it, before the next.",
            "%(number)s reservations are open already, and that is the most: try or release one before the next.",
            now.orders,
        )
        raise TooManyReserved(words % {"number": now.orders}, extra={"open": now.orders, "most": most})
    pieces = int(now.pieces) + sum(line.quantity for line in wish.lines)
    if pieces > most_pieces:
        words = _("At most %(most)s pieces are reserved for one person at a time; with these it would be %(pieces)s.")
        raise TooManyReserved(words % {"most": most_pieces, "pieces": pieces}, extra={"most_pieces": most_pieces})
