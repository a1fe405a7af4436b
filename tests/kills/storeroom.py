"""What the clerk of the kill tests does to the stock itself: counts, damages, transfers, one transaction a step."""

import random
import uuid
from itertools import cycle

from inventory.places.models import Location
from inventory.stock.models import StockCount, StockLevel
from inventory.stock.reasons import CountReason, DamageReason
from inventory.stock.services import closing, counting, damaging
from inventory.transfers.models import Transfer
from inventory.transfers.reasons import FEWER, MORE
from inventory.transfers.services import receiving, sending, tallying
from inventory.transfers.services.receiving import differs

Status = Transfer.Status


def take_one_step(clerk: int) -> None:
    """Do one thing at random: begin something, or take something that was begun one step further."""
    random.choice((count_on, set_aside, move_on, move_on))(clerk)


def an_article() -> int:
    return int(StockLevel.objects.filter(location__code="lille").order_by("?").values_list("variant_id", flat=True)[0])


def place(code: str) -> int:
    return int(Location.objects.get(code=code).pk)


def count_on(clerk: int) -> None:
    count = StockCount.objects.filter(status=StockCount.Status.OPEN).first()
    if count is None:
        counting.open_count(location_id=place("lille"), actor_id=clerk)
    elif count.lines.count() < 3:
        counting.count(count_id=count.pk, variant_id=an_article(), pieces=random.randint(1, 9))
    elif random.random() < 0.2:
        counting.abandon(count_id=count.pk, actor_id=clerk)
    else:
        # A count that wrote the shop empty would end the test: each line is put beside the figures, or where they are;
        # far above them where it is to be more, because what was sold since it was begun is no difference.
        for line, beside in zip(count.lines.all(), cycle((-1, 9, 0)), strict=False):
            level = StockLevel.objects.get(location=count.location_id, variant=line.variant_id)
            counted = min(counting.MOST, max(0, level.on_hand + beside))
            counting.set_counted(count_id=count.pk, variant_id=line.variant_id, counted=counted)
        reasons = dict.fromkeys(count.lines.values_list("variant_id", flat=True), CountReason.OTHER.value)
        closing.close(count_id=count.pk, reasons=reasons, actor_id=clerk)


def set_aside(clerk: int) -> None:
    level = StockLevel.objects.filter(location__code="lille").order_by("?")[0]
    keys = {"location_id": level.location_id, "variant_id": level.variant_id, "actor_id": clerk}
    if level.damaged and random.random() < 0.5:
        damaging.repair(**keys, quantity=1, reference=f"mended:{uuid.uuid4()}")
    else:
        reference = f"broken:{uuid.uuid4()}"
        damaging.set_aside(**keys, quantity=1, reason=DamageReason.DAMAGED.value, reference=reference)


def move_on(clerk: int) -> None:
    going = Transfer.objects.exclude(status__in=Transfer.ENDED).order_by("?").first()
    if going is None or Transfer.objects.exclude(status__in=Transfer.ENDED).count() < 3:
        ends = random.sample(["lille", "lens"], 2)
        wanted = {an_article(): random.randint(1, 5) for _line in range(3)}
        sending.open_transfer(
            origin_id=place(ends[0]), destination_id=place(ends[1]), actor_id=clerk, wanted=wanted, public_id=None
        )
    elif going.status == Status.DRAFT:
        sending.make_ready(transfer_id=going.pk)
    elif going.status == Status.READY:
        random.choice((leave, leave, leave, give_up))(going, clerk)
    else:
        receive(going, clerk)


def leave(going: Transfer, clerk: int) -> None:
    sending.send(transfer_id=going.pk, actor_id=clerk)


def give_up(going: Transfer, clerk: int) -> None:
    sending.cancel(transfer_id=going.pk, actor_id=clerk)


def receive(going: Transfer, clerk: int) -> None:
    """Scan a few pieces, book what came, or say of everything what became of it."""
    for line in going.lines.all():
        tallying.scan(transfer_id=going.pk, variant_id=line.variant_id, pieces=random.randint(1, 3))
    if random.random() < 0.5 and not any(differs(line) > 0 for line in going.lines.all()):
        receiving.book(transfer_id=going.pk, actor_id=clerk)
        return
    reasons = {line.variant_id: random.choice(MORE if differs(line) > 0 else FEWER).value for line in going.lines.all()}
    receiving.close(transfer_id=going.pk, reasons=reasons, actor_id=clerk)
