"""Hands a case to a colleague or supervisor: it waits for him alone, for a day, with a note."""

from datetime import datetime, timedelta

from django.db import transaction

from debtors.models import User
from dunning.models import Case, HandOver
from dunning.queries import desk
from dunning.services.workqueue import StaleLeaseError
from dunning.vocabulary import CaseState

#: Afterwards the queue gives it to whoever comes next: nobody waits for a colleague who fell ill.
WAITS_FOR = timedelta(hours=24)


class MayNotReceiveError(Exception):
    """The colleague does not work the queue, or does not see the portfolio of the case."""


def hand_over(case: Case, *, agent: User, fence: int, to: User, note: str, now: datetime) -> HandOver:
    """Let go of a case and keep it for `to`, who finds it, and the note, under what waits for him.

    It stays as it stands: what rests goes on resting. Raises StaleLeaseError when the case is no
    longer the agent's, MayNotReceiveError; nothing is written then.
    """
    if not desk.may_receive(case, besides=agent).filter(pk=to.pk).exists():
        raise MayNotReceiveError(f"colleague {to.pk}, case {case.pk}")
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).filter(pk=case.pk, agent=agent, fence=fence)
        found = held.exclude(state=CaseState.CLOSED).first()
        if found is None:
            raise StaleLeaseError(f"case {case.pk}, fence {fence}")
        found.agent = found.leased_until = None
        found.reserved_for, found.reserved_until = to, now + WAITS_FOR
        if found.state == CaseState.OPEN:
            found.callable_from = found.callable_from or now
        found.save(update_fields=["agent", "leased_until", "reserved_for", "reserved_until", "callable_from"])
        return HandOver.objects.create(case=found, giver=agent, receiver=to, note=note, handed_at=now)
