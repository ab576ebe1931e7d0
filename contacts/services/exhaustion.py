"""Retires a number that nobody ever answers, after as many calls as the manager allows."""

from datetime import datetime

from django.utils.translation import gettext

from contacts.models import Contact, PolicyHead
from contacts.rules import exhaustion
from contacts.vocabulary import Channel
from debtors.services import people
from debtors.vocabulary import PointStatus


def is_unanswered(contact: Contact) -> bool:
    """Return whether this was a call to a known number that reached nobody."""
    is_call = contact.channel == Channel.VOICE and contact.point_id is not None
    return is_call and contact.outcome in exhaustion.UNANSWERED


def retire_if_exhausted(contact: Contact, *, now: datetime) -> bool:
    """Retire the number of an unanswered call when it was the last try; return whether it was.

    The debtor must be held by the caller, who concluded the call in the same transaction. A message
    says nothing of who answers a telephone; whatever came from it ends the row of tries.
    """
    after_tries = _tries_allowed()
    if after_tries is None or contact.point is None:
        return False
    there = Contact.objects.filter(point=contact.point, started_at__isnull=False)
    spoken = there.filter(channel=Channel.VOICE) | there.filter(is_inbound=True)
    ended = spoken.exclude(outcome__in=exhaustion.SAYS_NOTHING).order_by("-started_at", "-pk")
    outcomes = ended.values_list("outcome", flat=True)[:after_tries]
    if not exhaustion.is_exhausted(outcomes, after_tries=after_tries):
        return False
    source = gettext("%(tries)s calls in a row unanswered") % {"tries": after_tries}
    people.retire_point(contact.point, status=PointStatus.EXHAUSTED, source=source, by=None, now=now)
    return True


def _tries_allowed() -> int | None:
    """Return how many unanswered calls in a row the policy in force allows; None is any number."""
    heads = PolicyHead.objects.filter(scope="house")
    return exhaustion.tries_allowed(heads.values_list("policy__terms", flat=True).first())
