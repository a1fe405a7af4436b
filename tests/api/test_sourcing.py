"""Asking by the API who would serve: plan, reasons, sentences in the caller's language, and every wrong field named."""

import pytest

from inventory.sourcing.models import RuleSet
from inventory.stock.models import StockLevel
from tests.problems import assert_problem, nothing_written

pytestmark = pytest.mark.django_db
SOURCING = "/api/v1/sourcing/"


@pytest.fixture
def body(house):
    lines = [{"sku": house.skus[0], "quantity": 1}, {"gtin": house.variants[1].gtin, "quantity": 1}]
    return {"lines": lines, "kind": "ship", "near": {"latitude": 50.6365, "longitude": 3.0635}}


def test_the_answer_names_parcels_and_says_why(house, api, body):
    StockLevel.objects.filter(variant=house.variants[0], location=house.lille).update(reserved=100)
    with nothing_written():
        answer = api.post(SOURCING, {**body, "store": "lens", "near": None})
    assert answer.status_code == 200, answer.content
    said = answer.json()
    lines = [{"sku": house.skus[0], "quantity": 1}, {"sku": house.skus[1], "quantity": 1}]
    assert [(one["store"], one["distance_km"], one["lines"]) for one in said["parcels"]] == [("lens", 0.0, lines)]
    assert (said["kind"], said["unserved"], said["proven"]) == ("ship", [], True)
    assert said["sentence"] == "Lens serves it."
    lens, lille = said["candidates"]
    assert (lens["chosen"], lens["serves"], lens["wanted"], lens["ruled_out"]) == (True, 2, 2, None)
    assert (lille["chosen"], lille["serves"]) == (False, 1)
    assert lens["total"] == pytest.approx(sum(lens["points"].values()))
    assert (lens["points"]["distance"], lens["points"]["priority"]) == (40.0, 10.0)
    assert lille["sentence"].startswith("Lille: 1 of 2, 28 km, ")


def test_a_store_that_is_ruled_out_says_so_with_its_figures(house, api, body):
    StockLevel.objects.filter(location=house.lille).update(reserved=100)
    lens, lille = api.post(SOURCING, body).json()["candidates"]
    assert lille["ruled_out"] == {"rule": "stock", "figure": 1, "found": 0}
    assert (lille["points"], lille["total"], lille["sentence"]) == (
        {},
        0,
        "Lille: 0 available, below the threshold of 1",
    )
    assert lens["chosen"]


def test_the_sentences_are_in_the_language_of_the_caller(house, api, body):
    StockLevel.objects.filter(location=house.lille).update(reserved=100)
    said = api.post(SOURCING, body, **{"Accept-Language": "fr"}).json()
    assert said["sentence"] == "Lens s’en charge."
    assert said["candidates"][1]["sentence"] == "Lille\u202f: 0 disponible, sous le seuil de 1"


def test_what_nobody_has_is_named(house, api, body):
    body["lines"].append({"sku": house.skus[2], "quantity": 9999})
    said = api.post(SOURCING, body).json()
    assert said["unserved"] == [{"sku": house.skus[2], "quantity": 9999 - 198}]
    assert said["sentence"] == "Lille and Lens serve it in 2 parcels. 9,801 pieces find no place."


def test_stores_of_others_are_no_candidates(house, api, body):
    assert {one["store"] for one in api.post(SOURCING, body).json()["candidates"]} == {"lille", "lens"}


def test_without_rules_the_house_says_so(house, api, body):
    RuleSet.objects.all().delete()
    assert_problem(api.post(SOURCING, body), 409, "sourcing_rules_missing")


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"kind": None}, "kind", "required"),
        ({"kind": "drone"}, "kind", "unknown"),
        ({"kind": 5}, "kind", "not_text"),
        ({"channel": "pigeon"}, "channel", "unknown"),
        ({"near": None}, "near", "near_or_store"),
        ({"store": "lille"}, "near", "near_or_store"),
        ({"near": "50,3"}, "near", "not_object"),
        ({"near": {"latitude": 91, "longitude": 3}}, "near.latitude", "degrees"),
        ({"near": {"latitude": 10**4000, "longitude": 3}}, "near.latitude", "degrees"),
        ({"near": {"latitude": True, "longitude": 3}}, "near.latitude", "degrees"),
        ({"near": {"latitude": 50}}, "near.longitude", "degrees"),
        ({"near": {"latitude": 50, "longitude": 3, "height": 2}}, "near.height", "unknown_field"),
        ({"near": None, "store": "amiens"}, "store", "unknown"),
        ({"near": None, "store": ["lille"]}, "store", "not_text"),
        ({"lines": []}, "lines", "lines"),
        ({"lines": [5]}, "lines.0", "not_object"),
        ({"lines": [{"sku": "NO", "quantity": 1}]}, "lines.0.sku", "unknown"),
        ({"lines": [{"sku": "SKU-1", "quantity": 0}]}, "lines.0.quantity", "out_of_range"),
        ({"split": True}, "split", "unknown_field"),
    ],
)
def test_a_wrong_field_is_named(house, api, body, change, field, code):
    problem = assert_problem(api.post(SOURCING, {**body, **change}), 400, "invalid")
    assert (field, code) in [(one["field"], one["code"]) for one in problem["errors"]]


def test_every_problem_is_told_at_once(house, api):
    problem = assert_problem(api.post(SOURCING, {}), 400, "invalid")
    assert {one["field"] for one in problem["errors"]} == {"kind", "near", "lines"}
