"""The people who work at the demo's house, and the web shop's key. Passwords are drawn anew for every database."""

import secrets
from typing import NamedTuple

from django.db import transaction

from inventory.places.models import Location
from omni.staff.models import ApiKey, Channel, User
from omni.staff.permissions import API_SCOPES
from omni.staff.services import keys
from omni.staff.services.people import engage

WORDS = (
    *("amande", "basalte", "cerise", "dahlia", "ecorce", "fougere", "galet", "houblon", "iris", "jasmin"),
    *("lavande", "mistral", "noisette", "olive", "pivoine", "quinoa", "romarin", "safran", "tilleul", "verveine"),
)


class Colleague(NamedTuple):
    login: str
    name: str
    role: str
    language: str = "fr"


CLERK = Colleague("lea", "Léa Marchand", "clerk")
TEAM = (
    CLERK,
    Colleague("yanis", "Yanis Roche", "agent"),
    Colleague("sophie", "Sophie Delattre", "manager"),
    Colleague("anouk", "Anouk Meyer", "integrator", "en"),
    Colleague("claire", "Claire Fontaine", "administrator"),
)
KEY_NAME = "Web shop of the demo"


@transaction.atomic
def engage_team(stores: list[Location], *, clerk_store: Location) -> list[dict[str, str]]:
    """Engage everybody and return their logins and new passwords; who is there already gets a new password and the
    stores.

    The clerk serves one store, the others see all of them.
    """
    return [_engage(one, [clerk_store] if one is CLERK else stores) for one in TEAM]


def _engage(colleague: Colleague, stores: list[Location]) -> dict[str, str]:
    password = new_password()
    known = User.objects.filter(login=colleague.login).first()
    if known is None:
        engage(
            login=colleague.login,
            name=colleague.name,
            password=password,
            role=colleague.role,
            store_ids=[store.pk for store in stores],
            language=colleague.language,
        )
    else:
        known.set_password(password)
        known.save()
        known.stores.set(stores)
    return {"login": colleague.login, "password": password, "role": colleague.role, "name": colleague.name}


def new_password() -> str:
    """Two words and four digits: short enough to type on a tablet, drawn by the system's random source."""
    return f"{secrets.choice(WORDS)}-{secrets.choice(WORDS)}-{secrets.randbelow(10_000):04d}"


def web_shop_key(token: str) -> str:
    """The known key if it is still valid, or a new one for the integrator; earlier ones of the demo are revoked."""
    if token and keys.recognise(token):
        return token
    owner = User.objects.get(login="anouk")
    for old in ApiKey.objects.filter(owner=owner, name=KEY_NAME, revoked_at=None):
        keys.revoke(key=old)
    _key, token = keys.issue(owner=owner, name=KEY_NAME, channel=Channel.WEB, scopes=API_SCOPES)
    return token
