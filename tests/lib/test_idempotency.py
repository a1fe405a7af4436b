"""A key is claimed, answered, and never answered otherwise."""

import pytest
from django.db import IntegrityError, connections, transaction

from omni.lib import idempotency, reference
from omni.lib.idempotency import Answer, KeyInFlight, KeyMissing, KeyReused, canonical, claim, fingerprint, read_key
from omni.lib.retry import constraint_name
from omni.staff.models import AnsweredRequest

pytestmark = pytest.mark.django_db

TABLE = "staff_answeredrequest"
MINE = {"client": "key:1", "key": "k-1", "fingerprint": "f"}
ANSWER = Answer(201, '{"number":"W-1"}')


def test_a_new_key_is_claimed_and_its_answer_is_found_again():
    assert claim(TABLE, **MINE) is None
    idempotency.remember(TABLE, **MINE, answer=ANSWER)
    assert claim(TABLE, **MINE) == ANSWER


def test_the_same_key_with_another_body_is_refused():
    idempotency.remember(TABLE, **MINE, answer=ANSWER)
    with pytest.raises(KeyReused):
        claim(TABLE, **MINE | {"fingerprint": "another"})


def test_the_same_key_of_another_client_is_another_key():
    idempotency.remember(TABLE, **MINE, answer=ANSWER)
    assert claim(TABLE, **MINE | {"client": "key:2"}) is None


def test_an_answer_is_written_once():
    idempotency.remember(TABLE, **MINE, answer=ANSWER)
    with pytest.raises(IntegrityError) as clash, transaction.atomic():
        idempotency.remember(TABLE, **MINE, answer=Answer(201, "another"))
    assert constraint_name(clash.value) == "answered_request_client_key_once"
    assert AnsweredRequest.objects.get().body == ANSWER.body


@pytest.mark.django_db(transaction=True)
def test_a_key_in_flight_is_refused_until_its_transaction_ends():
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            statement = idempotency.CLAIM.format(table=TABLE, version=reference.VERSION)
            cursor.execute(statement, {"client": "key:1", "key": "k-1"})
            assert cursor.fetchone()[0] is True
        with pytest.raises(KeyInFlight):
            claim(TABLE, **MINE)
        assert claim(TABLE, **MINE | {"key": "k-2"}) is None
        other.rollback()
        assert claim(TABLE, **MINE) is None
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_leaves_the_key_free():
    with transaction.atomic():
        claim(TABLE, **MINE)
        idempotency.remember(TABLE, **MINE, answer=ANSWER)
        transaction.set_rollback(True)
    assert claim(TABLE, **MINE) is None


def test_a_claim_brings_the_number_of_the_reference_cache(house):
    reference.remember("test", [1], lambda keys: dict.fromkeys(keys, "old"))
    claim(TABLE, **MINE)
    assert reference.remember("test", [1], lambda keys: dict.fromkeys(keys, "new")) == {1: "new"}


@pytest.mark.parametrize(
    ("header", "key"), [("k-1", "k-1"), ('"k-1"', "k-1"), ("  k 1  ", "k 1"), ("é" * 255, "é" * 255)]
)
def test_a_key_is_read_bare_or_quoted(header, key):
    assert read_key(header) == key


@pytest.mark.parametrize("header", [None, "", '""', "   ", "k" * 256, "k\n1", "k\x00"])
def test_no_key_a_long_one_or_one_that_cannot_be_printed_is_refused(header):
    with pytest.raises(KeyMissing):
        read_key(header)


def test_white_space_and_key_order_do_not_make_another_body():
    assert canonical({"b": [1, 2], "a": "é"}) == canonical({"a": "é", "b": [1, 2]}) == '{"a":"é","b":[1,2]}'.encode()
    assert canonical({"a": [1, 2]}) != canonical({"a": [2, 1]})


def test_the_parts_of_a_fingerprint_do_not_run_into_each_other():
    assert fingerprint(b"ab", b"c") != fingerprint(b"a", b"bc")
    assert fingerprint(b"ab") == fingerprint(b"ab")
