"""What is refused of the demo's clock."""

from omni.lib.errors import BadRequest, Refusal


class NotADemo(Refusal):
    """The database is not a demo's: what happened in a real house happened when it did."""

    code = "not_a_demo"


class UnknownSpan(BadRequest):
    """The clock goes forward, by whole seconds, by a month at most."""

    code = "span_unknown"
