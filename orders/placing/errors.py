"""Refusals of a placement."""

from omni.lib.errors import BadRequest, Refusal


class WishRefused(BadRequest):
    """The request asks for something that cannot be; `problems` names every field."""

    code = "invalid"
    status = 400


class TooManyReserved(Refusal):
    """The customer has as many reservations open, or as many pieces reserved, as the house allows."""

    code = "too_many_reserved"
    status = 409


class PriceDiffers(Refusal):
    """The caller's prices are not the house's; `problems` gives both figures."""

    code = "price_differs"
    status = 422
