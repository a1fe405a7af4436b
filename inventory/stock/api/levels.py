"""`/api/v1/stock/`: the figures behind what is available, now or at any instant; and their changes, to follow."""

from datetime import UTC
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from inventory.catalog import queries as catalog
from inventory.places.queries import Place, place, places_of
from inventory.stock import explaining, feed
from inventory.stock.feed import Cursor
from omni.lib.answers import as_json
from omni.lib.errors import BadRequest, NotFound, Problem
from omni.lib.reading import instant_in
from omni.staff.access import acting

FIGURES = ("on_hand", "reserved", "damaged", "incoming", "safety_stock", "available", "version")


class StockAsOf(APIView):
    """What an article's figures were in each of the key's stores."""

    scopes = {"GET": "availability.view"}

    def get(self, request: Request) -> HttpResponse:
        """Answer `?sku=A[&at=2026-12-12T10:42:00Z]`; a store that did not have the article yet is left out."""
        _only(request, {"sku", "at"})
        sku, text = str(request.query_params.get("sku", "")), request.query_params.get("at")
        at = timezone.now() if text is None else instant_in(str(text))
        if at is None:
            raise _wrong("at", _("Send an instant with its zone, as in 2026-12-12T10:42:00Z."))
        offer = catalog.offers([("sku", sku)]).get(("sku", sku)) if "\x00" not in sku else None
        if offer is None:
            raise NotFound(_("There is no article “%(code)s”.") % {"code": sku[:60]})
        places = places_of(acting(request).store_ids)
        was = explaining.as_of(variant_id=offer.variant_id, location_ids=[there.id for there in places], at=at)
        stores = [_figures(there, was[there.id]) for there in places if there.id in was]
        return as_json({"sku": sku, "at": at.astimezone(UTC).isoformat(), "stores": stores})


def _figures(there: Place, was: Any) -> dict[str, Any]:
    known = {name: getattr(was, name) for name in FIGURES}
    return {"store": there.code, **known, "changed_at": was.changed_at.astimezone(UTC).isoformat()}


class StockChanges(APIView):
    """What changed in the key's stores since a cursor, so that a site's own figures follow the house's."""

    scopes = {"GET": "availability.view"}

    def get(self, request: Request) -> HttpResponse:
        """Answer `?after=<cursor>[&limit=]` with the changes behind it and the next cursor.

        Without `after` there are no changes, only the cursor of now: ask for it first, then for what is available.
        A figure with a smaller version than the one that is known is old and to be dropped.
        """
        _only(request, {"after", "limit"})
        text, limit = request.query_params.get("after"), str(request.query_params.get("limit", feed.MOST))
        if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= feed.MOST):
            raise _wrong("limit", _("This must be from %(least)s to %(most)s.") % {"least": 1, "most": feed.MOST})
        if text is None:
            return as_json({"changes": [], "next": str(feed.now())})
        cursor = Cursor.read(str(text))
        if cursor is None:
            raise _wrong("after", _("This is no cursor of this feed."))
        news, after = feed.since(cursor, acting(request).store_ids, int(limit))
        skus = catalog.skus({one.variant_id for one in news})
        changes = [
            {
                "sku": skus[one.variant_id],
                "store": place(one.location_id).code,
                "available": one.available,
                "version": one.version,
                "changed_at": one.changed_at.astimezone(UTC).isoformat(),
            }
            for one in news
        ]
        return as_json({"changes": changes, "next": str(after)})


def _only(request: Request, allowed: set[str]) -> None:
    unknown = set(request.query_params) - allowed
    if unknown:
        problems = [Problem(name[:60], "unknown_field", _("There is no such field.")) for name in sorted(unknown)]
        raise BadRequest(_("The question cannot be read."), problems=problems)


def _wrong(field: str, sentence: str) -> BadRequest:
    return BadRequest(_("The question cannot be read."), problems=[Problem(field, "malformed", sentence)])
