"""The managers' page of operations: what waits, what moves, what stands still and why, kept fresh."""

from collections import Counter
from typing import NamedTuple

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from collections_crm import alarm_mails, alarms, snapshot
from collections_crm.snapshot import Snapshot
from contacts import reasons
from contacts.models import Sender
from contacts.queries.traffic import Rate
from contacts.services import senders
from contacts.vocabulary import Channel, ContactState

#: The states of the table by channel, in the order in which a contact goes through them.
COLUMNS = (
    ContactState.PLANNED,
    ContactState.CLAIMED,
    ContactState.SENDING,
    ContactState.UNKNOWN,
    ContactState.PARKED,
    ContactState.BLOCKED,
)


class HeldBack(NamedTuple):
    """One reason that holds contacts back, and how many."""

    reason: reasons.Reason
    for_good: int
    for_now: int


class SenderRow(NamedTuple):
    """One of our numbers or addresses: what it may send a minute now, what it did, and whether it rests.

    What left by one that the settings do not know any more has no `sender`.
    """

    channel: str
    name: str
    rate: Rate
    sender: Sender | None = None
    per_minute: int | None = None
    is_resting: bool = False


@login_required
@permission_required("contacts.view_attempt", raise_exception=True)
@require_GET
def operations(request: HttpRequest) -> HttpResponse:
    """Show how everything stands; asked by htmx, only the part that changes."""
    seen = snapshot.take(now=timezone.now())
    context = {
        "seen": seen,
        "alarms": alarms.of(seen),
        "columns": [state.label for state in COLUMNS],
        "by_channel": _by_channel(seen),
        "held_back": _held_back(seen),
        "senders": _senders(seen),
        "came_to_nothing": [
            (ContactState(state).label, code, number) for state, code, number in seen.came_to_nothing
        ],
        "unclear": seen.number(ContactState.UNKNOWN),
        "parked": seen.number(ContactState.PARKED),
        "leaving": seen.number(ContactState.CLAIMED) + seen.number(ContactState.SENDING),
        "blocked": seen.number(ContactState.BLOCKED),
        "database": connection.vendor,
        "is_mailed": settings.ALARMS_BY_EMAIL,
        "mailed_to": alarm_mails.managers_told().count() + len(settings.ALARMS_ALSO_TO),
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "operations/_part.html" if is_part else "operations/page.html", context)


@login_required
@permission_required("contacts.change_sender", raise_exception=True)
@require_POST
def wake(request: HttpRequest, sender_id: int) -> HttpResponse:
    """Let a sender go on at once, because its trouble is over."""
    senders.wake(get_object_or_404(Sender, pk=sender_id))
    messages.success(request, _("It goes on with the next message."))
    return redirect("operations")


def _by_channel(seen: Snapshot) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return how many stand in each state, by its word, for each channel by which something has not ended."""
    found = []
    for channel in Channel:
        numbers = [(str(state.label), seen.standing.get(state, Counter())[channel]) for state in COLUMNS]
        if any(number for _word, number in numbers):
            found.append((_label(channel), numbers))
    return found


def _held_back(seen: Snapshot) -> list[HeldBack]:
    codes = sorted(seen.for_good + seen.for_now, key=lambda code: (-seen.for_good[code], -seen.for_now[code]))
    return [HeldBack(reasons.explain(code), seen.for_good[code], seen.for_now[code]) for code in codes]


def _senders(seen: Snapshot) -> list[SenderRow]:
    """Return our senders with what they did; what left without one of them stands by itself."""
    rates = {(rate.channel, rate.provider, rate.sender): rate for rate in seen.rates}
    resting = {sender.pk for sender in seen.resting}
    rows = []
    for each in seen.senders:
        key = (each.channel, each.provider, each.address)
        rate = rates.pop(key, None) or Rate(*key)
        per_minute = senders.rate_of(each, now=seen.at)
        rows.append(SenderRow(_label(each.channel), str(each), rate, each, per_minute, each.pk in resting))
    gone = [SenderRow(_label(rate.channel), rate.sender or rate.provider, rate) for rate in rates.values()]
    return rows + gone


def _label(channel: str) -> str:
    return str(Channel(channel).label)
