"""What the app that speaks keeps; the only place that re-exports."""

from contacts.models.approval import PolicyEvent, PolicyProposal
from contacts.models.closed_day import ClosedDay
from contacts.models.consent import Consent, OptOut
from contacts.models.contact import Attempt, Contact
from contacts.models.hold import Hold
from contacts.models.policy import ContactPolicy, PolicyHead
from contacts.models.preview import PolicyPreview
from contacts.models.receipt import ProviderEvent
from contacts.models.template import Template

__all__ = [
    "Attempt",
    "ClosedDay",
    "Consent",
    "Contact",
    "ContactPolicy",
    "Hold",
    "OptOut",
    "PolicyEvent",
    "PolicyHead",
    "PolicyPreview",
    "PolicyProposal",
    "ProviderEvent",
    "Template",
]
