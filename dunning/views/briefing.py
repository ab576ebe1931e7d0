"""What the case card tells: who, how much and why, at which numbers, and what happened before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from collections_crm.lib import dates, money
from contacts import queries as contact_queries
from contacts import reasons
from contacts.models import Contact
from contacts.vocabulary import Channel, ContactState, Outcome
from debtors import queries as debtor_queries
from debtors.models import ContactPoint, Debt, Payment, PromiseToPay
from debtors.vocabulary import Medium, PromiseStatus
from dunning import queries
from dunning.models import Case, CaseOutcome, ScheduledStep
from dunning.vocabulary import StepResult

MOST_EVENTS = 60
TONES_OF_STATE = {
    ContactState.BLOCKED: "wait",
    ContactState.EXPIRED: "quiet",
    ContactState.FAILED: "bad",
    ContactState.UNKNOWN: "wait",
    ContactState.PARKED: "wait",
}
TONES_OF_PROMISE = {
    PromiseStatus.OPEN: "wait",
    PromiseStatus.KEPT: "ok",
    PromiseStatus.PARTLY_KEPT: "wait",
    PromiseStatus.BROKEN: "bad",
    PromiseStatus.CANCELLED: "quiet",
}
ICONS_OF_CHANNEL = {
    Channel.SMS: "message",
    Channel.WHATSAPP: "brand-whatsapp",
    Channel.EMAIL: "mail",
    Channel.VOICE: "phone",
    Channel.LETTER: "mailbox",
}
ICONS_OF_MEDIUM = {Medium.PHONE: "phone", Medium.EMAIL: "mail", Medium.ADDRESS: "map-pin"}


@dataclass(frozen=True)
class Event:
    """One thing that happened, as a line of the timeline."""

    at: datetime
    icon: str
    title: str
    tone: str = ""
    text: str = ""
    by: str = ""
    is_message: bool = False
    is_inbound: bool = False
    has_time: bool = True


@dataclass(frozen=True)
class PointLine:
    """One contact point with the gate's answer about using it."""

    point: ContactPoint
    icon: str
    answer: reasons.Answer | None
    may_dial: bool = False


def briefing(case: Case, *, now: datetime) -> dict[str, Any]:
    """Return everything the card shows of a case, as of `now`, in a constant number of queries."""
    on = timezone.localdate(now)
    asked = contact_queries.may_contact(debtor=case.debtor, channel=Channel.VOICE, now=now)
    debts = list(
        Debt.objects.filter(debtor=case.debtor_id, creditor=case.creditor_id)
        .prefetch_related("installments")
        .order_by("pk")
    )
    balances = debtor_queries.balances(debts=[debt.pk for debt in debts], on=on)
    return {
        "owed": debtor_queries.balance_with(debtor_id=case.debtor_id, creditor_id=case.creditor_id, on=on),
        "debts": [(debt, balances[debt.pk]) for debt in debts],
        "answer": reasons.answer(asked.best, asked=asked),
        "points": _points(case, asked=asked),
        "zones": asked.person.time_zones,
        "urgency": [(_urgency_word(part), points) for part, points in _urgency(case, now=now)],
        "events": events(case)[:MOST_EVENTS],
        "promise": PromiseToPay.objects.filter(
            debtor=case.debtor_id, creditor=case.creditor_id, status=PromiseStatus.OPEN
        ).first(),
        "next_step": queries.next_step(case, on=on),
    }


def events(case: Case) -> list[Event]:
    """Return what happened between us and the debtor, newest first."""
    recorded = list(CaseOutcome.objects.filter(case=case).select_related("agent"))
    said = {outcome.contact_id: outcome for outcome in recorded if outcome.contact_id}
    others = [outcome for outcome in recorded if outcome.contact_id is None]
    found = [
        *_contacts(case, said=said),
        *_payments(case),
        *_promises(case),
        *_recorded(others),
        *_steps(case),
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _points(case: Case, *, asked: contact_queries.Asked) -> list[PointLine]:
    """Return the debtor's numbers first, each with its verdict, then e-mails and addresses."""
    lines = []
    for point in asked.points:
        verdict = asked.verdict(point)
        answer = reasons.answer(verdict, asked=asked)
        lines.append(PointLine(point, "phone", answer, may_dial=verdict.is_allowed))
    others = case.debtor.points.exclude(medium=Medium.PHONE)
    lines += [PointLine(point, ICONS_OF_MEDIUM[Medium(point.medium)], None) for point in others]
    return lines


def _urgency(case: Case, *, now: datetime) -> tuple[tuple[str, int], ...]:
    return queries.urgencies(cases=[case], now=now)[case.pk].parts


def _urgency_word(part: str) -> str:
    return {
        "callback": _("we promised to call"),
        "reply": _("wrote to us"),
        "broken_promise": _("a promise was not kept"),
        "amount": _("amount"),
        "age": _("days late"),
    }[part]


def _contacts(case: Case, *, said: Mapping[int, CaseOutcome]) -> Iterator[Event]:
    """Yield what was sent, called and received; a call with what the agent recorded of it."""
    for contact in contact_queries.history(debtor_id=case.debtor_id)[:MOST_EVENTS]:
        yield Event(
            at=contact.started_at or contact.decided_at or contact.created_at,
            icon=ICONS_OF_CHANNEL[Channel(contact.channel)],
            title=_title(contact, said=said.get(contact.pk)),
            tone=TONES_OF_STATE.get(ContactState(contact.state), "info" if contact.body else ""),
            text=contact.body or (said[contact.pk].note if contact.pk in said else _why(contact)),
            by=contact.agent.name if contact.agent else "",
            is_message=bool(contact.body),
            is_inbound=contact.is_inbound,
        )


def _title(contact: Contact, *, said: CaseOutcome | None) -> str:
    what = contact.template.title if contact.template else contact.get_channel_display()
    if contact.is_inbound and contact.outcome == Outcome.INBOUND:
        return _("Wrote to us by %(channel)s") % {"channel": contact.get_channel_display()}
    if contact.channel == Channel.VOICE and contact.state == ContactState.SENT:
        return _("Call under way")
    ended = contact.get_outcome_display() if contact.outcome else contact.get_state_display()
    if said:
        ended = said.get_disposition_display()
    return f"{what[:1].upper()}{what[1:]} · {ended}"


def _why(contact: Contact) -> str:
    return "; ".join(reason.text for reason in reasons.explain_all(contact.objections))


def _payments(case: Case) -> Iterator[Event]:
    for payment in Payment.objects.filter(debtor=case.debtor_id, creditor=case.creditor_id):
        yield Event(
            at=datetime.combine(payment.paid_on, time(12), tzinfo=UTC),
            icon="coin",
            title=_("Payment received · %(amount)s") % {"amount": money.format_brl(payment.amount_cents)},
            tone="ok",
            text=payment.get_method_display(),
            has_time=False,
        )


def _promises(case: Case) -> Iterator[Event]:
    rows = PromiseToPay.objects.filter(debtor=case.debtor_id, creditor=case.creditor_id)
    for promise in rows.select_related("made_to"):
        yield Event(
            at=promise.made_at,
            icon="heart-handshake",
            title=_("Promised %(amount)s for %(day)s · %(status)s")
            % {
                "amount": money.format_brl(promise.amount_cents),
                "day": dates.format_br(promise.promised_on),
                "status": promise.get_status_display(),
            },
            tone=TONES_OF_PROMISE[PromiseStatus(promise.status)],
            by=promise.made_to.name if promise.made_to else "",
        )


def _recorded(outcomes: Iterable[CaseOutcome]) -> Iterator[Event]:
    for outcome in outcomes:
        yield Event(
            at=outcome.recorded_at,
            icon="clipboard-check",
            title=_("Recorded: %(what)s") % {"what": outcome.get_disposition_display()},
            text=outcome.note,
            by=outcome.agent.name,
        )


def _steps(case: Case) -> Iterator[Event]:
    rows = ScheduledStep.objects.filter(case=case).exclude(result=StepResult.WANTED)
    for scheduled in rows.select_related("step"):
        yield Event(
            at=scheduled.planned_at,
            icon="stairs",
            title=f"{scheduled.step.title} · {scheduled.get_result_display()}",
            tone="quiet",
        )
