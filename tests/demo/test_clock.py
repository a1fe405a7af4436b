"""The demo's clock: its data grows older, in order and whole; what is due happens; a real house is never touched."""

import inspect
import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from customers.models import Message
from inventory.catalog.models import Product
from inventory.places.models import Location
from inventory.stock.models import StockChange, StockLevel
from inventory.stock.services import holding
from omni import audit
from omni.demo.clock import columns, due, services
from omni.demo.clock.errors import NotADemo, UnknownSpan
from omni.demo.models import Clock
from omni.lib import sql
from orders.appointments import events as appointment_events
from orders.appointments.models import Appointment, AppointmentEvent
from orders.appointments.services import serving
from orders.appointments.services.booking import Wish
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.fulfilment.substitutes.services import asking
from orders.sales import events, parcel_events, substitute_events, waiting_events
from orders.sales.models import Order, OrderEvent
from tests import journeys, visits, ways
from tests.house import House

THREE = timedelta(hours=3, minutes=20)


def instants() -> dict[tuple[str, str], list[datetime]]:
    """Return every instant of the house, per table and column, in the order of their rows."""
    found = {}
    for model in columns.models_of_the_house():
        for field in columns.fields(model, models.DateTimeField):
            rows = sql.tuples(
                f"SELECT {field.column} FROM {model._meta.db_table} WHERE {field.column} IS NOT NULL ORDER BY 1"
            )
            found[model._meta.db_table, field.column] = [row[0] for row in rows]
    return found


def test_every_column_with_an_instant_or_a_day_has_its_place() -> None:
    days = {
        key
        for model in columns.models_of_the_house()
        for field in columns.fields(model, models.DateField)
        for key in columns.keys_of(model, field)[2:]
    }
    assert days == columns.DAYS.keys() | {key for key in columns.STAYS if key in days}
    written = {key for key, _written in columns.WRITTEN}
    documents = {
        columns.keys_of(model, field)[2]
        for model in columns.models_of_the_house()
        for field in columns.fields(model, models.JSONField)
    }
    assert documents == written | columns.NO_INSTANT.keys()
    known = {
        key
        for model in columns.models_of_the_house()
        for field in model._meta.local_concrete_fields
        for key in columns.keys_of(model, field)
    }
    assert known >= columns.STAYS.keys() | columns.COLLIDES


def test_whatever_compares_instants_of_two_rows_is_moved_aside_first() -> None:
    compared = set()
    for model, names in columns.moving().items():
        for constraint in model._meta.constraints:
            if isinstance(constraint, ExclusionConstraint):
                beside = str(constraint.expressions)
            elif isinstance(constraint, models.UniqueConstraint):
                beside = str([*constraint.fields, *constraint.expressions])
            else:
                continue
            if any(f"'{name}'" in beside or f"F({name})" in beside for name in names):
                compared.add(model._meta.label)
    assert compared == columns.COLLIDES


@pytest.mark.parametrize("why", ["settings", "mark", "store"])
def test_the_clock_of_a_real_house_is_not_moved(demo: House, clerk: Any, settings: Any, why: str) -> None:
    ways.every_way(demo, clerk)
    if why == "settings":
        settings.DEMO = False
    elif why == "mark":
        Clock.objects.all().delete()
    else:
        Location.objects.filter(pk=demo.amiens.pk).update(invented=False)
    before = instants()
    for refused in (
        lambda: services.forward(by=THREE),
        lambda: services.grow_older(THREE),
        lambda: services.make_room(THREE),
    ):
        with pytest.raises(NotADemo):
            refused()
    with pytest.raises(CommandError, match="never rewritten"):
        call_command("forward", "2h")
    assert instants() == before


@pytest.mark.parametrize(
    "span", [timedelta(), timedelta(seconds=-1), timedelta(days=31, seconds=1), timedelta(milliseconds=1500)]
)
def test_the_clock_goes_forward_by_whole_seconds_and_a_month_at_most(demo: House, span: timedelta) -> None:
    with pytest.raises(UnknownSpan):
        services.forward(by=span)
    assert Clock.objects.get().moved == timedelta()


@pytest.mark.parametrize("text", ["2", "h", "2w", "-2h", "1.5h", ""])
def test_the_command_refuses_what_is_no_span(demo: House, text: str) -> None:
    with pytest.raises(CommandError):
        call_command("forward", text)


def test_hops_add_up_and_are_short_where_promises_are_at_stake() -> None:
    way = list(services.hops(timedelta(days=8)))
    assert sum(way, timedelta()) == timedelta(days=8)
    assert way[:9] == [timedelta(minutes=15)] * 8 + [timedelta(hours=2)]
    assert way[-1] == timedelta(days=1)
    assert list(services.hops(timedelta(minutes=20))) == [timedelta(minutes=15), timedelta(minutes=5)]


def test_everything_that_was_lived_grows_older_and_nothing_else(demo: House, clerk: Any) -> None:
    ways.every_way(demo, clerk)
    past = Clock.objects.get().past_until
    before, rows = instants(), Order.objects.count()
    services.grow_older(THREE)
    after = instants()
    moving = {(model._meta.db_table, name) for model, names in columns.moving().items() for name in names}
    for place, values in before.items():
        older = [max(one - THREE, past) if one > past else one for one in values] if place in moving else values
        assert after[place] == older, place
    assert Order.objects.count() == rows
    assert Clock.objects.get().moved == THREE
    assert sum(len(values) for place, values in before.items() if place in moving) > 300


def test_the_audit_is_clean_after_every_way_and_any_move(demo: House, clerk: Any) -> None:
    ways.every_way(demo, clerk)
    for by in (timedelta(minutes=15), THREE, timedelta(days=1), timedelta(days=12)):
        services.make_room(by)
        services.grow_older(by)
        due.settle()
        assert audit.differences() == [], by


def test_ledgers_guard_themselves_and_the_history_is_written_again_afterwards(demo: House, clerk: Any) -> None:
    ways.every_way(demo, clerk)
    services.grow_older(THREE)
    assert sql.row("SELECT current_setting('pgtrigger.ignore') AS names").names == "{}"
    changes = StockChange.objects.count()
    journeys.placed(demo.lille, {"SKU-1": 1}, by=clerk)
    assert StockChange.objects.count() == changes + 1


def test_the_days_follow_their_instants(demo: House, clerk: Any) -> None:
    order = journeys.placed(demo.lille, {"SKU-1": 1}, by=clerk)
    booked = visits.booked(visits.offered(demo.lille), by=clerk)
    services.grow_older(timedelta(days=3))
    found, visit = Order.objects.get(pk=order.order.id), Appointment.objects.get(pk=booked.pk)
    zone = demo.lille.time_zone
    assert found.placed_on == _wall(found.placed_at, zone)
    assert visit.on == _wall(visit.starts_at, zone) == booked.on - timedelta(days=3)
    told = AppointmentEvent.objects.filter(appointment=visit).earliest("pk").data["starts_at"]
    assert told == visit.starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _wall(at: datetime, zone: str) -> date:
    return sql.row("SELECT (%s::timestamptz AT TIME ZONE %s::text)::date AS day", [at, zone]).day


def test_appointments_that_follow_each_other_in_one_seat_move_without_meeting(demo: House, clerk: Any) -> None:
    offer = visits.offered(demo.lille, seats=1)
    first = visits.booked(offer, by=clerk, at=visits.coming(offer, after=timedelta(hours=3)))
    second = visits.booked(offer, by=clerk, at=first.ends_at)
    for by in (timedelta(minutes=15), timedelta(minutes=30)):
        services.grow_older(by)
    moved = list(Appointment.objects.order_by("starts_at").values_list("pk", "starts_at"))
    assert moved == [
        (first.pk, first.starts_at - timedelta(minutes=45)),
        (second.pk, second.starts_at - timedelta(minutes=45)),
    ]


def test_two_who_took_the_same_number_and_meet_on_one_day_are_numbered_as_they_came(demo: House, clerk: Any) -> None:
    now = timezone.now()
    morning, evening = (now.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in (8, 20))
    keys = {"location_id": demo.lille.pk, "actor_id": clerk.pk}
    came = [
        serving.take_number(**keys, wish=Wish(name=name), now=at)
        for name, at in (
            ("Ada", evening),
            ("Ben", morning + timedelta(days=1)),
            ("Cid", evening + timedelta(days=1)),
        )
    ]
    assert [one.number for one in came] == [1, 1, 2]
    services.grow_older(timedelta(hours=10))
    found = list(Appointment.objects.order_by("arrived_at"))
    assert [(one.name, one.number) for one in found] == [("Ada", 1), ("Ben", 2), ("Cid", 2)]
    assert found[0].on == found[1].on < found[2].on
    told = AppointmentEvent.objects.order_by("appointment__arrived_at").values_list("data__number", flat=True)
    assert list(told) == [1, 2, 2]
    assert serving.take_number(**keys, wish=Wish(name="Dan"), now=evening).number == 3


def test_stock_as_of_an_instant_explains_the_same_as_before(demo: House, clerk: Any) -> None:
    before = StockLevel.objects.get(variant__sku="SKU-1", location=demo.lille)
    journeys.placed(demo.lille, {"SKU-1": 7}, by=clerk)
    services.grow_older(THREE)
    level = StockLevel.objects.get(pk=before.pk)
    changes = StockChange.objects.filter(variant=level.variant_id, location=level.location_id).order_by("version")
    assert [(one.version, one.reserved) for one in changes] == [(0, 0), (1, 7)]
    assert (level.version, level.changed_at) == (1, changes[1].changed_at)
    assert changes[0].changed_at == before.changed_at - THREE


def test_what_nobody_collected_is_given_up_and_paid_back_on_the_way(demo: House, clerk: Any) -> None:
    order = journeys.placed(demo.lille, {"SKU-1": 2}, by=clerk, paid=2000)
    journeys.ready(order, by=clerk)
    due.settle()
    done = services.forward(by=timedelta(days=8))
    assert (done.given_up, done.reminders) == (1, 2)
    served = journeys.fulfilment_of(order)
    assert served.status == Fulfilment.Status.EXPIRED
    assert served.order.status == Order.Status.CANCELLED
    told = Message.objects.filter(facts__fulfilment=served.pk).order_by("created_at").values_list("template", flat=True)
    assert list(told) == ["pickup_ready", "pickup_reminder", "pickup_reminder", "pickup_cancelled"]
    assert not Message.objects.exclude(status="sent").exists()
    assert demo.level("SKU-1").reserved == 0
    assert audit.differences() == []


def test_a_question_that_nobody_answered_ends_on_the_way(demo: House, clerk: Any) -> None:
    question = _asked(demo, clerk)
    assert services.forward(by=timedelta(minutes=5)).questions == 0
    assert services.forward(by=timedelta(hours=1)).questions == 1
    question.refresh_from_db()
    assert question.status == SubstituteQuestion.Status.EXPIRED


def test_instants_that_events_tell_grow_older_in_the_form_in_which_they_were_written(demo: House, clerk: Any) -> None:
    question, at = _asked(demo, clerk), timezone.now().replace(microsecond=123_000)
    of = {"order_id": question.fulfilment.order_id, "location_id": demo.lille.pk, "fulfilment_id": 1}
    parcel_events.tracked(kind=parcel_events.MISSED, **of, parcel_id=1, number=1, happened_at=at)
    waiting_events.extended(**of, actor_id=None, keep_until=at)
    services.grow_older(THREE)
    question.refresh_from_db()
    told = {one.kind: one.data for one in OrderEvent.objects.all()}
    assert told[substitute_events.ASKED]["answer_by"] == question.answer_by.isoformat()
    as_json = json.loads(json.dumps(at - THREE, cls=DjangoJSONEncoder))
    assert told[parcel_events.MISSED]["happened_at"] == as_json
    assert told[waiting_events.EXTENDED]["keep_until"] == as_json


def test_every_instant_that_an_event_is_given_has_its_place() -> None:
    for key, modules in (
        ("sales.OrderEvent.data", (events, parcel_events, substitute_events, waiting_events)),
        ("appointments.AppointmentEvent.data", (appointment_events,)),
    ):
        given = {
            name
            for module in modules
            for _name, function in inspect.getmembers(module, inspect.isfunction)
            for name, kind in function.__annotations__.items()
            if kind is datetime and name != "return"
        }
        known = {name for one, written in columns.WRITTEN if one == key for name in written.keys}
        assert given, key
        assert given <= known, key


def _asked(demo: House, clerk: Any) -> SubstituteQuestion:
    Product.objects.filter(variants__in=demo.variants[1:3]).update(category="Mugs")
    line = journeys.fulfilment_of(journeys.placed(demo.lille, {"SKU-2": 1}, by=clerk, paid=2000)).lines.get()
    return asking.ask(
        fulfilment_id=line.fulfilment_id, line_id=line.pk, quantity=1, reason="damaged", skus=["SKU-3"],
        actor_id=clerk.pk,
    )  # fmt: skip


def test_a_basket_that_was_only_held_runs_out(demo: House, clerk: Any) -> None:
    variant = demo.variants[0].pk
    holding.hold(reference="hold:web/1", location_id=demo.lille.pk, wanted={variant: 3}, seconds=600)
    assert services.forward(by=timedelta(minutes=5)).holds == 0
    assert services.forward(by=timedelta(minutes=15)).holds == 1
    assert demo.level("SKU-1").reserved == 0


def test_a_promise_that_comes_near_is_put_off_or_its_manager_told(demo: House, clerk: Any) -> None:
    order = journeys.placed(demo.lille, {"SKU-1": 1}, by=clerk)
    promised = journeys.fulfilment_of(order).promised_at
    assert services.forward(by=timedelta(hours=1)).watched > 0
    served = journeys.fulfilment_of(order)
    assert served.escalations.exists()
    lowered = list(served.lowerings.all())
    if not lowered:
        assert served.promised_at == promised - timedelta(hours=1)
    for one in lowered:
        told = OrderEvent.objects.filter(kind="promise_lowered", order=order.order.id).latest("pk").data
        assert datetime.fromisoformat(told["after"]) == one.after or len(lowered) > 1


def test_a_demo_that_opened_where_its_past_ends_makes_room_once(demo: House) -> None:
    monday = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    Clock.objects.update(past_until=monday, opened_at=monday)
    assert services.make_room(timedelta(days=20)) > 0
    clock = Clock.objects.get()
    assert (clock.past_until, clock.opened_at) == (monday - timedelta(weeks=3), monday)
    assert services.make_room(timedelta(days=20)) == 0


def test_the_loaded_past_makes_room_by_whole_weeks_of_the_wall(demo: House, clerk: Any) -> None:
    evening = datetime(2026, 10, 20, 17, 0, tzinfo=UTC)  # 19:00 in summer time
    Clock.objects.update(past_until=datetime(2026, 10, 26, tzinfo=UTC), opened_at=datetime(2026, 11, 22, tzinfo=UTC))
    order = journeys.placed(demo.lille, {"SKU-1": 1}, by=clerk)
    Order.objects.filter(pk=order.order.id).update(placed_at=evening, placed_on=date(2026, 10, 20))
    assert services.make_room(timedelta(days=20)) == 0
    assert services.make_room(timedelta(days=30)) > 0
    found = Order.objects.get(pk=order.order.id)
    assert (found.placed_at, found.placed_on) == (evening - timedelta(weeks=1), date(2026, 10, 13))
    assert found.placed_on.weekday() == date(2026, 10, 20).weekday()
    services.grow_older(timedelta(days=30))
    clock = Clock.objects.get()
    assert found.placed_at < clock.past_until <= clock.opened_at


def test_the_command_says_what_happened(demo: House, clerk: Any) -> None:
    said = io.StringIO()
    call_command("forward", "90s", stdout=said)
    assert said.getvalue().startswith("Nothing was due on the way. (")
    assert Clock.objects.get().moved == timedelta(seconds=90)
