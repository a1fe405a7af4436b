"""The work for later: what waits, what was given up and why, when the scheduler was last heard; try again."""

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from customers.models import Message
from omni.desk.message_list import kind_labels, masked
from omni.desk.models import Beat
from omni.lib import sql
from omni.lib.outbox import MOST_ATTEMPTS
from omni.staff.access import Actor, requires
from omni.staff.once import new_key, once
from orders.appointments.models import AppointmentEvent
from orders.sales.models import OrderEvent

SHOWN = 50
Happened = type[OrderEvent] | type[AppointmentEvent]
HAPPENED: dict[str, Happened] = {"event": OrderEvent, "visit": AppointmentEvent}
"""Whose followers may fail, by the word that the page sends back."""
TASKS = {
    "drain_outbox": gettext_lazy("Following what happened"),
    "send_messages": gettext_lazy("Sending messages"),
    "remind_of_appointments": gettext_lazy("Reminding people of their appointments"),
    "end_questions": gettext_lazy("Ending questions that nobody answered in time"),
    "expire_pickups": gettext_lazy("Giving up what nobody collected"),
    "read_tracking": gettext_lazy("Reading where parcels are"),
    "tell_carriers": gettext_lazy("Telling carriers which parcels will not come"),
    "watch_promises": gettext_lazy("Putting promises off in time, telling managers of those in danger"),
    "remind_waiting": gettext_lazy("Reminding those whose pickup waits"),
    "expire_holds": gettext_lazy("Giving back what was held for too long"),
    "post_due_points": gettext_lazy("Letting points count"),
    "learn_sales_rates": gettext_lazy("Learning how fast each store sells each article"),
    "learn_confidence": gettext_lazy("Learning how sure the stock is, listing what to count"),
    "work_on_catalogue": gettext_lazy("Checking and applying large catalogue files"),
    "sweep": gettext_lazy("Clearing away what has had its time"),
}
WAITING = """
SELECT count(*) AS waiting, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float AS oldest
FROM (
    SELECT handled_at, attempts, created_at FROM sales_orderevent WHERE handled_at IS NULL
    UNION ALL
    SELECT handled_at, attempts, created_at FROM appointments_appointmentevent WHERE handled_at IS NULL
) happened WHERE attempts < %s::int
"""


def waiting() -> Any:
    """Return how many events wait for their followers, and the age in seconds of the oldest."""
    return sql.row(WAITING, [MOST_ATTEMPTS])


def oldest_waiting_seconds() -> float:
    """Return for how long the oldest event has waited; 0 when none does."""
    return float(waiting().oldest)


def failed_events(actor: Actor, happened: Happened) -> QuerySet[Any]:
    """Return the events of the actor's stores whose followers failed at least once."""
    found: Any = happened._default_manager.filter(handled_at=None, attempts__gte=1, location__in=actor.store_ids)
    about = "order" if happened is OrderEvent else "appointment__customer"
    return cast(QuerySet[Any], found.select_related(about).order_by("pk"))


def given_up_events(actor: Actor, happened: Happened) -> QuerySet[Any]:
    """Return those whose followers failed too often; the others are tried again by themselves."""
    return failed_events(actor, happened).filter(attempts__gte=MOST_ATTEMPTS)


def failed_messages(actor: Actor) -> QuerySet[Message]:
    """Return the messages of the actor's stores that were given up, or failed at least once."""
    found = Message.objects.filter(location__in=actor.store_ids, status__in=Message.UNSENT)
    return found.filter(attempts__gte=1).order_by("pk")


def given_up_messages(actor: Actor) -> QuerySet[Message]:
    """Return the messages of the actor's stores that nobody sends any more."""
    return failed_messages(actor).filter(status=Message.Status.FAILED)


@requires("jobs.view")
@require_GET
def jobs(request: Any) -> HttpResponse:
    """What waits, what failed, and whether anybody is at work."""
    actor, queue = request.actor, waiting()
    given_up = [given_up_events(actor, happened) for happened in HAPPENED.values()]
    struggling = [failed_events(actor, one).filter(attempts__lt=MOST_ATTEMPTS) for one in HAPPENED.values()]
    events = [event for found in (*given_up, *struggling) for event in found[:SHOWN]]
    context = {
        "waiting": queue.waiting,
        "oldest": timedelta(seconds=int(queue.oldest)) if queue.waiting else None,
        "queued": Message.objects.filter(status=Message.Status.QUEUED).count(),
        "beats": _beats(),
        "rows": [_event_row(event) for event in events] + [_message_row(one) for one in failed_messages(actor)[:SHOWN]],
        "given_up": sum(found.count() for found in given_up) + given_up_messages(actor).count(),
        "idempotency_key": new_key(),
    }
    return render(request, "settings/jobs.html", context)


def _beats() -> list[dict[str, Any]]:
    """Return each task of the scheduler with its last run; late when three turns and half a minute passed without
    it."""
    known, now = {beat.task: beat for beat in Beat.objects.all()}, timezone.now()
    rows = []
    schedule: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
    for planned in schedule.values():
        task = planned["task"].rpartition(".")[2]
        beat = known.get(task)
        late = beat is None or now - beat.ran_at > timedelta(seconds=3 * planned["schedule"] + 30)
        state = {"state": "late", "label": _("Not heard")} if late else {"state": "done", "label": _("In time")}
        if beat and beat.failure:
            state = {"state": "late", "label": _("Failed: %(error)s") % {"error": beat.failure}}
        rows.append({"label": TASKS.get(task, task), "every": int(planned["schedule"]), "beat": beat, "state": state})
    return rows


def _event_row(event: OrderEvent | AppointmentEvent) -> dict[str, Any]:
    if isinstance(event, OrderEvent):
        words, kind, about = _("Follow-up of an order: %(kind)s"), "event", event.order.number
        url = reverse("order", args=[event.order.number])
    else:
        words, kind, about = _("Follow-up of an appointment: %(kind)s"), "visit", event.appointment.who
        url = event.appointment.get_absolute_url()
    return {
        "kind": kind,
        "pk": event.pk,
        "label": words % {"kind": event.kind},
        "about": about,
        "url": url,
        "at": event.created_at,
        "attempts": event.attempts,
        "error": event.failure,
        "given_up": event.attempts >= MOST_ATTEMPTS,
        "next_at": event.next_attempt_at,
    }


def _message_row(message: Message) -> dict[str, Any]:
    return {
        "kind": "message",
        "pk": message.pk,
        "label": kind_labels().get(message.template, message.template),
        "about": masked(message.recipient),
        "url": reverse("message", args=[message.pk]),
        "at": message.created_at,
        "attempts": message.attempts,
        "error": message.failure,
        "given_up": message.status == Message.Status.FAILED,
        "next_at": message.next_attempt_at,
    }


@requires("jobs.retry")
@require_POST
def retry(request: Any) -> HttpResponseBase:
    """Try one thing again, or all that was given up; each is safe to run twice."""
    which, pk, done = request.POST.get("kind", ""), request.POST.get("pk", ""), []
    one = which in {*HAPPENED, "message"} and pk.isascii() and pk.isdigit() and len(pk) < 19
    if not one and which != "all":
        raise BadRequest
    events, letters = _chosen(request.actor, which, pk)
    if one and not (any(found.exists() for found in events) or letters.exists()):
        raise Http404
    once(request, lambda: done.append(_try_again(events, letters)))
    number = sum(done)
    messages.success(
        request, ngettext("%(number)s is tried again.", "%(number)s are tried again.", number) % {"number": number}
    )
    return redirect("jobs")


def _chosen(actor: Actor, which: str, pk: str) -> tuple[list[QuerySet[Any]], QuerySet[Message]]:
    if which in HAPPENED:
        return [failed_events(actor, HAPPENED[which]).filter(pk=int(pk))], failed_messages(actor).none()
    if which == "message":
        return [], failed_messages(actor).filter(pk=int(pk))
    return [given_up_events(actor, happened) for happened in HAPPENED.values()], given_up_messages(actor)


def _try_again(events: list[QuerySet[Any]], letters: QuerySet[Message]) -> int:
    """Begin the tries anew, now. What was done meanwhile is left alone: each UPDATE names the old state."""
    number = 0
    for found in events:
        again = found.model._default_manager.filter(pk__in=[event.pk for event in found], handled_at=None)
        number += again.update(attempts=0, next_attempt_at=Now(), failure="")
    resent = Message.objects.filter(pk__in=list(letters.values_list("pk", flat=True)))
    unsent = resent.filter(status__in=Message.UNSENT)
    return number + unsent.update(status=Message.Status.QUEUED, attempts=0, next_attempt_at=Now(), failure="")
