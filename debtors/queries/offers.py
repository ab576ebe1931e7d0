"""What may be agreed on: a creditor's rules, what a debtor is late with, and agreements as they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet, Sum

from debtors.models import Agreement, DiscountBand, LedgerEntry, OfferRules, PromiseToPay, User
from debtors.models.offer_rules import numbers_of_payments
from debtors.queries import accounts, debts_seen_by
from debtors.rules import agreement_schedule, payoff, settlement_rules
from debtors.rules.agreement_schedule import Payment, Progress
from debtors.rules.authority import Authority
from debtors.rules.renegotiation import APPROVAL_VALID_DAYS
from debtors.rules.renegotiation import Debt as Owed
from debtors.rules.settlement_rules import Band, Items, Limit, Rules
from debtors.vocabulary import AgreementState, EntryKind, PromiseStatus

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Negotiable:
    """The debts that somebody is late with, each with its items, and all of them together.

    `obstacle` says why no amount may be agreed on: `inexact` (a rate of some month is not known), `in_doubt`
    (the ledger differs from what it must be), `nothing_late`; or is empty.
    """

    debts: dict[int, Items]
    owed: Owed
    obstacle: str = ""


def rules_of(creditor_id: int) -> tuple[OfferRules, Rules] | None:
    """Return the creditor's rules for agreements; None when he has none in use, or with a fault in them."""
    row = OfferRules.objects.filter(creditor=creditor_id, is_active=True).first()
    if row is None:
        return None
    rules = as_rules(row, bands=row.bands.all())
    return None if settlement_rules.faults(rules) else (row, rules)


def as_rules(row: OfferRules, *, bands: Iterable[DiscountBand]) -> Rules:
    """Return the rules as a row says them, faults and all. Raises ValueError for unreadable numbers."""
    limits = {
        level: Limit(
            getattr(row, f"{name}_extra_percent") / HUNDRED,
            getattr(row, f"{name}_most_payments"),
            getattr(row, f"{name}_most_days"),
        )
        for level, name in ((level, level.name.lower()) for level in Authority)
    }
    return Rules(
        bands=tuple(
            Band(each.from_days_late, each.one_off_percent / HUNDRED, each.installments_percent / HUNDRED)
            for each in bands
        ),
        limits=limits,
        floor_rate=row.floor_percent / HUNDRED,
        min_down_payment_rate=row.min_down_payment_percent / HUNDRED,
        min_payment_cents=row.min_payment_cents,
        offered_payments=numbers_of_payments(row.offered_payments),
        days_to_first=row.days_to_first,
        exit_cents=row.exit_cents,
        exit_days_late=row.exit_days_late,
    )


def negotiable(*, debtor_id: int, creditor_id: int, on: date) -> Negotiable:
    """Return what the debtor is late with to the creditor on `on`; of a late contract all that is open.

    Prescribed debts, and those of which nothing is due yet, are no part of an agreement.
    """
    parties = accounts.parties_between(debtor_id, creditor_id)
    histories = accounts.histories(parties)
    late = {
        pk: balance
        for pk, balance in ((pk, history.owed(on=on)) for pk, history in sorted(histories.items()))
        if balance.due_cents > 0 and balance.days_late > 0 and not histories[pk].is_barred(on=on)
    }
    together = payoff.combined(late.values(), on=on)
    obstacle = "" if late else "nothing_late"
    if not together.is_exact:
        obstacle = "inexact"
    if any(histories[pk].is_in_doubt for pk in late):
        obstacle = "in_doubt"
    debts = {pk: settlement_rules.items_of(balance) for pk, balance in late.items()}
    return Negotiable(debts, Owed(settlement_rules.items_of(together), together.days_late), obstacle)


def payments_of(agreement: Agreement) -> list[Payment]:
    """Return the agreed payments, in their order."""
    return [Payment(each.number, each.due_on, each.amount_cents) for each in agreement.payments.all()]


def open_until(agreement: Agreement) -> date:
    """Return the last day on which a proposal may be accepted: its first payment is never in the past."""
    return min(agreement.proposed_on + timedelta(days=APPROVAL_VALID_DAYS), agreement.first_on)


def paid_for(agreement: Agreement) -> int:
    """Return what was paid on the agreement's debts since it is in force and not taken back, in centavos."""
    if agreement.activated_at is None:
        return 0
    paid = LedgerEntry.objects.filter(
        debt__in=agreement.debts.values("debt"),
        kind=EntryKind.PAYMENT,
        reversal__isnull=True,
        payment__recorded_at__gte=agreement.activated_at,
        payment__paid_on__gte=agreement.proposed_on,
    )
    return -(paid.aggregate(sum=Sum("amount_cents"))["sum"] or 0)


def progress_of(agreement: Agreement, *, on: date) -> Progress:
    """Return how far an agreement has come on `on`."""
    return agreement_schedule.progress(
        payments_of(agreement), paid_cents=paid_for(agreement), on=on, grace_days=agreement.grace_days
    )


def in_force(*, debtor_id: int, creditor_id: int) -> Agreement | None:
    """Return the agreement in force between the two."""
    return Agreement.objects.filter(
        debtor=debtor_id, creditor=creditor_id, state=AgreementState.ACTIVE
    ).first()


def awaited_on(*, debtor_id: int, creditor_id: int) -> date | None:
    """Return when the next payment of the agreement in force between the two falls due."""
    awaited = PromiseToPay.objects.filter(debtor=debtor_id, creditor=creditor_id, status=PromiseStatus.OPEN)
    day: date | None = awaited.exclude(agreement=None).values_list("promised_on", flat=True).first()
    return day


def may_be_due(*, today: date) -> QuerySet[Agreement]:
    """Return the agreements in force with a payment whose day is over, whether it was made or not."""
    active = Agreement.objects.filter(state=AgreementState.ACTIVE)
    return active.filter(payments__due_on__lt=today).distinct().order_by("pk")


def agreements_seen_by(user: User) -> QuerySet[Agreement]:
    """Return the agreements with creditors whose debts, of the same debtor, the user may see."""
    owed = debts_seen_by(user).filter(debtor=OuterRef("debtor"), creditor=OuterRef("creditor"))
    return Agreement.objects.filter(Exists(owed))
