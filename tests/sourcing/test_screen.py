"""Why this store: a question in the address, answered with a sentence, points and reasons; nothing is written."""

from django.test import Client

from inventory.sourcing.models import RuleSet
from inventory.stock.models import StockLevel
from tests.conftest import House
from tests.problems import nothing_written

WHY = "/sourcing/"


def test_the_answer_is_a_sentence_and_every_place_says_its_points_or_its_rule(
    house: House, clerk_client: Client
) -> None:
    StockLevel.objects.filter(variant=house.variants[0], location=house.lille).update(reserved=100)
    clerk_client.get(WHY)
    with nothing_written():
        answer = clerk_client.get(WHY, {"code": "SKU-1", "units": "2", "way": "pickup", "near": "lille"})
    assert answer.context["sentence"] == "Lens serves it."
    lens, amiens, lille = answer.context["rows"]
    assert (lens["name"], lens["chosen"], lens["available"], lens["kilometres"]) == ("Lens", True, 100, "28")
    assert (amiens["name"], amiens["chosen"], amiens["out"]) == ("Amiens", False, "")
    assert (lille["out"], lille["points"]) == ("Lille: 0 available, below the threshold of 1", [])
    assert "Lille: 0 available, below the threshold of 1" in answer.content.decode()


def test_the_stock_page_asks_with_the_article_alone(house: House, clerk_client: Client) -> None:
    assert b"/sourcing/?code=SKU-1" in clerk_client.get("/stock/?q=SKU-1").content
    answer = clerk_client.get(WHY, {"code": "SKU-1"})
    assert answer.context["sentence"] == "Lille serves it."


def test_without_a_question_there_is_only_the_form(house: House, clerk_client: Client) -> None:
    answer = clerk_client.get(WHY)
    assert (answer.status_code, "rows" in answer.context) == (200, False)


def test_a_wrong_question_is_told_at_its_fields(house: House, clerk_client: Client) -> None:
    wrong = {"code": "NO\x00", "units": "0", "way": "drone", "near": "atlantis"}
    answer = clerk_client.get(WHY, wrong)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"code", "units", "way", "near"})
    answer = clerk_client.get(WHY, {"code": "NO"})
    assert answer.context["form"].errors["code"] == ["There is no article “NO”."]


def test_without_rules_the_page_says_so(house: House, clerk_client: Client) -> None:
    RuleSet.objects.all().delete()
    answer = clerk_client.get(WHY, {"code": "SKU-1"})
    assert "No sourcing rules are in force" in answer.content.decode()


def test_points_are_parts_of_a_bar_as_wide_as_their_number(house: House, clerk_client: Client) -> None:
    answer = clerk_client.get(WHY, {"code": "SKU-1", "near": "lille"})
    lille = answer.context["rows"][0]
    assert [(one["kind"], one["x"], one["width"]) for one in lille["points"]][0] == ("distance", "0.00", "60.00")
    widths = [float(one["width"]) for one in lille["points"]]
    assert abs(sum(widths) - 2 * float(lille["total"])) < 2
    begins = [float(one["x"]) for one in lille["points"]]
    assert all(abs(x - sum(widths[:number])) < 0.05 for number, x in enumerate(begins))
    page = answer.content.decode()
    assert 'aria-label="Distance 30, Delay' in page
    assert "style=" not in page


def test_what_if_the_store_that_serves_had_none(house: House, clerk_client: Client) -> None:
    clerk_client.get(WHY)
    with nothing_written():
        answer = clerk_client.get(WHY, {"code": "SKU-1", "near": "lille"})
    without, other_way = answer.context["what_if"]
    assert (without["label"], without["sentence"], without["kilometres"]) == ("Lille had none", "Lens serves it.", "28")
    assert (other_way["label"], other_way["sentence"]) == ("Home delivery", "Lille serves it.")
    led = clerk_client.get(without["url"])
    assert led.context["sentence"] == "Lens serves it."
    assert "As if Lille had none." in led.content.decode()
    assert [(one["name"], one["available"]) for one in led.context["rows"] if one["out"]] == [("Lille", 0)]
    assert [one["label"] for one in led.context["what_if"]] == ["Home delivery"]
    assert clerk_client.get(led.context["real_url"]).context["sentence"] == "Lille serves it."
    assert clerk_client.get(other_way["url"]).context["form"]["way"].value() == "ship"


def test_what_if_without_rules_for_the_other_way_says_so(house: House, clerk_client: Client) -> None:
    RuleSet.objects.filter(way="ship").delete()
    answer = clerk_client.get(WHY, {"code": "SKU-1"})
    assert answer.context["what_if"][1]["sentence"].startswith("No sourcing rules are in force")
