"""Where a request comes from. A header that anybody can send is believed only from a proxy that we were told of."""

from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings


def client_address(request: Any) -> str:
    """Return the address of the caller: the nearest one that is not a proxy of TRUSTED_PROXIES."""
    nearest = request.META.get("REMOTE_ADDR") or ""
    trusted = [ip_network(one) for one in settings.TRUSTED_PROXIES]
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    while hops and _is_one_of(nearest, trusted):
        nearest = hops.pop()
    return nearest if _is_address(nearest) else "0.0.0.0"  # noqa: S104  (nobody listens here: it is one bucket for all)


def _is_one_of(text: str, networks: list[Any]) -> bool:
    return _is_address(text) and any(ip_address(text) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
