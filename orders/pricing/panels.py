"""What the page of a product shows of its price's tax."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from babel import Locale
from django.utils.translation import get_language

from orders.pricing.queries import next_vat_rate, vat_rate


def vat_of(vat_class: str, *, territories: Iterable[str], on: date) -> dict[str, Any]:
    """Return the rate of a class in each territory on a day, and the next one with its day where one is known; rates
    in percent, None where the house has none. No statement when the rates are remembered."""
    rows = []
    for code in sorted(set(territories)):
        coming = next_vat_rate(territory=code, vat_class=vat_class, after=on)
        now = vat_rate(territory=code, vat_class=vat_class, on=on)
        rows.append(
            {
                "name": _called(code),
                "rate": None if now is None else now / 100,
                "next": {"on": coming[0], "rate": coming[1] / 100} if coming else None,
            }
        )
    return {"territories": rows}


def _called(code: str) -> str:
    """Return what a territory is called: the country, and the whole code of a part of one."""
    country, _dash, part = code.partition("-")
    name = str(Locale.parse(get_language() or "en", sep="-").territories.get(country, country))
    return f"{name} ({code})" if part else name
