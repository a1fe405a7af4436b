"""`POST /api/v1/tracking/`: what a carrier tells of parcels, up to a hundred events at once, each answered."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from omni.lib import bell
from omni.lib.answers import as_json
from omni.lib.errors import BadRequest
from omni.lib.reading import Reader, body_of
from omni.lib.retry import retrying
from omni.staff.access import acting
from orders.parcels.services import tracking
from orders.parcels.services.tracking import MOST_EVENTS, ToldEvent
from orders.parcels.telling import read_events

STATUS = {tracking.RECORDED: 201, tracking.KNOWN: 200, tracking.UNKNOWN: 404}


class Tracking(APIView):
    """Tell what happened to parcels."""

    scopes = {"POST": "parcels.track"}

    def post(self, request: Request) -> HttpResponse:
        """Write the events of one carrier. No key is needed: an event is known by its `event_id`.

        Answers 200 with a `status` for each event, in the order sent: 201 written, 200 known already, 404 for a
        tracking number that none of the key's stores has, 400 with its `errors` for one that cannot be read.
        """
        actor, body = acting(request), body_of(request)
        carrier, sent = _read(body)
        reader = Reader()
        events = read_events(reader, sent)
        good = [one for one in events if one]
        outcomes = iter(
            retrying(lambda: tracking.record(carrier=carrier, events=good, store_ids=actor.store_ids), reconnect=True)
        )
        bell.worker.mark()
        return as_json({"events": [_told(reader, index, one, outcomes) for index, one in enumerate(events)]})


def _read(body: dict[str, Any]) -> tuple[str, list[Any]]:
    reader = Reader()
    reader.known_fields(body, {"carrier", "events"})
    carrier = reader.text(body, "carrier", "", most=20, required=True)
    sent = body.get("events")
    if not isinstance(sent, list) or not 1 <= len(sent) <= MOST_EVENTS:
        reader.problem("events", "events", _("Send a list of 1 to %(most)s events.") % {"most": MOST_EVENTS})
    if reader.problems or not isinstance(sent, list):
        raise BadRequest(_("The events cannot be read."), problems=reader.problems)
    return carrier, sent


def _told(reader: Reader, index: int, event: ToldEvent | None, outcomes: Any) -> dict[str, Any]:
    if event is None:
        prefix = f"events.{index}"
        errors = [
            {"field": one.field, "code": one.code, "message": one.message}
            for one in reader.problems
            if one.field == prefix or one.field.startswith(f"{prefix}.")
        ]
        return {"event_id": None, "status": 400, "code": "invalid", "errors": errors}
    outcome = next(outcomes)
    told: dict[str, Any] = {"event_id": event.event_id, "status": STATUS[outcome], "code": outcome}
    if outcome == tracking.UNKNOWN:
        told["detail"] = _("No parcel of this key's stores has this tracking number.")
    return told
