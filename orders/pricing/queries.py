"""VAT rates of a day, remembered in the process."""

from datetime import date

from omni.lib import reference
from orders.pricing.models import VatRate


def vat_rate(*, territory: str, vat_class: str, on: date) -> int | None:
    """Return the rate in basis points that holds on a day, or None when the house has none for it."""
    holding = [rate for starts_on, rate in _rates(territory, vat_class) if starts_on <= on]
    return holding[-1] if holding else None


def next_vat_rate(*, territory: str, vat_class: str, after: date) -> tuple[date, int] | None:
    """Return the first day behind this one on which another rate begins, and that rate in basis points; None when none
    is known."""
    now = vat_rate(territory=territory, vat_class=vat_class, on=after)
    coming = [(on, rate) for on, rate in _rates(territory, vat_class) if on > after and rate != now]
    return coming[0] if coming else None


def _rates(territory: str, vat_class: str) -> list[tuple[date, int]]:
    key = (territory, vat_class)
    return reference.remember("vat", [key], lambda keys: {key: _load(*key) for key in keys})[key]


def _load(territory: str, vat_class: str) -> list[tuple[date, int]]:
    found = VatRate.objects.filter(territory=territory, vat_class=vat_class).order_by("starts_on")
    return list(found.values_list("starts_on", "rate"))
