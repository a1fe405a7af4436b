"""The stores somebody may choose between, for the menu in the frame; remembered in the process, no statement."""

from typing import Any

from inventory.places.queries import places_of
from omni.staff.stores import current_store_id


def stores(request: Any) -> dict[str, Any]:
    """Return `stores` for people of several stores, the one they work in marked; nothing for everybody else."""
    actor = getattr(request, "actor", None)
    if actor is None or len(actor.store_ids) < 2 or not actor.may("pickups.view"):
        return {}
    current = current_store_id(request)
    return {
        "stores": [{"id": one.id, "name": one.name, "current": one.id == current} for one in places_of(actor.store_ids)]
    }
