"""What grows without end is deleted when it has had its time; what tells what happened stays."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone

from omni import tasks
from omni.lib import sql
from omni.staff.list_models import BulkItem, BulkRun
from omni.staff.models import AnsweredRequest, DeviceCode, Draft, Tries, User
from omni.staff.services import sweeping
from orders.sales.models import OrderEvent
from tests import journeys
from tests.conftest import House

pytestmark = pytest.mark.django_db
SWEPT = (AnsweredRequest, BulkRun, BulkItem, Draft, DeviceCode, Tries, AccessAttempt, Session)


@pytest.fixture
def kept(house: House, clerk: User, settings: Any) -> None:
    """Of everything that is swept one that has had its time and one that has not, a minute apart."""
    settings.KEEP_ANSWERS_DAYS, settings.KEEP_RUNS_DAYS = 30, 90
    now = timezone.now()
    for number, minutes in enumerate((-1, 1)):
        within = timedelta(minutes=minutes)
        answered = AnsweredRequest.objects.create(client="key:1", key=f"{number}", fingerprint="f", status=201)
        AnsweredRequest.objects.filter(pk=answered.pk).update(created_at=now - timedelta(days=30) + within)
        run = BulkRun.objects.create(listing="orders", action="cancel", actor=clerk, key=f"{number}")
        BulkRun.objects.filter(pk=run.pk).update(created_at=now - timedelta(days=90) + within)
        for thing in range(3):
            BulkItem.objects.create(run=run, thing=thing, label="W-1")
        day_old = now - timedelta(days=1) + within
        half_a_day_old = now - timedelta(hours=12) + within
        Draft.objects.create(person=clerk, address=f"/{number}/", page="/", fields={}, saved_at=half_a_day_old)
        DeviceCode.objects.create(
            location=house.lille, device_name="T", code_hash=f"{number}", made_by=clerk,
            made_at=day_old - timedelta(minutes=10), expires_at=day_old,
        )  # fmt: skip
        Tries.objects.create(what="pin", whom=f"{number}", tries=1, began_at=day_old)
        attempt = AccessAttempt.objects.create(username=f"{number}", failures_since_start=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=day_old)
        Session.objects.create(session_key=f"{number}", session_data="", expire_date=now + within)


def counted() -> dict[str, int]:
    return {one.__name__: one._default_manager.count() for one in SWEPT}


def test_what_has_had_its_time_goes_and_the_rest_stays(kept: None) -> None:
    assert counted() == {one.__name__: 6 if one is BulkItem else 2 for one in SWEPT}
    assert tasks.sweep() == len(SWEPT) - 1 + 3
    assert counted() == {one.__name__: 3 if one is BulkItem else 1 for one in SWEPT}
    assert tasks.sweep() == 0


def test_the_oldest_go_in_batches_and_a_long_table_waits_for_the_next_turn(monkeypatch: Any, settings: Any) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 4)
    monkeypatch.setattr(sweeping, "MOST_BATCHES", 2)
    sql.run(
        "INSERT INTO staff_answeredrequest (client, key, fingerprint, status, body, created_at)"
        " SELECT 'key:1', n::text, 'f', 201, '', now() - interval '1 year' FROM generate_series(1, 10) n"
    )
    assert [sweeping.sweep() for _turn in range(3)] == [8, 2, 0]


def test_what_tells_what_happened_is_not_swept(house: House, clerk: User) -> None:
    journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
    sql.run("UPDATE sales_order SET placed_at = now() - interval '9 years'")
    before = OrderEvent.objects.count()
    tasks.sweep()
    assert OrderEvent.objects.count() == before > 0
