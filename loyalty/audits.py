"""What the points ledger promises, added up again: wallets against entries, settlements against what they settle."""

from django.utils.translation import gettext_lazy as _

from omni.lib.invariants import Invariant

POSTED = "CASE WHEN stage IN ('posted', 'posts') THEN points ELSE 0 END"
PENDING = "CASE stage WHEN 'pending' THEN points WHEN 'posts' THEN -points WHEN 'voids' THEN -points ELSE 0 END"

TWO_LEGS = """
SELECT entry.reference, entry.kind, entry.stage, entry.points,
       entry.points > 0 AND entry.debit_id <> entry.credit_id AND debit.programme_id = credit.programme_id AS holds
FROM loyalty_entry entry
JOIN loyalty_account debit ON debit.id = entry.debit_id
JOIN loyalty_account credit ON credit.id = entry.credit_id
"""

ISSUED_IS_HELD = f"""
WITH issued AS (
    SELECT account.programme_id, sum(leg.sign * {POSTED}) AS posted, sum(leg.sign * {PENDING}) AS pending
    FROM loyalty_account account
    JOIN (SELECT debit_id AS account_id, 1 AS sign, points, stage FROM loyalty_entry
          UNION ALL SELECT credit_id, -1, points, stage FROM loyalty_entry) leg ON leg.account_id = account.id
    WHERE account.kind <> 'wallet' GROUP BY account.programme_id
), held AS (
    SELECT programme_id, sum(posted) AS posted, sum(pending) AS pending
    FROM loyalty_account WHERE kind = 'wallet' GROUP BY programme_id
)
SELECT programme.code AS programme, held.posted, issued.posted AS issued_posted, held.pending,
       issued.pending AS issued_pending,
       coalesce(held.posted, 0) = coalesce(issued.posted, 0)
       AND coalesce(held.pending, 0) = coalesce(issued.pending, 0) AS holds
FROM loyalty_programme programme
LEFT JOIN issued ON issued.programme_id = programme.id
LEFT JOIN held ON held.programme_id = programme.id
"""  # noqa: S608  (constants of ours)

NOT_OVERDRAWN = """
SELECT customer.code AS customer, account.posted, account.pending, least(account.posted, account.pending) >= 0 AS holds
FROM loyalty_account account
LEFT JOIN customers_customer customer ON customer.id = account.customer_id
WHERE account.kind = 'wallet'
"""

EARNED_ONCE = f"""
SELECT cause, sum(points) FILTER (WHERE first) AS earned, sum({POSTED} * sign) AS counts,
       sum({PENDING} * sign) AS waits,
       count(*) FILTER (WHERE first) = 1
       AND sum({POSTED} * sign) >= 0
       AND sum({POSTED} * sign) + sum({PENDING} * sign) <= sum(points) FILTER (WHERE first) AS holds
FROM (
    SELECT cause, stage, points, CASE kind WHEN 'reverse' THEN -1 ELSE 1 END AS sign,
           kind = 'earn' AND reference = cause AND stage IN ('pending', 'posted') AS first
    FROM loyalty_entry
) entry
GROUP BY cause
"""  # noqa: S608  (constants of ours)

WALLETS_ARE_ENTRIES = f"""
SELECT customer.code AS customer, account.posted, moved.posted AS entries_posted, account.pending,
       moved.pending AS entries_pending,
       CASE account.kind
           WHEN 'wallet' THEN account.posted = coalesce(moved.posted, 0)
                              AND account.pending = coalesce(moved.pending, 0)
           ELSE account.posted = 0 AND account.pending = 0
       END AS holds
FROM loyalty_account account
LEFT JOIN (
    SELECT account_id, sum(sign * {POSTED}) AS posted, sum(sign * {PENDING}) AS pending
    FROM (SELECT credit_id AS account_id, 1 AS sign, points, stage FROM loyalty_entry
          UNION ALL SELECT debit_id, -1, points, stage FROM loyalty_entry) leg
    GROUP BY account_id
) moved ON moved.account_id = account.id
LEFT JOIN customers_customer customer ON customer.id = account.customer_id
"""  # noqa: S608  (constants of ours)

SETTLED_ONCE = """
SELECT pending.reference, pending.points, sum(done.points) AS settled,
       pending.stage = 'pending' AND sum(done.points) <= pending.points
       AND bool_and(done.debit_id = pending.debit_id AND done.credit_id = pending.credit_id
                    AND done.cause = pending.cause) AS holds
FROM loyalty_entry done
JOIN loyalty_entry pending ON pending.id = done.settles_id
GROUP BY pending.id
"""

INVARIANTS = [
    Invariant(
        "L1", _("Every entry moves a positive number of points between two accounts of one programme."), TWO_LEGS
    ),
    Invariant("L2", _("All wallets together hold what the programme issued."), ISSUED_IS_HELD),
    Invariant("L3", _("No wallet is overdrawn."), NOT_OVERDRAWN),
    Invariant("L4", _("One cause earns once, and never counts for more than it earned."), EARNED_ONCE),
    Invariant("L6", _("A wallet's balances are the sums of its entries, posted and pending."), WALLETS_ARE_ENTRIES),
    Invariant("L10", _("Pending points are settled once, and never for more than they are."), SETTLED_ONCE),
]
