"""Pieces set aside and put back: never more than are free, never more than were set aside, each with its movement."""

import pytest

from inventory.stock.errors import NotFree
from inventory.stock.models import StockMovement
from inventory.stock.services import damaging, reserving
from omni import audit
from omni.staff.models import User
from tests.conftest import House

pytestmark = pytest.mark.django_db


def keys(house: House, clerk: User, quantity: int, reference: str = "damage:1") -> dict[str, object]:
    where = {"location_id": house.lille.pk, "variant_id": house.variants[0].pk}
    return {**where, "quantity": quantity, "actor_id": clerk.pk, "reference": reference}


def figures(house: House) -> tuple[int, int, int]:
    level = house.level("SKU-1")
    return level.on_hand, level.reserved, level.damaged


def movements() -> list[tuple[str, int, str]]:
    return list(StockMovement.objects.exclude(kind="opened").order_by("pk").values_list("kind", "quantity", "reason"))


def test_what_is_set_aside_is_on_hand_and_not_for_sale_until_it_is_repaired(house: House, clerk: User) -> None:
    damaging.set_aside(**keys(house, clerk, 3), reason="came_damaged")
    assert figures(house) == (100, 0, 3)
    damaging.repair(**keys(house, clerk, 2, "damage:2"))
    assert figures(house) == (100, 0, 1)
    assert movements() == [("damaged", 3, "came_damaged"), ("repaired", 2, "for_sale_again")]
    assert audit.differences() == []


@pytest.mark.parametrize("quantity", [-1, 0, 41])
def test_no_more_is_set_aside_than_is_free(house: House, clerk: User, quantity: int) -> None:
    reserving.reserve(location_id=house.lille.pk, wanted={house.variants[0].pk: 60}, reference="other")
    with pytest.raises(NotFree):
        damaging.set_aside(**keys(house, clerk, quantity), reason="damaged")
    assert (figures(house), movements()) == ((100, 60, 0), [])
    damaging.set_aside(**keys(house, clerk, 40), reason="damaged")
    assert figures(house) == (100, 60, 40)


@pytest.mark.parametrize("quantity", [-1, 0, 3])
def test_no_more_is_repaired_than_was_set_aside(house: House, clerk: User, quantity: int) -> None:
    damaging.set_aside(**keys(house, clerk, 2), reason="other")
    with pytest.raises(NotFree):
        damaging.repair(**keys(house, clerk, quantity, "damage:2"))
    assert (figures(house), len(movements())) == ((100, 0, 2), 1)


def test_nothing_is_set_aside_without_a_reason_of_ours(house: House, clerk: User) -> None:
    for reason in ("", "not_found"):
        with pytest.raises(NotFree):
            damaging.set_aside(**keys(house, clerk, 1), reason=reason)
    assert (figures(house), movements()) == ((100, 0, 0), [])
