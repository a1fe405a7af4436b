"""Refusals of sourcing."""

from typing import Self

from django.utils.translation import gettext as _

from omni.lib.errors import Refusal


class RulesMissing(Refusal):
    """No rules hold for the channel and the way at that instant."""

    code = "sourcing_rules_missing"
    status = 409

    @classmethod
    def told(cls) -> Self:
        return cls(_("No sourcing rules are in force for this channel and this way of delivery."))


class WeightsRefused(Refusal):
    """The points of the criteria do not add up to 100."""

    code = "sourcing_weights"
    status = 409
