"""The page of a product, with what the rooms above the stock know of it."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from inventory.catalog.models import Product
from inventory.places.queries import all_places
from inventory.stock import product_views
from omni.desk.panels import Panels
from omni.staff.access import requires
from orders.pricing import panels as pricing


@requires("stock.view")
@require_GET
def product(request: Any, code: str) -> HttpResponseBase:
    """One product; a panel that fails leaves the page standing."""
    panels = Panels(request)

    def drawn(found: Product) -> dict[str, Any]:
        return {"vat": panels.render("vat", "pricing/_product_vat.html", lambda: _vat(found))}

    return product_views.page(request, code, drawn)


def _vat(found: Product) -> dict[str, Any]:
    """Return the rates of every territory in which the house has a store, today on the clock of the house."""
    territories = {place.territory for place in all_places().values()}
    today = timezone.localdate(timezone=ZoneInfo(settings.HOUSE_TIME_ZONE))
    said = pricing.vat_of(found.vat_class, territories=territories, on=today)
    return {**said, "vat_class": found.get_vat_class_display()}
