"""`/api/v1/orders/`: place an order, read an order."""

import json
from typing import Any

from django.db import IntegrityError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from customers.services.identifying import IDENTITY_RACE
from inventory.places.queries import place, place_by_code
from inventory.stock.errors import ShortStock
from inventory.stock.shortness import sentence, short_lines
from omni.lib import bell, idempotency
from omni.lib.answers import as_json
from omni.lib.errors import NotFound, Problem, Refusal
from omni.lib.idempotency import Answer
from omni.lib.reading import body_of
from omni.lib.retry import constraint_name, retrying
from omni.staff.access import Actor, acting
from omni.staff.once import ANSWERED_ONCE, TABLE
from orders.fulfilment.waiting import links
from orders.placing.api import answers, reading
from orders.placing.nearest import nearest_store
from orders.placing.services import placing
from orders.placing.wishes import OrderWish
from orders.sales.errors import ExternalRefTaken
from orders.sales.models import Order
from orders.sales.services.recording import EXTERNAL_REF_ONCE


class Orders(APIView):
    """Place orders."""

    scopes = {"POST": "orders.place"}

    def post(self, request: Request) -> HttpResponse:
        """Place an order once: the same key and body get the same answer; an error leaves nothing behind."""
        key = idempotency.read_key(request.headers.get("Idempotency-Key"))
        body = body_of(request)
        mark = idempotency.fingerprint(b"POST", request.path.encode(), idempotency.canonical(body))
        placement = Placement(acting(request), key, mark, body)
        answer = placement.answer()
        told = json.loads(answer.body)
        told["customer_url"] = links.address(told["number"])  # made here, so that no stored answer opens the page
        response = HttpResponse(
            json.dumps(told, ensure_ascii=False), status=answer.status, content_type="application/json"
        )
        response["Location"] = reverse("api-order", args=[told["number"]])
        if placement.replayed:
            response["Idempotent-Replayed"] = "true"
        return response


class Placement:
    """One request to place an order: claims its key, places, stores its answer, all in one transaction."""

    def __init__(self, actor: Actor, key: str, mark: str, body: dict[str, Any]) -> None:
        self.actor, self.key, self.mark, self.body = actor, key, mark, body
        self.wish: OrderWish | None = None
        self.replayed = False

    def answer(self) -> Answer:
        """Return the answer, new or stored. Raises refusals, with the way out where there is one."""
        try:
            answer = retrying(self._once, lost_races=frozenset({IDENTITY_RACE, ANSWERED_ONCE}), reconnect=True)
        except ShortStock as short:
            raise self._with_nearest(short) from None
        except IntegrityError as error:
            if constraint_name(error) == EXTERNAL_REF_ONCE:
                raise self._taken() from None
            raise
        if not self.replayed:
            bell.worker.mark()
        return answer

    def _once(self) -> Answer:
        stored = idempotency.claim(TABLE, client=self.actor.client, key=self.key, fingerprint=self.mark)
        if stored:
            self._require_visible(stored)
            self.replayed = True
            return stored
        self.wish = reading.read_wish(self.body, self.actor)
        placed = placing.place_order(wish=self.wish, actor=self.actor)
        answer = Answer(201, json.dumps(answers.placed_order(placed), ensure_ascii=False))
        idempotency.remember(TABLE, client=self.actor.client, key=self.key, fingerprint=self.mark, answer=answer)
        return answer

    def _require_visible(self, stored: Answer) -> None:
        """Refuse an answer about a store that the key has lost since: sending again never shows more than reading."""
        told = json.loads(stored.body)
        stores = [place_by_code(one["store"]) for one in told["fulfilments"]]
        if not all(store and store.id in self.actor.store_ids for store in stores):
            raise NotFound(_("There is no order “%(number)s”.") % {"number": told["number"]})

    def _with_nearest(self, short: ShortStock) -> Refusal:
        if self.wish is None:
            return short
        nearest = nearest_store(
            origin=place(short.location_id),
            units=self.wish.units()[short.location_id],
            short=short.short,
            location_ids=self.actor.store_ids,
        )
        known = [(lacking, short_lines(lacking)) for lacking in [short, *short.also]]
        short.problems = [
            Problem(f"lines.{index}", "short", sentence(lacking, lines[wished.offer.variant_id]))
            for lacking, lines in known
            for index, wished in enumerate(self.wish.lines)
            if wished.offer.variant_id in lines and self.wish.takes(index, lacking.location_id)
        ]
        short.extra = {
            "short_lines": [
                {**line, "store": place(lacking.location_id).code}
                for lacking, lines in known
                for line in lines.values()
            ],
            "nearest_store": answers.nearest(nearest),
        }
        return short

    def _taken(self) -> Refusal:
        taken = Order.objects.visible_to(self.actor).filter(
            channel=self.actor.channel, external_ref=self.body.get("external_ref")
        )
        number = taken.values_list("number", flat=True).first()
        if number is None:  # an order of a store that is not this key's
            sentence = _("This channel already placed an order under that reference.")
            return ExternalRefTaken(sentence, problems=[Problem("external_ref", "taken", sentence)])
        return ExternalRefTaken(
            _("This channel already placed order %(number)s under that reference.") % {"number": number},
            problems=[Problem("external_ref", "taken", number)],
            extra={"order": number},
        )


class OrderDetail(APIView):
    """Read one order of the key's stores."""

    scopes = {"GET": "orders.view"}

    def get(self, request: Request, number: str) -> HttpResponse:
        order = Order.objects.visible_to(acting(request)).filter(number=number).select_related("customer").first()
        if order is None:
            raise NotFound(_("There is no order “%(number)s”.") % {"number": number})
        return as_json(answers.order(order))
