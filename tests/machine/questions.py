"""What a customer is asked in the model: may something else come instead of missing pieces. Plain Python."""

from collections import Counter
from dataclasses import dataclass

from tests.machine.bought import Line, Order, Part, Slice, tax_lines
from tests.machine.picking import Picking
from tests.machine.shelves import Refused
from tests.machine.things import Hold, Kept


@dataclass(eq=False)
class Question:
    """Pieces of a slice that are missing, and what is kept for whoever answers; `late`: the time for it is over."""

    part: Part
    slice: Slice
    quantity: int
    offered: list[str]
    hold: str
    status: str = "open"
    late: bool = False

    @property
    def waits(self) -> bool:
        return self.status == "open" and not self.late


class Questions(Picking):
    """Wishes for questions; `alike` are the other articles of an article's product."""

    questions: list[Question]
    alike: dict[str, list[str]]

    def ask_instead(self, part: Part, one: Slice, quantity: int, reason: str, offered: list[str]) -> Question:
        order = self.order_of(part)
        if order.customer is None or one not in part.slices:
            raise Refused("not_in_this_order")
        if any(asked.slice is one and asked.status == "open" for asked in self.questions):
            raise Refused("still_asked")
        if not offered or not set(offered) <= set(self._on_offer(order, part, one, quantity)):
            raise Refused("not_offered")
        self.report_short(part, one, quantity, reason, None)
        asked = Question(part, one, quantity, offered, f"question {len(self.questions) + 1}")
        self.reserve(part.store, dict.fromkeys(offered, quantity), [])
        self.holds[asked.hold] = Hold({(part.store, sku): Kept(quantity) for sku in offered})
        self.questions.append(asked)
        order.told.append("substitute_asked")
        return asked

    def _on_offer(self, order: Order, part: Part, one: Slice, quantity: int) -> list[str]:
        """Return what the store has enough of, and the order nothing of."""
        bought = {line.article.sku for line in order.lines}
        levels = {sku: self.levels.get((part.store, sku)) for sku in self.alike[one.sku] if sku not in bought}
        return [sku for sku, level in levels.items() if level and level.free >= quantity]

    def accept(self, asked: Question, sku: str) -> Line:
        """It comes at its own price, and at no higher one than what is missing."""
        if not asked.waits:
            raise Refused("already_answered")
        if sku not in asked.offered:
            raise Refused("not_offered")
        order, part = self.order_of(asked.part), asked.part
        article = next(one for one in self.articles if one.sku == sku)
        line = Line(article, asked.quantity, each=min(article.price, asked.slice.line.each))
        tax_lines([line])
        order.lines.append(line)
        part.slices.append(Slice(line, asked.quantity))
        asked.status = "accepted"
        order.told.append("substitute_accepted")
        self.let_go(asked)
        wanted = {sku: asked.quantity}
        self.reserve(part.store, wanted, [])
        order.keep(part.store, Counter(wanted))
        return line

    def let_go(self, asked: Question) -> None:
        for (store, sku), kept in self.holds[asked.hold].rows.items():
            self.levels[store, sku].reserved -= kept.open
            kept.let_go(kept.open)

    def decline(self, asked: Question) -> None:
        if not asked.waits:
            raise Refused("already_answered")
        self.end_question(asked, "declined")

    def end_question(self, asked: Question, status: str) -> None:
        asked.status = status
        self.order_of(asked.part).told.append("substitute_refused")
        self.let_go(asked)

    def question_runs_out(self, asked: Question) -> None:
        asked.late = True
        for kept in self.holds[asked.hold].kept:
            kept.overdue = True

    def end_questions(self) -> int:
        late = [asked for asked in self.questions if asked.status == "open" and asked.late]
        for asked in late:
            self.end_question(asked, "expired")
        return len(late)

    def withdraw_questions(self, part: Part) -> None:
        for asked in self.questions:
            if asked.part is part and asked.status == "open":
                self.end_question(asked, "withdrawn")

    def worth_asked(self, order: Order, part: Part) -> int:
        asked = (one for one in self.questions if one.waits and one.part in order.parts and one.part is not part)
        return sum(one.quantity * one.slice.line.each for one in asked)

    def require_closed(self, part: Part) -> None:
        if any(one.open for one in part.slices):
            raise Refused("pieces_still_open")
        if any(asked.part is part and asked.waits for asked in self.questions):
            raise Refused("still_asked")
        if not any(one.picked for one in part.slices):
            raise Refused("pieces_still_open")
