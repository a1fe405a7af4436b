"""Every route × method × actor × ownership, tried: the table says who may, `rules` says which answer that is.

A route that is missing in the table fails; a thing without a maker fails; so a new page is tried when it lands.
"""

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from omni.staff.access import policy_of
from orders.fulfilment.models import Fulfilment
from tests.canaries.bodies import settled
from tests.conftest import House
from tests.permissions import routes, rules, table
from tests.permissions.routes import is_api, patterns
from tests.permissions.rules import REACHED, SIGN_IN, Case, Owner
from tests.permissions.table import ROUTES
from tests.permissions.things import MAKERS
from tests.permissions.world import STRANGER, World, build, leads_to_sign_in

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def world(house: House, settings: Any) -> World:
    settings.DEMO = True  # the pages that are the demo's own are tried, too
    return build(house)


def test_every_route_is_in_the_table_and_nothing_else() -> None:
    assert set(patterns()) == set(ROUTES)


def test_every_view_declares_the_policy_of_the_table() -> None:
    for name, pattern in patterns().items():
        declared = policy_of(pattern.callback)
        expected = set(ROUTES[name].values())
        if declared == "scopes":
            scopes = pattern.callback.cls.scopes  # type: ignore[attr-defined]
            assert {method: f"api:{scope}" for method, scope in scopes.items()} == ROUTES[name], name
        else:
            assert {declared} == expected, name


def test_every_thing_has_a_maker_and_says_whose_it_is() -> None:
    things = {name for name in patterns() if routes.needs(name)}
    assert things == set(MAKERS), "a line in MAKERS of things.py for each route with something in its address"
    owned = set(table.OF_A_STORE) | set(table.OF_THE_HOUSE) | table.OF_A_PERSON
    assert things == owned, "each in OF_A_STORE or OF_A_PERSON or, with a reason, in OF_THE_HOUSE"
    assert not set(table.OF_A_STORE) & set(table.OF_THE_HOUSE)


def cases(world: World) -> Iterator[tuple[Case, str]]:
    """Every request there is: for people all screens, for keys all of the API, and each at the other's door once."""
    there = [name for name in ROUTES if name in patterns() and routes.addresses(name, world.own)]
    for name, method in itertools.product(there, METHODS):
        known = method in ROUTES[name]
        whose = {Owner.OWN: routes.address(name, world.own)}
        if routes.needs(name) and known:
            whose[Owner.FOREIGN] = routes.address(name, world.foreign)
            whose[Owner.NOBODY] = routes.missing(name, world.own)
        for owner, address in whose.items():
            if owner is Owner.NOBODY and address == whose[Owner.OWN]:
                continue  # there is no day that does not exist
            for who in _who(world, name, known):
                yield Case(name, method, who, owner), address


def _who(world: World, name: str, known: bool) -> list[str]:
    people, keys = list(world.callers), list(world.keys)
    if not known:  # the policy stands before the method: who may and who may not are enough
        people, keys = [STRANGER, "nobody", "administrator"], keys[-2:]
    return ["administrator", STRANGER, *keys] if is_api(name) else [*people, keys[0]]


def seen(answer: HttpResponse) -> str | int:
    """Return an answer in the words of the rules."""
    if leads_to_sign_in(answer):
        return SIGN_IN
    inside = answer.status_code < 400 or answer.status_code in {400, 409, 412, 422, 429}
    return REACHED if inside else answer.status_code


def body_of(case: Case, world: World) -> Any:
    """Return a body that a view takes seriously, where an empty one would be answered like a refusal."""
    if case.name == "store":
        return {"store": world.own.store.pk}
    return b"{}" if is_api(case.name) else {}


def test_every_request_is_answered_by_the_rules(world: World) -> None:
    wrong, tried = [], Counter[str | int]()
    for case, address in cases(world):
        caller = world.callers.get(case.who) or world.keys[case.who]
        expected = rules.expected(case, caller)
        query = "?sku=SKU-1" if case.name in {"api-availability", "api-stock"} else ""
        answer = seen(caller.call(case.method, address + query, body_of(case, world)))
        if answer != expected:
            wrong.append(f"{case.method} {case.name} by {case.who}, {case.owner}: {answer}, not {expected}")
        tried[expected] += 1
    assert not wrong, "\n".join(wrong)
    assert min(tried[kind] for kind in (SIGN_IN, REACHED, 401, 403, 404, 405)) > 20, tried
    untouched = Fulfilment.objects.filter(pk__in=[one.pk for one in world.foreign.fulfilments])
    assert dict(untouched.values_list("pk", "status")) == {one.pk: one.status for one in world.foreign.fulfilments}


def test_a_foreign_thing_is_answered_like_one_that_does_not_exist(world: World) -> None:
    caller = world.callers["administrator"]
    for name in sorted(set(table.OF_A_STORE) & set(MAKERS)):
        for method, code in ROUTES[name].items():
            by = world.keys[f"key for {code.removeprefix('api:')}"] if is_api(name) else caller
            foreign = by.call(method, routes.address(name, world.foreign))
            nobody = by.call(method, routes.missing(name, world.own))
            asked = world.foreign.waiting.order.number
            assert settled(foreign).replace(asked, "no-such-thing") == settled(nobody), f"{method} {name}"


def test_nobody_chooses_a_store_that_is_not_theirs(world: World) -> None:
    for who in ("clerk", "manager", "administrator"):
        answer = world.callers[who].call("POST", reverse("store"), {"store": world.foreign.store.pk})
        assert answer.status_code == 403, who


def test_a_key_opens_no_page_and_a_person_no_address_of_the_api(world: World) -> None:
    for scope in world.keys.values():
        assert leads_to_sign_in(scope.call("GET", reverse("today")))
    assert world.callers["administrator"].call("GET", routes.address("api-order", world.own)).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer omni_x_y", "Bearer", "Basic abc"])
def test_a_caller_of_the_api_without_a_key_is_told_so(house: House, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    for name in ROUTES:
        if is_api(name) and name != "api-nothing":
            address = reverse(name, kwargs=dict.fromkeys(routes.needs(name), "00000000-0000-4000-8000-000000000001"))
            answer = Client().get(address, headers=headers)
            assert answer.status_code == 401, name
            assert answer.json()["request_id"]


def test_a_stranger_s_fragment_loads_the_sign_in_page_instead(house: House) -> None:
    response = Client().get(reverse("today"), headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response["HX-Redirect"].startswith(reverse("sign-in"))


def test_a_view_without_a_policy_answers_nobody(rf: Any) -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.http import HttpResponse

    from omni.staff.middleware import DenyUndeclaredMiddleware

    def forgotten(request: Any) -> HttpResponse:
        return HttpResponse("open")

    with pytest.raises(ImproperlyConfigured):
        DenyUndeclaredMiddleware(lambda request: HttpResponse()).process_view(rf.get("/"), forgotten, (), {})
