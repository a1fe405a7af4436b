"""Every lock of the loyalty room: wallets, in the order of their id."""

from django.db import connection

from loyalty import queries
from loyalty.models import Account, Entry


def lock_wallet(account_id: int) -> Account:
    """Lock one wallet until the end of the transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    return Account.objects.select_for_update().get(pk=account_id)


def lock_open_pending(cause: str) -> tuple[Account, Entry] | None:
    """Lock the wallet that has an unsettled pending entry of `cause`, then read that entry again. None when there is
    none."""
    wallet_id = queries.open_pending(cause).values_list("credit_id", flat=True).first()
    if wallet_id is None:
        return None
    wallet = lock_wallet(wallet_id)
    entry = queries.open_pending(cause).first()
    return (wallet, entry) if entry else None
