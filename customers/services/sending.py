"""Sending what is queued: claimed row by row, tried again with growing pauses, given up after eight tries,
dropped when no longer true."""

import logging
from collections.abc import Callable
from datetime import timedelta
from email.mime.image import MIMEImage
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import OperationalError, transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone, translation

from customers.models import Message
from omni.lib import sql

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
PATIENCE_SECONDS = 120
"""No task lives longer (`CELERY_TASK_TIME_LIMIT`)."""
Compose = Callable[[Message], dict[str, Any]]
Attach = Callable[[Message], list[tuple[str, bytes, str]]]
Outdated = Callable[[Message], str]
"""Says in one word why a message is no longer true; nothing while it is."""


def send_due(*, compose: Compose, attach: Attach, outdated: Outdated, limit: int = 100) -> int:
    """Send what is due; return how many left. What is no longer true is dropped, and kept with its reason.

    It is asked while the message is locked, just before the mail server is: what happens to an order while its mail is
    on the way does not wait for the mail server. `outdated` may lock what it reads; a message whose order somebody has
    in hand for too long waits for the next turn.
    A worker killed between the mail server's yes and our commit sends one twice: both carry the same Message-ID, which
    mail programs show once.
    """
    sent = 0
    due = Message.objects.filter(status=Message.Status.QUEUED, next_attempt_at__lte=Now()).order_by("pk")
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        try:
            sent += _send_one(pk, compose, attach, outdated)
        except OperationalError as error:
            logger.warning("message %s waits for the next turn: %s", pk, type(error).__name__)
    return sent


@transaction.atomic
def _send_one(pk: int, compose: Compose, attach: Attach, outdated: Outdated) -> int:
    # The row stays locked while the mail server answers, so that a worker that dies gives it back at once. A server
    # that is slow must not make PostgreSQL end the transaction: what was sent would be sent again, and again.
    sql.run(f"SET LOCAL idle_in_transaction_session_timeout = '{PATIENCE_SECONDS}s'")
    message = (
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("customer")
        .filter(pk=pk, status=Message.Status.QUEUED)
        .first()
    )
    if message is None:
        return 0
    why = outdated(message)
    if why:
        message.status, message.dropped_because = Message.Status.DROPPED, why
        message.save(update_fields=["status", "dropped_because"])
        return 0
    message.attempts += 1
    try:
        with translation.override(message.language):
            mail(message, compose(message), attach(message)).send()
    except Exception as error:  # the mail server's trouble is not ours: keep the message, try later
        logger.warning("message %s was not sent: %s", message.pk, type(error).__name__)
        message.status = Message.Status.FAILED if message.attempts >= MOST_ATTEMPTS else Message.Status.QUEUED
        message.next_attempt_at = timezone.now() + timedelta(seconds=min(3600, 5 * 2**message.attempts))
        message.failure = type(error).__name__[:80]
        message.save(update_fields=["attempts", "status", "next_attempt_at", "failure"])
        return 0
    message.status, message.sent_at = Message.Status.SENT, timezone.now()
    message.save(update_fields=["attempts", "status", "sent_at"])
    return 1


def mail(message: Message, facts: dict[str, Any], pictures: list[tuple[str, bytes, str]]) -> EmailMultiAlternatives:
    """Return the e-mail: text, HTML, and pictures that the HTML shows by their content id."""
    letter = EmailMultiAlternatives(
        subject=message.subject,
        body=render_to_string(f"mail/{message.template}.txt", facts),
        to=[message.recipient],
        headers={"Message-ID": f"<{message.reference.replace('/', '.')}@omni>", "Auto-Submitted": "auto-generated"},
    )
    letter.attach_alternative(render_to_string(f"mail/{message.template}.html", facts), "text/html")
    letter.mixed_subtype = "related"  # type: ignore[attr-defined]  # the pictures belong to the HTML
    for name, content, kind in pictures:
        letter.attach(picture(name, content, kind))
    return letter


def picture(name: str, content: bytes, kind: str) -> Any:
    """Return an inline picture that the HTML names as `cid:<name>`."""
    part = MIMEImage(content, kind)
    part.add_header("Content-ID", f"<{name}>")
    part.add_header("Content-Disposition", "inline", filename=f"{name}.{kind}")
    return part
