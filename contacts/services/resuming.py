"""Lets senders go on after a restore or a fail-over: first all is found out that left meanwhile."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet

from contacts.channels import registry
from contacts.channels.base import NoListError, Taken
from contacts.models import Attempt, Contact, Instance, PolicyHead
from contacts.services import instance, outbox, policy, settling
from contacts.services.journal import Entry, Journal
from contacts.vocabulary import AttemptState, Channel, HeldBecause
from debtors.models import ContactPoint

logger = structlog.get_logger(__name__)

#: A backup is at most so much older than the last hand-over that it knows of.
BEFORE_THE_BACKUP = timedelta(hours=1)
#: How far the provider's clock, and the way to it, may part a message from its hand-over.
ABOUT = timedelta(minutes=3)

type Listing = list[tuple[str, Taken]]  # each with the kind of contact it was


class CannotResumeError(Exception):
    """Sending cannot go on yet; the text says what is to be done first."""


@dataclass
class Found:
    """What was found out, in numbers, and the ways out that show nobody what they took."""

    in_doubt: int = 0  # attempts handed over after the backup: what became of them will be looked for
    sent: int = 0  # messages that left and whose contacts wait no more
    without_wish: int = 0  # messages to our debtors that nothing here waited for
    strangers: int = 0  # messages to numbers that no debtor has
    parked: int = 0  # contacts that may have left by a way out without a list
    without_list: list[str] = field(default_factory=list)


def unknown_at_providers(*, now: datetime) -> int:
    """Return how many messages the providers took that the database does not know; hold all if any.

    What was taken in the last minute is left out: its answer may be on its way.
    """
    taken, _without_list = _taken_since(_last_known(now=now))
    unknown = [each for _name, each in _not_known(taken) if each.at < now - timedelta(minutes=1)]
    if unknown:
        instance.hold(HeldBecause.PROVIDER, now=now)
    return len(unknown)


def resume(*, now: datetime, since: datetime | None = None, regardless: bool = False) -> Found:
    """Write down what left since the backup, by journal and providers' lists, then let senders go on.

    `since` is when the backup was taken; by default an hour before the last hand-over it knows of.
    Raises CannotResumeError while lists may lag behind, when one that there is cannot be read, and
    (unless `regardless`) when the journal names wishes which nobody has wanted again yet.
    """
    since = since or _last_known(now=now)
    house, _is_new = Instance.objects.get_or_create(pk=Instance.THE_ONE)
    entries = Journal(house.key, house.epoch).since(since)
    _refuse_too_early(entries, now=now, regardless=regardless)
    taken, without_list = _taken_since(since)
    found = Found(without_list=without_list)
    with transaction.atomic():
        _recall(entries, found, now=now)
        for name, each in _not_known(taken):
            _write_down(name, each, found, now=now)
        if not entries:
            _park_what_may_have_left(without_list, found, now=now)
        instance.resume(now=now)
    logger.warning("sending resumed", since=since.isoformat(), **vars(found))
    return found


def _last_known(*, now: datetime) -> datetime:
    last = Attempt.objects.aggregate(last=Max("handed_at"))["last"]
    return (last or now - timedelta(days=1)) - BEFORE_THE_BACKUP


def _refuse_too_early(entries: list[Entry], *, now: datetime, regardless: bool) -> None:
    settled = timedelta(seconds=settings.SETTLE_SECONDS)
    if entries and (wait := entries[-1].at + settled - now) > timedelta(0):
        raise CannotResumeError(f"the last message left a moment ago: wait {wait.total_seconds():.0f} s")
    wishes = {entry.wanted_by for entry in entries}
    missing = len(wishes) - Contact.objects.filter(wanted_by__in=wishes).count()
    if missing and not regardless:
        raise CannotResumeError(
            f"{missing} messages left for wishes that this database does not know. Import again what was"
            " imported since the backup and let the planner run; or say that they may be sent again"
        )


def _taken_since(moment: datetime) -> tuple[Listing, list[str]]:
    """Return what each way out took since a moment, and the ways out that show nobody."""
    taken: Listing = []
    without_list = []
    for name in map(str, Channel):
        try:
            taken += [(name, each) for each in registry.channel_for(name).taken_since(moment)]
        except NoListError as error:
            if not error.is_for_good:
                raise CannotResumeError(f"{name}: {error}") from error
            without_list.append(name)
        except (registry.NoSuchChannelError, ValueError) as error:
            raise CannotResumeError(f"{name}: its settings are incomplete") from error
    return taken, without_list


def _not_known(taken: Listing) -> Listing:
    """Return those messages that are no attempt of ours, as far as the database knows."""
    ids = [each.provider_id for _name, each in taken]
    known = set(Attempt.objects.filter(provider_id__in=ids).values_list("provider_id", flat=True))
    return [(name, each) for name, each in taken if each.provider_id not in known]


def _recall(entries: list[Entry], found: Found, *, now: datetime) -> None:
    """Doubt what the journal says was handed over, and the database holds for waiting or un-handed."""
    known = Attempt.objects.in_bulk([entry.attempt for entry in entries if entry.attempt])
    waiting = {
        contact.wanted_by: contact for contact in _waiting(wanted_by__in=[e.wanted_by for e in entries])
    }
    for entry in entries:
        attempt, contact = known.get(entry.attempt or UUID(int=0)), waiting.get(entry.wanted_by)
        if attempt and attempt.handed_at is None:
            found.in_doubt += settling.doubt_after_all(attempt.pk, handed_at=entry.at, now=now)
        elif attempt is None and contact:
            points = ContactPoint.objects.filter(debtor=contact.debtor_id)
            contact.point = points.filter(pk=entry.point or 0).first()
            again = _attempt(contact, AttemptState.UNKNOWN, at=entry.at, id=entry.attempt, look_at=now)
            found.in_doubt += settling.write_down(again, now=now)


def _write_down(name: str, taken: Taken, found: Found, *, now: datetime) -> None:
    """Give a message that left to whom it was: an attempt in doubt, a waiting contact, or just the debtor."""
    if attempt := _in_doubt(name, taken):
        settling.settle_accepted(attempt.pk, provider_id=taken.provider_id, now=now)
        found.sent += 1
        return
    points = ContactPoint.objects.filter(value=taken.to).order_by("debtor_id") if taken.to else ()
    by_debtor = {point.debtor_id: point for point in points}
    if not by_debtor:
        found.strangers += 1
        return
    due = _waiting(debtor__in=by_debtor, channel=name, agent=None, not_before__lte=taken.at)
    contact = due.order_by("not_before", "pk").first()
    found.sent += contact is not None
    found.without_wish += contact is None
    contact = contact or _without_wish(name, taken, min(by_debtor))
    contact.point, contact.body = by_debtor[contact.debtor_id], taken.body
    settling.write_down(
        _attempt(contact, AttemptState.ACCEPTED, at=taken.at, provider_id=taken.provider_id), now=now
    )


def _in_doubt(name: str, taken: Taken) -> Attempt | None:
    """Return the attempt that a message is: by our own id where it was kept, else by number and time."""
    doubted = Attempt.objects.filter(state__in=settling.MAY_BE_ACCEPTED, contact__channel=name)
    if taken.attempt_id:
        return doubted.filter(pk=UUID(taken.attempt_id)).first()
    about = (taken.at - ABOUT, taken.at + ABOUT)
    return doubted.filter(to=taken.to, handed_at__range=about).order_by("handed_at").first()


def _without_wish(name: str, taken: Taken, debtor_id: int) -> Contact:
    """Return a contact for a message that nothing here waited for: it was made, and it counts."""
    return outbox.want(
        Contact(
            wanted_by=f"found:{taken.provider_id}"[:120],
            debtor_id=debtor_id,
            channel=name,
            not_before=taken.at,
            created_at=taken.at,
        )
    )


def _park_what_may_have_left(names: list[str], found: Found, *, now: datetime) -> None:
    """Ask a person about all that was due on ways out which show nobody, and that no journal tells of."""
    for contact in _waiting(channel__in=names, agent=None, not_before__lte=now).order_by("pk"):
        found.parked += settling.write_down(
            _attempt(contact, AttemptState.PARKED, at=now, error_code=settling.RESTORED), now=now
        )


def _waiting(**such: object) -> QuerySet[Contact]:
    return Contact.objects.filter(state__in=outbox.NOT_GONE, **such)


def _attempt(contact: Contact, state: AttemptState, *, at: datetime, **values: Any) -> Attempt:
    """Return an attempt as it must have been; by which policy it was judged is not known any more."""
    head = PolicyHead.objects.filter(scope=policy.HOUSE).first()
    if head is None:
        raise CannotResumeError("no contact policy is in force: publish one first")
    return Attempt(
        contact=contact,
        state=state,
        provider=registry.provider_of(contact.channel),
        to=contact.point.value if contact.point else "",
        policy_id=contact.policy_id or head.policy_id,
        facts_hash="",
        started_at=at,
        handed_at=at,
        **values,
    )
