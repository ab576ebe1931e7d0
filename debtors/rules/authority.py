"""Who may decide what: three levels, and the approval that somebody of one of them gave."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum


class Authority(IntEnum):
    """How far somebody may go by himself; a higher level may all that a lower one may."""

    AGENT = 1
    SUPERVISOR = 2
    MANAGER = 3


@dataclass(frozen=True, slots=True)
class Approval:
    """A decision that somebody took for others to act on: who could, when, and why."""

    by: Authority
    on: date
    reason: str


def refusal(approval: Approval | None, *, needed: Authority, on: date, valid_days: int) -> str:
    """Return why an approval does not serve on `on`, or "" when it does.

    The answers: `not_approved`, `approval_too_low`, `approval_without_reason`, `approval_expired`
    (after `valid_days`), `approval_in_the_future`.
    """
    if approval is None:
        return "not_approved"
    if approval.by < needed:
        return "approval_too_low"
    if not approval.reason.strip():
        return "approval_without_reason"
    if approval.on > on:
        return "approval_in_the_future"
    return "approval_expired" if on > approval.on + timedelta(days=valid_days) else ""
