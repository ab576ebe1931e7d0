"""What there is to say about the reminders of an agreement, on the page of the app below."""

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from collections_crm.lib import dates
from contacts.models import Contact
from contacts.vocabulary import ContactState
from debtors.models import Agreement
from debtors.rules.agreement_schedule import Progress
from debtors.vocabulary import AgreementState
from dunning.queries import agreed_reminders as reads

register = template.Library()


@register.simple_tag
def reminders_of(agreement: Agreement, progress: Progress | None) -> dict[int, str]:
    """Return what is said of the reminder of each payment, by its number: when, or what became of it."""
    said = {number: _fate(contact) for number, contact in reads.reminders_of(agreement).items()}
    following = progress.next_payment if progress else None
    if agreement.state != AgreementState.ACTIVE or following is None or not reads.are_let_through():
        return said
    planned = {
        number: _("Reminder from %(day)s on") % {"day": dates.format_br(day)}
        for number, day in reads.planned_days(agreement).items()
        if number >= following.number
    }
    return planned | said


@register.filter
def of_payment(said: dict[int, str], number: int) -> str:
    """Return what is said of the reminder of one payment."""
    return said.get(number, "")


def _fate(contact: Contact) -> str:
    if contact.started_at and contact.state in (ContactState.SENT, ContactState.CONCLUDED):
        return _("Reminded on %(day)s") % {"day": dates.format_br(timezone.localdate(contact.started_at))}
    return _("Reminder: %(state)s") % {"state": contact.get_state_display()}
