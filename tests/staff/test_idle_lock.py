"""The server locks what nobody touches: two minutes on a tablet, half an hour elsewhere. What was typed is kept."""

import json

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from omni.staff.models import Draft
from tests import factories
from tests.staff.tablets import PIN, client_of, enrolled, with_pin

START = 1_795_000_000


@pytest.fixture
def at():
    """`at(119)` is 119 seconds later."""
    with time_machine.travel(START, tick=False) as traveller:
        yield lambda seconds: traveller.move_to(START + seconds)


@pytest.fixture
def device(house, manager, clerk):
    device = enrolled(house.lille, by=manager)
    with_pin(device, clerk)
    return device


@pytest.fixture
def tablet(at, device, clerk):
    tablet = client_of(device)
    tablet.post(reverse("pin", args=[clerk.pk]), {"pin": PIN})
    return tablet


def is_open(client) -> bool:
    return client.get(reverse("today")).status_code == 200


def test_a_tablet_is_open_for_two_minutes_after_the_last_request_and_no_longer(at, tablet):
    at(119)
    assert is_open(tablet)
    at(119 + 119)
    assert is_open(tablet)
    at(119 + 119 + 120)
    answer = tablet.get(reverse("today"))
    assert answer["Location"] == reverse("sign-in")
    assert answer["Clear-Site-Data"] == '"cache"'
    assert not is_open(tablet)


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(at, tablet):
    for second in range(20, 120, 20):
        at(second)
        assert tablet.get(reverse("today"), headers={"X-Omni-Poll": "1"}).status_code == 200
    at(120)
    assert not is_open(tablet)


def test_the_twin_without_the_mark_stays_open(at, tablet):
    for second in range(20, 400, 20):
        at(second)
        assert is_open(tablet)


def test_a_sign_of_life_keeps_it_open(at, tablet):
    for second in (100, 200, 300):
        at(second)
        assert tablet.post(reverse("presence")).status_code == 204
    at(400)
    assert is_open(tablet)


def test_a_locked_fragment_is_told_so(at, tablet):
    at(121)
    answer = tablet.get(reverse("today"), headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/orders/"})
    assert (answer.status_code, answer["X-Omni-Locked"]) == (401, "1")
    assert answer["HX-Redirect"] == reverse("sign-in")
    assert b"<" not in answer.content


def test_the_same_person_comes_back_to_their_page_and_another_does_not(at, house, device, tablet, clerk, manager):
    with_pin(device, manager, "904417")
    at(200)
    assert tablet.get(reverse("orders") + "?text=Dupont")["Location"] == reverse("sign-in")
    page = tablet.get(reverse("sign-in")).content.decode()
    assert "Dupont" not in page
    assert reverse("pin", args=[clerk.pk]) + '" method="post"' in page
    back = tablet.post(reverse("pin", args=[clerk.pk]), {"pin": PIN})
    assert back["Location"] == reverse("orders") + "?text=Dupont"
    at(400)
    tablet.get(reverse("orders") + "?text=Dupont")
    other = tablet.post(reverse("pin", args=[manager.pk]), {"pin": "904417"})
    assert other["Location"] == "/"


def test_a_locked_session_holds_nothing_but_who_and_where(at, tablet, clerk):
    session = tablet.session
    session["proof"] = {"order": "x"}
    session.save()
    key = session.session_key
    at(200)
    tablet.get(reverse("today"))
    assert not Session.objects.filter(session_key=key).exists()
    assert dict(tablet.session.items()) == {"locked": {"person": clerk.pk, "next": reverse("today")}}


@pytest.mark.parametrize("name", ["orders", "me", "step-up", "draft", "pin-setting", "recovery-codes", "home"])
def test_no_page_is_reached_while_locked(at, tablet, name):
    at(200)
    assert tablet.get(reverse(name))["Location"] == reverse("sign-in")


def test_an_ordinary_browser_has_half_an_hour(at, house, agent):
    client = Client()
    client.force_login(agent)
    at(1799)
    assert client.get(reverse("customers")).status_code == 200
    at(1799 + 1800)
    assert client.get(reverse("customers")).status_code == 302
    assert b"kept" in client.get(reverse("sign-in"), headers={"Accept-Language": "en"}).content


def keep(client, **fields):
    address = reverse("me")
    return client.post(reverse("draft"), {"address": address, "page": address, "fields": json.dumps(fields)})


def kept(client):
    return client.get(reverse("draft"), {"address": reverse("me")}).json()["fields"]


def test_a_draft_outlives_the_lock_and_is_its_person_s_alone(at, house, device, tablet, clerk, manager):
    with_pin(device, manager, "904417")
    assert keep(tablet, note="half a sent", emptied="").status_code == 204
    at(200)
    assert keep(tablet, note="typed by nobody").status_code == 302
    assert b"kept" in tablet.get(reverse("sign-in"), headers={"Accept-Language": "en"}).content
    tablet.post(reverse("pin", args=[manager.pk]), {"pin": "904417"})
    assert kept(tablet) == {}
    tablet.post(reverse("lock"))
    tablet.post(reverse("pin", args=[clerk.pk]), {"pin": PIN})
    assert kept(tablet) == {"note": "half a sent", "emptied": ""}
    assert keep(tablet).status_code == 204
    assert kept(tablet) == {}, "a form in which nothing is changed has no draft"


def test_a_form_that_was_taken_has_no_draft_and_one_that_was_refused_has(at, tablet):
    keep(tablet, language="fr")
    tablet.post(reverse("me"), {"language": "xx", "draft_address": reverse("me")})
    assert kept(tablet) == {"language": "fr"}
    tablet.post(reverse("me"), {"language": "fr", "draft_address": reverse("me")})
    assert kept(tablet) == {}


@pytest.mark.parametrize("nonsense", ["", "[]", "{", '{"a": {"b": 1}}', '"x"', "null", '{"a\\u0000": "b\\u0000"}'])
def test_nonsense_as_a_draft_harms_nobody(at, tablet, nonsense):
    sent = {"address": "/x/\x00", "page": "\x00", "fields": nonsense}
    assert tablet.post(reverse("draft"), sent).status_code == 204


def test_drafts_are_few_small_and_of_the_day(at, tablet, clerk):
    for number in range(33):
        sent = {"address": f"/x/{number}/", "page": "/x/", "fields": json.dumps({"note": "y" * 5000})}
        tablet.post(reverse("draft"), sent)
    drafts = Draft.objects.filter(person=clerk)
    assert (drafts.count(), len(drafts.first().fields["note"])) == (30, 2000)
    at(12 * 3600 + 1)
    tablet.post(reverse("pin", args=[clerk.pk]), {"pin": PIN})
    assert tablet.get(reverse("draft"), {"address": "/x/32/"}).json() == {"fields": {}}


def test_a_person_reads_their_own_language_on_a_shared_tablet(at, house, device, tablet, manager):
    factories.PersonFactory(login="fr", name="Fleur", role="clerk", stores=[house.lille], language="fr")
    tablet.post(reverse("lock"))
    tablet.post(reverse("language"), {"language": "fr"})
    assert 'lang="fr"' in tablet.get(reverse("sign-in")).content.decode()
    from omni.staff.models import User

    english = User.objects.get(login="clerk")
    User.objects.filter(pk=english.pk).update(language="en")
    tablet.post(reverse("pin", args=[english.pk]), {"pin": PIN})
    assert '<html lang="en"' in tablet.get(reverse("today")).content.decode()
