"""What the page of suggestions shows, as plain values: one group for each place that could give, one for what is to be
ordered, each row with the figures it was reckoned from."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.places.queries import Place
from inventory.transfers.suggesting import COVER, DAYS, KEEP, Giver, Suggestion
from omni.staff.once import new_key
from omni.templatetags.omni import figure


def suggested(store: Place, found: list[Suggestion]) -> dict[str, Any]:
    """Return the context: the place that could give most first, nearest first among equals."""
    givers: dict[int, list[tuple[Suggestion, Giver]]] = {}
    for one in found:
        if one.giver:
            givers.setdefault(one.giver.place.id, []).append((one, one.giver))
    groups = [_group(rows) for rows in givers.values()]
    lacking = [_row(one, one.order) for one in found if one.order]
    return {
        "store": store,
        "groups": sorted(groups, key=lambda group: (-group["pieces"], group["distance"])),
        "lacking": lacking,
        "to_order": sum(row["units"] for row in lacking),
        "cover": COVER,
        "days": DAYS,
        "keep": KEEP,
        "idempotency_key": new_key(),
    }


def _group(rows: list[tuple[Suggestion, Giver]]) -> dict[str, Any]:
    giver = rows[0][1]
    return {
        "id": giver.place.id,
        "name": giver.place.name,
        "distance": round(giver.distance_km, 1),
        "pieces": sum(one.units for _suggestion, one in rows),
        "rows": [_row(suggestion, one.units, one) for suggestion, one in rows],
    }


def _row(one: Suggestion, units: int, giver: Giver | None = None) -> dict[str, Any]:
    row = one.row
    return {
        "name": row.name,
        "detail": row.label,
        "gtin": row.gtin or row.sku,
        "sku": row.sku,
        "picture": row.picture,
        "units": units,
        "here": _here(one),
        "there": _there(giver) if giver else "",
    }


def _here(one: Suggestion) -> str:
    lasts = ngettext("lasts %(number)s day", "lasts %(number)s days", one.days_left) % {"number": figure(one.days_left)}
    known = {"sold": figure(one.row.sold), "available": figure(one.row.available), "lasts": lasts}
    if one.row.incoming:
        known["incoming"] = figure(one.row.incoming)
        return _("%(sold)s sold here, %(available)s left, %(incoming)s coming: %(lasts)s") % known
    return _("%(sold)s sold here, %(available)s left: %(lasts)s") % known


def _there(giver: Giver) -> str:
    known = {"store": giver.place.name, "available": figure(giver.available), "sold": figure(giver.sold)}
    return _("%(store)s has %(available)s and sold %(sold)s") % known
