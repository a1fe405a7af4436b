"""Wrong passwords lock a login for its address, with the same words for logins that exist and that do not."""

import pytest
import time_machine
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from omni.staff.addresses import client_address
from omni.staff.models import Tries
from omni.staff.services import limiting
from tests import factories, journeys
from tests.races.crowd import at_once

RIGHT = factories.PASSWORD


def try_in(login, password, *, address="192.0.2.1", language="en", **headers):
    client = Client(REMOTE_ADDR=address)
    sent = {"Accept-Language": language, **headers}
    return client.post(reverse("sign-in"), {"username": login, "password": password}, headers=sent)


def words(answer, login):
    """What the page says, without the login that was typed and the tokens that differ each time."""
    import re

    text = answer.content.decode().replace(login, "LOGIN")
    return re.sub(r'(csrfmiddlewaretoken" value=|csrf-token" content=|data-now=|request-id[^>]*>)"?[^"<]*', "", text)


def test_five_wrong_passwords_lock_the_login_for_the_address(house, clerk):
    statuses = [try_in("clerk", "wrong").status_code for _try in range(6)]
    assert statuses == [422, 422, 422, 422, 429, 429]
    assert try_in("clerk", RIGHT).status_code == 429
    assert "15 minutes" in try_in("clerk", RIGHT).content.decode()
    assert "15\u00a0minutes" in try_in("clerk", RIGHT, language="fr").content.decode().replace("\u202f", "\u00a0")


def test_the_store_next_door_is_not_locked_out(house, clerk):
    for _try in range(6):
        try_in("clerk", "wrong")
    assert try_in("clerk", RIGHT, address="192.0.2.2").status_code == 302


def test_a_login_that_does_not_exist_is_answered_alike(house, clerk):
    for number in range(7):
        known, unknown = try_in("clerk", "wrong"), try_in("nobody-here", "wrong")
        assert known.status_code == unknown.status_code, number
        assert words(known, "clerk") == words(unknown, "nobody-here"), number


def test_a_header_that_anybody_can_write_keeps_one_bucket(house, clerk):
    for number in range(5):
        try_in("clerk", "wrong", **{"X-Forwarded-For": f"203.0.113.{number}"})
    assert try_in("clerk", RIGHT, **{"X-Forwarded-For": "203.0.113.77"}).status_code == 429
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"192.0.2.1"}


def test_behind_a_proxy_that_we_were_told_of_its_header_counts(rf, settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    hops = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.9, 203.0.113.5, 10.0.0.2"}
    assert client_address(rf.get("/", **hops)) == "203.0.113.5"
    assert client_address(rf.get("/", **(hops | {"REMOTE_ADDR": "203.0.113.8"}))) == "203.0.113.8"
    assert client_address(rf.get("/", **(hops | {"HTTP_X_FORWARDED_FOR": "nonsense"}))) == "0.0.0.0"  # noqa: S104


def test_the_lock_ends(house, clerk):
    with time_machine.travel("2026-11-20 10:00:00Z", tick=False) as traveller:
        for _try in range(5):
            try_in("clerk", "wrong")
        traveller.move_to("2026-11-20 10:14:59Z")
        assert try_in("clerk", RIGHT).status_code == 429
        traveller.move_to("2026-11-20 10:15:01Z")
        assert try_in("clerk", RIGHT).status_code == 302


def test_many_addresses_do_not_help_against_one_login(house, clerk):
    for number in range(30):
        try_in("clerk", "wrong", address=f"198.51.100.{number}")
    answer = try_in("clerk", RIGHT, address="198.51.100.200")
    assert answer.status_code == 422
    assert "Too many tries" in answer.content.decode()


def test_who_guessed_is_kept_as_a_keyed_hash(house, clerk):
    try_in("clerk", "wrong")
    kept = str(list(Tries.objects.values_list()))
    assert "clerk" not in kept
    assert "192.0.2.1" not in kept


def test_no_password_is_kept_with_an_attempt(house, clerk):
    try_in("clerk", "my-own-secret-99")
    assert "my-own-secret-99" not in str(list(AccessAttempt.objects.values_list()))


@pytest.mark.django_db(transaction=True)
def test_tries_at_once_are_all_counted():
    def one():
        return limiting.count(what="x", whom="y", limit=5, seconds=60)

    outcomes = at_once([one] * 8)
    refused = [outcome for outcome in outcomes if isinstance(outcome, limiting.TooManyTries)]
    assert sorted(outcome for outcome in outcomes if isinstance(outcome, int)) == [0, 1, 2, 3, 4]
    assert (len(refused), Tries.objects.get().tries) == (3, 8)


def test_a_pickup_code_is_not_guessed(house, clerk, clerk_client):
    order = journeys.ready(journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk), by=clerk)
    from orders.fulfilment import codes

    right = codes.digits(order.public_id, order.code_round)
    wrong = "000000" if right != "000000" else "000001"
    address = reverse("hand-over-code", args=[order.public_id])
    assert [clerk_client.post(address, {"code": wrong}).status_code for _try in range(6)] == [422] * 5 + [429]
    assert clerk_client.post(address, {"code": right}).status_code == 429
    assert "proof" not in clerk_client.session
