"""Figures at any instant, and a feed of changes that loses nothing: not even what commits late."""

import threading

import pytest
from django.db import connection, transaction

from inventory.stock import feed
from inventory.stock.models import StockLevel
from inventory.stock.services import reserving
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db(transaction=True)
CHANGES = "/api/v1/stock/changes/"


def keep(house, number: int, units: int, store=None) -> None:
    with transaction.atomic():
        where = (store or house.lille).pk
        reserving.reserve(location_id=where, wanted={house.variants[number].pk: units}, reference=f"{number}/{units}")


def test_changes_follow_the_cursor_and_tell_the_last_of_each_level(house, api):
    start = api.get(CHANGES).json()
    assert start["changes"] == []
    for number, units in ((0, 1), (0, 2), (1, 5)):
        keep(house, number, units)
    keep(house, 0, 9, house.amiens)  # not the key's store
    found = api.get(CHANGES, {"after": start["next"]}).json()
    assert [(one["sku"], one["store"], one["available"], one["version"]) for one in found["changes"]] == [
        ("SKU-1", "lille", 97, 2), ("SKU-2", "lille", 95, 1),
    ]  # fmt: skip
    assert api.get(CHANGES, {"after": found["next"]}).json() == {"changes": [], "next": found["next"]}


def test_a_page_ends_where_the_next_begins(house, api):
    cursor, seen = api.get(CHANGES).json()["next"], []
    for units in (1, 2, 3):
        keep(house, 0, units)
    for _page in range(4):
        page = api.get(CHANGES, {"after": cursor, "limit": 1}).json()
        seen += [one["available"] for one in page["changes"]]
        cursor = page["next"]
    assert seen == [99, 97, 94]


def test_what_commits_late_is_not_lost(house):
    """A transaction that began first ends last: nothing behind it is told before it."""
    cursor, begun, end = feed.now(), threading.Event(), threading.Event()

    def late() -> None:
        try:
            with transaction.atomic():
                StockLevel.objects.filter(location=house.lille, variant=house.variants[0]).update(safety_stock=7)
                begun.set()
                end.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    begun.wait(10)
    keep(house, 1, 5)
    early, after = feed.since(cursor, [house.lille.pk])
    assert (early, after) == ([], cursor)
    end.set()
    thread.join()
    news, _after = feed.since(cursor, [house.lille.pk])
    assert [one.available for one in news] == [93, 95]


def test_figures_of_now_and_of_before_there_were_any(house, api):
    keep(house, 0, 3)
    answer = api.get("/api/v1/stock/", {"sku": "SKU-1"}).json()
    figures = {one["store"]: (one["on_hand"], one["reserved"], one["available"]) for one in answer["stores"]}
    assert figures == {"lille": (100, 3, 97), "lens": (100, 0, 100)}
    assert api.get("/api/v1/stock/", {"sku": "SKU-1", "at": "2001-01-01T00:00:00Z"}).json()["stores"] == []


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (CHANGES, {"after": "yesterday"}),
        (CHANGES, {"after": "1.2.3"}),
        (CHANGES, {"after": "1.2.3.99999999999999999999"}),
        (CHANGES, {"limit": "0"}),
        (CHANGES, {"limit": "x"}),
        (CHANGES, {"since": "1"}),
        ("/api/v1/stock/", {"sku": "SKU-1", "at": "2026-12-12T10:42:00"}),
        ("/api/v1/stock/", {"sku": "SKU-1", "at": "2026-13-12T10:42:00Z"}),
        ("/api/v1/stock/", {"sku": "SKU-1", "store": "lille"}),
    ],
)
def test_a_wrong_question_is_refused(api, path, query):
    assert_problem(api.get(path, query), 400, "invalid")


def test_an_unknown_article_is_not_found(api):
    assert_problem(api.get("/api/v1/stock/", {"sku": "NO"}), 404, "not_found")
    assert_problem(api.get("/api/v1/stock/", {"sku": "\x00"}), 404, "not_found")
