"""What sourcing reads: the rules in force, and every place that may serve."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import floor
from typing import NamedTuple

from inventory.confidence.queries import chances
from inventory.places import workload
from inventory.places.hours import opens_today
from inventory.places.queries import Place, places_of
from inventory.places.workload import NOTHING, Workload
from inventory.sourcing.errors import RulesMissing
from inventory.sourcing.facts import Candidate, Rule, Rules
from inventory.sourcing.models import PlacePriority, RuleSet, Way
from inventory.stock.queries import units_at
from omni.lib import reference

USUAL_PRIORITY = 5
MINUTE = timedelta(minutes=1)
Point = tuple[float, float]
"""Latitude and longitude, WGS 84."""


def rules_for(*, channel: str, way: str, at: datetime) -> Rules:
    """Return what is in force: the channel's own rules before those for all, then the way's own, then the latest.

    Raises `RulesMissing` when there are none.
    """
    holding = [
        one
        for one in _rule_sets()
        if one.channel in {channel, ""}
        and one.way in {way, ""}
        and one.starts_at <= at
        and (one.ends_at is None or at < one.ends_at)
    ]
    if not holding:
        raise RulesMissing.told()
    best = max(holding, key=lambda one: (one.channel == channel, one.way == way, one.starts_at))
    weights = {name: getattr(best, f"for_{name}") for name in ("distance", "delay", "load", "priority")}
    out = tuple(Rule(rule.kind, rule.figure, rule.position) for rule in best.rules.all())
    return Rules(out, {name: weight for name, weight in weights.items() if weight}, best.most_parcels)


def candidates(
    *,
    wanted: Collection[int],
    way: str,
    near: Point,
    location_ids: Collection[int],
    at: datetime,
    waiting: Mapping[int, int] | None = None,
) -> list[Candidate]:
    """Return every place as the engine is told of it, in one statement; for a pickup the queues, a few seconds old at
    most, are a second one. `waiting` is location id → fulfilments that wait there: orders know it, the stock does not.
    """
    has = units_at(wanted, location_ids)
    load, priorities = waiting or {}, _priorities()
    queues = workload.of(has) if way == Way.PICKUP else {}
    asked = _Asked(way, near, at)
    return [
        _candidate(
            place,
            asked,
            has=has.get(place.id, {}),
            waiting=load.get(place.id, 0),
            priority=priorities.get(place.id, USUAL_PRIORITY),
            queue=queues.get(place.id, NOTHING),
        )
        for place in places_of(location_ids)
    ]


def with_sureness(candidates: Sequence[Candidate], wanted: Mapping[int, int], at: datetime) -> list[Candidate]:
    """Return the candidates with how sure it is that they have what they would give. One statement."""
    found = chances(wanted, [one.place_id for one in candidates], at=at, at_most_available=True)
    return [
        replace(one, sure={pk: sure.percent for pk, sure in found.get(one.place_id, {}).items()}) for one in candidates
    ]


class _Asked(NamedTuple):
    way: str
    near: Point
    at: datetime


def _candidate(
    place: Place, asked: _Asked, *, has: Mapping[int, int], waiting: int, priority: int, queue: Workload
) -> Candidate:
    offers = place.offers_pickup if asked.way == Way.PICKUP else place.offers_shipping
    ready_at = workload.ready_at(place, asked.at, waiting=queue) if has and offers else None
    return Candidate(
        place_id=place.id,
        metres=floor(place.distance_km(*asked.near) * 1000),
        has=has,
        is_store=place.kind == "store",
        offers=offers,
        open_today=not has or opens_today(place, asked.at),
        waiting=waiting,
        priority=priority,
        delay=(ready_at - asked.at) // MINUTE if ready_at else 0,
        ready_at=ready_at,
    )


def _rule_sets() -> list[RuleSet]:
    return reference.remember(
        "sourcing_rules", [0], lambda _: {0: list(RuleSet.objects.prefetch_related("rules").order_by("pk"))}
    )[0]


def _priorities() -> dict[int, int]:
    return reference.remember(
        "priorities", [0], lambda _: {0: dict(PlacePriority.objects.values_list("location_id", "priority"))}
    )[0]
