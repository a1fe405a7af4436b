"""Which columns of the house hold an instant or a day, and which of them stay where they are.

Every `DateTimeField`, `DateField` and `JSONField` of the house has its place here; a new one that has none fails a
test.
"""

from dataclasses import dataclass
from typing import Any, cast

from django.apps import apps
from django.db import models

Key = str
"""`app`, `app.Model` or `app.Model.field`."""

STAYS: dict[Key, str] = {
    "sessions": "whoever sits at the machine stays signed in",
    "axes": "wrong passwords are those of people who are there now",
    "desk.Beat": "the worker and the scheduler run now",
    "staff.AtWork": "who works in front of the machine still does",
    "staff.Tries": "wrong tries are those of people who are there now",
    "staff.Draft": "a form that is being filled in is being filled in now",
    "staff.DeviceCode": "a code that was read out is about to be typed",
    "staff.ApiKey.expires_at": "the programs of the demo keep their key",
    "staff.User.first_password_until": "the people of the demo keep their password",
    "staff.User.last_login": "they signed in when they did",
    "catalog.ImportRow": "what a file says, it says",
    "pricing.VatRate.starts_on": "the law has its own calendar",
    "places.SpecialDay.on": "a store's hours stay those of the wall",
}
"""What does not grow older, and why."""

DAYS: dict[Key, str] = {
    "sales.Order.placed_on": "placed_at",
    "appointments.Appointment.on": "starts_at, or arrived_at without one",
    "appointments.NumberCounter.on": "counted anew",
    "confidence.CountList.listed_on": "the whole days that the clock has moved",
}
"""The days that follow an instant, and which."""

SECONDS, MICROSECONDS = 'YYYY-MM-DD"T"HH24:MI:SS"Z"', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'
"""As `omni.lib.answers.instant` and `datetime.isoformat` write an instant."""
MILLISECONDS = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
"""As a JSON column writes an instant that it is given as one."""


@dataclass(frozen=True)
class Written:
    """Instants under some keys of a JSON column, and how they are written there."""

    keys: tuple[str, ...]
    form: str = MICROSECONDS


WRITTEN: tuple[tuple[Key, Written], ...] = (
    ("sales.OrderEvent.data", Written(("before", "after", "answer_by"))),
    ("sales.OrderEvent.data", Written(("keep_until", "happened_at"), MILLISECONDS)),
    ("appointments.AppointmentEvent.data", Written(("starts_at", "was"), SECONDS)),
    ("customers.Message.facts", Written(("before", "after", "told_at"))),
    ("customers.Message.facts", Written(("starts_at",), SECONDS)),
)
NO_INSTANT: dict[Key, str] = {
    "fulfilment.Fulfilment.ship_to": "an address",
    "catalog.Variant.attributes": "texts",
    "catalog.CatalogueImport.header": "a file's first line",
    "catalog.CatalogueImport.mapping": "columns",
    "catalog.ImportWork.mapping": "columns",
    "catalog.ImportRow.product": "a file's words",
    "catalog.ImportRow.variant": "a file's words",
    "catalog.ImportChange.before": "what a file said: it is taken back as it was said",
    "catalog.ImportChange.after": "what a file said",
    "staff.Draft.fields": "what somebody types",
    "pghistory.Context.metadata": "who, and on which tablet",
}
"""JSON columns without instants, or with instants that somebody else wrote, and why."""

COLLIDES: frozenset[Key] = frozenset(
    {"catalog.Price", "sourcing.RuleSet", "waiting.Extension", "appointments.Appointment"}
)
"""Whose instants a unique or exclusion constraint compares: moved one after the other, two rows would meet."""


def moving() -> dict[type[models.Model], list[str]]:
    """Return the instants that grow older: per model of the house, its columns."""
    found = {}
    for model in models_of_the_house():
        names = [str(field.column) for field in fields(model, models.DateTimeField) if not stays(model, field)]
        if names:
            found[model] = names
    return found


def models_of_the_house() -> list[type[models.Model]]:
    """Return every model that has a table of its own, those of the history too."""
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]


def fields(model: type[models.Model], kind: "type[models.Field[Any, Any]]") -> "list[models.Field[Any, Any]]":
    """Return the model's own fields of exactly this kind, or of a kind made of it."""
    found = [field for field in model._meta.local_concrete_fields if isinstance(field, kind)]
    if kind is models.DateField:
        found = [field for field in found if not isinstance(field, models.DateTimeField)]
    return found


def stays(model: type[models.Model], field: "models.Field[Any, Any]") -> bool:
    """Whether an instant is one of those that do not grow older."""
    return any(key in STAYS for key in keys_of(model, field))


def keys_of(model: type[models.Model], field: "models.Field[Any, Any]") -> tuple[Key, Key, Key]:
    """Return the names that a column goes by here. A copy that the history keeps goes by its original's."""
    of = cast("type[models.Model]", getattr(model, "pgh_tracked_model", model))
    return of._meta.app_label, of._meta.label, f"{of._meta.label}.{field.name}"
