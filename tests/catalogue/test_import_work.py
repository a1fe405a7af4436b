"""Large files are checked and applied by a worker: asked for once, watched, left, begun again when a worker dies."""

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from inventory.catalog import import_queries
from inventory.catalog.errors import ImportRefused, MappingWrong
from inventory.catalog.models import CatalogueImport, ImportWork, Price, Product, Variant
from inventory.catalog.services import abandoning, applying, undoing, working
from omni import tasks
from omni.staff.access import actor_of
from omni.staff.models import User
from tests import factories
from tests.catalogue import files
from tests.conftest import House
from tests.races.crowd import at_once

pytestmark = pytest.mark.django_db

GOOD = files.text(
    [f"TEE;T-shirt;bleu;{size};TEE-{size};{factories.gtin(501 + n)};19,90" for n, size in enumerate("ML")]
)


@pytest.fixture(autouse=True)
def _every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "AT_ONCE", 1)


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def post(client: Client, route: str, found: CatalogueImport, **fields: Any) -> Any:
    sent = {"idempotency_key": str(uuid.uuid4()), **fields}
    return client.post(reverse(route, args=[found.public_id]), sent, follow=True)


def columns(found: CatalogueImport) -> dict[str, str]:
    return {f"column-{position}": field for position, field in found.mapping.items()}


def asked(by: User, found: CatalogueImport, kind: str) -> ImportWork:
    return working.ask(actor=actor_of(by), import_id=found.pk, kind=kind, mapping=found.mapping)


def outcomes() -> list[str]:
    return list(ImportWork.objects.order_by("pk").values_list("outcome", flat=True))


def everything() -> list[Any]:
    return [list(model._default_manager.order_by("pk").values()) for model in (Product, Variant, Price)]


def test_a_large_file_is_checked_and_applied_by_the_worker(manager_client: Client, manager: User, house: House) -> None:
    found = files.sent(manager, GOOD)
    page = post(manager_client, "catalogue-import-check", found, **columns(found))
    assert "Being checked" in said(page)
    assert "Waits for its turn" in said(page)
    assert "See how far it is" in said(page)
    assert "Being checked" in said(manager_client.get(reverse("catalogue-imports")))
    assert tasks.work_on_catalogue() == 1
    page = said(manager_client.get(reverse("catalogue-import", args=[found.public_id])))
    assert "TEE-M" in page
    page = post(manager_client, "catalogue-import-application", found)
    assert "Being applied" in said(page)
    assert not Product.objects.filter(code="TEE").exists()
    assert tasks.work_on_catalogue() == 1
    found.refresh_from_db()
    assert (found.status, found.applied_by_id, outcomes()) == ("applied", manager.pk, ["done", "done"])
    assert tasks.work_on_catalogue() == 0
    undoing.undo(actor=actor_of(manager), import_id=found.pk)
    assert not Product.objects.filter(code="TEE").exists()


def test_a_small_file_waits_for_nobody(
    manager_client: Client, manager: User, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "AT_ONCE", 2)
    found = files.sent(manager, GOOD)
    assert "TEE-M" in said(post(manager_client, "catalogue-import-check", found, **columns(found)))
    assert "The catalogue is up to date." in said(post(manager_client, "catalogue-import-application", found))
    assert outcomes() == []


def test_the_page_asks_for_a_fragment_and_is_loaded_again_at_the_end(
    manager_client: Client, manager: User, house: House
) -> None:
    found = files.checked(manager, GOOD)
    work = asked(manager, found, "apply")
    ImportWork.objects.filter(pk=work.pk).update(stage="prices", done=150, total=200)
    address = reverse("catalogue-import", args=[found.public_id])
    fragment = manager_client.get(address, headers={"HX-Request": "true"})
    assert "Writing prices 75%" in said(fragment)
    assert "<html" not in fragment.content.decode()
    assert '<progress max="100" value="75"' in fragment.content.decode()
    working.work_on_due()
    assert manager_client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_while_a_file_is_worked_on_nobody_asks_again_or_abandons_it(
    manager_client: Client, manager: User, house: House
) -> None:
    found = files.checked(manager, GOOD)
    asked(manager, found, "apply")
    for kind in ("apply", "check"):
        with pytest.raises(ImportRefused, match="is being worked on"):
            asked(manager, found, kind)
    with pytest.raises(ImportRefused, match="is being worked on"):
        abandoning.abandon(actor=actor_of(manager), import_id=found.pk)
    for route in ("catalogue-import-application", "catalogue-import-check"):
        assert "Being applied" in said(post(manager_client, route, found, **columns(found)))
    assert ImportWork.objects.count() == 1


def test_columns_that_are_not_said_well_are_refused_before_anybody_works(manager: User, house: House) -> None:
    found = files.sent(manager, GOOD)
    with pytest.raises(MappingWrong):
        working.ask(actor=actor_of(manager), import_id=found.pk, kind="check", mapping={"0": "code"})
    assert outcomes() == []


def test_a_catalogue_that_changed_meanwhile_is_said_and_nothing_is_written(
    manager_client: Client, manager: User, house: House
) -> None:
    found = files.checked(manager, GOOD)
    asked(manager, found, "apply")
    factories.ProductFactory(code="TEE")
    before = everything()
    working.work_on_due()
    assert (outcomes(), everything()) == (["stale"], before)
    page = said(manager_client.get(reverse("catalogue-import", args=[found.public_id])))
    assert "The catalogue was changed since this file was checked. Check it again." in page


def test_rows_that_are_gone_and_files_that_moved_on_are_said(manager: User, house: House) -> None:
    gone = files.sent(manager, GOOD)
    asked(manager, gone, "check")
    gone.lines.all().delete()
    moved = files.checked(manager, files.text([f"SOX;Chaussettes;;;SOX-1;{factories.gtin(509)};5"]))
    asked(manager, moved, "apply")
    applying.apply(actor=actor_of(manager), import_id=moved.pk)
    working.work_on_due()
    assert outcomes() == ["gone", "moved"]


def test_progress_only_grows_and_ends_at_the_whole(
    manager: User, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "AT_A_TIME", 1)
    told: list[tuple[str, int, int]] = []
    monkeypatch.setattr(working.Progress, "tell", lambda _self, *one: told.append(one))
    found = files.sent(manager, GOOD)
    for kind in ("check", "apply"):
        asked(manager, found, kind)
        working.work_on_due()
        found.refresh_from_db()
    checked, applied = ([one for one in told if (one[2] == 1000) is which] for which in (True, False))
    for part in (checked, applied):
        assert [one[1] for one in part] == sorted(one[1] for one in part)
        assert all(0 <= done <= total for _stage, done, total in part)
    assert [stage for stage, _done, _total in checked][:1] == ["reading"]
    assert [one for one in dict.fromkeys(stage for stage, _done, _total in applied)] == [
        "products",
        "variants",
        "prices",
    ]


@pytest.mark.django_db(transaction=True)
def test_what_goes_wrong_three_times_is_given_up_and_nothing_was_changed(
    manager: User, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = files.checked(manager, GOOD)
    work, before = asked(manager, found, "apply"), everything()

    def broken(**_all: Any) -> None:
        Product.objects.create(code="HALF", name="Half done")
        raise ValueError

    monkeypatch.setattr(working, "apply", broken)
    assert [working.work_on_due() for _time in range(4)] == [0, 0, 0, 1]
    work.refresh_from_db()
    assert (work.attempts, work.outcome, everything()) == (4, "failed", before)
    assert "did not succeed" in import_queries.last_problem(found.pk)
    monkeypatch.undo()
    asked(manager, found, "apply")
    assert working.work_on_due() == 1
    assert Product.objects.filter(code="TEE").exists()


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_and_many_who_work_apply_a_file_once(manager: User, house: House) -> None:
    for number in range(5):
        row = f"P{number};Produit;;;P-{number};{factories.gtin(600 + number)};5"
        found = files.checked(manager, files.text([row, row.replace(f"P-{number};", f"Q-{number};").replace(
            factories.gtin(600 + number), factories.gtin(700 + number))]))  # fmt: skip
        answers = at_once([partial(asked, manager, found, "apply")] * 6)
        assert sum(isinstance(one, ImportWork) for one in answers) == 1, answers
        assert {type(one) for one in answers} == {ImportWork, ImportRefused}
        assert sum(at_once([working.work_on_due] * 4)) == 1
        assert outcomes() == ["done"] * (number + 1)
        assert Price.objects.filter(variant__sku=f"P-{number}").count() == 1


WORKER = """
import sys, django
django.setup()
import time
from inventory.catalog.services import applying, working
real = applying._write
def slowly(*args):
    written = real(*args)
    print("written", flush=True)
    time.sleep(60)
    return written
applying._write = slowly
working.work_on_due()
"""


def soon(true: Callable[[], bool]) -> None:
    """What another process or thread is about to write is there within ten seconds."""
    until = time.monotonic() + 10
    while not true():
        assert time.monotonic() < until
        time.sleep(0.1)


def stage_of(work: ImportWork) -> str:
    return ImportWork.objects.values_list("stage", flat=True).get(pk=work.pk)


def test_a_worker_killed_in_the_middle_has_changed_nothing_and_the_next_one_does_it(
    transactional_db: None, manager: User, house: House
) -> None:
    found = files.checked(manager, GOOD)
    work, before = asked(manager, found, "apply"), everything()
    now = connection.settings_dict
    where = urlencode({"host": now["HOST"], "port": now["PORT"]})  # the host may be the folder of a socket
    address = f"postgres://{quote(now['USER'])}:{quote(now['PASSWORD'])}@/{now['NAME']}?{where}"
    env = {**os.environ, "DATABASE_URL": address, "TEST_DATABASE_URL": address, "SECRET_KEY": settings.SECRET_KEY,
           "DJANGO_SETTINGS_MODULE": "omni.settings.dev"}  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", WORKER], env=env, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "written\n"
        soon(lambda: stage_of(work) == "prices")  # how far it is, is written by a thread of its own
        work.refresh_from_db()
        assert (work.attempts, everything()) == (1, before)
        assert working.work_on_due() == 0  # another worker is at it
        os.kill(worker.pid, signal.SIGKILL)
    assert everything() == before
    soon(lambda: working.work_on_due() == 1)  # the server notices that nobody is there
    work.refresh_from_db()
    found.refresh_from_db()
    assert (work.attempts, work.outcome, found.status) == (2, "done", "applied")
    assert Variant.objects.filter(sku__startswith="TEE").count() == 2
    undoing.undo(actor=actor_of(manager), import_id=found.pk)
    assert [{**row, "id": 0} for row in everything()[0]] == [{**row, "id": 0} for row in before[0]]
