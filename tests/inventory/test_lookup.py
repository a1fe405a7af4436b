"""Stock lookup: one's own figure explained as a sum, the nearest others, found by code or by name."""

from django.test import Client

from inventory.places.models import Location
from inventory.stock.models import StockLevel
from omni.staff.models import User
from tests import factories, journeys
from tests.conftest import House


def test_the_own_figure_is_a_sum_and_says_why(house: House, clerk: User, clerk_client: Client) -> None:
    order = journeys.placed(house.lille, {"SKU-1": 3}, by=clerk)
    StockLevel.objects.filter(variant__sku="SKU-1", location=house.lille).update(safety_stock=2, damaged=1)
    context = clerk_client.get("/stock/?q=SKU-1").context
    assert [part.units for part in context["sum"]] == [100, -3, -1, -2]
    assert context["sum"][1].url == f"/orders/{order.order.number}/"
    assert context["available"] == 94


def test_others_are_the_nearest_five_that_have_some(house: House, clerk_client: Client) -> None:
    for number in range(6):
        store = factories.LocationFactory(code=f"far-{number}", short_code=f"F{number}", latitude=40.0 + number)
        StockLevel.objects.create(location=store, variant=house.variants[0], on_hand=number)
    context = clerk_client.get("/stock/?q=SKU-1").context
    assert [one["name"] for one in context["nearest"][:2]] == ["Lens", "Amiens"]
    assert len(context["nearest"]) == 5
    assert all(one["available"] for one in context["nearest"])
    assert context["others_total"] == 100 + 100 + sum(range(6))
    assert "Lille" not in [one["name"] for one in context["nearest"]]


def test_a_barcode_and_a_name_find_the_article(house: House, clerk_client: Client) -> None:
    gtin = house.variants[1].gtin
    assert clerk_client.get(f"/stock/?q={gtin}").context["article"]["sku"] == "SKU-2"
    assert clerk_client.get(f"/stock/?q={gtin[0]} {gtin[1:7]} {gtin[7:]}").context["article"]["sku"] == "SKU-2"
    found = clerk_client.get("/stock/?q=article 3").context["found"]
    assert [(row["name"], row["available"]) for row in found] == [("Article 3", 100)]
    assert clerk_client.get("/stock/?q=%25%25%25").context["found"] == []


def test_an_article_the_store_never_had_is_said_so(house: House, clerk_client: Client) -> None:
    StockLevel.objects.filter(variant__sku="SKU-1", location=house.lille).delete()
    page = clerk_client.get("/stock/?q=SKU-1")
    assert (page.context["stocked"], page.context["available"], page.context["sum"]) == (False, 0, [])
    assert "Never stocked here" in page.content.decode()


def test_a_scan_leads_to_the_article_s_own_address(house: House, clerk_client: Client) -> None:
    gtin = house.variants[0].gtin
    answer = clerk_client.post("/stock/", {"code": gtin}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/stock/?q={gtin}")
    plain = clerk_client.post("/stock/", {"code": gtin})
    assert (plain.status_code, plain["Location"]) == (302, f"/stock/?q={gtin}")


def test_looking_changes_nothing_and_costs_the_same_for_any_number_of_stores(
    house: House, clerk_client: Client, statements
) -> None:
    clerk_client.get("/stock/?q=SKU-1")
    with statements() as few:
        clerk_client.get("/stock/?q=SKU-1")
    for number in range(5):
        store = factories.LocationFactory(code=f"more-{number}", short_code=f"M{number}")
        StockLevel.objects.create(location=store, variant=house.variants[0], on_hand=1)
    clerk_client.get("/stock/?q=SKU-1")
    with statements() as many:
        clerk_client.get("/stock/?q=SKU-1")
    assert len(few) == len(many), many
    assert Location.objects.count() == 8
