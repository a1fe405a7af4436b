"""Refusals at the counter and in the stock room."""

from omni.lib.errors import BadRequest, Refusal


class NotInThisOrder(Refusal):
    """The scanned thing is not wanted (any more) by this order."""

    code = "not_in_this_order"
    status = 409


class StillOpen(Refusal):
    """Pieces are neither picked nor reported as missing."""

    code = "pieces_still_open"
    status = 409


class MoneyDue(Refusal):
    """The order is not paid, and no tender was named."""

    code = "money_due"
    status = 409


class TooLate(Refusal):
    """The ten minutes of an undo have passed."""

    code = "too_late_to_undo"
    status = 409


class HoldPlaceUnknown(BadRequest):
    """The place is not one of this store."""

    code = "hold_place_unknown"
