"""Refusals of the stock room."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from omni.lib.errors import Refusal


@dataclass(frozen=True)
class Short:
    """A variant of which fewer are available at the location than were wanted."""

    variant_id: int
    wanted: int
    available: int


class ShortStock(Refusal):
    """Not enough at this location. Nothing was reserved; `short` names every short variant, `also` what is short at
    other places that were asked for the same order."""

    code = "short_stock"
    status = 409

    def __init__(self, short: list[Short], location_id: int, **kwargs: Any) -> None:
        super().__init__(_("There is not enough stock at this store."), **kwargs)
        self.short = short
        self.location_id = location_id
        self.also: list[ShortStock] = []


class ReservationMissing(Refusal):
    """The reservation does not hold what is to be sold, released or corrected."""

    code = "reservation_missing"
    status = 409


class ReferenceTaken(Refusal):
    """The reference keeps something else already."""

    code = "reference_taken"
    status = 409


class HoldEnded(Refusal):
    """The hold was released, ran out or was handed over."""

    code = "hold_ended"
    status = 409


class HoldMissing(Refusal):
    """Nobody ever held anything under this reference."""

    code = "hold_missing"
    status = 404


class CountEnded(Refusal):
    """The count was closed or abandoned: nothing is counted in it any more."""

    code = "count_ended"
    status = 409


class NotCounted(Refusal):
    """The line, or the whole count, holds nothing that could be changed or closed."""

    code = "not_counted"
    status = 409


class ReasonMissing(Refusal):
    """A figure would change and nobody said why; `problems` names each line."""

    code = "reason_missing"
    status = 422


class NotFree(Refusal):
    """Fewer units than that are free to be set aside, or set aside to be sold again."""

    code = "not_free"
    status = 409
