"""The parcels of an order on its page at the desk: what is in each, where it is, where it can be followed."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omni.templatetags.omni import moment
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.panels import Served
from orders.parcels import queries as parcels
from orders.parcels.queries import Standing


def rows(served: Collection[Served]) -> list[dict[str, Any]]:
    """Return a row for each closed parcel of what is sent. One statement, and none where nothing is sent."""
    sent = {one.id: one for one in served if one.kind in Fulfilment.SENT}
    packed = parcels.of_fulfilments(list(sent)) if sent else {}
    return [_row(sent[pk], one) for pk in sent for one in packed.get(pk, []) if not one.is_open]


def _row(served: Served, one: Standing) -> dict[str, Any]:
    pieces = ngettext("%(number)s item", "%(number)s items", one.pieces) % {"number": one.pieces}
    told = moment(one.happened_at or one.packed_at, served.zone)
    return {
        "title": _("%(short_id)s, parcel %(number)s") % {"short_id": served.short_id, "number": one.number},
        "text": " · ".join(part for part in (pieces, one.carrier_name, told, one.text) if part),
        "tracking_number": one.tracking_number,
        "url": one.url,
        "state": one.mark,
        "state_label": one.kind_label or (_("Label ready") if one.booked_at else _("Without label")),
    }
