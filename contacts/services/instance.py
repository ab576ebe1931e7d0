"""Whether this database is the one that was sent from, or an older copy of it: then nothing leaves."""

from datetime import datetime

import structlog
from django.db import transaction

from contacts.models import Attempt, Instance
from contacts.services.journal import Journal
from contacts.vocabulary import HeldBecause

logger = structlog.get_logger(__name__)


def open_journal(*, now: datetime) -> Journal | None:
    """Return the journal to write every hand-over into; None while nothing may leave.

    What the journal knows and the database does not holds all senders, of all machines, until
    `manage.py resume_sending` has reconciled the two. Raises OSError when it cannot be read.
    """
    with transaction.atomic():  # nobody finds the row without its journal
        house, is_new = Instance.objects.get_or_create(pk=Instance.THE_ONE)
        journal = Journal(house.key, house.epoch)
        if is_new:
            journal.begin(now=now)
            return journal
    why = _why_held(house, journal, now=now)
    if not why:
        return journal
    if not house.held_since:
        Instance.objects.filter(pk=house.pk, held_since=None).update(held_since=now, held_because=why)
    logger.critical("sending is held", because=str(why))
    return None


def held() -> Instance | None:
    """Return this installation while all senders are held, with the reason; else None."""
    return Instance.objects.filter(pk=Instance.THE_ONE, held_since__isnull=False).first()


def hold(because: HeldBecause, *, now: datetime) -> None:
    """Let nothing leave until sending is resumed."""
    Instance.objects.filter(pk=Instance.THE_ONE, held_since=None).update(held_since=now, held_because=because)


def resume(*, now: datetime) -> Journal:
    """Let senders go on, in a new epoch, which all journals will follow. Raises OSError."""
    house, _is_new = Instance.objects.get_or_create(pk=Instance.THE_ONE)
    journal = Journal(house.key, house.epoch + 1)
    journal.begin(now=now)
    Instance.objects.filter(pk=house.pk).update(epoch=journal.epoch, held_since=None, held_because="")
    return journal


def forget_old_journals(*, now: datetime) -> None:
    """Delete the journals of days long past."""
    if house := Instance.objects.filter(pk=Instance.THE_ONE).first():
        Journal(house.key, house.epoch).forget_the_old(now=now)


def _why_held(house: Instance, journal: Journal, *, now: datetime) -> str:
    """Return why nothing may leave; empty when the journal and the database agree."""
    if house.held_since:
        return house.held_because
    entries = journal.last()
    if not entries:
        return HeldBecause.NO_JOURNAL
    if entries[-1].epoch > house.epoch:
        return HeldBecause.OLDER
    if entries[-1].epoch < house.epoch:  # sending was resumed on another machine
        journal.begin(now=now)
        return ""
    noted = {entry.attempt for entry in entries if entry.epoch == house.epoch and entry.attempt}
    known = Attempt.objects.filter(pk__in=noted, handed_at__isnull=False).count()
    return "" if known == len(noted) else HeldBecause.OLDER
