"""Hours as seven rows, each closed or open once or twice: read from OpenStreetMap's text, and written back into it.

The text stays the one thing that is kept. What seven rows cannot say (weeks, months, holidays, the night that ends on
the next day, three stretches a day) has no rows and stays text.
"""

import re
from collections.abc import Sequence

from inventory.places.hour_words import DAYS

MOST_STRETCHES = 2
ALWAYS = "24/7"
MIDNIGHT = 24 * 60
Stretch = tuple[int, int]
"""From and until, in minutes of the day; 1440 is its end."""
Row = tuple[Stretch, ...]

_DAY = f"(?:{'|'.join(DAYS)})"
_RULE = re.compile(rf"(?:(?P<days>{_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*) )?(?P<times>off|closed|[\d:,-]+)")
_STRETCH = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")


def rows_of(text: str) -> list[Row] | None:
    """Return the seven days from Monday on, or None when rows cannot say it. A later rule stands before an earlier
    one; a day that no rule names is closed."""
    if text.strip() == ALWAYS:
        return [((0, MIDNIGHT),)] * 7
    rows: list[Row] = [()] * 7
    for rule in text.strip(" ;").split(";"):  # a comma with a space before a day begins a rule, too: that stays text
        found = _RULE.fullmatch(" ".join(rule.split()))
        row = _row(found["times"]) if found else None
        if found is None or row is None:
            return None
        for number in _numbers(found["days"]):
            rows[number] = row
    return rows


def _numbers(days: str | None) -> list[int]:
    if days is None:
        return list(range(7))
    numbers = []
    for part in days.split(","):
        first, _dash, last = part.partition("-")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        numbers += [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]
    return numbers


def _row(times: str) -> Row | None:
    if times in {"off", "closed"}:
        return ()
    stretches = []
    for part in times.split(","):
        found = _STRETCH.fullmatch(part)
        if found is None:
            return None
        begin_hour, begin_minute, end_hour, end_minute = map(int, found.groups())
        if begin_minute > 59 or end_minute > 59:
            return None
        stretches.append((begin_hour * 60 + begin_minute, end_hour * 60 + end_minute))
    return tuple(stretches) if fits(stretches) else None


def fits(stretches: Sequence[Stretch]) -> bool:
    """Whether a row can hold the stretches: at most two, each ends after it begins, the second after the first."""
    edges = [edge for stretch in stretches for edge in stretch]
    in_order = all(early < late for early, late in zip(edges, edges[1:], strict=False))
    return len(stretches) <= MOST_STRETCHES and in_order and all(edge <= MIDNIGHT for edge in edges)


def text_of(rows: Sequence[Row]) -> str:
    """Return the hours as OpenStreetMap writes them: days that follow each other with the same hours together, closed
    days left out."""
    if all(row == ((0, MIDNIGHT),) for row in rows):
        return ALWAYS
    rules, first = [], 0
    for number in range(1, 8):
        if number < 7 and rows[number] == rows[first]:
            continue
        if rows[first]:
            days = DAYS[first] if number - first == 1 else f"{DAYS[first]}-{DAYS[number - 1]}"
            rules.append(f"{days} {','.join(f'{clock(begin)}-{clock(end)}' for begin, end in rows[first])}")
        first = number
    return "; ".join(rules) or "off"


def clock(minute: int) -> str:
    """Return `09:00` for 540."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
