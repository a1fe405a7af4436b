"""What was made up: the same in every run, valid for scanners and readers of hours, and nobody's in real life."""

import re
import subprocess
import sys

import opening_hours
import pytest
from stdnum import ean

from customers.services.identifying import normal_card, normal_email, normal_phone
from omni.demo import departments, names, people, pictures
from omni.demo.extract import ExtractPanel
from omni.demo.people import person
from omni.demo.places import BUSIEST, HOLD_PLACES, places
from omni.demo.published import LARGEST_HOUSEHOLD, Product

PANEL = [*BUSIEST, *range(40_000, 40_447)]
"""Ten busiest stores and 447 others: as many as the published panel has."""


def test_every_barcode_of_the_extract_is_valid_and_of_the_range_for_stores():
    gtins = [names.gtin(product.product_id) for product in ExtractPanel().products()]
    assert all(ean.is_valid(gtin) and gtin.startswith("20") for gtin in gtins)
    assert len(set(gtins)) == len(gtins) == 32_061


def test_a_check_digit_is_that_of_the_standard():
    assert names.with_check_digit("400638133393") == "4006381333931"


def test_every_product_of_the_extract_has_a_name_a_picture_and_a_rate():
    for product in ExtractPanel().products():
        assert 0 < len(names.name(product)) <= 120
        assert names.name(product)[0] == names.name(product)[0].upper()
        assert departments.vat_class(product) in departments.RATES
        assert re.fullmatch(r"[A-L]-\d\d-[1-5]", departments.shelf(product))


@pytest.mark.parametrize(
    ("kind", "category", "size", "said"),
    [
        ("YOGURT NOT MULTI-PACKS", "YOGURT", "6 OZ", "Yogurt not multi-packs, 6 oz"),
        ("MAINSTREAM WHEAT/MULTIGRAIN BR", "BAKED BREAD/BUNS/ROLLS", "20 OZ", "Mainstream wheat / multigrain, 20 oz"),
        ("SFT DRNK 2 LITER BTL CARB INCL", "SOFT DRINKS", "2 L", "Soft drink 2 liter bottle carbonated, 2 L"),
        ("PREMIUM", "BACON", "16 OZ", "Bacon, premium, 16 oz"),
        ("", "ICE CREAM/MILK/SHERBTS", "", "Ice cream / milk / sherbets"),
    ],
)
def test_published_words_become_names_that_people_can_read(kind, category, size, said):
    assert names.name(Product(1, 69, "GROCERY", "Private", category, kind, size)) == said


def test_the_case_of_a_fruit_is_not_taken_for_its_piece():
    assert names.name(Product(1, 2, "PRODUCE", "National", "TROPICAL FRUIT", "BANANAS", "40 LB")) == "Bananas"


def test_hair_care_is_no_air_care():
    assert pictures.picture(Product(1, 2, "DRUG GM", "National", "HAIR CARE PRODUCTS", "SHAMPOO")) == "health"
    assert pictures.picture(Product(1, 2, "GROCERY", "National", "AIR CARE", "SOLID AIR FRESHENERS")) == "household"


def test_a_household_is_the_same_person_in_every_process():
    script = "from omni.demo.people import person; print(person(42), person(7))"
    elsewhere = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert elsewhere.stdout.strip() == f"{person(42)} {person(7)}"


def test_no_two_households_share_a_phone_a_card_or_an_address():
    households = range(1, LARGEST_HOUSEHOLD + 1)
    assert len({people.phone(number) for number in households}) == LARGEST_HOUSEHOLD
    assert len({people.card(number) for number in households}) == LARGEST_HOUSEHOLD
    assert len({person(number).email for number in range(1, 2_501)}) == 2_500


def test_identities_are_as_the_house_writes_them_and_belong_to_nobody():
    for household in range(1, 200):
        somebody = person(household)
        assert normal_phone(somebody.phone) == somebody.phone
        assert re.fullmatch(r"\+33(639 98|19900)\d{4}".replace(" ", ""), somebody.phone)
        assert normal_email(somebody.email) == somebody.email
        assert somebody.email.endswith("@example.org")
        assert normal_card(somebody.card) == somebody.card
        assert ean.is_valid(somebody.card)


def test_every_store_of_the_panel_has_a_place_of_its_own():
    sites = places(PANEL)
    assert len(sites) == 457
    assert len({place.code for place in sites.values()}) == 457
    assert len({place.short_code for place in sites.values()}) == 457
    assert all(re.fullmatch(r"[A-HJ-NPR-Z]\d{1,2}", place.short_code) for place in sites.values())
    assert all(41 < place.latitude < 51.2 and -5 < place.longitude < 9.6 for place in sites.values())
    assert {store: sites[store] for store in BUSIEST} == places(list(BUSIEST))


def test_hours_can_be_read_one_store_opens_on_sunday_one_closes_for_lunch():
    hours = {place.hours for place in BUSIEST.values()}
    assert all(opening_hours.OpeningHours(text) for text in hours)
    assert any("Su" in text for text in hours)
    assert any("12:30,14:00" in text for text in hours)


def test_a_panel_with_more_stores_than_towns_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="600 stores, but only"):
        places(list(range(50_000, 50_600)))


def test_hold_places_have_names_of_their_own_and_directions():
    assert len({name for name, _, _ in HOLD_PLACES}) == len(HOLD_PLACES) == 17
    assert all(directions for _, _, directions in HOLD_PLACES)
