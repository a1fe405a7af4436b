"""Refusals on the customer's own page and at the counter while somebody waits."""

from omni.lib.errors import BadRequest, Refusal


class TooLateForThat(Refusal):
    """It was collected, sent, given up or cancelled meanwhile, or is not ready yet."""

    code = "too_late_for_that"
    status = 409


class NoMoreTime(Refusal):
    """The pickup was kept longer as often, or as long, as the store does."""

    code = "no_more_time"
    status = 409


class RatedAlready(Refusal):
    """One visit is rated once."""

    code = "rated_already"
    status = 409


class NotToPutBack(Refusal):
    """Nothing on the list to put back is this article."""

    code = "not_to_put_back"
    status = 409


class RatingUnknown(BadRequest):
    """A rating is one to five."""

    code = "rating_unknown"
