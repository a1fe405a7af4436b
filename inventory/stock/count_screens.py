"""What the pages of a count show, as plain values. The expected is computed for the end only."""

from typing import Any

from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.places.queries import Place
from inventory.stock import differences
from inventory.stock.differences import Difference
from inventory.stock.models import Reservation, StockCount
from inventory.stock.reasons import CountReason, label_of
from omni.staff.access import Actor
from omni.staff.once import new_key
from omni.templatetags.omni import figure, moment

LAST_ENDED = 20
STATES = {StockCount.Status.OPEN: "in_progress", StockCount.Status.CLOSED: "done"}


def title_of(count: StockCount, store: Place) -> str:
    """Return what people call a count: its name, or else its beginning."""
    return count.name or _("Count of %(when)s") % {"when": moment(count.opened_at, store.zone)}


def listed(store: Place, actor: Actor) -> dict[str, Any]:
    """Return the context of a store's counts: the open ones, then those that ended last. Two statements."""
    mine = (
        StockCount.objects.visible_to(actor)
        .filter(location=store.id)
        .select_related("opened_by")
        .annotate(
            articles=Count("lines"),
            pieces=Sum("lines__counted", default=0),
            differing=Count("lines", filter=~Q(lines__expected=F("lines__counted"))),
        )
    )
    still_open, ended = Q(status=StockCount.Status.OPEN), ~Q(status=StockCount.Status.OPEN)
    return {
        "store": store,
        "back_url": reverse("stock"),
        "open": [_listed(one, store) for one in mine.filter(still_open).order_by("-opened_at")],
        "ended": [_listed(one, store) for one in mine.filter(ended).order_by("-ended_at")[:LAST_ENDED]],
        "idempotency_key": new_key(),
    }


def _listed(count: Any, store: Place) -> dict[str, Any]:
    pieces = ngettext("%(number)s piece", "%(number)s pieces", count.pieces) % {"number": figure(count.pieces)}
    return {
        "title": title_of(count, store),
        "url": reverse("count", args=[count.public_id]),
        "who": count.opened_by.name,
        "at": count.opened_at,
        "pieces": pieces,
        "differing": count.differing if count.status == StockCount.Status.CLOSED else 0,
        "state": STATES.get(StockCount.Status(count.status), "neutral"),
        "state_label": count.get_status_display(),
    }


def _head(count: StockCount, store: Place) -> dict[str, Any]:
    return {
        "title": title_of(count, store),
        "who": count.opened_by.name,
        "at": count.opened_at,
        "url": reverse("count", args=[count.public_id]),
        "scans_url": reverse("count-scans", args=[count.public_id]),
        "closing_url": reverse("count-closing", args=[count.public_id]),
        "abandon_url": reverse("count-abandonment", args=[count.public_id]),
        "state_label": count.get_status_display(),
        "state": STATES.get(StockCount.Status(count.status), "neutral"),
    }


def counting(count: StockCount, store: Place, **more: Any) -> dict[str, Any]:
    """Return the context of a count that goes on; the line that was begun last comes first. Blind: no figure of the
    books."""
    rows = count.lines.select_related("variant__product").order_by("-pk")
    lines = [
        {
            "id": line.pk,
            "name": line.variant.product.name,
            "detail": line.variant.label,
            "place": line.variant.shelf,
            "gtin": line.variant.gtin or line.variant.sku,
            "picture": line.variant.picture,
            "counted": line.counted,
            "url": reverse("count-line", args=[count.public_id, line.pk]),
            "removal_url": reverse("count-line-removal", args=[count.public_id, line.pk]),
        }
        for line in rows
    ]
    head = _head(count, store)
    return {
        "store": store,
        "count": head,
        "lines": lines,
        "pieces": sum(line["counted"] for line in lines),
        **_parked(count),
        "back_url": reverse("counts"),
        "scan_url": head["scans_url"],
        "scan_keeps": True,
        "scan_label": head["title"],
        "idempotency_key": new_key(),
        **more,
    }


def _parked(count: StockCount) -> dict[str, Any]:
    parked = list(count.parked.order_by("pk").values("code", "times"))
    return {"parked": parked, "parked_pieces": sum(one["times"] for one in parked)}


def ending(count: StockCount, store: Place, said: dict[int, str], *, problem: str = "") -> dict[str, Any]:
    """Return the context of the end of an open count: each line beside what is expected, why, and what follows.
    `said` is variant id → the reason that was chosen."""
    found = differences.of_count(count.pk)
    rows = [_ending_row(count, one, said.get(one.row.variant_id, "")) for one in found]
    return {
        **_end(count, store, rows),
        "back_url": reverse("count", args=[count.public_id]),
        "problem": problem,
        "consequences": _consequences(found, store),
        "idempotency_key": new_key(),
    }


def _ending_row(count: StockCount, one: Difference, said: str) -> dict[str, Any]:
    row = one.row
    reasons = [{"value": value, "label": label, "selected": value == said} for value, label in CountReason.choices]
    return end_row(row.name, row.label, row.gtin or row.sku, row.picture, one.counted, one.expected) | {
        "field": f"reason-{row.variant_id}",
        "reasons": reasons if one.units else [],
        "spared": _spared(count, row.variant_id, one.spared) if one.spared else "",
    }


def ended(count: StockCount, store: Place) -> dict[str, Any]:
    """Return the context of a count that is over: what was found, and why."""
    rows = [
        end_row(line.variant.product.name, line.variant.label, line.variant.gtin or line.variant.sku,
             line.variant.picture, line.counted, line.expected)
        | {"reason": label_of(line.reason) if line.reason else ""}
        for line in count.lines.select_related("variant__product").order_by("pk")
    ]  # fmt: skip
    return {**_end(count, store, rows), "back_url": reverse("counts"), "is_over": True}


def _end(count: StockCount, store: Place, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what both ends show; differences first, since they want an answer."""
    return {
        "store": store,
        "count": _head(count, store),
        "rows": sorted(rows, key=lambda row: not row["units"]),
        "pieces": sum(row["counted"] for row in rows),
        "expected": sum(row["expected"] or 0 for row in rows),
        "differing": sum(bool(row["units"]) for row in rows),
        **_parked(count),
    }


def end_row(name: str, detail: str, code: str, picture: str, counted: int, expected: int | None) -> dict[str, Any]:
    """Return what `stock/_end_row.html` shows of an article at the end of a count or a reception."""
    units = 0 if expected is None else counted - expected
    sign = "+" if units > 0 else "−"
    return {
        "name": name, "detail": detail, "gtin": code, "picture": picture, "counted": counted, "expected": expected,
        "units": units, "difference": f"{sign}{figure(abs(units))}" if units else "",
    }  # fmt: skip


def _spared(count: StockCount, variant_id: int, units: int) -> str:
    """Return who is affected when pieces are missing that somebody was promised."""
    kept = Reservation.objects.filter(location=count.location_id, variant=variant_id).filter(
        quantity__gt=F("fulfilled") + F("released")
    )
    of_orders = kept.exclude(reference__startswith="hold:").exclude(reference__startswith="transfer:")
    orders = list(of_orders.order_by("pk").values_list("reference", flat=True))
    said = ngettext(
        "%(number)s of them stays in the figures: it is kept for an order or set aside.",
        "%(number)s of them stay in the figures: they are kept for orders or set aside.",
        units,
    ) % {"number": figure(units)}
    if not orders:
        return said
    return f"{said} " + _("Report what is missing there: %(orders)s.") % {"orders": ", ".join(orders)}


def _consequences(found: list[Difference], store: Place) -> list[dict[str, str]]:
    """Return what closing does, one sentence each."""
    more = sum(one.moved for one in found if one.moved > 0)
    less = -sum(one.moved for one in found if one.moved < 0)
    same = sum(not one.units for one in found)
    told = [
        ("plus", more, ngettext("%(number)s piece more at %(store)s", "%(number)s pieces more at %(store)s", more)),
        ("minus", less, ngettext("%(number)s piece fewer at %(store)s", "%(number)s pieces fewer at %(store)s", less)),
        ("check", same, ngettext("%(number)s article agrees", "%(number)s articles agree", same)),
    ]
    return [
        {"icon": icon, "text": words % {"number": figure(number), "store": store.name}}
        for icon, number, words in told
        if number
    ]
