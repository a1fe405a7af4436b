"""A transfer loses no piece: reserved while it is packed, incoming on its way, and everything accounted for at its
end."""

import pytest

from inventory.stock.errors import ShortStock
from inventory.stock.models import StockMovement
from inventory.stock.services import reserving
from inventory.transfers.errors import NotADraft, NothingScanned, NothingToSend, NotOnItsWay, ReasonMissing, WrongPlaces
from inventory.transfers.models import Transfer, TransferLine, UnknownPiece
from inventory.transfers.services import receiving, sending, tallying
from omni import audit
from omni.lib.transitions import TransitionRefused
from omni.staff.models import User
from tests import factories
from tests.conftest import House

pytestmark = pytest.mark.django_db


def drafted(house: House, clerk: User, *units: int) -> Transfer:
    wanted = {variant.pk: asked for variant, asked in zip(house.variants, units, strict=False)}
    return sending.open_transfer(
        origin_id=house.lens.pk, destination_id=house.lille.pk, actor_id=clerk.pk, wanted=wanted, public_id=None
    )


def sent(house: House, clerk: User, *units: int) -> Transfer:
    transfer = drafted(house, clerk, *units)
    sending.make_ready(transfer_id=transfer.pk)
    sending.send(transfer_id=transfer.pk, actor_id=clerk.pk)
    return transfer


def scanned(transfer: Transfer, house: House, *units: int) -> None:
    for variant, pieces in zip(house.variants, units, strict=False):
        if pieces:
            tallying.scan(transfer_id=transfer.pk, variant_id=variant.pk, pieces=pieces)


def figures(house: House, sku: str = "SKU-1") -> list[tuple[int, int, int, int]]:
    """on hand, reserved, damaged and incoming where it comes from and where it goes."""
    levels = (house.level(sku, store) for store in (house.lens, house.lille))
    return [(one.on_hand, one.reserved, one.damaged, one.incoming) for one in levels]


def movements(transfer: Transfer) -> list[tuple[str, str, int]]:
    rows = StockMovement.objects.filter(reference__startswith=transfer.reference).order_by("pk")
    return list(rows.values_list("location__code", "kind", "quantity"))


def line(transfer: Transfer, sku: str = "SKU-1") -> tuple[int, int, int, int, str]:
    found = TransferLine.objects.get(transfer=transfer, variant__sku=sku)
    return found.sent, found.received, found.damaged, found.missing, found.reason


def test_units_are_kept_while_packed_gone_when_sent_incoming_until_received(house: House, clerk: User) -> None:
    transfer = drafted(house, clerk, 4)
    assert figures(house) == [(100, 0, 0, 0), (100, 0, 0, 0)]
    sending.make_ready(transfer_id=transfer.pk)
    assert figures(house) == [(100, 4, 0, 0), (100, 0, 0, 0)]
    sending.send(transfer_id=transfer.pk, actor_id=clerk.pk)
    assert figures(house) == [(96, 0, 0, 0), (100, 0, 0, 4)]
    assert audit.differences() == []
    scanned(transfer, house, 4)
    receiving.close(transfer_id=transfer.pk, reasons={}, actor_id=clerk.pk)
    assert figures(house) == [(96, 0, 0, 0), (104, 0, 0, 0)]
    assert movements(transfer) == [("lens", "transferred_out", 4), ("lille", "transferred_in", 4)]
    transfer.refresh_from_db()
    assert (transfer.status, transfer.ended_by_id, line(transfer)) == ("received", clerk.pk, (4, 4, 0, 0, ""))
    assert audit.differences() == []


def test_a_draft_is_written_piece_by_piece_and_only_a_draft(house: House, clerk: User) -> None:
    transfer = drafted(house, clerk)
    keys = {"transfer_id": transfer.pk, "variant_id": house.variants[0].pk}
    with pytest.raises(NothingToSend):
        sending.make_ready(transfer_id=transfer.pk)
    assert [tallying.ask(**keys), tallying.ask(**keys, pieces=3), tallying.ask(**keys, pieces=-1)] == [1, 4, 3]
    assert tallying.ask_for(**keys, pieces=7) == 7
    for pieces in (-8, tallying.MOST):
        with pytest.raises(NothingScanned):
            tallying.ask(**keys, pieces=pieces)
    for pieces in (-1, tallying.MOST + 1):
        with pytest.raises(NothingScanned):
            tallying.ask_for(**keys, pieces=pieces)
    tallying.ask(transfer_id=transfer.pk, variant_id=house.variants[1].pk)
    tallying.leave_out(transfer_id=transfer.pk, variant_id=house.variants[1].pk)
    sending.make_ready(transfer_id=transfer.pk)
    for written in (tallying.ask, tallying.leave_out):
        with pytest.raises(NotADraft):
            written(**keys)
    assert list(transfer.lines.values_list("variant__sku", "asked")) == [("SKU-1", 7)]


def test_more_than_is_free_is_refused_and_nothing_is_kept(house: House, clerk: User) -> None:
    reserving.reserve(location_id=house.lens.pk, wanted={house.variants[0].pk: 99}, reference="hold:1:a", seconds=60)
    transfer = drafted(house, clerk, 2, 5)
    with pytest.raises(ShortStock) as refused:
        sending.make_ready(transfer_id=transfer.pk)
    assert [(one.wanted, one.available) for one in refused.value.short] == [(2, 1)]
    assert (house.level("SKU-2", house.lens).reserved, Transfer.objects.get().status) == (0, "draft")


def test_a_ready_transfer_goes_back_or_is_given_up_and_its_units_are_free(house: House, clerk: User) -> None:
    transfer = drafted(house, clerk, 4)
    for times in range(2):
        sending.make_ready(transfer_id=transfer.pk)
        sending.reopen(transfer_id=transfer.pk)
        assert (figures(house)[0], times) == ((100, 0, 0, 0), times)
    sending.make_ready(transfer_id=transfer.pk)
    assert audit.differences() == []
    sending.cancel(transfer_id=transfer.pk, actor_id=clerk.pk)
    assert figures(house)[0] == (100, 0, 0, 0)
    for refused in (sending.make_ready, sending.reopen):
        with pytest.raises(TransitionRefused):
            refused(transfer_id=transfer.pk)
    with pytest.raises(NotOnItsWay):
        scanned(transfer, house, 1)
    assert audit.differences() == []


def test_what_has_left_is_neither_sent_again_nor_given_up(house: House, clerk: User) -> None:
    transfer = sent(house, clerk, 4)
    for again in (sending.send, sending.cancel):
        with pytest.raises(TransitionRefused):
            again(transfer_id=transfer.pk, actor_id=clerk.pk)
    unready = drafted(house, clerk, 1)
    with pytest.raises(TransitionRefused):
        sending.send(transfer_id=unready.pk, actor_id=clerk.pk)
    assert figures(house) == [(96, 0, 0, 0), (100, 0, 0, 4)]


def test_what_came_is_booked_and_the_rest_is_still_on_its_way(house: House, clerk: User) -> None:
    transfer = sent(house, clerk, 4, 3)
    with pytest.raises(NothingScanned):
        receiving.book(transfer_id=transfer.pk, actor_id=clerk.pk)
    scanned(transfer, house, 3)
    receiving.book(transfer_id=transfer.pk, actor_id=clerk.pk)
    assert figures(house) == [(96, 0, 0, 0), (103, 0, 0, 1)]
    assert Transfer.objects.get().status == "partly_received"
    assert audit.differences() == []
    scanned(transfer, house, 1, 3)
    receiving.book(transfer_id=transfer.pk, actor_id=clerk.pk)
    assert figures(house) == [(96, 0, 0, 0), (104, 0, 0, 0)]
    assert Transfer.objects.get().status == "received"
    assert movements(transfer)[2:] == [
        ("lille", "transferred_in", 3), ("lille", "transferred_in", 1), ("lille", "transferred_in", 3),
    ]  # fmt: skip
    assert audit.differences() == []


@pytest.mark.parametrize(
    ("reason", "found", "on_hand", "damaged"),
    [
        ("not_in_the_parcel", (4, 3, 0, 1, "not_in_the_parcel"), 103, 0),
        ("came_damaged", (4, 4, 1, 0, "came_damaged"), 104, 1),
    ],
)
def test_what_is_missing_at_the_end_has_a_reason(
    house: House, clerk: User, reason: str, found: tuple[int, int, int, int, str], on_hand: int, damaged: int
) -> None:
    transfer = sent(house, clerk, 4)
    scanned(transfer, house, 3)
    for wrong in ("", "more_in_the_parcel", "nonsense"):
        with pytest.raises(ReasonMissing):
            receiving.close(transfer_id=transfer.pk, reasons={house.variants[0].pk: wrong}, actor_id=clerk.pk)
    assert figures(house)[1] == (100, 0, 0, 4)
    receiving.close(transfer_id=transfer.pk, reasons={house.variants[0].pk: reason}, actor_id=clerk.pk)
    assert figures(house)[1] == (on_hand, 0, damaged, 0)
    assert line(transfer) == found
    assert audit.differences() == []


def test_more_than_was_sent_and_what_nobody_sent_are_stock_for_a_reason(house: House, clerk: User) -> None:
    transfer = sent(house, clerk, 4)
    scanned(transfer, house, 5, 1)
    with pytest.raises(ReasonMissing):
        receiving.book(transfer_id=transfer.pk, actor_id=clerk.pk)
    reasons = {house.variants[0].pk: "more_in_the_parcel", house.variants[1].pk: "other_article"}
    receiving.close(transfer_id=transfer.pk, reasons=reasons, actor_id=clerk.pk)
    assert figures(house)[1] == (105, 0, 0, 0)
    assert (line(transfer), line(transfer, "SKU-2")) == (
        (4, 5, 0, 0, "more_in_the_parcel"), (0, 1, 0, 0, "other_article"),
    )  # fmt: skip
    assert audit.differences() == []


def test_nothing_is_received_twice(house: House, clerk: User) -> None:
    transfer = sent(house, clerk, 4)
    scanned(transfer, house, 4)
    receiving.close(transfer_id=transfer.pk, reasons={}, actor_id=clerk.pk)
    for again in (
        lambda: receiving.close(transfer_id=transfer.pk, reasons={}, actor_id=clerk.pk),
        lambda: receiving.book(transfer_id=transfer.pk, actor_id=clerk.pk),
        lambda: scanned(transfer, house, 1),
        lambda: tallying.park(transfer_id=transfer.pk, code="376"),
    ):
        with pytest.raises(NotOnItsWay):
            again()
    assert figures(house)[1] == (104, 0, 0, 0)


def test_a_supplier_delivers_what_was_announced_and_what_was_not(house: House, clerk: User) -> None:
    announced = sending.expect_delivery(
        destination_id=house.lille.pk, supplier=" Tissages ", delivery_note="BL 7", actor_id=clerk.pk,
        wanted={house.variants[0].pk: 6},
    )  # fmt: skip
    assert (announced.supplier, figures(house)[1]) == ("Tissages", (100, 0, 0, 6))
    scanned(announced, house, 6, 2)
    receiving.close(transfer_id=announced.pk, reasons={}, actor_id=clerk.pk)
    assert figures(house)[1] == (106, 0, 0, 0)
    assert (line(announced), line(announced, "SKU-2")) == ((6, 6, 0, 0, ""), (2, 2, 0, 0, ""))
    assert movements(announced) == [("lille", "received", 6), ("lille", "received", 2)]
    assert audit.differences() == []


def test_a_delivery_that_nobody_announced_is_received_parcel_by_parcel(house: House, clerk: User) -> None:
    delivery = sending.expect_delivery(
        destination_id=house.lille.pk, supplier="Tissages", delivery_note="", actor_id=clerk.pk
    )
    with pytest.raises(NothingScanned):
        receiving.close(transfer_id=delivery.pk, reasons={}, actor_id=clerk.pk)
    scanned(delivery, house, 5)
    tallying.park(transfer_id=delivery.pk, code="3760012845026")
    tallying.park(transfer_id=delivery.pk, code="3760012845026")
    receiving.close(transfer_id=delivery.pk, reasons={}, actor_id=clerk.pk)
    assert figures(house)[1] == (105, 0, 0, 0)
    assert list(UnknownPiece.objects.values_list("code", "times")) == [("3760012845026", 2)]
    assert audit.differences() == []


def test_an_article_that_was_never_stocked_there_comes_all_the_same(house: House, clerk: User) -> None:
    new = factories.VariantFactory(sku="NEW")
    delivery = sending.expect_delivery(
        destination_id=house.lille.pk, supplier="Tissages", delivery_note="", actor_id=clerk.pk, wanted={new.pk: 3}
    )
    assert house.level("NEW").incoming == 3
    tallying.set_scanned(transfer_id=delivery.pk, variant_id=new.pk, pieces=3)
    receiving.close(transfer_id=delivery.pk, reasons={}, actor_id=clerk.pk)
    assert (house.level("NEW").on_hand, house.level("NEW").incoming) == (3, 0)
    assert audit.differences() == []


def test_a_transfer_goes_from_one_place_to_another(house: House, clerk: User) -> None:
    with pytest.raises(WrongPlaces):
        sending.open_transfer(
            origin_id=house.lille.pk, destination_id=house.lille.pk, actor_id=clerk.pk, public_id=None
        )
    with pytest.raises(WrongPlaces):
        sending.expect_delivery(destination_id=house.lille.pk, supplier="  ", delivery_note="", actor_id=clerk.pk)
    assert not Transfer.objects.exists()
