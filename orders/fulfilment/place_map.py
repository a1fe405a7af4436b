"""The places of a store where bags wait, as a map: what stands together is shown together, with what lies in each."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inventory.places.models import HoldPlace
from inventory.places.queries import hold_places
from orders.fulfilment.queries import Waiting

ICONS = {HoldPlace.Kind.LOCKER: "locker", HoldPlace.Kind.SHELF: "shelf", HoldPlace.Kind.RAIL: "hanger"}


def store_map(location_id: int, waiting: Iterable[Waiting]) -> list[dict[str, Any]]:
    """Return the store's places by kind, in the order of its map, each with the bags in it; then places that are no
    longer used but not empty yet."""
    bags: dict[str, list[dict[str, str]]] = {}
    for one in waiting:
        bags.setdefault(one.place, []).append(
            {"short_id": one.short_id, "url": reverse("hand-over", args=[one.public_id])}
        )
    spots = hold_places(location_id)
    groups = [_group(HoldPlace.Kind(kind), [one for one in spots if one.kind == kind], bags) for kind in _kinds(spots)]
    left = [{"name": name, "directions": "", "bags": inside} for name, inside in bags.items()]
    if left:
        groups.append({"icon": "archive", "label": _("Not used any more"), "places": left, "free": ""})
    return groups


def _kinds(spots: list[HoldPlace]) -> list[str]:
    """Return the kinds of places there are, each where its first one stands."""
    return list(dict.fromkeys(one.kind for one in spots))


def _group(kind: HoldPlace.Kind, spots: list[HoldPlace], bags: dict[str, list[dict[str, str]]]) -> dict[str, Any]:
    places = [{"name": one.name, "directions": one.directions, "bags": bags.pop(one.name, [])} for one in spots]
    free = sum(not one["bags"] for one in places)
    return {
        "icon": ICONS[kind],
        "label": kind.label,
        "places": places,
        "free": _("%(free)s of %(all)s free") % {"free": free, "all": len(places)},
    }
