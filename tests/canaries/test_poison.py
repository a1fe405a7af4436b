"""Text that somebody wrote stays text: on every page, for every role, in every answer to every form."""

from typing import Any

import pytest

from tests.canaries import poison
from tests.canaries.bodies import text
from tests.canaries.crawl import Form, offers
from tests.canaries.test_foreign import everything, screens
from tests.conftest import House
from tests.permissions import routes
from tests.permissions.world import World, build

COLUMNS_AT_LEAST = {
    "customers_customer.given_name", "customers_customer.family_name", "customers_identity.value",
    "customers_message.subject", "customers_message.recipient", "places_location.name", "places_location.address",
    "places_holdplace.name", "places_holdplace.directions", "staff_user.name", "staff_role.name",
    "sales_order.external_ref", "sales_orderline.name", "fulfilment_fulfilmentline.short_note",
    "fulfilment_handover.collected_by", "sales_orderevent.data", "catalog_product.name",
    "fulfilment_fulfilment.ship_to",
}  # fmt: skip


@pytest.fixture
def poisoned(house: House, settings: Any) -> World:
    settings.DEMO = True
    world = build(house)
    written = set(poison.poison_everything())
    assert written >= COLUMNS_AT_LEAST, COLUMNS_AT_LEAST - written
    return world


@pytest.mark.parametrize("who", ["clerk", "administrator"])
def test_what_is_stored_is_never_markup(poisoned: World, who: str) -> None:
    caller = poisoned.callers[who]
    problems, seen = {}, 0
    for _name, address, answer in everything(caller, poisoned.own, [poison.POISONS[0], poison.LINK]):
        assert answer.status_code < 500, address
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        said = text(answer)
        seen += poison.MARK in said
        if found := poison.alive(said):
            problems[address] = found[:3]
    assert not problems, problems
    assert seen > 10, "the poison is not on the pages"


@pytest.mark.parametrize("who", ["administrator"])
def test_what_is_typed_is_never_markup(poisoned: World, who: str) -> None:
    caller = poisoned.callers[who]
    sent, problems = set(), {}
    for name in screens(caller):
        for address in routes.addresses(name, poisoned.own):
            answer = caller.call("GET", address)
            if not answer.get("Content-Type", "").startswith("text/html"):
                continue
            for form in offers(text(answer), address).forms:
                mark = (form.action.rpartition("/pickups/")[2][-12:], tuple(one.name for one in form.fields))
                if form.method != "post" or mark in sent:
                    continue
                sent.add(mark)
                reply = caller.call("POST", form.action, _filled(form))
                assert reply.status_code < 500, form.action
                if found := poison.alive(text(reply)):
                    problems[form.action] = found[:3]
    assert not problems, problems
    assert len(sent) > 5


def _filled(form: Form) -> dict[str, str]:
    """Return what somebody sends who writes poison wherever one can write, and chooses the last of every choice."""
    chosen = {one.name: one.options[-1] for one in form.fields if one.options}
    return form.filled(**chosen) | {one.name: poison.POISONS[0] for one in form.fields if one.takes_text}


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ("<p>&lt;img src=x onerror=xss(1)&gt;</p>", 0),
        ('<p title="&quot;&#x27;&gt;&lt;img">49</p>', 0),
        ("<img src=x onerror=xss(1)>", 1),
        ("<script>xss(2)</script>", 1),
        ('<a href="javascript:xss(5)">', 1),
        ("<b id=xss>", 1),
        ("<i onclick=xss(4)>", 2),
        ("<xss>", 2),
        ("&lt;/script&gt;49", 1),
    ],
)
def test_poison_that_lives_is_noticed(html: str, count: int) -> None:
    assert (len(poison.alive(html)) > 0) == (count > 0)
