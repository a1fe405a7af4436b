"""What the roles that come with the house are called, in the reader's language."""

from django.utils.translation import gettext as _


def label(code: str, name: str) -> str:
    """Return a role's word; a role that somebody added keeps the name it was given."""
    return labels().get(code, name)


def labels() -> dict[str, str]:
    """Return the words of the house's own roles, by their code."""
    return {
        "clerk": _("Store clerk"),
        "agent": _("Call centre"),
        "manager": _("Manager"),
        "integrator": _("Integrator"),
        "administrator": _("Administrator"),
    }
