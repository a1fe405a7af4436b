"""Reading the ways of an order: one `fulfilment` for everything, or several `fulfilments` that share out its lines."""

from typing import Any

from django.utils.translation import gettext as _

from inventory.places.queries import Place
from inventory.places.reading import read_store
from omni.lib.reading import Reader
from omni.staff.access import Actor
from orders.fulfilment.models import Fulfilment
from orders.parcels.relays.directory import directory
from orders.placing.wishes import WishedLine, WishedWay

Kind = Fulfilment.Kind
MOST_WAYS = 10
MOST_UNITS = 9_999


def read_ways(reader: Reader, body: dict[str, Any], lines: list[WishedLine], actor: Actor) -> list[WishedWay]:
    """Return the ways of the order, noting every problem; without a problem every unit of every line has its way."""
    several = body.get("fulfilments")
    if several is None:
        return _the_only_one(reader, body, lines, actor)
    if body.get("fulfilment") is not None:
        reader.problem("fulfilment", "not_wanted", _("Send “fulfilment” or “fulfilments”, not both."))
    if not isinstance(several, list) or not 1 <= len(several) <= MOST_WAYS:
        reader.problem("fulfilments", "fulfilments", _("Send a list of 1 to %(most)s of them.") % {"most": MOST_WAYS})
        return []
    ways = [_shared(reader, part, f"fulfilments.{index}.", actor, len(lines)) for index, part in enumerate(several)]
    if not reader.problems:
        _require_whole(reader, [way for way in ways if way], lines)
    return [way for way in ways if way]


def _the_only_one(reader: Reader, body: dict[str, Any], lines: list[WishedLine], actor: Actor) -> list[WishedWay]:
    part = reader.part(body, "fulfilment")
    if part is None:
        if body.get("fulfilment") is None:
            reader.problem("fulfilment", "required", _("This field is required."))
        return []
    reader.known_fields(part, {"kind", "store", "address", "relay_point"}, "fulfilment.")
    way = _way(reader, part, "fulfilment.", actor, [(index, line.quantity) for index, line in enumerate(lines)])
    return [way] if way else []


def _shared(reader: Reader, part: Any, prefix: str, actor: Actor, line_count: int) -> WishedWay | None:
    if not isinstance(part, dict):
        reader.problem(prefix.rstrip("."), "not_object", _("This must be an object."))
        return None
    reader.known_fields(part, {"kind", "store", "address", "relay_point", "lines"}, prefix)
    return _way(reader, part, prefix, actor, _slices(reader, part, prefix, line_count))


def _slices(reader: Reader, part: dict[str, Any], prefix: str, line_count: int) -> list[tuple[int, int]]:
    sent = part.get("lines")
    if not isinstance(sent, list) or not sent or not all(isinstance(one, dict) for one in sent):
        reader.problem(f"{prefix}lines", "required", _("Say which lines go this way, and how many of each."))
        return []
    slices: dict[int, int] = {}
    for position, one in enumerate(sent):
        at = f"{prefix}lines.{position}."
        reader.known_fields(one, {"line", "quantity"}, at)
        index = reader.whole(one, "line", at, least=0, most=max(0, line_count - 1))
        quantity = reader.whole(one, "quantity", at, least=1, most=MOST_UNITS)
        for name, value in (("line", index), ("quantity", quantity)):
            if value is None and one.get(name) is None:
                reader.problem(f"{at}{name}", "required", _("This field is required."))
        if index is not None and quantity is not None:
            slices[index] = slices.get(index, 0) + quantity
    return sorted(slices.items())


def _way(
    reader: Reader, part: dict[str, Any], prefix: str, actor: Actor, slices: list[tuple[int, int]]
) -> WishedWay | None:
    kind = reader.text(part, "kind", prefix, most=20, required=True)
    if kind and kind not in Kind.values:
        kinds = ", ".join(Kind.values)
        reader.problem(f"{prefix}kind", "unknown", _("This must be one of: %(kinds)s.") % {"kinds": kinds})
    place = read_store(reader, part, actor, prefix)
    _require_offered(reader, kind, place, prefix)
    address = _address(reader, part, kind, prefix)
    relay = _relay_point(reader, part, kind, prefix)
    return WishedWay(kind, place, slices, relay or address) if place else None


def _require_offered(reader: Reader, kind: str, place: Place | None, prefix: str) -> None:
    if place and kind in Fulfilment.AT_THE_COUNTER and not place.offers_pickup:
        reader.problem(f"{prefix}store", "no_pickup", _("%(store)s offers no pickup.") % {"store": place.name})
    elif place and kind in Fulfilment.SENT and not place.offers_shipping:
        reader.problem(f"{prefix}store", "no_shipping", _("%(store)s ships nothing.") % {"store": place.name})


def _address(reader: Reader, part: dict[str, Any], kind: str, prefix: str) -> dict[str, Any] | None:
    sent = part.get("address")
    if kind != Kind.SHIP:
        if sent is not None:
            reader.problem(f"{prefix}address", "not_wanted", _("Only a delivery has an address."))
        return None
    if not isinstance(sent, dict):
        reader.problem(f"{prefix}address", "required", _("A delivery needs an address."))
        return None
    at = f"{prefix}address."
    wanted = {"name": 120, "line": 200, "postal_code": 12, "town": 80, "country": 2}
    reader.known_fields(sent, wanted, at)
    return {name: reader.text(sent, name, at, most=most, required=name != "name") for name, most in wanted.items()}


def _relay_point(reader: Reader, part: dict[str, Any], kind: str, prefix: str) -> dict[str, Any] | None:
    """Return the relay point as the order keeps it, whatever becomes of the point."""
    if kind != Kind.RELAY:
        if part.get("relay_point") is not None:
            message = _("Only what is sent to a relay point has one.")
            reader.problem(f"{prefix}relay_point", "not_wanted", message)
        return None
    code = reader.text(part, "relay_point", prefix, most=40, required=True)
    point = directory().find(code) if code else None
    if code and point is None:
        message = _("There is no relay point “%(code)s”.") % {"code": code}
        reader.problem(f"{prefix}relay_point", "unknown", message)
    return point.frozen() if point else None


def _require_whole(reader: Reader, ways: list[WishedWay], lines: list[WishedLine]) -> None:
    """Note every line of which not exactly all units are shared out; goods are carried out of one shop only."""
    for index, line in enumerate(lines):
        shared = sum(dict(way.slices).get(index, 0) for way in ways)
        if shared != line.quantity:
            words = _("%(shared)s of %(quantity)s units are shared out.")
            reader.problem(
                f"lines.{index}.quantity", "not_shared_out", words % {"shared": shared, "quantity": line.quantity}
            )
    if sum(way.kind == Kind.CARRY_OUT for way in ways) > 1:
        reader.problem("fulfilments", "carried_out_twice", _("Goods are carried out of one store only."))
