"""By which channels a proposal may be sent, on the page of the app below."""

from django import template
from django.utils import timezone

from contacts import proposal_ways, queries
from contacts.proposal_ways import Way
from debtors.models import Agreement

register = template.Library()


@register.simple_tag
def proposal_ways_of(agreement: Agreement) -> list[Way]:
    """Return every channel that is switched on, with its button or with why there is none."""
    known = queries.gather_or_doubt([agreement.debtor], now=timezone.now())
    return proposal_ways.ways(agreement, known=known)
