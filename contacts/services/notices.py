"""The only writer of notices to colleagues, and of the alarms they were told of: row first, e-mail second."""

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from contacts.channels import internal_mail
from contacts.models import InternalNotice, RaisedAlarm

logger = structlog.get_logger(__name__)

MOST_TRIES = 5
TRY_AGAIN_AFTER = timedelta(minutes=10)
AT_ONCE = 50
#: An alarm that comes back sooner than this is the same one.
CALM = timedelta(minutes=15)


def tell(*, about: str, to_email: str, subject: str, body: str, now: datetime) -> InternalNotice:
    """Want one e-mail to a colleague or department; asked for twice under the same `about`, it is one."""
    notice, _made = InternalNotice.objects.get_or_create(
        about=about,
        defaults={"to_email": to_email, "subject": subject, "body": body, "wanted_at": now},
    )
    return notice


def send_waiting(*, now: datetime) -> int:
    """Send what waits, five tries each and ten minutes apart; return how many were taken."""
    is_due = Q(tried_at__isnull=True) | Q(tried_at__lte=now - TRY_AGAIN_AFTER)
    waiting = InternalNotice.objects.filter(is_due, sent_at__isnull=True, tries__lt=MOST_TRIES)
    sent = 0
    for notice in list(waiting.order_by("wanted_at", "pk")[:AT_ONCE]):
        if waiting.filter(pk=notice.pk).update(tries=F("tries") + 1, tried_at=now):
            sent += _send(notice, now=now)
    return sent


def follow_alarms(codes: Collection[str], *, now: datetime) -> list[RaisedAlarm]:
    """Keep which alarms are raised; return those that nobody was told of yet, each to one caller only.

    One that was not raised for a quarter of an hour has ended, and is a new one when it comes again.
    """
    lasting = RaisedAlarm.objects.filter(ended_at=None)
    lasting.filter(code__in=codes).update(seen_at=now)
    lasting.filter(seen_at__lte=now - CALM).update(ended_at=now)
    known = set(lasting.values_list("code", flat=True))
    raised = (_raise_alarm(code, now=now) for code in codes if code not in known)
    return [alarm for alarm in raised if alarm]


def _raise_alarm(code: str, *, now: datetime) -> RaisedAlarm | None:
    try:
        with transaction.atomic():
            return RaisedAlarm.objects.create(code=code, raised_at=now, seen_at=now)
    except IntegrityError:  # another process met it in the same moment, and tells of it
        return None


def _send(notice: InternalNotice, *, now: datetime) -> bool:
    try:
        internal_mail.send(to_email=notice.to_email, subject=notice.subject, body=notice.body)
    except internal_mail.NotTakenError as error:
        logger.warning("internal notice not taken", pk=notice.pk, error=str(error))
        return False
    InternalNotice.objects.filter(pk=notice.pk).update(sent_at=now)
    return True
