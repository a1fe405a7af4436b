"""An event row is the timeline and the outbox at once: written with its cause, handled a moment later, perhaps twice.

Claimed with FOR UPDATE SKIP LOCKED on unhandled rows; never "id greater than the last one seen", which loses late
commits.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 12
Follower = Callable[[int], None]


class EventBase(models.Model):
    """One thing that happened: `kind`, plain `data`, who, and whether its followers have run."""

    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(db_default=Now())
    handled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(db_default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    failure = models.TextField(db_default="")

    class Meta:
        abstract = True


def drain(events: type[EventBase], followers: Mapping[str, list[Follower]], *, batch: int = 200) -> int:
    """Handle what is due, in the order written; return how many events were handled.

    Kinds that nobody follows are marked in one statement. Each followed event runs in a transaction of its own,
    holding its row: a worker that dies half way leaves the row unhandled for the next. A failing follower is tried
    again later, with growing pauses; after twelve tries it stays for a person to look at.
    """
    due = events._default_manager.filter(handled_at=None, next_attempt_at__lte=Now(), attempts__lt=MOST_ATTEMPTS)
    handled = _skip_unfollowed(events, due, followers, batch)
    for pk in list(due.filter(kind__in=followers).order_by("pk").values_list("pk", flat=True)[:batch]):
        handled += _handle(events, pk, followers)
    return handled


def _skip_unfollowed(
    events: type[EventBase], due: models.QuerySet[Any], followers: Mapping[str, Any], batch: int
) -> int:
    with transaction.atomic():
        mine = due.filter(~Q(kind__in=followers)).order_by("pk").select_for_update(skip_locked=True)
        unfollowed = list(mine.values_list("pk", flat=True)[:batch])
        return events._default_manager.filter(pk__in=unfollowed).update(handled_at=Now()) if unfollowed else 0


def _handle(events: type[EventBase], pk: int, followers: Mapping[str, list[Follower]]) -> int:
    try:
        with transaction.atomic():
            event = events._default_manager.select_for_update(skip_locked=True).filter(pk=pk, handled_at=None).first()
            if event is None:
                return 0
            for follower in followers.get(event.kind, []):
                follower(event.pk)
            events._default_manager.filter(pk=pk).update(handled_at=Now())
            return 1
    except Exception as error:  # one bad follower must not stop the queue; the row keeps what went wrong
        logger.warning("event %s of %s failed: %s", pk, events._meta.label, type(error).__name__)
        _postpone(events, pk, error)
        return 0


def _postpone(events: type[EventBase], pk: int, error: Exception) -> None:
    attempts = events._default_manager.values_list("attempts", flat=True).get(pk=pk) + 1
    events._default_manager.filter(pk=pk, handled_at=None).update(
        attempts=attempts,
        failure=type(error).__name__,
        next_attempt_at=timezone.now() + timedelta(seconds=min(3600, 2**attempts)),
    )
