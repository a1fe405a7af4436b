"""Nothing of another store is seen: not in bodies, headers, counts, filters, sorts, searches or exports.

Two proofs, both made from the routes. The words of the other store are looked for in every answer to everything that a
page lets one ask. And what happens in the other store changes no answer at all, so that no count or sum tells of it.
"""

import difflib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.urls import resolve
from django.utils import timezone

from tests.canaries import shared
from tests.canaries.bodies import settled, text, whole
from tests.canaries.crawl import offers
from tests.conftest import House
from tests.permissions import routes
from tests.permissions.routes import is_api
from tests.permissions.rules import ALWAYS_404
from tests.permissions.table import PUBLIC, ROUTES, SIGNED_IN
from tests.permissions.things import FOREIGN, Things, make
from tests.permissions.world import Caller, World, build

WHO = ("clerk", "agent", "manager", "administrator", "integrator")


def screens(caller: Caller) -> list[str]:
    """Return the names of all pages this person may read."""
    return [
        name
        for name, methods in ROUTES.items()
        if not is_api(name)
        and name in routes.patterns()
        and name not in ALWAYS_404
        and methods.get("GET", "-") in {PUBLIC, SIGNED_IN, *caller.rights}
    ]


def everything(
    caller: Caller, things: Things, words: list[str], *, choices: bool = False
) -> Iterator[tuple[str, str, Any]]:
    """Ask every page, as a page and as a fragment, and everything that it lets one ask further, each thing once."""
    asked = set()
    for name in screens(caller):
        for address in routes.addresses(name, things):
            answer = caller.call("GET", address)
            yield name, address, answer
            if "hx-request" in answer.get("Vary", "").lower():
                yield name, address, caller.call("GET", address, HX_Request="true")
            if not answer.get("Content-Type", "").startswith("text/html"):
                continue
            offered = offers(text(answer), address)
            for further in [*offered.questions(words, choices=choices), *offered.narrower(address)]:
                if further not in asked:
                    asked.add(further)
                    yield str(resolve(urlsplit(further).path).url_name), further, caller.call("GET", further)


def found_in(said: str, words: dict[str, str]) -> list[str]:
    """Return which of the words are said, as whole words where they are short."""
    return [
        what
        for what, word in words.items()
        if (re.search(rf"(?<![\w-]){re.escape(word)}(?!\w)", said) if len(word) < 8 else word in said)
    ]


def without_echo(said: str, address: str, words: dict[str, str]) -> dict[str, str]:
    """Return the words without the one that was asked for: a search repeats what was typed."""
    typed = [value for _name, value in parse_qsl(urlsplit(address).query)]
    return {what: word for what, word in words.items() if not any(word in value for value in typed)}


@pytest.mark.django_db
@pytest.mark.parametrize("who", WHO)
def test_no_answer_says_a_word_of_another_store(house: House, who: str, settings: Any) -> None:
    settings.DEMO = True
    world = build(house)
    caller, secrets, personal = world.callers[who], shared.secrets(world.foreign), shared.personal(world.foreign)
    order = world.foreign.ready.order
    words = [order.number, str(order.external_ref), world.foreign.ready.short_id, FOREIGN.locker, FOREIGN.family_name]
    leaks, asked = [], 0
    for name, address, answer in everything(caller, world.own, words, choices=who == "administrator"):
        asked += 1
        looked_for = secrets if name in shared.CUSTOMERS_SEEN else {**secrets, **personal}
        said = whole(answer)
        leaks += [f"{address}: {what}" for what in found_in(said, without_echo(said, address, looked_for))]
        assert answer.status_code < 500, address
    assert not leaks, "\n".join(sorted(set(leaks)))
    assert asked > 20


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["agent", "administrator"])
def test_the_page_of_another_store_s_customer_tells_none_of_their_orders(house: House, who: str) -> None:
    world = build(house)
    caller, secrets = world.callers[who], shared.secrets(world.foreign)
    for name in shared.CUSTOMERS_SEEN:
        for address in [routes.address(name, world.foreign), f"{routes.address('customers', world.own)}?q=Vxhalla"]:
            answer = caller.call("GET", address)
            assert found_in(whole(answer), secrets) == [], address


@pytest.mark.django_db
def test_asking_for_a_foreign_thing_is_answered_like_asking_for_nothing(house: House) -> None:
    world = build(house)
    caller = world.callers["administrator"]
    order = world.foreign.ready.order
    asked = set()
    for name in screens(caller):
        if name in shared.CUSTOMERS_SEEN and name != "customers":
            continue
        for address in routes.addresses(name, world.own)[:1]:
            page = caller.call("GET", address)
            if not page.get("Content-Type", "").startswith("text/html"):
                continue
            for word in (order.number, str(order.external_ref), world.foreign.ready.short_id):
                nothing = word[:-1] + ("7" if word[-1] != "7" else "8") if word[-1].isdigit() else word[:-1] + "q"
                pairs = zip(*(offers(text(page), address).questions([one]) for one in (word, nothing)), strict=True)
                for foreign, nobody in pairs:
                    if foreign == nobody or foreign in asked:
                        continue
                    asked.add(foreign)
                    told = settled(caller.call("GET", foreign)).replace(word, "ASKED")
                    assert told == settled(caller.call("GET", nobody)).replace(nothing, "ASKED"), foreign
    assert len(asked) > 5


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["clerk", "administrator"])
def test_what_happens_in_another_store_changes_no_answer(house: House, who: str, settings: Any) -> None:
    settings.DEMO = True
    world = build(house, foreign=False)
    with time_machine.travel(timezone.now(), tick=False):
        before = _all(world, who)
        make(house.amiens, FOREIGN, world.own.staff.__class__.objects.get(login="seller"))
        after = _all(world, who)
    changed = [address for address, said in before.items() if after.get(address) != said]
    assert not changed, "\n".join(
        f"{address}\n{_apart(before[address], after.get(address, ''))}" for address in changed
    )


def _apart(before: str, after: str) -> str:
    """Return what differs, in a few lines."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return "\n".join(line[:300] for line in list(lines)[:6])


def _all(world: World, who: str) -> dict[str, str]:
    return {
        f"{address} {turn}": settled(answer)
        for turn, (name, address, answer) in enumerate(everything(world.callers[who], world.own, ["Odile"]))
        if name not in shared.CHANGES
    }


@pytest.mark.parametrize("word", ["ORD-1", "K4-62"])
def test_a_word_of_another_store_is_noticed(word: str) -> None:
    assert found_in(f"<td>{word}</td>", {"it": word}) == ["it"]
    assert found_in("<td>ORD-12 K4-623</td>", {"it": word}) == []
