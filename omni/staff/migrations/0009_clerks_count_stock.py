"""The roles that come with the house and work in a store gain the right to count stock and to set it aside; what
somebody else's role may do stays."""

from typing import Any

from django.db import migrations

HOLDERS = ["administrator", "manager", "clerk"]


def gain(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("staff", "Role").objects.filter(code__in=HOLDERS):
        role.permissions = sorted({*role.permissions, "stock.count", "stock.damage"})
        role.save()


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0008_web_shops_hold_stock"),
    ]

    operations = [migrations.RunPython(gain, migrations.RunPython.noop)]
