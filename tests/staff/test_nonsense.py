"""What nobody types and somebody sends: an answer, never a page that says something went wrong."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import journeys


@pytest.mark.parametrize(
    "path",
    [
        "/orders/%00/",
        "/messages/?before=%C2%B2",  # a superscript two is a digit that is no number
        "/day/1900-01-01/",
        "/day/2020-01-01/orders/?page=" + "9" * 5000,
    ],
    ids=["NUL", "superscript", "first-day", "long-page"],
)
def test_an_address_that_nobody_types_is_answered(manager_client, path):
    manager_client.raise_request_exception = False
    assert manager_client.get(path).status_code in {200, 404}


@pytest.mark.parametrize("wanted", ["nonsense", "message", "a\x00b", "https://evil.example/"])
def test_a_word_as_the_next_page_leads_home(house, wanted):
    client = Client(raise_request_exception=False)
    answer = client.post(reverse("language"), {"language": "en", "next": wanted})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_key_with_a_nul_still_has_one_effect(house, clerk, clerk_client):
    order = journeys.placed(house.lille, {house.skus[0]: 2}, by=clerk)
    line = reverse("pick-line", args=[journeys.fulfilment_of(order).public_id, 1])
    for _press in range(2):
        assert clerk_client.post(line, {"change": "1", "idempotency_key": "a\x00b"}).status_code == 302
    assert journeys.fulfilment_of(order).lines.get().picked == 1


def test_a_seat_with_a_nul_does_not_exist(house):
    client = Client(raise_request_exception=False)
    assert client.post(reverse("demo-sign-in"), {"login": "a\x00b"}).status_code == 404
