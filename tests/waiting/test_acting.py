"""What a customer does on their page: once however often it is sent, and refused in a sentence when it is too late."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import Message
from inventory.places.models import Location
from inventory.places.queries import place
from omni import audit, tasks
from omni.lib import reference
from orders.fulfilment import notices
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up, handing_over
from orders.fulfilment.waiting.errors import NoMoreTime, RatedAlready, RatingUnknown, TooLateForThat
from orders.fulfilment.waiting.models import Arrival, Extension, Rating
from orders.fulfilment.waiting.services import arriving, extending, rating
from orders.payments.models import Payment
from orders.placing.services import placing
from orders.placing.wishes import WishedPayment, WishedWay
from orders.sales.models import OrderEvent
from tests import journeys

pytestmark = pytest.mark.django_db


def hand_over(one, clerk):
    return handing_over.hand_over(fulfilment_id=one.pk, proof="code", actor_id=clerk.pk, tender="cash")


def test_i_am_here_sent_twice_is_one_arrival(ready, holder):
    first = holder.act(ready, "here", spot="door", note="Blue car")
    assert first.status_code == 302
    assert first["Location"] == f"{holder.address(ready)}?said=here&in=en"
    assert holder.act(ready, "here", spot="door", note="Blue car").status_code == 302
    one = Arrival.objects.get()
    assert (one.spot, one.note, one.ended_at) == ("door", "Blue car", None)
    assert OrderEvent.objects.filter(kind="customer_arrived").count() == 1
    page = holder.read(ready, "?in=en&said=here")
    assert "The store knows that you are here." in page
    assert "Change where I am" in page


def test_said_again_it_changes_where_and_never_since_when(ready, holder):
    holder.act(ready, "here", key="a", spot="counter")
    since = Arrival.objects.get().arrived_at
    holder.act(ready, "here", key="b", spot="door", note="place 4")
    one = Arrival.objects.get()
    assert (one.spot, one.note, one.arrived_at) == ("door", "place 4", since)


def test_the_clerk_sees_who_is_there_on_top_and_at_the_counter_until_the_hand_over(ready, holder, clerk, clerk_client):
    holder.act(ready, "here", spot="door", note="Blue car")
    Arrival.objects.update(arrived_at=timezone.now() - timedelta(minutes=6, seconds=5))
    today = clerk_client.get(reverse("today")).content.decode()
    assert today.index("Here now") < today.index("queue-title")
    for said in ("Blue car", "here for 6 minutes", "Camille Martin", "state-late"):
        assert said in today
    counter = clerk_client.get(reverse("hand-over", args=[ready.public_id])).content.decode()
    assert "Outside, in front of the store, here for 6 minutes" in counter
    hand_over(ready, clerk)
    assert "Here now" not in clerk_client.get(reverse("today")).content.decode()
    assert Arrival.objects.get().ended_at is not None


def test_the_queue_of_a_colleague_changes_when_somebody_comes(ready, holder, clerk_client):
    version = clerk_client.get(reverse("today")).context["queue_version"]
    ask = f"{reverse('today')}?version={version}"
    assert clerk_client.get(ask, headers={"HX-Request": "true"}).status_code == 204
    holder.act(ready, "here", spot="counter")
    assert clerk_client.get(ask, headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize("end", ["collected", "cancelled", "expired"])
def test_an_ended_pickup_waits_for_nobody(ready, clerk, end):
    arriving.arrive(fulfilment_id=ready.pk, spot="counter")
    if end == "collected":
        hand_over(ready, clerk)
    elif end == "cancelled":
        giving_up.cancel(fulfilment_id=ready.pk, actor_id=clerk.pk, reason="mistake")
    else:
        Fulfilment.objects.filter(pk=ready.pk).update(keep_until=timezone.now() - timedelta(minutes=1))
        giving_up.expire(fulfilment_id=ready.pk)
    assert Arrival.objects.get().ended_at is not None
    with pytest.raises(TooLateForThat):
        arriving.arrive(fulfilment_id=ready.pk, spot="counter")
    assert audit.differences() == []


def test_who_comes_too_early_is_told_so(house, clerk, holder):
    early = journeys.fulfilment_of(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk))
    answer = holder.act(early, "here", spot="counter")
    assert answer.status_code == 409
    assert "It is not ready yet." in answer.content.decode()
    assert not Arrival.objects.exists()


def test_where_one_is_must_be_chosen(ready, holder):
    for fields in ({}, {"spot": "roof"}, {"spot": "door", "note": "x" * 121}):
        assert holder.act(ready, "here", **fields).status_code == 409
    assert not Arrival.objects.exists()


def test_keeping_it_longer_moves_the_last_day_once_for_two_clicks(ready, holder, again):
    before = again(ready).keep_until
    for _twice in range(2):
        assert holder.act(ready, "longer").status_code == 302
    after = again(ready).keep_until
    assert after - before == timedelta(days=7)
    made = Extension.objects.get()
    assert (made.kept_until, made.keep_until, made.actor) == (before, after, None)
    assert OrderEvent.objects.filter(kind="keep_extended").count() == 1
    page = holder.read(ready, "?in=en&said=longer")
    assert "It is kept longer. The new date is below." in page
    assert '<s class="meta">' in page
    assert "Kept for 14 days" in page


def test_a_customer_keeps_it_longer_as_often_as_the_store_lets_them(ready, holder, house):
    Location.objects.filter(pk=house.lille.pk).update(extensions=2, extension_days=3)
    reference.forget()
    assert [holder.act(ready, "longer", key=str(turn)).status_code for turn in range(3)] == [302, 302, 409]
    assert Extension.objects.count() == 2
    refused = holder.act(ready, "longer", key="x")
    assert "as often as this store can" in refused.content.decode()
    assert "Keep it longer" not in holder.read(ready)


def test_a_store_that_keeps_nothing_longer_does_not_offer_it(ready, holder, house):
    Location.objects.filter(pk=house.lille.pk).update(extensions=0)
    reference.forget()
    assert "Keep it longer" not in holder.read(ready)
    assert holder.act(ready, "longer").status_code == 409


def test_the_counter_keeps_it_longer_for_a_reason_beyond_the_customer_s_turns(ready, clerk, clerk_client, again):
    extending.extend(fulfilment_id=ready.pk, actor_id=None)
    with pytest.raises(NoMoreTime):
        extending.extend(fulfilment_id=ready.pk, actor_id=None)
    address = reverse("keep-longer", args=[ready.public_id])
    for _twice in range(2):
        assert clerk_client.post(address, {"idempotency_key": "k", "reason": "ill", "back": "ready"}).status_code == 302
    made = Extension.objects.latest("pk")
    assert (made.actor_id, made.reason, made.keep_until) == (clerk.pk, "ill", again(ready).keep_until)
    assert Extension.objects.count() == 2
    assert "Keep longer" in clerk_client.get(reverse("ready")).content.decode()


def test_nobody_keeps_a_pickup_for_more_than_sixty_days(ready, clerk):
    for _week in range(7):
        extending.extend(fulfilment_id=ready.pk, actor_id=clerk.pk)
    with pytest.raises(NoMoreTime):
        extending.extend(fulfilment_id=ready.pk, actor_id=clerk.pk)
    assert Extension.objects.count() == 7


def test_each_part_of_an_order_tells_of_its_own_money(house, clerk, holder, again):
    ways = [WishedWay("pickup", place(house.lille.pk), [(0, 2)]), WishedWay("pickup", place(house.lens.pk), [(0, 1)])]
    wish = journeys.wish(house.lille, {"SKU-1": 3}, ways=ways, payment=WishedPayment("card_online", 3000))
    placed = placing.place_order(wish=wish, actor=journeys.acting(clerk, channel="web"))
    parts = list(Fulfilment.objects.select_related("order__customer").filter(order=placed.order.id).order_by("pk"))
    for one, amount in zip(parts, ("€20.00", "€10.00"), strict=True):
        said = holder.client.get(holder.act(one, "cancellation", key=amount)["Location"]).content.decode()
        assert f"It is cancelled. {amount} goes back to the means you paid with." in said
        letters = Message.objects.filter(template="pickup_cancelled", facts__fulfilment=one.pk)
        tasks.drain_outbox()
        assert [notices.compose(letter)["refunded"] for letter in letters.all()] == [amount]


@pytest.mark.parametrize("state", ["received", "ready"])
def test_what_is_still_in_the_store_is_cancelled_and_the_money_told(house, clerk, holder, state, again):
    order = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, paid=2000)
    one = journeys.ready(order, by=clerk) if state == "ready" else journeys.fulfilment_of(order)
    for _twice in range(2):
        answer = holder.act(one, "cancellation")
        assert answer.status_code == 302
    assert again(one).status == "cancelled"
    refunds = Payment.objects.filter(kind=Payment.Kind.REFUND)
    assert [(one.tender, one.amount) for one in refunds] == [("card_online", 2000)]
    page = holder.client.get(answer["Location"]).content.decode()
    assert "It is cancelled. €20.00 goes back to the means you paid with." in page
    event = OrderEvent.objects.get(kind="order_cancelled")
    assert (event.actor, event.data["reason"]) == (None, "by_customer")
    assert audit.differences() == []


def test_what_was_not_paid_is_cancelled_without_a_refund(house, clerk, holder):
    one = journeys.fulfilment_of(journeys.placed(house.lille, {"SKU-1": 2}, by=clerk))
    answer = holder.act(one, "cancellation")
    assert "It is cancelled. You had paid nothing." in holder.client.get(answer["Location"]).content.decode()


def test_what_was_collected_is_not_cancelled_any_more(ready, holder, clerk, again):
    hand_over(ready, clerk)
    answer = holder.act(ready, "cancellation")
    assert answer.status_code == 409
    assert "It is too late to cancel" in answer.content.decode()
    assert again(ready).status == "collected"
    assert not Payment.objects.filter(kind=Payment.Kind.REFUND).exists()


@pytest.mark.parametrize("act", ["here", "longer"])
def test_what_was_collected_is_neither_waited_for_nor_kept_longer(ready, holder, clerk, act):
    hand_over(ready, clerk)
    answer = holder.act(ready, act, spot="counter")
    assert answer.status_code == 409
    assert "Nothing waits here any more" in answer.content.decode()


def test_a_visit_is_rated_once_and_its_store_reads_it(ready, holder, clerk, manager_client):
    hand_over(ready, clerk)
    for _twice in range(2):
        assert holder.act(ready, "rating", stars="4", sentence="Quick & kind").status_code == 302
    assert [(one.stars, one.sentence) for one in Rating.objects.all()] == [(4, "Quick & kind")]
    other = holder.act(ready, "rating", key="other", stars="1")
    assert other.status_code == 409
    assert "You have rated this visit already." in other.content.decode()
    assert "You rated this visit 4 out of 5." in holder.read(ready)
    order = manager_client.get(reverse("order", args=[ready.order.number])).content.decode()
    assert "Visit rated 4 out of 5: Quick &amp; kind" in order
    day = manager_client.get(reverse("day"))
    [row] = day.context["visits"]
    assert (row["name"], row["stars"], row["visits"]) == ("Lille", "4", 1)


def test_a_rating_is_refused_before_the_goods_are_with_the_customer(ready, holder):
    assert holder.act(ready, "rating", stars="4").status_code == 409
    with pytest.raises(TooLateForThat):
        rating.rate(fulfilment_id=ready.pk, stars=4)
    assert not Rating.objects.exists()


@pytest.mark.parametrize("stars", ["0", "6", "", "x", "4.5"])
def test_a_rating_is_one_to_five(ready, holder, clerk, stars):
    hand_over(ready, clerk)
    answer = holder.act(ready, "rating", stars=stars)
    assert answer.status_code == 409
    assert "Choose one to five." in answer.content.decode()
    assert not Rating.objects.exists()


def test_the_service_refuses_what_the_form_would(ready, clerk):
    hand_over(ready, clerk)
    for stars in (0, 6):
        with pytest.raises(RatingUnknown):
            rating.rate(fulfilment_id=ready.pk, stars=stars)
    rating.rate(fulfilment_id=ready.pk, stars=5)
    with pytest.raises(RatedAlready):
        rating.rate(fulfilment_id=ready.pk, stars=5)


def test_a_form_needs_no_cookie_and_sets_none(ready, holder):
    answer = holder.act(ready, "here", spot="counter")
    assert answer.status_code == 302
    assert not holder.client.cookies
