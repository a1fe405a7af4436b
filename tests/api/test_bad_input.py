"""Whatever is sent: a sentence, a code, every problem at once, and not a row written."""

import json
import random
import uuid

import pytest

from orders.placing.api.reading import looks_like_card
from tests.problems import assert_problem, codes, nothing_written

pytestmark = pytest.mark.django_db

ORDERS = "/api/v1/orders/"


def line(**differently):
    return {"lines": [{"sku": "SKU-1", "quantity": 1, **differently}], "payment": None, "total": None}


def gtin(code):
    return {"lines": [{"gtin": code, "quantity": 1}], "payment": None, "total": None}


def pickup(**differently):
    return {"fulfilment": {"kind": "pickup", "store": "lille", **differently}}


def paid(**differently):
    return {"payment": {"state": "captured", "tender": "card_online", "amount": 7000, "reference": "", **differently}}


WRONG = {
    "unknown sku": (line(sku="NONE"), "lines.0.sku", "unknown"),
    "unknown GTIN": (gtin("4006381333931"), "lines.0.gtin", "unknown"),
    "wrong check digit": (gtin("4006381333932"), "lines.0.gtin", "gtin_check_digit"),
    "no GTIN at all": (gtin("hello"), "lines.0.gtin", "gtin_check_digit"),
    "digits of no arithmetic": (gtin("²²²²²²²²²²²²²"), "lines.0.gtin", "gtin_check_digit"),
    "sku and GTIN": (line(gtin="2000000000015"), "lines.0.sku", "sku_or_gtin"),
    "neither sku nor GTIN": (line(sku=""), "lines.0.sku", "sku_or_gtin"),
    "sku that is no text": (line(sku=["SKU-1"]), "lines.0.sku", "not_text"),
    "long sku": (line(sku="S" * 41), "lines.0.sku", "too_long"),
    "quantity 0": (line(quantity=0), "lines.0.quantity", "out_of_range"),
    "quantity 10^9": (line(quantity=10**9), "lines.0.quantity", "out_of_range"),
    "quantity 10^4000": (line(quantity=10**4000), "lines.0.quantity", "out_of_range"),
    "quantity -1": (line(quantity=-1), "lines.0.quantity", "out_of_range"),
    "quantity 1.5": (line(quantity=1.5), "lines.0.quantity", "not_whole"),
    "quantity 1.0": (line(quantity=1.0), "lines.0.quantity", "not_whole"),
    "quantity true": (line(quantity=True), "lines.0.quantity", "not_whole"),
    "quantity as text": (line(quantity="1"), "lines.0.quantity", "not_whole"),
    "no quantity": (line(quantity=None), "lines.0.quantity", "required"),
    "negative price": (line(unit_price=-1), "lines.0.unit_price", "out_of_range"),
    "no lines": ({"lines": []}, "lines", "lines"),
    "201 lines": ({"lines": [{"sku": "SKU-1", "quantity": 1}] * 201}, "lines", "lines"),
    "lines as object": ({"lines": {"sku": "SKU-1"}}, "lines", "lines"),
    "line that is no object": ({"lines": ["SKU-1"]}, "lines.0", "not_object"),
    "somebody else's store": (pickup(store="amiens"), "fulfilment.store", "unknown"),
    "store that does not exist": (pickup(store="atlantis"), "fulfilment.store", "unknown"),
    "no store": (pickup(store=None), "fulfilment.store", "required"),
    "unknown kind": (pickup(kind="drone"), "fulfilment.kind", "unknown"),
    "address of a pickup": (pickup(address={"line": "x"}), "fulfilment.address", "not_wanted"),
    "delivery without address": (pickup(kind="ship"), "fulfilment.address", "required"),
    "no fulfilment": ({"fulfilment": None}, "fulfilment", "required"),
    "fulfilment as list": ({"fulfilment": []}, "fulfilment", "not_object"),
    "NUL in a text": ({"external_ref": "a\x00b"}, "external_ref", "bad_character"),
    "NUL in a sku": (line(sku="SKU\x00-1"), "lines.0.sku", "bad_character"),
    "NUL in a name": ({"customer": {"email": "a@b.fr", "given_name": "\x00"}}, "customer.given_name", "bad_character"),
    "NUL in a store": (pickup(store="lille\x00"), "fulfilment.store", "bad_character"),
    "long reference": ({"external_ref": "r" * 81}, "external_ref", "too_long"),
    "wrong currency": ({"currency": "USD"}, "currency", "currency_unknown"),
    "currency as number": ({"currency": 978}, "currency", "not_text"),
    "unknown field": ({"gift_wrap": True}, "gift_wrap", "unknown_field"),
    "unknown field of a line": (line(colour="red"), "lines.0.colour", "unknown_field"),
    "NUL in an unknown field": ({"\x00": 1}, "\x00", "unknown_field"),
    "no customer": ({"customer": None}, "customer", "required"),
    "customer as text": ({"customer": "Camille"}, "customer", "not_object"),
    "customer without identity": ({"customer": {"given_name": "Camille"}}, "customer", "no_identity"),
    "broken e-mail": ({"customer": {"email": "camille@"}}, "customer.email", "malformed"),
    "broken phone": ({"customer": {"phone": "12"}}, "customer.phone", "malformed"),
    "broken card": ({"customer": {"card": "<1>"}}, "customer.card", "malformed"),
    "unknown language": ({"customer": {"email": "a@b.fr", "language": "tlh"}}, "customer.language", "unknown"),
    "unknown tender": (paid(tender="barter"), "payment.tender", "unknown"),
    "unknown payment state": (paid(state="promised"), "payment.state", "unknown"),
    "payment without amount": (paid(amount=None), "payment.amount", "required"),
    "negative amount": (paid(amount=-1), "payment.amount", "out_of_range"),
    "card number": (paid(reference="4111 1111 1111 1111"), "payment.reference", "card_number"),
    "card number in a text": (paid(reference="psp-1: 4111-1111 1111.1111 ok"), "payment.reference", "card_number"),
    "card number behind letters": (paid(reference="visa5555555555554444"), "payment.reference", "card_number"),
    "card number at the end": (paid(reference="order 12345, 378282246310005"), "payment.reference", "card_number"),
    "delivery to be paid at pickup": (
        {"fulfilment": {"kind": "carry_out", "store": "lille"}, "payment": None}, "payment", "required"
    ),
    "negative total": ({"total": -1}, "total", "out_of_range"),
    "total as text": ({"total": "7000"}, "total", "not_whole"),
}  # fmt: skip


@pytest.mark.parametrize(("differently", "field", "code"), WRONG.values(), ids=WRONG)
def test_a_wrong_field_is_named_and_nothing_is_written(api, order_body, differently, field, code):
    with nothing_written():
        answer = api.place(order_body(**differently))
        body = assert_problem(answer, 400, "invalid")
    assert codes(body).get(field) == code, body["errors"]
    assert all(error["message"] for error in body["errors"])


def test_all_problems_of_a_request_come_at_once(api, order_body):
    with nothing_written():
        answer = api.place(
            order_body(
                currency="USD",
                customer={"email": "x", "phone": "y"},
                lines=[{"sku": "NONE", "quantity": 0}, {"gtin": "1", "quantity": 1}],
                fulfilment={"kind": "drone", "store": "amiens"},
            )
        )
    assert codes(assert_problem(answer, 400, "invalid")) == {
        "currency": "currency_unknown",
        "customer.email": "malformed",
        "customer.phone": "malformed",
        "lines.0.quantity": "out_of_range",
        "lines.0.sku": "unknown",
        "lines.1.gtin": "gtin_check_digit",
        "fulfilment.kind": "unknown",
        "fulfilment.store": "unknown",
    }


REFERENCES = {
    "superscript digits": "²" * 16,
    "UUID with digits only": "41111111-1111-1111-1111-111111111111",
    "UUID that holds a card's digits": "abcdef12-ab41-1111-1111-111111111111",
    "UUID without hyphens": "4111111111111111ab4111111111111111"[:32],
    "number of a payment page": "8515131751004933",
    "letters and digits": "pi_3MtwBwLkdIwHu7ix28a3tqPa",
    "twelve digits": "411111111117",
}


@pytest.mark.parametrize("reference", REFERENCES.values(), ids=REFERENCES)
def test_the_reference_of_a_payment_page_is_no_card_number(api, order_body, reference):
    assert api.place(order_body(**paid(reference=reference))).status_code == 201


def test_uuids_are_never_taken_for_cards():
    names = random.Random(7)
    uuids = [uuid.UUID(int=names.getrandbits(128)) for _ in range(20_000)]
    assert not [one for one in uuids if looks_like_card(str(one)) or looks_like_card(f"psp {one.hex}")]


def nested(depth: int) -> bytes:
    return b'{"lines": ' + b"[" * depth + b"]" * depth + b"}"


NO_JSON = {
    "empty text": b" ",
    "broken": b'{"lines": [',
    "text": b"hello",
    "list": b"[]",
    "number": b"1",
    "null": b"null",
    "twice the same key": b'{"total": 1, "total": 2}',
    "twice the same key inside": b'{"lines": [{"sku": "A", "sku": "B"}]}',
    "NaN": b'{"total": NaN}',
    "Infinity": b'{"total": -Infinity}',
    "not UTF-8": '{"external_ref": "é"}'.encode("latin-1"),
    "UTF-16": '{"total": 1}'.encode("utf-16"),
    "lone surrogate": rb'{"external_ref": "\ud800"}',
    "lone surrogate in a field's name": rb'{"\udfff": 1}',
    "bare NUL": b'{"external_ref": "\x00"}',
    "a number of 5,000 digits": b'{"total": ' + b"9" * 5000 + b"}",
    "100,000 deep": nested(100_000),
    **{f"{depth} deep": nested(depth) for depth in (300, 500, 700, 900, 950, 980, 1000, 2000)},
}


@pytest.mark.parametrize("sent", NO_JSON.values(), ids=NO_JSON)
def test_what_is_no_json_object_is_refused(api, house, sent):
    with nothing_written():
        answer = api.place(sent)
        body = answer.json()
        assert_problem(answer, 400, body["code"])
    assert body["code"] in {"bad_json", "invalid"}


def test_an_empty_body_says_what_is_missing(api, house):
    with nothing_written():
        body = assert_problem(api.place(b""), 400, "invalid")
    assert codes(body) == {"lines": "lines", "fulfilment": "required", "customer": "required"}


@pytest.mark.parametrize("size", [256 * 1024 + 1, 5_000_000])
def test_a_large_body_is_refused_before_it_is_read(api, order_body, size):
    sent = json.dumps(order_body()).encode()
    with nothing_written():
        assert_problem(api.place(sent + b" " * (size - len(sent))), 413, "body_too_large")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"]
)
def test_another_content_type_is_refused(api, order_body, kind):
    with nothing_written():
        answer = api.client.post(
            ORDERS, json.dumps(order_body()), content_type=kind, headers=api.headers(uuid.uuid4().hex)
        )
        assert_problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("key", ["", " ", '""', "k" * 256, "a\tb", "\x7f"])
def test_a_key_that_is_none_is_refused(api, order_body, key):
    headers = {**api.headers(), "Idempotency-Key": key}
    with nothing_written():
        answer = api.client.post(ORDERS, json.dumps(order_body()), content_type="application/json", headers=headers)
        assert_problem(answer, 400, "idempotency_key_missing")


def test_an_order_without_a_key_is_refused(api, order_body):
    with nothing_written():
        answer = api.client.post(
            ORDERS, json.dumps(order_body()), content_type="application/json", headers=api.headers()
        )
        assert_problem(answer, 400, "idempotency_key_missing")


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options", "head"])
def test_another_method_is_refused(api, house, method):
    with nothing_written():
        answer = getattr(api.client, method)(ORDERS, headers=api.headers())
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert "POST" in answer["Allow"]


@pytest.mark.parametrize("path", ["", "nothing/", "orders", "orders/W-1", "orders/a/b/", "../", "%00/", "orders/%ff/"])
def test_an_address_that_does_not_exist_is_a_problem(api, house, path):
    with nothing_written():
        assert_problem(api.get(f"/api/v1/{path}"), 404, "not_found")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense"])
def test_the_answer_is_json_whatever_is_asked_for(api, order_body, accept):
    answer = api.place(order_body(), Accept=accept)
    assert (answer.status_code, answer["Content-Type"]) == (201, "application/json")


@pytest.mark.parametrize("number", ["W-0", "%00", "W-1%00", "%F0%9F%A6%84", "a" * 500, "'; DROP TABLE sales_order; --"])
def test_an_order_that_does_not_exist_is_not_found(api, house, number):
    with nothing_written():
        assert_problem(api.order(number), 404, "not_found")
