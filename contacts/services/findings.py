"""The only writer of findings: what stopped contact although nobody wished it, kept for a manager to mend."""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F

from contacts.models import Finding
from contacts.rules import codes
from contacts.rules.facts import Decision
from contacts.vocabulary import FindingKind
from debtors.models import User

logger = logging.getLogger(__name__)

#: How often the same finding is counted: thousands of contacts may meet it in one minute.
COUNTED_EVERY = timedelta(minutes=1)
LONGEST_DETAIL = 200
#: Objections that speak of the house, not of the debtor.
_KINDS = {
    codes.NO_POLICY: FindingKind.NO_POLICY,
    codes.TERMS_UNREADABLE: FindingKind.TERMS,
    codes.RULE_FAILED: FindingKind.RULE,
}


def note(kind: FindingKind, *, detail: str = "", now: datetime) -> None:
    """Keep a finding; the same one again is counted, once a minute at most."""
    detail = detail[:LONGEST_DETAIL]
    known = Finding.objects.filter(kind=kind, detail=detail, closed_at=None)
    last_at = known.values_list("last_at", flat=True).first()
    if last_at is None:
        logger.error("finding: %s %s", kind, detail)
        try:
            with transaction.atomic():
                Finding.objects.create(kind=kind, detail=detail, first_at=now, last_at=now)
        except IntegrityError:  # another process met it in the same moment
            return
    elif last_at <= now - COUNTED_EVERY:
        known.update(last_at=now, times=F("times") + 1)


def note_refusal(decision: Decision, *, contact_id: int, now: datetime) -> None:
    """Keep why a contact was refused, where somebody has to mend it; an hour nobody knows is logged by id."""
    if codes.TZ_UNKNOWN in decision.reasons:
        logger.warning("contact %s: nobody knows the hour where the debtor lives", contact_id)
    note_decision(decision, now=now)


def note_decision(decision: Decision, *, now: datetime) -> None:
    """Keep what the gate objects for the house itself: no policy, an unreadable one, a failing rule."""
    for objection in decision.objections:
        if objection.code in _KINDS:
            note(_KINDS[objection.code], detail=objection.detail, now=now)


def try_to_note(kind: FindingKind, *, error: BaseException, now: datetime) -> None:
    """Keep a finding about an error, if the database still takes it; it is in the log in any case.

    Only the error's first line is kept: it names tables and files, never what a debtor said.
    """
    first_line = str(error).strip().partition("\n")[0]
    logger.error("finding: %s %s: %s", kind, type(error).__name__, first_line)
    try:
        with transaction.atomic():
            note(kind, detail=f"{type(error).__name__}: {first_line}", now=now)
    except DatabaseError:
        logger.exception("the finding could not be kept")


def close(finding: Finding, *, by: User, now: datetime) -> None:
    """Say that a finding is mended; met again, it is a new one."""
    Finding.objects.filter(pk=finding.pk, closed_at=None).update(closed_at=now, closed_by=by)
