from django.db import migrations


class Migration(migrations.Migration):
    """Order numbers come from a sequence: no two orders wait for each other to get one."""

    dependencies = [("sales", "0001_orders")]
    operations = [
        migrations.RunSQL(
            sql="CREATE SEQUENCE sales_order_number START 10001",
            reverse_sql="DROP SEQUENCE sales_order_number",
        )
    ]
