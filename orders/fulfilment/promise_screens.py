"""What the list of promises in danger shows."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.places.queries import place
from omni.staff.access import Actor
from omni.templatetags.omni import clock, moment
from orders.fulfilment import outlook
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.outlook import Outlook
from orders.fulfilment.promise_models import LoweredPromise
from orders.fulfilment.queries import in_hand
from orders.fulfilment.screens import customer_name


def in_danger(actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the context of the list: every pickup of the actor's stores that is overdue, of which the manager was
    told, or that will not be ready in time as things stand; the earliest promise first. Four statements at most."""
    found = [one for one in outlook.of(actor.store_ids, now) if _is_in_danger(one)]
    found.sort(key=lambda one: (one.open.promised_at, one.open.id))
    ids = [one.open.id for one in found]
    known = in_hand().visible_to(actor).in_bulk(ids) if ids else {}
    first = dict(LoweredPromise.objects.filter(fulfilment__in=ids, number=1).values_list("fulfilment", "before"))
    rows = [_row(one, known[one.open.id], first.get(one.open.id), now) for one in found if one.open.id in known]
    return {"back_url": reverse("today"), "rows": rows, "several": len(actor.store_ids) > 1, "as_of": now}


def _is_in_danger(one: Outlook) -> bool:
    return one.open.kind in Fulfilment.AT_THE_COUNTER and bool(one.open.points or one.late_by > timedelta())


def _row(one: Outlook, fulfilment: Fulfilment, first: datetime | None, now: datetime) -> dict[str, Any]:
    store, promised_at = place(one.open.location_id), one.open.promised_at
    late = now >= promised_at
    at_work = ngettext("%(number)s person", "%(number)s people", one.people) % {"number": one.people}
    pieces = ngettext("%(number)s item", "%(number)s items", one.pieces) % {"number": one.pieces}
    picker = fulfilment.picker.name.split(" ")[0] if fulfilment.picker else ""
    return {
        "short_id": fulfilment.short_id,
        "customer_name": customer_name(fulfilment),
        "store": store.name,
        "url": reverse("order", args=[fulfilment.order.number]),
        "promised": _when(promised_at, now, store.zone),
        "first": _when(first, now, store.zone) if first else "",
        "expected": _when(one.ready_at, now, store.zone),
        "will_be_late": one.late_by > timedelta(),
        "why": _("%(pieces)s up to it, %(people)s") % {"pieces": pieces, "people": at_work},
        "in_hand": _("%(who)s has it in hand") % {"who": picker} if picker else _("nobody has it in hand"),
        "state": "late" if late else "at_risk",
        "state_label": _("late") if late else _("at risk"),
    }


def _when(instant: datetime, now: datetime, zone: Any) -> str:
    same_day = instant.astimezone(zone).date() == now.astimezone(zone).date()
    return clock(instant, zone) if same_day else moment(instant, zone)
