"""How often nobody came: counted, explained, scoped to the reader's stores."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up
from orders.fulfilment.waiting import queries
from orders.fulfilment.waiting.queries import NoShows
from tests import journeys

pytestmark = pytest.mark.django_db
EMAIL = "camille@example.org"


def ended(house, clerk, how: str, *, days_ago: float = 1, store=None) -> Fulfilment:
    """Return a pickup of Camille's that ended some days ago."""
    order = journeys.placed(store or house.lille, {"SKU-1": 1}, by=clerk, email=EMAIL)
    if how == "collected":
        one = journeys.handed_over(order, by=clerk).fulfilment
    else:
        one = journeys.ready(order, by=clerk)
        if how == "cancelled":
            giving_up.cancel(fulfilment_id=one.pk, actor_id=clerk.pk, reason="mistake")
        else:
            Fulfilment.objects.filter(pk=one.pk).update(keep_until=timezone.now() - timedelta(minutes=1))
            giving_up.expire(fulfilment_id=one.pk)
    Fulfilment.objects.filter(pk=one.pk).update(ended_at=timezone.now() - timedelta(days=days_ago))
    return one


def of_camille(*stores) -> NoShows:
    person = Customer.objects.get(identities__value=EMAIL)
    return queries.no_shows_of_customer(person.pk, [store.pk for store in stores], timezone.now())


def test_the_rate_is_expired_out_of_collected_and_expired(house, clerk):
    for how in ("collected", "collected", "expired", "cancelled"):
        ended(house, clerk, how)
    journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, email=EMAIL), by=clerk)
    assert of_camille(house.lille) == NoShows(1, 3)


def test_what_ended_more_than_a_year_ago_counts_no_more(house, clerk):
    ended(house, clerk, "expired", days_ago=366)
    ended(house, clerk, "collected", days_ago=364)
    assert of_camille(house.lille) == NoShows(0, 1)


def test_nobody_reads_of_a_store_that_is_not_theirs(house, clerk):
    ended(house, clerk, "expired")
    ended(house, clerk, "collected", store=house.amiens)
    assert of_camille(house.lille) == NoShows(1, 1)
    assert of_camille(house.lille, house.amiens) == NoShows(1, 2)


def test_each_store_has_its_own(house, clerk):
    ended(house, clerk, "expired")
    ended(house, clerk, "collected", store=house.amiens)
    found = queries.no_shows_of_stores([house.lille.pk, house.amiens.pk], timezone.now())
    assert found == {house.lille.pk: NoShows(1, 1), house.amiens.pk: NoShows(0, 1)}


def test_the_customer_s_page_shows_the_figures_it_is_made_of(house, clerk, clerk_client):
    code = ended(house, clerk, "collected").order.customer.code
    for _more in range(2):
        ended(house, clerk, "expired")
    page = clerk_client.get(reverse("customer", args=[code])).content.decode()
    assert "66%" in page
    assert "2 of 3 pickups not collected" in page
    assert "What was cancelled before does not count." in page


def test_a_customer_of_whom_nothing_is_known_has_no_rate(house, clerk, clerk_client):
    order = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, email=EMAIL)
    code = journeys.fulfilment_of(order).order.customer.code
    assert "Pickups not collected" not in clerk_client.get(reverse("customer", args=[code])).content.decode()


def test_the_day_shows_each_store_its_rate(house, clerk, manager_client):
    ended(house, clerk, "expired")
    ended(house, clerk, "collected")
    answer = manager_client.get(reverse("day"))
    [row] = answer.context["visits"]
    assert (row["name"], row["no_shows"]["rate"], row["stars"]) == ("Lille", "50%", "")
    assert "1 of 2 pickups not collected" in answer.content.decode()
