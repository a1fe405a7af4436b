"""The log of changes tells who took which list away and who shared which view; nobody's own views, no foreign store."""

from typing import Any

from django.test import Client

from omni.staff.list_models import Export, SavedView
from omni.staff.models import Role, User
from tests import factories, history
from tests.conftest import House
from tests.lists.test_views import keep
from tests.settings.conftest import key, signed_in
from tests.settings.test_changes import newest, said


def rows(client: Client, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/changes/?kind={kind}").context["rows"]
    return found


def test_who_took_which_list_with_which_filters_and_how_many_rows(
    manager_client: Client, admin_client: Client, house: House
) -> None:
    for store in (house.lille, house.lens, house.lens):
        history.bought(house, store, "2017-03-04 10:00", paid=1000)
    manager_client.get("/lists/orders/export/?store=lens&status=completed&sort=-total").getvalue()
    row = newest(admin_client, "export")
    assert (row["who"], row["title"]) == ("Mira Manager", "“Orders” was taken away as a file")
    assert said(row) == {"Rows": ("—", "2"), "Filters": ("—", "Store: Lens, State: Completed")}
    manager_client.get("/lists/outbox/export/").getvalue()
    row = newest(admin_client, "export")
    assert row["title"] == "“Messages to customers” was taken away as a file"
    assert said(row) == {"Rows": ("—", "0"), "Filters": ("—", "none")}
    assert [one["who"] for one in admin_client.get("/changes/").context["rows"][:2]] == ["Mira Manager"] * 2


def test_a_file_that_broke_off_is_told_as_not_finished(
    manager_client: Client, admin_client: Client, house: House
) -> None:
    history.bought(house, house.lille, "2017-03-04 10:00", paid=1000)
    next(iter(manager_client.get("/lists/orders/export/").streaming_content))  # the head; then the reader goes away
    assert Export.objects.get().rows is None
    assert said(newest(admin_client, "export"))["Rows"] == ("—", "not finished")


def test_a_list_that_was_refused_was_not_taken(manager_client: Client, clerk_client: Client, house: House) -> None:
    assert manager_client.get("/lists/orders/export/?store=amiens").status_code == 400
    assert clerk_client.get("/lists/orders/export/").status_code == 403
    assert not Export.objects.exists()


def test_nobody_reads_what_somebody_of_another_store_took(admin_client: Client, house: House) -> None:
    stranger = factories.PersonFactory(login="stranger", name="S Stranger", role="manager", stores=[house.amiens])
    signed_in(stranger).get("/lists/orders/export/?store=amiens").getvalue()
    assert rows(admin_client, "export") == []
    assert admin_client.get(f"/changes/?kind=export&who={stranger.pk}").context["rows"] == []


def test_a_filter_that_the_reader_may_not_know_is_left_open(admin_client: Client, manager: User, house: House) -> None:
    Export.objects.create(actor=manager, listing="orders", query="store=amiens&status=open", rows=3)
    assert said(newest(admin_client, "export"))["Filters"] == ("—", "Store: …, State: Open")


def test_a_shared_view_is_told_from_the_moment_it_is_shared(
    manager_client: Client, admin_client: Client, manager: User, house: House
) -> None:
    keep(manager_client, "Mine", "status=open")
    view = SavedView.objects.get()
    assert rows(admin_client, "view") == []
    address = f"/lists/orders/views/{view.public_id}/"
    manager_client.post(address, {"name": "Late ones", "share": "team"} | key())
    row = newest(admin_client, "view")
    assert (row["who"], row["title"]) == ("Mira Manager", "The view “Late ones” was changed")
    assert said(row)["Shared with the team"] == ("—", "Manager")
    manager_client.post(address, {"name": "Late ones", "share": "me"} | key())
    row = newest(admin_client, "view")
    assert row["title"] == "The view “Late ones” is shared no more"
    manager_client.post(f"{address}deletion/", key())
    row = newest(admin_client, "view")
    assert (row["who"], row["title"]) == ("Mira Manager", "The view “Late ones” was deleted")
    assert said(row)["Filters"] == ("State: Open", "—")


def test_a_view_shared_with_a_store_is_told_to_who_has_that_store(
    manager_client: Client, admin_client: Client, house: House
) -> None:
    keep(manager_client, "Lens", "store=lens", share=str(house.lens.pk))
    assert newest(admin_client, "view")["title"] == "The view “Lens” was shared"
    only_lille = factories.PersonFactory(login="ada2", role="administrator", stores=[house.lille])
    assert rows(signed_in(only_lille), "view") == []


def test_the_roles_of_the_house_are_named_in_the_reader_s_language(admin_client: Client, house: House) -> None:
    wanted = ["orders.view", "insights.view"]
    admin_client.post("/roles/clerk/", {"home": "today", "permissions": wanted} | key())
    admin_client.cookies["omni_language"] = "fr"
    assert newest(admin_client, "role")["title"] == "Le rôle «\u202fVente en magasin\u202f» a été modifié"
    Role.objects.filter(code="clerk").update(name="Counter")
    row = newest(admin_client, "role")
    assert "Nom" not in said(row), "a role that came with the house keeps its word"
