"""Small drawings that the server makes: no script, no inline style."""

from collections.abc import Sequence
from typing import Any

from django import template

register = template.Library()

WIDTH, HEIGHT, EDGE = 160, 40, 4


@register.inclusion_tag("ui/sparkline.html")
def sparkline(values: Sequence[float | None], label: str, target: float | None = None) -> dict[str, Any]:
    """Draw values from left to right, the last one with a dot; a gap where there is none, nothing for fewer than two.

    The line begins at its own least value, or the target's: slopes of two sparklines are not to be compared.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return {}
    low, high = min([*known, *([target] if target is not None else [])]), max([*known, *([target] if target else [])])
    step = (WIDTH - 2 * EDGE) / (len(values) - 1)

    def height(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)

    points = [(round(EDGE + index * step, 1), height(value)) for index, value in enumerate(values) if value is not None]
    return {
        "points": " ".join(f"{x},{y}" for x, y in points),
        "last": points[-1],
        "target": None if target is None else height(target),
        "label": label,
        "width": WIDTH,
        "height": HEIGHT,
    }
