"""What would go wrong while somebody waits or holds a link, and what is refused then: the machine must meet it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up
from orders.fulfilment.waiting import links
from orders.fulfilment.waiting.services import ending, extending
from orders.payments.models import Payment

REFUSALS = {"page_closed", "too_late_for_that", "no_more_time", "rated_already", "rating_unknown"}


def nothing(*_anything: object, **_more: object) -> None:
    return None


def once_more(*_anything: object) -> int:
    return 1


def of_the_first_round(number: str, _round: int, key: str, signs: Any = links._signs) -> str:
    return str(signs(number, 0, key))


def never(_fulfilments: object) -> bool:
    return False


def refunded_twice(
    ways: list[Fulfilment], *, actor_id: int | None, cancel: Any = giving_up._cancel, **why: Any
) -> None:
    were_ready = [one for one in ways if one.status == Fulfilment.Status.READY]
    cancel(ways, actor_id=actor_id, **why)
    for one in were_ready if actor_id is None else []:
        for given in Payment.objects.filter(order=one.order_id, reference=f"cancelled/{one.pk}"):
            given.pk, given.reference = None, f"{given.reference}/again"
            given.save(force_insert=True)


DEFECTS = {
    "a customer keeps it longer as often as they like": (extending, "left", once_more),
    "the store keeps it for ever": (extending, "LONGEST", timedelta(days=999)),
    "who has left is waited for still": (ending, "stop_waiting", nothing),
    "nobody puts back what was given up": (giving_up, "ending", SimpleNamespace(given_up=nothing)),
    "a link that was taken back still opens": (links, "_signs", of_the_first_round),
    "an order's page is never closed": (links, "_closed", never),
    "what is cancelled on the page when it is ready is refunded twice": (giving_up, "_cancel", refunded_twice),
}
