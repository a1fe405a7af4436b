"""What the end of a fulfilment means for who waits and for what lies in its bag. Called by whoever ends it, in the same
transaction, with the fulfilment locked."""

from collections.abc import Iterable

from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.waiting.models import Restock, RestockLine
from orders.fulfilment.waiting.services.arriving import stop_waiting


def handed_over(fulfilment: Fulfilment) -> None:
    """Nobody waits for it any more."""
    stop_waiting(fulfilment.pk)


def given_up(fulfilment: Fulfilment, lines: Iterable[FulfilmentLine]) -> None:
    """Nobody waits for it any more; what lies in its bag goes back to the shelf. Lines with `order_line` loaded."""
    stop_waiting(fulfilment.pk)
    in_the_bag: dict[int, int] = {}
    for line in lines:
        variant_id = line.order_line.variant_id
        in_the_bag[variant_id] = in_the_bag.get(variant_id, 0) + line.waiting
    in_the_bag = {variant_id: pieces for variant_id, pieces in in_the_bag.items() if pieces}
    if in_the_bag:
        restock = Restock.objects.create(fulfilment=fulfilment, location_id=fulfilment.location_id)
        RestockLine.objects.bulk_create(
            RestockLine(restock=restock, variant_id=variant_id, quantity=quantity)
            for variant_id, quantity in sorted(in_the_bag.items())
        )
