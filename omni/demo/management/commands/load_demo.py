"""`manage.py load_demo`: everything that a newcomer finds when the demo opens."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from inventory.places.models import Location
from omni.demo import facts, parcels, team, visits
from omni.demo.clock import services
from omni.demo.places import BUSIEST
from omni.demo.progress import step
from omni.lib import sql

CLERK_STORE = next(iter(BUSIEST.values())).code
SAMPLES = 8

MOST_STOCKED = """
    SELECT variant.sku
      FROM stock_stocklevel level
      JOIN catalog_variant variant ON variant.id = level.variant_id
     WHERE EXISTS (SELECT FROM catalog_price price WHERE price.variant_id = variant.id)
     GROUP BY variant.sku
     ORDER BY count(*) FILTER (WHERE level.on_hand >= 5) DESC, sum(level.on_hand) DESC, variant.sku
     LIMIT %s
"""


class Command(BaseCommand):
    help = "Load the demo: the extract moved to today, people, an integrator's key; then add every ledger up."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing. Refuses a database in which a real house lives: nobody invented moves in there."""
        if Location.objects.filter(invented=False).exists():
            raise CommandError(_("This database holds stores that are not the demo's. Name another in DATABASE_URL."))
        call_command(
            "import", "completejourney", extract=True, shift_to_today=True, stdout=self.stdout, stderr=self.stderr
        )
        stores = list(Location.objects.filter(code__in=[place.code for place in BUSIEST.values()]))
        with step(_("people and the web shop's key"), self.stdout):
            clerk_store = next(store for store in stores if store.code == CLERK_STORE)
            people = team.engage_team(stores, clerk_store=clerk_store)
            key = team.web_shop_key(facts.read().get("api_key", ""))
        with step(_("the demo's clock"), self.stdout):
            services.found_clock()
        with step(_("appointments"), self.stdout):
            samples = [row.sku for row in sql.rows(MOST_STOCKED, [SAMPLES])]
            visits.ensure_visits(stores, skus=samples, clerk_login=team.CLERK.login)
        with step(_("parcels"), self.stdout):
            parcels.ensure_parcels(clerk_store, skus=samples, clerk_login=team.CLERK.login)
        with step(_("facts for scripts (%(path)s)") % {"path": facts.path()}, self.stdout):
            codes = sorted(store.code for store in stores)
            facts.write(api_key=key, people=people, sample_skus=samples, stores=codes, clerk_store=CLERK_STORE)
        with step(_("audit"), self.stdout):
            call_command("audit", stdout=self.stdout, stderr=self.stderr)
