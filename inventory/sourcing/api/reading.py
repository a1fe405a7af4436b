"""Reading what is asked of sourcing: every problem at once."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from inventory.catalog.reading import read_lines
from inventory.places.reading import read_store
from inventory.sourcing.models import Way
from inventory.sourcing.queries import Point
from omni.lib.errors import BadRequest
from omni.lib.reading import Reader
from omni.staff.access import Actor
from omni.staff.models import Channel


@dataclass(frozen=True)
class Question:
    """Wanted units per variant id, the way, where the customer is, and the channel whose rules count."""

    wanted: dict[int, int]
    way: str
    near: Point
    channel: str


def read_question(body: dict[str, Any], actor: Actor) -> Question:
    """Return what is asked. Raises `BadRequest` with every problem. Without a channel the key's own counts."""
    reader = Reader()
    reader.known_fields(body, {"lines", "kind", "near", "store", "channel"})
    way = _choice(reader, body, "kind", Way.values, required=True)
    channel = _choice(reader, body, "channel", Channel.values) or actor.channel
    near = _origin(reader, body, actor)
    wanted = read_lines(reader, body)
    if reader.problems or near is None:
        raise BadRequest(_("The question cannot be read."), problems=reader.problems)
    return Question(wanted, way, near, channel)


def _choice(reader: Reader, body: dict[str, Any], name: str, known: list[str], *, required: bool = False) -> str:
    value = reader.text(body, name, "", most=20, required=required)
    if value and value not in known:
        reader.problem(name, "unknown", _("Send one of %(known)s.") % {"known": ", ".join(known)})
    return value


def _origin(reader: Reader, body: dict[str, Any], actor: Actor) -> Point | None:
    if (body.get("near") is None) == (body.get("store") is None):
        reader.problem("near", "near_or_store", _("Send either near, with a latitude and a longitude, or a store."))
        return None
    if body.get("store") is not None:
        store = read_store(reader, body, actor)
        return (store.latitude, store.longitude) if store else None
    there = reader.part(body, "near")
    if there is None:
        return None
    reader.known_fields(there, {"latitude", "longitude"}, "near.")
    north, east = _degrees(reader, there, "latitude", 90), _degrees(reader, there, "longitude", 180)
    return None if north is None or east is None else (north, east)


def _degrees(reader: Reader, there: dict[str, Any], name: str, most: int) -> float | None:
    value = there.get(name)
    # The bounds first: a whole number of a thousand digits is no float, and NaN is within none.
    if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
        bounds = {"least": -most, "most": most}
        reader.problem(f"near.{name}", "degrees", _("This must be degrees from %(least)s to %(most)s.") % bounds)
        return None
    return float(value)
