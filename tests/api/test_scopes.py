"""A key opens what its scopes and its owner's stores open: 401 unknown, 403 beyond scope, 404 not visible."""

from datetime import timedelta

import pytest
from django.utils import timezone

from omni.lib.errors import BadRequest
from omni.staff.models import ApiKey, Role, StoreAccess, User
from omni.staff.services import keys
from tests import journeys
from tests.callers import ApiClient
from tests.problems import assert_problem, codes, nothing_written

pytestmark = pytest.mark.django_db

AVAILABILITY = "/api/v1/availability/?sku=SKU-1"
CALLS = {
    "orders.place": lambda api, body: api.place(body),
    "orders.view": lambda api, body: api.order("W-1"),
    "availability.view": lambda api, body: api.get(AVAILABILITY),
}
OPEN = {"orders.place": 201, "orders.view": 404, "availability.view": 200}


def unknown(token, integrator):
    return token[:-1] + ("A" if token[-1] != "A" else "B")


def revoked(token, integrator):
    keys.revoke(key=ApiKey.objects.get(owner=integrator))
    return token


def expired(token, integrator):
    now = timezone.now()
    ApiKey.objects.update(created_at=now - timedelta(days=2), expires_at=now - timedelta(seconds=1))
    return token


def owner_left(token, integrator):
    User.objects.filter(pk=integrator.pk).update(is_active=False)
    return token


@pytest.mark.django_db(transaction=True)  # what a process remembers is told by committed changes
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("change", [unknown, revoked, expired, owner_left])
def test_a_key_that_does_not_hold_opens_nothing(api, token, integrator, order_body, change, call):
    assert api.place(order_body()).status_code == 201  # so that the process remembers the key
    stale = ApiClient(change(token, integrator))
    with nothing_written():
        answer = call(stale, order_body())
        assert_problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic dTpw", "Token {}", "{}", "Bearer {} {}", "Bearer é"]
)
def test_a_header_that_is_no_key_opens_nothing(token, order_body, header, call):
    stranger = ApiClient("")
    headers = {"Authorization": header.replace("{}", token)} if header else {}
    stranger.headers = lambda key=None: headers | ({"Idempotency-Key": key} if key else {})
    with nothing_written():
        assert_problem(call(stranger, order_body()), 401, "not_authenticated")


def test_the_word_bearer_may_be_written_in_any_case(token, house):
    client = ApiClient("")
    assert client.get(AVAILABILITY, Authorization=f"bearer {token}").status_code == 200


@pytest.mark.parametrize("scope", CALLS)
def test_a_key_opens_what_its_scope_says_and_nothing_else(integrator, order_body, scope):
    api = ApiClient(keys.issue(owner=integrator, name="narrow", channel="web", scopes=[scope])[1])
    for other, call in CALLS.items():
        if other == scope:
            assert call(api, order_body()).status_code == OPEN[scope]
        else:
            with nothing_written():
                assert_problem(call(api, order_body()), 403, "scope_missing")


def test_a_key_loses_what_its_owners_role_loses(api, order_body):
    Role.objects.filter(code="integrator").update(permissions=["orders.view"])
    with nothing_written():
        assert_problem(api.place(order_body()), 403, "scope_missing")


@pytest.mark.parametrize("scope", ["insights.view", "pickups.hand_over", "everything"])
def test_a_key_is_never_given_more_than_its_owner_may(integrator, scope):
    with pytest.raises(BadRequest, match=scope):
        keys.issue(owner=integrator, name="wide", channel="web", scopes=[scope])
    assert not ApiKey.objects.exists()


def test_a_key_is_kept_as_a_hash_only(api, token, order_body):
    api.place(order_body())
    kept = ApiKey.objects.values().get()
    assert token not in str(kept)
    assert token.split("_", 2)[2] not in str(kept)


@pytest.mark.django_db(transaction=True)  # what a process remembers is told by committed changes
def test_a_store_that_is_taken_away_takes_no_more_orders(api, integrator, house, order_body):
    assert api.place(order_body()).status_code == 201
    StoreAccess.objects.filter(user=integrator, location=house.lille).delete()
    with nothing_written():
        body = assert_problem(api.place(order_body()), 400, "invalid")
    assert codes(body) == {"fulfilment.store": "unknown"}


def test_a_foreign_store_is_answered_like_one_that_does_not_exist(api, order_body):
    def answer(store):
        body = api.place(order_body(fulfilment={"kind": "pickup", "store": store})).json()
        return {**body, "request_id": ""}

    foreign, absent = answer("amiens"), answer("nowhere")
    assert str(foreign).replace("amiens", "nowhere") == str(absent)


def test_an_order_of_another_store_is_answered_like_one_that_does_not_exist(api, house, integrator):
    number = journeys.placed(house.amiens, {"SKU-1": 1}, by=integrator).order.number

    def answer(asked):
        body = assert_problem(api.order(asked), 404, "not_found")
        return str({**body, "request_id": ""}).replace(asked, "?")

    assert answer(number) == answer("W-0")


def test_availability_names_the_stores_of_the_key_only(api, house):
    stores = api.availability("SKU-1").json()["items"][0]["stores"]
    assert [one["store"] for one in stores] == ["lens", "lille"]
