"""Which tablet is this: the device of a request, remembered in the process, revoked within `REFERENCE_SECONDS`."""

from dataclasses import dataclass
from typing import Any

from omni.lib import reference
from omni.staff.models import Device
from omni.staff.services.devices import secret_hash

COOKIE = "omni_device"
FOUR_HUNDRED_DAYS = 400 * 24 * 3600


@dataclass(frozen=True)
class DeviceHere:
    """An enrolled tablet; `secret` is what its cookie says."""

    id: int
    name: str
    location_id: int
    location_name: str
    secret: str


def here(request: Any) -> DeviceHere | None:
    """Return the tablet that asks, or None for any other browser."""
    secret = request.COOKIES.get(COOKIE, "")
    if not secret:
        return None
    found = reference.remember("device", [secret_hash(secret)], _load).get(secret_hash(secret))
    return DeviceHere(*found, secret=secret) if found else None


def _load(hashes: list[str]) -> dict[str, tuple[int, str, int, str]]:
    found = Device.objects.filter(secret_hash__in=hashes, revoked_at=None).values_list(
        "secret_hash", "id", "name", "location_id", "location__name"
    )
    return {known: (pk, name, location_id, store) for known, pk, name, location_id, store in found}


def give_cookie(request: Any, response: Any, secret: str) -> None:
    """Leave the secret in the tablet: for no script, and on no other site's wish."""
    response.set_cookie(
        COOKIE, secret, max_age=FOUR_HUNDRED_DAYS, httponly=True, samesite="Lax", secure=request.is_secure()
    )
