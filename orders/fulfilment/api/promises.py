"""`/api/v1/promises/`: what an order of this instant would be promised, before anybody buys."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from inventory.places.queries import Place, place_by_code
from inventory.places.workload import NOTHING, Workload, minutes
from omni.lib.answers import as_json, instant
from omni.lib.errors import BadRequest, Problem
from omni.staff.access import acting
from orders.fulfilment import promises, workload
from orders.fulfilment.models import Fulfilment

MOST_STORES = 100
MOST_PIECES = 9999
KINDS = (Fulfilment.Kind.PICKUP.value, Fulfilment.Kind.SHIP.value)
PARAMETERS = {"store", "kind", "pieces"}


class Promises(APIView):
    """Promises of some of the key's stores, in one statement whatever their number; none when all were asked for within
    the last seconds."""

    scopes = {"GET": "availability.view"}

    def get(self, request: Request) -> HttpResponse:
        """Answer `?store=A&store=B&kind=pickup|ship[&pieces=3]`: per store when it would be ready, or sent, and what
        decides it. A store that does not offer the kind is told without a time."""
        stores, kind, pieces = _read(request)
        now = timezone.now()
        queues = workload.lately_in([one.id for one in stores]) if kind == Fulfilment.Kind.PICKUP else {}
        items = [_item(store, kind, pieces, queues.get(store.id, NOTHING), now) for store in stores]
        answer = as_json({"asked_at": instant(now), "pieces": pieces, "items": items})
        answer["Cache-Control"] = "private, no-store"
        return answer


def _item(store: Place, kind: str, pieces: int, waiting: Workload, now: datetime) -> dict[str, Any]:
    pickup = kind == Fulfilment.Kind.PICKUP
    offered = store.offers_pickup if pickup else store.offers_shipping
    told = promises.promise(place=store, kind=kind, now=now, pieces=pieces, waiting=waiting) if offered else None
    item = {"store": store.code, "kind": kind, "offered": offered, "promised_at": instant(told)}
    if not pickup or not offered:
        return item
    needed = minutes(store, waiting, pieces, now)
    because = "queue" if needed > store.pickup_minutes else "preparation"
    return {**item, "minutes": needed, "because": because, "waiting_orders": waiting.orders}


def _read(request: Request) -> tuple[list[Place], str, int]:
    """Return stores, kind and pieces. Raises `BadRequest` with every problem."""
    query: QueryDict = request.query_params
    problems = [Problem(name[:60], "unknown_field", _("There is no such field.")) for name in set(query) - PARAMETERS]
    stores = _stores(query, acting(request).store_ids, problems)
    kind, written = str(query.get("kind", "")), str(query.get("pieces", "1"))
    if kind not in KINDS:
        message = _("This must be one of: %(kinds)s.") % {"kinds": ", ".join(KINDS)}
        problems.append(Problem("kind", "unknown" if kind else "required", message))
    pieces = int(written) if written.isascii() and written.isdigit() and len(written) <= 4 else 0
    if not 1 <= pieces <= MOST_PIECES:
        message = _("Send a whole number from 1 to %(most)s.") % {"most": MOST_PIECES}
        problems.append(Problem("pieces", "out_of_range", message))
    if problems:
        raise BadRequest(_("The question cannot be read."), problems=problems)
    return stores, kind, pieces


def _stores(query: QueryDict, visible: frozenset[int], problems: list[Problem]) -> list[Place]:
    """Return the stores that are named; one that is not the key's does not exist."""
    codes = list(dict.fromkeys(query.getlist("store")))
    if not 1 <= len(codes) <= MOST_STORES:
        problems.append(Problem("store", "required", _("Ask for 1 to %(most)s stores.") % {"most": MOST_STORES}))
        return []
    found = {code: place_by_code(code) for code in codes}
    for code, store in found.items():
        if store is None or store.id not in visible:
            message = _("There is no store “%(code)s” for this key.") % {"code": code[:60]}
            problems.append(Problem("store", "unknown", message))
    return [store for store in found.values() if store is not None]
