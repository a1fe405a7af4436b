"""An order of the house in the shape in which the model's is compared: keys become numbers within the order."""

from collections import Counter
from typing import Any

from tests.machine.bought import Order


def order_found(order: dict[str, Any]) -> dict[str, Any]:
    money: Counter = Counter()
    for kind, tender, amount in order["money"] or []:
        money[kind, tender] += amount
    parts, given = order["parts"], order["given"] or []
    number_of = {pk: number for number, (pk, *_more) in enumerate(parts)}
    hand_over = {pk: number for number, (pk, *_more) in enumerate(given)}
    return order | {
        "also_at": order["also_at"] or [],
        "closed_under": _cause(order["closed_under"], number_of, hand_over),
        "lines": [tuple(line) for line in order["lines"]],
        "parts": [
            (number_of.get(instead_of), *standing, [_from_0(one) for one in slices])
            for _pk, instead_of, *standing, slices in parts
        ],
        "money": dict(money),
        "held": {(store, sku): counts for store, sku, *counts in order["held"] or []},
        "given": [
            (number_of[part], undone, sorted(_from_0(one) for one in pieces or []))
            for _pk, part, undone, pieces in given
        ],
    }


def _from_0(figures: list[Any]) -> tuple[Any, ...]:
    """Count the positions of an order's lines from 0."""
    return figures[0] - 1, *figures[1:]


def _cause(reference: str, parts: dict[int, int], hand_overs: dict[int, int]) -> tuple[str, int] | None:
    """Read the cause that closed the order: a word, and which hand-over or part."""
    _number, *cause = reference.split("/")
    if len(cause) < 2:
        return (cause[0], 0) if cause else None
    word, pk = cause
    return word, (hand_overs if word == "hand-over" else parts)[int(pk)]


def order_wanted(order: Order) -> dict[str, Any]:
    position = {line: number for number, line in enumerate(order.lines)}
    number_of = {part: number for number, part in enumerate(order.parts)}
    return {
        "status": order.status,
        "total": order.total,
        "tax": sum(line.tax for line in order.lines),
        "dropped": order.dropped,
        "store": order.store,
        "also_at": order.also_at,
        "closed_under": order.closed_under,
        "lines": [(line.article.sku, line.quantity, line.total, line.tax, line.dropped) for line in order.lines],
        "parts": [
            (
                *(number_of[part.instead_of] if part.instead_of else None, part.store, part.kind, part.way),
                part.code_round,
                part.goes_to,
                [(position[one.line], *list(vars(one).values())[1:]) for one in part.slices],
            )
            for part in order.parts
        ],
        "money": dict(+order.money),
        "held": order.held,
        "given": [
            (number_of[one.part], one.undone, sorted((position[of.line], *both) for of, both in one.gave.items()))
            for one in order.given
        ],
        "told": order.told,
    }
