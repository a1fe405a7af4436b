"""Judging one place by the rules: what it may give, which rule ruled it out, or its points."""

from collections.abc import Mapping

from inventory.sourcing.facts import HIGHEST_PRIORITY, POINT, Candidate, Explanation, Rule, RuledOut, Rules

SURE = 100
"""Percent of an article of which nothing is known, such as one that is weighed: no reason to rule a place out."""

NOTHING_THERE = Rule("stock", 1, 0)
"""No rule of the house: a place that has nothing serves nothing."""


Judged = tuple[Explanation, Mapping[int, int]]
"""How a place was judged, and what it may give: variant id → units, never more than wanted."""


def judge(candidate: Candidate, wanted: Mapping[int, int], rules: Rules) -> Judged:
    """Apply the rules in their order until one rules the place out; give its points to one that none does."""
    gives = {pk: units for pk in wanted if (units := candidate.has.get(pk, 0)) > 0}
    out = None
    for rule in rules.out:
        out, gives = _apply(rule, candidate, gives)
        if out:
            break
    if out is None and not gives:
        out = RuledOut(NOTHING_THERE, 0)
    most = {pk: min(units, wanted[pk]) for pk, units in gives.items()}
    serves, units = sum(most.values()), sum(wanted.values())
    if out:
        return Explanation(candidate, serves, units, out), {}
    points = _points(candidate, rules)
    return Explanation(candidate, serves, units, None, points, sum(points.values())), most


def _apply(rule: Rule, candidate: Candidate, gives: dict[int, int]) -> tuple[RuledOut | None, dict[int, int]]:
    figure = rule.figure or 0
    if rule.kind == "stock":
        enough = {pk: units for pk, units in gives.items() if units >= figure}
        return (None, enough) if enough else (RuledOut(rule, max(gives.values(), default=0)), gives)
    if rule.kind == "keep_last":
        left = _kept_back(candidate, gives, figure)
        return (None, left) if left else (RuledOut(rule, max(gives.values(), default=0)), gives)
    if rule.kind == "confidence":
        likely = {pk: units for pk, units in gives.items() if candidate.sure.get(pk, SURE) >= figure}
        return (None, likely) if likely or not gives else (RuledOut(rule, _surest(candidate, gives)), gives)
    return _beyond(rule, candidate, figure), gives


def _surest(candidate: Candidate, gives: Mapping[int, int]) -> int:
    return max(candidate.sure.get(pk, SURE) for pk in gives)


def _kept_back(candidate: Candidate, gives: dict[int, int], figure: int) -> dict[int, int]:
    if not candidate.is_store:
        return gives
    return {pk: units - figure for pk, units in gives.items() if units > figure}


def _beyond(rule: Rule, candidate: Candidate, figure: int) -> RuledOut | None:
    if rule.kind == "offers":
        return None if candidate.offers else RuledOut(rule, 0)
    if rule.kind == "open":
        return None if candidate.open_today else RuledOut(rule, 0)
    if rule.kind == "distance":
        within = candidate.metres <= figure * 1000
        return None if within else RuledOut(rule, -(-candidate.metres // 1000))
    if rule.kind == "load":
        return None if candidate.waiting <= figure else RuledOut(rule, candidate.waiting)
    raise ValueError(f"no such rule: {rule.kind}")


def _points(candidate: Candidate, rules: Rules) -> dict[str, int]:
    """Return all of a criterion's weight for 0 of it, nothing for the worst or more, and in between in proportion."""
    found = {
        "distance": candidate.metres,
        "delay": candidate.delay,
        "load": candidate.waiting,
        "priority": HIGHEST_PRIORITY - candidate.priority,
    }
    worst = rules.worst
    return {
        name: weight * POINT * (worst[name] - found[name]) // worst[name] if found[name] < worst[name] else 0
        for name, weight in rules.weights.items()
    }
