"""Legal moves are data; `move_to` is the only writer of a status, and it compares before it sets."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _

from omni.lib.errors import Refusal


class TransitionRefused(Refusal):
    """The thing is not in a state from which it may move there; its message names both states."""

    code = "transition_refused"
    status = 409


class MovesStatus(models.Model):
    """Mixin for a model with `status` and `TRANSITIONS: dict[status, set[status]]`."""

    TRANSITIONS: ClassVar[dict[str, set[str]]] = {}

    class Meta:
        abstract = True

    def may_move_to(self, status: str) -> bool:
        """Whether the move is legal from the status that was loaded."""
        return status in self.TRANSITIONS.get(self.status, set())  # type: ignore[attr-defined]

    def move_to(self, status: str, **changes: Any) -> None:
        """Set `status` and `changes` in one conditional UPDATE.

        Raises `TransitionRefused` when the move is not legal, or when somebody moved the row since it was loaded:
        the UPDATE names the old status, so two movers cannot both win.
        """
        before: str = self.status  # type: ignore[attr-defined]
        rows: Any = type(self)._default_manager  # of a model that has a status; this mixin has none of its own
        moved = self.may_move_to(status) and rows.filter(pk=self.pk, status=before).update(status=status, **changes)
        if not moved:
            raise self.refused(status)
        for name, value in {"status": status, **changes}.items():
            setattr(self, name, value)

    def refused(self, status: str) -> TransitionRefused:
        """Return the refusal to move to `status`, naming the status that the row has now."""
        rows: Any = type(self)._default_manager
        now = rows.filter(pk=self.pk).values_list("status", flat=True).first() or self.status  # type: ignore[attr-defined]
        labels = dict(self._meta.get_field("status").flatchoices)  # type: ignore[union-attr]
        return TransitionRefused(
            _("This is “%(now)s” and cannot become “%(wanted)s”.")
            % {"now": labels.get(now, now), "wanted": labels.get(status, status)},
            extra={"status": now, "wanted": status},
        )
