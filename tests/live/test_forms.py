"""Every form of the house, found by reading its pages: it carries a key, and sent twice it has one effect."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve

from tests.conftest import House
from tests.permissions.routes import addresses, is_api
from tests.permissions.table import ROUTES
from tests.permissions.world import Caller, World, build

pytestmark = pytest.mark.django_db

BEFORE_THE_DOOR = {
    "sign-in", "demo-sign-in", "second-factor", "factor-enrolment", "first-password", "pin", "device-enrolment", "lock",
    "sign-out", "step-up", "pin-setting", "own-password", "own-factor", "own-factor-end",
}  # fmt: skip
"""Coming, proving who one is, leaving: there is no person yet to whom a key could belong, or a new session begins."""

SETS_A_VALUE = {
    "language", "store", "tab-close", "presence", "me", "device-revocation", "orders-columns", "outbox-columns",
    "orders-view", "orders-view-deletion", "outbox-view", "outbox-view-deletion", "orders-run-steps",
}  # fmt: skip
"""Twice is the same value without a key, which is tried; a run of many rows remembers each row itself."""

A_SECRET_EACH_TIME = {"device-code", "new-recovery-codes", "person-password"}
"""Shows a secret once and never again: whoever lost it asks for another, and the first is worth nothing."""

GONE_AFTERWARDS = {"device-revocation"}
"""Has no key, so the second press finds nothing any more (404); it has one effect all the same."""

MAY_COME_WITHOUT = BEFORE_THE_DOOR | SETS_A_VALUE | A_SECRET_EACH_TIME
PLEASANTRIES = ("django_session", "axes_", "staff_presence", "staff_tries", "pghistory_context", "django_migrations")
"""Tables that may change whenever somebody asks for anything."""


@dataclass
class Form:
    """A form of a page, with what a browser would send of it."""

    page: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def route(self) -> str:
        return str(resolve(self.action.split("?")[0]).url_name)


class Reader(HTMLParser):
    """Reads the POST forms out of a page, fields and first choices included."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms = page, list[Form]()
        self.by_id: dict[str, Form] = {}
        self.form: Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = None
            if given.get("method", "").lower() == "post":
                self.form = Form(self.page, given.get("action") or self.page)
                self.forms.append(self.form)
                self.by_id[given.get("id", "")] = self.form
            return
        form = self.by_id.get(given["form"]) if "form" in given else self.form
        if form is None:
            return
        name = given.get("name", "")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in given or self.select not in form.fields):
            form.fields[self.select] = given.get("value", "")
        elif tag == "textarea" and name:
            form.fields.setdefault(name, "")
        elif name and tag in {"input", "button"}:
            unticked = given.get("type") in {"checkbox", "radio"} and "checked" not in given
            if not unticked or name not in form.fields:
                form.fields[name] = given.get("value", "on" if given.get("type") == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        if tag == "select":
            self.select = ""


@pytest.fixture
def world(house: House, settings: Any) -> World:
    settings.DEMO = True
    return build(house, foreign=False)


def forms_of(caller: Caller, world: World) -> Iterator[Form]:
    """Read every page that this person may open."""
    for name, methods in ROUTES.items():
        if "GET" not in methods or is_api(name):
            continue
        for address in addresses(name, world.own):
            answer = caller.client.get(address)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                reader = Reader(address)
                reader.feed(answer.content.decode())
                yield from reader.forms


def everything() -> dict[str, Any]:
    """Return a figure of each table that changes when any row of it does."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if not name.startswith(PLEASANTRIES)]
        figures = {}
        for table in tables:
            cursor.execute(f'SELECT count(*), bit_xor(hashtextextended(t::text, 0)) FROM "{table}" t')  # noqa: S608
            figures[table] = cursor.fetchone()
    return figures


def test_every_form_carries_a_key_or_needs_none(world: World) -> None:
    without, read = set(), 0
    for role in ("administrator", "clerk", "agent"):
        for form in forms_of(world.callers[role], world):
            read += 1
            if not form.fields.get("idempotency_key") and form.route not in MAY_COME_WITHOUT:
                without.add(f"{form.route} on {form.page}")
    assert read > 100
    assert sorted(without) == []


def test_every_form_sent_twice_has_one_effect_and_one_answer(world: World) -> None:
    tried: set[str] = set()
    doubled, differing = [], []
    caller = world.callers["administrator"]
    for form in list(forms_of(caller, world)):
        same_kind = f"{form.route}{sorted(set(form.fields) - {'idempotency_key'})}"
        if form.route in BEFORE_THE_DOOR | A_SECRET_EACH_TIME or same_kind in tried:
            continue
        tried.add(same_kind)
        with transaction.atomic():
            first, before = _sent(caller.client, form), everything()
            again, after = _sent(caller.client, form), everything()
            transaction.set_rollback(True)
        changed = [table for table in after if after[table] != before.get(table)]
        if changed:
            doubled.append(f"{form.route} on {form.page}: {changed}")
        if first != again and form.route not in GONE_AFTERWARDS:
            differing.append(f"{form.route} on {form.page}: {first}, then {again}")
    assert len(tried) > 20
    assert doubled == []
    assert differing == []


def _sent(client: Client, form: Form) -> tuple[int, str]:
    answer = client.post(form.action, form.fields)
    return answer.status_code, answer.headers.get("Location", "")
