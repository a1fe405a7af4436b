"""Asking both what may come instead of missing pieces; and what is drawn for it, and how often."""

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now
from hypothesis import strategies as st

from inventory.stock.models import Reservation
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.fulfilment.substitutes.services import answering, asking
from tests.machine.bought import Part, Slice
from tests.machine.driver_orders import OrderWishes, chosen, some_reason
from tests.machine.questions import Question


class QuestionWishes(OrderWishes):
    """Wishes for questions: some are answered, some late, some of what was never offered."""

    def begin_questions(self) -> None:
        self.question_keys: dict[Question, int] = {}

    def question_wishes(self) -> list[tuple[int, Any, list[Any]]]:
        """Return what can be wished of what is missing: how often, what, and for one of what."""
        open_here = [part for part in self.standing("to_pick", "picking") if any(one.open for one in part.slices)]
        asked = [one for one in self.house.questions if one.status == "open"]
        return [
            (18, self.miss_and_ask, open_here),
            (16, self.answer, asked),
            (2, self.answer_late, asked),
            (1, self.answer, self.house.questions),
        ]

    def miss_and_ask(self, part: Part, draw: Any) -> None:
        """Offer what is alike, and sometimes what is not, or nothing, or for a slice of another part."""
        slices = [one for one in part.slices if one.open]
        if draw(st.integers(0, 9)) == 0:
            slices = [one for other in self.house.order_of(part).parts for one in other.slices]
        one = chosen(slices, draw)
        offered = list(self.house.alike[one.sku])
        if draw(st.integers(0, 4)) == 0:
            offered = draw(st.lists(st.sampled_from(self.world.skus), max_size=2, unique=True))
        self.ask_instead(part, one, draw(st.integers(0, one.open + 1)), draw(some_reason), offered)

    def ask_instead(self, part: Part, one: Slice, quantity: int, reason: str, offered: list[str]) -> None:
        keys: dict[str, Any] = self.line_keys(part, one) | {"quantity": quantity, "reason": reason, "skus": offered}
        granted = self.ask(
            "ask instead",
            f"{self.name(part)} {one.sku}, {quantity} {reason} {offered}",
            lambda: self.house.ask_instead(part, one, quantity, reason, offered),
            lambda: asking.ask(**keys),
        )
        if granted:
            asked, question = granted
            self.question_keys[asked] = question.pk
            assert question.worth == quantity * one.line.each

    def answer(self, asked: Question, draw: Any) -> None:
        """A yes, a no, or a yes to something else; the first answer stands."""
        keys = {"question_id": self.question_keys[asked], "actor_id": None}
        about = f"{self.name(asked.part)} {asked.hold}"
        how = draw(st.sampled_from(["yes", "yes", "no", "other"]))
        if how == "no":
            self.ask("decline", about, lambda: self.house.decline(asked), lambda: answering.decline(**keys))
            return
        sku = chosen(asked.offered if how == "yes" else self.world.skus, draw)
        granted = self.ask(
            "accept", f"{about} {sku}",
            lambda: self.house.accept(asked, sku), lambda: answering.accept(sku=sku, **keys),
        )  # fmt: skip
        if granted:
            line, found = granted
            assert (line.total, line.tax) == (found.total, found.tax)
            order = self.house.order_of(asked.part)
            self.note_keys(order, self.order_keys[order])

    def answer_late(self, asked: Question, draw: Any) -> None:
        """The time is over; the sweep may be late, and somebody may still answer."""
        self.house.question_runs_out(asked)
        question = SubstituteQuestion.objects.filter(pk=self.question_keys[asked])
        question.update(answer_by=Now() - timedelta(seconds=1))
        held = Reservation.objects.filter(reference=question.get().held_under, expires_at__isnull=False)
        held.update(expires_at=Now() - timedelta(seconds=1))
        if draw(st.booleans()):
            ended, found = self.ask("end questions", "", self.house.end_questions, answering.expire_due)
            assert ended == found
