"""Two clerks and one piece; a customer who comes while the reservation ends; one who reserves twice at once."""

from functools import partial

import pytest
from django.db import IntegrityError
from django.utils import timezone

from customers.services.identifying import GivenCustomer
from inventory.places.queries import place
from inventory.stock.errors import ReservationMissing, ShortStock
from inventory.stock.models import StockLevel
from inventory.stock.services import reserving
from omni.lib.transitions import TransitionRefused
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.services import giving_up, handing_over, opening
from orders.payments.models import Payment
from orders.placing import reservations
from orders.placing.errors import TooManyReserved
from orders.placing.services import placing
from orders.placing.services.placing import PlacedOrder
from orders.placing.wishes import WishedPayment
from orders.sales.models import Order
from orders.selling.basket import Basket
from orders.selling.errors import NotAsShown
from orders.selling.services import selling
from orders.selling.serving import serve
from tests import factories, journeys
from tests.races.books import CROWD, SKU, due, units
from tests.races.crowd import at_once, linger_before, meet_before, raised, returned
from tests.races.test_giving_up import careless_expire
from tests.races.test_stock import NEVER_OVERSOLD, UNLOCKED
from tests.races.twin import twin
from tests.races.walls import Meanwhile, take_down

pytestmark = pytest.mark.django_db(transaction=True)
LEFT = 1


@pytest.fixture
def last(house) -> StockLevel:
    """One piece is left, in Amiens."""
    StockLevel.objects.filter(variant__sku=SKU).update(safety_stock=100)
    StockLevel.objects.filter(variant__sku=SKU, location=house.amiens).update(safety_stock=100 - LEFT)
    return house.level(SKU, house.amiens)


def sellers(house, last) -> list[partial[PlacedOrder]]:
    """Clerks of Lille and of Lens with known customers, who were shown the last piece of Amiens, place at once."""
    works, now = [], timezone.now()
    basket = Basket({SKU: LEFT}, "pickup", place(house.amiens.pk))
    for number in range(CROWD):
        store = (house.lille, house.lens)[number % 2]
        clerk = factories.PersonFactory(role="clerk", stores=[store])
        seller = place(store.pk)
        shown = serve(basket, seller, now)
        assert not shown.lacking
        works.append(
            partial(
                selling.sell,
                basket=basket,
                seller=seller,
                actor=journeys.acting(clerk),
                now=now,
                shown=shown.mark,
                customer=GivenCustomer({"email": factories.IdentityFactory().value}),
                ship_to=None,
                payment=WishedPayment("cash", 1000),
                total=1000,
                reference=f"sale-{number}",
            )
        )
    return works


def test_the_last_piece_is_sold_once_from_two_stores(house, last, monkeypatch):
    meet_before(monkeypatch, placing, "place_order", CROWD)
    outcomes = at_once(sellers(house, last))
    assert len(returned(outcomes)) == 1
    assert {type(one) for one in raised(outcomes, Exception)} <= {ShortStock, NotAsShown}
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)
    assert house.level(SKU, house.amiens).reserved == 1


def test_without_the_lock_and_the_constraint_the_last_piece_is_sold_again(house, last, monkeypatch):
    monkeypatch.setattr(reserving, "RESERVE", UNLOCKED)
    meet_before(monkeypatch, reserving, "reserve", CROWD)
    linger_before(monkeypatch, opening, "open_fulfilment", 0.2)  # who sold it has not committed when the others look
    with twin("stock_stocklevel", "stock_reservation", without=[NEVER_OVERSOLD]):
        assert len(returned(at_once(sellers(house, last)))) > 1


def bag_of(house, clerk) -> Fulfilment:
    return journeys.ready(journeys.placed(house.lille, {SKU: 3}, by=clerk, kind="reservation"), by=clerk)


def buy(bag, clerk) -> HandOver:
    return handing_over.hand_over(fulfilment_id=bag.pk, proof="code", actor_id=clerk.pk, tender="cash")


def test_a_reservation_is_either_bought_or_ended(house, clerk):
    bags = [due(bag_of(house, clerk)) for _one in range(CROWD)]
    works = [partial(buy, one, clerk) for one in bags]
    works += [partial(giving_up.expire, fulfilment_id=one.pk) for one in bags]
    outcomes = at_once(works)
    assert set(map(type, raised(outcomes, Exception))) <= {TransitionRefused}
    bought = Fulfilment.objects.filter(status="collected").count()
    assert bought + Fulfilment.objects.filter(status="expired").count() == CROWD
    assert Payment.objects.count() == bought
    level = house.level(SKU)
    assert (level.on_hand, level.reserved) == (100 - 3 * bought, 0)


EARNS_ONCE = "entry_once_per_event"


@pytest.mark.parametrize(
    ("walls", "without", "refusal"),
    [
        (["lock", "stock"], [EARNS_ONCE], TransitionRefused),
        (["lock", "status", "stock"], [], IntegrityError),
        (["lock", "status"], [EARNS_ONCE], ReservationMissing),
        (["lock", "status", "stock"], [EARNS_ONCE], None),
    ],
    ids=["comparison stands", "points stand", "stock stands", "nothing stands"],
)
def test_a_guard_keeps_a_bought_reservation_from_ending(house, clerk, monkeypatch, walls, without, refusal):
    """The sweeper has loaded it; before it acts, the customer buys. Without a guard both happen."""
    journeys.placed(house.lille, {SKU: 50}, by=clerk)  # the neighbour, whose units would be given away
    bag = due(bag_of(house, clerk))
    take_down(monkeypatch, *walls)
    with twin("stock_reservation", "loyalty_entry", without=["reservation_gives_what_it_holds", *without]):
        customer = Meanwhile(monkeypatch, giving_up, "lines_of", partial(buy, bag, clerk))
        outcome = at_once([partial(careless_expire, bag)])[0]
        assert type(customer.outcome) is HandOver
        assert type(outcome) is (refusal or type(None))
        assert units("sold") == 3
        assert house.level(SKU).reserved == (50 if refusal else 47), "the neighbour's units were given away"


def reserving_at_once(house, clerk) -> list[PlacedOrder | Exception]:
    """One customer who is known reserves many times at the same instant."""
    journeys.placed(house.lille, {SKU: 1}, by=clerk, email="camille@example.org")
    again = partial(journeys.placed, house.lille, {SKU: 1}, by=clerk, email="camille@example.org", kind="reservation")
    return at_once([again] * CROWD)


def test_who_reserves_many_times_at_once_gets_as_many_as_the_house_lets_them(house, clerk, settings):
    settings.MOST_RESERVATIONS = 2
    outcomes = reserving_at_once(house, clerk)
    assert len(returned(outcomes)) == 2
    assert set(map(type, raised(outcomes, Exception))) == {TooManyReserved}


def test_without_the_lock_on_the_customer_they_get_more(house, clerk, settings, monkeypatch):
    settings.MOST_RESERVATIONS = 2
    monkeypatch.setattr(reservations.locks, "lock_customer", lambda pk: None)
    linger_before(monkeypatch, placing.recording, "record_order", 0.05)
    assert len(returned(reserving_at_once(house, clerk))) > 2
