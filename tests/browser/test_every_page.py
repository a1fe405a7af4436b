"""Every page for every role, in a browser: axe finds nothing serious, the content policy refuses nothing, and what
people wrote runs nowhere. Made from the routes, so a page is examined when it lands."""

from typing import Any

import pytest

from tests.browser.test_main_screens import main_screens
from tests.browser.visit import DESK, PORTRAIT, SHELLS, TABLET, Visit, pages
from tests.canaries import poison
from tests.conftest import House
from tests.permissions.world import World, build

SHARES = [
    pytest.param(TABLET, 0, 1, id="tablet"),
    *(pytest.param(DESK, share, 3, id=f"desk-{share}") for share in range(3)),
]
"""Whole minutes of pages, in pieces that several processors can work on."""


@pytest.fixture
def world(house: House, settings: Any) -> World:
    settings.DEMO = True
    return build(house, foreign=False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("shell", "share", "shares"), SHARES)
def test_every_page_is_accessible_in_the_light_and_in_the_dark(
    chromium: Any, live_server: Any, world: World, shell: tuple[int, int], share: int, shares: int
) -> None:
    looked_at: set[str] = set()
    problems: list[str] = []
    for who in (who for who, size in SHELLS.items() if size == shell):
        caller = world.callers[who]
        visit = Visit(chromium, live_server.url, caller, who)
        for turn, (address, look) in enumerate(pages(caller, world.own).items()):
            if turn % shares != share:
                continue
            if look in looked_at and turn:
                continue  # drawn alike for another role; the frame itself is examined on each role's first page
            looked_at.add(look)
            visit.open(address)
            visit.listen()
            visit.examine(address)
        visit.context.close()
        problems += visit.findings + visit.errors
    assert not problems, "\n".join(problems)
    assert len(looked_at) > 30 / shares


@pytest.mark.django_db(transaction=True)
def test_a_clerk_s_main_screens_are_accessible_upright(chromium: Any, live_server: Any, world: World) -> None:
    visit = Visit(chromium, live_server.url, world.callers["clerk"], "clerk", size=PORTRAIT)
    for name, address in main_screens(world.own)["clerk"].items():
        visit.open(address)
        visit.listen()
        visit.examine(f"{name}, upright", in_the_dark=False)  # the colours are the same
    visit.context.close()
    problems = visit.findings + visit.errors
    assert not problems, "\n".join(problems)


@pytest.mark.django_db(transaction=True)
def test_what_people_wrote_runs_nowhere(chromium: Any, live_server: Any, world: World) -> None:
    poison.poison_everything()
    problems: list[str] = []
    seen = 0
    for who in ("clerk", "administrator"):
        caller = world.callers[who]
        visit = Visit(chromium, live_server.url, caller, who)
        for address in pages(caller, world.own):
            visit.open(address)
            visit.page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
            seen += visit.page.evaluate("document.body.innerText.includes('<img src=x onerror=xss')")
            visit.listen()
        visit.context.close()
        problems += visit.errors
    assert not problems, "\n".join(problems)
    assert seen > 15, "the poison is not on the pages"
