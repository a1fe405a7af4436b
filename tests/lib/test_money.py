"""Money to the cent: shares that add up, tax inside a price, amounts as people write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omni.lib.money import allot, format_cents, tax_included


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (10, [3, 3, 1], [4, 4, 2]),
        (7, [2, 3], [3, 4]),
        (5, [1, 0, 1], [3, 0, 2]),
        (1, [0, 0, 0], [1, 0, 0]),
        (0, [5, 7], [0, 0]),
        (3, [1] * 5, [1, 1, 1, 0, 0]),
        (12, [7], [12]),
        (12, [], []),
        (823, [2000, 2000, 3000], [235, 235, 353]),
    ],
)
def test_a_total_is_split_by_largest_remainder(total, weights, parts):
    assert allot(total, weights) == parts


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_the_parts_add_up_and_none_is_a_cent_from_its_share(total, weights):
    parts = allot(total, weights)
    assert sum(parts) == total
    whole = sum(weights) or len(weights)
    shares = [Fraction(total * weight, whole) for weight in (weights if sum(weights) else [1] * len(weights))]
    assert all(abs(part - share) < 1 for part, share in zip(parts, shares, strict=True))


@given(st.integers(0, 10**6), st.lists(st.integers(1, 1000), min_size=1, max_size=20))
def test_no_part_with_a_smaller_remainder_gets_a_cent_before_one_with_a_larger(total, weights):
    remainders = [Fraction(total * weight, sum(weights)) % 1 for weight in weights]
    extra = [part - total * weight // sum(weights) for part, weight in zip(allot(total, weights), weights, strict=True)]
    got = [remainder for remainder, cent in zip(remainders, extra, strict=True) if cent]
    left = [remainder for remainder, cent in zip(remainders, extra, strict=True) if not cent]
    assert set(extra) <= {0, 1}
    assert not got or not left or min(got) >= max(left)


@pytest.mark.parametrize(
    ("amount", "rate", "tax"),
    [
        (12_000, 2000, 2000),
        (1_055, 550, 55),
        (100, 2000, 17),
        (3, 2000, 1),  # exactly half a cent is rounded up
        (2, 2000, 0),
        (100, 550, 5),
        (100, 210, 2),
        (1_000, 0, 0),
        (0, 2000, 0),
        (1, 2000, 0),
    ],
)
def test_the_tax_inside_an_amount_is_rounded_half_up(amount, rate, tax):
    assert tax_included(amount, rate) == tax


@given(st.integers(0, 10**8), st.integers(0, 9_999))
def test_the_tax_is_within_half_a_cent_of_the_exact_one(amount, rate):
    exact = Fraction(amount * rate, 10_000 + rate)
    assert -Fraction(1, 2) < tax_included(amount, rate) - exact <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("cents", "language", "text"),
    [
        (124_000, "fr", "1\u202f240,00\u00a0€"),
        (124_000, "en", "€1,240.00"),
        (-599, "en", "\u2212€5.99"),
        (-599, "fr", "\u22125,99\u00a0€"),
        (0, "fr", "0,00\u00a0€"),
        (9, "en", "€0.09"),
        (10**11 + 1, "en", "€1,000,000,000.01"),
    ],
)
def test_an_amount_is_written_as_its_reader_writes_it(cents, language, text):
    assert format_cents(cents, "EUR", language) == text
