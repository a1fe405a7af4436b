"""The page of the demo's clock: it moves by what it offers, once, and only in a demo."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from inventory.places.models import Location
from omni.demo.models import Clock
from tests.house import House
from tests.permissions.world import person

ADDRESS = "/demo/clock/"


@pytest.fixture
def seat(demo: House) -> Client:
    """Somebody who has sat down at the demo: a clerk."""
    return person("clerk", stores=[demo.lille]).client


def test_the_page_moves_the_clock_and_says_what_happened(demo: House, seat: Client) -> None:
    assert b"not moved so far" in seat.get(ADDRESS).content
    answer = seat.post(ADDRESS, {"by": "15m", "idempotency_key": "one"}, follow=True)
    assert answer.redirect_chain == [(ADDRESS, 302)]
    shown = answer.content.decode()
    assert "The clock is 15 min further. Nothing was due on the way." in shown
    assert "15 min in all so far" in shown
    assert Clock.objects.get().moved == timedelta(minutes=15)


def test_a_form_that_is_sent_twice_moves_the_clock_once(demo: House, seat: Client) -> None:
    for _turn in range(2):
        assert seat.post(ADDRESS, {"by": "1h", "idempotency_key": "same"}).status_code == 302
    assert Clock.objects.get().moved == timedelta(hours=1)


@pytest.mark.parametrize("by", ["", "2h", "-1h", "8d "])
def test_the_page_moves_by_what_it_offers_alone(demo: House, seat: Client, by: str) -> None:
    assert seat.post(ADDRESS, {"by": by}).status_code == 400
    assert Clock.objects.get().moved == timedelta()


def test_outside_of_a_demo_there_is_no_such_page(demo: House, seat: Client, settings: Any) -> None:
    settings.DEMO = False
    assert seat.get(ADDRESS).status_code == seat.post(ADDRESS, {"by": "1h"}).status_code == 404
    assert ADDRESS not in seat.get("/more/").content.decode()
    assert Clock.objects.get().moved == timedelta()


def test_in_the_database_of_a_real_house_the_page_says_why_it_moves_nothing(demo: House, seat: Client) -> None:
    Location.objects.filter(pk=demo.lille.pk).update(invented=False)
    for answer in (seat.get(ADDRESS), seat.post(ADDRESS, {"by": "1h"})):
        assert answer.status_code == 409
        assert "the history of a real house is never rewritten" in answer.content.decode()
        assert "<form" not in answer.content.decode().partition("<h1>")[2].partition("</main>")[0]
    assert Clock.objects.get().moved == timedelta()


def test_more_and_the_line_at_the_foot_lead_there(demo: House, seat: Client) -> None:
    page = seat.get("/more/").content.decode()
    assert page.count(f'href="{ADDRESS}"') == 2
