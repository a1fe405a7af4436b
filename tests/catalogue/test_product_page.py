"""The page of a product, and finding one by what is remembered of its name."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inventory.catalog.models import Price, Product, Variant
from inventory.catalog.searching import products_called
from inventory.stock import matrix
from inventory.stock.services.opening import open_stock
from tests import factories
from tests.conftest import House
from tests.statements import counting

pytestmark = pytest.mark.django_db


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def tee(house: House) -> Product:
    """A shirt in two colours and two sizes, one of which is not made; Lille has 3, the house 7."""
    product = factories.ProductFactory(code="TEE", name="T-shirt rayé", brand="Armor")
    made = [("bleu", "M", 3, 4), ("bleu", "XS", 0, 0), ("rouge", "M", 0, 0)]
    for number, (colour, size, here, there) in enumerate(made):
        variant = factories.VariantFactory(
            product=product, sku=f"TEE-{number}", attributes={"couleur": colour, "taille": size}
        )
        factories.PriceFactory(variant=variant, amount=2000, starts_at=timezone.now() - timedelta(days=90))
        open_stock(rows=[(house.lille.pk, variant.pk, here), (house.lens.pk, variant.pk, there)])
    return product


def test_two_attributes_make_a_matrix_of_one_s_own_and_the_house_s_figures(clerk_client: Client, tee: Product) -> None:
    answer = clerk_client.get(reverse("product", args=["TEE"]))
    page = said(answer)
    assert "couleur / taille XS M bleu 0 house 0 3 house 7 rouge 0 house 0" in page
    assert "Lille 3 The whole house 7" in page
    assert "€20.00" in page
    assert "Lowest price" not in page
    assert f'href="{reverse("stock")}?q=TEE-0"' in answer.content.decode()


def test_a_lowered_price_stands_beside_the_lowest_of_the_thirty_days_before(clerk_client: Client, tee: Product) -> None:
    now = timezone.now()
    for variant in tee.variants.all():
        Price.objects.create(
            variant=variant, amount=1500, starts_at=now - timedelta(days=2), ends_at=now + timedelta(days=5)
        )
    page = said(clerk_client.get(reverse("product", args=["TEE"])))
    assert "€15.00" in page
    assert "Lowest price of the 30 days before: €20.00" in page


def test_other_products_are_lists_and_an_unknown_one_is_not_there(clerk_client: Client, tee: Product) -> None:
    Variant.objects.filter(sku="TEE-0").update(attributes={})
    assert "house 7" in said(clerk_client.get(reverse("product", args=["TEE"])))
    assert clerk_client.get(reverse("product", args=["NOTHING"])).status_code == 404
    Variant.objects.filter(product=tee).update(withdrawn_at=timezone.now())
    assert "No article is sold of this product" in said(clerk_client.get(reverse("product", args=["TEE"])))


def test_the_page_asks_as_often_however_many_variants_there_are(clerk_client: Client, tee: Product) -> None:
    seen = []
    for number in range(2):
        clerk_client.get(reverse("product", args=["TEE"]))
        with counting() as statements:
            clerk_client.get(reverse("product", args=["TEE"]))
        seen.append(len(statements))
        for more in range(20):
            factories.VariantFactory(product=tee, attributes={"couleur": f"{number}", "taille": f"{more}"})
    assert seen[0] == seen[1]


def test_sizes_stand_in_their_order() -> None:
    assert sorted(["XL", "M", "10", "9,5", "S", "rouge", "38"], key=matrix.in_order) == [
        *("9,5", "10", "38", "S", "M", "XL", "rouge"),
    ]


@pytest.mark.parametrize(
    "attributes",
    [[{}], [{"Colour": "red"}], [{"Colour": "red", "Size": "M"}] * 2, [{"a": "1", "b": "2"}, {"a": "1", "c": "2"}],
     [{"a": "1", "b": "2"}, {"a": "1"}]],
)  # fmt: skip
def test_what_does_not_fill_a_matrix_is_none(attributes: list[dict[str, str]]) -> None:
    assert matrix.arranged([(one, None) for one in attributes]) is None


@pytest.mark.parametrize(
    "text", ["T-shirt rayé", "t shirt raye", "RAYÉ", "tshirt raye", "shir ray", "armor", "tshrt rayé",
             "rayée armor", "armr"],
)  # fmt: skip
def test_a_product_is_found_by_words_that_are_nearly_right(tee: Product, text: str) -> None:
    assert products_called(text) == [tee.pk]


@pytest.mark.parametrize("text", ["", "ra", "%%%", "xylophone", "'); --", "& | !", "rayé xylophone"])
def test_nothing_is_found_by_what_is_not_there(tee: Product, text: str) -> None:
    assert products_called(text) == []


def test_the_stock_page_finds_by_a_mistyped_name(clerk_client: Client, tee: Product) -> None:
    page = said(clerk_client.get(f"{reverse('stock')}?q=tshrt+raye"))
    assert "T-shirt rayé" in page
