"""Refusals of a sale at the counter."""

from omni.lib.errors import Refusal


class NotAsShown(Refusal):
    """Somebody bought a piece meanwhile: other places would serve it than those that were shown."""

    code = "not_as_shown"
    status = 409
