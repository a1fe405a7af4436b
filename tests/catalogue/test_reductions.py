"""The lowest price of the 30 days before a reduction, to the second."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inventory.catalog.queries import Offer, PriceWindow
from inventory.catalog.reductions import lowest_price_before, reduction

SALE = datetime(2027, 1, 6, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def day(number: float) -> datetime:
    """The instant so many days before (negative) or after the sale began."""
    return SALE + timedelta(days=number)


def offer(*prices: tuple[float, float | None, int] | tuple[float, float | None, int, str]) -> Offer:
    """An article with prices: from, until (days from the sale), cents, channel."""
    windows = tuple(
        PriceWindow(price[3] if len(price) > 3 else "", "EUR", price[2], day(price[0]),
                    None if price[1] is None else day(price[1]))
        for price in prices
    )  # fmt: skip
    return Offer(1, "A", "", "A", "standard", "piece", "general", None, windows)


def shown(one: Offer, at: datetime, channel: str = "web") -> Any:
    """Cents now, days since the announcement, lowest before; or None."""
    found = reduction(one, channel=channel, currency="EUR", at=at)
    return found and (found.amount, (found.announced_at - SALE) / timedelta(days=1), found.lowest_before)


def test_a_price_that_is_not_lowered_has_no_price_before() -> None:
    assert shown(offer((-100, None, 1000)), SALE) is None
    assert shown(offer((-100, None, 1000), (0, None, 1200)), day(1)) is None
    assert shown(offer(), SALE) is None
    assert shown(offer((0, None, 1000)), day(1)) is None


def test_a_promotion_is_shown_from_its_first_second_to_its_last() -> None:
    sold = offer((-100, None, 1000), (0, 14, 800))
    assert shown(sold, SALE - SECOND) is None
    assert shown(sold, SALE) == (800, 0, 1000)
    assert shown(sold, day(14) - SECOND) == (800, 0, 1000)
    assert shown(sold, day(14)) is None


@pytest.mark.parametrize(("ended", "lowest"), [(-29, 900), (-30, 1000), (-31, 1000)])
def test_an_earlier_promotion_counts_while_it_ended_less_than_thirty_days_before(ended: float, lowest: int) -> None:
    sold = offer((-100, None, 1000), (-60, ended, 900), (0, 14, 800))
    assert shown(sold, SALE) == (800, 0, lowest)


def test_thirty_days_are_counted_to_the_second() -> None:
    almost = -30 + SECOND / timedelta(days=1)
    assert shown(offer((-100, None, 1000), (-60, almost, 900), (0, 14, 800)), SALE) == (800, 0, 900)


def test_an_earlier_promotion_that_was_cheaper_leaves_nothing_to_announce() -> None:
    assert shown(offer((-100, None, 1000), (-20, -10, 700), (0, 14, 800)), SALE) is None


def test_a_reduction_in_steps_has_the_price_before_the_first() -> None:
    sold = offer((-100, None, 1000), (-10, None, 900), (0, None, 800))
    assert shown(sold, day(-5)) == (900, -10, 1000)
    assert shown(sold, day(5)) == (800, -10, 1000)


@pytest.mark.parametrize(("first", "expected"), [(-29, (800, -29, 1000)), (-30, (800, 0, 900)), (-31, (800, 0, 900))])
def test_a_step_that_has_held_for_thirty_days_is_the_price(first: float, expected: Any) -> None:
    assert shown(offer((-100, None, 1000), (first, None, 900), (0, None, 800)), SALE) == expected


def test_a_lowered_price_without_an_end_is_the_price_after_thirty_days() -> None:
    sold = offer((-100, None, 1000), (0, None, 800))
    assert shown(sold, day(30) - SECOND) == (800, 0, 1000)
    assert shown(sold, day(30)) is None
    with_an_end = offer((-100, None, 1000), (0, 60, 800))
    assert shown(with_an_end, day(59)) == (800, 0, 1000)


def test_the_channel_s_own_price_comes_before_the_common_one() -> None:
    sold = offer((-100, None, 1000), (-100, None, 1200, "web"), (-20, -15, 500), (0, 14, 900, "web"))
    assert shown(sold, SALE) == (900, 0, 1200)
    assert shown(sold, SALE, "store") is None
    assert shown(sold, day(-15) - SECOND, "store") == (500, -20, 1000)


def test_what_was_not_for_sale_does_not_count() -> None:
    sold = offer((-100, -40, 500), (-10, None, 1000), (0, 14, 800))
    assert shown(sold, SALE) == (800, 0, 1000)


def test_the_lowest_before_an_instant_leaves_that_instant_out() -> None:
    sold = offer((-100, None, 1000), (0, 14, 800))
    keys: dict[str, Any] = {"channel": "web", "currency": "EUR"}
    assert lowest_price_before(sold, at=SALE, **keys) == 1000
    assert lowest_price_before(sold, at=SALE + SECOND, **keys) == 800
    assert lowest_price_before(sold, at=day(-101), **keys) is None
    assert lowest_price_before(sold, at=day(44) + SECOND, **keys) == 1000
    assert lowest_price_before(sold, at=day(44) - SECOND, **keys) == 800
