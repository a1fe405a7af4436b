"""Asking who serves: candidates, rules and the engine together. A dry run: nothing is reserved or written."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils import timezone

from inventory.sourcing import engine, queries
from inventory.sourcing.facts import Plan, Rules


def ask(
    *,
    wanted: Mapping[int, int],
    way: str,
    near: queries.Point,
    location_ids: Collection[int],
    channel: str = "",
    at: datetime | None = None,
    waiting: Mapping[int, int] | None = None,
) -> tuple[Plan, Rules]:
    """Return who serves the wanted units (variant id → units) out of these places, and the rules that were asked.

    Raises `RulesMissing`. What it finds may be gone a moment later: whoever reserves is told then.
    """
    now = at or timezone.now()
    rules = queries.rules_for(channel=channel, way=way, at=now)
    there = queries.candidates(
        wanted=wanted.keys(), way=way, near=near, location_ids=location_ids, at=now, waiting=waiting
    )
    if any(rule.kind == "confidence" for rule in rules.out):
        there = queries.with_sureness(there, wanted, now)
    return engine.plan(wanted, there, rules), rules
