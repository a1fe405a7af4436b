"""`/api/v1/holds/<reference>/`: keep units for a basket while its customer decides.

The reference is the caller's own (a basket's number). Every method may be sent again: the same wish finds the same
hold.
"""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from inventory.catalog import queries as catalog
from inventory.catalog.reading import read_lines
from inventory.places.queries import Place, place
from inventory.places.reading import read_store
from inventory.stock.errors import HoldMissing, ShortStock
from inventory.stock.services import holding
from inventory.stock.services.holding import Hold
from inventory.stock.shortness import sentence, short_lines
from omni.lib.answers import as_json, instant
from omni.lib.errors import BadRequest, Problem
from omni.lib.reading import Reader, body_of
from omni.lib.retry import retrying
from omni.staff.access import Actor, acting


class HoldOfReference(APIView):
    """One hold: ask for it, read it, give it back."""

    scopes = {"GET": "stock.hold", "PUT": "stock.hold", "DELETE": "stock.hold"}

    def get(self, request: Request, reference: str) -> HttpResponse:
        return answer(reference, _visible(acting(request), reference))

    def put(self, request: Request, reference: str) -> HttpResponse:
        """Hold what the body asks for: `{"store": "lille", "seconds": 900, "lines": [{"sku": "…", "quantity": 2}]}`.

        An article that is named twice is summed first. All or nothing; `short_stock` names what is missing.
        """
        actor = acting(request)
        there, wanted, seconds = read_wish(body_of(request), actor, reference)
        name = holding.name_of(actor.user_id, reference)
        try:
            held = retrying(
                lambda: holding.hold(location_id=there.id, wanted=wanted, reference=name, seconds=seconds),
                reconnect=True,
            )
        except ShortStock as short:
            raise told(short) from None
        return answer(reference, held)

    def delete(self, request: Request, reference: str) -> HttpResponse:
        """Give everything back. What ended already stays as it ended."""
        actor = acting(request)
        _visible(actor, reference)
        name = holding.name_of(actor.user_id, reference)
        return answer(reference, retrying(lambda: holding.release(reference=name), reconnect=True))


class HoldConfirmation(APIView):
    """A hold that runs out no more."""

    scopes = {"PUT": "stock.hold"}

    def put(self, request: Request, reference: str) -> HttpResponse:
        """Keep the units until they are given back; refused with `hold_ended` when the time is over."""
        actor = acting(request)
        _visible(actor, reference)
        name = holding.name_of(actor.user_id, reference)
        return answer(reference, retrying(lambda: holding.confirm(reference=name), reconnect=True))


class HoldStore(APIView):
    """Where the units of a hold are kept."""

    scopes = {"PUT": "stock.hold"}

    def put(self, request: Request, reference: str) -> HttpResponse:
        """Let another store keep the units: `{"store": "lens"}`. Refused when it has not enough; then all stays."""
        actor = acting(request)
        _visible(actor, reference)
        reader = Reader()
        body = body_of(request)
        reader.known_fields(body, {"store"})
        there = read_store(reader, body, actor)
        if there is None:
            raise BadRequest(_("The hold cannot be moved as it was sent."), problems=reader.problems)
        name = holding.name_of(actor.user_id, reference)
        try:
            held = retrying(lambda: holding.move(reference=name, to_location_id=there.id), reconnect=True)
        except ShortStock as short:
            raise told(short) from None
        return answer(reference, held)


def _visible(actor: Actor, reference: str) -> Hold:
    held = holding.find(holding.name_of(actor.user_id, reference))
    if held is None or held.location_id not in actor.store_ids:
        raise HoldMissing(_("There is no such hold."))
    return held


def read_wish(body: dict[str, Any], actor: Actor, reference: str) -> tuple[Place, dict[int, int], int]:
    """Return store, variant id → units and seconds. Raises `BadRequest` with every problem."""
    reader = Reader()
    reader.known_fields(body, {"store", "lines", "seconds"})
    if len(reference) > holding.LONGEST_REFERENCE or not reference.isprintable():
        message = _("A reference has at most %(most)s characters.") % {"most": holding.LONGEST_REFERENCE}
        reader.problem("reference", "too_long", message)
    if body.get("seconds") is None:
        reader.problem("seconds", "required", _("This field is required."))
    seconds = reader.whole(body, "seconds", "", least=1, most=holding.LONGEST_SECONDS)
    there = read_store(reader, body, actor)
    wanted = read_lines(reader, body)
    if reader.problems or there is None or seconds is None:
        raise BadRequest(_("The hold cannot be made as it was sent."), problems=reader.problems)
    return there, wanted, seconds


def told(short: ShortStock) -> ShortStock:
    """Return the refusal with a sentence for each article that is short."""
    lines = list(short_lines(short).values())
    short.problems = [Problem("lines", "short", sentence(short, line)) for line in lines]
    short.extra = {"short_lines": lines}
    return short


def answer(reference: str, held: Hold) -> HttpResponse:
    """Say how a hold stands: its lines are what it keeps now, none when it ended."""
    skus = catalog.skus(list(held.lines))
    body = {
        "reference": reference,
        "status": held.status,
        "store": place(held.location_id).code,
        "expires_at": instant(held.expires_at),
        "lines": [{"sku": skus[pk], "quantity": units} for pk, units in held.lines.items()],
    }
    return as_json(body)
