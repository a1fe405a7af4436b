"""One door: a password, then a second factor where the house wants one. Nothing is reached in between."""

import time

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from omni.staff.models import RecoveryCode, SecondFactor, User
from omni.staff.services import factors
from tests import factories
from tests.permissions.table import PUBLIC, ROUTES

START = 1_795_000_020


@pytest.fixture
def at():
    with time_machine.travel(START, tick=False) as traveller:
        yield lambda seconds: traveller.move_to(START + seconds)


def code_now(key, steps=0):
    return factors.code_at(key, int(time.time()) // 30 + steps)


@pytest.fixture
def key(at, manager):
    """The manager has an authenticator app, confirmed two minutes ago."""
    key = factors.new_key()
    factors.confirm(person_id=manager.pk, key=key, code=code_now(key))
    at(120)
    return key


def enter(client, login="manager", **more):
    return client.post(reverse("sign-in"), {"username": login, "password": factories.PASSWORD, **more})


def is_in(client):
    return client.get(reverse("me")).status_code == 200


def test_the_codes_are_those_of_the_standard():
    # RFC 6238, appendix B, SHA-1, the last six of its eight digits
    key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    moments = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
    assert {moment: factors.code_at(key, moment // 30) for moment in moments} == moments


def test_a_password_and_a_code_open(key):
    client = Client()
    answer = enter(client, next="/orders/")
    assert answer["Location"] == reverse("second-factor")
    assert not is_in(client)
    assert client.post(reverse("second-factor"), {"code": "000000"}).status_code == 422
    assert not is_in(client)
    assert client.post(reverse("second-factor"), {"code": code_now(key)})["Location"] == "/orders/"
    assert is_in(client)


def test_no_page_of_the_house_is_reached_with_half_a_sign_in(key):
    client = Client()
    enter(client)
    for name, methods in ROUTES.items():
        if PUBLIC in methods.values() or name.startswith("api-"):
            continue
        try:
            address = reverse(name)
        except Exception:  # noqa: BLE001, S112  (it has something in its address: tried by the matrix of routes)
            continue
        for method in methods:
            answer = client.generic(method, address)
            assert answer["Location"].startswith(reverse("sign-in")), name
    assert "_auth_user_id" not in client.session


def test_nobody_enters_a_step_from_outside(key, manager):
    for step in ("second-factor", "factor-enrolment", "first-password"):
        for method in ("get", "post"):
            answer = getattr(Client(), method)(reverse(step), {"code": code_now(key)})
            assert answer["Location"] == reverse("sign-in")
    client = Client()
    enter(client)
    for step in ("factor-enrolment", "first-password"):  # not one's own step
        assert client.post(reverse(step), {"code": code_now(key), "password": "x" * 12})["Location"] == reverse(
            "sign-in"
        )
    assert SecondFactor.objects.get().person == manager


def test_half_a_sign_in_lasts_five_minutes(at, key):
    client = Client()
    enter(client)
    at(120 + 300)
    assert client.post(reverse("second-factor"), {"code": code_now(key)})["Location"] == reverse("sign-in")
    assert not is_in(client)


def test_a_code_is_taken_once(key):
    first, second = Client(), Client()
    enter(first)
    enter(second)
    code = code_now(key)
    assert first.post(reverse("second-factor"), {"code": code}).status_code == 302
    assert second.post(reverse("second-factor"), {"code": code}).status_code == 422
    assert not is_in(second)


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_a_clock_may_be_half_a_minute_wrong(key, steps, status):
    client = Client()
    enter(client)
    assert client.post(reverse("second-factor"), {"code": code_now(key, steps)}).status_code == status


def test_codes_are_not_guessed(at, key):
    for _guess in range(5):
        client = Client()
        enter(client)
        assert client.post(reverse("second-factor"), {"code": "000000"}).status_code == 422
    client = Client()
    enter(client)
    assert client.post(reverse("second-factor"), {"code": code_now(key)}).status_code == 429
    assert not is_in(client)
    at(120 + 900)
    client = Client()
    enter(client)
    assert client.post(reverse("second-factor"), {"code": code_now(key)}).status_code == 302


def test_a_recovery_code_works_once(key, manager):
    codes = factors.renew_recovery_codes(person_id=manager.pk)
    assert (len(codes), len(set(codes))) == (10, 10)
    assert not {code.replace("-", "") for code in codes} & set(RecoveryCode.objects.values_list("code_hash", flat=True))
    client = Client()
    enter(client)
    assert client.post(reverse("second-factor"), {"code": codes[3].lower()}).status_code == 302
    again = Client()
    enter(again)
    assert again.post(reverse("second-factor"), {"code": codes[3]}).status_code == 422
    assert RecoveryCode.objects.filter(used_at=None).count() == 9


@pytest.mark.parametrize(
    ("role", "asked"), [("clerk", False), ("agent", True), ("manager", True), ("administrator", True)]
)
def test_desk_roles_must_have_one_where_the_house_says_so(at, house, settings, role, asked):
    settings.REQUIRE_MFA = True
    person = factories.PersonFactory(login="somebody", role=role, stores=[house.lille])
    client = Client()
    answer = enter(client, "somebody")
    assert (answer["Location"] == reverse("factor-enrolment"), is_in(client)) == (asked, not asked)
    if asked:
        assert b"<svg" in client.get(reverse("factor-enrolment")).content
        key = factors.unseal(client.session["factor_key"])
        assert client.post(reverse("factor-enrolment"), {"code": "000000"}).status_code == 422
        assert not SecondFactor.objects.exists()
        answer = client.post(reverse("factor-enrolment"), {"code": code_now(key)})
        assert answer["Location"] == reverse("recovery-codes")
        page = client.get(reverse("recovery-codes"))
        assert len(page.context["codes"]) == 10
        assert client.get(reverse("recovery-codes")).status_code == 302  # shown once
        assert is_in(client)
        assert key not in SecondFactor.objects.get(person=person).sealed_key


@pytest.mark.parametrize("role", ["clerk", "agent", "manager", "administrator"])
def test_nobody_must_have_one_where_the_house_does_not_say_so(house, settings, role):
    settings.REQUIRE_MFA = False
    factories.PersonFactory(login="somebody", role=role, stores=[house.lille])
    client = Client()
    assert enter(client, "somebody")["Location"] == "/"
    assert is_in(client)


def test_a_second_factor_is_not_put_down_where_it_is_required(key, settings):
    settings.REQUIRE_MFA = True
    client = Client()
    enter(client)
    client.post(reverse("second-factor"), {"code": code_now(key)})
    assert client.post(reverse("own-factor-end")).status_code == 422
    assert SecondFactor.objects.count() == 1
    settings.REQUIRE_MFA = False
    assert client.post(reverse("own-factor-end")).status_code == 302
    assert SecondFactor.objects.count() == 0


def test_an_operator_helps_whoever_lost_their_phone(key, manager):
    call_command("reset_second_factor", "manager")
    assert (SecondFactor.objects.count(), RecoveryCode.objects.count()) == (0, 0)
    assert enter(Client())["Location"] == "/"


def test_an_administrator_helps_too_and_a_manager_or_the_person_does_not(key, house, manager, manager_client):
    def reset(client, person):
        return client.post(reverse("person-factor", args=[person.pk]))

    assert reset(manager_client, manager).status_code == 403
    administrator = factories.PersonFactory(login="admin", role="administrator", stores=[house.lille, house.lens])
    client = Client()
    client.force_login(administrator)
    factors.confirm(person_id=administrator.pk, key=key, code=code_now(key, 1))
    reset(client, administrator)
    assert SecondFactor.objects.count() == 2
    assert reset(client, manager).status_code == 302
    assert SecondFactor.objects.get().person == administrator


def test_no_password_and_no_key_is_readable_in_a_session(key, settings):
    settings.REQUIRE_MFA = True
    factories.PersonFactory(login="new", role="agent", stores=[])
    for login in ("manager", "new"):
        client = Client()
        enter(client, login)
        client.get(reverse("factor-enrolment"))
        kept = str(dict(client.session.items()))
        assert factories.PASSWORD not in kept
        if login == "new":
            assert factors.unseal(client.session["factor_key"]) not in kept


def test_a_first_password_opens_only_the_page_to_choose_one_s_own(at, house, clerk):
    from datetime import timedelta

    from django.utils import timezone

    User.objects.filter(pk=clerk.pk).update(first_password_until=timezone.now() + timedelta(hours=72))
    client = Client()
    assert enter(client, "clerk")["Location"] == reverse("first-password")
    assert not is_in(client)
    for password, again in (
        ("short", "short"),
        (factories.PASSWORD, factories.PASSWORD),
        ("a-new-long-one-7", "other"),
    ):
        answer = client.post(reverse("first-password"), {"password": password, "password_again": again})
        assert answer.status_code == 422, password
    chosen = {"password": "a-new-long-one-7", "password_again": "a-new-long-one-7"}
    assert client.post(reverse("first-password"), chosen)["Location"] == "/"
    assert is_in(client)
    assert User.objects.get(pk=clerk.pk).first_password_until is None


def test_a_first_password_grows_too_old(at, house, clerk):
    from django.utils import timezone

    User.objects.filter(pk=clerk.pk).update(first_password_until=timezone.now())
    client = Client()
    assert enter(client, "clerk").status_code == 422
    assert not is_in(client)
