"""An agent's call on a case he holds: one call for each lease and number."""

from datetime import datetime

from django.db.models import F, Q, QuerySet

from contacts import queries as contact_queries
from contacts.models import Contact
from contacts.services import calls
from contacts.vocabulary import Channel, ContactState, Outcome
from debtors.models import ContactPoint, User
from dunning.models import Case
from dunning.services import workqueue

#: States of a call that was placed and whose end nobody has told yet.
RINGING = (ContactState.SENT, ContactState.UNKNOWN)
UNANSWERED = (Outcome.NO_ANSWER, Outcome.VOICEMAIL)
#: Did not come about, or was refused at the last moment: the agent may ask again.
NEVER_WAS = Q(outcome=Outcome.FAILED) | Q(state=ContactState.CANCELLED)


def dial(case: Case, *, agent: User, fence: int, point: ContactPoint, now: datetime) -> Contact:
    """Place the call the agent asked for; pressed twice, it is the same call.

    Raises StaleLeaseError when the case is no longer his, NotAllowedError (with the verdict) when
    the gate objects, NotPlacedError when the line refuses.
    """
    workqueue.renew(case, agent=agent, fence=fence, now=now)
    name = _name(case, fence=fence, point=point)
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
    return [call for call in placed(case, fence=fence) if call.state in RINGING]


def ended(case: Case, *, fence: int) -> Contact | None:
    """Return the last call placed under a lease of which the provider told that nobody was spoken to."""
    return _of_lease(case, fence=fence).filter(outcome__in=UNANSWERED).order_by("-started_at", "-pk").first()


def placed(case: Case, *, fence: int) -> list[Contact]:
    """Return the calls placed under a lease, however they stand, with their numbers, the last one first."""
    every = _of_lease(case, fence=fence).select_related("point")
    return list(every.order_by(F("started_at").desc(nulls_last=True), "-pk"))


def _name(case: Case, *, fence: int, point: ContactPoint) -> str:
    """Return the name of the call to a number: pressed twice the same, another after one that never was."""
    base = f"{_prefix(case, fence=fence)}{point.pk}"
    of_the_number = Q(wanted_by=base) | Q(wanted_by__startswith=f"{base}:")
    in_vain = Contact.objects.filter(of_the_number, NEVER_WAS, debtor_id=case.debtor_id).count()
    return f"{base}:{in_vain + 1}" if in_vain else base


def _of_lease(case: Case, *, fence: int) -> QuerySet[Contact]:
    return Contact.objects.filter(
        debtor_id=case.debtor_id, wanted_by__startswith=_prefix(case, fence=fence), is_inbound=False
    )


def _prefix(case: Case, *, fence: int) -> str:
    return f"call:{case.pk}:{fence}:"
