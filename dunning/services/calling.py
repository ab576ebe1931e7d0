"""An agent's call on a case he holds: one call for each lease and number."""

from datetime import datetime

from contacts import queries as contact_queries
from contacts.models import Contact
from contacts.services import calls
from contacts.vocabulary import Channel, ContactState
from debtors.models import ContactPoint, User
from dunning.models import Case
from dunning.services import workqueue

#: States of a call that was placed and whose end nobody has told yet.
RINGING = (ContactState.SENT, ContactState.UNKNOWN)


def dial(case: Case, *, agent: User, fence: int, point: ContactPoint, now: datetime) -> Contact:
    """Place the call the agent asked for; pressed twice, it is the same call.

    Raises StaleLeaseError when the case is no longer his, NotAllowedError (with the verdict) when
    the gate objects, NotPlacedError when the line refuses.
    """
    workqueue.renew(case, agent=agent, fence=fence, now=now)
    name = f"{_prefix(case, fence=fence)}{point.pk}"
    if not Contact.objects.filter(wanted_by=name).exists():
        asked = contact_queries.may_contact(
            debtor=case.debtor, channel=Channel.VOICE, now=now, creditor_id=case.creditor_id
        )
        verdict = asked.verdict(point)
        if not verdict.is_allowed:
            raise calls.NotAllowedError(verdict)
    return calls.place(
        debtor=case.debtor, creditor=case.creditor, point=point, agent=agent, wanted_by=name, now=now
    )


def ringing(case: Case, *, fence: int) -> list[Contact]:
    """Return the calls placed under a lease whose end was not recorded yet, the last one first."""
    placed = Contact.objects.filter(
        debtor_id=case.debtor_id, wanted_by__startswith=_prefix(case, fence=fence), state__in=RINGING
    )
    return list(placed.select_related("point").order_by("-started_at", "-pk"))


def _prefix(case: Case, *, fence: int) -> str:
    return f"call:{case.pk}:{fence}:"
