"""How sure a figure is: the formula with exact values, what counts teach, the list of what to count."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from inventory.catalog.models import Product, Variant
from inventory.confidence import words
from inventory.confidence.models import CountAdvice, CountFinding, LossRate
from inventory.confidence.queries import Chance, chances
from inventory.confidence.services import learning, listing, nights
from inventory.stock.models import StockLevel, StockMovement
from inventory.stock.services import closing, counting
from inventory.stock.services.opening import open_stock
from omni.staff.models import User
from orders.fulfilment.models import FulfilmentLine
from orders.fulfilment.services import shorting
from tests import factories, journeys
from tests.conftest import House

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def began(house: House) -> datetime:
    """The instant at which the house's stock was opened."""
    return StockMovement.objects.earliest("pk").created_at


def stocked(house: House, units: int) -> Variant:
    """An article of which Lille has so many from now on."""
    variant = factories.VariantFactory()
    open_stock(rows=[(house.lille.pk, variant.pk, units)])
    return variant


def moved(house: House, variant: Variant, kind: str, units: int, at: datetime) -> None:
    """Let units come or go at an instant, in the ledger and in the figure."""
    StockMovement.objects.create(
        location=house.lille, variant=variant, kind=kind, quantity=units, reference=f"test:{at}", created_at=at
    )
    level = StockLevel.objects.get(location=house.lille, variant=variant)
    level.on_hand += StockMovement.ON_HAND_SIGN[kind] * units
    level.save()


def chance(house: House, variant: Variant, at: datetime, units: int = 1) -> Chance:
    return chances({variant.pk: units}, [house.lille.pk], at=at)[house.lille.pk][variant.pk]


def counted(house: House, clerk: User, *figures: int) -> None:
    """Close a count of the first articles in Lille."""
    count = counting.open_count(location_id=house.lille.pk, actor_id=clerk.pk)
    for variant, seen in zip(house.variants, figures, strict=False):
        counting.set_counted(count_id=count.pk, variant_id=variant.pk, counted=seen)
    reasons = {variant.pk: "not_found" for variant in house.variants}
    closing.close(count_id=count.pk, reasons=reasons, actor_id=clerk.pk)


@pytest.mark.parametrize(("units", "need", "per_mille"), [(1, 1, 980), (3, 2, 997), (3, 3, 943), (3, 4, 0)])
def test_pieces_get_lost_by_the_usual_rate_until_somebody_looks(
    house: House, began: datetime, units: int, need: int, per_mille: int
) -> None:
    """200 losses per million pieces and day: 5000 / (5000 + 100) for one piece; 1 - (300/5300)^2 for two of three."""
    found = chance(house, stocked(house, units), began + 100 * DAY, need)
    assert (found.per_mille, found.seen_by, found.hits, found.checks) == (per_mille, "opened", 0, 0)


def test_what_is_kept_or_damaged_must_be_there_as_well(house: House, began: datetime) -> None:
    variant = stocked(house, 3)
    StockLevel.objects.filter(variant=variant).update(reserved=1, damaged=1)
    assert chance(house, variant, began + 100 * DAY).per_mille == 943


def test_silence_after_a_sale_lowers_it_and_a_sale_bounds_what_was_lost_before(house: House, began: datetime) -> None:
    """w = 24/54, z = 0.4 + 0.6 · 24/30 · ln(54/24), P(L < 1) = 5000/5050: 0.4400 / (0.4400 + 0.0078)."""
    variant = stocked(house, 2)
    moved(house, variant, "sold", 1, began + 10 * DAY)
    found = chance(house, variant, began + 40 * DAY)
    assert (found.per_mille, found.hits, found.silent_days) == (983, 1, 30)


def test_a_fast_article_that_falls_silent_is_doubtful(house: House, began: datetime) -> None:
    variant = stocked(house, 40)
    for day in range(1, 40):
        moved(house, variant, "sold", 1, began + day * DAY)
    assert chance(house, variant, began + 39.1 * DAY).per_mille > 850
    silent = chance(house, variant, began + 120 * DAY)
    assert silent.per_mille < 300
    assert words.word(silent.percent) == "doubtful"


def test_the_last_piece_sold_proves_that_none_was_missing(house: House, began: datetime) -> None:
    variant = stocked(house, 1)
    moved(house, variant, "sold", 1, began + 500 * DAY)
    moved(house, variant, "received", 1, began + 501 * DAY)
    found = chance(house, variant, began + 502 * DAY)
    assert (found.per_mille, found.seen_by) == (1000, "sold_out")
    assert found.percent == 99  # nobody is ever certain


def test_a_count_makes_sure_whether_it_agreed_or_not(house: House, clerk: User, began: datetime) -> None:
    before = chance(house, house.variants[0], began + 41 * DAY, 100)
    counted(house, clerk, 100)
    agreed = chance(house, house.variants[0], timezone.now() + DAY, 100)
    assert (before.seen_by, agreed.seen_by) == ("opened", "counted")
    assert before.per_mille == 549  # 5000 / (5000 + 4100)
    assert agreed.exact_per_mille == 980  # 5000 / (5000 + 100)


def test_an_article_that_lost_a_piece_is_less_sure_than_its_family(house: House, clerk: User) -> None:
    counted(house, clerk, 98, 100)
    at = timezone.now() + 10 * DAY
    lost, agreed = (chance(house, variant, at) for variant in house.variants[:2])
    assert (lost.exact_per_mille, agreed.exact_per_mille) == (585, 833)  # (5000/5980)^3 and 5000/6000


def test_a_short_pick_is_a_look_at_the_shelf(house: House, clerk: User) -> None:
    order = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
    other = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk)
    line = FulfilmentLine.objects.get(fulfilment__order=order.order.id)
    shorting.report_short(
        line_id=line.pk, quantity=1, reason="not_found", fulfilment_id=line.fulfilment_id, actor_id=clerk.pk
    )
    assert other.order.number
    found = chance(house, house.variants[0], timezone.now() + DAY)
    assert (found.seen_by, found.per_mille) == ("missed", 0)  # two are left, both kept for the other order


def test_what_is_weighed_and_what_is_not_there_has_no_confidence(house: House, began: datetime) -> None:
    Variant.objects.filter(pk=house.variants[0].pk).update(measure="milligallon")
    StockLevel.objects.filter(variant=house.variants[1]).update(on_hand=0)
    assert chances({variant.pk: 1 for variant in house.variants[:2]}, [house.lille.pk], at=began + DAY) == {}


def test_large_figures_count_in_lots_and_nothing_underflows(house: House, began: datetime) -> None:
    variant = stocked(house, 1_000_000)
    found = chance(house, variant, began + 365 * DAY)
    assert (found.per_mille, found.exact_per_mille) == (1000, 64)  # 5000 / (5000 + 200 · 365)
    assert chance(house, variant, began + 36500 * DAY, 1_000_000).per_mille == 1


def test_any_number_of_articles_and_places_is_one_statement(house: House, statements) -> None:
    with statements() as seen:
        chances({variant.pk: 1 for variant in house.variants}, [store.pk for store in house.stores])
    assert len(seen) == 1, seen


def test_a_count_teaches_once_and_the_rate_leans_on_what_was_believed(house: House, clerk: User) -> None:
    Product.objects.filter(variants__in=house.variants[:2]).update(category="Razors")
    counted(house, clerk, 97, 100, 100)
    assert (learning.take_in(), learning.take_in()) == (2, 0)
    found = CountFinding.objects.order_by("family").values_list("family", "checks", "wrong", "lost", "unit_days")
    assert list(found) == [("", 1, 0, 0, 0), ("Razors", 2, 1, 3, 0)]
    learning.learn()
    rates = LossRate.objects.order_by("family").values_list("family", "per_million", "checks", "wrong", "lost")
    assert list(rates) == [("", 500, 3, 1, 3), ("Razors", 650, 2, 1, 3)]  # (2+3)/10,000; (10+3)/20,000


def test_findings_are_forgotten_after_a_year(house: House, clerk: User) -> None:
    counted(house, clerk, 97)
    learning.take_in()
    assert (learning.learn(), LossRate.objects.count()) == (1, 1)
    assert learning.learn(at=timezone.now() + 366 * DAY) == 0
    assert LossRate.objects.count() == 0


def test_figures_that_a_rule_made_up_teach_nothing(house: House, clerk: User) -> None:
    variant = factories.VariantFactory()
    open_stock(rows=[(house.lille.pk, variant.pk, 5)], derived=True)
    count = counting.open_count(location_id=house.lille.pk, actor_id=clerk.pk)
    counting.set_counted(count_id=count.pk, variant_id=variant.pk, counted=0)
    closing.close(count_id=count.pk, reasons={variant.pk: "not_found"}, actor_id=clerk.pk)
    assert (learning.take_in(), learning.take_in()) == (1, 0)
    assert (CountFinding.objects.get().checks, learning.learn()) == (0, 0)


def test_the_list_begins_with_what_repairs_most_and_is_made_once_a_day(house: House, began: datetime) -> None:
    slow, fast, dear = (stocked(house, units) for units in (3, 12, 12))
    for variant, pieces, price in ((slow, 1, 1000), (fast, 10, 1000), (dear, 10, 5000)):
        moved(house, variant, "sold", pieces, began + 10 * DAY)
        factories.PriceFactory(variant=variant, amount=price)
    at, on = began + 60 * DAY, date(2027, 1, 1)
    assert listing.make_list(location_id=house.lille.pk, on=on, at=at) == 3
    assert listing.make_list(location_id=house.lille.pk, on=on, at=at) == 0
    rows = CountAdvice.objects.values_list("position", "variant_id")
    assert list(rows) == [(1, dear.pk), (2, fast.pk), (3, slow.pk)]
    assert listing.make_list(location_id=house.lille.pk, on=on + DAY, at=at, most=1) == 1
    assert CountAdvice.objects.get().variant_id == dear.pk
    assert house.lille.pk not in listing.due(on=on + DAY)


def test_a_night_leaves_off_where_its_time_ends_and_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter([0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    monkeypatch.setattr(nights.time, "monotonic", lambda: next(turns))
    assert [nights.work(until=1), nights.work(until=1), nights.work(until=1)] == [1, 2, 0]


@pytest.mark.parametrize(
    ("seen_by", "days", "sentence"),
    [
        ("opened", 3, "not counted yet"),
        ("counted", 0, "counted today"),
        ("counted", 1, "last counted one day ago"),
        ("missed", 41, "put right at a short pick 41 days ago"),
        ("sold_out", 2, "sold to the last piece 2 days ago"),
    ],
)
def test_the_reason_says_when_the_figure_last_proved_right(seen_by: str, days: int, sentence: str) -> None:
    now = timezone.now()
    one = Chance(820, 700, now - days * DAY, seen_by, 0, 0, 9, 9, 40)
    assert words.reason(one, now) == sentence


def test_the_reason_tells_of_the_family_and_of_sales(house: House) -> None:
    now = timezone.now()
    one = Chance(820, 700, now - 41 * DAY, "counted", 3, 20, 100, 9, 40)
    assert words.reason(one, now) == (
        "last counted 41 days ago, 9 figures of 100 in this family were wrong after 40 days,"
        " sold without a miss 3 times since, none sold for 20 days"
    )
    assert words.why(one, now).startswith("70 % sure that none is missing: last counted")
    assert [words.word(percent) for percent in (95, 94, 80, 79, 50, 49)] == [
        "sure", "likely", "likely", "uncertain", "uncertain", "doubtful",
    ]  # fmt: skip
