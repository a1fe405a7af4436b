"""Laying down the rules of sourcing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.sourcing import defaults
from inventory.sourcing.errors import WeightsRefused
from inventory.sourcing.models import PlacePriority, RuleSet, SourcingRule


@transaction.atomic
def lay_down(
    *,
    rules: Sequence[tuple[str, int | None]],
    weights: Mapping[str, int],
    most_parcels: int,
    starts_at: datetime,
    ends_at: datetime | None = None,
    channel: str = "",
    way: str = "",
) -> RuleSet:
    """Let rules (kind and figure, in their order) and weights hold from an instant on; '' is every channel or way.

    What holds already is not touched: the later set wins from its start on, and after its end the earlier one holds
    again. Raises `WeightsRefused` unless the weights of distance, delay, load and priority add up to 100.
    """
    if sum(weights.values()) != 100:
        raise WeightsRefused(_("The points of the criteria must add up to 100."))
    laid = RuleSet.objects.create(
        channel=channel,
        way=way,
        starts_at=starts_at,
        ends_at=ends_at,
        most_parcels=most_parcels,
        **{f"for_{name}": weight for name, weight in weights.items()},
    )
    _write(laid, rules)
    return laid


@transaction.atomic
def found_rules() -> None:
    """Give a house the rules it begins with. Twice is once, and what the house changed in them stays."""
    for known in defaults.SETS:
        values = {name: value for name, value in known.items() if name not in {"way", "rules"}}
        laid, is_new = RuleSet.objects.get_or_create(
            channel="", way=known["way"], starts_at=defaults.BEGINNING, defaults=values
        )
        if is_new:
            _write(laid, known["rules"])


@transaction.atomic
def prefer(*, location_id: int, priority: int) -> None:
    """Say how gladly the house lets a place serve, from 0 to 10."""
    PlacePriority.objects.update_or_create(location_id=location_id, defaults={"priority": priority})


def _write(laid: RuleSet, rules: Sequence[tuple[str, int | None]]) -> None:
    SourcingRule.objects.bulk_create(
        SourcingRule(rule_set=laid, position=position, kind=kind, figure=figure)
        for position, (kind, figure) in enumerate(rules, start=1)
    )
