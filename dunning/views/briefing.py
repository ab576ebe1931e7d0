"""What the case card tells: who, how much and why, at which numbers, and what happened before."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from contacts import pressures, timeline, verdicts
from contacts import queries as contact_queries
from contacts.models import Contact
from contacts.queries import Gathered
from contacts.timeline import Event
from contacts.vocabulary import Channel, ContactState
from debtors import queries as debtor_queries
from debtors.models import Debt, Payment, PromiseToPay
from debtors.rules.payoff import Balance
from debtors.vocabulary import PromiseStatus
from dunning import queries
from dunning.models import Case, CaseOutcome, DepartmentNote, HandOver, ScheduledStep
from dunning.queries import desk
from dunning.views import five_questions, urgency_words
from dunning.vocabulary import StepResult


def before_confirmation(case: Case, *, now: datetime) -> dict[str, Any]:
    """Return what the card shows until the person is confirmed: nothing of debt or creditor."""
    known = contact_queries.gather_or_doubt([case.debtor], now=now)
    return _who(case, known=known, now=now) | {
        "events": neutral_events(case),
        "handed_over": desk.last_hand_over(case),
    }


def briefing(case: Case, *, now: datetime, kind: str = "all") -> dict[str, Any]:
    """Return everything the card shows of a case, as of `now`, in a constant number of queries.

    Of what happened only what is of `kind`, unless that is "all".
    """
    on = timezone.localdate(now)
    known = contact_queries.gather_or_doubt([case.debtor], now=now)
    debts = list(
        Debt.objects.filter(debtor=case.debtor_id, creditor=case.creditor_id)
        .prefetch_related("installments")
        .order_by("pk")
    )
    balances = debtor_queries.balances(debts=[debt.pk for debt in debts], on=on)
    happened = events(case)
    counted = Counter(each.kind for each in happened) + Counter(all=len(happened))
    owed = debtor_queries.balance_with(debtor_id=case.debtor_id, creditor_id=case.creditor_id, on=on)
    return _who(case, known=known, now=now) | {
        "gathered": known,
        "owed": owed,
        "debts": [(debt, balances[debt.pk]) for debt in debts],
        "urgency": urgency_words.explained(_urgency(case, owed=owed, now=now)),
        "events": [each for each in happened if kind in ("all", each.kind)][: timeline.MOST_EVENTS],
        "kind": kind,
        "kinds": [(name, word, mark, counted[name]) for name, word, mark in _kinds()],
        "promise": PromiseToPay.objects.filter(
            debtor=case.debtor_id, creditor=case.creditor_id, status=PromiseStatus.OPEN
        ).first(),
        "next_step": queries.next_step(case, on=on),
        "handed_over": desk.last_hand_over(case),
    }


def _kinds() -> list[tuple[str, str, str]]:
    return [
        ("all", _("All"), ""),
        ("call", _("Calls"), "phone"),
        ("message", _("Messages"), "message"),
        ("payment", _("Payments"), "coin"),
        ("promise", _("Promises"), "heart-handshake"),
        ("note", _("Notes"), "notes"),
        ("work", _("Work"), "clipboard-check"),
    ]


def neutral_events(case: Case) -> list[Event]:
    """Return what happened, newest first, as a stranger might see it: when, by which way, and no more.

    No text, note, amount or title: any of them may name what is owed, or to whom.
    """
    recorded = CaseOutcome.objects.filter(case=case, contact_id=None).select_related("agent", "word")
    found = [*_neutral_contacts(case), *_recorded(recorded)]
    ordered = sorted(found, key=lambda event: event.at, reverse=True)
    return [replace(event, text="", is_message=False) for event in ordered[: timeline.MOST_EVENTS]]


def events(case: Case) -> list[Event]:
    """Return what happened between us and the debtor, newest first."""
    recorded = list(CaseOutcome.objects.filter(case=case).select_related("agent", "word"))
    said = {outcome.contact_id: outcome for outcome in recorded if outcome.contact_id}
    others = [outcome for outcome in recorded if outcome.contact_id is None]
    found = [
        *_contacts(case, said=said),
        *_payments(case),
        *_promises(case),
        *_recorded(others),
        *_steps(case),
        *_hand_overs(case),
        *_notes(case),
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _who(case: Case, *, known: Gathered, now: datetime) -> dict[str, Any]:
    said = verdicts.verdicts(known, debtor_id=case.debtor_id, creditor_id=case.creditor_id)
    points = known.points.get(case.debtor_id, ())
    return {
        "verdicts": said,
        **five_questions.briefed(case, points=points, zones=said.zones, now=now),
        "pressure": pressures.of(known.contacts[case.debtor_id], now=now),
    }


def _neutral_contacts(case: Case) -> Iterator[Event]:
    for contact in _own_contacts(case):
        channel = capfirst(contact.get_channel_display())
        ended = contact.get_outcome_display() if contact.outcome else contact.get_state_display()
        is_under_way = contact.channel == Channel.VOICE and contact.state == ContactState.SENT
        title = _("Call under way") if is_under_way else f"{channel} · {ended}"
        yield replace(timeline.of_contact(contact), title=title)


def _own_contacts(case: Case) -> QuerySet[Contact]:
    """Return the newest contacts with the debtor about this creditor, or about none."""
    own = contact_queries.history(debtor_id=case.debtor_id)
    return own.filter(Q(creditor=case.creditor_id) | Q(creditor=None))[: timeline.MOST_EVENTS]


def _urgency(case: Case, *, owed: Balance, now: datetime) -> tuple[tuple[str, int], ...]:
    known = {(case.debtor_id, case.creditor_id): owed}
    return queries.urgencies(cases=[case], now=now, owed=known)[case.pk].parts


def _contacts(case: Case, *, said: Mapping[int, CaseOutcome]) -> Iterator[Event]:
    """Yield what was sent, called and received; a call with what the agent recorded of it."""
    for contact in _own_contacts(case):
        outcome = said.get(contact.pk)
        yield timeline.of_contact(
            contact,
            ended=outcome.told if outcome else "",
            note=outcome.note if outcome else "",
        )


def _payments(case: Case) -> Iterator[Event]:
    rows = Payment.objects.filter(debtor=case.debtor_id, creditor=case.creditor_id)
    for payment in rows.select_related("recorded_by", "taken_back").prefetch_related("entries"):
        yield timeline.of_payment(payment)


def _promises(case: Case) -> Iterator[Event]:
    rows = PromiseToPay.objects.filter(debtor=case.debtor_id, creditor=case.creditor_id)
    for promise in rows.select_related("made_to"):
        yield timeline.of_promise(promise)


def _recorded(outcomes: Iterable[CaseOutcome]) -> Iterator[Event]:
    for outcome in outcomes:
        yield Event(
            kind="work",
            at=outcome.recorded_at,
            icon="clipboard-check",
            title=_("Recorded: %(what)s") % {"what": outcome.told},
            text=outcome.note,
            by=outcome.agent.name,
        )


def _steps(case: Case) -> Iterator[Event]:
    rows = ScheduledStep.objects.filter(case=case).exclude(result=StepResult.WANTED)
    for scheduled in rows.select_related("step"):
        yield Event(
            kind="work",
            at=scheduled.planned_at,
            icon="stairs",
            title=f"{scheduled.step.title} · {scheduled.get_result_display()}",
            tone="quiet",
        )


def _hand_overs(case: Case) -> Iterator[Event]:
    rows = HandOver.objects.filter(case=case).select_related("giver", "receiver")
    for handed in rows:
        yield Event(
            kind="work",
            at=handed.handed_at,
            icon="users",
            title=_("Handed over to %(name)s") % {"name": handed.receiver.name},
            text=handed.note,
            by=handed.giver.name,
        )


def _notes(case: Case) -> Iterator[Event]:
    rows = DepartmentNote.objects.filter(debtor=case.debtor_id, creditor=case.creditor_id)
    for note in rows.select_related("recorded_by"):
        title = str(note.get_department_display())
        yield Event(
            kind="note",
            at=note.recorded_at,
            icon="notes",
            title=f"{title} · {_('we were at fault')}" if note.is_our_fault else title,
            tone="bad" if note.is_our_fault else "info",
            text=note.text,
            by=note.source or note.recorded_by.name,
        )
