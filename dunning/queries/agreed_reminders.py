"""Payments of agreements that are awaited, and what became of the reminders of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F
from django.utils import timezone

from contacts.models import Contact, PolicyHead
from contacts.vocabulary import Purpose
from debtors.models import AgreedPayment, Agreement, OfferRules
from debtors.vocabulary import AgreementState, PromiseStatus
from dunning.rules import agreed_reminders as rules

DEFAULT_DAYS: int = OfferRules._meta.get_field("reminder_days").default


@dataclass(frozen=True, slots=True)
class Awaited:
    """The next payment of an agreement in force."""

    debtor_id: int
    creditor_id: int
    due_on: date
    remind_on: date | None
    name: str


def awaited(*, on: date, debtors: Iterable[int] | None = None) -> list[Awaited]:
    """Return the payments that fall due from `on` within the longest notice; each agreement's next alone."""
    days = days_before()
    rows = AgreedPayment.objects.filter(
        agreement__state=AgreementState.ACTIVE,
        agreement__promises__status=PromiseStatus.OPEN,
        agreement__promises__promised_on=F("due_on"),
        due_on__range=(on, on + timedelta(days=max([DEFAULT_DAYS, *days.values()]))),
    )
    if debtors is not None:
        rows = rows.filter(agreement__debtor__in=list(debtors))
    return [_awaited(each, days=days) for each in rows.select_related("agreement").order_by("pk")]


def are_let_through() -> bool:
    """Return whether the house's policy in force lets a promise not hold these reminders back."""
    terms = PolicyHead.objects.filter(scope="house").values_list("policy__terms", flat=True).first() or {}
    return Purpose.AGREED in terms.get("promise_exempt_purposes", ()) or not terms.get("promise_grace", True)


def days_before() -> dict[int, int]:
    """Return how many days beforehand each creditor who has rules reminds."""
    return dict(OfferRules.objects.values_list("creditor", "reminder_days"))


def reminders_of(agreement: Agreement) -> dict[int, Contact]:
    """Return what became of the reminders of an agreement, by the number of the payment."""
    names = {
        rules.wanted_by(agreement_id=agreement.pk, number=number): number
        for number in agreement.payments.values_list("number", flat=True)
    }
    return {names[each.wanted_by]: each for each in Contact.objects.filter(wanted_by__in=names)}


def planned_days(agreement: Agreement) -> dict[int, date]:
    """Return from which day on somebody is reminded of each payment, where he is."""
    days = days_before()
    found = [_awaited(each, days=days) for each in agreement.payments.select_related("agreement")]
    numbers = agreement.payments.values_list("number", flat=True)
    return {number: each.remind_on for number, each in zip(numbers, found, strict=True) if each.remind_on}


def _awaited(payment: AgreedPayment, *, days: dict[int, int]) -> Awaited:
    agreement = payment.agreement
    agreed_at = agreement.activated_at
    return Awaited(
        debtor_id=agreement.debtor_id,
        creditor_id=agreement.creditor_id,
        due_on=payment.due_on,
        remind_on=rules.remind_on(
            due_on=payment.due_on,
            days_before=days.get(agreement.creditor_id, DEFAULT_DAYS),
            agreed_on=timezone.localdate(agreed_at) if agreed_at else agreement.proposed_on,
        ),
        name=rules.wanted_by(agreement_id=agreement.pk, number=payment.number),
    )
