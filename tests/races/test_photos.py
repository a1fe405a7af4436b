"""Photos under many hands: numbered without a gap, and lists show the first, whoever adds and removes at once."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.db import IntegrityError

from inventory.catalog import locks
from inventory.catalog.models import Product
from inventory.catalog.services import photographing
from omni import audit
from omni.staff.access import actor_of
from tests.catalogue import pictures
from tests.races.crowd import Meeting, at_once, raised

pytestmark = pytest.mark.django_db(transaction=True)

CROWD, ROUNDS = 6, 10


@pytest.fixture
def adding(house, manager) -> Iterator[partial]:
    keys = {"actor": actor_of(manager), "product_id": house.variants[0].product_id, "picture": pictures.picture()}
    return partial(photographing.add, **keys)


def test_photos_that_are_added_and_removed_at_once_stay_in_order(house, manager, adding):
    product = house.variants[0].product
    for _round in range(ROUNDS):
        kept = [adding() for _photo in range(2)]
        remove = [partial(photographing.remove, actor=actor_of(manager), photo=photo) for photo in kept]
        outcomes = at_once([*[adding] * (CROWD - 2), *remove])
        assert not raised(outcomes, Exception), outcomes
        positions = list(product.photos.order_by("position").values_list("position", flat=True))
        assert positions == list(range(1, CROWD - 1))
        for photo in product.photos.all():
            photographing.remove(actor=actor_of(manager), photo=photo)
    assert audit.differences() == []


def test_without_the_lock_two_photos_take_the_same_place(adding, monkeypatch):
    meeting = Meeting(2)

    def unlocked(product_id: int) -> Product:
        found = Product.objects.get(pk=product_id)
        meeting.wait()
        return found

    monkeypatch.setattr(locks, "lock_product", unlocked)
    assert len(raised(at_once([adding] * 2), IntegrityError)) == 1
