"""Promises that a query can add up again. Each app lists its own in `audits.py`; `omni.audit` runs them all."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Invariant:
    """`sql` returns one row for each thing that is checked: public names and figures, and a boolean `holds`.

    Joins that only give names are LEFT JOINs on a key, so that PostgreSQL leaves them out while it counts. A percent
    sign is written twice. With `tells_only` a row that does not hold is told to people, but is no difference.
    """

    code: str
    sentence: str | Promise
    sql: str
    tells_only: bool = False
