"""A tablet is enrolled once, belongs to a store, and is revoked at once."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from omni.staff.devices import COOKIE
from omni.staff.models import Device, DeviceCode
from tests import factories
from tests.staff.tablets import client_of, enrolled, with_pin


def made_code(manager_client, store, name="Till 2"):
    return manager_client.post(reverse("device-code"), {"store": store.pk, "name": name}).context["code"]


def test_a_manager_s_code_makes_a_tablet_once(house, manager, manager_client):
    code = made_code(manager_client, house.lille)
    tablet = Client()
    answer = tablet.post(reverse("device-enrolment"), {"code": code.lower().replace("-", " ")})
    assert (answer.status_code, answer["Location"]) == (302, reverse("sign-in"))
    device = Device.objects.get()
    assert (device.name, device.location, device.enrolled_by) == ("Till 2", house.lille, manager)
    cookie = tablet.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value not in str(Device.objects.values_list().get())
    assert Client().post(reverse("device-enrolment"), {"code": code}).status_code == 422
    assert Device.objects.count() == 1


def test_a_code_lives_ten_minutes_and_is_nowhere_readable(house, manager_client):
    code = made_code(manager_client, house.lille)
    kept = str(DeviceCode.objects.values_list().get())
    assert code not in kept
    assert code.replace("-", "") not in kept
    made = DeviceCode.objects.get()
    with time_machine.travel(made.expires_at, tick=False):
        assert Client().post(reverse("device-enrolment"), {"code": code}).status_code == 422
    assert Device.objects.count() == 0


def test_codes_are_not_guessed(house, manager_client):
    code = made_code(manager_client, house.lille)
    stranger = Client()
    for _guess in range(10):
        assert stranger.post(reverse("device-enrolment"), {"code": "AAAA-AAAA"}).status_code == 422
    # The eleventh is not even looked at, right as it is; a header that anybody can write changes nothing.
    answer = stranger.post(reverse("device-enrolment"), {"code": code}, headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.status_code == 429
    assert Device.objects.count() == 0


def test_a_manager_enrols_for_their_own_stores_only(house, manager_client):
    answer = manager_client.post(reverse("device-code"), {"store": house.amiens.pk, "name": "Till"})
    assert answer.status_code == 422
    assert DeviceCode.objects.count() == 0


def test_a_clerk_enrols_and_revokes_nothing(house, manager, clerk_client):
    device = enrolled(house.lille, by=manager)
    assert clerk_client.get(reverse("devices")).status_code == 403
    assert clerk_client.post(reverse("device-code"), {"store": house.lille.pk, "name": "x"}).status_code == 403
    assert clerk_client.post(reverse("device-revocation", args=[device.id])).status_code == 403
    assert (Device.objects.get().revoked_at, DeviceCode.objects.filter(device=None).count()) == (None, 0)


def test_a_tablet_of_another_store_does_not_exist(house, manager, manager_client):
    far = factories.PersonFactory(login="far", role="manager", stores=[house.amiens])
    device = enrolled(house.amiens, by=far, name="Zq tablet")
    assert manager_client.post(reverse("device-revocation", args=[device.id])).status_code == 404
    assert b"Zq tablet" not in manager_client.get(reverse("devices")).content
    assert Device.objects.get().revoked_at is None


@pytest.mark.django_db(transaction=True)
def test_a_revoked_tablet_ends_its_session_and_knows_nobody(house, manager, clerk, manager_client):
    device = enrolled(house.lille, by=manager)
    with_pin(device, clerk)
    tablet = client_of(device)
    tablet.post(reverse("pin", args=[clerk.pk]), {"pin": "258036"})
    assert tablet.get(reverse("today")).status_code == 200
    assert manager_client.post(reverse("device-revocation", args=[device.id])).status_code == 302
    answer = tablet.get(reverse("today"))
    assert answer["Location"].startswith(reverse("sign-in"))
    assert clerk.name.encode() not in tablet.get(reverse("sign-in")).content
    assert tablet.post(reverse("pin", args=[clerk.pk]), {"pin": "258036"}).status_code == 404
    assert Device.objects.get().revoked_by == manager


def test_a_session_does_not_leave_its_tablet(house, manager, clerk):
    device = enrolled(house.lille, by=manager)
    with_pin(device, clerk)
    tablet = client_of(device)
    tablet.post(reverse("pin", args=[clerk.pk]), {"pin": "258036"})
    elsewhere = Client()
    elsewhere.cookies["omni_session"] = tablet.cookies["omni_session"].value
    assert elsewhere.get(reverse("today"))["Location"].startswith(reverse("sign-in"))


def test_enrolling_ends_whoever_was_signed_in(house, manager, manager_client):
    code = made_code(manager_client, house.lille)
    manager_client.post(reverse("device-enrolment"), {"code": code})
    assert manager_client.get(reverse("devices")).status_code == 302
