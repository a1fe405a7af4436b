"""Money is whole cents (tax included) and a currency code; it is formatted only where somebody reads it."""

from collections.abc import Sequence

from babel.numbers import format_currency
from django.conf import settings
from django.utils.translation import get_language

RATE_SCALE = 10_000
"""VAT rates are basis points: 2000 is 20 %, 550 is 5.5 %."""


def format_cents(cents: int, currency: str | None = None, language: str | None = None) -> str:
    """Return `1 240,00 €` or `€1,240.00` in the reader's language; a minus is U+2212."""
    text = format_currency(cents / 100, currency or settings.CURRENCY, locale=language or get_language() or "en")
    return text.replace("-", "\u2212")


def allot(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` cents in proportion to `weights`; the parts add up to `total` exactly.

    Largest remainder (Hare): every part gets the floor of its share, what is left goes one cent each to the largest
    remainders, ties to the earlier part. All weights 0 means equal weights.
    """
    if not weights:
        return []
    if sum(weights) == 0:
        weights = [1] * len(weights)
    whole = sum(weights)
    shares = [divmod(total * weight, whole) for weight in weights]
    parts = [floor for floor, _ in shares]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-shares[index][1], index))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def tax_included(amount: int, rate: int) -> int:
    """Return the tax cents inside `amount` (tax included) at `rate` basis points, rounded half up.

    French rule: net = gross × 100 ÷ (100 + rate).
    """
    return (2 * amount * rate + RATE_SCALE + rate) // (2 * (RATE_SCALE + rate))
