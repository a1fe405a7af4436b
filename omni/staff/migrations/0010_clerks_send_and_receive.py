"""The roles that come with the house and work in a store gain the right to send stock to other stores and to receive
it; what somebody else's role may do stays."""

from typing import Any

from django.db import migrations

HOLDERS = ["administrator", "manager", "clerk"]


def gain(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("staff", "Role").objects.filter(code__in=HOLDERS):
        role.permissions = sorted({*role.permissions, "stock.transfer"})
        role.save()


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0009_clerks_count_stock"),
    ]

    operations = [migrations.RunPython(gain, migrations.RunPython.noop)]
