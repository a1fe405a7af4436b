"""People: engaged, changed, sent away; nobody gives what they do not hold; everything holds at the next click."""

import re
from typing import Any

import pytest
from django.test import Client

from omni.staff.access import actor_of
from omni.staff.errors import LastAdministrator
from omni.staff.models import Role, StoreAccess, User
from omni.staff.services import administering, keys
from tests import factories
from tests.conftest import House
from tests.settings.conftest import key, person_form, signed_in


def new_form(house: House, **differently: Any) -> dict[str, Any]:
    role = Role.objects.get(code="clerk")
    return {
        "name": "Nina New",
        "login": "nina",
        "language": "en",
        "role": role.pk,
        "stores": [house.lille.pk],
    } | key() | differently  # fmt: skip


def password_of(page: bytes) -> str:
    return re.search(rb'class="secret code">([a-z0-9-]+)<', page)[1].decode()  # type: ignore[index]


def test_an_engaged_person_comes_in_with_the_password_that_was_shown_once(admin_client: Client, house: House) -> None:
    answer = admin_client.post("/people/new/", new_form(house))
    assert answer.status_code == 200
    password = password_of(answer.content)
    nina = User.objects.get(login="nina")
    assert nina.check_password(password)
    assert nina.first_password_until is not None
    assert list(nina.stores.all()) == [house.lille]
    assert re.fullmatch("([a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    assert "no-store" in answer["Cache-Control"]


def test_a_form_sent_twice_engages_one_person_and_shows_no_second_password(admin_client: Client, house: House) -> None:
    form = new_form(house)
    admin_client.post("/people/new/", form)
    before = User.objects.get(login="nina").password
    again = admin_client.post("/people/new/", form)
    assert (again.status_code, again["Location"]) == (302, "/people/")
    assert User.objects.get(login="nina").password == before
    assert User.objects.filter(login="nina").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"login": "with space"},
        {"login": ""},
        {"login": "x" * 61},
        {"name": ""},
        {"name": "null\x00byte"},
        {"language": "xx"},
        {"role": "abc"},
        {"role": "999999"},
        {"stores": ["abc"]},
        {"stores": ["99999999999999999999"]},
    ],
)
def test_nonsense_is_refused_with_the_form_and_engages_nobody(admin_client: Client, house: House, wrong: Any) -> None:
    people = User.objects.count()
    assert admin_client.post("/people/new/", new_form(house, **wrong)).status_code == 422
    assert User.objects.count() == people


def test_a_login_is_taken_whatever_its_case(admin_client: Client, house: House) -> None:
    answer = admin_client.post("/people/new/", new_form(house, login="ADMIN"))
    assert answer.status_code == 409
    assert "is taken" in answer.content.decode()
    assert not User.objects.filter(login="ADMIN").exists()


def test_a_new_role_holds_at_the_next_click_of_somebody_signed_in(
    admin_client: Client, clerk: User, django_capture_on_commit_callbacks: Any
) -> None:
    theirs = signed_in(clerk)
    assert theirs.get("/day/").status_code == 403
    manager = Role.objects.get(code="manager")
    with django_capture_on_commit_callbacks(execute=True):
        assert admin_client.post(f"/people/{clerk.pk}/change/", person_form(clerk, role=manager.pk)).status_code == 302
    assert theirs.get("/day/").status_code == 200


def test_stores_given_and_taken_hold_at_the_next_click(
    admin_client: Client, manager: User, house: House, django_capture_on_commit_callbacks: Any
) -> None:
    theirs = signed_in(manager)
    assert theirs.get("/stores/lens/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(f"/people/{manager.pk}/change/", person_form(manager, stores=[house.lille.pk]))
    assert theirs.get("/stores/lens/").status_code == 404
    assert theirs.get("/stores/lille/").status_code == 200


def test_who_was_sent_away_is_a_stranger_at_the_next_click_and_their_keys_are_dead(
    admin_client: Client, manager: User, django_capture_on_commit_callbacks: Any
) -> None:
    theirs, token = signed_in(manager), keys.issue(owner=manager, name="k", channel="web", scopes=["orders.view"])[1]
    assert theirs.get("/today/").status_code == 200
    assert keys.recognise(token) is not None
    with django_capture_on_commit_callbacks(execute=True):
        assert admin_client.post(f"/people/{manager.pk}/leave/", key()).status_code == 302
    assert theirs.get("/today/")["Location"].startswith("/sign-in/")
    assert keys.recognise(token) is None


def test_a_new_first_password_ends_the_sessions_of_before(admin_client: Client, clerk: User) -> None:
    theirs = signed_in(clerk)
    page = admin_client.post(f"/people/{clerk.pk}/password/", key())
    clerk.refresh_from_db()
    assert clerk.check_password(password_of(page.content))
    assert theirs.get("/today/").status_code == 302


def test_who_comes_back_gets_another_password(admin_client: Client, clerk: User) -> None:
    admin_client.post(f"/people/{clerk.pk}/leave/", key())
    page = admin_client.post(f"/people/{clerk.pk}/return/", key())
    old = clerk.password
    clerk.refresh_from_db()
    assert (clerk.is_active, clerk.password == old) == (True, False)
    assert clerk.check_password(password_of(page.content))


def test_managers_see_the_people_of_their_stores_and_change_nobody(manager_client: Client, clerk: User) -> None:
    page = manager_client.get("/people/")
    assert "Clara Clerk" in page.content.decode()
    assert manager_client.get(f"/people/{clerk.pk}/").status_code == 200
    before = User.objects.values().get(pk=clerk.pk)
    for address in ("change", "password", "leave", "return"):
        assert manager_client.post(f"/people/{clerk.pk}/{address}/", person_form(clerk)).status_code == 403
    assert manager_client.get("/people/new/").status_code == 403
    assert User.objects.values().get(pk=clerk.pk) == before


def test_people_of_another_store_do_not_exist(admin_client: Client, house: House) -> None:
    foreign = factories.PersonFactory(login="foreign", name="Zora Foreign", stores=[house.amiens])
    assert "Zora" not in admin_client.get("/people/?text=zora").content.decode()
    assert admin_client.get(f"/people/{foreign.pk}/").status_code == 404
    assert admin_client.post(f"/people/{foreign.pk}/leave/", key()).status_code == 404
    foreign.refresh_from_db()
    assert foreign.is_active


def test_who_has_no_store_at_all_is_seen_by_administrators_alone(
    admin_client: Client, manager_client: Client, house: House
) -> None:
    nowhere = factories.PersonFactory(login="nowhere", stores=[])
    assert admin_client.get(f"/people/{nowhere.pk}/").status_code == 200
    assert manager_client.get(f"/people/{nowhere.pk}/").status_code == 404


@pytest.fixture
def deputy(house: House) -> User:
    """Somebody who may manage people of Lille, and little else."""
    Role.objects.create(code="deputy", name="Deputy", permissions=["people.view", "people.manage", "orders.view"])
    return factories.PersonFactory(login="deputy", name="Dora Deputy", role="deputy", stores=[house.lille])


def test_nobody_gives_a_role_beyond_their_own_rights(deputy: User, clerk: User, house: House) -> None:
    manager = Role.objects.get(code="manager")
    client = signed_in(deputy)
    assert client.post("/people/new/", new_form(house, role=manager.pk)).status_code == 422
    assert not User.objects.filter(login="nina").exists()
    answer = client.post(f"/people/{deputy.pk}/change/", person_form(deputy, role=manager.pk))
    assert answer.status_code == 422
    deputy.refresh_from_db()
    assert deputy.role.code == "deputy"


def test_the_service_refuses_it_too(deputy: User, house: House) -> None:
    with pytest.raises(Exception, match="You cannot give or take"):
        administering.engage_person(
            actor=actor_of(deputy),
            login="nina",
            name="Nina",
            language="en",
            role_id=Role.objects.get(code="manager").pk,
            store_ids=[],
        )
    assert not User.objects.filter(login="nina").exists()


def test_nobody_gets_at_the_password_of_somebody_with_more_rights(deputy: User, manager: User) -> None:
    client = signed_in(deputy)
    before = User.objects.values().get(pk=manager.pk)
    for address in ("password", "leave", "return"):
        answer = client.post(f"/people/{manager.pk}/{address}/", key())
        assert answer.status_code == 409, address
        assert "may do more than you" in answer.content.decode()
    assert client.post(f"/people/{manager.pk}/change/", person_form(manager, name="X", stores=[])).status_code == 409
    assert User.objects.values().get(pk=manager.pk) == before


def test_nobody_gives_a_store_that_is_not_theirs(admin_client: Client, clerk: User, house: House) -> None:
    form = person_form(clerk, stores=[house.lille.pk, house.amiens.pk])
    assert admin_client.post(f"/people/{clerk.pk}/change/", form).status_code == 422
    assert list(clerk.stores.all()) == [house.lille]


def test_a_store_that_the_administrator_does_not_see_is_not_taken_either(admin_client: Client, house: House) -> None:
    both = factories.PersonFactory(login="both", stores=[house.lille, house.amiens])
    admin_client.post(f"/people/{both.pk}/change/", person_form(both, stores=[house.lens.pk]))
    assert set(both.stores.values_list("code", flat=True)) == {"lens", "amiens"}


def test_the_last_administrator_cannot_be_taken_away(admin_client: Client, administrator: User) -> None:
    clerk_role = Role.objects.get(code="clerk")
    answer = admin_client.post(f"/people/{administrator.pk}/change/", person_form(administrator, role=clerk_role.pk))
    assert answer.status_code == 409
    assert "this is the last who can" in answer.content.decode()
    administrator.refresh_from_db()
    assert administrator.role.code == "administrator"
    assert admin_client.post(f"/people/{administrator.pk}/leave/", key()).status_code == 409
    administrator.refresh_from_db()
    assert administrator.is_active


def test_one_of_two_administrators_may_go_and_then_the_other_may_not(
    admin_client: Client, administrator: User, house: House
) -> None:
    second = factories.PersonFactory(login="second", role="administrator", stores=[house.lille])
    assert admin_client.post(f"/people/{second.pk}/leave/", key()).status_code == 302
    with pytest.raises(LastAdministrator):
        administering.change_person(
            actor=actor_of(administrator),
            person_id=administrator.pk,
            login="admin",
            name="Ada",
            language="en",
            role_id=Role.objects.get(code="clerk").pk,
            store_ids=[],
        )
    assert StoreAccess.objects.filter(user=administrator).count() == 2


def test_nobody_gives_themselves_a_first_password(admin_client: Client, administrator: User) -> None:
    before = administrator.password
    assert admin_client.post(f"/people/{administrator.pk}/password/", key()).status_code == 409
    administrator.refresh_from_db()
    assert administrator.password == before


@pytest.mark.parametrize("query", ["?page=x", "?page=99999", "?at=abc", "?at=9" * 30, "?role=%00", "?text=%25_'\"<"])
def test_nonsense_in_the_address_of_the_list_is_no_error(admin_client: Client, query: str) -> None:
    assert admin_client.get(f"/people/{query}").status_code == 200
