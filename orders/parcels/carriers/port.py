"""What the house asks of a carrier, and nothing more. An adapter of a real one is one module that answers these.

A carrier is called outside of every transaction that holds locks: it may take seconds, or never answer.
"""

from dataclasses import dataclass
from typing import Protocol

HOME, RELAY = "home", "relay"
"""What a carrier can do: bring a parcel to a door, or to a relay point."""


class CarrierFailed(Exception):
    """The carrier answered an error or nothing. Its words are for the log: nothing personal may be in them."""


@dataclass(frozen=True)
class Party:
    """A sender, a recipient, or a relay point, as an address label names it."""

    name: str
    line: str
    postal_code: str
    town: str
    country: str


@dataclass(frozen=True)
class Consignment:
    """A parcel as its carrier is told of it. `reference` is ours: the same reference is the same consignment.

    `relay_code` names the relay point it goes to, whose address `relay` has; both are empty for a door.
    """

    reference: str
    short_id: str
    number: int
    pieces: int
    weight_grams: int | None
    sender: Party
    recipient: Party
    relay_code: str = ""
    relay: Party | None = None


@dataclass(frozen=True)
class Booking:
    """What a carrier answers: the number under which it tells of the parcel, and its label."""

    tracking_number: str
    label: bytes
    label_type: str


class Carrier(Protocol):
    """One carrier. `code` is kept with each parcel, people read `name`, `offers` holds `HOME`, `RELAY` or both."""

    code: str
    name: str
    offers: frozenset[str]

    def book(self, consignment: Consignment) -> Booking:
        """Take the consignment. The same reference again answers the same number and label, and books nothing more.
        Raises `CarrierFailed`."""

    def cancel(self, reference: str, tracking_number: str) -> None:
        """Forget a consignment that will not come; one that is unknown or cancelled already is fine. Raises
        `CarrierFailed`."""

    def tracking_url(self, tracking_number: str) -> str:
        """Return the address of the carrier's page about a parcel, or an empty text."""
