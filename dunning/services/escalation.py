"""The only writer of steps beyond asking: each guarded, asked for by one person and approved by another."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from debtors.models import Creditor, Debt, Debtor, EscalationEvent, EscalationFile, User
from debtors.rules import escalation_dates, escalation_files
from debtors.rules.escalation import Step
from debtors.rules.escalation_files import Row
from debtors.services import access
from debtors.vocabulary import EscalationKind, EscalationStep, Medium
from dunning.queries import escalating
from dunning.queries.escalating import Standing

logger = structlog.get_logger(__name__)

MAY_ASK, MAY_APPROVE, MAY_EXPORT = (f"debtors.{verb}_escalation" for verb in ("request", "approve", "export"))
#: What nobody waits to hear before a step is asked for: these are what asking, and waiting, bring about.
MAY_STILL_COME = frozenset(
    {
        "not_approved", "approval_too_low", "approval_without_reason", "approval_expired", "not_announced",
        "delivery_not_proven", "announced_too_recently", "no_proof_of_debt",
    }
)  # fmt: skip
PROOFS = (EscalationKind.PROVEN, EscalationKind.ANNOUNCED, EscalationKind.DELIVERED)
MOST_ROWS = 5_000


class EscalationRefusedError(Exception):
    """It was not done; `reasons` are codes of obstacles, or one of the service's own.

    These are `asked_already`, `not_asked`, `same_person`, `in_the_future` and `nothing`.
    """

    def __init__(self, *reasons: str) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


def ask(debt: Debt, *, step: Step, reason: str, by: User, now: datetime) -> None:
    """Ask for a step about a debt.

    Raises EscalationRefusedError while anything but proofs, announcement and approval stands in its way.
    """
    _demand(by, MAY_ASK)
    with _locked(debt):
        standing = escalating.standing(debt, now=now)
        obstacles = [
            each.code for each in standing.decisions[step].obstacles if each.code not in MAY_STILL_COME
        ]
        if obstacles:
            raise EscalationRefusedError(*obstacles)
        if standing.is_asked(step):
            raise EscalationRefusedError("asked_already")
        _keep(debt, step, EscalationKind.ASKED, reason=reason, by=by, now=now)


def decide(debt: Debt, *, step: Step, is_approved: bool, reason: str, by: User, now: datetime) -> None:
    """Approve or refuse what somebody else asked for; an approval serves for thirty days.

    Raises EscalationRefusedError, and PermissionDenied below the level that the step needs.
    """
    _demand(by, MAY_APPROVE)
    level = access.authority_of(by)
    with _locked(debt):
        standing = escalating.standing(debt, now=now)
        if is_approved and level < standing.terms[step].approval:
            raise PermissionDenied(MAY_APPROVE)
        if not standing.is_asked(step):
            raise EscalationRefusedError("not_asked")
        asked = [e for e in standing.events if e.step == step and e.kind == EscalationKind.ASKED][-1]
        if is_approved and asked.by_id == by.pk:
            raise EscalationRefusedError("same_person")
        kind = EscalationKind.APPROVED if is_approved else EscalationKind.REFUSED
        _keep(debt, step, kind, reason=reason, level=level, by=by, now=now)


def note_proof(
    debt: Debt, *, step: Step, kind: EscalationKind, on: date, reference: str, by: User, now: datetime
) -> None:
    """Keep where a proof is: of the debt, of an announcement, that it came, or that a dispute is right.

    A dispute found to be right stops every step about the debt, and its listing must go the same day.
    Raises EscalationRefusedError.
    """
    _demand(by, MAY_ASK)
    if on > timezone.localdate(now):
        raise EscalationRefusedError("in_the_future")
    with _locked(debt):
        if kind == EscalationKind.DELIVERED:
            sent = escalating.standing(debt, now=now).facts.notices.get(step)
            if sent is None or on < sent.sent_on:
                raise EscalationRefusedError("not_announced")
        _keep(debt, step, kind, on=on, reference=reference, by=by, now=now)


def ready(creditor: Creditor, *, step: Step, now: datetime) -> list[Standing]:
    """Return the creditor's debts about which a step may be taken today, all its guards asked."""
    asked = Debt.objects.filter(
        creditor=creditor, escalation__step=step, escalation__kind=EscalationKind.APPROVED
    )
    found = escalating.standings(
        Debt.objects.filter(pk__in=asked.values("pk")).order_by("pk")[:MOST_ROWS], now=now
    )
    return [each for each in found if each.decisions[step].is_allowed]


def to_remove(creditor: Creditor | None, *, now: datetime) -> list[Standing]:
    """Return the listed debts that must leave the bureau, each with its last day, most urgent first."""
    debts = escalating.listed().order_by("pk")
    if creditor is not None:
        debts = debts.filter(creditor=creditor)
    on = timezone.localdate(now)
    due = [each for each in escalating.standings(debts[:MOST_ROWS], now=now) if _must_go(each, on=on)]
    return sorted(due, key=lambda each: each.removal.due_by if each.removal else on)


def export(creditor: Creditor, *, step: Step, by: User, now: datetime) -> EscalationFile:
    """Take a step about every debt of which it may be taken today: one file, and a row on each debt.

    Judged under the debtors' locks: whoever pays or disputes before the file is made is not in it.
    Raises EscalationRefusedError (`nothing`).
    """
    _demand(by, MAY_EXPORT)
    with transaction.atomic():
        _lock({each.debt.debtor_id for each in ready(creditor, step=step, now=now)})
        found = ready(creditor, step=step, now=now)
        return _file(creditor, found, step=step, is_removal=False, by=by, now=now)


def export_removals(creditor: Creditor, *, by: User, now: datetime) -> EscalationFile:
    """Take back every listing of a creditor that must go; raises EscalationRefusedError (`nothing`)."""
    _demand(by, MAY_EXPORT)
    with transaction.atomic():
        _lock({each.debt.debtor_id for each in to_remove(creditor, now=now)})
        found = to_remove(creditor, now=now)
        return _file(creditor, found, step=Step.BUREAU_LISTING, is_removal=True, by=by, now=now)


def _must_go(standing: Standing, *, on: date) -> bool:
    """Whether something already asks for the removal: age alone does so only when its day is near."""
    removal = standing.removal
    if removal is None:
        return False
    by_age = removal.reason in ("five_years", "prescribed")
    return not by_age or (removal.due_by - on).days <= escalation_dates.REMOVAL_WORKDAYS


def _file(
    creditor: Creditor, found: Sequence[Standing], *, step: Step, is_removal: bool, by: User, now: datetime
) -> EscalationFile:
    if not found:
        raise EscalationRefusedError("nothing")
    on = timezone.localdate(now)
    content = escalation_files.write(map(_row, found), step=step.value, is_removal=is_removal, on=on)
    made = EscalationFile.objects.create(
        creditor=creditor,
        step=step,
        is_removal=is_removal,
        rows=len(found),
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        made_at=now,
        made_by=by,
    )
    kind = EscalationKind.REMOVED if is_removal else EscalationKind.DONE
    EscalationEvent.objects.bulk_create(
        EscalationEvent(
            debt=each.debt, step=step, kind=kind, on=on, file=made, by=by, at=now,
            reason=each.removal.reason if is_removal and each.removal else "",
        )
        for each in found
    )  # fmt: skip
    logger.info("file of a step beyond asking made", pk=made.pk)
    return made


def _row(standing: Standing) -> Row:
    debt, debtor, creditor = standing.debt, standing.debt.debtor, standing.debt.creditor
    home = debtor.points.filter(medium=Medium.ADDRESS).order_by("pk").first()
    return Row(
        credor_cnpj=creditor.tax_id,
        credor_nome=creditor.name,
        credor_endereco=creditor.address,
        devedor_documento=debtor.tax_id,
        devedor_nome=debtor.name,
        devedor_endereco=home.value if home else "",
        devedor_cidade=home.city if home else "",
        devedor_uf=home.state if home else "",
        devedor_cep=home.postal_code if home else "",
        contrato=debt.contract,
        natureza=debt.instrument,
        due_on=standing.facts.oldest_due_on or timezone.localdate(debt.created_at),
        owed_cents=standing.facts.owed_cents,
        prova_da_divida=_reference(standing.events, EscalationKind.PROVEN),
        prova_do_aviso=_reference(standing.events, EscalationKind.DELIVERED),
        motivo=standing.removal.reason if standing.removal else "",
    )


def _reference(events: Iterable[EscalationEvent], kind: EscalationKind) -> str:
    return next((each.reference for each in reversed(list(events)) if each.kind == kind), "")


def _keep(
    debt: Debt,
    step: Step,
    kind: EscalationKind,
    *,
    by: User,
    now: datetime,
    on: date | None = None,
    reason: str = "",
    reference: str = "",
    level: int = 0,
) -> None:
    EscalationEvent.objects.create(
        debt=debt,
        step=EscalationStep(step.value),
        kind=kind,
        on=on or timezone.localdate(now),
        reason=reason,
        reference=reference,
        level=level,
        by=by,
        at=now,
    )


@contextmanager
def _locked(debt: Debt) -> Iterator[None]:
    """Open a transaction that holds the debt's debtor."""
    with transaction.atomic():
        _lock({debt.debtor_id})
        yield


def _lock(debtors: Iterable[int]) -> None:
    list(Debtor.objects.select_for_update().filter(pk__in=list(debtors)).order_by("pk").values_list("pk"))


def _demand(user: User, permission: str) -> None:
    if not user.has_perm(permission):
        raise PermissionDenied(permission)
