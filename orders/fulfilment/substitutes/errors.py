"""Refusals about articles that come in the place of missing ones."""

from omni.lib.errors import Refusal


class NotOffered(Refusal):
    """The article cannot be offered here, or was not offered."""

    code = "not_offered"
    status = 409


class AlreadyAnswered(Refusal):
    """The question was answered, or its time is over."""

    code = "already_answered"
    status = 409


class StillAsked(Refusal):
    """A customer has still time to answer."""

    code = "still_asked"
    status = 409
