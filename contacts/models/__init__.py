"""What the app that speaks keeps; the only place that re-exports."""

from contacts.models.approval import PolicyEvent, PolicyProposal
from contacts.models.block_list import BlockedNumber, BlockList, BlockListEvent
from contacts.models.closed_day import ClosedDay
from contacts.models.consent import Consent, OptOut
from contacts.models.contact import Attempt, Contact
from contacts.models.hold import Hold
from contacts.models.overlay import Overlay, OverlayChange
from contacts.models.policy import ContactPolicy, PolicyHead
from contacts.models.preference import Preference
from contacts.models.preview import PolicyPreview
from contacts.models.receipt import ProviderEvent
from contacts.models.template import Template

__all__ = [
    "Attempt",
    "BlockList",
    "BlockListEvent",
    "BlockedNumber",
    "ClosedDay",
    "Consent",
    "Contact",
    "ContactPolicy",
    "Hold",
    "OptOut",
    "Overlay",
    "OverlayChange",
    "PolicyEvent",
    "PolicyHead",
    "PolicyPreview",
    "PolicyProposal",
    "Preference",
    "ProviderEvent",
    "Template",
]
