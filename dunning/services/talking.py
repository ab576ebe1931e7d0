"""The agent's talk on a case he holds: who was confirmed and how, how far the script is, what he noted."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from debtors.models import ContactPoint, Debtor, User
from debtors.queries.compiled import Read
from debtors.vocabulary import RETIRED_STATUSES, Medium
from dunning.models import Case, DelayReason, Talk
from dunning.rules import confirmation, script
from dunning.rules.confirmation import Person
from dunning.services import workqueue


class NotConfirmedError(Exception):
    """Who is on the telephone is not confirmed: too little matched, or nothing was asked yet."""


def of_lease(case: Case) -> Talk | None:
    """Return the talk of the lease a case has, or had last; None before anything was done in it."""
    return next(iter(_of_lease(case=case.pk, fence=case.fence)), None)


@Read
def _of_lease(case: int, fence: int) -> QuerySet[Talk]:
    return Talk.objects.filter(case=case, fence=fence).select_related("reason")[:1]


def is_confirmed(case: Case, *, fence: int) -> bool:
    """Return whether the person was confirmed under a lease; another lease asks anew."""
    return Talk.objects.filter(case=case, fence=fence, confirmed_at__isnull=False).exists()


def person(debtor: Debtor) -> Person:
    """Return what may be asked of a debtor to confirm who he is; addresses out of use are left out."""
    known = _homes(debtor=debtor.pk)
    return Person(
        full_name=debtor.name,
        tax_id=debtor.tax_id,
        birth_date=debtor.birth_date,
        cities=[city for city, _code in known],
        postal_codes=[code for _city, code in known],
    )


@Read
def _homes(debtor: int) -> QuerySet[ContactPoint, Any]:
    homes = ContactPoint.objects.filter(debtor=debtor, medium=Medium.ADDRESS)
    return homes.exclude(status__in=RETIRED_STATUSES).values_list("city", "postal_code")


def confirm(case: Case, *, agent: User, fence: int, matched: Collection[str], now: datetime) -> Talk:
    """Keep that two data items matched: from here on the debt may be spoken of, while this lease lasts.

    Pressed twice it stays as it was. Raises NotConfirmedError when less than two matched,
    StaleLeaseError when the case is no longer his.
    """
    with transaction.atomic():
        talk = _of(case, agent=agent, fence=fence, now=now)
        if not confirmation.is_enough(matched, person=person(case.debtor)):
            raise NotConfirmedError
        if talk.confirmed_at is None:
            talk.confirmed_at, talk.matched = now, ",".join(sorted(set(matched)))
            talk.step = script.STEPS[0]
            talk.note = "\n".join(part for part in (_noted_while_confirmed(talk), talk.note) if part)
            talk.save()
    return talk


def go_on(
    case: Case,
    *,
    agent: User,
    fence: int,
    step: str,
    bill_arrived: bool | None,
    goods_arrived: bool | None,
    reason: DelayReason | None,
    now: datetime,
) -> Talk:
    """Keep what was answered so far, and the step the talk is at.

    Raises NotConfirmedError before the person is confirmed, StaleLeaseError.
    """
    with transaction.atomic():
        talk = _of(case, agent=agent, fence=fence, now=now)
        if talk.confirmed_at is None:
            raise NotConfirmedError
        talk.step = step
        talk.bill_arrived, talk.goods_arrived, talk.reason = bill_arrived, goods_arrived, reason
        talk.save()
    return talk


def note(case: Case, *, agent: User, fence: int, text: str, now: datetime) -> Talk:
    """Keep the note as it is typed, until the outcome is recorded with it.

    Raises StaleLeaseError.
    """
    with transaction.atomic():
        talk = _of(case, agent=agent, fence=fence, now=now)
        talk.note, talk.note_saved_at = text, now
        talk.save()
    return talk


def _of(case: Case, *, agent: User, fence: int, now: datetime) -> Talk:
    """Return the talk of a lease, begun now if it is new, with the note its agent left unrecorded."""
    workqueue.renew(case, agent=agent, fence=fence, now=now)
    talk = Talk.objects.select_for_update().filter(case=case, fence=fence).first()
    return talk or Talk.objects.create(
        case=case, fence=fence, agent=agent, begun_at=now, note=unrecorded_note(case, agent=agent)
    )


def unrecorded_note(case: Case, *, agent: User) -> str:
    """Return the note an agent left in the last lease of a case without an outcome; else nothing.

    What he noted once the person was confirmed may name the debt: it returns with `confirm`.
    """
    last = next(iter(_last_of(case=case.pk)), None)
    if last is None or last.agent_id != agent.pk or last.confirmed_at:
        return ""
    return _unless_recorded(last)


@Read
def _last_of(case: int) -> QuerySet[Talk]:
    return Talk.objects.filter(case=case).order_by("-fence")[:1]


def _noted_while_confirmed(talk: Talk) -> str:
    """Return the note its agent left without an outcome when the person was last confirmed before."""
    before = Talk.objects.filter(case=talk.case_id, fence__lt=talk.fence, confirmed_at__isnull=False)
    last = before.order_by("-fence").first()
    return _unless_recorded(last) if last and last.agent_id == talk.agent_id else ""


def _unless_recorded(talk: Talk) -> str:
    return "" if talk.case.outcomes.filter(fence=talk.fence).exists() else talk.note
