"""Promises that are put off before they are broken, the customer told; and managers who are told of them, once each."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from customers.models import Message
from inventory.places.models import Location
from omni import tasks
from omni.effects import FOLLOWERS
from omni.lib import reference
from omni.staff.services.devices import used
from omni.staff.sign_in_models import AtWork, Device
from orders.fulfilment import workload
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.promise_models import Escalation, LoweredPromise
from orders.fulfilment.services import lowering, picking, watching
from orders.placing.services.placing import PlacedOrder
from orders.sales.models import OrderEvent
from tests import factories, journeys
from tests.house import House

pytestmark = pytest.mark.django_db

TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""Tuesday, ten o'clock in Lille, which opens from nine to half past twelve and from two to seven."""


def at(minutes: int) -> datetime:
    return TEN + timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def shop(house: House) -> Location:
    """Lille with its lunch, an hour of preparation, four minutes an order and one a piece."""
    Location.objects.filter(pk=house.lille.pk).update(opening_hours="Mo-Sa 09:00-12:30,14:00-19:00")
    reference.forget()
    house.lille.refresh_from_db()
    return house.lille


def order(shop: Location, clerk: Any, pieces: int = 1, **more: Any) -> PlacedOrder:
    return journeys.placed(shop, {"SKU-1": pieces}, by=clerk, **more)


def promised(one: PlacedOrder) -> datetime:
    return journeys.fulfilment_of(one).promised_at


def told() -> list[tuple[str, dict[str, Any]]]:
    return list(OrderEvent.objects.filter(kind="promise_lowered").order_by("pk").values_list("order__number", "data"))


def points(one: PlacedOrder) -> list[str]:
    return list(
        Escalation.objects.filter(fulfilment__order=one.order.id).order_by("pk").values_list("point", flat=True)
    )


def test_an_order_behind_a_long_queue_is_promised_for_later(shop, clerk, clock):
    waiting = [order(shop, clerk, pieces=6) for _number in range(6)]
    # Each is ten minutes of work: the sixth is the first that the queue decides nothing for, too.
    assert {promised(one) for one in waiting} == {at(60)}
    assert promised(order(shop, clerk, pieces=6)) == at(70)
    assert order(shop, clerk, pieces=6).ways[0].promised_at == at(80)


def test_people_seen_at_work_shorten_it_and_who_prepares_nothing_does_not_count(house, shop, clerk, agent, clock):
    for _number in range(11):
        order(shop, clerk, pieces=6)
    device = Device.objects.create(location=shop, name="Tablet 1", secret_hash="s", enrolled_by=clerk)
    colleague = factories.PersonFactory(login="colleague", role="clerk", stores=[shop])
    assert promised(order(shop, clerk, pieces=6)) == at(120)
    for person in (clerk, colleague, agent):
        used(device_id=device.pk, location_id=shop.pk, person_id=person.pk)
        used(device_id=device.pk, location_id=shop.pk, person_id=person.pk)
    assert AtWork.objects.count() == 3
    assert workload.in_store(shop.pk).people == 2
    assert promised(order(shop, clerk, pieces=6)) == at(65)
    clock.move_to(at(119))
    assert workload.in_store(shop.pk).people == 2
    clock.move_to(at(120))
    assert workload.in_store(shop.pk).people == 0


def test_what_is_picked_missing_or_gone_is_no_work_any_more(house, shop, clerk, clock):
    first, second, third = (order(shop, clerk, pieces=5) for _number in range(3))
    order(shop, clerk, pieces=5, kind="ship", paid=5000)  # promised for tomorrow: it goes after a new pickup
    assert workload.in_store(shop.pk) == workload.Workload(orders=3, pieces=15)
    line = journeys.fulfilment_of(first).lines.get()
    picking.pick(fulfilment_id=line.fulfilment_id, line_id=line.pk, pieces=3, actor_id=clerk.pk)
    journeys.ready(second, by=clerk)
    assert workload.in_store(shop.pk) == workload.Workload(orders=2, pieces=7)
    clock.move_to(at(24 * 60 - 30))
    assert workload.in_store(shop.pk) == workload.Workload(orders=3, pieces=12), "the parcel is due before a new pickup"
    assert third


def test_a_promise_that_holds_is_left_alone(shop, clerk, clock):
    one = order(shop, clerk)
    for minute in (0, 30, 39):
        clock.move_to(at(minute))
        assert watching.watch() == 0
    assert (promised(one), told(), points(one)) == (at(60), [], [])


def test_a_promise_that_will_not_hold_is_put_off_before_it_is_broken(shop, clerk, clock):
    one = order(shop, clerk, pieces=6)  # ten minutes of work
    clock.move_to(at(50))
    assert watching.watch() == 1, "the manager hears of it, the customer does not: it is just in time"
    assert promised(one) == at(60)
    clock.move_to(at(51))
    assert watching.watch() == 1
    assert promised(one) == at(75), "61 minutes, ten more to be on the safe side, and the next round time"
    [(number, data)] = told()
    assert number == one.order.number
    assert data == {
        "fulfilment": journeys.fulfilment_of(one).pk,
        "before": "2026-11-24T10:00:00+00:00",
        "after": "2026-11-24T10:15:00+00:00",
        "orders": 1,
        "pieces": 6,
        "people": 1,
    }
    change = LoweredPromise.objects.get()
    assert (change.number, change.before, change.after) == (1, at(60), at(75))
    assert watching.watch() == 0, "a second round does nothing"
    clock.move_to(at(64))
    assert watching.watch() == 0, "one minute later than reckoned is what the cushion is for"


def test_who_knows_it_early_tells_it_early_but_not_for_a_few_minutes(shop, clerk, clock):
    waiting = [order(shop, clerk, pieces=6) for _number in range(6)]
    last = waiting[-1]
    clock.move_to(at(14))
    assert watching.watch() == 0, "fourteen minutes late, but 46 minutes before: people come and go"
    clock.move_to(at(15))
    assert watching.watch() == 1, "the sixth will be fifteen minutes late, the fifth only five: that is no letter"
    assert (promised(waiting[4]), promised(last)) == (at(60), at(85))


def test_a_promise_is_put_off_twice_at_most_and_then_it_is_late(shop, clerk, clock):
    one = order(shop, clerk, pieces=6)
    kept = []
    for minute in range(121):
        clock.move_to(at(minute))
        watching.watch()
        kept.append(promised(one))
    assert sorted(set(kept)) == [at(60), at(75), at(90)]
    assert LoweredPromise.objects.count() == 2
    assert points(one) == ["before", "due", "overdue"]
    assert next(minute for minute in range(120) if at(minute) >= kept[minute]) == 90


def test_a_broken_promise_is_not_put_off(shop, clerk, clock):
    one = order(shop, clerk, pieces=6)
    clock.move_to(at(60))
    watching.watch()
    assert (promised(one), told(), points(one)) == (at(60), [], ["due"])


def test_parcels_and_closed_stores_are_left_alone(shop, clerk, clock):
    parcel = order(shop, clerk, kind="ship", paid=1000)
    clock.move_to(at(130))
    late = order(shop, clerk)  # promised for after lunch
    assert promised(late) == at(280)
    clock.move_to(at(200))  # twenty past one
    assert watching.watch() == 0
    clock.move_to(TEN + timedelta(hours=24))
    watching.watch()
    assert (promised(parcel), points(parcel)) == (TEN + timedelta(hours=24), [])


def test_a_new_promise_does_not_lie_behind_the_closing(shop, clerk):
    Location.objects.filter(pk=shop.pk).update(opening_hours="Mo-Sa 09:00-12:33,14:00-19:00")
    reference.forget()
    store = lowering.place(shop.pk)
    assert lowering.new_promise(store, at(142)) == at(152)  # 12:32; 12:35 would be in the lunch break
    assert lowering.new_promise(store, at(140)) == at(150)
    assert lowering.new_promise(store, at(151)) == at(250)  # two minutes before lunch, eight after it, round


def test_the_manager_is_told_at_each_point_once_in_opening_time(shop, clerk, clock):
    Location.objects.filter(pk=shop.pk).update(warn_minutes=20, overdue_minutes=30)
    reference.forget()
    one = order(shop, clerk)
    Fulfilment.objects.filter(order=one.order.id).update(promised_at=at(245))  # five past two, after lunch
    picking.start_picking(fulfilment_id=journeys.fulfilment_of(one).pk, actor_id=clerk.pk)
    seen = []
    for minute in (134, 135, 136, 180, 239, 240, 245, 260, 274, 275, 276):
        clock.move_to(at(minute))
        before = points(one)
        watching.watch()
        seen += [(minute, point) for point in points(one)[len(before) :]]
    assert seen == [(135, "before"), (245, "due"), (275, "overdue")]


def test_points_that_are_switched_off_are_not_told(shop, clerk, clock):
    Location.objects.filter(pk=shop.pk).update(warn_minutes=0, overdue_minutes=0)
    reference.forget()
    one = order(shop, clerk)
    clock.move_to(at(140))
    watching.watch()
    assert points(one) == ["due"]


def test_a_worker_that_ends_half_way_leaves_the_rest_to_the_next(shop, clerk, clock, monkeypatch):
    orders = [order(shop, clerk, pieces=6) for _number in range(2)]
    clock.move_to(at(52))
    whole, seen = lowering.events.promise_lowered, []

    def dies(**named: Any) -> Any:
        seen.append(named)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return whole(**named)

    monkeypatch.setattr(lowering.events, "promise_lowered", dies)
    with pytest.raises(KeyboardInterrupt):
        watching.watch()
    assert (LoweredPromise.objects.count(), len(told())) == (1, 1), "the second was taken back as a whole"
    assert promised(orders[1]) == at(60)
    monkeypatch.setattr(lowering.events, "promise_lowered", whole)
    watching.watch()
    assert (LoweredPromise.objects.count(), len(told())) == (2, 2)


def outlook_of(one: PlacedOrder, now: datetime) -> Any:
    [found] = [
        found
        for found in watching.outlook.of([journeys.fulfilment_of(one).location_id], now)
        if found.open.id == journeys.fulfilment_of(one).pk
    ]
    return found


def test_what_is_put_off_again_with_an_old_outlook_stays(shop, clerk, clock):
    one = order(shop, clerk, pieces=6)
    clock.move_to(at(55))
    found = outlook_of(one, at(55))
    assert lowering.lower(found=found, after=at(80))
    assert not lowering.lower(found=found, after=at(90))
    assert promised(one) == at(80)
    later = outlook_of(one, at(55))
    assert not lowering.lower(found=later, after=at(70)), "a promise is never brought forward"


def test_an_old_outlook_changes_nothing_of_what_is_ready_or_given_up(house, shop, clerk, clock):
    one = order(shop, clerk, pieces=6)
    clock.move_to(at(55))
    found = outlook_of(one, at(55))
    journeys.ready(one, by=clerk)
    assert not lowering.lower(found=found, after=at(80))
    assert (promised(one), told()) == (at(60), [])


def test_a_third_lowering_is_refused_by_the_database(shop, clerk, clock):
    pk = journeys.fulfilment_of(order(shop, clerk)).pk
    for number in (1, 2):
        LoweredPromise.objects.create(fulfilment_id=pk, number=number, before=at(number), after=at(number + 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        LoweredPromise.objects.create(fulfilment_id=pk, number=3, before=at(3), after=at(4))


# The customer


def lowered(shop: Location, clerk: Any, clock: Any, language: str = "fr") -> PlacedOrder:
    one = order(shop, clerk, pieces=6)
    fulfilment = journeys.fulfilment_of(one)
    customer = fulfilment.order.customer
    assert customer is not None
    customer.language = language
    customer.save(update_fields=["language"])
    clock.move_to(at(51))
    tasks.watch_promises()
    return one


def test_the_customer_is_told_once_in_their_language(house, shop, clerk, clock):
    one = lowered(shop, clerk, clock)
    tasks.drain_outbox()
    tasks.watch_promises()
    tasks.drain_outbox()
    [letter] = mail.outbox
    short_id = journeys.fulfilment_of(one).short_id
    assert letter.subject == f"{short_id} sera prête aujourd’hui à 11:15"
    assert "aujourd’hui à 11:15" in letter.body
    assert "aujourd’hui à 11:00" in letter.body
    assert Message.objects.get().status == "sent"


def test_a_letter_that_waited_while_the_order_became_ready_is_dropped(house, shop, clerk, clock):
    one = lowered(shop, clerk, clock, "en")
    event = OrderEvent.objects.get(kind="promise_lowered")
    for follower in FOLLOWERS["promise_lowered"] * 2:
        follower(event.pk)
    journeys.ready(one, by=clerk)
    tasks.send_messages()
    message = Message.objects.get(template="promise_lowered")
    assert (message.status, message.dropped_because, message.subject[-14:]) == ("dropped", "ready", "today at 11:15")


def test_a_letter_that_waited_while_the_promise_was_put_off_again_is_dropped(shop, clerk, clock):
    one = lowered(shop, clerk, clock, "en")
    FOLLOWERS["promise_lowered"][0](OrderEvent.objects.get(kind="promise_lowered").pk)
    Fulfilment.objects.filter(order=one.order.id).update(promised_at=at(90))
    tasks.send_messages()
    assert Message.objects.get().dropped_because == "lowered_again"


def test_the_orders_timeline_tells_it(house, shop, clerk, agent, clock):
    one = lowered(shop, clerk, clock, "en")
    client = Client()
    client.force_login(agent)
    shown = client.get(f"/orders/{one.order.number}/").content.decode()
    assert "Promise put off: " in shown
    assert "instead of 11:00 (6 items in the queue, 1 person)" in shown
