"""The file holds exactly what is shown, in the reader's language, and nothing in it computes."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from omni.lib import csv_export
from omni.lib.csv_export import lines, neutral, written
from omni.staff.models import User
from tests import factories, history, journeys
from tests.conftest import House

EXPORT = "/lists/orders/export/"


def read(client: Client, query: str = "", delimiter: str = ",") -> list[list[str]]:
    answer = client.get(f"{EXPORT}{query}")
    assert answer.status_code == 200
    text = answer.getvalue().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=delimiter))


def test_the_file_is_what_the_list_shows(manager_client: Client, house: House) -> None:
    for number in range(60):
        history.bought(house, house.lille if number % 2 else house.lens, "2017-03-04 10:00", paid=1000 + number)
    query = "?store=lens&sort=-total"
    manager_client.post("/lists/orders/columns/", {"query": "", "column": ["store", "total", "placed"]})
    head, *rows = read(manager_client, query)
    shown = manager_client.get(f"/orders/{query}").context["rows"]
    assert head == ["Short ID", "No.", "Store", "Total", "Placed"]
    assert rows == [["", row["number"], "Lens", f"{row['total'] / 100:.2f}", "2017-03-04 10:00"] for row in shown]
    assert len(rows) == 30


def test_french_parts_cells_by_semicolons_and_writes_commas(manager_client: Client, house: House) -> None:
    history.bought(house, house.lille, "2017-03-04 10:00", paid=-1250)
    manager_client.cookies["omni_language"] = "fr"
    manager_client.post("/lists/orders/columns/", {"query": "", "column": ["total"]})
    head, row = read(manager_client, delimiter=";")
    assert head[-1] == "Total"
    assert row[-1] == "-12,50"


@pytest.mark.parametrize("first", list("=+-@\t\r\n"))
def test_a_text_that_would_compute_is_neutral(manager_client: Client, house: House, first: str) -> None:
    text = f"{first}SUM(A1)"
    person = factories.CustomerFactory(given_name=text, family_name="x")
    history.bought(house, house.lille, "2017-03-04 10:00", paid=1000, customer=person)
    manager_client.post("/lists/orders/columns/", {"query": "", "column": ["customer"]})
    _head, row = read(manager_client)
    assert row[-1].startswith(f"'{first}") or not person.name.startswith(first)
    assert neutral(text) == f"'{text}"


def test_numbers_stay_numbers() -> None:
    at = datetime(2026, 12, 12, 10, 42, tzinfo=UTC)
    assert [written(one, decimal_comma=True) for one in (-5, 33, Decimal("-5"), None, at, "-5", "a=b")] == [
        "-5", "33", "-5,00", "", "2026-12-12 10:42", "'-5", "a=b",
    ]  # fmt: skip


def test_no_other_store_stands_in_the_file(manager_client: Client, house: House, clerk: User) -> None:
    canary = journeys.placed(house.amiens, {"SKU-1": 1}, by=clerk, external_ref="canary").order.number
    own = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk).order.number
    for query in ("", "?status=open", f"?text={canary}", "?text=canary", "?channel=web"):
        text = manager_client.get(f"{EXPORT}{query}").getvalue().decode()
        assert canary not in text
        assert "Amiens" not in text
    assert own in manager_client.get(EXPORT).getvalue().decode()


def test_the_file_is_for_who_may_take_it(clerk_client: Client, agent_client: Client, house: House) -> None:
    for client in (clerk_client, agent_client):
        assert client.get(EXPORT).status_code == 403
        assert client.get("/orders/").context["list"]["export_url"] == ""


def test_a_hundred_thousand_rows_take_no_more_memory_than_a_thousand() -> None:
    def many(number: int) -> Iterator[list[Any]]:
        return (["W-1", "=1+1", Decimal("12.50"), index] for index in range(number))

    peaks = []
    for number in (1_000, 100_000):
        tracemalloc.start()
        assert sum(1 for _line in lines(["a", "b", "c", "d"], many(number), "fr")) == number + 1
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000, peaks


def test_the_language_holds_while_the_server_sends() -> None:
    from django.utils import translation

    def rows() -> Iterator[list[Any]]:
        for _ in range(2):
            yield [translation.get_language()]

    with translation.override("en"):
        answer = csv_export.answer(name="x", head=["a"], rows=rows, language="fr")
        assert answer.getvalue().decode() == "\ufeffa\r\nfr\r\nfr\r\n"
        assert translation.get_language() == "en"
