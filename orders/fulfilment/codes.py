"""Pickup codes: six digits and a QR. Derived from a key that only the server has; the database keeps a keyed hash.

HMAC-SHA-256 over the fulfilment's public id and a round number gives the digits (as RFC 4226 truncates), so the
message that is sent a moment later makes the same code again and nothing readable is stored. A clash with another
waiting order of the store takes the next round.
"""

import hmac
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.utils.encoding import force_bytes

DIGITS = 6
QR_MARK = "OMNI-P"


def _mac(purpose: str, text: str) -> bytes:
    return hmac.new(force_bytes(settings.SECRET_KEY), f"{purpose}:{text}".encode(), sha256).digest()


def digits(public_id: UUID, code_round: int) -> str:
    """Return the six digits of a round."""
    mac = _mac("pickup-code", f"{public_id}:{code_round}")
    start = mac[-1] & 0x0F
    return str((int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF) % 10**DIGITS).zfill(DIGITS)


def code_hash(code: str, location_id: int) -> str:
    """Return what the database keeps of a code: keyed, and bound to its store."""
    return _mac("pickup-code-hash", f"{location_id}:{code}").hex()


def qr_text(public_id: UUID, code_round: int) -> str:
    """Return what the customer's QR says: a mark, the public id, and the digits."""
    return f"{QR_MARK}:{public_id.hex}:{digits(public_id, code_round)}"


def read_qr(text: str) -> str | None:
    """Return the digits inside a pickup QR, or None when the text is none."""
    parts = text.strip().split(":")
    if len(parts) != 3 or parts[0] != QR_MARK:
        return None
    code = parts[2]
    return code if len(code) == DIGITS and code.isascii() and code.isdigit() else None


def bag_text(public_id: UUID) -> str:
    """Return what the bag's label says: it names the bag and opens nothing."""
    return f"OMNI-B:{public_id.hex}"


def same(one: str, other: str) -> bool:
    """Compare two hashes in constant time."""
    return hmac.compare_digest(one, other)
