"""How a call stands that the provider places for the agent, as one line of the case card."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from contacts.models import Contact, PhoneCall
from contacts.vocabulary import ContactState, Outcome


@dataclass(frozen=True)
class CallPart:
    """One line on a call. While it `is_under_way` the page asks again; `tone` as of every state."""

    text: str
    tone: str
    is_under_way: bool


def of(placed: Sequence[Contact]) -> CallPart | None:
    """Return the line on a lease's last call that began; None where agents dial by hand, or nobody did."""
    contact = next((each for each in placed if each.started_at), None)
    if contact is None:
        return None
    attempt = contact.attempts.select_related("phone_call").filter(provider="twilio").last()
    if attempt is None:
        return None
    call: PhoneCall | None = getattr(attempt, "phone_call", None)
    if contact.state in (ContactState.SENDING, ContactState.SENT, ContactState.UNKNOWN):
        return _under_way(call)
    return _over(contact)


def _under_way(call: PhoneCall | None) -> CallPart:
    if call is None:
        return CallPart(_("Your telephone rings first: answer it and press any key."), "info", True)
    if call.ended_at is not None:
        return CallPart(_("The call is over. Record what it came to."), "ok", False)
    if call.is_connected:
        return CallPart(_("You are connected."), "ok", True)
    return CallPart(_("The customer's telephone rings."), "info", True)


def _over(contact: Contact) -> CallPart:
    if contact.outcome == Outcome.VOICEMAIL:
        return CallPart(_("No person answered: we hung up, and nothing was left on it."), "wait", False)
    if contact.outcome == Outcome.NO_ANSWER:
        text = _("The line was busy.") if contact.error_code == "busy" else _("Nobody answered.")
        return CallPart(text, "wait", False)
    if contact.outcome == Outcome.FAILED:
        return CallPart(_("The call did not come about; it counts for nothing."), "bad", False)
    return CallPart(_("The call is over. Record what it came to."), "ok", False)
