"""A small world whose true stock is hidden: what the house says of its figures holds, and it loses fewer promises.
`make bench-confidence` lives through a larger one."""

import pytest

from bench.calibration import brier, calibration_error, shuffled
from bench.confidence import SEED, Size, lived
from inventory.stock.models import StockMovement

SMALL = Size(stores=3, articles=60, days=150, warm=75, look=10, orders=20, counts=3)


@pytest.mark.django_db
def test_confidence_is_honest_and_loses_fewer_promises() -> None:
    before, after = (lived(SMALL, seed=SEED, sourcing=way, counting=way) for way in (False, True))
    assert (before.promised, before.lost) == (1451, 16)
    assert (after.promised, after.lost) == (1453, 12)
    for outcome in (before, after):
        for said in (outcome.one, outcome.whole):
            assert calibration_error(said) < 0.02
            assert brier(said) < brier(shuffled(said))
            assert calibration_error(said) < calibration_error(shuffled(said))
    assert not StockMovement.objects.exists()
