"""The roles that come with the house and work in a store gain the right to sell from any store's stock; what somebody
else's role may do stays."""

from typing import Any

from django.db import migrations

HOLDERS = ["administrator", "manager", "clerk"]


def gain(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("staff", "Role").objects.filter(code__in=HOLDERS):
        role.permissions = sorted({*role.permissions, "orders.sell"})
        role.save()


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0014_roles_keep_appointments"),
    ]

    operations = [migrations.RunPython(gain, migrations.RunPython.noop)]
