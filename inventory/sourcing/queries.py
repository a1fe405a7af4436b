"""What sourcing reads: the rules in force, and every place that may serve."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from math import floor
from typing import Any

from inventory.confidence.queries import chances
from inventory.places import workload
from inventory.places.queries import Place, places_of
from inventory.places.workload import NOTHING, Workload
from inventory.sourcing.errors import RulesMissing
from inventory.sourcing.facts import Candidate, Rule, Rules
from inventory.sourcing.models import PlacePriority, RuleSet, Way
from inventory.stock.queries import units_at
from omni.lib import reference

USUAL_PRIORITY = 5
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
    return [
        replace(
            _candidate(place, has.get(place.id, {}), way, near, at, load.get(place.id, 0), priorities.get(place.id)),
            **_time(place, at, queues.get(place.id, NOTHING)) if place.id in has and _offers(place, way) else {},
        )
        for place in places_of(location_ids)
    ]


def with_sureness(
    candidates: list[Candidate], wanted: Mapping[int, int], at: datetime, place_ids: Collection[int]
) -> list[Candidate]:
    """Return the candidates, those of `place_ids` with how sure it is that they have what they would give. One
    statement."""
    found = chances(wanted, place_ids, at=at, at_most_available=True)
    return [
        replace(one, sure={pk: sure.percent for pk, sure in found[one.place_id].items()})
        if one.place_id in found
        else one
        for one in candidates
    ]


def _candidate(
    place: Place, has: Mapping[int, int], way: str, near: Point, at: datetime, waiting: int, priority: int | None
) -> Candidate:
    return Candidate(
        place_id=place.id,
        metres=floor(place.distance_km(*near) * 1000),
        has=has,
        is_store=place.kind == "store",
        offers=_offers(place, way),
        open_today=not has or opens_today(place, at),
        waiting=waiting,
        priority=USUAL_PRIORITY if priority is None else priority,
    )


def _offers(place: Place, way: str) -> bool:
    return place.offers_pickup if way == Way.PICKUP else place.offers_shipping


def _time(place: Place, at: datetime, queue: Workload) -> dict[str, Any]:
    """Return when the place could be ready. Asked only of one that has something: to look up hours takes longest."""
    ready_at = workload.ready_at(place, at, waiting=queue)
    return {"delay": (ready_at - at) // timedelta(minutes=1), "ready_at": ready_at}


def opens_today(place: Place, at: datetime) -> bool:
    """Whether the place is open, or opens later on the same day of its own calendar."""
    local = place.local(at)
    if place.hours.is_open(local):
        return True
    change = place.hours.next_change(local)
    return change is not None and place.local(change).date() == local.date()


def _rule_sets() -> list[RuleSet]:
    return reference.remember(
        "sourcing_rules", [0], lambda _: {0: list(RuleSet.objects.prefetch_related("rules").order_by("pk"))}
    )[0]


def _priorities() -> dict[int, int]:
    return reference.remember(
        "priorities", [0], lambda _: {0: dict(PlacePriority.objects.values_list("location_id", "priority"))}
    )[0]
