"""What happened between us and a debtor, each thing as one line for a page: words, icon and tone."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.utils.translation import gettext as _

from collections_crm.lib import dates, money
from contacts import reasons
from contacts.models import Contact, PhoneCall
from contacts.vocabulary import Channel, ContactState, Outcome
from debtors.models import Agreement, Payment, PromiseToPay
from debtors.vocabulary import AgreementState, EntryKind, Medium, PromiseStatus

MOST_EVENTS = 60
ICONS = {
    Channel.SMS: "message",
    Channel.WHATSAPP: "brand-whatsapp",
    Channel.EMAIL: "mail",
    Channel.VOICE: "phone",
    Channel.LETTER: "mailbox",
    Medium.PHONE: "phone",
    Medium.ADDRESS: "map-pin",
}
TONES = {
    ContactState.BLOCKED: "wait",
    ContactState.EXPIRED: "quiet",
    ContactState.FAILED: "bad",
    ContactState.UNKNOWN: "wait",
    ContactState.PARKED: "wait",
    PromiseStatus.OPEN: "wait",
    PromiseStatus.KEPT: "ok",
    PromiseStatus.PARTLY_KEPT: "wait",
    PromiseStatus.BROKEN: "bad",
    PromiseStatus.CANCELLED: "quiet",
    AgreementState.PROPOSED: "wait",
    AgreementState.ACTIVE: "ok",
    AgreementState.FULFILLED: "ok",
    AgreementState.BROKEN: "bad",
    AgreementState.WITHDRAWN: "quiet",
}


@dataclass(frozen=True)
class Event:
    """One line of the timeline. `kind` is call, message, payment, promise or work."""

    kind: str
    at: datetime
    icon: str
    title: str
    tone: str = ""
    text: str = ""
    by: str = ""
    is_message: bool = False
    is_inbound: bool = False
    has_time: bool = True
    recorded: PhoneCall | None = None

    @property
    def recorded_for(self) -> str:
        """How long the recording is, as 2:05; empty where that is not known."""
        seconds = self.recorded.recording_seconds if self.recorded else None
        return "" if seconds is None else f"{seconds // 60}:{seconds % 60:02}"


def of_contact(
    contact: Contact, *, ended: str = "", note: str = "", recorded: PhoneCall | None = None
) -> Event:
    """Return the line of a contact.

    `ended` and `note` say of a call what the agent wrote down, `recorded` where its recording is, for
    those who may listen to it.
    """
    why = "; ".join(reason.text for reason in reasons.explain_all(contact.objections))
    return Event(
        kind="call" if contact.channel == Channel.VOICE else "message",
        at=contact.started_at or contact.decided_at or contact.created_at,
        icon=ICONS[Channel(contact.channel)],
        title=_title(contact, ended=ended),
        tone=TONES.get(ContactState(contact.state), "info" if contact.body else ""),
        text=contact.body or note or why,
        by=contact.agent.name if contact.agent else "",
        is_message=bool(contact.body),
        is_inbound=contact.is_inbound,
        recorded=recorded,
    )


def of_payment(payment: Payment) -> Event:
    """Return the line of a payment, whose entries and recorder should be fetched with it."""
    is_reversed = fate(payment) == "reversed"
    amount = {"amount": money.format_brl(payment.amount_cents)}
    return Event(
        kind="payment",
        at=datetime.combine(payment.paid_on, time(12), tzinfo=UTC),
        icon="coin",
        title=(_("Payment of %(amount)s taken back") if is_reversed else _("Payment of %(amount)s")) % amount,
        tone="quiet" if is_reversed else "ok",
        text=str(payment.get_method_display()),
        by=payment.recorded_by.name if payment.recorded_by else "",
        has_time=False,
    )


def of_promise(promise: PromiseToPay) -> Event:
    """Return the line of a promise to pay."""
    words = {
        "amount": money.format_brl(promise.amount_cents),
        "day": dates.format_br(promise.promised_on),
        "status": promise.get_status_display(),
    }
    return Event(
        kind="promise",
        at=promise.made_at,
        icon="heart-handshake",
        title=_("Promised %(amount)s for %(day)s · %(status)s") % words,
        tone=TONES[PromiseStatus(promise.status)],
        by=promise.made_to.name if promise.made_to else "",
    )


def of_agreement(agreement: Agreement) -> Event:
    """Return the line of an agreement: what was agreed, in force since or proposed, and how it stands."""
    words = {
        "amount": money.format_brl(agreement.total_cents),
        "status": agreement.get_state_display(),
    }
    return Event(
        kind="promise",
        at=agreement.activated_at or agreement.proposed_at,
        icon="heart-handshake",
        title=_("Agreement on %(amount)s · %(status)s") % words,
        tone=TONES[AgreementState(agreement.state)],
        text=agreement.evidence_reference,
        by=agreement.proposed_by.name,
    )


def fate(payment: Payment) -> str:
    """Return what became of a payment: counted, reversed, or unmet (no debt was left to meet).

    Whether it was taken back, and its entries, should be fetched with it.
    """
    if hasattr(payment, "taken_back"):
        return "reversed"
    return "counted" if unmet_cents(payment) < payment.amount_cents else "unmet"


def unmet_cents(payment: Payment) -> int:
    """Return how much of a payment meets no debt; as `fate` needs it fetched. Never negative."""
    if hasattr(payment, "taken_back"):
        return 0
    undone = {entry.reverses_id for entry in payment.entries.all() if entry.kind == EntryKind.REVERSAL}
    met = [entry for entry in payment.entries.all() if entry.kind == EntryKind.PAYMENT]
    return payment.amount_cents + sum(entry.amount_cents for entry in met if entry.pk not in undone)


def _title(contact: Contact, *, ended: str) -> str:
    channel = str(contact.get_channel_display())
    if contact.is_inbound and contact.outcome == Outcome.INBOUND:
        return _("Wrote to us by %(channel)s") % {"channel": channel}
    if contact.channel == Channel.VOICE and contact.state == ContactState.SENT:
        return _("Call under way")
    said = ended or (contact.get_outcome_display() if contact.outcome else contact.get_state_display())
    what = contact.template.title if contact.template else channel[:1].upper() + channel[1:]
    return f"{what} · {said}"
