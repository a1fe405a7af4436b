"""The answer of a trial as the page shows it: who serves, each place with its points, and what if."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.catalog.queries import Offer
from inventory.places.queries import Place, place
from inventory.sourcing import words
from inventory.sourcing.errors import RulesMissing
from inventory.sourcing.facts import POINT, Explanation, Plan, Rules
from inventory.sourcing.models import SourcingRule, Way
from inventory.sourcing.services.asking import ask

CRITERIA = {
    "distance": gettext_lazy("Distance"),
    "delay": gettext_lazy("Delay"),
    "load": gettext_lazy("Load"),
    "priority": gettext_lazy("Priority"),
}
BAR_WIDTH = 2
"""Units of the drawing for each of the 100 points."""
LEAST_WITH_FIGURE = 7
"""Points from which a part of a bar has room for its figure."""


@dataclass(frozen=True)
class Question:
    """What is asked: units of an article, the customer's way and store, out of these places, one of which may be asked
    as if it had none."""

    offer: Offer
    units: int
    way: str
    origin: Place
    emptied: Place | None
    place_ids: Collection[int]
    at: datetime

    def answer(self) -> tuple[Plan, Rules]:
        """Return who serves it. Raises `RulesMissing`."""
        return ask(
            wanted={self.offer.variant_id: self.units},
            way=self.way,
            near=(self.origin.latitude, self.origin.longitude),
            location_ids=self.place_ids,
            at=self.at,
            emptied=[self.emptied.id] if self.emptied else [],
        )

    @property
    def url(self) -> str:
        """The address that asks it."""
        asked = {"code": self.offer.sku, "units": self.units, "way": self.way, "near": self.origin.code}
        without = {"without": self.emptied.code} if self.emptied else {}
        return f"{reverse('sourcing')}?{urlencode({**asked, **without})}"


def answered(question: Question) -> dict[str, Any]:
    """Return what the page says of a question; two statements for each time that it is asked otherwise."""
    try:
        plan, rules = question.answer()
    except RulesMissing as missing:
        return {"refused": missing.message}
    return {
        "article": question.offer.name,
        "emptied": question.emptied,
        "real_url": replace(question, emptied=None).url,
        "sentence": words.of_plan(plan),
        "criteria": [
            {"kind": name, "name": CRITERIA[name], "weight": weight} for name, weight in rules.weights.items()
        ],
        "rules": [
            {"number": number, "name": SourcingRule.Kind(rule.kind).label, "figure": rule.figure}
            for number, rule in enumerate(rules.out, 1)
        ],
        "rows": [_row(one, question) for one in plan.explanations],
        "what_if": [_otherwise(label, changed) for label, changed in _changed(question, plan)],
    }


def _changed(question: Question, plan: Plan) -> list[tuple[str, Question]]:
    """Return the same question with one thing changed: a place that serves has none, or the other way."""
    serving = [] if question.emptied else [place(parcel.place_id) for parcel in plan.parcels]
    asked = [(_("%(store)s had none") % {"store": one.name}, replace(question, emptied=one)) for one in serving]
    others = [(way.label, replace(question, way=way.value)) for way in Way if way.value != question.way]
    return [*asked, *[(str(label), changed) for label, changed in others]]


def _otherwise(label: str, question: Question) -> dict[str, Any]:
    """Return one line: what is changed, who would serve then, how far and when."""
    try:
        plan, _rules = question.answer()
    except RulesMissing as missing:
        return {"label": label, "sentence": missing.message, "url": question.url, "kilometres": ""}
    first = plan.parcels[0].place_id if plan.parcels else None
    known = {one.candidate.place_id: one.candidate for one in plan.explanations}
    return {
        "label": label,
        "sentence": words.of_plan(plan),
        "url": question.url,
        "kilometres": words.kilometres(known[first].metres) if first else "",
        "ready_at": known[first].ready_at if first else None,
        "zone": place(first).zone if first else None,
    }


def _row(one: Explanation, question: Question) -> dict[str, Any]:
    there = place(one.candidate.place_id)
    return {
        "name": there.name,
        "zone": there.zone,
        "chosen": one.chosen,
        "available": one.candidate.has.get(question.offer.variant_id, 0),
        "ready_at": one.candidate.ready_at,
        "kilometres": words.kilometres(one.candidate.metres),
        "points": _bar(one),
        "total": words.points(one.total),
        "out": words.of_candidate(one, question.way) if one.ruled_out else "",
    }


def _bar(one: Explanation) -> list[dict[str, Any]]:
    """Return the parts of a place's points, side by side: 100 points are the whole width."""
    widths = [BAR_WIDTH * units / POINT for units in one.points.values()]
    begins = [0.0, *accumulate(widths)]
    return [
        {
            "kind": name,
            "name": CRITERIA[name],
            "points": words.points(units),
            "x": f"{x:.2f}",
            "width": f"{width:.2f}",
            "middle": f"{x + width / 2:.2f}",
            "has_figure": width >= LEAST_WITH_FIGURE * BAR_WIDTH,
        }
        for (name, units), x, width in zip(one.points.items(), begins, widths, strict=False)
    ]
