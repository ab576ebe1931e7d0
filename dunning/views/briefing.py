"""What the case card tells: who, how much and why, at which numbers, and what happened before."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

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
from debtors.models import Debt, Payment
from debtors.rules.payoff import Balance
from debtors.vocabulary import PromiseStatus
from dunning import queries
from dunning.models import Case, CaseOutcome, DepartmentNote, HandOver, ScheduledStep
from dunning.queries import happened
from dunning.queries.happened import Found
from dunning.views import five_questions, urgency_words


def before_confirmation(case: Case, *, now: datetime) -> dict[str, Any]:
    """Return what the card shows until the person is confirmed: nothing of debt or creditor."""
    known = contact_queries.gather_or_doubt([case.debtor], now=now)
    read = happened.before_confirmation(case)
    return _who(case, known=known, now=now) | {
        "events": neutral_events(read),
        "handed_over": _handed_over(case, read),
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
    read = happened.everything(case)
    shown = events(case, read)
    counted = Counter(each.kind for each in shown) + Counter(all=len(shown))
    owed = debtor_queries.balance_with(debtor_id=case.debtor_id, creditor_id=case.creditor_id, on=on)
    return _who(case, known=known, now=now) | {
        "gathered": known,
        "owed": owed,
        "debts": [(debt, balances[debt.pk]) for debt in debts],
        "urgency": urgency_words.explained(_urgency(case, owed=owed, now=now)),
        "events": [each for each in shown if kind in ("all", each.kind)][: timeline.MOST_EVENTS],
        "kind": kind,
        "kinds": [(name, word, mark, counted[name]) for name, word, mark in _kinds()],
        "promise": next((each for each in read["promises"] if each.status == PromiseStatus.OPEN), None),
        "next_step": queries.next_step(case, on=on),
        "handed_over": _handed_over(case, read),
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


def neutral_events(read: Found) -> list[Event]:
    """Return what happened, newest first, as a stranger might see it: when, by which way, and no more.

    No text, note, amount or title: any of them may name what is owed, or to whom.
    """
    recorded = [outcome for outcome in read["recorded"] if outcome.contact_id is None]
    found = [*_neutral_contacts(read["contacts"]), *_recorded(recorded)]
    ordered = sorted(found, key=lambda event: event.at, reverse=True)
    return [replace(event, text="", is_message=False) for event in ordered[: timeline.MOST_EVENTS]]


def events(case: Case, read: Found) -> list[Event]:
    """Return what happened between us and the debtor, newest first."""
    said = {outcome.contact_id: outcome for outcome in read["recorded"] if outcome.contact_id}
    others = [outcome for outcome in read["recorded"] if outcome.contact_id is None]
    found = [
        *_contacts(read["contacts"], said=said),
        *_payments(case),
        *[timeline.of_promise(promise) for promise in read["promises"]],
        *_recorded(others),
        *_steps(read["steps"]),
        *_hand_overs(read["hand_overs"]),
        *_notes(read["notes"]),
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _handed_over(case: Case, read: Found) -> HandOver | None:
    """Return how the case was handed over, while it waits or whoever took it is still at it; else None."""
    last: HandOver | None = next(iter(read["hand_overs"]), None)
    if last is None or (last.taken_at is not None and last.taken_by_id != case.agent_id):
        return None
    return last


def _who(case: Case, *, known: Gathered, now: datetime) -> dict[str, Any]:
    said = verdicts.verdicts(known, debtor_id=case.debtor_id, creditor_id=case.creditor_id)
    points = known.points.get(case.debtor_id, ())
    return {
        "verdicts": said,
        **five_questions.briefed(case, points=points, zones=said.zones, now=now),
        "pressure": pressures.of(known.contacts[case.debtor_id], now=now),
    }


def _neutral_contacts(contacts: Iterable[Contact]) -> Iterator[Event]:
    for contact in contacts:
        channel = capfirst(contact.get_channel_display())
        ended = contact.get_outcome_display() if contact.outcome else contact.get_state_display()
        is_under_way = contact.channel == Channel.VOICE and contact.state == ContactState.SENT
        title = _("Call under way") if is_under_way else f"{channel} · {ended}"
        yield replace(timeline.of_contact(contact), title=title)


def _urgency(case: Case, *, owed: Balance, now: datetime) -> tuple[tuple[str, int], ...]:
    known = {(case.debtor_id, case.creditor_id): owed}
    return queries.urgencies(cases=[case], now=now, owed=known)[case.pk].parts


def _contacts(contacts: Iterable[Contact], *, said: Mapping[int, CaseOutcome]) -> Iterator[Event]:
    """Yield what was sent, called and received; a call with what the agent recorded of it."""
    for contact in contacts:
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


def _steps(left_out: Iterable[ScheduledStep]) -> Iterator[Event]:
    for scheduled in left_out:
        yield Event(
            kind="work",
            at=scheduled.planned_at,
            icon="stairs",
            title=f"{scheduled.step.title} · {scheduled.get_result_display()}",
            tone="quiet",
        )


def _hand_overs(hand_overs: Iterable[HandOver]) -> Iterator[Event]:
    for handed in hand_overs:
        yield Event(
            kind="work",
            at=handed.handed_at,
            icon="users",
            title=_("Handed over to %(name)s") % {"name": handed.receiver.name},
            text=handed.note,
            by=handed.giver.name,
        )


def _notes(notes: Iterable[DepartmentNote]) -> Iterator[Event]:
    for note in notes:
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
