"""Moving the demo's clock forward: by hops, after each of which happens what has become due."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from inventory.places.models import Location
from omni.demo.clock import ageing, columns, due
from omni.demo.clock.due import Done
from omni.demo.clock.errors import NotADemo, UnknownSpan
from omni.demo.models import Clock
from omni.demo.places import TIME_ZONE
from omni.lib import reference, sql
from omni.lib.retry import retrying

FURTHEST = timedelta(days=31)
WEEK = timedelta(weeks=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HOPS = ((2 * HOUR, 15 * MINUTE), (12 * HOUR, 2 * HOUR), (DAY, 6 * HOUR), (FURTHEST, DAY))
"""Until so far from where one began, hops of such a length: a promise is put off in its last three quarters of an hour,
a reminder is a matter of days."""
TRIES = 6
WAIT_MS = 1200
"""For who is writing now; longer than PostgreSQL needs to find a deadlock, or to send its own cleaners away."""

CHANGED = """
INSERT INTO reference_version (id, version) VALUES (1, txid_current())
ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version
"""


def clock_of_demo() -> Clock:
    """Return the clock of the demo. Raises `NotADemo` unless the settings are a demo's, its mark is in the database and
    every store in it is invented."""
    clock = Clock.objects.first() if settings.DEMO else None
    if clock is None or Location.objects.filter(invented=False).exists():
        raise NotADemo(_("Only a demo's clock can be moved: the history of a real house is never rewritten."))
    return clock


def forward(*, by: timedelta) -> Done:
    """Move the clock forward by whole seconds and let happen what becomes due on the way; return what did.

    Every hop is a transaction, and what becomes due in it happens before the next. A process that ends half way leaves
    a demo whose clock stands between two hops. Raises `NotADemo`, `UnknownSpan`, and `Busy` when somebody keeps
    writing.
    """
    if not timedelta() < by <= FURTHEST or by.microseconds:
        raise UnknownSpan(_("The clock is moved forward by whole seconds, and by 31 days at most."))
    make_room(by)
    done = Done()
    for hop in hops(by):
        retrying(lambda hop=hop: grow_older(hop), tries=TRIES)  # type: ignore[misc]
        reference.forget()
        done += due.settle()
    return done


def hops(by: timedelta) -> Iterator[timedelta]:
    """Return the way in hops, short ones first; they add up to the whole."""
    went = timedelta()
    while went < by:
        length = next(length for until, length in HOPS if went < until)
        yield min(length, by - went)
        went += length


def grow_older(by: timedelta) -> int:
    """Make everything that the demo lived through older; return how many rows. Run inside a transaction.

    Nobody writes meanwhile: who has begun ends first, who comes waits.
    """
    moving = columns.moving()
    sql.run(f"SET LOCAL lock_timeout = {WAIT_MS}")
    ageing.lock(model._meta.db_table for model in moving)
    clock = clock_of_demo()
    passed = (clock.moved + by) // DAY - clock.moved // DAY
    with ageing.silence(moving):
        rows = ageing.live_on(moving, {"past": clock.past_until, "by": by, "days": passed})
    Clock.objects.update(moved=F("moved") + by)
    sql.run(CHANGED)
    return rows


def make_room(by: timedelta) -> int:
    """Move the loaded past back by whole weeks when the demo would grow into it; return how many rows, most often none.

    Nobody waits for it but who changes a row of the past.
    """
    clock = clock_of_demo()
    missing = clock.past_until - (clock.opened_at - by)
    if missing <= timedelta():
        return 0
    weeks = -(-missing // WEEK)
    return retrying(lambda: _move_past(weeks), tries=TRIES)


def _move_past(weeks: int) -> int:
    moving = columns.moving()
    sql.run("SET LOCAL lock_timeout = 0")
    clock = clock_of_demo()
    values = {"past": clock.past_until, "by": weeks * WEEK, "days": 7 * weeks}
    with ageing.silence(moving):
        rows = ageing.move_past(moving, values)
    sql.run(CHANGED)
    return rows


@transaction.atomic
def found_clock() -> Clock:
    """Mark the database as a demo's once its past is loaded, before anything happens in it. A second time nothing
    changes.

    Everything that was written while it was loaded is of that past; a demo that has lived already keeps every instant.
    """
    known = Clock.objects.first()
    if known:
        return known
    found = sql.row(LOADED, {"zone": TIME_ZONE})
    if not found.has_lived:
        moving = columns.moving()
        with ageing.silence(moving):
            ageing.belongs_to_the_past(moving, found.until)
    opened_at = found.until if found.has_lived else max(found.until, found.midnight)
    return Clock.objects.create(past_until=found.until, opened_at=opened_at)


LOADED = """
SELECT coalesce((SELECT max(created_at) FROM stock_stockmovement WHERE kind = 'opened' AND derived), now()) AS until,
       (now() AT TIME ZONE %(zone)s::text)::date::timestamp AT TIME ZONE %(zone)s::text AS midnight,
       EXISTS (SELECT FROM sales_order WHERE NOT imported) AS has_lived
"""
