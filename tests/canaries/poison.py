"""What must never run: written into every column of text of the house, and into every field that a page offers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from omni.lib import reference

POISONS = [
    """"'><img src=x onerror=xss(1)><script>xss(2)</script>{{7*7}}{% xss %}""",
    """"'><img src=x onerror=xss(3)>""",
    "<i onclick=xss(4)>",
    "<b id=xss>",
    "<xss>",
]
"""The longest that a column holds is written into it."""

LEADS = {"href", "src", "action", "formaction", "hx-get", "hx-post"}
LINK = "javascript:xss(5)"
MARK = "xss"

OURS = {"staff", "customers", "loyalty", "places", "catalog", "stock", "pricing", "sales", "payments", "fulfilment",
        "placing", "insights", "desk", "omni"}  # fmt: skip

WRITTEN_BY_US = {
    "code", "short_code", "public_id", "number", "sku", "gtin", "currency", "territory", "time_zone", "opening_hours",
    "country", "language", "password", "login", "prefix", "secret_hash", "code_hash", "client", "key", "fingerprint",
    "body", "template", "kind", "stage", "channel", "status", "home", "vat_class", "picture", "pgh_label", "word",
    "reference", "cause", "figure", "permission", "first_channel", "proof", "tender", "state", "short_reason", "hash",
    "digest", "token", "secret", "page", "route", "method", "path", "event", "action", "model", "list_name", "session",
    "session_key", "density", "theme", "ip", "address_key", "postal_code_key", "external_ref_key", "scope", "scopes",
    "unit", "algorithm", "salt", "url", "name_key", "colour", "icon", "media_type", "columns", "columns_shown",
}  # fmt: skip
"""Columns that hold a word of our own making, which the code looks up: none of them can be written by a person."""

KEPT_KEYS = {"order", "fulfilment", "kind", "proof", "tender", "template", "reason", "sku", "channel", "status", "at"}
"""Keys of JSON whose values are looked up."""


def _columns() -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    for model in apps.get_models():
        if model._meta.app_label not in OURS or not model._meta.managed or model._meta.proxy:
            continue
        for one in model._meta.concrete_fields:
            looked_up = one.choices or one.name in WRITTEN_BY_US or isinstance(one, models.SlugField)
            if isinstance(one, models.CharField | models.TextField | models.JSONField) and not looked_up:
                yield model, one


def _poison_for(column: models.Field[Any, Any]) -> str:
    room = (column.max_length or 10_000) - (8 if column.unique else 0)
    return next((one for one in POISONS if len(one) <= room), "")


def _in_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: one if key in KEPT_KEYS else _in_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_in_json(one) for one in value]
    return POISONS[0] if isinstance(value, str) else value


def poison_everything() -> list[str]:
    """Write poison into each column of text in each row; return what was poisoned. No trigger or rule has a say."""
    written = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model, column in _columns():
            table, name = model._meta.db_table, column.column
            if isinstance(column, models.JSONField):
                _poison_json(cursor, table, model._meta.pk.column, name)
            else:
                each = _apart(column, model._meta.pk.column)
                cursor.execute(
                    f'UPDATE "{table}" SET "{name}" = {each} WHERE "{name}" IS NOT NULL AND "{name}" <> %s',
                    [_poison_for(column), ""],
                )
            if cursor.rowcount:
                written.append(f"{table}.{name}")
    reference.forget()
    return written


def _apart(column: models.Field[Any, Any], key: str) -> str:
    """Return how a value is written, with the row's key behind it where no two may be the same."""
    together = {name for one in column.model._meta.constraints for name in getattr(one, "fields", ())}
    return f"""%s || right("{key}"::text, 6)""" if column.unique or column.name in together else "%s"


def _poison_json(cursor: Any, table: str, key: str, name: str) -> None:
    cursor.execute(f'SELECT "{key}", "{name}"::text FROM "{table}" WHERE "{name}" IS NOT NULL')
    for pk, value in cursor.fetchall():
        cursor.execute(
            f'UPDATE "{table}" SET "{name}" = %s::jsonb WHERE "{key}" = %s',
            [json.dumps(_in_json(json.loads(value))), pk],
        )


class _Alive(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = f"<{tag} {attributes}>"
        if tag in {"xss", "i"} and any(MARK in name or MARK in (value or "") for name, value in attributes):
            self.found.append(told)
        for name, value in attributes:
            value = (value or "").strip().lower()
            handler = name.startswith("on") or name.startswith("hx-on") or name in {"srcdoc", "style"}
            link = name in {"href", "src", "action", "formaction", "hx-get", "hx-post"} and value.startswith(
                "javascript:"
            )
            broken = (tag, name, value) in {("img", "src", "x"), ("b", "id", MARK)}
            if handler or link or broken:
                self.found.append(told)
        if tag == MARK:
            self.found.append(told)

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script" and MARK in data:
            self.found.append(f"script: {data[:80]}")


def alive(html: str) -> list[str]:
    """Return what of the poison is markup in a page, was evaluated, or leads a press to run."""
    reader = _Alive()
    reader.feed(html)
    return reader.found + (["{{7*7}} was evaluated"] if "</script>49" in html or ";49" in html else [])
