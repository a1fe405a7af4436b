"""Many rows at once: frozen when they are chosen, done one by one in bounded steps, and told row by row.

A row is done in the transaction that also writes its outcome, so a step that is sent twice, or dies half way, does
nothing twice; the next step goes on where it ended. Partial success is never hidden: what was refused says why.
"""

import logging
import time
from collections.abc import Iterable

from django.db import OperationalError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from omni.lib.errors import BadRequest, Busy, Refusal
from omni.lib.lists import MOST_AT_ONCE, BulkAction
from omni.lib.retry import retrying
from omni.staff import list_locks
from omni.staff.access import Actor
from omni.staff.list_models import BulkItem, BulkRun

logger = logging.getLogger(__name__)

STEP = 25
LONGEST_STEP = 4.0
"""Seconds after which a step ends early: a page must answer before its reader gives up."""
ONCE = "bulk_run_once_per_form"


def ask(
    *, listing: str, action: BulkAction, things: Iterable[tuple[int, str]], key: str, back: str, actor: Actor
) -> BulkRun:
    """Freeze the chosen rows; nothing is done yet. The same form sent again finds the same run."""

    def freeze() -> BulkRun:
        known = BulkRun.objects.filter(actor=actor.user_id, key=key).first()
        if known:
            return known
        chosen = list(things)
        if not chosen:
            raise BadRequest(_("Choose at least one row."))
        if len(chosen) > MOST_AT_ONCE:
            raise BadRequest(_("At most %(number)s rows at once: narrow the list down.") % {"number": MOST_AT_ONCE})
        run = BulkRun.objects.create(listing=listing, action=action.name, actor_id=actor.user_id, key=key, back=back)
        BulkItem.objects.bulk_create(
            [BulkItem(run=run, thing=thing, label=label[:40]) for thing, label in chosen], batch_size=1000
        )
        return run

    return retrying(freeze, lost_races=frozenset({ONCE}))


def begin(*, run: BulkRun, action: BulkAction, reason: str) -> bool:
    """Let the run begin, once; False when it had begun before."""
    if action.reasons and reason not in {name for name, _words in action.reasons}:
        raise BadRequest(_("Say why."))
    asked = BulkRun.objects.filter(pk=run.pk, begun_at=None)
    return bool(asked.update(begun_at=Now(), reason=reason))


def go_on(*, run: BulkRun, action: BulkAction, actor: Actor, limit: int = STEP) -> int:
    """Do the next rows of a run that has begun, `limit` at most; return how many. May run twice at once."""
    done, started = 0, time.monotonic()
    try:
        while done < limit and time.monotonic() - started < LONGEST_STEP and _next(run, action, actor):
            done += 1
    except Busy:
        pass  # the row stays as it is; the next step begins with it
    if not run.items.filter(outcome=BulkItem.Outcome.WAITING).exists():
        BulkRun.objects.filter(pk=run.pk, ended_at=None, begun_at__isnull=False).update(ended_at=Now())
    return done


def _next(run: BulkRun, action: BulkAction, actor: Actor) -> bool:
    def one() -> bool:
        item = list_locks.next_item(run.pk)
        if item is None:
            return False
        item.outcome, item.words = _outcome(item, action, actor, run.reason)
        item.save(update_fields=["outcome", "words"])
        return True

    return retrying(one)


def _outcome(item: BulkItem, action: BulkAction, actor: Actor, reason: str) -> tuple[str, str]:
    if action.act is None or not actor.may(action.permission):
        return BulkItem.Outcome.REFUSED, _("You may not do this any more.")
    try:
        with transaction.atomic():
            action.act(item.thing, actor, reason)
    except Refusal as refusal:
        return BulkItem.Outcome.REFUSED, str(refusal)[:300]
    except OperationalError:
        raise  # a deadlock, a lock that was not given, a lost connection: the whole row is tried again
    except Exception:
        logger.exception("a row of the run %s could not be done", run_name(item))
        return BulkItem.Outcome.FAILED, _("Something went wrong here; nothing was changed.")
    return BulkItem.Outcome.DONE, ""


def run_name(item: BulkItem) -> str:
    """Return what the log calls a row: numbers, nothing personal."""
    return f"{item.run_id}/{item.pk}"
