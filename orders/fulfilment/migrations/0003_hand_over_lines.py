"""Hand-overs from before gave everything that was collected."""

from django.db import migrations

FILL = """
INSERT INTO fulfilment_handoverline (hand_over_id, line_id, collected)
SELECT given.id, slice.id, slice.collected
FROM fulfilment_handover given JOIN fulfilment_fulfilmentline slice ON slice.fulfilment_id = given.fulfilment_id
WHERE given.undone_at IS NULL AND slice.collected > 0
"""


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0002_parts")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
