"""Reading which store a request means."""

from typing import Any

from django.utils.translation import gettext as _

from inventory.places.queries import Place, place_by_code
from omni.lib.reading import Reader
from omni.staff.access import Actor


def read_store(reader: Reader, part: dict[str, Any], actor: Actor, prefix: str = "") -> Place | None:
    """Return the store that the part names, one of the actor's; None for another or none, which is noted."""
    code = reader.text(part, "store", prefix, most=40, required=True)
    there = place_by_code(code) if code else None
    if there and there.id in actor.store_ids:
        return there
    if code:
        message = _("There is no store “%(code)s” for this key.") % {"code": code}
        reader.problem(f"{prefix}store", "unknown", message)
    return None
