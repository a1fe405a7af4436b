"""How often somebody may guess: one count per secret and guesser in PostgreSQL, so that every process counts together.

A try is counted before it is made. Two wrong ones at once count twice, and nobody gets a free one.
"""

from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from omni.lib import sql
from omni.lib.errors import Refusal


class TooManyTries(Refusal):
    """Guessed too often: the same answer to a right guess and to a wrong one."""

    code = "too_many_tries"
    status = 429


def count(*, what: str, whom: str, limit: int, seconds: int) -> int:
    """Count one try and return how many are left. Raises TooManyTries when the window's `limit` were made already.

    A window begins with its first try. `whom` is stored as a keyed hash: an address or a login can be counted without
    being kept.
    """
    now = timezone.now()
    row = sql.row(
        """
        INSERT INTO staff_tries AS known (what, whom, tries, began_at) VALUES (%s, %s, 1, %s)
        ON CONFLICT ON CONSTRAINT staff_tries_counted_once DO UPDATE SET
            tries = CASE WHEN known.began_at <= %s THEN 1 ELSE least(known.tries, 1000000) + 1 END,
            began_at = CASE WHEN known.began_at <= %s THEN EXCLUDED.began_at ELSE known.began_at END
        RETURNING tries
        """,
        (what, _kept(whom), now, now - timedelta(seconds=seconds), now - timedelta(seconds=seconds)),
    )
    if row.tries > limit:
        raise TooManyTries(
            _("Too many tries. Please wait %(minutes)d minutes, then try again.") % {"minutes": -(-seconds // 60)}
        )
    return int(limit - row.tries)


def clear(*, what: str, whom: str) -> None:
    """Forget the tries, for the right answer was given; and those of everybody that are older than a day."""
    sql.run(
        "DELETE FROM staff_tries WHERE (what = %s AND whom = %s) OR began_at < %s",
        (what, _kept(whom), timezone.now() - timedelta(days=1)),
    )


def _kept(whom: str) -> str:
    return salted_hmac("omni.staff.tries", whom, algorithm="sha256").hexdigest()
