"""Applies, once, what providers tell us: how a message fared, and what a debtor wrote back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from contacts.models import Attempt, Contact, ProviderEvent
from contacts.queries.wishes import is_anothers
from contacts.rules.keywords import REFUSALS, Meaning, meanings_of
from contacts.services import calls, consent, outbox, settling
from contacts.services.outbox import ForbiddenMoveError
from contacts.signals import contact_concluded
from contacts.vocabulary import AttemptState, Channel, OptOutScope, Outcome
from debtors.models import ContactPoint
from debtors.services import people
from debtors.vocabulary import Medium, PointStatus

logger = structlog.get_logger(__name__)

#: A report on an older attempt is kept and changes nothing, unless it tells of a wish to be left alone.
OLDEST_REPORTED = timedelta(days=7)
RECEIVED = "received"


@dataclass(frozen=True, kw_only=True)
class Report:
    """A provider's word on one message, translated. `outcome` is None while it is on its way."""

    provider: str
    provider_id: str
    status: str  # the provider's own word
    payload: Mapping[str, object]
    attempt_id: UUID | None = None
    outcome: Outcome | None = None
    error_code: str = ""
    is_bad_address: bool = False
    is_opt_out: bool = False


@dataclass(frozen=True, kw_only=True)
class Text:
    """What somebody wrote to us. `sender` is his number in E.164, `channel` how it came."""

    provider: str
    provider_id: str
    channel: Channel
    sender: str
    body: str
    payload: Mapping[str, object]
    meanings: frozenset[Meaning] = field(default_factory=frozenset)  # what the provider understood itself


def apply_report(report: Report, *, now: datetime) -> bool:
    """Keep a report and let its contact follow; return whether it was new.

    Reports come twice and out of order: an attempt once accepted stays so, a contact ends once,
    and the first end is the one that counts. What contradicts the books is kept, changes nothing
    and is logged as critical, for a person to look at.
    """
    attempt = _attempt_of(report)
    with transaction.atomic():
        if attempt:
            outbox.lock_debtor(attempt.contact.debtor_id)  # before the row that points at the attempt
        is_new = _keep(
            provider=report.provider,
            provider_id=report.provider_id,
            status=report.status,
            payload=report.payload,
            attempt=attempt,
            now=now,
        )
        if is_new and attempt:
            if attempt.started_at > now - OLDEST_REPORTED:
                _follow(attempt, report, now=now)
            elif report.is_opt_out and attempt.provider_id == report.provider_id:
                _learn(attempt.contact, report, now=now)
    if attempt is None:
        logger.warning("report on a message that is not ours", provider_id=report.provider_id)
    return is_new


def receive_text(text: Text, *, now: datetime) -> bool:
    """Keep what somebody wrote and do what it asks for; return whether it was new.

    A wish to be left alone is committed with it, for every debtor who has the number or ever will,
    before anybody can answer. A stranger's number is taken from all of them and from every debtor to come.
    Anything else brings the debtors' cases before an agent.
    """
    points = _points_of(text)
    meanings = text.meanings | meanings_of(text.body)
    with transaction.atomic():
        for point in points:  # in the order of their debtors, as everywhere
            outbox.lock_debtor(point.debtor_id)
        if not _keep(
            provider=text.provider,
            provider_id=text.provider_id,
            status=RECEIVED,
            payload=text.payload,
            attempt=None,
            now=now,
        ):
            return False
        for point in points:
            _hear(text, point=point, meanings=meanings, now=now)
        _bind_whoever_comes(text, is_known=bool(points), meanings=meanings, now=now)
        if Meaning.WRONG_PERSON in meanings:
            people.retire_everywhere(
                text.sender, status=PointStatus.DO_NOT_CONTACT, source=_named(text), by=None, now=now
            )
            outbox.withdraw(Contact.objects.filter(point__in=points), now=now)
    if not points:
        logger.warning("text from a number nobody has", provider_id=text.provider_id)
    return True


def _attempt_of(report: Report) -> Attempt | None:
    """Return the attempt a report speaks of, by our own id in its address, else by the provider's id."""
    attempts = Attempt.objects.select_related("contact__point", "contact__debtor")
    if report.attempt_id:
        return attempts.filter(pk=report.attempt_id, provider=report.provider).first()
    return attempts.filter(provider_id=report.provider_id, provider=report.provider).first()


def _keep(
    *,
    provider: str,
    provider_id: str,
    status: str,
    payload: Mapping[str, object],
    attempt: Attempt | None,
    now: datetime,
) -> bool:
    """Keep the raw event; return False for one we have already."""
    event = {"provider": provider, "provider_id": provider_id, "status": status}
    try:
        with transaction.atomic():
            ProviderEvent.objects.create(**event, attempt=attempt, payload=dict(payload), received_at=now)
    except IntegrityError:
        if ProviderEvent.objects.filter(**event).exists():
            return False
        raise
    return True


def _follow(attempt: Attempt, report: Report, *, now: datetime) -> None:
    """Move the attempt and its contact as far as the report says, never back."""
    try:
        with transaction.atomic():
            if (attempt.state, attempt.provider_id) != (AttemptState.ACCEPTED, report.provider_id):
                settling.settle_accepted(attempt.pk, provider_id=report.provider_id, now=now)
                _refuse_a_second_message(attempt, report)
            if report.outcome:
                _learn(attempt.contact, report, now=now)
                outbox.conclude(
                    attempt.contact, outcome=report.outcome, now=now, error_code=report.error_code
                )
    except ForbiddenMoveError as contradiction:
        settling.contradict(attempt.pk, now=now)
        logger.critical(
            "late evidence",
            attempt=str(attempt.pk),
            provider_id=report.provider_id,
            status=report.status,
            contradiction=str(contradiction),
        )


def _refuse_a_second_message(attempt: Attempt, report: Report) -> None:
    """Raise ForbiddenMoveError when one attempt turns out to be two messages at the provider."""
    attempt.refresh_from_db(fields=["provider_id"])
    if attempt.provider_id != report.provider_id:
        raise ForbiddenMoveError(f"{attempt.pk} is {attempt.provider_id}, yet also {report.provider_id}")


def _learn(contact: Contact, report: Report, *, now: datetime) -> None:
    """Retire a number that does not exist; keep an opt-out the provider knew before us."""
    if contact.point and report.is_bad_address:
        people.retire_point(
            contact.point, status=PointStatus.INVALID, source=_named(report), by=None, now=now
        )
    if report.is_opt_out:
        consent.stop(
            debtor=contact.debtor,
            point=contact.point,
            channel=contact.channel,
            source=_named(report),
            now=now,
        )


def _bind_whoever_comes(text: Text, *, is_known: bool, meanings: frozenset[Meaning], now: datetime) -> None:
    """Keep the wish for debtors who get this number later. A stranger's known number is silent for good."""
    unwanted = _unwanted(text, meanings)
    if Meaning.WRONG_PERSON in meanings:
        unwanted = () if is_known else ("",)
    for channel in unwanted:
        consent.refuse(value=text.sender, channel=channel, source=_named(text), now=now)


def _unwanted(text: Text, meanings: frozenset[Meaning]) -> tuple[Channel | str, ...]:
    """Return the channels by which whoever wrote wants nothing more; blank is every one."""
    if Meaning.LEFT_ALONE in meanings:
        return ("",)
    this_way = (text.channel,) if Meaning.OPT_OUT in meanings else ()
    by_phone = (Channel.VOICE,) if Meaning.NO_CALLS in meanings else ()
    return (*this_way, *by_phone)


def _named(news: Report | Text) -> str:
    """Return how we know, for the history: who told us, by which message, in which code."""
    if isinstance(news, Text):
        return f"{news.channel} {news.provider_id}"
    return f"{news.provider} {news.provider_id}, code {news.error_code}"


def _points_of(text: Text) -> list[ContactPoint]:
    """Return the number as each debtor has it, in the order of the debtors."""
    points = ContactPoint.objects.filter(medium=Medium.PHONE, value=text.sender)
    return list(points.select_related("debtor").order_by("debtor_id"))


def _hear(text: Text, *, point: ContactPoint, meanings: frozenset[Meaning], now: datetime) -> None:
    """Keep one debtor's copy of the text, bind his wish, or bring his case before an agent.

    A number known to be no longer his speaks for somebody else, of whom nothing follows for him.
    """
    is_stranger = Meaning.WRONG_PERSON in meanings or is_anothers(point)
    if refuses := not REFUSALS.isdisjoint(meanings):
        _bind(text, point=point, is_stranger=is_stranger, meanings=meanings, now=now)
    last = Contact.objects.filter(point=point, is_inbound=False, started_at__isnull=False)
    answered = last.order_by("-started_at").select_related("creditor").first()
    contact = calls.record_inbound(
        wanted_by=f"inbound:{text.provider_id}:{point.debtor_id}",
        debtor=point.debtor,
        channel=text.channel,
        outcome=Outcome.WRONG_PERSON if is_stranger else Outcome.INBOUND,
        creditor=answered.creditor if answered else None,
        point=point,
        body=text.body,
        now=now,
    )
    if not refuses and not is_stranger:
        contact_concluded.send(Contact, contact=contact, now=now)


def _bind(
    text: Text, *, point: ContactPoint, is_stranger: bool, meanings: frozenset[Meaning], now: datetime
) -> None:
    """Keep a wish to be left alone: a stranger's binds his number, the debtor's own the channels, or all."""
    who: dict[str, Any] = {"debtor": point.debtor, "source": _named(text), "by": None, "now": now}
    if is_stranger:
        consent.opt_out(scope=OptOutScope.POINT, point=point, **who)
        return
    for channel in _unwanted(text, meanings):
        consent.opt_out(scope=OptOutScope.CHANNEL if channel else OptOutScope.GLOBAL, channel=channel, **who)
