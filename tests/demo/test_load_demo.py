"""`load_demo` and `import` as commands: what they leave behind, what they say, how they end."""

import io
import json
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from customers.models import Customer
from inventory.places.models import Location
from inventory.stock.models import StockMovement
from omni.demo import extract
from omni.demo.models import Clock
from omni.demo.places import BUSIEST
from omni.staff.models import ApiKey, User
from omni.staff.services import keys
from orders.sales.models import Order
from tests.demo import panels


@pytest.fixture
def small(db, tmp_path, settings, monkeypatch):
    """The commands read a small panel, and write below a folder of the test."""
    panels.panel(tmp_path / "panel")
    monkeypatch.setattr(extract.ExtractPanel.__init__, "__defaults__", (tmp_path / "panel",))
    settings.VAR = tmp_path / "var"
    return tmp_path


def run(*words: str, **options: object) -> str:
    said = io.StringIO()
    call_command(*words, stdout=said, **options)
    return said.getvalue()


def test_the_import_says_what_it_did_and_lays_its_totals_beside_the_expected(small):
    said = run("import", "completejourney", "--extract", "--shift-to-today")
    assert "5 new baskets, 0 were there already." in said
    assert "weeks later than published; every weekday is kept." in said
    assert "lines                          8               8  =" in said
    assert "All totals are those of the source." in said
    assert (small / "var" / "import-report.csv").read_text().split() == ["file,line,reason"]


def test_an_import_with_other_totals_ends_with_an_error(small):
    panels.panel(small / "panel", totals={**panels.TOTALS, "paid_cents": 1})
    said = io.StringIO()
    with pytest.raises(CommandError, match="totals differ") as refusal:
        call_command("import", "completejourney", "--extract", stdout=said)
    assert refusal.value.returncode == 1
    assert "paid cents                 5,309               1  ≠" in said.getvalue()


def test_the_demo_opens_with_people_who_can_sign_in_a_key_and_skus(small):
    said = run("load_demo")
    known = json.loads((small / "var" / "demo.json").read_text())
    assert [person["role"] for person in known["people"]] == [
        "clerk",
        "agent",
        "manager",
        "integrator",
        "administrator",
    ]
    for person in known["people"]:
        assert User.objects.get(login=person["login"]).check_password(person["password"])
    assert keys.recognise(known["api_key"]).channel == "web"
    assert keys.recognise(known["api_key"]).store_ids == set(Location.objects.values_list("pk", flat=True))
    assert [store.code for store in User.objects.get(login="lea").stores.all()] == ["lille-centre"]
    assert known["sample_skus"] == ["CJ-1001", "CJ-1002"]
    assert known["stores"] == ["lille-centre", "lyon-part-dieu"]
    assert "audit:" in said


def test_a_demo_loaded_twice_has_the_same_orders_and_one_key(small):
    run("load_demo")
    first = json.loads((small / "var" / "demo.json").read_text())
    run("load_demo")
    second = json.loads((small / "var" / "demo.json").read_text())
    assert Order.objects.count() == 5
    assert ApiKey.objects.filter(revoked_at=None).count() == 1
    assert second["api_key"] == first["api_key"]
    for person in second["people"]:
        assert User.objects.get(login=person["login"]).check_password(person["password"])


def test_the_past_ends_before_anything_happens_in_the_demo(small, monkeypatch):
    marked = []
    for made in ("visits.ensure_visits", "parcels.ensure_parcels"):
        monkeypatch.setattr(f"omni.demo.{made}", lambda *_args, **_keys: marked.append(Clock.objects.exists()))
    run("load_demo")
    assert marked == [True, True]


def test_a_loaded_demo_is_marked_and_everything_that_was_loaded_is_its_past(small):
    run("load_demo")
    clock = Clock.objects.get()
    opened = StockMovement.objects.get(variant__sku="CJ-1001", location__code="lille-centre")
    last = Order.objects.latest("placed_at")
    assert last.placed_at < opened.created_at == clock.past_until <= clock.opened_at <= timezone.now()
    assert timezone.localtime(clock.past_until, ZoneInfo("Europe/Paris")).strftime("%a %H:%M") == "Mon 00:00"
    assert not Customer.objects.filter(created_at__gt=clock.past_until).exists()
    run("load_demo")
    assert Clock.objects.get().past_until == clock.past_until


def test_the_clerks_store_is_the_busiest():
    assert next(iter(BUSIEST)) == 367


def test_a_database_of_a_real_house_is_left_alone(house):
    with pytest.raises(CommandError, match="not the demo's"):
        call_command("load_demo")
    assert not Order.objects.exists()
    assert Location.objects.count() == 3
