"""The screen of a missing piece: six reasons, and the whole chain of what follows, before anything happens."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.stock.models import StockLevel
from inventory.stock.services import correcting
from omni.staff.once import new_key
from orders.fulfilment import screens
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.outcomes import Outcome, outcomes

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
    instead: str = "",
    **typed: Any,
) -> dict[str, Any]:
    """Return the context: `reason` may be empty, `quantity` pieces would be reported, `instead` is the outcome chosen
    before."""
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
        "outcomes": _choices(outcomes(fulfilment, line, quantity, timezone.now()), instead) if reason else [],
        "reason_url": reverse("short-line", args=address),
        "confirm_url": reverse("short-line", args=address),
        "confirm_label": ngettext("Report %(count)s missing piece", "Report %(count)s missing pieces", quantity)
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
    """Return what follows in any case: the stock here, the rest of what is prepared here."""
    after = correcting.preview(level, quantity=quantity, reason=reason)
    others = sum(one.quantity - one.short for one in lines) - quantity
    stock = (
        _("%(count)s set aside as damaged") % {"count": after.set_aside}
        if after.set_aside
        else _("Here, the stock goes from %(before)s to %(after)s") % {"before": after.before, "after": after.after}
    )
    rest = (
        ngettext("The other piece stays in the order", "The other %(count)s pieces stay in the order", others)
        % {"count": others}
        if others
        else _("Nothing is left to prepare here")
    )
    return [
        {"icon": "box", "title": stock, "text": _("Pieces kept for other orders are not touched."), "aside": ""},
        {"icon": "bag", "title": rest, "text": "", "aside": fulfilment.short_id},
    ]


def _choices(found: list[Outcome], chosen: str) -> list[dict[str, Any]]:
    """Return the ways on with one of them chosen: the best one unless somebody chose another."""
    picked = next((one for one in found if one.value == chosen), found[0])
    return [
        {
            "value": one.value,
            "icon": one.icon,
            "title": one.title,
            "text": one.text,
            "selected": one is picked,
            "offered": one.offered,
        }
        for one in found
    ]
