"""Earning points: pending when something is bought, posted when the programme says so."""

from django.db import transaction

from loyalty import queries
from loyalty.models import Account, Programme
from omni.lib import sql

EARN = """
WITH wallet AS (
    INSERT INTO loyalty_account (programme_id, kind, customer_id, pending)
    VALUES (%(programme)s::bigint, 'wallet', %(customer)s::bigint, %(points)s::bigint)
    ON CONFLICT (customer_id, programme_id) WHERE kind = 'wallet'
    DO UPDATE SET pending = loyalty_account.pending + EXCLUDED.pending
    RETURNING id
)
INSERT INTO loyalty_entry (debit_id, credit_id, points, kind, stage, cause, reference, location_id, actor_id)
SELECT %(issue)s::bigint, wallet.id, %(points)s::bigint, 'earn', 'pending', %(cause)s::text, %(cause)s::text,
       %(location)s::bigint, %(actor)s::bigint
FROM wallet
"""


def earn_pending(*, customer_id: int, paid: int, cause: str, location_id: int, actor_id: int | None) -> int:
    """Write the points that `paid` cents will earn as pending; return them. One statement: wallet and entry.

    `cause` (an order's number) earns once: a second call breaks `entry_once_per_event`. No programme or no point:
    nothing.
    """
    rule = queries.rule()
    points = rule.points(paid) if rule else 0
    if rule and points:
        sql.run(
            EARN,
            {
                "programme": rule.programme_id,
                "issue": rule.issue_account_id,
                "customer": customer_id,
                "points": points,
                "cause": cause,
                "location": location_id,
                "actor": actor_id,
            },
        )
    return points


@transaction.atomic
def found_programme(*, code: str, name: str, cents_per_point: int = 100, posts_after_days: int = 0) -> Programme:
    """Make the house's programme with its own account, or return the one that exists."""
    programme, _made = Programme.objects.get_or_create(
        code=code, defaults={"name": name, "cents_per_point": cents_per_point, "posts_after_days": posts_after_days}
    )
    Account.objects.get_or_create(programme=programme, kind=Account.Kind.ISSUE, customer=None)
    return programme
