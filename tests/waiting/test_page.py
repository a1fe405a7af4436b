"""What an order's own page says in each of its states, in both languages."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from inventory.places.models import Location
from omni.lib import reference
from orders.fulfilment import codes
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import finishing, giving_up, handing_over, picking, readying, shorting
from orders.fulfilment.services.handing_over import Part
from orders.fulfilment.services.rerouting import Instead
from tests import journeys

pytestmark = pytest.mark.django_db


def words(page: str) -> str:
    """A page as it is read."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1])))


def placed(house, clerk, **more):
    return journeys.placed(house.lille, {"SKU-1": 2, "SKU-2": 1}, by=clerk, **{"paid": 4000, **more})


def test_an_order_that_is_to_be_prepared_says_when(house, clerk, holder):
    read = words(holder.read(journeys.fulfilment_of(placed(house, clerk))))
    assert "Camille, we have your order." in read
    assert "Ready by " in read
    assert "2 × Article 1" in read
    assert "Paid, nothing to pay in the store €40.00" in read
    assert "Cancel it" in read
    assert "I am here" not in read
    assert "Keep it longer" not in read


def test_an_order_in_preparation_shows_how_far_it_is(house, clerk, holder):
    page = holder.read(journeys.picked(placed(house, clerk), by=clerk))
    assert "Camille, we are preparing it." in words(page)
    assert re.search(r'class="is-now" aria-current="step">In preparation<', page)


def test_what_is_late_says_so(house, clerk, holder):
    late = journeys.fulfilment_of(placed(house, clerk))
    Fulfilment.objects.filter(pk=late.pk).update(promised_at=timezone.now() - timedelta(minutes=1))
    read = words(holder.read(late))
    assert "Delayed" in read
    assert "It takes longer than we promised" in read


def test_what_is_ready_shows_its_code_its_store_and_until_when(ready, holder):
    page = holder.read(ready)
    digits = codes.digits(ready.public_id, ready.code_round)
    assert f"{digits[:3]} {digits[3:]}" in page
    assert 'class="qr' in page
    read = words(page)
    assert re.search(r"Until \w+ \d+ \w+, 23:59", read)
    assert "Kept for 7 days" in read
    assert "every day, day and night" in read
    assert "https://www.openstreetmap.org/?mlat=50.63650&amp;mlon=3.06350" in page


def test_the_page_asks_no_other_host_for_anything(ready, holder):
    fetched = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', holder.read(ready))
    assert fetched
    assert all(one.startswith("/") for one in fetched)
    assert "<script" not in holder.read(ready)
    assert "style=" not in holder.read(ready)


def test_what_is_still_to_pay_is_said(house, clerk, holder):
    unpaid = journeys.ready(placed(house, clerk, paid=None), by=clerk)
    assert "To pay in the store €40.00" in words(holder.read(unpaid))


def test_what_is_missing_is_named_and_not_charged(house, clerk, holder):
    one = journeys.fulfilment_of(placed(house, clerk))
    first, second = one.lines.order_by("order_line__position")
    keys = {"fulfilment_id": one.pk, "actor_id": clerk.pk}
    shorting.report_short(line_id=first.pk, quantity=1, reason="damaged", **keys)
    shorting.report_short(line_id=second.pk, quantity=1, reason="damaged", **keys)
    picking.pick(line_id=first.pk, pieces=1, **keys)
    readying.declare_ready(hold_place_id=house.places(house.lille)[0].pk, **keys)
    read = words(holder.read(one))
    assert "1 is missing, not charged" in read
    assert "Missing, not charged €20.00" in read
    assert "Goes back to you €30.00" in read


def test_what_another_store_serves_is_shown_there_alone(house, clerk, holder):
    """Two pieces at 10 euros and one at 20; of the first, one piece comes from Lens, then all the rest does."""
    one = journeys.fulfilment_of(placed(house, clerk))
    first, second = one.lines.order_by("order_line__position")
    there = Instead(house.lens.pk, "pickup")
    short = {"fulfilment_id": one.pk, "actor_id": clerk.pk, "reason": "damaged", "instead": there}
    shorting.report_short(line_id=first.pk, quantity=1, **short)
    page = holder.read(one)
    assert page.count('class="own-card"') == 2
    assert "1 comes from another store €10.00" in words(page)
    assert "missing" not in words(page)
    shorting.report_short(line_id=first.pk, quantity=1, **short)
    shorting.report_short(line_id=second.pk, quantity=1, **short)
    giving_up.cancel(fulfilment_id=one.pk, actor_id=clerk.pk, reason="nothing_found")
    page = holder.read(one)
    assert page.count('class="own-card"') == 1
    assert "Lens" in words(page)
    assert "cancelled" not in words(page)
    assert "Goes back to you" not in words(page)


def test_what_was_left_in_the_store_and_what_waits_on_are_told_apart(ready, clerk, holder, again):
    """Two pieces at 10 euros, one is collected; the piece at 20 is refused, the other waits on."""
    first, second = ready.lines.order_by("order_line__position")
    parts = {first.pk: Part(1), second.pk: Part(0, refused=1)}
    handing_over.hand_over(fulfilment_id=ready.pk, proof="code", actor_id=clerk.pk, parts=parts)
    read = words(holder.read(again(ready)))
    assert "1 collected already €20.00" in read
    assert "Left in the store, not charged €20.00" in read
    assert "Goes back to you €20.00" in read
    assert "To show" in read


def test_what_was_collected_thanks_and_asks_how_it_was(house, clerk, holder):
    given = journeys.handed_over(placed(house, clerk), by=clerk).fulfilment
    page = holder.read(given)
    assert "Camille, thank you." in words(page)
    assert "How was it?" in page
    for gone in ("I am here", "Cancel it", "To show"):
        assert gone not in page


def test_what_left_says_for_where(house, clerk, holder):
    address = {"street": "1 rue Nationale", "postal_code": "59000", "town": "Roubaix"}
    order = placed(house, clerk, kind="ship", ship_to=address)
    assert "It leaves by " in words(holder.read(journeys.fulfilment_of(order)))
    finishing.dispatch(fulfilment_id=journeys.picked(order, by=clerk).pk, actor_id=clerk.pk)
    page = holder.read(journeys.fulfilment_of(order))
    assert "It left for Roubaix on " in words(page)
    assert "Nationale" not in page
    assert "Cancel it" not in page


@pytest.mark.parametrize("paid", [4000, None])
def test_what_was_given_up_says_why_and_what_goes_back(house, clerk, holder, paid):
    late = journeys.ready(placed(house, clerk, paid=paid), by=clerk)
    Fulfilment.objects.filter(pk=late.pk).update(keep_until=timezone.now() - timedelta(minutes=1))
    giving_up.expire(fulfilment_id=late.pk)
    read = words(holder.read(late))
    assert "It was kept until" in read
    assert ("Goes back to you €40.00" in read) is (paid is not None)
    assert ("What you had paid goes back to you." in read) is (paid is not None)


def test_what_was_cancelled_says_so(house, clerk, holder):
    one = journeys.fulfilment_of(placed(house, clerk))
    giving_up.cancel(fulfilment_id=one.pk, actor_id=clerk.pk, reason="mistake")
    read = words(holder.read(one))
    assert "Camille, it is cancelled." in read
    assert "It was cancelled on" in read


def test_the_page_speaks_the_customer_s_language_and_the_other_on_request(ready, holder):
    french = holder.read(ready, "")
    assert '<html lang="fr"' in french
    assert "Camille, c’est prêt." in french
    assert 'href="?in=en"' in french
    assert '<html lang="en"' in holder.read(ready, "?in=en")
    assert '<html lang="fr"' in holder.read(ready, "?in=xx")


def test_several_fulfilments_of_an_order_are_shown_each_by_itself(house, clerk, ready, holder):
    """The second is a copy in Lens of the first: what an order of two stores looks like."""
    lines = list(ready.lines.all())
    twin = Fulfilment.objects.get(pk=ready.pk)
    twin.pk, twin.public_id, twin.short_id, twin.location_id = (
        None,
        "00000000-0000-4000-8000-000000000001",
        "L2-7",
        house.lens.pk,
    )
    twin.status, twin.ready_at, twin.keep_until, twin.code_hash = "to_pick", None, None, ""
    twin.save(force_insert=True)
    twin.lines.create(order_line=lines[0].order_line, quantity=1)
    page = holder.read(ready)
    assert "Camille, your order" in words(page)
    assert page.count('class="own-card"') == 2
    assert "L2-7" in page
    assert "Lens" in page
    assert page.count("To show") == 1


def test_open_hours_are_said_for_now(house, ready, holder):
    Location.objects.filter(pk=house.lille.pk).update(opening_hours="Mo-Su off")
    reference.forget()
    assert "Closed" in words(holder.read(ready))


def test_a_page_costs_few_statements(ready, holder, statements):
    holder.read(ready)
    with statements() as seen:
        holder.read(ready)
    assert len(seen) <= 14, seen
