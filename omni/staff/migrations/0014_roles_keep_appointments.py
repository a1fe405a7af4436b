"""The roles that come with the house gain the rights of appointments; what somebody else's role may do stays."""

from typing import Any

from django.db import migrations

BOOK, SERVE = "appointments.book", "appointments.serve"
HOLDERS = {
    "administrator": {BOOK, SERVE},
    "manager": {BOOK, SERVE},
    "clerk": {BOOK, SERVE},
    "agent": {BOOK},
    "integrator": {BOOK},
}


def gain(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("staff", "Role").objects.filter(code__in=HOLDERS):
        role.permissions = sorted(HOLDERS[role.code].union(role.permissions))
        role.save()


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0013_managers_watch_promises"),
    ]

    operations = [migrations.RunPython(gain, migrations.RunPython.noop)]
