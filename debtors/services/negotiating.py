"""What may be offered and what a proposal would come to; nothing is kept here."""

from datetime import datetime

from django.utils import timezone

from debtors.models import Agreement, Creditor, Debtor, OfferRules, Payment, User
from debtors.queries import offers as reads
from debtors.queries.offers import Negotiable
from debtors.rules import renegotiation, settlement_rules
from debtors.rules.authority import Approval, Authority
from debtors.rules.renegotiation import Judgement, Offer, Proposal
from debtors.rules.settlement_rules import Rules
from debtors.services import access


class AgreementRefusedError(Exception):
    """It cannot be agreed on. `reasons` are those of `renegotiation.judge`, or one of these.

    `no_rules`, `inexact`, `in_doubt`, `nothing_late`; `one_in_force`; `not_proposed` (the agreement is past
    that), `changed` (what is owed is another than when it was proposed), `proposal_expired`,
    `no_proof`, `no_reason`.
    """

    def __init__(self, *reasons: str) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


def offers(*, debtor: Debtor, creditor: Creditor, now: datetime) -> tuple[Offer, ...]:
    """Return every way of settling that may be offered now without asking anybody.

    Raises AgreementRefusedError where nothing may be agreed on at all.
    """
    _row, rules, found = grounds(debtor, creditor, now=now)
    return renegotiation.offers(found.owed, rules=rules, on=timezone.localdate(now))


def room(*, debtor: Debtor, creditor: Creditor, payments: int, by: User, now: datetime) -> renegotiation.Room:
    """Return how far `by` may go by himself in so many payments.

    Raises AgreementRefusedError as `offers` does.
    """
    _row, rules, found = grounds(debtor, creditor, now=now)
    on = timezone.localdate(now)
    return renegotiation.room(found.owed, payments=payments, rules=rules, by=access.authority_of(by), on=on)


def judge(
    proposal: Proposal, *, debtor: Debtor, creditor: Creditor, by: User, now: datetime
) -> tuple[Negotiable, Judgement]:
    """Return what a proposal would come to if `by` made it now, and of what; nothing is kept.

    Raises AgreementRefusedError as `offers` does.
    """
    _row, rules, found = grounds(debtor, creditor, now=now)
    on = timezone.localdate(now)
    return found, renegotiation.judge(
        proposal, debt=found.owed, rules=rules, by=access.authority_of(by), on=on
    )


def judge_again(
    agreement: Agreement, *, by: Authority, approval: Approval | None, now: datetime
) -> Judgement:
    """Return what a kept proposal comes to by the rules of today, over what was owed the day it was made.

    Raises AgreementRefusedError (`changed` when that is no longer what was owed).
    """
    known = reads.rules_of(agreement.creditor_id)
    if known is None:
        raise AgreementRefusedError("no_rules")
    then = reads.negotiable(
        debtor_id=agreement.debtor_id, creditor_id=agreement.creditor_id, on=agreement.proposed_on
    )
    if then.obstacle or not _is_as_it_was(agreement, then):
        raise AgreementRefusedError("changed")
    payments = reads.payments_of(agreement)
    proposal = Proposal(
        agreement.total_cents, len(payments), agreement.first_on, first_cents=payments[0].amount_cents
    )
    return renegotiation.judge(
        proposal, debt=then.owed, rules=known[1], by=by, on=timezone.localdate(now), approval=approval
    )


def grounds(debtor: Debtor, creditor: Creditor, *, now: datetime) -> tuple[OfferRules, Rules, Negotiable]:
    """Return the rules and what may be agreed on by them; raises AgreementRefusedError where nothing may."""
    known = reads.rules_of(creditor.pk)
    if known is None:
        raise AgreementRefusedError("no_rules")
    found = reads.negotiable(debtor_id=debtor.pk, creditor_id=creditor.pk, on=timezone.localdate(now))
    if found.obstacle:
        raise AgreementRefusedError(found.obstacle)
    return *known, found


def _is_as_it_was(agreement: Agreement, then: Negotiable) -> bool:
    """Return whether the debts owe what was written down, and no money came since."""
    kept = {
        each.debt_id: settlement_rules.Items(
            each.principal_cents,
            correction_cents=each.correction_cents,
            interest_cents=each.interest_cents,
            late_fee_cents=each.late_fee_cents,
            costs_cents=each.costs_cents,
        )
        for each in agreement.debts.all()
    }
    since = Payment.objects.filter(
        debtor=agreement.debtor_id, creditor=agreement.creditor_id, recorded_at__gte=agreement.proposed_at
    )
    return kept == then.debts and not since.exists()
