"""Asking who serves: candidates, rules and the engine together. A dry run: nothing is reserved or written."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from inventory.sourcing import engine, queries
from inventory.sourcing.facts import Candidate, Plan, Rules

FIRST_ASKED = 12
"""Articles times places of which the first look asks how sure they are; each further look doubles it."""


def ask(
    *,
    wanted: Mapping[int, int],
    way: str,
    near: queries.Point,
    location_ids: Collection[int],
    channel: str = "",
    at: datetime | None = None,
    waiting: Mapping[int, int] | None = None,
    emptied: Collection[int] = (),
) -> tuple[Plan, Rules]:
    """Return who serves the wanted units (variant id → units) out of these places, and the rules that were asked.

    The places in `emptied` answer as if they had none of it: what if. Raises `RulesMissing`. What it finds may be gone
    a moment later: whoever reserves is told then.
    """
    now = at or timezone.now()
    rules = queries.rules_for(channel=channel, way=way, at=now)
    there = queries.candidates(
        wanted=wanted.keys(), way=way, near=near, location_ids=location_ids, at=now, waiting=waiting
    )
    there = [replace(one, has={}) if one.place_id in emptied else one for one in there]
    if any(rule.kind == "confidence" for rule in rules.out):
        return _made_sure(there, wanted, rules, now), rules
    return engine.plan(wanted, there, rules), rules


def _made_sure(there: list[Candidate], wanted: Mapping[int, int], rules: Rules, now: datetime) -> Plan:
    """Return the plan without the places whose figures are not sure enough.

    How sure it is costs more than everything else, so it is asked of the best places only, until those that serve are
    among them. No plan is better than that one: to ask the others too could only take places away that it does without.
    And where those that serve give all they gave before, others were only taken away: the plan stays.
    """
    judged, asked = engine.judged(wanted, there, rules), set[int]()
    plan, size = engine.decided(wanted, judged, rules), max(1, FIRST_ASKED // len(wanted))
    while any(parcel.place_id not in asked for parcel in plan.parcels):
        best = [why.candidate for why in plan.explanations if not why.ruled_out]
        next_ones = [one for one in best if one.place_id not in asked][:size]
        sure = engine.judged(wanted, queries.with_sureness(next_ones, wanted, now), rules)
        serve = {parcel.place_id for parcel in plan.parcels} & sure.keys()
        stays = all(sure[place_id][1] == judged[place_id][1] for place_id in serve)
        judged |= sure
        if stays:
            plan = replace(plan, explanations=engine.explained(plan.parcels, judged))
        else:
            plan = engine.decided(wanted, judged, rules)
        size *= 2
        asked.update(one.place_id for one in next_ones)
    return plan
