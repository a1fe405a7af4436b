"""Bags of those who will not come: one for each, emptied by scan or at once, with who and when."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from omni import audit
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up
from orders.fulfilment.waiting.errors import NotToPutBack
from orders.fulfilment.waiting.models import Restock, RestockLine
from orders.fulfilment.waiting.services import restocking
from orders.sales.models import OrderEvent
from tests import factories, journeys

pytestmark = pytest.mark.django_db


def expire(one: Fulfilment) -> None:
    Fulfilment.objects.filter(pk=one.pk).update(keep_until=timezone.now() - timedelta(minutes=1))
    giving_up.expire(fulfilment_id=one.pk)


@pytest.fixture
def bag(ready) -> Restock:
    """Two pieces of the first article and one of the second, that nobody collected."""
    expire(ready)
    return Restock.objects.get(fulfilment=ready)


def scan(client, code: str, key: str):
    return client.post(
        reverse("put-back-scans"), {"code": code, "idempotency_key": key}, headers={"HX-Request": "true"}
    )


def test_an_expired_pickup_leaves_one_bag_with_what_was_in_it(bag, house):
    lines = RestockLine.objects.order_by("variant_id").values_list("variant__sku", "quantity", "put_back")
    assert list(lines) == [("SKU-1", 2, 0), ("SKU-2", 1, 0)]
    assert giving_up.expire(fulfilment_id=bag.fulfilment_id) is False
    assert Restock.objects.count() == 1
    assert house.level("SKU-1").reserved == 0, "on sale again before it is on the shelf"
    assert audit.differences() == []


def test_what_was_cancelled_before_anything_was_picked_leaves_none(house, clerk):
    one = journeys.fulfilment_of(journeys.placed(house.lille, {"SKU-1": 2}, by=clerk))
    giving_up.cancel(fulfilment_id=one.pk, actor_id=clerk.pk, reason="mistake")
    assert not Restock.objects.exists()


def test_what_was_cancelled_once_it_was_picked_leaves_one(house, clerk):
    one = journeys.picked(journeys.placed(house.lille, {"SKU-1": 2}, by=clerk), by=clerk)
    giving_up.cancel(fulfilment_id=one.pk, actor_id=clerk.pk, reason="mistake")
    assert Restock.objects.get().fulfilment_id == one.pk
    assert audit.differences() == []


def test_today_leads_to_the_bags_while_there_are_any(bag, clerk, clerk_client):
    assert "1 bag to put back on the shelf" in clerk_client.get(reverse("today")).content.decode()
    page = clerk_client.get(reverse("put-back")).content.decode()
    for said in ("L1-1", "Locker 1", "Not collected", "0 of 2", "0 of 1"):
        assert said in page
    restocking.put_all_back(restock_id=bag.pk, location_id=bag.location_id, actor_id=clerk.pk)
    assert "to put back on the shelf" not in clerk_client.get(reverse("today")).content.decode()


def test_each_scan_puts_one_piece_back_and_the_last_one_ends_the_bag(bag, clerk, clerk_client):
    assert scan(clerk_client, "SKU-1", "a").status_code == 200
    scan(clerk_client, "SKU-1", "a")  # the same scan, sent twice
    assert RestockLine.objects.get(variant__sku="SKU-1").put_back == 1
    scan(clerk_client, factories.gtin(1), "b")
    assert Restock.objects.get().done_at is None
    scan(clerk_client, "SKU-2", "c")
    done = Restock.objects.get()
    assert (done.done_by_id, done.done_at is not None) == (clerk.pk, True)
    assert OrderEvent.objects.get(kind="put_back").actor_id == clerk.pk
    assert "Clara Clerk" in clerk_client.get(reverse("put-back")).content.decode()
    assert audit.differences() == []


@pytest.mark.parametrize(("code", "said"), [("SKU-3", "Nothing on this list is this article."), ("x", "Unknown code")])
def test_what_is_in_no_bag_is_refused_aloud(bag, clerk_client, code, said):
    assert said in scan(clerk_client, code, "k").content.decode()
    assert not RestockLine.objects.filter(put_back__gt=0).exists()


def test_more_pieces_than_the_bag_holds_are_refused(bag, clerk):
    keys = {"location_id": bag.location_id, "actor_id": clerk.pk}
    variant = RestockLine.objects.get(variant__sku="SKU-2").variant_id
    restocking.put_back(variant_id=variant, **keys)
    with pytest.raises(NotToPutBack):
        restocking.put_back(variant_id=variant, **keys)


def test_the_oldest_bag_comes_first(bag, house, clerk):
    second = journeys.ready(journeys.placed(house.lille, {"SKU-2": 1}, by=clerk), by=clerk)
    expire(second)
    variant = RestockLine.objects.filter(variant__sku="SKU-2").values_list("variant_id", flat=True)[0]
    keys = {"location_id": bag.location_id, "actor_id": clerk.pk, "variant_id": variant}
    assert restocking.put_back(**keys).restock_id == bag.pk
    assert restocking.put_back(**keys).restock.fulfilment_id == second.pk


def test_a_whole_bag_is_emptied_once(bag, clerk, clerk_client):
    address = reverse("put-back-bag", args=[bag.pk])
    for _twice in range(2):
        assert clerk_client.post(address, {"idempotency_key": "k"}).status_code == 302
    assert OrderEvent.objects.filter(kind="put_back").count() == 1
    assert list(RestockLine.objects.values_list("put_back", "quantity").order_by("quantity")) == [(1, 1), (2, 2)]
    with pytest.raises(NotToPutBack):
        restocking.put_all_back(restock_id=bag.pk, location_id=bag.location_id, actor_id=clerk.pk)


def test_a_bag_of_another_store_is_not_there(bag, house):
    stranger = factories.PersonFactory(login="amiens", role="clerk", stores=[house.amiens])
    with pytest.raises(NotToPutBack):
        restocking.put_all_back(restock_id=bag.pk, location_id=house.amiens.pk, actor_id=stranger.pk)
    variant = bag.lines.all()[0].variant_id
    with pytest.raises(NotToPutBack):
        restocking.put_back(location_id=house.amiens.pk, variant_id=variant, actor_id=stranger.pk)
