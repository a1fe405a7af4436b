"""What would go wrong with reservations, and what is refused of them: the machine must meet it."""

import copy
from typing import Any

from loyalty.services import earning, settling
from orders.fulfilment import keeping
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up, handing_over, readying
from orders.payments.services import capturing
from orders.placing import reservations
from orders.placing.services import placing
from orders.sales.models import Order

REFUSALS = {
    *("reservation_alone", "reservation_is_free", "required"),
    *("too_many_reserved", "too_many_pieces_reserved"),
}


def allowed(*_anything: object) -> None:
    return None


def kept_as_a_pickup(store: Any, _kind: str, **when: Any) -> Any:
    return keeping.kept_until(store, Fulfilment.Kind.PICKUP, **when)


def earned_when_placed(_wish: Any, basket: Any, customer_id: int | None, order: Any, actor: Any) -> int:
    if customer_id is None:
        return 0
    keys = {"cause": order.number, "location_id": min(actor.store_ids), "actor_id": actor.user_id}
    return earning.earn_pending(customer_id=customer_id, paid=basket.total, **keys)


def for_all_of_it(*, cause: str, paid: int, confirm: Any = settling.confirm, **more: Any) -> int:
    order = Order.objects.get(number=cause)
    return int(confirm(cause=cause, paid=order.total if order.reserved else paid, **more))


def left_and_kept(written: Any, fulfilment: Fulfilment, move: Any = handing_over._move_stock, **more: Any) -> None:
    written = [copy.copy(one) for one in written]
    for one in written:
        one.refused = 0 if fulfilment.reserved else one.refused
    move(written, fulfilment, **more)


def charged_at_its_end(fulfilment: Fulfilment, status: str, give_up: Any = giving_up._give_up, **more: Any) -> Any:
    given_up = give_up(fulfilment, status, **more)
    if fulfilment.reserved and status == Fulfilment.Status.EXPIRED:
        keys = {"tender": "card_online", "currency": "EUR", "reference": f"unused/{fulfilment.pk}", "actor_id": None}
        capturing.capture(order_id=fulfilment.order_id, amount=500, **keys)
    return given_up


STILL_OPEN = (" AND way.ended_at IS NULL", " AND bought.status = 'open'")


def ever_reserved() -> str:
    statement = reservations.RESERVED_NOW
    for condition in STILL_OPEN:
        assert condition in statement
        statement = statement.replace(condition, "")
    return statement


DEFECTS = {
    "a reservation is paid beforehand": (reservations, "require_possible", allowed),
    "one person reserves everything": (reservations, "require_allowed", allowed),
    "what has ended counts against the limit": (reservations, "RESERVED_NOW", ever_reserved()),
    "a reservation is kept as long as a pickup": (readying, "kept_until", kept_as_a_pickup),
    "a reservation earns before it was tried": (placing, "_earn", earned_when_placed),
    "what was tried and left in the store earns": (settling, "confirm", for_all_of_it),
    "what was tried and left is kept for ever": (handing_over, "_move_stock", left_and_kept),
    "a reservation that ended unused is charged": (giving_up, "_give_up", charged_at_its_end),
}  # fmt: skip
