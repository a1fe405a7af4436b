"""The carrier is asked outside of every transaction, by our reference: whatever fails, one parcel has one label."""

import logging
import re

import pytest
from django.db import transaction

from omni import tasks
from orders.fulfilment.services import finishing, packing
from orders.parcels.carriers import files
from orders.parcels.carriers.files import FileCarrier, number_of
from orders.parcels.carriers.port import Booking, CarrierFailed
from orders.parcels.errors import CarrierSilent, NoCarrier, ParcelGone
from orders.parcels.models import Parcel
from orders.parcels.services import booking, forgetting
from tests import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def packed(courier, picked, clerk):
    return packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk, weight_grams=900)


def test_the_courier_gets_the_consignment_and_the_parcel_its_label(courier, packed, picked):
    labelled = booking.book(parcel_id=packed.pk)
    [told] = courier.consignments()
    assert labelled.tracking_number == told["tracking_number"] == number_of(str(packed.public_id))
    assert (told["reference"], told["short_id"], told["pieces"], told["weight_grams"]) == (
        *(str(packed.public_id), picked.short_id, 3, 900),
    )
    assert told["recipient"] == {**sent.HOME}
    assert told["sender"]["name"] == "Lille"
    assert (told["relay_code"], told["relay"]) == ("", None)
    assert labelled.label_type == "application/pdf"
    assert bytes(labelled.label).startswith(b"%PDF-")


def test_a_label_of_a_relay_point_says_the_point_and_whom_it_is_for(courier, house, clerk):
    relay = sent.picked(house.lille, {"SKU-1": 1}, by=clerk, kind="relay")
    parcel = packing.pack(fulfilment_id=relay.pk, actor_id=clerk.pk)
    booking.book(parcel_id=parcel.pk)
    [told] = courier.consignments()
    assert (told["relay_code"], told["relay"]["name"], told["relay"]["line"]) == ("R001", "Corner shop", "1 rue Neuve")
    assert (told["recipient"]["name"], told["recipient"]["line"]) == ("Camille Martin", "")


def test_a_number_has_a_check_digit_and_belongs_to_one_reference():
    numbers = {number_of(f"reference-{one}") for one in range(1000)}
    assert len(numbers) == 1000
    assert all(int(one.removeprefix("OM")) % 97 == 1 for one in numbers)
    assert number_of("reference-1") == number_of("reference-1")


def test_asked_again_it_is_the_same_label(courier, packed):
    first = booking.book(parcel_id=packed.pk)
    again = booking.book(parcel_id=packed.pk)
    assert (again.tracking_number, bytes(again.label)) == (first.tracking_number, bytes(first.label))
    assert len(courier.consignments()) == 1


def test_the_carrier_answered_and_the_house_died_before_it_was_written(courier, packed, monkeypatch):
    """The kill between the carrier's answer and our record: the next try gets the same label, and nothing is booked
    twice."""

    class Killed(BaseException):
        pass

    def die(**_what):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(booking, "record", die)
        with pytest.raises(Killed):
            booking.book(parcel_id=packed.pk)
    packed.refresh_from_db()
    assert (packed.booked_at, packed.tracking_number) == (None, "")
    [before] = courier.consignments()
    [paper] = courier.names("labels")
    label = (courier.folder / "labels" / paper).read_bytes()
    after = booking.book(parcel_id=packed.pk)
    assert courier.consignments() == [before]
    assert (after.tracking_number, bytes(after.label)) == (before["tracking_number"], label)


def test_killed_between_label_and_consignment_nothing_counts_and_the_next_try_is_whole(courier, packed, monkeypatch):
    class Killed(BaseException):
        pass

    write, calls = files._write, []

    def dies_at_the_second(path, content):
        calls.append(path)
        if len(calls) == 2:
            raise Killed
        write(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(files, "_write", dies_at_the_second)
        with pytest.raises(Killed):
            booking.book(parcel_id=packed.pk)
    assert courier.consignments() == []
    booking.book(parcel_id=packed.pk)
    assert (len(courier.consignments()), len(courier.names("labels"))) == (1, 1)


@pytest.mark.parametrize("error", [CarrierFailed("answered 503"), TimeoutError("nothing"), ConnectionError("gone")])
def test_a_carrier_that_gives_nothing_leaves_a_packed_parcel_and_a_sentence(
    courier, packed, picked, clerk, monkeypatch, caplog, error
):
    def fails(_self, _consignment):
        raise error

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(FileCarrier, "book", fails)
        with pytest.raises(CarrierSilent, match="Courier gives no label just now"):
            booking.book(parcel_id=packed.pk)
    assert "Camille" not in caplog.text
    packed.refresh_from_db()
    assert (packed.booked_at, packed.label, packed.is_open) == (None, None, False)
    finishing.dispatch(fulfilment_id=picked.pk, actor_id=clerk.pk)
    assert booking.book(parcel_id=packed.pk).booked_at, "the label may come after the parcel left"


def test_a_full_disk_of_the_courier_is_the_courier_s_silence(courier, packed):
    courier.folder.parent.mkdir(exist_ok=True)
    courier.folder.write_text("a file where the folder should be")
    with pytest.raises(CarrierSilent):
        booking.book(parcel_id=packed.pk)


@pytest.mark.django_db(transaction=True)
def test_no_lock_waits_for_a_carrier(courier, packed):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        booking.book(parcel_id=packed.pk)
    assert courier.consignments() == []


def test_an_open_or_taken_apart_parcel_gets_no_label(courier, picked, clerk):
    packing.put(fulfilment_id=picked.pk, line_id=picked.lines.earliest("pk").pk, pieces=1)
    with pytest.raises(ParcelGone):
        booking.book(parcel_id=Parcel.objects.get().pk)
    parcel = packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk)
    packing.unpack(parcel_id=parcel.pk, actor_id=clerk.pk)
    with pytest.raises(ParcelGone):
        booking.book(parcel_id=parcel.pk)
    assert courier.consignments() == []


def test_taken_apart_while_the_carrier_answers_it_is_cancelled_there_too(courier, packed, clerk, monkeypatch):
    asked = FileCarrier.book

    def meanwhile(self, consignment):
        answer = asked(self, consignment)
        packing.unpack(parcel_id=packed.pk, actor_id=clerk.pk)
        return answer

    monkeypatch.setattr(FileCarrier, "book", meanwhile)
    with pytest.raises(ParcelGone):
        booking.book(parcel_id=packed.pk)
    packed.refresh_from_db()
    assert (packed.booked_at, packed.tracking_number) == (None, "")
    assert courier.names("cancelled") == [f"{packed.public_id}.json"]


def test_the_carrier_is_told_once_that_a_parcel_will_not_come(courier, packed, clerk):
    booking.book(parcel_id=packed.pk)
    assert tasks.tell_carriers() == 0
    packing.unpack(parcel_id=packed.pk, actor_id=clerk.pk)
    tasks.drain_outbox()
    assert courier.names("cancelled") == [], "no carrier is called where an event's row is locked"
    assert [tasks.tell_carriers(), tasks.tell_carriers()] == [1, 0]
    assert courier.names("cancelled") == [f"{packed.public_id}.json"]


@pytest.mark.django_db(transaction=True)
def test_no_lock_waits_for_a_carrier_that_is_told(courier, packed, clerk):
    packing.unpack(parcel_id=packed.pk, actor_id=clerk.pk)
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        forgetting.tell_due()
    assert courier.names("cancelled") == []
    assert forgetting.tell_due() == 1


def test_a_carrier_that_hears_nothing_is_told_again_and_not_for_ever_in_one_round(courier, house, clerk, monkeypatch):
    parcels = [
        packing.pack(fulfilment_id=sent.picked(house.lille, {"SKU-1": 1}, by=clerk).pk, actor_id=clerk.pk)
        for _ in range(4)
    ]
    for one in parcels:
        packing.unpack(parcel_id=one.pk, actor_id=clerk.pk)
    asked = []

    def away(_self, reference, _number):
        asked.append(reference)
        raise CarrierFailed("answered 503")

    with monkeypatch.context() as patch:
        patch.setattr(FileCarrier, "cancel", away)
        assert forgetting.tell_due() == 0
    assert len(asked) == forgetting.PATIENCE < len(parcels)
    assert forgetting.tell_due() == 4


def test_what_the_carrier_did_not_hear_when_it_answered_too_late_it_is_told_later(courier, packed, clerk, monkeypatch):
    def meanwhile(_self, _consignment):
        packing.unpack(parcel_id=packed.pk, actor_id=clerk.pk)
        assert forgetting.tell_due() == 1, "the carrier knows nothing of it yet"
        return Booking("OM97", b"%PDF-", "application/pdf")

    def away(_self, _reference, _number):
        raise CarrierFailed("answered 503")

    with monkeypatch.context() as patch:
        patch.setattr(FileCarrier, "book", meanwhile)
        patch.setattr(forgetting, "tell", _away_at_the_second(forgetting.tell, patch, away))
        with pytest.raises(ParcelGone):
            booking.book(parcel_id=packed.pk)
    assert forgetting.tell_due() == 1


def _away_at_the_second(tell, patch, away):
    calls = []

    def told(parcel, **more):
        calls.append(parcel)
        if len(calls) == 2:
            patch.setattr(FileCarrier, "cancel", away)
        return tell(parcel, **more)

    return told


def test_a_carrier_that_the_house_has_no_more_is_not_told(courier, packed, clerk, settings):
    packing.unpack(parcel_id=packed.pk, actor_id=clerk.pk)
    settings.CARRIERS = []
    assert [forgetting.tell_due(), forgetting.tell_due()] == [1, 0]


def test_a_carrier_that_the_house_has_no_more_gives_no_label(courier, packed, settings):
    settings.CARRIERS = []
    with pytest.raises(NoCarrier):
        booking.book(parcel_id=packed.pk)


def test_the_label_is_one_page_of_a6(courier, packed):
    label = bytes(booking.book(parcel_id=packed.pk).label)
    [width, height] = (float(side) for side in re.search(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", label).groups())
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (105, 148)
    assert len(re.findall(rb"/Type /Page\b", label)) == 1
