"""The roles that come with the house gain the rights that came since; a right that somebody else's role has stays."""

from typing import Any

from django.db import migrations

from omni.staff.permissions import AGENT, CLERK, INTEGRATOR, MANAGER, PERMISSIONS

RIGHTS = {
    "clerk": CLERK,
    "agent": AGENT,
    "manager": MANAGER,
    "integrator": INTEGRATOR,
    "administrator": frozenset(PERMISSIONS),
}


def gain(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("staff", "Role").objects.filter(code__in=RIGHTS):
        role.permissions = sorted(RIGHTS[role.code].union(role.permissions))
        if role.code == "administrator" and role.home == "day":
            role.home = "more"
        role.save()


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0002_first_password"),
    ]

    operations = [migrations.RunPython(gain, migrations.RunPython.noop)]
