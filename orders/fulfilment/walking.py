"""A walk through the store: the boxes on the trolley, and the order of the places."""

import re

BOXES = 6
"""Orders that one trolley holds, side by side on a paper's width."""


def letter(number: int) -> str:
    """Return what the box with this number is called; the first is 0."""
    return chr(ord("A") + number)


def walking_order(shelf: str) -> tuple[bool, list[tuple[int, str]]]:
    """Return what places are sorted by: `A-2` stands before `A-10`, no place at the end."""
    parts = re.findall(r"\d+|\D+", shelf.casefold())
    return not shelf, [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def zone(shelf: str) -> str:
    """Return the first word of a place, such as the aisle of `A-07-3`: between two zones the line is thicker."""
    return re.split(r"[-\s\d]", shelf.strip(), maxsplit=1)[0].casefold()
