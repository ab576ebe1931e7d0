"""What the app that speaks keeps; the only place that re-exports."""

from contacts.models.approval import PolicyEvent, PolicyProposal
from contacts.models.block_list import BlockedNumber, BlockList, BlockListEvent
from contacts.models.call import CallLine, PhoneCall
from contacts.models.closed_day import ClosedDay
from contacts.models.consent import Consent, OptOut, Refusal
from contacts.models.contact import Attempt, Contact
from contacts.models.finding import Finding
from contacts.models.hold import Hold
from contacts.models.instance import Instance
from contacts.models.letter import Letter, LetterBatch
from contacts.models.list_delay import ListDelay
from contacts.models.notice import InternalNotice, RaisedAlarm
from contacts.models.overlay import Overlay, OverlayChange
from contacts.models.policy import ContactPolicy, PolicyHead
from contacts.models.preference import Preference
from contacts.models.preview import PolicyPreview, PreviewPart
from contacts.models.provider_text import ProviderText
from contacts.models.receipt import ProviderEvent
from contacts.models.sender import Sender
from contacts.models.template import Template
from contacts.models.worker_run import WorkerRun

__all__ = [
    "Attempt",
    "BlockList",
    "BlockListEvent",
    "BlockedNumber",
    "CallLine",
    "ClosedDay",
    "Consent",
    "Contact",
    "ContactPolicy",
    "Finding",
    "Hold",
    "Instance",
    "InternalNotice",
    "Letter",
    "LetterBatch",
    "ListDelay",
    "OptOut",
    "Overlay",
    "OverlayChange",
    "PhoneCall",
    "PolicyEvent",
    "PolicyHead",
    "PolicyPreview",
    "PolicyProposal",
    "Preference",
    "PreviewPart",
    "ProviderEvent",
    "ProviderText",
    "RaisedAlarm",
    "Refusal",
    "Sender",
    "Template",
    "WorkerRun",
]
