"""What becomes of pending points: posted by the programme's rule, voided when the goods never left, reopened by an
undo."""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from loyalty import locks, queries
from loyalty.models import Account, Entry

logger = logging.getLogger(__name__)


@transaction.atomic
def confirm(*, cause: str, paid: int, reference: str, actor_id: int | None) -> int:
    """The goods of `cause` were handed over for `paid` cents: keep those points, void the rest; return the points kept.

    With `posts_after_days` 0 they count at once; otherwise they stay pending, with the instant at which they will
    count.
    Without pending points nothing is written. Never posts more than was pending.
    """
    locked = locks.lock_open_pending(cause)
    rule = queries.rule()
    if locked is None or rule is None:
        return 0
    wallet, pending = locked
    points = min(rule.points(paid), pending.points)
    if rule.posts_after_days:
        due_at = timezone.now() + timedelta(days=rule.posts_after_days)
        _settle(wallet, pending, posts=0, voids=pending.points, reference=reference, actor_id=actor_id)
        _reopen(wallet, pending, points=points, reference=reference, actor_id=actor_id, due_at=due_at)
    else:
        _settle(wallet, pending, posts=points, voids=pending.points - points, reference=reference, actor_id=actor_id)
    return points


@transaction.atomic
def void(*, cause: str, reference: str, actor_id: int | None) -> int:
    """The sale of `cause` will not happen: void its pending points; return how many. None pending: nothing."""
    locked = locks.lock_open_pending(cause)
    if locked is None:
        return 0
    wallet, pending = locked
    _settle(wallet, pending, posts=0, voids=pending.points, reference=reference, actor_id=actor_id)
    return int(pending.points)


@transaction.atomic
def reopen(*, cause: str, reference: str, undone: str, actor_id: int | None) -> None:
    """Undo the `confirm` that was written under the reference `undone`: all its points are pending again, none
    counts."""
    written = list(Entry.objects.filter(cause=cause, reference=undone).order_by("pk"))
    settled = [entry for entry in written if entry.stage in {Entry.Stage.POSTS, Entry.Stage.VOIDS}]
    if not settled:
        return
    wallet = locks.lock_wallet(settled[0].credit_id)
    for post in settled:
        if post.stage == Entry.Stage.POSTS:
            kind, stage = Entry.Kind.REVERSE, Entry.Stage.POSTED
            _write(wallet.pk, post.debit_id, post.points, kind, stage, post, reference, actor_id)
            Account.objects.filter(pk=wallet.pk).update(posted=F("posted") - post.points)
    for waiting in written:
        if waiting.stage == Entry.Stage.PENDING:
            _settle(wallet, waiting, posts=0, voids=waiting.points, reference=reference, actor_id=actor_id)
    points = sum(entry.points for entry in settled)
    _reopen(wallet, settled[0], points=points, reference=reference, actor_id=actor_id)


def post_due(now: datetime, *, limit: int = 500) -> int:
    """Post pending points whose day has come; return how many entries. Each in a transaction of its own, so it may
    run twice. One that cannot be posted is reported and does not keep the others waiting."""
    due = Entry.objects.filter(stage=Entry.Stage.PENDING, due_at__lte=now, settlements=None).order_by("pk")
    posted = 0
    for pk, cause in list(due.values_list("pk", "cause")[:limit]):
        try:
            posted += _post(pk, cause)
        except DatabaseError:
            logger.exception("the points of %s could not be posted", cause)
    return posted


@transaction.atomic
def _post(pk: int, cause: str) -> bool:
    locked = locks.lock_open_pending(cause)
    if locked is None or locked[1].pk != pk:
        return False
    wallet, pending = locked
    _settle(wallet, pending, posts=pending.points, voids=0, reference=f"{cause}/due", actor_id=None)
    return True


def _settle(wallet: Account, pending: Entry, *, posts: int, voids: int, reference: str, actor_id: int | None) -> None:
    for points, stage in ((posts, Entry.Stage.POSTS), (voids, Entry.Stage.VOIDS)):
        if points:
            _write(pending.debit_id, pending.credit_id, points, pending.kind, stage, pending, reference, actor_id)
    Account.objects.filter(pk=wallet.pk).update(pending=F("pending") - posts - voids, posted=F("posted") + posts)


def _reopen(
    wallet: Account, like: Entry, *, points: int, reference: str, actor_id: int | None, due_at: datetime | None = None
) -> None:
    if points:
        Entry.objects.create(
            debit_id=like.debit_id,
            credit_id=like.credit_id,
            points=points,
            kind=like.kind,
            stage=Entry.Stage.PENDING,
            cause=like.cause,
            reference=reference,
            location_id=like.location_id,
            actor_id=actor_id,
            due_at=due_at,
        )
        Account.objects.filter(pk=wallet.pk).update(pending=F("pending") + points)


def _write(
    debit_id: int, credit_id: int, points: int, kind: str, stage: str, of: Entry, reference: str, actor_id: int | None
) -> None:
    Entry.objects.create(
        debit_id=debit_id,
        credit_id=credit_id,
        points=points,
        kind=kind,
        stage=stage,
        settles=of if stage in {Entry.Stage.POSTS, Entry.Stage.VOIDS} else None,
        cause=of.cause,
        reference=reference,
        location_id=of.location_id,
        actor_id=actor_id,
    )
