"""The roles that come with the house gain the right to hold stock for a basket; what somebody else's role may do
stays."""

from typing import Any

from django.db import migrations

HOLDERS = ["administrator", "integrator"]


def gain(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("staff", "Role").objects.filter(code__in=HOLDERS):
        role.permissions = sorted({*role.permissions, "stock.hold"})
        role.save()


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0007_messages_are_taken_away"),
    ]

    operations = [migrations.RunPython(gain, migrations.RunPython.noop)]
