"""Refusals about orders."""

from omni.lib.errors import Refusal


class ExternalRefTaken(Refusal):
    """The channel already placed an order under this reference; `extra` names its number."""

    code = "external_ref_taken"
    status = 409
