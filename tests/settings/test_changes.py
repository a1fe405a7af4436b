"""The log of changes: who, when, where, before and after, for each kind; no secret, and nothing of another store."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from omni.desk import audit_sources, audit_words
from omni.desk.audit_sources import SOURCES
from omni.lib import reference, sql
from omni.staff.models import ApiKey, Role, User
from omni.staff.permissions import CLERK
from orders.fulfilment.models import Fulfilment
from orders.sales import events, parcel_events, substitute_events, waiting_events
from orders.sales.models import Order
from tests import factories, journeys
from tests.conftest import House
from tests.settings.conftest import key, person_form
from tests.settings.test_stores import NEW_STORE, PEOPLE, SETTINGS, day


def newest(client: Client, kind: str) -> dict[str, Any]:
    """The first row of the log for a kind."""
    row: dict[str, Any] = client.get(f"/changes/?kind={kind}").context["rows"][0]
    return row


def said(row: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {str(one.label): (one.before, one.after) for one in row["changes"]}


def test_a_changed_person_shows_who_did_it_and_both_values(admin_client: Client, clerk: User) -> None:
    manager = Role.objects.get(code="manager")
    admin_client.post(f"/people/{clerk.pk}/change/", person_form(clerk, name="Clara Chief", role=manager.pk))
    row = newest(admin_client, "person")
    assert (row["who"], row["title"]) == ("Ada Admin", "Clara Chief was changed")
    assert said(row) == {"Name": ("Clara Clerk", "Clara Chief"), "Role": ("Store clerk", "Manager")}


def test_stores_given_and_taken_are_told_one_by_one(admin_client: Client, clerk: User, house: House) -> None:
    admin_client.post(f"/people/{clerk.pk}/change/", person_form(clerk, stores=[house.lens.pk]))
    rows = admin_client.get("/changes/?kind=access").context["rows"]
    assert {row["title"] for row in rows[:2]} == {"Clara Clerk was given Lens", "Lille was taken from Clara Clerk"}
    assert {row["who"] for row in rows[:2]} == {"Ada Admin"}


def test_a_changed_role_shows_what_was_given_and_what_was_taken(admin_client: Client, clerk: User) -> None:
    wanted = [*(CLERK - {"messages.view"}), "insights.view"]
    admin_client.post("/roles/clerk/", {"home": "today", "permissions": wanted} | key())
    row = newest(admin_client, "role")
    assert row["who"] == "Ada Admin"
    assert said(row)["May do"] == ("See messages to customers", "See the figures of the day")


def test_keys_issued_and_revoked_are_told_without_their_secret(admin_client: Client, integrator: User) -> None:
    form = {"name": "Till", "owner": integrator.pk, "channel": "store", "scopes": ["orders.view"]} | key()
    token = admin_client.post("/keys/new/", form).context["token"]
    issued = ApiKey.objects.get(name="Till")
    assert newest(admin_client, "key")["title"] == "The key “Till” was issued"
    admin_client.post(f"/keys/{issued.pk}/revoke/", key())
    row = newest(admin_client, "key")
    assert (row["title"], row["who"]) == ("The key “Till” was revoked", "Ada Admin")
    assert said(row)["Revoked"][0] == "—"
    page = admin_client.get("/changes/").content.decode()
    assert token not in page
    assert issued.secret_hash not in page


def test_changed_settings_and_days_and_places_are_told(
    manager_client: Client, admin_client: Client, house: House
) -> None:
    manager_client.post("/stores/lille/", SETTINGS | PEOPLE | key())
    row = newest(admin_client, "store")
    assert (row["who"], row["title"]) == ("Mira Manager", "The settings of Lille were changed")
    assert said(row)["Preparation, minutes"] == ("60", "90")
    assert said(row)["Opening hours"] == ("every day, day and night", "Mon–Sat 10:00–19:00")
    assert said(row)["Parcels leave from here"] == ("Yes", "No")
    manager_client.post("/stores/lille/days/", day(on="2027-12-25"))
    row = newest(admin_client, "special_day")
    assert row["title"] == "Lille: 2027-12-25 was made a special day"
    assert said(row)["Reason"] == ("—", "Christmas")
    spot = house.places(house.lille)[0]
    manager_client.post(f"/stores/lille/places/{spot.pk}/", {"name": "Locker A"} | key())
    row = newest(admin_client, "hold_place")
    assert said(row) == {"Name": ("Locker 1", "Locker A")}
    assert row["who"] == "Mira Manager"


def test_a_day_taken_out_is_told(manager_client: Client, admin_client: Client, house: House) -> None:
    manager_client.post("/stores/lille/days/", day(on="2027-12-25"))
    pk = sql.row("SELECT id FROM places_specialday").id
    manager_client.post(f"/stores/lille/days/{pk}/remove/", key())
    row = newest(admin_client, "special_day")
    assert row["title"] == "Lille: 2027-12-25 is a day like every week again"
    assert said(row)["Reason"] == ("Christmas", "—")


def test_a_store_that_opens_is_told(admin_client: Client) -> None:
    admin_client.post("/stores/new/", NEW_STORE | key())
    reference.forget()  # one transaction has one number: a test's changes look like none
    assert newest(admin_client, "store")["title"] == "Roubaix was opened"


def test_a_refused_change_leaves_no_trace(admin_client: Client, administrator: User) -> None:
    before = admin_client.get("/changes/").context["rows"]
    clerk_role = Role.objects.get(code="clerk").pk
    admin_client.post(f"/people/{administrator.pk}/change/", person_form(administrator, role=clerk_role))
    assert len(admin_client.get("/changes/").context["rows"]) == len(before)


def test_what_happened_to_orders_stands_in_its_day(admin_client: Client, house: House, clerk: User) -> None:
    placed = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
    foreign = journeys.placed(house.amiens, {"SKU-1": 1}, by=clerk)
    page = admin_client.get("/changes/?kind=order")
    assert [row["title"] for row in page.context["rows"]] == [f"{placed.order.number}: Order placed"]
    assert page.context["rows"][0]["who"] == "Clara Clerk"
    assert foreign.order.number not in page.content.decode()
    assert not [row for row in admin_client.get("/changes/").context["rows"] if row["url"]]


SAID_BY_OTHERS = {
    *(waiting_events.ARRIVED, waiting_events.RATED),
    *(parcel_events.AT_RELAY, parcel_events.ARRIVED, parcel_events.MISSED, parcel_events.RETURNED),
}
"""What a customer or a carrier says of an order: no change that somebody of the house made."""


def test_everything_that_the_house_does_with_an_order_is_told() -> None:
    kinds = {
        value
        for module in (events, waiting_events, substitute_events, parcel_events)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    }
    assert set(audit_sources.ORDER_KINDS) == kinds - SAID_BY_OTHERS


def test_a_part_that_is_cancelled_and_what_is_served_elsewhere_are_told(
    admin_client: Client, house: House, clerk: User
) -> None:
    order = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk).order
    way = Fulfilment.objects.get(order=order.id)
    keys = {"order": Order.objects.get(pk=order.id), "way": way, "actor_id": clerk.pk}
    events.rerouted(**keys, short_at=house.lens.pk, line_name="Article 1", quantity=1)
    events.given_up(**keys, reason="mistake", refunded=0)
    ids = {"order_id": order.id, "location_id": way.location_id, "fulfilment_id": way.pk}
    waiting_events.extended(**ids, actor_id=clerk.pk, keep_until=way.promised_at)
    parcel_events.taken_apart(**ids, actor_id=clerk.pk, parcel_id=1, number=1)
    found = admin_client.get("/changes/?kind=order").context["rows"]
    titles = [row["title"].removeprefix(f"{order.number}: ").split(":")[0].split(",")[0] for row in found]
    assert titles == [
        *("Parcel 1 taken apart", "Kept longer", "A part is cancelled", "Lille serves it instead", "Order placed"),
    ]
    assert {row["who"] for row in found} == {"Clara Clerk"}


def test_filters_of_person_store_and_day(
    admin_client: Client, manager_client: Client, administrator: User, clerk: User
) -> None:
    manager_client.post("/stores/lille/", SETTINGS | PEOPLE | key())
    admin_client.post(f"/people/{clerk.pk}/change/", person_form(clerk, name="Clara Chief"))
    mine = admin_client.get(f"/changes/?who={administrator.pk}").context["rows"]
    assert [row["title"] for row in mine] == ["Clara Chief was changed"]
    of_her = admin_client.get(f"/changes/?subject={clerk.pk}").context["rows"]
    assert {str(row["kind"]) for row in of_her} == {"People", "Stores of people"}
    lille = clerk.stores.get().pk
    assert {str(row["kind"]) for row in admin_client.get(f"/changes/?store={lille}&kind=store").context["rows"]} == {
        "Stores"
    }
    assert admin_client.get("/changes/?day=2001-01-01").context["rows"] == []


def test_pages_follow_each_other_without_a_gap(admin_client: Client, clerk: User) -> None:
    for number in range(60):
        User.objects.filter(pk=clerk.pk).update(name=f"Clara {number:02d}")
    address, names = f"/changes/?kind=person&subject={clerk.pk}", []
    while address:
        page = admin_client.get(address)
        names += [row["title"] for row in page.context["rows"]]
        address = page.context["next_url"]
    assert len(names) == 61
    assert names[:2] == ["Clara 59 was changed", "Clara 58 was changed"]


def test_changes_in_another_store_and_of_its_people_are_not_told(admin_client: Client, house: House) -> None:
    foreign = factories.PersonFactory(login="zq", name="Zqforeign", stores=[house.amiens])
    User.objects.filter(pk=foreign.pk).update(name="Zqother")
    spot = house.places(house.amiens)[0]
    type(spot).objects.filter(pk=spot.pk).update(name="Zqlocker")
    page = admin_client.get("/changes/").content.decode()
    assert "Zqforeign" not in page
    assert "Zqlocker" not in page


def test_only_who_may_reads_it(manager_client: Client) -> None:
    assert manager_client.get("/changes/").status_code == 403


@pytest.mark.parametrize(
    "query", ["?before=x", "?day=nonsense", "?day=9999-12-31", "?who=99999999999999999999", "?store=%00", "?kind=<b>"]
)
def test_nonsense_in_the_address_is_no_error(admin_client: Client, query: str) -> None:
    assert admin_client.get(f"/changes/{query}").status_code == 200


@pytest.mark.django_db
def test_no_history_keeps_a_secret_and_no_field_that_is_shown_is_one() -> None:
    secret = {"password", "secret_hash", "secret", "token", "code_hash", "pin_hash", "sealed_key"}
    no_secret = {("catalog_productphotoevent", "token")}  # the address of a picture that everybody here may see
    for source in SOURCES:
        columns = sql.rows(
            "SELECT column_name AS name FROM information_schema.columns WHERE table_name = %s", [source.table]
        )
        assert columns, source.table
        kept = {column.name for column in columns if (source.table, column.name) not in no_secret}
        assert not secret & kept, source.table
        assert not secret & {name for name, _label, _say in audit_words.FIELDS[source.kind]}
    assert {source.kind for source in SOURCES} == set(audit_words.FIELDS)


def test_a_password_that_changes_shows_nowhere(admin_client: Client, clerk: User) -> None:
    page = admin_client.post(f"/people/{clerk.pk}/password/", key())
    clerk.refresh_from_db()
    log = admin_client.get("/changes/").content.decode()
    assert page.context["password"] not in log
    assert clerk.password not in log
    kept = sql.rows("SELECT to_jsonb(e)::text AS text FROM staff_userevent e")
    assert not [row for row in kept if clerk.password in json.dumps(row.text)]
    assert "First password holds until" in strip_tags(log)
