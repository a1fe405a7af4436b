"""The question where people meet it: the clerk who misses a piece, the customer's letter and page, the order."""

import pytest
from django.core import mail
from django.urls import reverse

from omni import tasks
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.fulfilment.substitutes.services import answering
from orders.fulfilment.waiting import links
from orders.sales.models import OrderLine
from tests.substitutes.test_questions import late
from tests.waiting.test_page import words

pytestmark = pytest.mark.django_db


def short_page(line):
    return reverse("short-line", args=[line.fulfilment.public_id, line.order_line.position])


def report(client, line, **said):
    return client.post(short_page(line), {"reason": "not_found", "quantity": 2, "idempotency_key": "k", **said})


def picking_page(client, one):
    return client.get(reverse("picking", args=[one.public_id])).content.decode()


def test_a_clerk_sees_what_could_be_offered_and_asks_with_one_choice(clerk_client, missing):
    ways = clerk_client.get(short_page(missing), {"reason": "not_found"}).context["outcomes"]
    assert [one["value"] for one in ways] == ["leaves", "pickup:lens", "ask"]
    assert [(one["sku"], one["amount"]) for one in ways[2]["offered"]] == [("SKU-1", "€20.00"), ("SKU-3", "€40.00")]
    assert report(clerk_client, missing, instead="ask", offered=["SKU-1", "SKU-3"]).status_code == 302
    assert SubstituteQuestion.objects.get().substitutes.count() == 2
    page = words(picking_page(clerk_client, missing.fulfilment))
    assert "What may come instead of Article 2?" in page


def test_nothing_chosen_is_said_and_nothing_happens(clerk_client, missing):
    answer = report(clerk_client, missing, instead="ask")
    assert answer.status_code == 422
    assert "That cannot be offered any more. Choose again." in words(answer.content.decode())
    missing.refresh_from_db()
    assert missing.short == 0


def test_the_customer_reads_the_question_and_answers_on_their_page(client, question):
    tasks.drain_outbox()
    letter = mail.outbox[-1]
    assert letter.subject == "L1-1 : autre chose à la place ?".replace(" :", "\u202f:").replace(" ?", "\u202f?")
    assert "Article 1, 20,00" in letter.body.replace("\xa0", " ")
    token = links.token(question.fulfilment.order.number)
    page = client.get(reverse("customer-order", args=[token]) + "?in=en").content.decode()
    assert "We could not find Article 2." in words(page)
    assert "Article 1 €20.00 less €20.00" in words(page)
    address = reverse("customer-answer", args=[token, question.fulfilment.public_id, question.public_id])
    answer = client.post(address + "?in=en", {"sku": "SKU-1", "idempotency_key": "k"}, follow=True)
    read = words(answer.content.decode())
    assert "It comes instead. The store has it in hand." in read
    assert "Instead of Article 2" in read
    assert "We could not find" not in read
    question.refresh_from_db()
    assert (question.status, question.answered_by_id) == ("accepted", None)


def test_a_no_on_the_page(client, question):
    token = links.token(question.fulfilment.order.number)
    address = reverse("customer-answer", args=[token, question.fulfilment.public_id, question.public_id])
    answer = client.post(address + "?in=en", {"sku": "", "idempotency_key": "k"}, follow=True)
    assert "Nothing comes instead, and nothing is charged for it." in words(answer.content.decode())
    again = client.post(address + "?in=en", {"sku": "SKU-1", "idempotency_key": "other"})
    assert again.status_code == 409
    assert "This was answered already, or the time for it is over." in words(again.content.decode())


def test_a_question_of_another_order_is_not_answered_by_this_link(client, question, shelf, clerk):
    from tests import journeys

    other = journeys.fulfilment_of(journeys.placed(shelf.lille, {"SKU-5": 1}, by=clerk))
    token = links.token(other.order.number)
    for one in (other, question.fulfilment):
        address = reverse("customer-answer", args=[token, one.public_id, question.public_id])
        assert client.post(address, {"sku": "SKU-1", "idempotency_key": "k"}).status_code == 404
    question.refresh_from_db()
    assert question.status == "open"


def test_what_is_answered_late_is_not_asked_any_more(client, question):
    late(question)
    token = links.token(question.fulfilment.order.number)
    page = client.get(reverse("customer-order", args=[token]) + "?in=en").content.decode()
    assert "We could not find" not in words(page)
    tasks.end_questions()
    tasks.drain_outbox()
    assert mail.outbox == []


def test_a_clerk_on_the_phone_answers_for_the_customer(clerk_client, question, clerk):
    address = reverse("substitute-answer", args=[question.fulfilment.public_id, question.public_id])
    assert clerk_client.post(address, {"sku": "SKU-3", "idempotency_key": "k"}).status_code == 302
    question.refresh_from_db()
    assert (question.status, question.answered_by_id) == ("accepted", clerk.pk)
    page = words(picking_page(clerk_client, question.fulfilment))
    assert "Instead of Article 2" in page
    assert "What may come instead" not in page


def test_the_page_that_waits_hears_of_the_answer(clerk_client, question):
    address = reverse("substitutes-asked", args=[question.fulfilment.public_id])
    polled = {"data": {"open": 1}, "headers": {"HX-Request": "true"}}
    assert clerk_client.get(address, **polled).status_code == 204
    answering.accept(question_id=question.pk, sku="SKU-1", actor_id=None)
    assert "There is an answer." in clerk_client.get(address, **polled).content.decode()
    assert clerk_client.get(address).status_code == 302


def test_the_order_tells_its_story_and_says_what_came_instead(clerk_client, question):
    line = answering.accept(question_id=question.pk, sku="SKU-1", actor_id=None)
    page = words(clerk_client.get(reverse("order", args=[question.fulfilment.order.number])).content.decode())
    assert "Asked whether this may come instead of Article 2: Article 1, Article 3" in page
    assert "Article 1 × 2 comes instead of Article 2" in page
    assert OrderLine.objects.get(pk=line.pk).instead_of is not None
    assert Fulfilment.objects.get(pk=question.fulfilment_id).status == "picking"
