"""VAT rates of a day, remembered in the process."""

from datetime import date

from omni.lib import reference
from orders.pricing.models import VatRate


def vat_rate(*, territory: str, vat_class: str, on: date) -> int | None:
    """Return the rate in basis points that holds on a day, or None when the house has none for it."""
    rates = reference.remember("vat", [(territory, vat_class)], lambda keys: {key: _load(*key) for key in keys})
    holding = [rate for starts_on, rate in rates[territory, vat_class] if starts_on <= on]
    return holding[-1] if holding else None


def _load(territory: str, vat_class: str) -> list[tuple[date, int]]:
    found = VatRate.objects.filter(territory=territory, vat_class=vat_class).order_by("starts_on")
    return list(found.values_list("starts_on", "rate"))
