"""What carriers tell is written once, whatever comes twice, late or out of order; people are told what matters."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Message
from omni import tasks
from orders.parcels import queries
from orders.parcels.models import TrackingEvent
from orders.parcels.services import reading
from orders.sales import parcel_events
from orders.sales.models import OrderEvent
from tests import sent
from tests.problems import assert_problem, codes, nothing_written

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/tracking/"


@pytest.fixture
def parcel(courier, picked, clerk):
    return sent.left(picked, by=clerk)


@pytest.fixture
def relay(courier, house, clerk):
    return sent.left(sent.picked(house.lille, {"SKU-1": 1}, by=clerk, kind="relay"), by=clerk)


def event(parcel, event_id="e-1", kind="in_transit", ago=5, **differently):
    happened = (timezone.now() - timedelta(minutes=ago)).isoformat()
    return {
        "event_id": event_id,
        "tracking_number": parcel.tracking_number,
        "kind": kind,
        "happened_at": happened,
        **differently,
    }


def body(*events, carrier="file"):
    return {"carrier": carrier, "events": list(events)}


def answered(answer):
    assert answer.status_code == 200, answer.content
    return [(one["event_id"], one["status"], one["code"]) for one in answer.json()["events"]]


def standing(parcel):
    [one] = queries.of_fulfilment(parcel.fulfilment_id)
    return one.kind


def letters():
    return list(Message.objects.filter(template="parcel_at_relay"))


def test_an_event_is_written_and_told_back(api, parcel):
    said = event(parcel, text="Left the depot of Lesquin")
    assert answered(api.post(ADDRESS, body(said))) == [("e-1", 201, "recorded")]
    [told] = TrackingEvent.objects.all()
    assert (told.parcel_id, told.carrier, told.kind, told.text) == (parcel.pk, "file", "in_transit", said["text"])
    assert told.happened_at.isoformat() == said["happened_at"]


def test_the_same_event_again_is_known_and_changes_nothing(api, parcel):
    first = event(parcel, kind="delivered")
    api.post(ADDRESS, body(first))
    with nothing_written():
        assert answered(api.post(ADDRESS, body({**first, "text": "again"}))) == [("e-1", 200, "known")]
    assert OrderEvent.objects.filter(kind=parcel_events.ARRIVED).count() == 1


def test_twice_in_one_batch_is_written_once(api, parcel):
    twice = event(parcel, kind="delivered")
    assert answered(api.post(ADDRESS, body(twice, twice))) == [("e-1", 201, "recorded"), ("e-1", 200, "known")]
    assert OrderEvent.objects.filter(kind=parcel_events.ARRIVED).count() == 1


def test_the_event_that_happened_last_counts_not_the_one_that_came_last(api, parcel):
    api.post(ADDRESS, body(event(parcel, "e-3", "delivered", ago=1)))
    api.post(ADDRESS, body(event(parcel, "e-2", "out_for_delivery", ago=60), event(parcel, "e-1", "accepted", ago=90)))
    assert standing(parcel) == "delivered"
    assert TrackingEvent.objects.count() == 3


def test_each_event_of_a_batch_is_answered_and_a_bad_one_keeps_no_other_from_being_written(api, parcel):
    bad = event(parcel, "e-2", kind="lost", happened_at="yesterday", colour="blue")
    unknown = event(parcel, "e-3", tracking_number="NOBODY-1")
    answer = api.post(ADDRESS, body(event(parcel), bad, unknown, "no object"))
    assert answered(answer) == [
        ("e-1", 201, "recorded"),
        (None, 400, "invalid"),
        ("e-3", 404, "unknown_tracking_number"),
        (None, 400, "invalid"),
    ]
    told = answer.json()["events"]
    assert {one["field"]: one["code"] for one in told[1]["errors"]} == {
        "events.1.colour": "unknown_field",
        "events.1.kind": "unknown",
        "events.1.happened_at": "not_instant",
    }
    assert told[2]["detail"] == "No parcel of this key's stores has this tracking number."
    assert [one["field"] for one in told[3]["errors"]] == ["events.3"]
    assert TrackingEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("sent_instead", "code"),
    [
        ({"happened_at": "2026-11-20T10:00:00"}, "not_instant"),
        ({"happened_at": "1970-01-01T00:00:00Z"}, "not_instant"),
        ({"happened_at": "2026-13-45T10:00:00Z"}, "not_instant"),
        ({"happened_at": "2999-01-01T00:00:00Z"}, "in_the_future"),
        ({"event_id": ""}, "required"),
        ({"event_id": "x" * 81}, "too_long"),
        ({"text": "x" * 201}, "too_long"),
        ({"text": "a\x00b"}, "bad_character"),
        ({"tracking_number": 7}, "not_text"),
    ],
)
def test_what_cannot_be_read_is_said(api, parcel, sent_instead, code):
    with nothing_written():
        [told] = api.post(ADDRESS, body({**event(parcel), **sent_instead})).json()["events"]
    assert (told["status"], [one["code"] for one in told["errors"]]) == (400, [code])


@pytest.mark.parametrize(
    ("whole", "wrong"),
    [
        ({}, {"carrier": "required", "events": "events"}),
        ({"carrier": "file", "events": []}, {"events": "events"}),
        ({"carrier": "file", "events": [{}] * 101}, {"events": "events"}),
        ({"carrier": "file", "events": [{}], "more": 1}, {"more": "unknown_field"}),
    ],
)
def test_a_body_that_is_no_batch_is_refused_whole(api, whole, wrong):
    with nothing_written():
        assert codes(assert_problem(api.post(ADDRESS, whole), 400, "invalid")) == wrong


def test_a_parcel_of_another_store_does_not_exist_for_the_key(api, courier, house, clerk):
    foreign = sent.left(sent.picked(house.amiens, {"SKU-1": 1}, by=clerk), by=clerk)
    with nothing_written():
        assert answered(api.post(ADDRESS, body(event(foreign)))) == [("e-1", 404, "unknown_tracking_number")]


def test_the_number_of_another_carrier_is_unknown(api, parcel):
    with nothing_written():
        told = answered(api.post(ADDRESS, body(event(parcel), carrier="other")))
    assert told == [("e-1", 404, "unknown_tracking_number")]


def test_the_customer_is_told_once_that_it_waits_at_the_relay_point(api, relay):
    api.post(ADDRESS, body(event(relay, "e-1", "at_relay", ago=9)))
    api.post(ADDRESS, body(event(relay, "e-2", "at_relay", ago=5)))
    tasks.drain_outbox()
    [letter] = letters()
    assert letter.status == "sent"
    assert letter.subject.endswith("Corner shop")


def test_nobody_is_sent_to_a_point_where_the_parcel_is_no_more(api, relay):
    api.post(ADDRESS, body(event(relay, "e-2", "collected_at_relay", ago=1)))
    api.post(ADDRESS, body(event(relay, "e-1", "at_relay", ago=30)))
    tasks.drain_outbox()
    assert letters() == []


def test_a_letter_that_waits_is_dropped_when_the_parcel_was_collected_meanwhile(api, relay):
    api.post(ADDRESS, body(event(relay, "e-1", "at_relay", ago=30)))
    from orders.fulfilment import parcel_notices

    parcel_notices.tell_at_relay(OrderEvent.objects.get(kind=parcel_events.AT_RELAY).pk)
    api.post(ADDRESS, body(event(relay, "e-2", "collected_at_relay", ago=1)))
    tasks.send_messages()
    [letter] = letters()
    assert (letter.status, letter.dropped_because) == ("dropped", "collected_at_relay")


def test_the_mail_of_the_departure_says_where_to_follow_each_parcel(courier, picked, clerk, mailoutbox):
    parcel = sent.left(picked, by=clerk)
    tasks.drain_outbox()
    [letter] = mailoutbox
    assert f"https://courier.example/{parcel.tracking_number}" in letter.body


def test_the_mail_at_the_relay_point_has_its_address_and_hours(api, relay, mailoutbox):
    api.post(ADDRESS, body(event(relay, "e-1", "at_relay")))
    tasks.drain_outbox()
    [letter] = [one for one in mailoutbox if one.subject.endswith("Corner shop")]
    for words in ("Corner shop", "1 rue Neuve, 59000 Lille", "lun.–sam. 08:00–19:00", relay.tracking_number):
        assert words in letter.body


# --- files ---


def test_a_file_of_the_courier_is_read_once_and_moved_away(courier, parcel):
    courier.tells("001.json", {"events": [event(parcel, kind="delivered")]})
    assert reading.read_due() == 1
    assert (courier.names("tracking"), courier.names("tracking/read")) == ([], ["001.json"])
    assert standing(parcel) == "delivered"
    assert reading.read_due() == 0


def test_killed_before_the_file_was_moved_it_is_read_again_and_nothing_is_doubled(courier, parcel, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*_where):
        raise Killed

    courier.tells("001.json", {"events": [event(parcel, kind="delivered"), event(parcel, "e-2", "accepted", ago=60)]})
    with monkeypatch.context() as patch:
        patch.setattr(reading, "_move", die)
        with pytest.raises(Killed):
            reading.read_due()
    assert courier.names("tracking") == ["001.json"]
    assert reading.read_due() == 1
    assert TrackingEvent.objects.count() == 2
    assert OrderEvent.objects.filter(kind=parcel_events.ARRIVED).count() == 1


@pytest.mark.parametrize("content", ["{", "[]", '{"events": 1}', '{"events": [{}]}'])
def test_a_file_that_cannot_be_read_is_put_aside_and_keeps_no_other_waiting(courier, parcel, content):
    courier.tells("001.json", content)
    courier.tells("002.json", {"events": [event(parcel)]})
    assert reading.read_due() == 1
    assert (courier.names("tracking/refused"), courier.names("tracking/read")) == (["001.json"], ["002.json"])
    assert TrackingEvent.objects.count() == 1


def test_a_file_that_tells_of_strangers_is_put_aside_with_what_it_knew_written(courier, parcel):
    courier.tells("001.json", {"events": [event(parcel), event(parcel, "e-2", tracking_number="NOBODY-1")]})
    assert reading.read_due() == 0
    assert courier.names("tracking/refused") == ["001.json"]
    assert TrackingEvent.objects.count() == 1


def test_a_file_of_thousands_is_read_in_parts(courier, parcel):
    courier.tells("001.json", {"events": [event(parcel, f"e-{number}") for number in range(250)]})
    assert tasks.read_tracking() == 1
    assert TrackingEvent.objects.count() == 250


def test_a_house_without_the_courier_reads_nothing(courier, parcel, settings):
    courier.tells("001.json", {"events": [event(parcel)]})
    settings.CARRIERS = []
    assert reading.read_due() == 0
    assert courier.names("tracking") == ["001.json"]
