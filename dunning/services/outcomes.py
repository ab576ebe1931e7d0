"""Records what a call came to, and lets everything follow from it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from contacts import queries as contact_queries
from contacts.models import Contact
from contacts.queries.asking import Verdict
from contacts.services import calls, consent, holds, outbox
from contacts.vocabulary import Channel, HoldKind, OptOutScope, Outcome
from debtors.models import User
from debtors.services import people, promises
from debtors.vocabulary import PointStatus
from dunning import queries
from dunning.models import Case, CaseOutcome, OutcomeWord, ScheduledStep
from dunning.queries import planning
from dunning.rules.outcomes import FOLLOWS, Follows, try_again_after
from dunning.services import callbacks, calling, cases, talking
from dunning.services.workqueue import StaleLeaseError
from dunning.vocabulary import CaseState, Disposition, StepResult


@dataclass(frozen=True, slots=True)
class PromiseTerms:
    """What the debtor promised: an amount in centavos, and the day."""

    amount_cents: int
    promised_on: date


class MissingDetailError(Exception):
    """The disposition needs more: `what` is "promise", "callback", "call" or "confirmation"."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class CallbackRefusedError(Exception):
    """Nobody may be called at that moment; `verdict` says why, and from when it will be allowed."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(", ".join(verdict.reasons))
        self.verdict = verdict


def record(
    *,
    case: Case,
    agent: User,
    fence: int,
    disposition: Disposition,
    now: datetime,
    note: str = "",
    promise: PromiseTerms | None = None,
    callback_at: datetime | None = None,
    word: OutcomeWord | None = None,
) -> CaseOutcome:
    """Keep what the call (or the debtor's own call) came to, release the case and move it on.

    `word` is what the house calls it, where it has a name of its own. Promise, callback, hold, opt-out,
    number and next try follow by the table in `rules/outcomes.py`, all in one transaction. The same
    lease recorded twice with the same disposition is one outcome.

    Raises MissingDetailError for a promise, callback, call or confirmation of the person that is not
    there, StaleLeaseError when the case is no longer the agent's, PromiseRefusedError and
    CallbackRefusedError for what cannot be taken; nothing is written then.
    """
    follows = FOLLOWS[disposition]
    if follows.needs_promise and promise is None:
        raise MissingDetailError("promise")
    if follows.needs_callback and (callback_at is None or callback_at <= now):
        raise MissingDetailError("callback")
    with transaction.atomic():
        _lock_debtors(case, fence=fence, follows=follows)
        if known := CaseOutcome.objects.filter(case=case, fence=fence).first():
            return _same(known, agent=agent, disposition=disposition)
        held = _held(case, agent=agent, fence=fence)
        if follows.needs_confirmation and not talking.is_confirmed(held, fence=fence):
            raise MissingDetailError("confirmation")
        contact = _conclude_call(held, agent=agent, follows=follows, now=now)
        outcome = CaseOutcome.objects.create(
            case=held,
            disposition=disposition,
            word=word if word and word.meaning == disposition else None,
            note=note,
            agent=agent,
            contact_id=contact.pk if contact else None,
            fence=fence,
            recorded_at=now,
        )
        why = note or str(disposition.label)
        _settle_with_debtor(held, follows=follows, contact=contact, note=why, agent=agent, now=now)
        if follows.needs_callback and callback_at:
            _check_callback(held, callback_at=callback_at)
        _move_on(held, disposition=disposition, callback_at=callback_at, now=now)
        callbacks.end(held, now=now)
        if follows.needs_callback and callback_at:
            agreed = callbacks.agree(held, due_at=callback_at, agent=agent, now=now)
            callbacks.announce(agreed, now=now)
        if follows.needs_promise and promise:
            promises.promise(
                debtor=held.debtor,
                creditor=held.creditor,
                amount_cents=promise.amount_cents,
                promised_on=promise.promised_on,
                made_to=agent,
                now=now,
            )
        cases.follow_facts(now=now, debtor_id=held.debtor_id)
    return outcome


def _lock_debtors(case: Case, *, fence: int, follows: Follows) -> None:
    """Hold the debtor, and with him everybody whose number is about to be retired."""
    called = calling.ringing(case, fence=fence) if follows.retires_point else []
    numbers = [call.point.value for call in called if call.point]
    people.lock_everybody_at(numbers, and_debtor=case.debtor_id)


def _same(known: CaseOutcome, *, agent: User, disposition: Disposition) -> CaseOutcome:
    if (known.agent_id, known.disposition) != (agent.pk, disposition):
        raise StaleLeaseError(f"case {known.case_id}, fence {known.fence}: recorded before")
    return known


def _held(case: Case, *, agent: User, fence: int) -> Case:
    """Return the case, locked, if it is still the agent's; a lease that merely ended still counts."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("debtor", "creditor")
    held = rows.filter(pk=case.pk, agent=agent, fence=fence).first()
    if held is None:
        raise StaleLeaseError(f"case {case.pk}, fence {fence}")
    return held


def _conclude_call(case: Case, *, agent: User, follows: Follows, now: datetime) -> Contact | None:
    """Say how the call ended. A conversation without a call of ours was begun by the debtor."""
    placed = calling.ringing(case, fence=case.fence)
    for earlier in placed[1:]:
        outbox.conclude(earlier, outcome=Outcome.NO_ANSWER, now=now)
    if placed:
        outbox.conclude(placed[0], outcome=follows.contact_outcome, now=now)
        return placed[0]
    if follows.is_unanswered:
        if ended := calling.ended(case, fence=case.fence):  # the provider told so before the agent
            return ended
        raise MissingDetailError("call")
    if follows.contact_outcome != Outcome.CONVERSATION:
        return None
    return calls.record_inbound(
        wanted_by=f"inbound:{case.pk}:{case.fence}",
        debtor=case.debtor,
        creditor=case.creditor,
        channel=Channel.VOICE,
        outcome=Outcome.CONVERSATION,
        agent=agent,
        now=now,
    )


def _settle_with_debtor(
    case: Case, *, follows: Follows, contact: Contact | None, note: str, agent: User, now: datetime
) -> None:
    """Keep what was learned about the person and the number, beyond this case.

    What is about to leave, to him or to a number found wrong, was permitted without it: it is judged anew.
    """
    point = contact.point if contact else None
    concerned = Q(debtor=case.debtor_id)
    if point and follows.retires_point:
        concerned |= Q(point__value=point.value)
    outbox.withdraw(Contact.objects.filter(concerned), now=now)
    if point and follows.confirms_point:
        people.confirm_point(point, source=gettext("reached on the phone"), by=agent, now=now)
    if point and follows.retires_point:
        source = gettext("somebody else answered the phone")
        people.retire_everywhere(
            point.value, status=PointStatus.WRONG_NUMBER, source=source, by=agent, now=now
        )
    if follows.opts_out:
        consent.opt_out(
            debtor=case.debtor,
            scope=OptOutScope.GLOBAL,
            source=gettext("said on the phone"),
            by=agent,
            now=now,
        )
    if follows.hold:
        holds.place(
            debtor=case.debtor,
            kind=HoldKind(follows.hold),
            reason=note[:300],
            until=now + follows.hold_for if follows.hold_for else None,
            by=agent,
            now=now,
        )


def _check_callback(case: Case, *, callback_at: datetime) -> None:
    """Ask the gate about the promised moment: we promise no call that we may not make."""
    asked = contact_queries.may_contact(
        debtor=case.debtor, channel=Channel.VOICE, now=callback_at, creditor_id=case.creditor_id
    )
    if not asked.best.is_allowed:
        raise CallbackRefusedError(asked.best)


def _move_on(case: Case, *, disposition: Disposition, callback_at: datetime | None, now: datetime) -> None:
    """Release the lease and say when agents are asked again; the ladder goes on by itself."""
    case.agent = case.leased_until = None
    case.put_off_because = []
    if case.state != CaseState.CLOSED:
        is_callback = FOLLOWS[disposition].needs_callback
        case.callback_at = callback_at if is_callback else None
        case.callable_from = case.callback_at or _next_try(case, disposition=disposition, now=now)
        case.urgency = queries.urgencies(cases=[case], now=now)[case.pk].points
    case.save()


def _next_try(case: Case, *, disposition: Disposition, now: datetime) -> datetime | None:
    after = try_again_after(disposition, tries=_tries(case))
    reachable = planning.usable_channels(debtors=[case.debtor_id])[case.debtor_id]
    return now + after if after is not None and Channel.VOICE in reachable else None


def _tries(case: Case) -> int:
    """Return how many calls in a row went unanswered since the ladder last asked for one."""
    asked_at = (
        ScheduledStep.objects.filter(case=case, result=StepResult.QUEUED)
        .order_by("-planned_at")
        .values_list("planned_at", flat=True)
        .first()
    )
    outcomes = CaseOutcome.objects.filter(case=case).order_by("-recorded_at", "-pk")
    if asked_at:
        outcomes = outcomes.filter(recorded_at__gte=asked_at)
    tries = 0
    for disposition in outcomes.values_list("disposition", flat=True):
        if not FOLLOWS[Disposition(disposition)].is_unanswered:
            break
        tries += 1
    return tries
