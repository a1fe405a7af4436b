"""Where people and shops see how sure a figure is, and the list of what to count with its one tap."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from inventory.confidence.models import CountAdvice, CountList
from inventory.stock.models import StockCount, StockLevel
from omni import tasks
from omni.desk.models import Beat
from omni.staff.models import User
from tests import journeys
from tests.conftest import House
from tests.problems import assert_problem

SUGGESTED = "/counts/suggested/"
UNCOUNTED = "not counted yet, reckoned by what shops usually lose"


def listed(house: House) -> CountList:
    made = CountList.objects.create(location=house.lille, listed_on=timezone.now().date())
    for position, variant in enumerate(house.variants[1::-1], start=1):
        CountAdvice.objects.create(count_list=made, variant=variant, position=position, value=4200, missing=12)
    return made


def test_the_stock_page_says_how_sure_it_is_here_and_elsewhere(house: House, clerk_client: Client, statements) -> None:
    page = clerk_client.get("/stock/?q=SKU-1")
    assert page.context["sure"] == {"word": "sure", "percent": 99, "reason": UNCOUNTED}
    assert [one["sure"]["percent"] for one in page.context["nearest"]] == [99, 99]
    assert page.content.decode().count("sure, 99 %") == 3
    with statements() as seen:
        clerk_client.get("/stock/?q=SKU-1")
    assert sum("confidence_lossrate" in statement for statement in seen) == 1, seen


def test_where_nothing_is_available_nothing_is_said(house: House, clerk_client: Client) -> None:
    StockLevel.objects.filter(variant__sku="SKU-1", location=house.lille).update(reserved=100)
    assert clerk_client.get("/stock/?q=SKU-1").context["sure"] is None


def test_the_list_says_why_and_begins_a_count_once(house: House, clerk_client: Client) -> None:
    listed(house)
    page = clerk_client.get(SUGGESTED)
    assert [row["name"] for row in page.context["rows"]] == ["Article 2", "Article 1"]
    assert page.context["rows"][0]["why"] == f"99 % sure that none is missing: {UNCOUNTED}"
    assert "42.00" in page.content.decode()
    key = page.context["idempotency_key"]
    answers = [clerk_client.post(SUGGESTED, {"idempotency_key": key}) for _ in range(2)]
    begun = StockCount.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/counts/{begun.public_id}/"}
    assert (begun.name, begun.location_id, begun.status) == ("Count these", house.lille.pk, "open")


def test_without_a_list_nothing_needs_counting(house: House, clerk_client: Client) -> None:
    page = clerk_client.get(SUGGESTED)
    assert (page.context["rows"], page.context["listed_on"]) == ([], None)
    assert "Nothing needs counting" in page.content.decode()
    assert SUGGESTED in clerk_client.get("/counts/").content.decode()


def test_an_article_that_is_sold_out_meanwhile_leaves_the_list(house: House, clerk_client: Client) -> None:
    listed(house)
    StockLevel.objects.filter(variant=house.variants[1], location=house.lille).update(on_hand=0)
    assert [row["name"] for row in clerk_client.get(SUGGESTED).context["rows"]] == ["Article 1"]


@pytest.mark.parametrize(("more", "costs"), [({}, 2), ({"confidence": "1"}, 3)])
def test_availability_says_how_sure_it_is_only_to_who_asks(house: House, api, statements, more, costs) -> None:
    StockLevel.objects.filter(variant__sku="SKU-2", location=house.lens).update(on_hand=0)
    api.availability("SKU-1", "SKU-2", **more)
    with statements() as seen:
        items = api.availability("SKU-1", "SKU-2", **more).json()["items"]
    assert len(seen) == costs, seen
    said = [one.get("confidence", "absent") for item in items for one in item["stores"]]
    assert said == ([99, 99, None, 99] if more else ["absent"] * 4)


def test_confidence_is_1_or_left_out(house: House, api) -> None:
    answer = api.availability("SKU-1", confidence="yes")
    assert_problem(answer, 400, "invalid")
    told = answer.json()["errors"]
    assert told == [{"field": "confidence", "code": "malformed", "message": "Send confidence=1, or leave it out."}]


def test_the_night_learns_lists_and_is_heard(house: House, clerk: User) -> None:
    StockLevel.objects.filter(variant__in=house.variants).update(on_hand=2)
    journeys.handed_over(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, paid=1000), by=clerk)
    assert tasks.learn_confidence() == 3
    assert tasks.learn_confidence() == 0
    assert set(CountList.objects.values_list("location_id", flat=True)) == {store.pk for store in house.stores}
    assert Beat.objects.filter(task="learn_confidence", ran_at__gt=timezone.now() - timedelta(minutes=1)).exists()
