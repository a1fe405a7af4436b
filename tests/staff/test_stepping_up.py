"""Before what cannot be taken back the person proves again who they are; nothing that they sent is lost."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from omni.staff.models import Device, DeviceCode, User
from tests import factories
from tests.staff.tablets import PIN, client_of, enrolled, with_pin

START = 1_795_000_000
PROOF = "step_up_proof"


@pytest.fixture
def at():
    with time_machine.travel(START, tick=False) as traveller:
        yield lambda seconds: traveller.move_to(START + seconds)


@pytest.fixture
def stale(at, manager):
    """The manager's browser, five minutes after they signed in."""
    client = Client()
    client.force_login(manager)
    at(300)
    return client


def hidden(page):
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode()))


def test_a_sign_in_is_a_proof_for_five_minutes(at, house, manager):
    client = Client()
    client.force_login(manager)
    at(299)
    assert client.post(reverse("device-code"), {"store": house.lille.pk, "name": "Till"}).status_code == 200
    at(300)
    assert client.post(reverse("device-code"), {"store": house.lille.pk, "name": "Till"}).status_code == 422
    assert DeviceCode.objects.count() == 1


def test_a_form_asks_first_and_is_then_sent_as_it_was(house, stale):
    sent = {"store": str(house.lille.pk), "name": 'Caisse <b>&"2', "idempotency_key": "k-1"}
    asked = stale.post(reverse("device-code"), sent)
    assert (asked.status_code, DeviceCode.objects.count()) == (422, 0)
    assert b"&lt;b&gt;&amp;&quot;2" in asked.content
    wrong = stale.post(reverse("device-code"), {**sent, PROOF: "wrong"})
    assert (wrong.status_code, DeviceCode.objects.count()) == (422, 0)
    assert "idempotency_key" in hidden(wrong)
    done = stale.post(reverse("device-code"), {**sent, PROOF: factories.PASSWORD})
    assert (done.status_code, DeviceCode.objects.get().device_name) == (200, 'Caisse <b>&"2')
    assert factories.PASSWORD.encode() not in done.content


def test_a_page_asks_first_and_is_then_shown(stale):
    answer = stale.get(reverse("own-factor"))
    assert answer["Location"] == reverse("step-up") + "?next=%2Fme%2Fauthenticator%2F"
    page = stale.get(answer["Location"])
    assert hidden(page)["next"] == reverse("own-factor")
    back = stale.post(reverse("step-up"), {"next": reverse("own-factor"), PROOF: factories.PASSWORD})
    assert back["Location"] == reverse("own-factor")
    assert stale.get(reverse("own-factor")).status_code == 200


def test_the_way_back_leads_nowhere_else(stale):
    for wanted in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = stale.post(reverse("step-up"), {"next": wanted, PROOF: factories.PASSWORD})
        assert answer["Location"] == "/", wanted


def test_what_htmx_sends_goes_to_the_question_and_back_to_its_page(house, stale):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/devices/?page=2"}
    answer = stale.post(reverse("device-code"), {"store": house.lille.pk, "name": "Till"}, headers=headers)
    assert (answer.status_code, DeviceCode.objects.count()) == (401, 0)
    assert answer["HX-Redirect"] == reverse("step-up") + "?next=%2Fdevices%2F%3Fpage%3D2"


def test_five_wrong_answers_end_the_session(house, stale):
    for _try in range(5):
        assert stale.post(reverse("step-up"), {PROOF: "wrong"}).status_code == 422
    answer = stale.post(reverse("step-up"), {PROOF: factories.PASSWORD})
    assert answer["Location"].startswith(reverse("sign-in"))
    assert stale.get(reverse("me")).status_code == 302


def test_somebody_without_the_right_is_not_even_asked(at, house, manager, clerk):
    device = enrolled(house.lille, by=manager)
    client = Client()
    client.force_login(clerk)
    at(300)
    assert client.post(reverse("device-revocation", args=[device.id])).status_code == 403
    assert Device.objects.get().revoked_at is None


def test_on_a_tablet_the_pin_is_asked_and_wrong_ones_are_counted(at, house, manager):
    device = enrolled(house.lille, by=manager)
    with_pin(device, manager)
    tablet = client_of(device)
    tablet.post(reverse("pin", args=[manager.pk]), {"pin": PIN})
    for second in (100, 200, 300):
        at(second)
        tablet.post(reverse("presence"))
    assert tablet.post(reverse("step-up"), {PROOF: factories.PASSWORD}).status_code == 422
    assert tablet.post(reverse("step-up"), {PROOF: "111222"}).status_code == 422
    assert manager.pins.get().wrong_tries == 2
    assert tablet.post(reverse("step-up"), {PROOF: PIN})["Location"] == "/"


def test_a_seat_of_the_demo_needs_a_press_and_only_in_the_demo(at, house, manager, settings):
    settings.DEMO = True
    client = Client()
    client.post(reverse("demo-sign-in"), {"login": "manager"})
    at(300)
    assert b'value="seat"' in client.get(reverse("step-up")).content
    settings.DEMO = False
    assert client.post(reverse("step-up"), {PROOF: "seat"}).status_code == 422
    settings.DEMO = True
    assert client.post(reverse("step-up"), {PROOF: "seat"}).status_code == 302


def test_changing_one_s_password_signs_out_everywhere_else(house, manager):
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.force_login(manager)
    key = here.cookies["omni_session"].value
    wrong = {"current": "wrong", "password": "a-new-long-one-7", "password_again": "a-new-long-one-7"}
    assert here.post(reverse("own-password"), wrong).status_code == 422
    assert User.objects.get(pk=manager.pk).check_password(factories.PASSWORD)
    assert here.post(reverse("own-password"), {**wrong, "current": factories.PASSWORD}).status_code == 302
    assert here.get(reverse("me")).status_code == 200
    assert here.cookies["omni_session"].value != key
    assert elsewhere.get(reverse("me")).status_code == 302


def test_a_changed_password_takes_the_pins_away(house, manager, clerk):
    device = enrolled(house.lille, by=manager)
    with_pin(device, clerk)
    tablet, browser = client_of(device), Client()
    tablet.post(reverse("pin", args=[clerk.pk]), {"pin": PIN})
    browser.force_login(clerk)
    new = {"current": factories.PASSWORD, "password": "a-new-long-one-7", "password_again": "a-new-long-one-7"}
    browser.post(reverse("own-password"), new)
    assert tablet.get(reverse("today")).status_code == 302
    assert tablet.post(reverse("pin", args=[clerk.pk]), {"pin": PIN}).status_code == 404


def test_somebody_who_is_sent_away_is_out_at_once(house, manager, manager_client):
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert manager_client.get(reverse("me")).status_code == 302


def test_preferences_are_kept_for_the_person_and_follow_them(house, manager, manager_client):
    manager_client.post(reverse("me"), {"language": "fr", "theme": "dark", "shortcuts": "on"})
    names = {name: manager_client.cookies[name].value for name in ("omni_theme", "omni_sound", "omni_shortcuts")}
    assert names == {"omni_theme": "dark", "omni_sound": "off", "omni_shortcuts": ""}
    assert User.objects.get(pk=manager.pk).language == "fr"
    other = Client()
    other.post(reverse("sign-in"), {"username": "manager", "password": factories.PASSWORD})
    assert other.cookies["omni_theme"].value == "dark"
