"""The only mover of a case's state."""

from datetime import datetime


def follow_balance(*, debtor_id: int, creditor_id: int, now: datetime) -> None:
    """Close, reopen or re-plan the debtor's case with the creditor after the ledger moved."""
