"""Roles give rights to everybody who has them, keys give them to programs; neither more than the giver holds."""

from typing import Any

import pytest
from django.test import Client

from omni.staff.models import ApiKey, Role, User
from omni.staff.permissions import CLERK, PERMISSIONS
from omni.staff.services import keys
from tests import factories
from tests.conftest import House
from tests.settings.conftest import key, signed_in


def rights(code: str) -> set[str]:
    return set(Role.objects.get(code=code).permissions)


def test_a_right_given_to_a_role_holds_at_the_next_click(
    admin_client: Client, clerk: User, django_capture_on_commit_callbacks: Any
) -> None:
    theirs = signed_in(clerk)
    assert theirs.get("/day/").status_code == 403
    form = {"home": "today", "permissions": [*CLERK, "insights.view"]} | key()
    with django_capture_on_commit_callbacks(execute=True):
        assert admin_client.post("/roles/clerk/", form).status_code == 302
    assert theirs.get("/day/").status_code == 200


def test_a_role_of_the_house_keeps_its_name_and_another_is_named(admin_client: Client) -> None:
    admin_client.post("/roles/clerk/", {"name": "Boss", "home": "today", "permissions": list(CLERK)} | key())
    assert Role.objects.get(code="clerk").name == "Store clerk"
    form = {"name": "Stock room", "home": "today", "permissions": ["pickups.view"]} | key()
    assert admin_client.post("/roles/new/", form).status_code == 302
    assert rights("stock-room") == {"pickups.view"}
    assert admin_client.post("/roles/new/", form | key()).status_code == 409


@pytest.mark.parametrize("wrong", [{"permissions": ["no.such"]}, {"home": "nowhere"}, {"name": ""}, {"name": "x" * 81}])
def test_nonsense_makes_no_role(admin_client: Client, wrong: Any) -> None:
    before = Role.objects.count()
    form = {"name": "Some", "home": "today", "permissions": ["orders.view"]} | key() | wrong
    assert admin_client.post("/roles/new/", form).status_code == 422
    assert Role.objects.count() == before


@pytest.fixture
def keeper(house: House) -> Client:
    """Somebody who may manage roles, and nothing else."""
    Role.objects.create(code="keeper", name="Keeper", permissions=["roles.manage"])
    return signed_in(factories.PersonFactory(login="keeper", role="keeper", stores=[house.lille]))


def test_nobody_gives_a_role_what_they_do_not_hold(keeper: Client) -> None:
    before = rights("keeper")
    answer = keeper.post(
        "/roles/keeper/", {"name": "Keeper", "home": "today", "permissions": ["roles.manage", "people.manage"]} | key()
    )
    assert answer.status_code == 409
    assert "You cannot give or take" in answer.content.decode()
    assert rights("keeper") == before
    assert (
        keeper.post("/roles/new/", {"name": "N", "home": "today", "permissions": ["orders.view"]} | key()).status_code
        == 409
    )


def test_a_right_that_one_does_not_hold_stays_where_it_is(keeper: Client) -> None:
    before = rights("clerk")
    assert keeper.post("/roles/clerk/", {"home": "today", "permissions": []} | key()).status_code == 302
    assert rights("clerk") == before


def test_the_role_of_the_last_administrator_keeps_what_gives_everything_else(admin_client: Client) -> None:
    form = {"home": "more", "permissions": sorted(PERMISSIONS.keys() - {"roles.manage"})} | key()
    answer = admin_client.post("/roles/administrator/", form)
    assert answer.status_code == 409
    assert "roles.manage" in rights("administrator")


def key_form(owner: User, **differently: Any) -> dict[str, Any]:
    return {"name": "Till", "owner": owner.pk, "channel": "store", "scopes": ["orders.view"]} | key() | differently


def test_a_token_is_shown_once_and_stored_as_a_hash(admin_client: Client, integrator: User) -> None:
    form = key_form(integrator)
    page = admin_client.post("/keys/new/", form)
    token = page.context["token"]
    assert token in page.content.decode()
    actor = keys.recognise(token)
    assert actor is not None
    assert actor.permissions == {"orders.view"}
    again = admin_client.post("/keys/new/", form)
    assert (again.status_code, again["Location"]) == (302, "/keys/")
    assert ApiKey.objects.filter(name="Till").count() == 1
    assert token not in admin_client.get("/keys/").content.decode()


def test_a_revoked_key_opens_nothing(
    admin_client: Client, integrator: User, django_capture_on_commit_callbacks: Any
) -> None:
    issued, token = keys.issue(owner=integrator, name="k", channel="web", scopes=["orders.view"])
    assert keys.recognise(token) is not None
    with django_capture_on_commit_callbacks(execute=True):
        assert admin_client.post(f"/keys/{issued.pk}/revoke/", key()).status_code == 302
    assert keys.recognise(token) is None


def test_an_integrator_issues_keys_for_themselves_alone(integrator: User, manager: User) -> None:
    client = signed_in(integrator)
    assert client.post("/keys/new/", key_form(integrator)).status_code == 200
    assert client.post("/keys/new/", key_form(manager)).status_code == 422
    assert not ApiKey.objects.filter(owner=manager).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": []},
        {"scopes": ["people.manage"]},
        {"scopes": ["no.such"]},
        {"expires_on": "2020-01-01"},
        {"expires_on": "nonsense"},
        {"channel": "telepathy"},
        {"owner": "x"},
    ],
)
def test_nonsense_issues_no_key(admin_client: Client, integrator: User, wrong: Any) -> None:
    assert admin_client.post("/keys/new/", key_form(integrator) | wrong).status_code == 422
    assert not ApiKey.objects.exists()


def test_nobody_issues_a_key_that_sees_more_stores_than_they_do(admin_client: Client, house: House) -> None:
    wide = factories.PersonFactory(login="wide", role="integrator", stores=house.stores)
    assert admin_client.post("/keys/new/", key_form(wide)).status_code == 409
    assert not ApiKey.objects.exists()


def test_a_key_of_another_store_s_people_does_not_exist(admin_client: Client, house: House) -> None:
    foreign = factories.PersonFactory(login="far", role="integrator", stores=[house.amiens])
    issued, token = keys.issue(owner=foreign, name="zqkey", channel="web", scopes=["orders.view"])
    assert "zqkey" not in admin_client.get("/keys/").content.decode()
    assert admin_client.post(f"/keys/{issued.pk}/revoke/", key()).status_code == 404
    assert keys.recognise(token) is not None
