"""Pickup codes: made again from a key that only the server has, kept as a keyed hash, never two alike in one store."""

import hmac
import uuid
from hashlib import sha256

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from orders.fulfilment import codes
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up, handing_over, undoing
from tests import journeys

BAG = uuid.UUID("6f1c1f0e-6d3b-4d0b-9b7a-2f4f8f6c1a11")


def test_the_digits_are_those_of_rfc_4226_over_the_public_id_and_the_round():
    mac = hmac.new(settings.SECRET_KEY.encode(), f"pickup-code:{BAG}:0".encode(), sha256).digest()
    start = mac[-1] % 16
    number = int.from_bytes(mac[start : start + 4], "big") % 2**31 % 1_000_000
    assert codes.digits(BAG, 0) == f"{number:06}"


def test_the_digits_are_the_same_every_time_and_others_for_another_round_or_key(settings):
    first = codes.digits(BAG, 0)
    assert codes.digits(BAG, 0) == first
    assert codes.digits(BAG, 1) != first
    settings.SECRET_KEY = "another" * 10
    assert codes.digits(BAG, 0) != first


@given(st.uuids(), st.integers(0, 50))
def test_a_code_has_six_digits(public_id, code_round):
    code = codes.digits(public_id, code_round)
    assert len(code) == 6
    assert code.isascii()
    assert code.isdigit()


def test_the_hash_is_keyed_and_bound_to_its_store(settings):
    hashed = codes.code_hash("123456", 1)
    assert hashed != codes.code_hash("123456", 2)
    assert hashed not in {sha256(b"123456").hexdigest(), sha256(b"1:123456").hexdigest()}
    settings.SECRET_KEY = "another" * 10
    assert codes.code_hash("123456", 1) != hashed


@given(st.uuids())
def test_a_qr_gives_its_digits_back(public_id):
    assert codes.read_qr(f"  {codes.qr_text(public_id, 3)}\n") == codes.digits(public_id, 3)


@pytest.mark.parametrize(
    "text",
    ["", "123456", "OMNI-P:abc:12345", "OMNI-P:abc:1234567", "OMNI-P:abc:12345x", "OMNI-P:abc", "OMNI-B:abc:123456",
     "omni-p:abc:123456", "OMNI-P:abc:123456:1", "OMNI-P:abc:١٢٣٤٥٦", "https://example.org/OMNI-P:abc:123456"],
)  # fmt: skip
def test_anything_else_is_no_pickup_qr(text):
    assert codes.read_qr(text) is None


def test_the_bags_label_opens_nothing():
    assert codes.read_qr(codes.bag_text(BAG)) is None
    assert codes.digits(BAG, 0) not in codes.bag_text(BAG)


@pytest.fixture
def only_the_round_counts(monkeypatch):
    """Every order has the same digits in the same round."""
    monkeypatch.setattr(codes, "digits", lambda public_id, code_round: f"{code_round:06}")


def ready(house, clerk, store=None) -> Fulfilment:
    fulfilment = journeys.ready(journeys.placed(store or house.lille, {"SKU-1": 1}, by=clerk), by=clerk)
    return Fulfilment.objects.get(pk=fulfilment.pk)


@pytest.mark.django_db
def test_what_is_ready_keeps_a_hash_and_nothing_readable(house, clerk):
    waiting = ready(house, clerk)
    code = codes.digits(waiting.public_id, 0)
    assert (waiting.code_round, waiting.code_hash) == (0, codes.code_hash(code, house.lille.pk))
    assert code not in str(Fulfilment.objects.values().get(pk=waiting.pk))


@pytest.mark.django_db
@pytest.mark.usefixtures("only_the_round_counts")
def test_a_clash_takes_the_next_round(house, clerk):
    assert [ready(house, clerk).code_round for _ in range(3)] == [0, 1, 2]
    assert ready(house, clerk, house.lens).code_round == 0, "another store has codes of its own"


@pytest.mark.django_db
@pytest.mark.usefixtures("only_the_round_counts")
def test_a_code_is_free_again_when_its_order_waits_no_more(house, clerk):
    first, second = ready(house, clerk), ready(house, clerk)
    giving_up.cancel(fulfilment_id=first.pk, actor_id=clerk.pk, reason="no longer wanted")
    handing_over.hand_over(fulfilment_id=second.pk, proof="code", actor_id=clerk.pk, tender="cash")
    assert [ready(house, clerk).code_round for _ in range(3)] == [0, 1, 2]


@pytest.mark.django_db
def test_an_undone_hand_over_waits_under_the_same_code(house, clerk):
    waiting = ready(house, clerk)
    given = handing_over.hand_over(fulfilment_id=waiting.pk, proof="code", actor_id=clerk.pk, tender="cash")
    undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)
    now = Fulfilment.objects.get(pk=waiting.pk)
    assert (now.status, now.code_round, now.code_hash) == ("ready", 0, waiting.code_hash)


@pytest.mark.django_db
@pytest.mark.usefixtures("only_the_round_counts")
def test_an_undone_hand_over_whose_code_was_given_away_takes_the_next_round(house, clerk):
    first = ready(house, clerk)
    given = handing_over.hand_over(fulfilment_id=first.pk, proof="code", actor_id=clerk.pk, tender="cash")
    assert ready(house, clerk).code_round == 0
    undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)
    now = Fulfilment.objects.get(pk=first.pk)
    assert (now.status, now.code_round, now.code_hash) == ("ready", 1, codes.code_hash("000001", house.lille.pk))
