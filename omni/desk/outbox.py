"""What we wrote to customers: a small page to look into, and in the demo the mail as its reader sees it."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from customers.models import Message
from omni import letters
from omni.desk.message_list import MESSAGES, STATES, WHY_DROPPED, kind_labels, masked
from omni.lib import qr
from omni.staff import listing
from omni.staff.access import requires
from orders.fulfilment import codes, notices
from orders.fulfilment.models import Fulfilment


def _visible(request: Any) -> QuerySet[Message]:
    return Message.objects.filter(location__in=request.actor.store_ids).select_related("customer")


@requires("messages.view")
@require_GET
def messages(request: Any) -> HttpResponse:
    """The messages of one's stores, narrowed down, sorted and cut as the address says."""
    waiting = _visible(request).filter(status=Message.Status.QUEUED).count()
    return listing.show(request, MESSAGES, waiting=waiting)


def _row(message: Message) -> dict[str, Any]:
    number = message.facts.get("order", "")
    return {
        "kind_label": kind_labels().get(message.template, message.template),
        "subject": message.subject,
        "order_number": number,
        "order_url": reverse("order", args=[number]) if number else "",
        "state": STATES[Message.Status(message.status)],
        "state_label": message.get_status_display(),
        "why_dropped": WHY_DROPPED.get(message.dropped_because, ""),
        "attempts": message.attempts,
        "created_at": message.created_at,
        "sent_at": message.sent_at,
        "url": reverse("message", args=[message.pk]),
        "read_url": reverse("message-as-customer", args=[message.pk]) if settings.DEMO else "",
    }


@requires("messages.view")
@require_GET
def message(request: Any, pk: int) -> HttpResponse:
    """One message as staff may read it: the code is hidden."""
    return _page(request, pk, as_customer=False)


@requires("messages.view")
@require_GET
def message_as_customer(request: Any, pk: int) -> HttpResponse:
    """The demo's mailbox: the mail as its reader sees it, with the code and the QR. Nowhere else."""
    if not settings.DEMO:
        raise Http404
    return _page(request, pk, as_customer=True)


def _page(request: Any, pk: int, *, as_customer: bool) -> HttpResponse:
    found = get_object_or_404(_visible(request), pk=pk)
    with translation.override(found.language):
        facts = letters.compose(found)
        if not as_customer and facts.get("code"):
            facts["code"] = "••• •••"
        customer_url = facts.get("customer_url", "")
        if customer_url and not as_customer:  # whoever opens it acts as the customer
            facts["customer_url"] = re.sub(r"[^/]+/$", "•••••/", customer_url)
        body = render_to_string(f"mail/{found.template}.txt", facts)
    shown = _row(found) | {
        "recipient": found.recipient if as_customer else masked(found.recipient),
        "language_label": dict(settings.LANGUAGES).get(found.language, found.language),
        "body": body.strip(),
    }
    context = {
        "message": shown,
        "as_customer": as_customer,
        "customer_url": urlsplit(customer_url).path if as_customer else "",
        "qr_svg": _qr(found) if as_customer else "",
        "back_url": reverse("outbox"),
    }
    return render(request, "customers/message.html", context)


def _qr(found: Message) -> SafeString | str:
    if found.template not in notices.WITH_CODE:
        return ""
    fulfilment = Fulfilment.objects.get(pk=found.facts["fulfilment"])
    return mark_safe(qr.svg(codes.qr_text(fulfilment.public_id, fulfilment.code_round)))  # noqa: S308  (drawn by us)
