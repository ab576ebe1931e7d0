"""The only writer of senders: slots are taken of them before admission, and they rest in trouble."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from contacts.channels import registry
from contacts.channels.base import STOOD_STILL, Accepted, NotSent, Rejected, Result, Unknown
from contacts.models import Attempt, Sender
from contacts.rules import circuit, pacing
from contacts.rules.circuit import Answer, Circuit
from contacts.rules.pacing import Slots
from contacts.vocabulary import AttemptState, Channel

logger = structlog.get_logger(__name__)

#: Calls are paced by their own line: `contacts/services/call_line.py`.
PACED_HERE = tuple(channel for channel in Channel if channel != Channel.VOICE)


@dataclass(frozen=True)
class Turn:
    """The permission to admit up to `most` contacts now, by these channels; None: by all of them."""

    channels: frozenset[str] | None
    most: int
    sender: Sender | None = None
    slots: Slots | None = None


@dataclass
class Watch:
    """What one run remembers of senders, by their channels.

    Of those in trouble, so that good news is written only where it is news; and of those that began
    to rest since the last turn, so that what was admitted for them stays here.
    """

    troubled: set[str] = field(default_factory=set)
    resting: set[str] = field(default_factory=set)

    def turns(self, *, most: int, clock: Callable[[], datetime]) -> Iterator[Turn]:
        """Give what may be admitted now: a turn for all channels without a rate, and one for each sender.

        A sender at rest or switched off gets none, one on trial a single message. `clock` is asked
        for each turn, for what is done between them takes its time.
        """
        chosen = senders()
        self.resting.clear()
        self.troubled |= {sender.channel for sender in chosen if sender.troubles}
        bound = [sender for sender in chosen if _is_bound(sender)]
        free = frozenset(Channel.values) - {sender.channel for sender in bound}
        yield Turn(free if bound else None, most)
        for sender in bound:
            if turn := _take(sender, most=most, now=clock()):
                yield turn

    def note(self, channel: str, result: Result, *, clock: Callable[[], datetime]) -> None:
        """Let the sender of a channel rest, or be well again, by what its provider answered to a message."""
        if channel not in PACED_HERE or not _is_of_the_provider(result):
            return
        answer = _answer(result)
        if answer == Answer.DEFINITE and channel not in self.troubled:
            return
        now = clock()
        stands = _note(channel, answer, now=now)
        (self.troubled.add if stands.troubles else self.troubled.discard)(channel)
        (self.resting.add if stands.is_resting(now) else self.resting.discard)(channel)


def senders() -> list[Sender]:
    """Return the senders that the settings choose, one for each channel; made where they are missing."""
    wanted = {
        (channel.value, provider, registry.sender_of(channel))
        for channel in PACED_HERE
        if (provider := registry.provider_of(channel))
    }
    known = {(row.channel, row.provider, row.address): row for row in Sender.objects.all()}
    for channel, provider, address in wanted - known.keys():
        known[channel, provider, address] = Sender.objects.get_or_create(
            channel=channel,
            provider=provider,
            address=address,
            defaults={"per_minute": settings.RATES_PER_MINUTE.get((channel, provider)) or None},
        )[0]
    return [known[key] for key in sorted(wanted)]


def end_turn(turn: Turn, *, used: int, now: datetime) -> None:
    """Free the slots of a turn by which nothing was admitted, for others; a first message is remembered."""
    if turn.sender is None or turn.slots is None:
        return
    if used and turn.sender.first_used_at is None:
        Sender.objects.filter(pk=turn.sender.pk, first_used_at=None).update(first_used_at=now)
    if used >= turn.slots.count:
        return
    with transaction.atomic():
        row = Sender.objects.select_for_update().get(pk=turn.sender.pk)
        if row.next_slot_at:
            row.next_slot_at -= turn.slots.next_at - turn.slots.without(turn.slots.count - used)
            row.save(update_fields=["next_slot_at"])


def next_turn_after(channels: Iterable[str], *, now: datetime) -> timedelta | None:
    """Return how long until a sender of one of the channels has a slot; None where none is waited for.

    One without a rate has nothing to wait for, and one at rest or switched off is left to a later bell.
    """
    asked = set(channels)
    waits = [
        max((sender.next_slot_at or now) - now - pacing.AHEAD, timedelta(0))
        for sender in senders()
        if sender.is_on
        and sender.per_minute
        and sender.channel in asked
        and not circuit_of(sender).is_resting(now)
    ]
    return min(waits, default=None)


def wake(sender: Sender) -> None:
    """Let a sender go on at once, because a manager says that its trouble is over."""
    Sender.objects.filter(pk=sender.pk).update(troubles=0, rests_until=None, rests_because="")


def circuit_of(sender: Sender) -> Circuit:
    """Return how a sender stands."""
    return Circuit(sender.troubles, sender.rests_until, sender.rests_because)


def rate_of(sender: Sender, *, now: datetime) -> int | None:
    """Return how many messages a minute a sender may send now; None for as fast as it goes."""
    if sender.per_minute is None:
        return None
    return pacing.warmed_up(
        per_minute=sender.per_minute, began_at=sender.first_used_at, hours=sender.warm_up_hours, now=now
    )


def _is_bound(sender: Sender) -> bool:
    """Return whether a sender may not send as fast as it goes."""
    return bool(sender.per_minute or sender.rests_until or not sender.is_on)


def _take(sender: Sender, *, most: int, now: datetime) -> Turn | None:
    """Take slots of a sender, under its lock, so that its rate holds over all processes."""
    with transaction.atomic():
        row = Sender.objects.select_for_update().get(pk=sender.pk)
        stands = circuit_of(row)
        if stands.is_resting(now) or not row.is_on:
            return None
        most = 1 if stands.is_on_trial(now) else most
        if row.per_minute is None:
            return Turn(frozenset({row.channel}), most, row)
        per_minute = rate_of(row, now=now) or row.per_minute
        slots = pacing.take_slots(per_minute=per_minute, next_at=row.next_slot_at, now=now, most=most)
        if not slots.count:
            return None
        row.next_slot_at = slots.next_at
        row.save(update_fields=["next_slot_at"])
    return Turn(frozenset({row.channel}), slots.count, row, slots)


def _note(channel: str, answer: Answer, *, now: datetime) -> Circuit:
    """Keep what an answer says of the sender of a channel; return how it stands then."""
    with transaction.atomic():
        sender = (
            Sender.objects.select_for_update()
            .filter(
                channel=channel,
                provider=registry.provider_of(channel),
                address=registry.sender_of(channel),
            )
            .first()
        )
        if sender is None:
            return circuit.WELL
        was = circuit_of(sender)
        unclear = answer == Answer.UNCLEAR and _is_mostly_unclear(sender, now=now)
        stands = circuit.after(was, answer, now=now, mostly_unclear=unclear)
        sender.troubles, sender.rests_until = stands.troubles, stands.rests_until
        sender.rests_because = stands.because
        sender.save(update_fields=["troubles", "rests_until", "rests_because"])
    if stands.rests_until != was.rests_until and stands.rests_until:
        logger.critical("sender rests", sender=sender.pk, channel=channel, because=stands.because)
    return stands


def _is_mostly_unclear(sender: Sender, *, now: datetime) -> bool:
    """Return whether what a sender tried lately is mostly of unclear fate."""
    lately = Attempt.objects.filter(
        started_at__gt=now - circuit.UNCLEAR_WITHIN,
        contact__channel=sender.channel,
        provider=sender.provider,
        sender=sender.address,
    )
    unclear = Count("pk", filter=Q(state=AttemptState.UNKNOWN))
    counted = lately.order_by().aggregate(tried=Count("pk"), unclear=unclear)
    return circuit.is_mostly_unclear(unclear=counted["unclear"], tried=counted["tried"])


def _is_of_the_provider(result: Result) -> bool:
    """Return whether a result says anything of the provider: not of one recipient, nor of ourselves."""
    is_of_the_recipient = isinstance(result, NotSent) and result.is_of_the_recipient
    return result != STOOD_STILL and not is_of_the_recipient


def _answer(result: Result) -> Answer:
    """Return what a result says of the provider, whatever it says of the message."""
    match result:
        case Accepted():
            return Answer.DEFINITE
        case Rejected():
            return Answer.REFUSES_US if result.stops_line else Answer.DEFINITE
        case NotSent():
            return Answer.UNREACHABLE
        case Unknown():
            return Answer.UNCLEAR
