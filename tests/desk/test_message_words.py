"""Every message that the house can write has a name, and every reason for which one is dropped has words."""

from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Message
from omni import letters
from omni.desk import message_list
from omni.staff.models import User
from orders.appointments import notices as appointments
from orders.fulfilment import parcel_notices, promise_notices
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.substitutes import notices as substitutes
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.parcels.models import TrackingEvent
from tests import factories, journeys
from tests.house import House

Status, Question, Kind = Fulfilment.Status, SubstituteQuestion.Status, TrackingEvent.Kind
REASONS = {
    *(appointments.IS_OFF, appointments.IS_MOVED, appointments.HAS_COME, promise_notices.LOWERED_AGAIN),
    *(one.value for one in Status if one not in {Status.TO_PICK, Status.PICKING}),
    *(substitutes.because(one) for one in Question if one != Question.OPEN),
    *(one.value for one in Kind if one != Kind.AT_RELAY),
    parcel_notices.ELSEWHERE,
}


def test_every_letter_has_a_name_in_the_list() -> None:
    written = {one.stem for one in Path(settings.BASE_DIR, "templates/mail").glob("*.txt")}
    assert written == message_list.KINDS.keys()


def test_every_reason_has_words_of_its_own_and_fits_its_column() -> None:
    assert {str(one) for one in message_list.WHY_DROPPED} == REASONS
    column = Message._meta.get_field("dropped_because")
    assert max(map(len, REASONS)) <= (column.max_length or 0)


@pytest.mark.django_db
@pytest.mark.parametrize("end", [Question.DECLINED, Question.EXPIRED, Question.WITHDRAWN])
def test_a_question_that_ended_gives_its_own_reason_and_no_order_s(
    house: House, clerk: User, manager_client: Client, end: str
) -> None:
    now = timezone.now()
    line = journeys.fulfilment_of(journeys.placed(house.lille, {"SKU-2": 1}, by=clerk, paid=2000)).lines.get()
    question = SubstituteQuestion.objects.create(
        fulfilment_id=line.fulfilment_id, line=line, quantity=1, worth=0, answer_by=now, asked_by=clerk, status=end,
        answered_at=now,
    )  # fmt: skip
    facts = {"question": question.pk, "fulfilment": line.fulfilment_id}
    message = factories.MessageFactory(location=house.lille, template=substitutes.ASKED, facts=facts)
    why = letters.outdated(message)
    Message.objects.filter(pk=message.pk).update(status="dropped", dropped_because=why)
    page = manager_client.get(reverse("message", args=[message.pk])).content.decode()
    assert str(message_list.WHY_DROPPED[why]) in unescape(page)
    assert "The order was given up" not in page
