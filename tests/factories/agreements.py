"""Creditors' rules for agreements, and agreements through the services that make them."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from debtors.models import Agreement, Creditor, Debt, DiscountBand, OfferRules, User
from debtors.rules.renegotiation import Proposal
from debtors.services import agreements
from debtors.vocabulary import Evidence, PaymentMethod, WhenBroken


def make_offer_rules(
    *, creditor: Creditor, when_broken: WhenBroken = WhenBroken.UNDONE, exit_cents: int = 0
) -> OfferRules:
    """Return rules: 10 % off at once, 5 % in installments; supervisors 10 %, managers 30 % more, to half."""
    rules = OfferRules.objects.create(
        creditor=creditor,
        floor_percent=Decimal(50),
        min_down_payment_percent=Decimal(0),
        min_payment_cents=1_000,
        offered_payments="3, 6",
        supervisor_extra_percent=Decimal(10),
        manager_extra_percent=Decimal(30),
        when_broken=when_broken,
        exit_cents=exit_cents,
    )
    DiscountBand.objects.create(
        rules=rules, from_days_late=1, one_off_percent=Decimal(10), installments_percent=Decimal(5)
    )
    return rules


def make_proposal(
    debt: Debt,
    *,
    total_cents: int,
    by: User,
    now: datetime,
    payments: int = 1,
    first_on: date | None = None,
) -> Agreement:
    """Propose an agreement with the debt's debtor, the first payment tomorrow unless a day is given."""
    return agreements.propose(
        Proposal(total_cents, payments, first_on or timezone.localdate(now) + timedelta(days=1)),
        debtor=debt.debtor,
        creditor=debt.creditor,
        first_method=PaymentMethod.PIX,
        method=PaymentMethod.BOLETO,
        by=by,
        now=now,
    )


def make_agreement(
    debt: Debt,
    *,
    total_cents: int,
    by: User,
    now: datetime,
    payments: int = 1,
    first_on: date | None = None,
) -> Agreement:
    """Propose an agreement and put it in force at once."""
    made = make_proposal(debt, total_cents=total_cents, by=by, now=now, payments=payments, first_on=first_on)
    agreements.accept(made, evidence=Evidence.VERBAL, reference="call 17", by=by, now=now)
    return made
