"""Answers to what may come instead: the customer's on their own page, and a clerk's who has them on the phone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from omni.lib.errors import Refusal
from omni.lib.htmx import wants_fragment
from omni.staff.access import requires
from omni.staff.once import once
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.substitutes import queries, words
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.fulfilment.substitutes.services import answering
from orders.fulfilment.views import visible
from orders.fulfilment.waiting import links
from orders.fulfilment.waiting.views import ACTS, act, by_link


def answer(fulfilment: Fulfilment, question: SubstituteQuestion, sku: str, *, actor_id: int | None) -> None:
    """Take an answer: an article of the question, or none of them."""
    if sku:
        answering.accept(question_id=question.pk, sku=sku, actor_id=actor_id)
    else:
        answering.decline(question_id=question.pk, actor_id=actor_id)


@by_link(ACTS)
@require_POST
def customer_answer(
    request: Any, found: links.Page, token: str, public_id: UUID, question_id: UUID
) -> HttpResponseBase:
    """The customer says which article may come instead, or none."""
    sku = request.POST.get("sku", "")

    def work(fulfilment: Fulfilment) -> None:
        question = get_object_or_404(SubstituteQuestion, public_id=question_id, fulfilment=fulfilment)
        answer(fulfilment, question, sku, actor_id=None)

    return act(request, found, token, public_id, "instead" if sku else "nothing-instead", work)


@requires("pickups.prepare")
@require_POST
def clerk_answer(request: Any, public_id: UUID, question_id: UUID) -> HttpResponseBase:
    """What the customer said to a clerk."""
    fulfilment = visible(request, public_id)
    question = get_object_or_404(SubstituteQuestion, public_id=question_id, fulfilment=fulfilment)
    sku = request.POST.get("sku", "")
    try:
        once(request, lambda: answer(fulfilment, question, sku, actor_id=request.actor.user_id))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is in the list now.") if sku else _("Nothing comes instead."))
    return redirect("picking", public_id)


@requires("pickups.prepare")
@require_GET
def still_asked(request: Any, public_id: UUID) -> HttpResponseBase:
    """What the customer is still asked, for a page that waits for it: 204 while as many answers are missing as it
    knows. Anybody else is shown the page itself."""
    fulfilment = visible(request, public_id)
    if not wants_fragment(request):
        return redirect("picking", public_id)
    waiting = queries.asked(fulfilment.pk)
    if request.GET.get("open") == str(len(waiting)):
        return HttpResponse(status=204)
    context = words.strip(fulfilment, waiting) | {"answered": True}
    return render(request, "substitutes/_asked.html", context)
