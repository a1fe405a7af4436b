"""Refusals of parcels."""

from omni.lib.errors import NotFound, Refusal


class NothingToPack(Refusal):
    """The parcel would be empty, or the piece is in a parcel already, or was never picked."""

    code = "nothing_to_pack"
    status = 409


class NotPacked(Refusal):
    """Picked pieces are in no parcel, so nothing leaves."""

    code = "not_packed"
    status = 409


class NoCarrier(Refusal):
    """No carrier of the house takes parcels of this kind."""

    code = "no_carrier"
    status = 409


class CarrierSilent(Refusal):
    """The carrier answered an error, or nothing. The parcel stays packed; the same wish may be sent again."""

    code = "carrier_silent"
    status = 502


class ParcelGone(Refusal):
    """The parcel was taken apart, or has left: what was asked of it cannot be done any more."""

    code = "parcel_gone"
    status = 409


class UnknownParcel(NotFound):
    """No parcel of one's stores has this tracking number."""

    code = "unknown_tracking_number"
