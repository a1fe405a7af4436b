"""Lists that are taken away as a file: noted before the first row leaves, and again behind the last."""

from collections.abc import Iterator
from typing import TypeVar

from omni.lib.lists import LONGEST_QUERY
from omni.staff import history
from omni.staff.access import Actor
from omni.staff.list_models import Export

RowT = TypeVar("RowT")


def note(*, listing: str, query: str, actor: Actor) -> int:
    """Note who takes which list, and what it was asked; return the note's id."""
    made = Export.objects.create(
        actor_id=actor.user_id, listing=listing, query=query[:LONGEST_QUERY], device=history.device()
    )
    return made.pk


def counting(note_id: int, rows: Iterator[RowT]) -> Iterator[RowT]:
    """Yield the rows and note how many they were; nothing is noted when the reader goes away half way."""
    number = 0
    for row in rows:
        yield row
        number += 1
    Export.objects.filter(pk=note_id).update(rows=number)
