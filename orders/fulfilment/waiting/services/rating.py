"""What a customer says of a visit: once, after they have the goods."""

from django.db import transaction
from django.utils.translation import gettext as _

from orders.fulfilment import locks
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.waiting.errors import RatedAlready, RatingUnknown, TooLateForThat
from orders.fulfilment.waiting.models import Rating
from orders.sales import waiting_events


@transaction.atomic
def rate(*, fulfilment_id: int, stars: int, sentence: str = "") -> Rating:
    """Keep a rating of one to five with what the customer says beside it.

    Raises `RatingUnknown`, `TooLateForThat` before the goods are with the customer, `RatedAlready`.
    """
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    if not 1 <= stars <= Rating.MOST:
        raise RatingUnknown(_("Choose one to five."))
    if fulfilment.status != Fulfilment.Status.COLLECTED:
        raise TooLateForThat(_("A visit can be rated once it is over."))
    if Rating.objects.filter(fulfilment=fulfilment).exists():
        raise RatedAlready(_("You have rated this visit already. Thank you."))
    waiting_events.rated(
        order_id=fulfilment.order_id,
        location_id=fulfilment.location_id,
        fulfilment_id=fulfilment.pk,
        stars=stars,
        sentence=sentence,
    )
    return Rating.objects.create(fulfilment=fulfilment, stars=stars, sentence=sentence)
