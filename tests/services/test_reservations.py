"""A reservation is free: nothing is paid or earned before it was tried, and nobody reserves more than the house lets
them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from inventory.places.models import Location
from inventory.places.queries import place
from loyalty import queries as loyalty
from omni.lib import reference
from orders.fulfilment import promises
from orders.fulfilment.errors import MoneyDue
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up, handing_over, undoing
from orders.fulfilment.services.handing_over import Part
from orders.fulfilment.waiting import queries as waiting
from orders.fulfilment.waiting.errors import NoMoreTime
from orders.fulfilment.waiting.models import Restock
from orders.fulfilment.waiting.services import extending
from orders.payments.models import Payment
from orders.placing.errors import TooManyReserved, WishRefused
from orders.placing.services import placing
from orders.placing.wishes import WishedPayment, WishedWay
from orders.sales.models import Order
from tests import journeys
from tests.insights.days import TODAY, tiles

pytestmark = pytest.mark.django_db
UNITS = {"SKU-1": 2, "SKU-2": 1}
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def reserved(house, clerk, units=None, **more):
    return journeys.placed(house.lille, units or UNITS, by=clerk, kind="reservation", **more)


def order_of(placed):
    return Order.objects.get(pk=placed.order.id)


def held(house, sku="SKU-1"):
    level = house.level(sku)
    return level.on_hand, level.reserved


def shop_hours(house, text="Mo-Sa 10:00-19:00", **more):
    Location.objects.filter(pk=house.lille.pk).update(opening_hours=text, **more)
    reference.forget()


def try_on(bag, clerk, takes, **more):
    parts = {
        line.pk: Part(takes.get(line.order_line.position, 0), line.waiting - takes.get(line.order_line.position, 0))
        for line in bag.lines.select_related("order_line")
    }
    return handing_over.hand_over(fulfilment_id=bag.pk, proof="code", actor_id=clerk.pk, parts=parts, **more)


def test_its_pieces_are_kept_and_nothing_is_paid_or_earned(house, clerk):
    order = order_of(reserved(house, clerk))
    assert held(house) == (100, 2)
    assert order.reserved
    assert not Payment.objects.exists()
    assert (loyalty.wallet(order.customer_id).pending, loyalty.wallet(order.customer_id).posted) == (0, 0)


def test_it_is_promised_as_a_pickup_is(house, clerk):
    shop, now = place(house.lille.pk), datetime.now(UTC)
    promised = {kind: promises.promise(place=shop, kind=kind, now=now, pieces=3) for kind in ("pickup", "reservation")}
    assert promised["pickup"] == promised["reservation"] > now


def test_what_is_taken_is_paid_and_earns_and_what_is_left_is_for_sale_again(house, clerk):
    bag = journeys.ready(placed := reserved(house, clerk), by=clerk)
    try_on(bag, clerk, {1: 1}, tender="card_terminal")
    order = order_of(placed)
    assert (order.status, order.total, order.dropped) == ("completed", 4000, 3000)
    assert list(Payment.objects.values_list("kind", "tender", "amount")) == [("capture", "card_terminal", 1000)]
    assert held(house) == (99, 0)
    assert held(house, "SKU-2") == (100, 0)
    assert (loyalty.wallet(order.customer_id).pending, loyalty.wallet(order.customer_id).posted) == (0, 10)


def test_nothing_is_taken_along_without_paying(house, clerk):
    bag = journeys.ready(placed := reserved(house, clerk), by=clerk)
    with pytest.raises(MoneyDue):
        try_on(bag, clerk, {1: 2})
    assert order_of(placed).status == "open"
    assert held(house) == (100, 2)


def test_an_undo_takes_money_and_points_back_and_all_of_it_can_still_be_bought(house, clerk):
    bag = journeys.ready(placed := reserved(house, clerk), by=clerk)
    given = try_on(bag, clerk, {1: 1}, tender="cash")
    undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)
    order = order_of(placed)
    assert (order.status, order.dropped) == ("open", 0)
    assert loyalty.wallet(order.customer_id).posted == 0
    assert held(house) == (100, 2)
    bag.refresh_from_db()
    try_on(bag, clerk, {1: 2, 2: 1}, tender="cash")
    assert loyalty.wallet(order.customer_id).posted == 40
    captured = sum(one.amount if one.kind == "capture" else -one.amount for one in Payment.objects.all())
    assert captured == 4000


def test_leaving_everything_releases_it_and_counts_as_no_no_show(house, clerk):
    bag = journeys.ready(placed := reserved(house, clerk), by=clerk)
    giving_up.cancel(fulfilment_id=bag.pk, actor_id=clerk.pk, reason="refused")
    bag.refresh_from_db()
    assert (bag.status, order_of(placed).status) == ("cancelled", "cancelled")
    assert held(house) == (100, 0)
    assert Restock.objects.get(fulfilment=bag).lines.count() == 2
    assert not Payment.objects.exists()
    assert waiting.no_shows_of_stores([house.lille.pk], datetime.now(UTC) + timedelta(minutes=1)) == {}


def test_one_that_nobody_tried_ends_and_counts_as_no_no_show(house, clerk):
    bag = journeys.ready(placed := reserved(house, clerk), by=clerk)
    Fulfilment.objects.filter(pk=bag.pk).update(keep_until=datetime.now(UTC) - timedelta(minutes=1))
    assert giving_up.expire_due() == 1
    assert (order_of(placed).status, held(house)) == ("cancelled", (100, 0))
    assert waiting.no_shows_of_stores([house.lille.pk], datetime.now(UTC) + timedelta(minutes=1)) == {}


def test_it_is_kept_until_the_next_open_day_closes(house, clerk):
    shop_hours(house)
    with time_machine.travel(MONDAY, tick=False):
        bag = journeys.ready(reserved(house, clerk), by=clerk)
    assert f"{place(house.lille.pk).local(bag.keep_until):%a %H:%M}" == "Tue 19:00"


def test_who_is_told_a_day_is_never_told_an_earlier_one(house, clerk):
    """Reserved on Saturday evening for Monday, and set aside at once: it is kept until Tuesday, not until Monday."""
    shop_hours(house)
    with time_machine.travel(datetime(2026, 11, 28, 17, 50, tzinfo=UTC), tick=False):
        bag = journeys.ready(reserved(house, clerk), by=clerk)
    shop = place(house.lille.pk)
    assert f"{shop.local(bag.promised_at):%a}" == "Mon"
    assert f"{shop.local(bag.keep_until):%a %H:%M}" == "Tue 19:00"


def test_a_store_keeps_it_for_as_many_openings_as_it_says(house, clerk):
    shop_hours(house, reservation_openings=3)
    with time_machine.travel(MONDAY, tick=False):
        bag = journeys.ready(reserved(house, clerk), by=clerk)
    assert f"{place(house.lille.pk).local(bag.keep_until):%a %H:%M}" == "Thu 19:00"


def test_only_the_store_keeps_it_longer_by_its_openings(house, clerk):
    shop_hours(house)
    with time_machine.travel(MONDAY, tick=False):
        bag = journeys.ready(reserved(house, clerk), by=clerk)
        with pytest.raises(NoMoreTime):
            extending.extend(fulfilment_id=bag.pk, actor_id=None)
        extending.extend(fulfilment_id=bag.pk, actor_id=clerk.pk)
    bag.refresh_from_db()
    assert f"{place(house.lille.pk).local(bag.keep_until):%a %H:%M}" == "Wed 19:00"


def refused(wish, clerk, kind=WishRefused):
    with pytest.raises(kind) as refusal, transaction.atomic():
        placing.place_order(wish=wish, actor=journeys.acting(clerk, channel="web"))
    return refusal.value


def test_nothing_can_be_paid_for_it_beforehand(house, clerk):
    wish = journeys.wish(house.lille, UNITS, kind="reservation", payment=WishedPayment("card_online", 4000))
    assert str(refused(wish, clerk)).startswith("Nothing is paid for a reservation")
    assert not Order.objects.exists()


def test_it_goes_with_nothing_that_is_bought(house, clerk):
    here = place(house.lille.pk)
    ways = [WishedWay("reservation", here, [(0, 2)]), WishedWay("pickup", here, [(1, 1)])]
    assert "an order of its own" in str(refused(journeys.wish(house.lille, UNITS, ways=ways), clerk))


def test_it_is_kept_for_somebody(house, clerk):
    wish = journeys.wish(house.lille, UNITS, kind="reservation", customer=None)
    assert [problem.field for problem in refused(wish, clerk).problems] == ["customer"]


def test_nobody_has_more_of_them_open_than_the_house_lets_them(house, clerk, settings):
    settings.MOST_RESERVATIONS = 2
    first, _second = (reserved(house, clerk, {"SKU-1": 1}, email="camille@example.org") for _one in range(2))
    wish = journeys.wish(house.lille, {"SKU-1": 1}, kind="reservation", email="camille@example.org")
    assert "2 reservations are open already" in str(refused(wish, clerk, TooManyReserved))
    assert Order.objects.count() == 2
    assert held(house) == (100, 2)
    reserved(house, clerk, {"SKU-1": 1})  # somebody else may
    giving_up.cancel_order(order_id=first.order.id, actor_id=clerk.pk, reason="mistake")
    reserved(house, clerk, {"SKU-1": 1}, email="camille@example.org")


def test_nobody_has_more_pieces_reserved_than_the_house_lets_them(house, clerk, settings):
    settings.MOST_RESERVED_PIECES = 4
    reserved(house, clerk, email="camille@example.org")
    wish = journeys.wish(house.lille, {"SKU-1": 2}, kind="reservation", email="camille@example.org")
    assert "with these it would be 5" in str(refused(wish, clerk, TooManyReserved))
    reserved(house, clerk, {"SKU-1": 1}, email="camille@example.org")


def test_it_is_no_sale_of_the_day_before_it_is_paid(house, clerk, manager_client):
    placed = reserved(house, clerk)
    seen = tiles(manager_client, TODAY)
    assert (seen["orders"], seen["sales"]) == ("0", "€0.00")
    try_on(journeys.ready(placed, by=clerk), clerk, {1: 1}, tender="cash")
    seen = tiles(manager_client, TODAY)
    assert (seen["orders"], seen["sales"]) == ("1", "€10.00")
