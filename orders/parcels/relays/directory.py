"""The relay points of this house. A network with an interface of its own gets an adapter, and its line here."""

from pathlib import Path

from django.conf import settings

from orders.parcels.relays.files import FileDirectory
from orders.parcels.relays.port import RelayDirectory


def directory() -> RelayDirectory:
    """Return where this house looks relay points up."""
    return FileDirectory(Path(settings.RELAY_POINTS))
