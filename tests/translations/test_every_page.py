"""Every page of the house, read in French by whoever may read all of them; made from the routes."""

import re
from typing import Any

import pytest

from tests.canaries.bodies import text
from tests.canaries.test_foreign import screens
from tests.conftest import House
from tests.permissions import routes
from tests.permissions.world import build
from tests.translations import reading

SHOWS_STORED = {"new-key", "audit"}
COMPONENTS = {"ui", "ui-dialog"}
"""The page of components shows words of its makers, for its makers."""

OF_THE_CUSTOMER = {"customer-order"}
"""Pages in the language of whoever they belong to; those of the tests speak French."""

ROLES = "Store clerk|Manager|Integrator|Administrator"
AS_STORED = re.compile(rf"[a-z]+\.[a-z_]+|(?:.*«[\u202f ])?(?:{ROLES})(?:[\u202f ]».*)?", re.S)
"""Codes of rights beside their words, and in the log of changes the name that a role was given."""


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_is_drawn_in_the_reader_s_language(house: House, language: str, settings: Any) -> None:
    settings.DEMO = True
    world = build(house, foreign=False)
    caller = world.callers["administrator"]
    caller.client.cookies["omni_language"] = language
    problems, read = {}, 0
    for name in screens(caller):
        for address in routes.addresses(name, world.own) if name not in COMPONENTS else []:
            answer = caller.call("GET", address)
            assert answer.status_code < 500, address
            if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
                continue
            page = text(answer)
            read += 1
            shown = "fr" if name in OF_THE_CUSTOMER else language
            assert f'<html lang="{shown}"' in page or "<html" not in page, address  # a fragment has no frame
            found = reading.english(page) + reading.badly_spaced(page) if language == "fr" else []
            if found := [one for one in found if not (name in SHOWS_STORED and AS_STORED.fullmatch(one))]:
                problems[name] = found[:6]
    assert not problems, "\n".join(f"{name}: {found}" for name, found in problems.items())
    assert read > 30
