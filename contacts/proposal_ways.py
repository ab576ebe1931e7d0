"""By which channels a proposal may be sent now, and what became of what was sent, for a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from collections_crm.lib import dates
from contacts import reasons, timeline
from contacts.models import Contact
from contacts.queries import Gathered
from contacts.queries import proposals as reads
from contacts.services import outbox, proposals, provider_texts
from contacts.vocabulary import Channel, ContactState, Outcome, Purpose
from debtors.models import Agreement

REFUSALS = {
    "over": gettext_noop("It cannot be accepted any more: make another proposal."),
    "waits": gettext_noop("It waits for somebody to approve it first."),
    "no_text": gettext_noop("There is no text in use for it: ask a manager for one (proposal)."),
    "no_point": gettext_noop("No address for it is known, or none that may be used."),
}
LEAVING = (*outbox.NOT_GONE, ContactState.SENDING)
CAME_TO_NOTHING = (ContactState.EXPIRED, ContactState.FAILED, ContactState.CANCELLED)


@dataclass(frozen=True)
class Way:
    """One channel: what is said of it, and whether a button sends it `now`, `then` (it waits), or none."""

    channel: str
    label: str
    icon: str
    tone: str
    said: str
    button: str = ""


def ways(agreement: Agreement, *, known: Gathered) -> list[Way]:
    """Return every channel that is switched on, in the order in which they are offered."""
    return list(_ways(agreement, known=known))


def refusal(reason: str) -> str:
    """Return why a proposal is not sent, in words."""
    return _(REFUSALS[reason])


def _ways(agreement: Agreement, *, known: Gathered) -> Iterator[Way]:
    sent, today = reads.latest_of(agreement), timezone.localdate(known.now)
    for channel in proposals.CHANNELS:
        last = sent.get(channel)
        is_of_today = last is not None and timezone.localdate(last.created_at) == today
        if last is not None and (is_of_today or last.state in LEAVING):
            yield _way(channel, *_fate(last, now=known.now))
            continue
        way = _asked(agreement, channel, known=known)
        if way:
            yield way


def _asked(agreement: Agreement, channel: Channel, *, known: Gathered) -> Way | None:
    """Return what the gate says of sending it by a channel at this moment; None for one switched off."""
    text = proposals.text_in_use(channel)
    wanted = Contact(channel=channel, template=text)
    asked = known.asked(
        agreement.debtor_id,
        channel=channel.value,
        purpose=Purpose.SERVICE,
        creditor_id=agreement.creditor_id,
        is_free_text=provider_texts.is_free_text(wanted),
    )
    if asked.terms and not asked.terms.is_unreadable and channel not in asked.terms.channels:
        return None
    if text is None:
        return _way(channel, "no", refusal("no_text"))
    verdict = asked.best
    if verdict.is_allowed:
        return _way(channel, "yes", "", button="now")
    said = reasons.answer(verdict, asked=asked)
    in_time = verdict.next_allowed is not None and verdict.next_allowed < proposals.ends_at(agreement)
    return _way(channel, said.tone, said.text, button="then" if in_time else "")


def _way(channel: Channel, tone: str, said: str, *, button: str = "") -> Way:
    return Way(channel.value, str(channel.label), timeline.ICONS[channel], tone, said, button)


def _fate(contact: Contact, *, now: datetime) -> tuple[str, str]:
    """Return the tone and the words for what became of a message."""
    words = {"channel": contact.get_channel_display(), "why": _why(contact)}
    if contact.state in (ContactState.SENT, ContactState.CONCLUDED) and contact.started_at:
        if contact.outcome == Outcome.FAILED:
            return "no", _("Sent by %(channel)s, it did not arrive") % words
        return "yes", _("Sent by %(channel)s at %(time)s") % (
            words | {"time": _time(contact.started_at, now=now)}
        )
    if contact.state in CAME_TO_NOTHING:
        return "no", _("It did not leave by %(channel)s") % words
    if contact.state in (ContactState.UNKNOWN, ContactState.PARKED):
        return "later", _("By %(channel)s: %(state)s") % (words | {"state": contact.get_state_display()})
    if words["why"]:
        return "later", _("Leaves by %(channel)s as soon as the policy allows it: %(why)s") % words
    return "later", _("Leaves by %(channel)s as soon as the policy allows it") % words


def _why(contact: Contact) -> str:
    return "; ".join(reason.text for reason in reasons.explain_all(contact.objections))


def _time(moment: datetime, *, now: datetime) -> str:
    here = timezone.localtime(moment)
    is_today = here.date() == timezone.localdate(now)
    return f"{here:%H:%M}" if is_today else f"{here:%H:%M}, {dates.format_br(here.date())}"
