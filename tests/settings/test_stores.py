"""A store's settings: hours that are understood, days that promises honour, places that come and go."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from inventory.places.hour_checks import HoursNotUnderstood, read
from inventory.places.models import HoldPlace, Location, SpecialDay
from inventory.places.queries import hold_places, place
from inventory.stock.models import StockLevel
from inventory.stock.services.opening import open_stock
from omni.lib import reference
from omni.staff.models import User
from orders.fulfilment import promises
from tests import factories
from tests.conftest import House
from tests.settings.conftest import key, signed_in

SETTINGS: dict[str, Any] = {
    "opening_hours": "Mo-Sa 10:00-19:00",
    "pickup_minutes": "90",
    "keep_days": "5",
    "reservation_openings": "2",
    "safety_stock": "2",
    "extensions": "2",
    "extension_days": "3",
    "first_reminder_days": "1",
    "second_reminder_days": "0",
    "offers_pickup": "on",
    "minutes_per_order": "6",
    "minutes_per_piece": "2",
    "warn_minutes": "15",
    "overdue_minutes": "45",
}
PEOPLE = {f"people_{day}": str(number) for number, day in enumerate(("mo", "tu", "we", "th", "fr", "sa", "su"), 1)}
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def settings_of(store: Location) -> dict[str, Any]:
    return Location.objects.values(*SETTINGS).get(pk=store.pk)


def promised(store: Location, at: str) -> str:
    """When a pickup that is ordered at an instant of the store's clock will be ready, on that clock."""
    reference.forget()
    shop = place(store.pk)
    asked = datetime.fromisoformat(at).replace(tzinfo=shop.zone)
    return f"{shop.local(promises.promise(place=shop, kind='pickup', now=asked)):%Y-%m-%d %H:%M}"


def test_settings_are_saved_and_hold_for_the_next_promise(manager_client: Client, house: House) -> None:
    assert manager_client.post("/stores/lille/", SETTINGS | PEOPLE | key()).status_code == 302
    assert settings_of(house.lille) == {
        "opening_hours": "Mo-Sa 10:00-19:00",
        "pickup_minutes": 90,
        "keep_days": 5,
        "reservation_openings": 2,
        "safety_stock": 2,
        "extensions": 2,
        "extension_days": 3,
        "first_reminder_days": 1,
        "second_reminder_days": 0,
        "offers_pickup": True,
        "minutes_per_order": 6,
        "minutes_per_piece": 2,
        "warn_minutes": 15,
        "overdue_minutes": 45,
    }
    assert Location.objects.get(pk=house.lille.pk).people_by_day == [1, 2, 3, 4, 5, 6, 7]
    assert promised(house.lille, "2026-11-23 18:00") == "2026-11-24 10:30"


@pytest.mark.parametrize(
    "wrong",
    [
        {"opening_hours": "Lu-Sa 9-19"},
        {"opening_hours": ""},
        {"opening_hours": 'Mo-Fr 10:00-12:00 || "by appointment"'},
        {"opening_hours": "x" * 256},
        {"pickup_minutes": "0"},
        {"pickup_minutes": "soon"},
        {"keep_days": "0"},
        {"keep_days": "61"},
        {"reservation_openings": "0"},
        {"reservation_openings": "15"},
        {"safety_stock": "-1"},
        {"extensions": "10"},
        {"extension_days": "0"},
        {"first_reminder_days": "61"},
        {"second_reminder_days": "-1"},
    ],
)
def test_wrong_settings_are_refused_with_the_form_and_change_nothing(
    manager_client: Client, house: House, wrong: Any
) -> None:
    before = settings_of(house.lille)
    assert manager_client.post("/stores/lille/", SETTINGS | PEOPLE | wrong | key()).status_code == 422
    assert settings_of(house.lille) == before


def test_the_sentence_names_the_place_where_the_reading_stopped() -> None:
    with pytest.raises(HoursNotUnderstood, match="From “9-19” on this is not understood.*Mo-Fr 09:00-19:00"):
        read("Mo 9-19", ZoneInfo("Europe/Paris"))


def week(**days: str) -> dict[str, str]:
    """The seven rows as the page sends them: `mo="09:00-12:00,14:00-18:00"`; a day that is not named is closed."""
    sent = {}
    for code in ("mo", "tu", "we", "th", "fr", "sa", "su"):
        stretches = [part.split("-") for part in days.get(code, "").split(",") if part]
        for number in (1, 2):
            begin, end = stretches[number - 1] if len(stretches) >= number else ("", "")
            sent |= {f"{code}_from{number}": begin, f"{code}_until{number}": end}
        if code not in days:
            sent[f"{code}_closed"] = "on"
    return sent


ROWS = {name: value for name, value in (SETTINGS | PEOPLE).items() if name != "opening_hours"}


def hours_of(store: Location) -> str:
    return Location.objects.get(pk=store.pk).opening_hours


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ({"mo": "10:00-19:00", "tu": "10:00-19:00", "th": "0930-12h30,14.00-0:00", "su": "14:00-2400"},
         "Mo-Tu 10:00-19:00; Th 09:30-12:30,14:00-24:00; Su 14:00-24:00"),
        ({}, "off"),
    ],
)  # fmt: skip
def test_seven_rows_become_the_text_that_is_kept(
    manager_client: Client, house: House, days: dict[str, str], text: str
) -> None:
    assert manager_client.post("/stores/lille/", ROWS | week(**days) | key()).status_code == 302
    assert hours_of(house.lille) == text
    if days:
        assert promised(house.lille, "2026-11-24 18:30") == "2026-11-26 10:30"


def test_rows_that_say_the_same_leave_the_text_as_somebody_wrote_it(manager_client: Client, house: House) -> None:
    Location.objects.filter(pk=house.lille.pk).update(opening_hours="Mo,Tu 09:00-18:00; Su off")
    same = week(mo="09:00-18:00", tu="09:00-18:00")
    assert manager_client.post("/stores/lille/", ROWS | same | key()).status_code == 302
    assert hours_of(house.lille) == "Mo,Tu 09:00-18:00; Su off"


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"mo": "09:00-"}, "Monday: write both times"),
        ({"mo": ""}, "Monday: write both times"),
        ({"tu": "19:00-10:00"}, "Tuesday: each time has to end after it begins"),
        ({"we": "09:00-12:00,11:00-18:00"}, "Wednesday: each time has to end after it begins"),
        ({"th": "09:00-0:00,11:00-18:00"}, "Thursday: each time"),
        ({"fr": ",14:00-18:00"}, "Friday: write both times"),
        ({"sa": "09:00-25:00"}, "Enter a valid time"),
        ({"sa": "09:00-24:30"}, "Enter a valid time"),
    ],
)
def test_rows_that_make_no_sense_are_refused_where_they_stand(
    manager_client: Client, house: House, days: dict[str, str], sentence: str
) -> None:
    before = settings_of(house.lille)
    if days == {"fr": ",14:00-18:00"}:
        sent = week(fr="14:00-18:00")
        sent |= {"fr_from1": "", "fr_until1": "", "fr_from2": "14:00", "fr_until2": "18:00"}
    else:
        sent = week(**days)
    answer = manager_client.post("/stores/lille/", ROWS | sent | key())
    assert answer.status_code == 422
    [wrong] = [row for row in answer.context["form"].week.rows() if row["errors"]]
    assert wrong["code"] in days
    assert sentence in " ".join(wrong["errors"])
    assert settings_of(house.lille) == before


def test_hours_that_rows_cannot_say_are_changed_as_text(manager_client: Client, house: House) -> None:
    plain = manager_client.get("/stores/lille/").content.decode()
    assert ('name="mo_from1"' in plain, 'name="opening_hours"' in plain) == (True, False)
    asked = manager_client.get("/stores/lille/?hours=text").content.decode()
    assert ('name="mo_from1"' in asked, 'name="opening_hours"' in asked) == (False, True)
    assert "Show it as seven days" in asked
    Location.objects.filter(pk=house.lille.pk).update(opening_hours="week 1-53/2 Mo-Fr 09:00-18:00")
    reference.forget()
    forced = manager_client.get("/stores/lille/").content.decode()
    assert ('name="mo_from1"' in forced, 'name="opening_hours"' in forced) == (False, True)
    assert "Seven rows cannot say these hours" in forced


def test_a_day_is_copied_without_scripts_and_nothing_is_saved(manager_client: Client, house: House) -> None:
    before = settings_of(house.lille)
    sent = week(mo="09:00-12:00,14:00-18:00") | {"change": "copy", "copy_from": "mo", "copy_to": "fr,xx,su"}
    answer = manager_client.post("/stores/lille/", ROWS | sent | key())
    assert answer.status_code == 200
    rows = {row["code"]: row for row in answer.context["form"].week.rows()}
    assert [rows["su"]["first"][0].value(), rows["fr"]["second"][1].value()] == ["09:00", "18:00"]
    assert (rows["su"]["closed"].value(), rows["tu"]["closed"].value()) == (False, True)
    assert settings_of(house.lille) == before
    nonsense = sent | {"copy_from": "xx", "copy_to": "mo"}
    assert manager_client.post("/stores/lille/", ROWS | nonsense | key()).status_code == 200
    assert settings_of(house.lille) == before


@pytest.mark.parametrize("address", ["", "preview/", "days/", "places/"])
def test_a_store_of_somebody_else_does_not_exist(manager_client: Client, house: House, address: str) -> None:
    before = settings_of(house.amiens)
    for method in (manager_client.get, manager_client.post):
        assert method(f"/stores/amiens/{address}", SETTINGS | PEOPLE | key()).status_code in {404, 405}
    assert settings_of(house.amiens) == before
    assert not SpecialDay.objects.exists()
    assert "Amiens" not in manager_client.get("/stores/").content.decode()


def test_clerks_change_no_store(clerk_client: Client, house: House) -> None:
    before = settings_of(house.lille)
    assert clerk_client.post("/stores/lille/", SETTINGS | PEOPLE | key()).status_code == 403
    assert settings_of(house.lille) == before


def day(**differently: str) -> dict[str, Any]:
    return {"on": "2026-12-25", "opens_at": "", "closes_at": "", "reason": "Christmas"} | key() | differently


@time_machine.travel(MONDAY, tick=False)
def test_a_closed_day_is_jumped_over_by_promises_and_counts_again_when_taken_out(manager: User, house: House) -> None:
    manager_client = signed_in(manager)
    Location.objects.filter(pk=house.lille.pk).update(opening_hours="Mo-Sa 10:00-19:00", pickup_minutes=60)
    assert promised(house.lille, "2026-12-24 18:30") == "2026-12-25 10:30"
    assert manager_client.post("/stores/lille/days/", day()).status_code == 302
    assert promised(house.lille, "2026-12-24 18:30") == "2026-12-26 10:30"
    assert promised(house.lens, "2026-12-24 18:30") == "2026-12-24 19:30"
    row = SpecialDay.objects.get()
    assert manager_client.post(f"/stores/lille/days/{row.pk}/remove/", key()).status_code == 302
    assert promised(house.lille, "2026-12-24 18:30") == "2026-12-25 10:30"


@time_machine.travel(MONDAY, tick=False)
def test_a_shorter_day_ends_when_it_says(manager: User, house: House) -> None:
    manager_client = signed_in(manager)
    Location.objects.filter(pk=house.lille.pk).update(opening_hours="Mo-Sa 10:00-19:00", pickup_minutes=60)
    form = day(on="2026-12-24", opens_at="09:30", closes_at="17:00")
    assert manager_client.post("/stores/lille/days/", form).status_code == 302
    assert promised(house.lille, "2026-12-24 16:30") == "2026-12-25 10:30"
    assert promised(house.lille, "2026-12-24 07:00") == "2026-12-24 10:30"


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": "2026-11-22"},
        {"on": "2029-01-01"},
        {"on": "soon"},
        {"opens_at": "10:00"},
        {"opens_at": "18:00", "closes_at": "10:00"},
        {"reason": ""},
    ],
)
@time_machine.travel(MONDAY, tick=False)
def test_a_wrong_day_is_refused(manager: User, house: House, wrong: Any) -> None:
    manager_client = signed_in(manager)
    assert manager_client.post("/stores/lille/days/", day(**wrong)).status_code == 422
    assert not SpecialDay.objects.exists()


@time_machine.travel(MONDAY, tick=False)
def test_a_day_stands_in_the_list_once(manager: User, house: House) -> None:
    manager_client = signed_in(manager)
    form = day()
    for _time in range(2):
        assert manager_client.post("/stores/lille/days/", form).status_code == 302
    assert manager_client.post("/stores/lille/days/", day()).status_code == 409
    assert SpecialDay.objects.count() == 1


def test_a_place_of_another_store_is_not_changed(manager_client: Client, house: House) -> None:
    foreign = house.places(house.amiens)[0]
    assert manager_client.post(f"/stores/lille/places/{foreign.pk}/", {"change": "retire"} | key()).status_code == 404
    foreign.refresh_from_db()
    assert foreign.retired_at is None


def test_a_retired_place_takes_no_new_bags_until_it_is_used_again(manager_client: Client, house: House) -> None:
    first = house.places(house.lille)[0]
    assert first in hold_places(house.lille.pk)
    manager_client.post(f"/stores/lille/places/{first.pk}/", {"change": "retire"} | key())
    reference.forget()
    assert first not in hold_places(house.lille.pk)
    manager_client.post(f"/stores/lille/places/{first.pk}/", {"change": "again"} | key())
    reference.forget()
    assert first in hold_places(house.lille.pk)


def test_places_are_added_and_renamed_and_no_name_is_used_twice(manager_client: Client, house: House) -> None:
    form = {"name": "Rail 1", "kind": "rail", "directions": "behind"} | key()
    assert manager_client.post("/stores/lille/places/", form).status_code == 302
    assert manager_client.post("/stores/lille/places/", form | key()).status_code == 409
    rail = HoldPlace.objects.get(location=house.lille, name="Rail 1")
    assert (rail.kind, rail.directions, rail.position) == ("rail", "behind", 4)
    assert manager_client.post(f"/stores/lille/places/{rail.pk}/", {"name": "locker 1"} | key()).status_code == 409
    assert manager_client.post(f"/stores/lille/places/{rail.pk}/", {"name": ""} | key()).status_code == 422
    assert manager_client.post(f"/stores/lille/places/{rail.pk}/", {"name": "Rail A"} | key()).status_code == 302
    rail.refresh_from_db()
    assert rail.name == "Rail A"


def test_articles_that_come_new_keep_back_what_the_store_keeps_back(house: House) -> None:
    Location.objects.filter(pk=house.lille.pk).update(safety_stock=3)
    fresh = factories.VariantFactory()
    open_stock(rows=[(house.lille.pk, fresh.pk, 10), (house.lens.pk, fresh.pk, 10)])
    kept = StockLevel.objects.filter(variant=fresh).values_list("location__code", "safety_stock")
    assert dict(kept) == {"lille": 3, "lens": 0}


def test_the_preview_reads_what_is_on_the_screen_and_saves_nothing(manager_client: Client, house: House) -> None:
    before = settings_of(house.lille)
    shown = manager_client.get("/stores/lille/preview/", {"opening_hours": "Mo-Su 08:00-12:00", "pickup_minutes": "30"})
    assert "08:00–12:00" in shown.content.decode()
    assert "ready" in shown.content.decode()
    rows = manager_client.get("/stores/lille/preview/", week(su="10:00-13:00") | {"pickup_minutes": "30"})
    assert 'id="bar-su"' in rows.content.decode()
    assert "10:00–13:00" in rows.content.decode()
    half = manager_client.get("/stores/lille/preview/", week(su="10:00-") | {"pickup_minutes": "30"})
    assert "Sunday: write both times" in half.content.decode()
    wrong = manager_client.get("/stores/lille/preview/", {"opening_hours": "nonsense\x00", "pickup_minutes": "9" * 40})
    assert wrong.status_code == 200
    assert "is not understood" in wrong.content.decode()
    assert settings_of(house.lille) == before


NEW_STORE = {
    "name": "Roubaix",
    "short_code": "r1",
    "kind": "store",
    "latitude": "50.69",
    "longitude": "3.17",
    "time_zone": "Europe/Paris",
    "opening_hours": "Mo-Sa 09:00-19:00",
}


def test_a_new_store_belongs_to_who_opened_it_and_to_everybody_who_manages_people(
    admin_client: Client, administrator: User, manager: User
) -> None:
    other = factories.PersonFactory(login="other", role="administrator", stores=[])
    assert admin_client.post("/stores/new/", NEW_STORE | key()).status_code == 302
    opened = Location.objects.get(code="roubaix")
    assert opened.short_code == "R1"
    assert set(opened.people.all()) == {administrator, other}
    assert admin_client.post("/stores/new/", NEW_STORE | key()).status_code == 409


@pytest.mark.parametrize(
    "wrong", [{"latitude": "91"}, {"short_code": "1R"}, {"time_zone": "Mars/Base"}, {"opening_hours": "never"}]
)
def test_a_store_that_cannot_be_is_not_opened(admin_client: Client, wrong: Any) -> None:
    before = Location.objects.count()
    assert admin_client.post("/stores/new/", NEW_STORE | wrong | key()).status_code == 422
    assert Location.objects.count() == before


def test_managers_open_no_store(manager_client: Client) -> None:
    assert manager_client.post("/stores/new/", NEW_STORE | key()).status_code == 403
    assert not Location.objects.filter(code="roubaix").exists()


def test_an_empty_house_leads_its_first_administrator_to_the_first_store(client: Client, db: None) -> None:
    call_command("engage", "ada", verbosity=0)
    ada = User.objects.get(login="ada")
    assert ada.first_password_until is not None
    assert ada.first_password_until - datetime.now(tz=UTC) > timedelta(hours=71)
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/", headers={"Accept-Language": "en"})["Location"] == "/more/"
    assert "/stores/new/" in client.get("/more/").content.decode()
    assert client.post("/stores/new/", NEW_STORE | key()).status_code == 302
    reference.forget()
    assert client.get("/stores/roubaix/").status_code == 200
