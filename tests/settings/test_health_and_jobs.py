"""Two addresses for whoever watches, and a page of the work that waits."""

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from customers.models import Message
from omni import tasks
from omni.desk import beats, health, jobs
from omni.desk.models import Beat
from omni.lib import sql
from omni.lib.outbox import MOST_ATTEMPTS
from orders.sales.models import OrderEvent
from tests import factories, journeys
from tests.conftest import House
from tests.settings.conftest import key


@pytest.fixture(autouse=True)
def _look_again() -> None:
    health.forget()


def test_healthz_asks_the_database_nothing(client: Client) -> None:
    answer = client.get("/healthz")  # without the db fixture a statement would be an error
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "Content-Security-Policy" in answer


def test_readyz_says_what_it_looked_at(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "database": "answers",
        "migrations": "applied",
        "broker": "answers",
        "outbox": "in time",
    }


def test_readyz_is_503_without_the_database_and_says_nothing_of_the_inside(client: Client, monkeypatch: Any) -> None:
    def away(*_args: Any) -> None:
        raise DatabaseError("password authentication failed for user omni at 10.0.0.7")

    monkeypatch.setattr(health.sql, "row", away)
    monkeypatch.setattr(health.connection, "close", lambda: None)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "database": "does not answer"}


def test_readyz_is_503_while_a_migration_is_missing(client: Client, db: None) -> None:
    sql.run("DELETE FROM django_migrations WHERE app = 'places'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "some are not applied yet")


def test_a_late_outbox_is_said_and_only_the_watcher_gets_503(
    client: Client, house: House, clerk: Any, monkeypatch: Any
) -> None:
    journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
    monkeypatch.setattr(health, "LATE_AFTER", -1)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["outbox"]) == (200, "late: is a worker running?")
    assert client.get("/readyz?strict").status_code == 503


def test_the_broker_that_is_away_closes_no_shop(client: Client, db: None, settings: Any) -> None:
    settings.BROKER_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["broker"]) == (200, "away; work waits for the sweep")
    assert client.get("/readyz?strict").status_code == 503


@pytest.fixture
def failed(house: House, clerk: Any) -> tuple[OrderEvent, Message, OrderEvent]:
    """An event and a message of Lille that were given up, and an event of Amiens."""
    journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
    journeys.placed(house.amiens, {"SKU-1": 1}, by=clerk)
    own, foreign = (OrderEvent.objects.get(location=store) for store in (house.lille, house.amiens))
    OrderEvent.objects.update(attempts=MOST_ATTEMPTS, failure="ValueError")
    message = factories.MessageFactory(location=house.lille, status="failed", attempts=8, failure="SMTPException")
    return own, message, foreign


def test_the_page_names_what_failed_with_its_last_error(admin_client: Client, failed: Any) -> None:
    own, _message, foreign = failed
    page = admin_client.get("/jobs/")
    text = page.content.decode()
    assert [row["error"] for row in page.context["rows"]] == ["ValueError", "SMTPException"]
    assert (page.context["given_up"], page.context["waiting"]) == (2, 0)
    assert own.order.number in text
    assert foreign.order.number not in text
    assert "camille@example.org" not in text


def test_one_is_tried_again_and_nothing_else(admin_client: Client, failed: Any) -> None:
    own, message, foreign = failed
    assert admin_client.post("/jobs/retry/", {"kind": "event", "pk": own.pk} | key()).status_code == 302
    own.refresh_from_db()
    assert (own.attempts, own.failure) == (0, "")
    message.refresh_from_db()
    foreign.refresh_from_db()
    assert (message.status, foreign.attempts) == ("failed", MOST_ATTEMPTS)


def test_all_of_ones_stores_are_tried_again_once(admin_client: Client, failed: Any) -> None:
    own, message, foreign = failed
    form = {"kind": "all"} | key()
    admin_client.post("/jobs/retry/", form)
    own.refresh_from_db()
    message.refresh_from_db()
    foreign.refresh_from_db()
    assert (own.attempts, message.status, message.attempts) == (0, "queued", 0)
    assert foreign.attempts == MOST_ATTEMPTS
    Message.objects.filter(pk=message.pk).update(status="failed", attempts=8)
    admin_client.post("/jobs/retry/", form)
    message.refresh_from_db()
    assert message.status == "failed"


@pytest.mark.parametrize("form", [{}, {"kind": "x"}, {"kind": "event", "pk": "x"}, {"kind": "message", "pk": "1" * 30}])
def test_nonsense_tries_nothing_again(admin_client: Client, failed: Any, form: Any) -> None:
    assert admin_client.post("/jobs/retry/", form | key()).status_code == 400
    assert not OrderEvent.objects.filter(attempts=0).exists()


def test_another_store_s_work_does_not_exist(admin_client: Client, failed: Any) -> None:
    foreign = failed[2]
    assert admin_client.post("/jobs/retry/", {"kind": "event", "pk": foreign.pk} | key()).status_code == 404


def test_managers_see_no_jobs(manager_client: Client, failed: Any) -> None:
    assert manager_client.get("/jobs/").status_code == 403
    assert manager_client.post("/jobs/retry/", {"kind": "all"} | key()).status_code == 403
    assert not OrderEvent.objects.filter(attempts=0).exists()


def test_a_task_that_ran_is_heard(admin_client: Client, db: None) -> None:
    tasks.send_messages()
    heard = {row["label"]: row["state"]["state"] for row in admin_client.get("/jobs/").context["beats"]}
    assert {str(label): state for label, state in heard.items()}["Sending messages"] == "done"
    assert set(heard.values()) == {"done", "late"}


def test_a_beat_that_failed_is_told_by_its_name(db: None) -> None:
    @beats.beating
    def broken() -> None:
        raise LookupError("a secret")

    with pytest.raises(LookupError):
        broken()
    beat = Beat.objects.get(task="broken")
    assert beat.failure == "LookupError"
    assert beat.ran_at <= timezone.now()


def test_every_task_of_the_scheduler_has_words(settings: Any) -> None:
    planned: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
    assert {one["task"].rpartition(".")[2] for one in planned.values()} == jobs.TASKS.keys()
