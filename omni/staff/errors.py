"""What administration refuses."""

from omni.lib.errors import Refusal


class BeyondOwnRights(Refusal):
    """Nobody gives, takes or governs what they do not hold themselves."""

    code = "beyond_own_rights"
    status = 403


class LastAdministrator(Refusal):
    """Afterwards nobody could give rights in this house any more."""

    code = "last_administrator"


class NotOneself(Refusal):
    """Somebody else has to do this."""

    code = "not_oneself"
