"""An order's own page: whoever holds its link reads it and acts as its customer, without an account, without a cookie.

A link is the only thing that opens it, and stands in the address of every form: a foreign page that could send one
would have to know it. So the forms carry no other proof of where they come from, which a page that tells nobody where
its reader came from could not give (ADR 16).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from omni.lib.errors import Refusal
from omni.staff.access import public
from omni.staff.addresses import client_address
from omni.staff.once import once
from omni.staff.services import limiting
from orders.fulfilment.forms import sentence
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up
from orders.fulfilment.waiting import forms, links, offers, page
from orders.fulfilment.waiting.errors import TooLateForThat
from orders.fulfilment.waiting.services import arriving, extending, rating
from orders.sales.reasons import CancelReason

View = Callable[..., HttpResponseBase]
LANGUAGES = {code for code, _name in settings.LANGUAGES}
MINUTES_15 = 15 * 60
GUESSES = 40
"""Links that open nothing, from one address in a quarter of an hour. Right ones are never kept from their owner by what
others of the same network do."""
READS, ACTS = 240, 40
"""How often one link is read, and acted upon, in a quarter of an hour."""


def by_link(most: int) -> Callable[[View], View]:
    """Let in whoever holds a link that opens an order, and speak its customer's language; answer everybody else alike.

    Nothing is kept by a browser, told to another host, or found by a search engine.
    """

    def decorate(view: View) -> View:
        @public
        @csrf_exempt
        @wraps(view)
        def opened(request: Any, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            found = links.opened_by(token)
            customer = found.order.customer if found else None
            asked = request.GET.get("in", "")
            language = asked if asked in LANGUAGES else customer.language if customer else ""
            with translation.override(language if language in LANGUAGES else request.LANGUAGE_CODE):
                response = _answered(request, found, most, lambda: view(request, found, token, *args, **kwargs))
            response["Cache-Control"] = "no-store, private"
            response["Referrer-Policy"] = "no-referrer"
            response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
            return response

        return opened

    return decorate


def _answered(
    request: Any, found: links.Page | None, most: int, work: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Count this call; do the work when the link opens an order and was not used too often."""
    whom, limit = (found.order.number, most) if found else (client_address(request), GUESSES)
    try:
        limiting.count(what=f"customer_link_{most if found else 0}", whom=whom, limit=limit, seconds=MINUTES_15)
    except limiting.TooManyTries as refusal:
        return _closed(request, status=429, problem=str(refusal))
    return work() if found else _closed(request, status=404)


def _closed(request: Any, *, status: int, problem: str = "") -> HttpResponse:
    context = {"house": settings.HOUSE_NAME, "problem": problem, **_languages(request)}
    return render(request, "waiting/closed.html", context, status=status)


def _languages(request: Any) -> dict[str, Any]:
    """Return the other languages of the page, each with the address that reads it in them."""
    current = translation.get_language()
    others = [(code, name) for code, name in settings.LANGUAGES if code != current]
    return {"others": [{"code": code, "name": name, "url": f"?in={code}"} for code, name in others], "asked": current}


@by_link(READS)
@require_GET
def customer_order(request: Any, found: links.Page, token: str) -> HttpResponse:
    """The order as it stands."""
    return _page(request, found, token, said=request.GET.get("said", ""))


def _page(
    request: Any, found: links.Page, token: str, *, status: int = 200, said: str = "", problem: str = ""
) -> HttpResponse:
    context = page.context(found, timezone.now(), said=said, problem=problem)
    return render(request, "waiting/page.html", context | _languages(request) | {"token": token}, status=status)


def _fulfilment(found: links.Page, public_id: UUID) -> Fulfilment | None:
    return next((one for one in found.fulfilments if one.public_id == public_id), None)


def act(
    request: Any, found: links.Page, token: str, public_id: UUID, said: str, work: Callable[[Fulfilment], object]
) -> HttpResponseBase:
    """Do it once for one of the order's own fulfilments, and say what happened; a refusal is said on the page."""
    fulfilment = _fulfilment(found, public_id)
    if fulfilment is None:
        return _closed(request, status=404)
    try:
        once(request, lambda: work(fulfilment), client=f"link:{found.order.number}")
    except Refusal as refusal:
        now = links.opened_by(token) or found
        return _page(request, now, token, status=refusal.status, problem=str(refusal))
    query = urlencode({"said": said, "in": translation.get_language()})
    return redirect(f"{reverse('customer-order', args=[token])}?{query}")


@by_link(ACTS)
@require_POST
def here(request: Any, found: links.Page, token: str, public_id: UUID) -> HttpResponseBase:
    """The customer is there."""
    form = forms.HereForm(request.POST)

    def work(fulfilment: Fulfilment) -> None:
        if not form.is_valid():
            raise Refusal(sentence(form))
        arriving.arrive(fulfilment_id=fulfilment.pk, **form.cleaned_data)

    return act(request, found, token, public_id, "here", work)


@by_link(ACTS)
@require_POST
def longer(request: Any, found: links.Page, token: str, public_id: UUID) -> HttpResponseBase:
    """The customer comes later."""
    return act(
        request, found, token, public_id, "longer",
        lambda fulfilment: extending.extend(fulfilment_id=fulfilment.pk, actor_id=None),
    )  # fmt: skip


@by_link(ACTS)
@require_POST
def cancellation(request: Any, found: links.Page, token: str, public_id: UUID) -> HttpResponseBase:
    """The customer does not want it any more."""

    def work(fulfilment: Fulfilment) -> None:
        if not offers.may_be_cancelled(fulfilment):
            raise TooLateForThat(
                translation.gettext("It is too late to cancel: it was collected, sent or ended meanwhile.")
            )
        giving_up.cancel(fulfilment_id=fulfilment.pk, actor_id=None, reason=CancelReason.BY_CUSTOMER.value)

    return act(request, found, token, public_id, "cancelled", work)


@by_link(ACTS)
@require_POST
def visit_rating(request: Any, found: links.Page, token: str, public_id: UUID) -> HttpResponseBase:
    """The customer says how it was."""
    form = forms.RatingForm(request.POST)

    def work(fulfilment: Fulfilment) -> None:
        if not form.is_valid():
            raise Refusal(sentence(form))
        rating.rate(fulfilment_id=fulfilment.pk, **form.cleaned_data)

    return act(request, found, token, public_id, "rated", work)
