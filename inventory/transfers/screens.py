"""What the pages of transfers show, as plain values. What was sent is told at the end of a reception only."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.places.queries import Place, place
from inventory.stock.count_screens import end_row
from inventory.transfers import queries
from inventory.transfers.models import Transfer, TransferLine
from inventory.transfers.reasons import FEWER, MORE, DiscrepancyReason
from inventory.transfers.services.receiving import differs
from omni.staff.access import Actor
from omni.staff.once import new_key
from omni.templatetags.omni import figure

Status = Transfer.Status
STATES = {
    Status.DRAFT: "new",
    Status.READY: "ready",
    Status.IN_TRANSIT: "in_progress",
    Status.PARTLY_RECEIVED: "in_progress",
    Status.RECEIVED: "done",
}


def title_of(transfer: Transfer, store: Place) -> str:
    """Return what a store calls a transfer: its number, and who the goods come from or go to."""
    if transfer.origin_id is None:
        return _("%(number)s, from %(who)s") % {"number": transfer.number, "who": transfer.supplier}
    other = place(transfer.destination_id if transfer.origin_id == store.id else transfer.origin_id)
    words = _("%(number)s, to %(who)s") if transfer.origin_id == store.id else _("%(number)s, from %(who)s")
    return words % {"number": transfer.number, "who": other.name}


def listed(store: Place, actor: Actor) -> dict[str, Any]:
    """Return the context of a store's transfers, each under what is to be done. Two statements."""
    here = queries.of_store(actor, store.id)
    still = [*here.exclude(status__in=Transfer.ENDED).order_by("pk")]
    ended = here.filter(status__in=Transfer.ENDED).order_by("-ended_at")[: queries.LAST_ENDED]
    groups = [
        (_("On their way here"), [one for one in still if one.status in Transfer.ON_ITS_WAY and _comes(one, store)]),
        (_("To prepare here"), [one for one in still if one.status not in Transfer.ON_ITS_WAY and _goes(one, store)]),
        (_("Asked for"), [one for one in still if one.status not in Transfer.ON_ITS_WAY and _comes(one, store)]),
        (_("Gone from here"), [one for one in still if one.status in Transfer.ON_ITS_WAY and _goes(one, store)]),
        (_("Ended"), list(ended)),
    ]
    return {
        "store": store,
        "back_url": reverse("stock"),
        "groups": [{"title": name, "rows": [_listed(one, store) for one in rows]} for name, rows in groups if rows],
    }


def _comes(transfer: Transfer, store: Place) -> bool:
    return bool(transfer.destination_id == store.id)


def _goes(transfer: Transfer, store: Place) -> bool:
    return bool(transfer.origin_id == store.id)


def _listed(transfer: Any, store: Place) -> dict[str, Any]:
    blind = transfer.status in Transfer.ON_ITS_WAY and _comes(transfer, store)
    units = transfer.received_units if transfer.status == Status.RECEIVED else transfer.sent_units
    units = units or transfer.asked_units
    pieces = ngettext("%(number)s piece", "%(number)s pieces", units) % {"number": figure(units)}
    return {
        "title": title_of(transfer, store),
        "url": reverse("transfer", args=[transfer.public_id]),
        "who": transfer.opened_by.name,
        "at": transfer.ended_at or transfer.sent_at or transfer.opened_at,
        "pieces": "" if blind else pieces,
        "differing": transfer.differing if transfer.status == Status.RECEIVED else 0,
        **state(transfer),
    }


def state(transfer: Transfer) -> dict[str, str]:
    """Return how a transfer stands: a state of the house's own and its word."""
    known = STATES.get(Status(transfer.status), "neutral")
    return {"state": known, "state_label": str(Status(transfer.status).label)}


def head(transfer: Transfer, store: Place) -> dict[str, Any]:
    """Return what every page of one transfer shows at its top, and where its buttons lead."""
    names = ("readiness", "reopening", "departure", "booking", "closing", "cancellation", "label", "scans")
    return {
        "title": title_of(transfer, store),
        "number": transfer.number,
        "note": transfer.delivery_note,
        "who": transfer.opened_by.name,
        "at": transfer.sent_at or transfer.opened_at,
        "is_received": transfer.status == Status.RECEIVED,
        **state(transfer),
        **{f"{name}_url": reverse(f"transfer-{name}", args=[transfer.public_id]) for name in names},
    }


def tally(transfer: Transfer, store: Place, **more: Any) -> dict[str, Any]:
    """Return the context of a draft, or of a reception that goes on: blind, only what was scanned."""
    drafts = transfer.status == Status.DRAFT
    found = [line for line in queries.lines(transfer) if drafts or line.scanned]
    origin_id = transfer.origin_id if drafts else None
    free = queries.free_at(origin_id, [one.variant_id for one in found]) if origin_id else {}
    rows = [_tally_row(transfer, line, line.asked if drafts else line.scanned, free) for line in found]
    top = head(transfer, store)
    return {
        "store": store,
        "transfer": top,
        "lines": rows,
        "pieces": sum(row["counted"] for row in rows),
        **_parked(transfer),
        "back_url": reverse("transfers"),
        "scan_url": top["scans_url"],
        "scan_keeps": True,
        "scan_label": top["title"],
        "idempotency_key": new_key(),
        **more,
    }


def _tally_row(transfer: Transfer, line: TransferLine, units: int, free: dict[int, int]) -> dict[str, Any]:
    note = ""
    if transfer.status == Status.DRAFT and transfer.origin_id:
        there = free.get(line.variant_id, 0)
        words = ngettext("%(number)s available in %(store)s", "%(number)s available in %(store)s", there)
        note = words % {"number": figure(there), "store": place(transfer.origin_id).name}
    return {
        "id": line.pk,
        "name": line.variant.product.name,
        "detail": line.variant.label,
        "place": line.variant.shelf,
        "gtin": line.variant.gtin or line.variant.sku,
        "picture": line.variant.picture,
        "counted": units,
        "note": note,
        "url": reverse("transfer-line", args=[transfer.public_id, line.pk]),
        "removal_url": reverse("transfer-line-removal", args=[transfer.public_id, line.pk]),
    }


def _parked(transfer: Transfer) -> dict[str, Any]:
    parked = list(transfer.parked.order_by("pk").values("code", "times"))
    return {"parked": parked, "parked_pieces": sum(one["times"] for one in parked)}


def looked_at(transfer: Transfer, store: Place, *, problem: str = "") -> dict[str, Any]:
    """Return the context of a transfer that is not being tallied: ready, gone, received, cancelled."""
    rows = [
        end_row(
            line.variant.product.name, line.variant.label, line.variant.gtin or line.variant.sku,
            line.variant.picture, *_figures(transfer, line),
        )
        | {
            "reason": str(DiscrepancyReason(line.reason).label) if line.reason else "",
            "alone": transfer.status != Status.RECEIVED,
        }
        for line in queries.lines(transfer)
    ]  # fmt: skip
    return {**_end(transfer, store, rows), "back_url": reverse("transfers"), "is_over": True, "problem": problem}


def _figures(transfer: Transfer, line: TransferLine) -> tuple[int, int | None]:
    """Return what came and what was sent; before it is received, only what left or shall leave."""
    if transfer.status == Status.RECEIVED:
        return line.received, line.sent
    return (line.sent if transfer.status in Transfer.HAS_LEFT else line.asked), None


def closing(transfer: Transfer, store: Place, said: dict[int, str], *, problem: str = "") -> dict[str, Any]:
    """Return the context of the end of a reception: what was found beside what was sent, why, and what follows.
    `said` is variant id → the reason that was chosen."""
    found = queries.lines(transfer)
    rows = [_closing_row(transfer, line, said.get(line.variant_id, "")) for line in found]
    return {
        **_end(transfer, store, rows),
        "back_url": reverse("transfer", args=[transfer.public_id]),
        "problem": problem,
        "may_come_later": any(line.scanned for line in found) and any(differs(line) < 0 for line in found),
        "consequences": _consequences(transfer, found, store),
    }


def _closing_row(transfer: Transfer, line: TransferLine, said: str) -> dict[str, Any]:
    counted = line.received + line.scanned
    sent = counted if transfer.origin_id is None and not line.asked else line.sent
    row = end_row(line.variant.product.name, line.variant.label, line.variant.gtin or line.variant.sku,
                  line.variant.picture, counted, sent)  # fmt: skip
    known = MORE if counted > sent else FEWER
    reasons = [{"value": one.value, "label": one.label, "selected": one.value == said} for one in known]
    return row | {"field": f"reason-{line.variant_id}", "reasons": reasons if row["units"] else []}


def _end(transfer: Transfer, store: Place, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "store": store,
        "transfer": head(transfer, store),
        "rows": sorted(rows, key=lambda row: not row["units"]),
        "pieces": sum(row["counted"] for row in rows),
        "expected": sum(row["expected"] or 0 for row in rows),
        "differing": sum(bool(row["units"]) for row in rows),
        **_parked(transfer),
        "idempotency_key": new_key(),
    }


def _consequences(transfer: Transfer, found: list[TransferLine], store: Place) -> list[dict[str, str]]:
    """Return what closing does, one sentence each."""
    come = sum(line.scanned for line in found)
    announced = [line for line in found if line.asked or transfer.origin_id]
    fewer = sum(max(0, -differs(line)) for line in announced)
    more = sum(max(0, differs(line)) for line in announced)
    told = [
        ("plus", come,
         ngettext("%(number)s piece for sale at %(store)s", "%(number)s pieces for sale at %(store)s", come)),
        ("minus", fewer,
         ngettext("%(number)s piece is no longer expected", "%(number)s pieces are no longer expected", fewer)),
        ("warning", more,
         ngettext("%(number)s piece more than was sent", "%(number)s pieces more than were sent", more)),
    ]  # fmt: skip
    return [
        {"icon": icon, "text": words % {"number": figure(number), "store": store.name}}
        for icon, number, words in told
        if number
    ]
