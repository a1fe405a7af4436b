"""The screen of a missing piece: six reasons, and the whole chain of what follows, before anything happens."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.places.queries import all_places, place
from inventory.sourcing.errors import RulesMissing
from inventory.sourcing.models import Way
from inventory.sourcing.services.asking import ask
from inventory.sourcing.words import kilometres
from inventory.stock.models import StockLevel
from inventory.stock.services import correcting
from omni.lib.money import format_cents
from omni.staff.once import new_key
from orders.fulfilment import screens
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.sales.services import dropping

Reason = FulfilmentLine.Reason
ICONS = {
    Reason.NOT_FOUND: "search",
    Reason.DAMAGED: "warning",
    Reason.DISPLAY_WORN: "shelf",
    Reason.SOLD_MEANWHILE: "basket",
    Reason.WRONG_LABEL: "tag",
    Reason.OTHER: "pencil",
}


def short(
    fulfilment: Fulfilment,
    lines: list[FulfilmentLine],
    line: FulfilmentLine,
    *,
    reason: str,
    quantity: int,
    **typed: Any,
) -> dict[str, Any]:
    """Return the context: `reason` may be empty, `quantity` pieces would be reported."""
    address = [fulfilment.public_id, line.order_line.position]
    level = StockLevel.objects.get(location=fulfilment.location_id, variant=line.order_line.variant_id)
    return {
        "back_url": reverse("picking", args=[fulfilment.public_id]),
        "line": screens.pick_line(fulfilment, line),
        "reasons": [
            {
                "value": value,
                "label": label,
                "effect": effect(level, quantity, value),
                "icon": ICONS[Reason(value)],
                "selected": value == reason,
            }
            for value, label in Reason.choices
        ],
        "consequences": consequences(fulfilment, lines, line, level, reason, quantity) if reason else [],
        "reason_url": reverse("short-line", args=address),
        "confirm_url": reverse("short-line", args=address),
        "confirm_label": ngettext("Take %(count)s piece off the order", "Take %(count)s pieces off the order", quantity)
        % {"count": quantity},
        "quantity": quantity,
        "idempotency_key": new_key(),
        **typed,
    }


def effect(level: StockLevel, quantity: int, reason: str) -> str:
    """Return what a reason does to the stock, in a few words."""
    if reason in correcting.SETS_ASIDE:
        return _("Set aside, not for sale")
    return _("The stock becomes %(units)s") % {
        "units": correcting.preview(level, quantity=quantity, reason=reason).after
    }


def consequences(
    fulfilment: Fulfilment,
    lines: list[FulfilmentLine],
    line: FulfilmentLine,
    level: StockLevel,
    reason: str,
    quantity: int,
) -> list[dict[str, Any]]:
    """Return the chain: the stock here, the rest of the order, the money, the message."""
    after = correcting.preview(level, quantity=quantity, reason=reason)
    others = sum(one.quantity - one.short for one in lines) - quantity
    amount = dropping.value_of(line.order_line, quantity)
    stock = (
        _("%(count)s set aside as damaged") % {"count": after.set_aside}
        if after.set_aside
        else _("Here, the stock goes from %(before)s to %(after)s") % {"before": after.before, "after": after.after}
    )
    rest = (
        ngettext("The other piece stays in the order", "The other %(count)s pieces stay in the order", others)
        % {"count": others}
        if others
        else _("Nothing is left in the order")
    )
    return [
        {"icon": "box", "title": stock, "text": _("Pieces kept for other orders are not touched."), "aside": ""},
        {"icon": "bag", "title": rest, "text": "", "aside": fulfilment.short_id},
        {
            "icon": "card",
            "title": _("%(amount)s less to pay") % {"amount": format_cents(amount, fulfilment.order.currency)},
            "text": _("What was paid goes back to the same means of payment when the order is ready."),
            "aside": "",
        },
        {
            "icon": "mail",
            "title": _("%(name)s is told") % {"name": screens.customer_name(fulfilment)},
            "text": _("In the message that says the rest is ready."),
            "aside": "",
        },
        elsewhere(fulfilment, line.order_line.variant_id, quantity),
    ]


def elsewhere(fulfilment: Fulfilment, variant_id: int, quantity: int) -> dict[str, Any]:
    """Return which other place could serve what is missing here, by the house's own rules, so that the clerk can tell
    the customer. Nothing is kept there."""
    here = place(fulfilment.location_id)
    try:
        plan, _rules = ask(
            wanted={variant_id: quantity},
            way=Way.SHIP if fulfilment.kind == Fulfilment.Kind.SHIP else Way.PICKUP,
            near=(here.latitude, here.longitude),
            location_ids=[pk for pk in all_places() if pk != here.id],
            channel=fulfilment.order.channel,
        )
    except RulesMissing:
        return {"icon": "store", "title": _("No rule says which other store serves"), "text": "", "aside": ""}
    if plan.unserved or len(plan.parcels) != 1:
        return {"icon": "store", "title": _("No other store can serve all of it"), "text": "", "aside": ""}
    (best,) = plan.parcels
    known = {"store": place(best.place_id).name, "km": kilometres(best.metres)}
    title = _("%(store)s could serve it, %(km)s km from here") % known
    return {"icon": "store", "title": title, "text": _("Nothing is kept there yet."), "aside": ""}
