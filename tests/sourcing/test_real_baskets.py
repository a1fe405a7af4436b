"""Two hundred real baskets: never worse than the nearest store first, and often better. `make bench-sourcing` takes
ten thousand."""

import pytest

from bench.sourcing import baskets, compared


@pytest.fixture(scope="module")
def wishes():
    return baskets(200)


def test_the_baskets_are_real_ones_out_of_the_whole_year(wishes):
    assert len(wishes) == 200
    assert all(units > 0 for wanted in wishes for units in wanted.values())
    assert max(map(len, wishes)) > 30


@pytest.mark.parametrize("stores", [50, 200])
def test_no_real_basket_is_served_worse_than_by_the_nearest_store_first(wishes, stores):
    outcome = compared(wishes, stores)
    assert outcome.verdicts["worse"] == 0
    assert sum(outcome.verdicts.values()) == 200
    assert outcome.verdicts["better"] > 60
    assert outcome.engine.parcels < outcome.nearest.parcels * 0.75
    assert outcome.engine.unserved <= outcome.nearest.unserved
    assert outcome.proven > 120
