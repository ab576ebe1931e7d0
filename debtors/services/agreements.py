"""The only way to an agreement: what is offered or proposed is judged here, under the debtor's lock."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from debtors.models import (
    AgreedDebt,
    AgreedPayment,
    Agreement,
    AgreementDecision,
    Creditor,
    Debtor,
    OfferRules,
    User,
)
from debtors.queries import offers as reads
from debtors.queries.offers import Negotiable
from debtors.rules import renegotiation, settlement_rules, splitting
from debtors.rules.authority import Approval, Authority
from debtors.rules.renegotiation import APPROVAL_VALID_DAYS, Judgement, Proposal, Verdict
from debtors.rules.settlement_rules import Rules
from debtors.services import access, agreements_kept, negotiating
from debtors.services.negotiating import AgreementRefusedError
from debtors.signals import balance_changed
from debtors.vocabulary import AgreementState, Evidence, PaymentMethod

logger = structlog.get_logger(__name__)

#: Obstacles that a colleague's approval takes away.
WAITING = frozenset({"not_approved", "approval_too_low"})


def propose(
    proposal: Proposal,
    *,
    debtor: Debtor,
    creditor: Creditor,
    first_method: PaymentMethod,
    method: PaymentMethod,
    by: User,
    now: datetime,
) -> Agreement:
    """Keep a proposal that somebody may accept; an older one between the two is withdrawn for it.

    Raises AgreementRefusedError, so when nobody may accept it, and PermissionDenied.
    """
    _must(by, access.MAY_NEGOTIATE)
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debtor.pk)
        if reads.in_force(debtor_id=debtor.pk, creditor_id=creditor.pk):
            raise AgreementRefusedError("one_in_force")
        row, rules, found = negotiating.grounds(debtor, creditor, now=now)
        on = timezone.localdate(now)
        said = renegotiation.judge(proposal, debt=found.owed, rules=rules, by=access.authority_of(by), on=on)
        if said.needed is None or said.verdict is Verdict.REFUSED:
            raise AgreementRefusedError(*said.reasons)
        _make_way(debtor, creditor, now=now)
        made = _keep(proposal, said, row=row, rules=rules, found=found, creditor=creditor, debtor=debtor,
                     by=by, now=now)  # fmt: skip
        AgreedPayment.objects.bulk_create(
            AgreedPayment(
                agreement=made,
                number=each.number,
                due_on=each.due_on,
                amount_cents=each.amount_cents,
                method=first_method if each.number == 1 else method,
            )
            for each in said.payments
        )
    logger.info("agreement proposed", agreement=made.pk, by=by.pk)
    return made


def decide(agreement: Agreement, *, is_approved: bool, reason: str, by: User, now: datetime) -> None:
    """Approve or refuse a proposal that goes beyond its author's limits, with a reason; a refusal ends it.

    Raises AgreementRefusedError (`no_reason`, `approval_too_low`, `not_proposed`, and when the rules
    of today let nobody accept it), and PermissionDenied.
    """
    _must(by, access.MAY_APPROVE)
    with transaction.atomic():
        _lock(agreement)
        if agreement.state != AgreementState.PROPOSED:
            raise AgreementRefusedError("not_proposed")
        if not reason.strip():
            raise AgreementRefusedError("no_reason")
        level = access.authority_of(by)
        said = negotiating.judge_again(agreement, by=level, approval=None, now=now) if is_approved else None
        if said and said.verdict is Verdict.REFUSED:
            raise AgreementRefusedError(*said.reasons)
        if level < agreement.needed or (said and said.verdict is not Verdict.ACCEPTED):
            raise AgreementRefusedError("approval_too_low")
        AgreementDecision.objects.create(
            agreement=agreement,
            is_approved=is_approved,
            level=level,
            reason=reason.strip(),
            by=by,
            on=timezone.localdate(now),
            at=now,
        )
        if not is_approved:
            _withdraw(agreement, reason=reason.strip(), now=now)
    logger.info("agreement decided", agreement=agreement.pk, by=by.pk)


def accept(
    agreement: Agreement, *, evidence: Evidence, reference: str, by: User | None, now: datetime
) -> None:
    """Put a proposal in force, because the debtor has accepted it: discounts are given, contact rests.

    It is judged once more, by the rules of today and the amounts of the day it was proposed. Nobody
    records what the debtor accepts online himself: then `by` is None, and it needs nobody's level but
    that of whoever proposed it, or approved it. Raises AgreementRefusedError and PermissionDenied.
    """
    if by is not None or evidence != Evidence.ONLINE:
        _must(by, access.MAY_NEGOTIATE)
    with transaction.atomic():
        _lock(agreement)
        if not reference.strip():
            raise AgreementRefusedError("no_proof")
        _refuse_what_may_not_be(agreement, by=by, now=now)
        agreement.state, agreement.activated_at, agreement.accepted_by = AgreementState.ACTIVE, now, by
        agreement.evidence, agreement.evidence_reference = evidence, reference.strip()
        agreement.save()
        agreements_kept.give_agreed_discounts(agreement)
        progress = reads.progress_of(agreement, on=timezone.localdate(now))
        agreements_kept.expect_next(agreement, progress, now=now)
        _tell(agreement, now=now)
    colleague = by.pk if by else None
    logger.info("agreement in force", agreement=agreement.pk, by=colleague)


def obstacles(agreement: Agreement, *, now: datetime) -> tuple[str, ...]:
    """Return why a debtor cannot accept a proposal by himself now, as `accept` would say; empty if he can.

    It only looks: nothing is locked or kept.
    """
    try:
        _refuse_what_may_not_be(agreement, by=None, now=now)
    except AgreementRefusedError as error:
        return error.reasons
    return ()


def withdraw(agreement: Agreement, *, reason: str, by: User, now: datetime) -> None:
    """Take a proposal back; of an agreement in force, which a higher level must do, the discount is undone.

    Raises AgreementRefusedError (`no_reason`, `not_proposed`) and PermissionDenied.
    """
    with transaction.atomic():
        _lock(agreement)
        is_in_force = agreement.state == AgreementState.ACTIVE
        _must(by, access.MAY_APPROVE if is_in_force else access.MAY_NEGOTIATE)
        if not reason.strip():
            raise AgreementRefusedError("no_reason")
        if is_in_force:
            agreements_kept.end(
                agreement,
                state=AgreementState.WITHDRAWN,
                reason=reason.strip(),
                keeps_discount=False,
                now=now,
            )
            _tell(agreement, now=now)
        elif agreement.state == AgreementState.PROPOSED:
            _withdraw(agreement, reason=reason.strip(), now=now)
        else:
            raise AgreementRefusedError("not_proposed")
    logger.info("agreement withdrawn", agreement=agreement.pk, by=by.pk)


def _must(user: User | None, right: str) -> None:
    if user is None or not user.has_perm(right):
        raise PermissionDenied(right)


def _lock(agreement: Agreement) -> None:
    """Lock the debtor, and read the agreement as it is now."""
    Debtor.objects.select_for_update().get(pk=agreement.debtor_id)
    agreement.refresh_from_db()


def _keep(
    proposal: Proposal,
    said: Judgement,
    *,
    row: OfferRules,
    rules: Rules,
    found: Negotiable,
    debtor: Debtor,
    creditor: Creditor,
    by: User,
    now: datetime,
) -> Agreement:
    owed = found.owed.items.total_cents
    made = Agreement.objects.create(
        debtor=debtor,
        creditor=creditor,
        proposed_on=timezone.localdate(now),
        proposed_at=now,
        proposed_by=by,
        owed_cents=owed,
        total_cents=proposal.total_cents,
        floor_cents=settlement_rules.lowest_cents(found.owed.items, rules=rules),
        days_late=found.owed.days_late,
        first_on=proposal.first_on,
        needed=said.needed or Authority.MANAGER,
        beyond=[reason for reason in said.reasons if reason != "not_approved"],
        grace_days=row.grace_days,
        when_broken=row.when_broken,
    )
    totals = [items.total_cents for items in found.debts.values()]
    discounts = splitting.split(owed - proposal.total_cents, weights=totals)
    AgreedDebt.objects.bulk_create(
        AgreedDebt(
            agreement=made,
            debt_id=pk,
            principal_cents=items.principal_cents,
            correction_cents=items.correction_cents,
            interest_cents=items.interest_cents,
            late_fee_cents=items.late_fee_cents,
            costs_cents=items.costs_cents,
            discount_cents=discount,
        )
        for (pk, items), discount in zip(found.debts.items(), discounts, strict=True)
    )
    return made


def _make_way(debtor: Debtor, creditor: Creditor, *, now: datetime) -> None:
    for older in Agreement.objects.filter(debtor=debtor, creditor=creditor, state=AgreementState.PROPOSED):
        _withdraw(older, reason="another was proposed", now=now)


def _refuse_what_may_not_be(agreement: Agreement, *, by: User | None, now: datetime) -> None:
    """Refuse what is over, and what the rules of today do not let be accepted."""
    if agreement.state != AgreementState.PROPOSED:
        raise AgreementRefusedError("not_proposed")
    if timezone.localdate(now) > agreement.proposed_on + timedelta(days=APPROVAL_VALID_DAYS):
        raise AgreementRefusedError("proposal_expired")
    if reads.in_force(debtor_id=agreement.debtor_id, creditor_id=agreement.creditor_id):
        raise AgreementRefusedError("one_in_force")
    level = max(access.authority_of(each) for each in (agreement.proposed_by, by) if each)
    approval = _approval(agreement)
    said = negotiating.judge_again(agreement, by=level, approval=approval, now=now)
    allowed = max(level, approval.by) if approval else level
    if said.verdict is not Verdict.ACCEPTED or allowed < agreement.needed:
        raise AgreementRefusedError(*(said.reasons or ("not_approved",)))


def _approval(agreement: Agreement) -> Approval | None:
    approved: Iterable[AgreementDecision] = agreement.decisions.filter(is_approved=True).order_by("-level")
    best = next(iter(approved), None)
    return Approval(Authority(best.level), best.on, best.reason) if best else None


def _withdraw(agreement: Agreement, *, reason: str, now: datetime) -> None:
    agreement.state, agreement.ended_at, agreement.end_reason = AgreementState.WITHDRAWN, now, reason
    agreement.save(update_fields=["state", "ended_at", "end_reason"])
    _tell(agreement, now=now)


def _tell(agreement: Agreement, *, now: datetime) -> None:
    balance_changed.send(Agreement, debtor_id=agreement.debtor_id, creditor_id=agreement.creditor_id, now=now)
