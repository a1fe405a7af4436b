"""Refusals of the transfers."""

from omni.lib.errors import Refusal


class NotADraft(Refusal):
    """Lines are written while the transfer is a draft, and not after."""

    code = "not_a_draft"
    status = 409


class NothingToSend(Refusal):
    """A list without a unit."""

    code = "nothing_to_send"
    status = 409


class NotOnItsWay(Refusal):
    """The transfer has not left yet, or has been received: nothing can be taken in."""

    code = "not_on_its_way"
    status = 409


class NothingScanned(Refusal):
    """The reception holds nothing that could be changed or booked."""

    code = "nothing_scanned"
    status = 409


class WrongPlaces(Refusal):
    """The transfer would not go from one place to another."""

    code = "wrong_places"
    status = 422


class ReasonMissing(Refusal):
    """Some units are not accounted for and nobody said why; `problems` names each line."""

    code = "reason_missing"
    status = 422


class WrongSide(Refusal):
    """The other store's work: only the origin lets goods leave, only the destination takes them in."""

    code = "wrong_side"
    status = 403
