"""Who may take lists of orders away may take lists of messages away."""

from typing import Any

from django.db import migrations


def gain(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("staff", "Role").objects.filter(permissions__contains=["orders.export", "messages.view"]):
        role.permissions = sorted({*role.permissions, "messages.export"})
        role.save()


class Migration(migrations.Migration):
    dependencies = [("staff", "0006_exports_and_shared_views")]

    operations = [migrations.RunPython(gain, migrations.RunPython.noop)]
