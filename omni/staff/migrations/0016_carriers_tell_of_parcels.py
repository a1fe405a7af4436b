"""The roles that come with the house gain the right to tell where parcels are; somebody else's role stays as it is."""

from typing import Any

from django.db import migrations

TRACK = "parcels.track"
HOLDERS = ["administrator", "integrator"]


def gain(apps: Any, schema_editor: Any) -> None:
    for role in apps.get_model("staff", "Role").objects.filter(code__in=HOLDERS):
        role.permissions = sorted({TRACK}.union(role.permissions))
        role.save()


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0015_clerks_sell_from_anywhere"),
    ]

    operations = [migrations.RunPython(gain, migrations.RunPython.noop)]
