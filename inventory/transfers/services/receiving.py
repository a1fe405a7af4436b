"""Taking in what came: piece by piece it was scanned, blind; here it becomes stock, and the last reception says of
every unit what became of it."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from inventory.stock.models import StockMovement
from inventory.stock.services import arriving
from inventory.stock.services.arriving import Arrival
from inventory.transfers.errors import NothingScanned, NotOnItsWay, ReasonMissing
from inventory.transfers.locks import lock_transfer
from inventory.transfers.models import Transfer, TransferLine
from inventory.transfers.reasons import FEWER, MORE, DiscrepancyReason
from omni.lib.errors import Problem

Status = Transfer.Status


@transaction.atomic
def book(*, transfer_id: int, actor_id: int) -> Transfer:
    """Take in what was scanned; the rest is still on its way. A transfer of which everything has come is received.

    Raises `NotOnItsWay`, `NothingScanned`, and `ReasonMissing` for articles of which more came than were sent: that is
    said when the transfer is closed.
    """
    transfer, lines = _reception(transfer_id)
    came = [line for line in lines if line.scanned]
    if not came:
        raise NothingScanned(_("Nothing was scanned yet."))
    _require_reasons([line for line in came if differs(line) > 0], {})
    _take_in(transfer, came, {}, actor_id, closes=False)
    if any(line.sent > line.received for line in lines):
        transfer.move_to(Status.PARTLY_RECEIVED, receptions=transfer.receptions + 1)
    else:
        _end(transfer, actor_id)
    return transfer


@transaction.atomic
def close(*, transfer_id: int, reasons: Mapping[int, str], actor_id: int) -> Transfer:
    """Take in what was scanned and expect no more; `reasons` is variant id → `DiscrepancyReason`.

    What is missing is written off with its reason, pieces that came damaged are on hand and set aside, pieces that
    nobody sent are stock all the same. Raises `NotOnItsWay`, `NothingScanned` for a delivery without a line,
    `ReasonMissing` with every line that lacks its reason; then nothing is changed.
    """
    transfer, lines = _reception(transfer_id)
    if not lines:
        raise NothingScanned(_("Nothing was scanned yet."))
    _require_reasons([line for line in lines if differs(line)], reasons)
    _take_in(transfer, lines, reasons, actor_id, closes=True)
    _end(transfer, actor_id)
    return transfer


def differs(line: TransferLine) -> int:
    """Return units that are more (+) or fewer (−) than were sent, the reception that goes on included."""
    return line.received + line.scanned - line.sent


def _reception(transfer_id: int) -> tuple[Transfer, list[TransferLine]]:
    transfer = lock_transfer(transfer_id)
    if transfer.status not in Transfer.ON_ITS_WAY:
        raise NotOnItsWay(_("This transfer is not on its way: nothing can be received."))
    lines = list(transfer.lines.select_related("variant").order_by("variant_id"))
    for line in lines:
        if transfer.origin_id is None and not line.asked:  # nobody announced it: what came is what was sent
            line.sent = line.received + line.scanned
    return transfer, lines


def _require_reasons(differing: list[TransferLine], reasons: Mapping[int, str]) -> None:
    lacking = [
        line for line in differing if reasons.get(line.variant_id, "") not in (MORE if differs(line) > 0 else FEWER)
    ]
    if lacking:
        sentence = _("Choose why for each difference.")
        raise ReasonMissing(
            sentence, problems=[Problem(line.variant.sku, "reason_missing", sentence) for line in lacking]
        )


def _settled(line: TransferLine, reason: str, *, closes: bool) -> Arrival:
    """Write on the line what became of its units, and return what arrives."""
    open_before = max(0, line.sent - line.received) if line.asked else 0  # what nobody announced is not incoming
    fewer = max(0, -differs(line)) if closes else 0
    damaged = fewer if reason == DiscrepancyReason.CAME_DAMAGED else 0
    arrived = line.scanned + damaged
    if differs(line) and closes:
        line.reason = reason
    line.received, line.scanned, line.damaged = line.received + arrived, 0, line.damaged + damaged
    line.missing = fewer - damaged
    expected = open_before if closes else min(arrived, open_before)
    return Arrival(line.variant_id, arrived, damaged, expected, reason if damaged else "")


def _take_in(
    transfer: Transfer, lines: list[TransferLine], reasons: Mapping[int, str], actor_id: int, *, closes: bool
) -> None:
    arrived = [_settled(line, reasons.get(line.variant_id, ""), closes=closes) for line in lines]
    TransferLine.objects.bulk_update(lines, ["sent", "scanned", "received", "damaged", "missing", "reason"])
    kind = StockMovement.Kind.TRANSFERRED_IN if transfer.origin_id else StockMovement.Kind.RECEIVED
    arriving.take_in(
        location_id=transfer.destination_id, arrived=arrived, kind=kind.value,
        reference=f"{transfer.reference}/{transfer.receptions + 1}", actor_id=actor_id,
    )  # fmt: skip


def _end(transfer: Transfer, actor_id: int) -> None:
    receptions = transfer.receptions + 1
    transfer.move_to(Status.RECEIVED, receptions=receptions, ended_at=Now(), ended_by_id=actor_id)
