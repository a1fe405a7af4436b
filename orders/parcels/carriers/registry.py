"""The carriers of this house: those that the setting `CARRIERS` names, in its order. A new adapter is a line here."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from orders.parcels.carriers.files import FileCarrier
from orders.parcels.carriers.port import HOME, RELAY, Carrier

ADAPTERS: dict[str, Callable[[], Carrier]] = {
    "file": lambda: FileCarrier(Path(settings.CARRIER_FOLDER), settings.CARRIER_NAME)
}
NEEDS = {"ship": HOME, "relay": RELAY}
"""What a kind of fulfilment asks of its carrier."""


def carriers() -> list[Carrier]:
    """Return the carriers of the house, the preferred one first; none where parcels leave without labels of ours."""
    return [ADAPTERS[code]() for code in settings.CARRIERS if code in ADAPTERS]


def carriers_for(kind: str) -> list[Carrier]:
    """Return the carriers that take parcels of a kind of fulfilment, the preferred one first."""
    return [one for one in carriers() if NEEDS.get(kind) in one.offers]


def carrier(code: str) -> Carrier | None:
    """Return one carrier, or None for one that the house has no more."""
    return next((one for one in carriers() if one.code == code), None)


def tracking_url(code: str, tracking_number: str) -> str:
    """Return where the carrier tells of a parcel, or an empty text."""
    found = carrier(code) if tracking_number else None
    return found.tracking_url(tracking_number) if found else ""
