"""Who carries what is sent: asked by the screens before anything is packed."""

from orders.fulfilment.models import Fulfilment
from orders.parcels.carriers import registry


def is_packed_here(fulfilment: Fulfilment) -> bool:
    """Whether it leaves in parcels that a carrier of the house takes."""
    return fulfilment.is_sent and bool(registry.carriers_for(fulfilment.kind))


def choices(fulfilment: Fulfilment) -> list[dict[str, str]]:
    """Return the carriers that somebody can choose from; none where there is only one."""
    known = registry.carriers_for(fulfilment.kind)
    return [{"value": one.code, "name": one.name} for one in known] if len(known) > 1 else []
