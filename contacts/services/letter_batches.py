"""Letters on their way to the post: gathered into a batch, posted by a person, or taken back before.

A letter leaves when a person says that it is posted: until then whatever binds takes it back. Before
it is gathered, and once more before it is posted, the gate is asked again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from contacts import failpoints, queries
from contacts.models import Attempt, Contact, Letter, LetterBatch
from contacts.rules import letters as rules
from contacts.services import instance, letters, outbox, policy, settling
from contacts.services.journal import Journal
from contacts.vocabulary import AttemptState, ContactState, Outcome
from debtors.models import User
from debtors.services import people
from debtors.vocabulary import PointStatus

logger = structlog.get_logger(__name__)

MAY_GATHER, MAY_POST = "contacts.add_letterbatch", "contacts.change_letterbatch"
#: Letters of one batch: a pile that one person prints and folds in a morning.
MOST = 200
#: Letters judged in one transaction.
CHUNK = 50


class NothingToGatherError(Exception):
    """No printed letter waits that may still be posted."""


class WrongDayError(Exception):
    """The day is to come, or lies before the batch was made."""


class PostedError(Exception):
    """The letters were posted before."""


class HeldError(Exception):
    """All senders are held: nothing leaves, letters neither."""


class GoneError(Exception):
    """The letter was posted, or taken back, meanwhile."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How many letters may go, and how many were taken back for what was said of them just now."""

    may_go: int
    taken_back: int


def gather(*, by: User, now: datetime) -> tuple[LetterBatch, Judged]:
    """Make a batch of the printed letters that wait, oldest first; those the gate refuses are taken back.

    Raises PermissionDenied, and NothingToGatherError.
    """
    _refuse_unless(by, MAY_GATHER)
    found = list(waiting().values_list("pk", flat=True)[:MOST])
    if not found:
        raise NothingToGatherError
    standing, refused = _judge(found, now=now)
    with transaction.atomic():
        locked = Letter.objects.select_for_update(of=("self",)).filter(pk__in=standing).order_by("pk")
        list(locked.values_list("pk"))
        mine = list(waiting().filter(pk__in=standing).values_list("pk", flat=True))  # a colleague was quicker
        if not mine:
            raise NothingToGatherError
        batch = LetterBatch.objects.create(made_at=now, made_by=by)
        count = Letter.objects.filter(pk__in=mine).update(batch=batch)
    logger.info("letters gathered", letter_batch=batch.pk, by=by.pk)
    return batch, Judged(count, refused)


def post(batch_id: int, *, on: date, by: User, now: datetime) -> Judged:
    """Say that the letters of a batch were posted on a day: they are sent, and count from then on.

    What was taken back meanwhile, or is refused now, is not posted. Ended halfway, it is said once
    more. Raises PermissionDenied, WrongDayError, PostedError and HeldError.
    """
    _refuse_unless(by, MAY_POST)
    batch = LetterBatch.objects.get(pk=batch_id)
    if batch.posted_on:
        raise PostedError
    if not timezone.localdate(batch.made_at) <= on <= timezone.localdate(now):
        raise WrongDayError
    journal = instance.open_journal(now=now)
    if journal is None:
        raise HeldError
    ours = list(of_batch(batch).filter(**letters.HERE).values_list("pk", flat=True))
    standing, refused = _judge(ours, now=now)
    zone = timezone.get_default_timezone()
    left_at = rules.posted_at(on=on, made_at=batch.made_at, now=now, zone=zone)
    _hand_over(standing, journal=journal, now=now)
    posted = _settle(batch, left_at=left_at, by=by, now=now)
    marked = LetterBatch.objects.filter(pk=batch.pk, posted_on=None)
    marked.update(posted_on=on, posted_by=by, marked_at=now)
    logger.info("letters posted", letter_batch=batch.pk, by=by.pk)
    return Judged(posted, refused)


def take_back(letter_id: int, *, by: User, now: datetime) -> None:
    """Do not post a letter that is still here: its contact ends. Raises PermissionDenied and GoneError."""
    _refuse_unless(by, MAY_POST)
    letter = Letter.objects.select_related("contact").get(pk=letter_id)
    mine = Contact.objects.filter(pk=letter.contact_id)
    with transaction.atomic():
        outbox.lock_debtor(letter.contact.debtor_id)
        if not outbox.withdraw(mine.filter(attempts=letter.attempt_id), now=now):
            raise GoneError
        outbox.cancel(mine)
    letters.take_out_what_was_taken_back()
    logger.info("letter taken back", letter=letter.pk, by=by.pk)


def came_back(letter_id: int, *, by: User, now: datetime) -> None:
    """Keep that the post brought a letter back: it did not arrive, and the address is used no more.

    Raises PermissionDenied, and GoneError for one that was not posted, or came back before.
    """
    _refuse_unless(by, MAY_POST)
    letter = Letter.objects.select_related("contact__point").get(pk=letter_id)
    contact = letter.contact
    with transaction.atomic():
        outbox.lock_debtor(contact.debtor_id)
        sent = Letter.objects.filter(pk=letter.pk, contact__state=ContactState.SENT)
        if contact.point is None or not sent.exists():
            raise GoneError
        people.retire_point(
            contact.point,
            status=PointStatus.INVALID,
            source=gettext("the post brought a letter back"),
            by=by,
            now=now,
        )
        outbox.conclude(contact, outcome=Outcome.FAILED, now=now, error_code="returned")
    logger.info("letter came back", letter=letter.pk, by=by.pk)


def take_back_the_late(*, now: datetime) -> int:
    """Take back what nobody posted in time: it is judged anew, and ends as too late. Return how many."""
    late = Contact.objects.filter(letters__in=Letter.objects.filter(**letters.HERE), expires_at__lte=now)
    return outbox.withdraw(late, now=now)


def waiting() -> QuerySet[Letter]:
    """Return the printed letters that lie in no pile, oldest first.

    One that was taken back while its pile was posted, and permitted again, waits for the next.
    """
    in_no_pile = Q(batch=None) | Q(batch__posted_on__isnull=False)
    here = Letter.objects.filter(in_no_pile, **letters.HERE, printed_at__isnull=False)
    return here.select_related(*_SHOWN).order_by("written_at", "pk")


def of_batch(batch: LetterBatch) -> QuerySet[Letter]:
    """Return the letters of a batch in the order of the pile, those taken back too."""
    return Letter.objects.filter(batch=batch).select_related(*_SHOWN).order_by("written_at", "pk")


def to_be_posted(batch: LetterBatch) -> QuerySet[Letter]:
    """Return the letters of a batch that belong into the pile: not taken back."""
    standing = (AttemptState.SENDING, AttemptState.ACCEPTED)
    return of_batch(batch).filter(attempt__state__in=standing)


_SHOWN = ("contact__debtor", "contact__template", "attempt")


def _judge(pks: Sequence[int], *, now: datetime) -> tuple[list[int], int]:
    """Ask the gate again about letters; return those that may go, and how many were taken back."""
    standing: list[int] = []
    refused = 0
    for start in range(0, len(pks), CHUNK):
        chunk = Letter.objects.filter(pk__in=pks[start : start + CHUNK], **letters.HERE)
        with transaction.atomic():
            outbox.lock_debtors(chunk.values_list("contact__debtor", flat=True))
            policy.hold_head_in_share()
            mine = list(chunk.select_related("contact__debtor", "contact__point", "attempt"))
            may_go = _allowed(mine, now=now)
            gone = [letter.contact_id for letter in mine if letter.pk not in may_go]
            refused += outbox.withdraw(Contact.objects.filter(pk__in=gone), now=now)
            standing += may_go
    letters.take_out_what_was_taken_back()
    return standing, refused


def _allowed(mine: Sequence[Letter], *, now: datetime) -> list[int]:
    """Return which letters the gate still permits; their permission is of the policy in force from now on."""
    known = queries.gather([letter.contact.debtor for letter in mine], now=now)
    allowed: dict[int, int] = {}
    for letter in mine:
        contact = letter.contact
        asked = known.asked(
            contact.debtor_id,
            channel=contact.channel,
            purpose=contact.purpose,
            creditor_id=contact.creditor_id,
        )
        is_late = contact.expires_at is not None and contact.expires_at <= now
        if contact.point is None or asked.policy_id is None or is_late:
            continue
        if not rules.taken_back_by(asked.verdict(contact.point).reasons):
            allowed[letter.pk] = asked.policy_id
    for policy_id in set(allowed.values()):
        pks = [pk for pk, of in allowed.items() if of == policy_id]
        theirs = Letter.objects.filter(pk__in=pks).values("attempt")
        Attempt.objects.filter(pk__in=theirs).exclude(policy=policy_id).update(policy=policy_id)
    return list(allowed)


def _hand_over(pks: Iterable[int], *, journal: Journal, now: datetime) -> None:
    """Write each letter into the journal of what leaves, and let it leave unless it was just taken back."""
    for letter in Letter.objects.filter(pk__in=list(pks)).select_related("contact", "attempt"):
        contact = letter.contact
        # Before the database: what is written down for nothing is doubted after a restore, never lost.
        journal.note(letter.attempt_id, point=contact.point_id, wanted_by=contact.wanted_by, now=now)
        outbox.hand_over(letter.attempt, now=now)
        failpoints.reached("posting_letter")


def _settle(batch: LetterBatch, *, left_at: datetime, by: User, now: datetime) -> int:
    """Let every letter of the batch that was handed over be sent; return how many the batch has sent."""
    handed = of_batch(batch).filter(attempt__state=AttemptState.SENDING, attempt__handed_at__isnull=False)
    for attempt_id in handed.values_list("attempt_id", flat=True):
        name = f"posted-{attempt_id}"
        settling.settle_accepted(attempt_id, provider_id=name, now=now, by=by, left_at=left_at)
    return of_batch(batch).filter(attempt__state=AttemptState.ACCEPTED).count()


def _refuse_unless(user: User, permission: str) -> None:
    if not user.has_perm(permission):
        raise PermissionDenied(permission)
