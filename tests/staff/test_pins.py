"""Six digits on one tablet: five tries, and worth nothing anywhere else."""

import pytest
from django.contrib.auth.hashers import check_password
from django.urls import reverse

from omni.staff.models import Pin, StoreAccess, User
from omni.staff.services import pins
from tests import factories
from tests.races.crowd import Meeting, at_once
from tests.staff.tablets import PIN, client_of, enrolled, with_pin


@pytest.fixture
def device(house, manager, clerk):
    device = enrolled(house.lille, by=manager)
    with_pin(device, clerk)
    return device


def opened(client) -> bool:
    return client.get(reverse("today")).status_code == 200


def test_a_tile_and_six_digits_open(device, clerk):
    tablet = client_of(device)
    assert clerk.name.encode() in tablet.get(reverse("sign-in")).content
    answer = tablet.post(reverse("pin", args=[clerk.pk]), {"pin": PIN})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert opened(tablet)


def test_five_wrong_tries_lock_until_a_full_sign_in(device, clerk):
    tablet, address = client_of(device), reverse("pin", args=[clerk.pk])
    for left in (4, 3, 2, 1):
        answer = tablet.post(address, {"pin": "111222"})
        assert (answer.status_code, str(left).encode() in answer.content) == (422, True)
    for pin in ("111222", PIN):  # the fifth wrong one, and then the right one
        assert b"password" in tablet.post(address, {"pin": pin}).content
        assert not opened(tablet)
    assert Pin.objects.get().wrong_tries == 5
    tablet.post(reverse("sign-in"), {"username": "clerk", "password": factories.PASSWORD})
    tablet.post(reverse("lock"))
    assert tablet.post(address, {"pin": PIN}).status_code == 302


def test_the_right_pin_forgets_the_wrong_tries(device, clerk):
    tablet, address = client_of(device), reverse("pin", args=[clerk.pk])
    for _try in range(4):
        tablet.post(address, {"pin": "111222"})
    tablet.post(address, {"pin": PIN})
    assert Pin.objects.get().wrong_tries == 0


def test_a_pin_opens_no_other_tablet(house, device, manager, clerk):
    other = enrolled(house.lille, by=manager, name="Till 3")
    assert client_of(other).post(reverse("pin", args=[clerk.pk]), {"pin": PIN}).status_code == 404
    # Even its row, copied to another tablet, opens nothing there: the secret of the tablet is in the hash.
    Pin.objects.create(device_id=other.id, person=clerk, pin_hash=Pin.objects.get().pin_hash)
    tablet = client_of(other)
    assert tablet.post(reverse("pin", args=[clerk.pk]), {"pin": PIN}).status_code == 422
    assert not opened(tablet)


def test_a_browser_that_is_no_tablet_has_no_tiles(device, clerk, client):
    assert client.post(reverse("pin", args=[clerk.pk]), {"pin": PIN}).status_code == 404
    assert clerk.name.encode() not in client.get(reverse("sign-in")).content


@pytest.mark.parametrize("what", ["left the store", "left the house"])
def test_whoever_left_has_no_tile(device, clerk, what):
    if what == "left the store":
        StoreAccess.objects.filter(user=clerk).delete()
    else:
        User.objects.filter(pk=clerk.pk).update(is_active=False)
    tablet = client_of(device)
    assert clerk.name.encode() not in tablet.get(reverse("sign-in")).content
    assert tablet.post(reverse("pin", args=[clerk.pk]), {"pin": PIN}).status_code == 404


def test_a_person_chooses_their_pin_after_a_full_sign_in(house, manager, clerk):
    tablet = client_of(enrolled(house.lille, by=manager))
    answer = tablet.post(reverse("sign-in"), {"username": "clerk", "password": factories.PASSWORD, "next": "/orders/"})
    assert answer["Location"] == reverse("pin-setting")
    for pin, again in ((PIN, "258037"), ("123456", "123456"), ("777777", "777777"), ("258258", "258258"), ("25", "25")):
        refused = tablet.post(reverse("pin-setting"), {"pin": pin, "pin_again": again})
        assert (refused.status_code, Pin.objects.count()) == (422, 0), pin
    assert tablet.post(reverse("pin-setting"), {"pin": PIN, "pin_again": PIN})["Location"] == "/orders/"
    assert PIN not in Pin.objects.get().pin_hash


def test_whoever_manages_people_has_no_pin(house, manager):
    administrator = factories.PersonFactory(login="admin", role="administrator", stores=[house.lille])
    tablet = client_of(enrolled(house.lille, by=manager))
    answer = tablet.post(reverse("sign-in"), {"username": "admin", "password": factories.PASSWORD})
    assert answer["Location"] == "/"
    assert tablet.post(reverse("pin-setting"), {"pin": PIN, "pin_again": PIN}).status_code == 403
    assert Pin.objects.filter(person=administrator).count() == 0


def test_a_new_session_begins_at_each_change_of_person(house, device, manager, clerk):
    with_pin(device, manager, "904417")
    tablet = client_of(device)
    tablet.get(reverse("sign-in"))
    seen = []
    for person, pin in ((clerk, PIN), (manager, "904417")):
        tablet.post(reverse("pin", args=[person.pk]), {"pin": pin})
        seen.append((tablet.cookies["omni_session"].value, tablet.cookies["omni_csrf"].value))
        session = tablet.session
        session["secret of"] = person.name
        session.save()
    assert len({one for pair in seen for one in pair}) == 4
    assert "secret of" in tablet.session
    tablet.post(reverse("lock"))
    assert set(tablet.session.keys()) == {"locked"}
    tablet.post(reverse("pin", args=[clerk.pk]), {"pin": PIN})
    assert tablet.session.get("secret of") is None


def test_a_planted_session_is_not_the_one_that_is_used(device, clerk):
    planted = client_of(device)
    planted.post(reverse("lock"))
    session = planted.session
    session["planted"] = "yes"
    session.save()
    victim = client_of(device)
    victim.cookies["omni_session"] = session.session_key
    victim.post(reverse("pin", args=[clerk.pk]), {"pin": PIN})
    assert victim.cookies["omni_session"].value != session.session_key
    assert "planted" not in victim.session
    planted.cookies["omni_session"] = session.session_key
    assert not opened(planted)


@pytest.mark.django_db(transaction=True)
def test_two_wrong_pins_at_once_count_twice(house, device, clerk):
    tries = [lambda: pins.check(device=device, person_id=clerk.pk, pin="111222") for _try in range(8)]
    refused = at_once(tries)
    assert sorted(type(one).__name__ for one in refused) == ["PinLocked"] * 4 + ["WrongPin"] * 4
    assert Pin.objects.get().wrong_tries == 5


@pytest.mark.django_db(transaction=True)
def test_the_same_crowd_guesses_freely_when_tries_are_counted_afterwards(house, device, clerk):
    """The twin: read, compare, write back. Eight guesses are made, and hardly counted."""
    meeting, compared = Meeting(8), []

    def naive():
        pin = Pin.objects.get()
        meeting.wait()
        compared.append(check_password(f"{device.secret}:111222", pin.pin_hash))
        pin.wrong_tries += 1
        pin.save()

    at_once([naive] * 8)
    assert len(compared) == 8
    assert Pin.objects.get().wrong_tries < 5
