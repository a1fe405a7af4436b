"""The roles that come with the house and manage it gain the right to see the promises in danger; what somebody else's
role may do stays."""

from typing import Any

from django.db import migrations

HOLDERS = ["administrator", "manager"]


def gain(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("staff", "Role").objects.filter(code__in=HOLDERS):
        role.permissions = sorted({*role.permissions, "promises.watch"})
        role.save()


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0012_at_work"),
    ]

    operations = [migrations.RunPython(gain, migrations.RunPython.noop)]
