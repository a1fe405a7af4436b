"""Orders that were closed before are said to have been closed under their own number."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sales", "0004_several_places")]

    operations = [
        migrations.RunSQL(
            "UPDATE sales_order SET closed_under = number WHERE status <> 'open' AND NOT imported",
            migrations.RunSQL.noop,
        )
    ]
