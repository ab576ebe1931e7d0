"""What of a snapshot is trouble, in words, the worst first. A new alarm is a function in the table below."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collections_crm.snapshot import Snapshot
from contacts.services import skew
from contacts.vocabulary import ContactState

#: Sending that is so far behind does not keep up with what is wanted.
BEHIND = timedelta(minutes=10)
NO_WORKER = "no_worker"


@dataclass(frozen=True)
class Alarm:
    """One thing that needs somebody. `tone` is bad, wait or info; `code` names it to machines."""

    code: str
    tone: str
    text: str
    url: str = ""
    action: str = ""

    @property
    def is_told(self) -> bool:
        """Whether managers are told of it by e-mail: what they did themselves they know."""
        return self.tone != "info"


def held(seen: Snapshot) -> Alarm | None:
    """All senders are held, because the database is older than what left."""
    if seen.held is None:
        return None
    text = _("Nothing leaves: all senders are held.")
    return Alarm("held", "bad", text, reverse("contacts:unclear"), _("Why, and what to do"))


def without_policy(seen: Snapshot) -> Alarm | None:
    """No policy is in force."""
    if seen.head is not None:
        return None
    text = _("No contact policy is in force: nothing leaves.")
    return Alarm("no_policy", "bad", text, reverse("contacts:policy"), _("See the policy"))


def nobody_works(seen: Snapshot) -> Alarm | None:
    """No worker was seen lately."""
    if seen.working:
        return None
    return Alarm(NO_WORKER, "bad", _("No worker is alive: nothing leaves and nothing is planned."))


def clocks_differ(seen: Snapshot) -> Alarm | None:
    """This machine's clock and the database's, or a provider's, differ."""
    seconds = seen.skew.total_seconds()
    if abs(seconds) <= skew.NOTICED.total_seconds():
        return None
    words = {"seconds": round(seconds)}
    if abs(seconds) > skew.TOO_FAR.total_seconds():
        text = _("This machine's clock is %(seconds)s seconds off: it sends nothing.")
        return Alarm("clock", "bad", text % words)
    return Alarm("clock", "wait", _("This machine's clock is %(seconds)s seconds off.") % words)


def engine_in_trouble(seen: Snapshot) -> Alarm | None:
    """The queue of bells cannot be reached, or nobody takes them."""
    if not seen.engine.is_reachable:
        return Alarm("engine", "bad", _("The queue of the task engine does not answer."))
    if seen.engine.is_behind:
        text = _("%(number)s bells wait in the queue of the task engine: nobody takes them.")
        return Alarm("engine", "bad", text % {"number": seen.engine.waiting})
    return None


def senders_are_off(seen: Snapshot) -> Alarm | None:
    """A manager switched senders off."""
    number = sum(not each.is_on for each in seen.senders)
    if not number:
        return None
    text = ngettext("%(number)s sender is switched off.", "%(number)s senders are switched off.", number)
    return Alarm("sender_off", "info", text % {"number": number}, "#senders", _("Which"))


def senders_rest(seen: Snapshot) -> Alarm | None:
    """Senders rest because their provider is in trouble."""
    if not seen.resting:
        return None
    number = len(seen.resting)
    text = ngettext("%(number)s sender rests.", "%(number)s senders rest.", number)
    return Alarm("sender_rests", "bad", text % {"number": number}, "#senders", _("Which, and why"))


def evidence_came_late(seen: Snapshot) -> Alarm | None:
    """A provider told of messages that were held not to have left."""
    if not seen.contradictions:
        return None
    text = ngettext(
        "%(number)s message was held for unsent and did leave.",
        "%(number)s messages were held for unsent and did leave.",
        seen.contradictions,
    )
    words = {"number": seen.contradictions}
    return Alarm("late_evidence", "bad", text % words, reverse("contacts:unclear"), _("See them"))


def contact_is_stopped(seen: Snapshot) -> Alarm | None:
    """Something could not be read or judged."""
    if not seen.open_findings:
        return None
    text = ngettext(
        "%(number)s thing stops contact although nobody wished it.",
        "%(number)s things stop contact although nobody wished it.",
        seen.open_findings,
    )
    words = {"number": seen.open_findings}
    return Alarm("findings", "bad", text % words, reverse("contacts:findings"), _("See what"))


def sending_is_behind(seen: Snapshot) -> Alarm | None:
    """What is due waits too long."""
    if seen.behind < BEHIND or seen.head is None or seen.head.is_paused:
        return None
    text = _("Sending does not keep up: the oldest message has been due for %(minutes)s minutes.")
    return Alarm("behind", "wait", text % {"minutes": int(seen.behind.total_seconds() // 60)})


def a_list_lags(seen: Snapshot) -> Alarm | None:
    """A provider's list does not show what the provider took, for longer than is waited for."""
    longest = max((each.absent_for for each in seen.list_delays), default=timedelta(0))
    if 2 * longest <= timedelta(seconds=settings.SETTLE_SECONDS):
        return None
    text = _("A provider's list is %(minutes)s minutes behind: what became of messages is known later.")
    return Alarm("list_lags", "wait", text % {"minutes": int(longest.total_seconds() // 60)})


def somebody_must_decide(seen: Snapshot) -> Alarm | None:
    """Messages of unclear fate wait for a person."""
    number = seen.number(ContactState.PARKED)
    if not number:
        return None
    text = ngettext(
        "%(number)s message waits for a person.", "%(number)s messages wait for a person.", number
    )
    return Alarm("parked", "wait", text % {"number": number}, reverse("contacts:unclear"), _("Decide"))


def everything_is_paused(seen: Snapshot) -> Alarm | None:
    """A manager paused all contact."""
    if seen.head is None or not seen.head.is_paused:
        return None
    text = _("Everything is paused by a manager.")
    return Alarm("paused", "info", text, reverse("contacts:policy"), _("See the policy"))


#: Every alarm there is, the worst first.
ALARMS: tuple[Callable[[Snapshot], Alarm | None], ...] = (
    held,
    without_policy,
    nobody_works,
    clocks_differ,
    engine_in_trouble,
    senders_rest,
    evidence_came_late,
    contact_is_stopped,
    sending_is_behind,
    a_list_lags,
    somebody_must_decide,
    everything_is_paused,
    senders_are_off,
)


def of(seen: Snapshot) -> list[Alarm]:
    """Return everything that needs somebody."""
    return [alarm for each in ALARMS if (alarm := each(seen))]
