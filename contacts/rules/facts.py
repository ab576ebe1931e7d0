"""What the gate is told and what it answers: facts, terms, objections, a decision; values, no behaviour.

The names follow the gate's JSON (see `case_json` and `policy_json`); an interval's "from" and "until"
are `active_from` and `active_until`. Instants are aware datetimes, "on" values are local dates.

They are structs of `msgspec`, made in C: a preview makes hundreds of thousands, and an auditor's lines are
read straight into them. Holding no cycle, they are none of the garbage collector's business (`gc`). Types
and bounds are what a line is checked for; whoever else makes a fact answers for it himself.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct, field

Instant = Annotated[datetime, Meta(tz=True)]
#: Longer ones overflow somewhere; the patient readers of JSON say so.
Duration = Annotated[float, Meta(ge=-1e6, le=1e6)]

EVERY_DAY_CLOSED: tuple[tuple["Window", ...], ...] = ((),) * 7
BLOCKING_HOLDS = frozenset({"dispute", "bankruptcy", "deceased", "legal", "complaint"})
COUNTED_OUTCOMES = frozenset(
    {"reserved", "unknown", "sent", "delivered", "no_answer", "voicemail", "conversation"}
)


class Window(Struct, frozen=True, gc=False):
    """A span of local wall time within one day, in minutes since midnight; 24:00 is 1440."""

    start_minute: int
    end_minute: int


class Cap(Struct, frozen=True, gc=False):
    """How often is enough. None is no limit; `gap_minutes` may be a fraction."""

    per_day: int | None = None
    per_7_days: int | None = None
    gap_minutes: Duration | None = None


class PolicyTerms(Struct, frozen=True, kw_only=True, gc=False):
    """The policy as it binds one debtor and one channel, overlays already narrowed into it.

    `windows` holds the days Monday first. `week_mode` is "rolling" (168 hours), "local_dates", or
    "both" where overlays differ; `feb29` is "feb28", "mar1" or "both". `is_unreadable` says that
    something which binds here could not be read: then nothing may leave.
    """

    channels: frozenset[str]
    paused: bool = False
    windows: tuple[tuple[Window, ...], ...] = EVERY_DAY_CLOSED
    window_end_inclusive: bool = False
    hours_exempt_channels: frozenset[str] = frozenset()
    dates_exempt_channels: frozenset[str] = frozenset()
    fallback_time_zones: tuple[str, ...] = ()
    block_birthday: bool = True
    feb29: str = "both"
    holidays: frozenset[date] = frozenset()
    yearly_holidays: frozenset[tuple[int, int]] = frozenset()  # (month, day)
    minor_age: int | None = 18
    require_birth_date: bool = False
    block_workplace: bool = True
    block_third_party: bool = True
    block_unverified: bool = False
    consent_required: frozenset[str] = frozenset({"whatsapp"})
    holds_blocking: frozenset[str] = BLOCKING_HOLDS
    promise_grace: bool = True
    promise_grace_days: int = 0
    promise_exempt_purposes: frozenset[str] = frozenset()
    conversation_cooldown_hours: float | None = None
    counted_outcomes: frozenset[str] = COUNTED_OUTCOMES
    total_cap: Cap | None = None
    channel_caps: Mapping[str, Cap] = field(default_factory=dict)
    point_cap: Cap | None = None
    week_mode: str = "rolling"
    never_leave_voicemail: bool = True
    unknown_answer_is_machine: bool = True
    message_first: bool = False
    is_unreadable: bool = False


class HoldFacts(Struct, frozen=True, gc=False):
    """A reason to leave the debtor in peace, active from `active_from` until just before `active_until`."""

    kind: str
    active_from: Instant | None = field(default=None, name="from")
    active_until: Instant | None = field(default=None, name="until")


class OptOutFacts(Struct, frozen=True, gc=False):
    """A wish not to be contacted; `scope` is "global", "channel" or "point"."""

    scope: str
    channel: str | None = None
    point_id: str | None = None
    active_from: datetime | None = None
    active_until: datetime | None = None


class ConsentFacts(Struct, frozen=True, gc=False):
    """A permission for one channel, or for every one ("*")."""

    channel: str
    active_from: Instant | None = field(default=None, name="from")
    active_until: Instant | None = field(default=None, name="until")


class PromiseFacts(Struct, frozen=True, gc=False):
    """A promise to pay on a local date. Only promises with status "open" hold contact back."""

    due_on: date
    made_at: datetime
    status: str = "open"


class ContactFacts(Struct, frozen=True, gc=False):
    """A past contact and how it ended, in the gate's words ("reserved", "sent", "conversation" ...)."""

    at: Instant
    channel: str
    outcome: str


class PointFacts(Struct, frozen=True, kw_only=True, gc=False):
    """The number or address: `kind` own, workplace, third_party; `status` valid, unverified, invalid.

    `contacts` are the past contacts at it, with whichever debtor who shares it.
    """

    id: str
    kind: str
    status: str
    channels: frozenset[str]
    time_zones: tuple[str, ...] = ()
    contacts: tuple[ContactFacts, ...] = ()
    is_block_listed: bool = False


class Facts(Struct, frozen=True, kw_only=True, gc=False):
    """All that the gate may know of one wanted contact: what is asked, of whom, at which point.

    `action` is "start", or "speak" once a call has been answered; `answered_by` is "human",
    "machine", "unknown" or None. `time_zones` are all zones in which the debtor may be.
    `was_messaged` says that a message went to him before, or a word of his came to us;
    `wrote_at` is when he last wrote on this channel, `is_free_text` a text that is no template.
    """

    channel: str
    point: PointFacts
    purpose: str = "collection"
    action: str = "start"
    answered_by: str | None = None
    birth_date: date | None = None
    time_zones: tuple[str, ...] = ()
    holidays: frozenset[date] = frozenset()
    holds: tuple[HoldFacts, ...] = ()
    opt_outs: tuple[OptOutFacts, ...] = ()
    consents: tuple[ConsentFacts, ...] = ()
    promises: tuple[PromiseFacts, ...] = ()
    contacts: tuple[ContactFacts, ...] = ()
    something_is_owed: bool = True
    is_statute_barred: bool = False
    is_ledger_in_doubt: bool = False
    money_in_transit_until: date | None = None
    was_messaged: bool = True
    is_free_text: bool = False
    wrote_at: datetime | None = None


class Objection(Struct, frozen=True, gc=False):
    """One reason against the contact. `detail` is for the log only (the name of a rule that failed)."""

    code: str
    detail: str = ""


class Decision(Struct, frozen=True, gc=False):
    """The gate's answer. Nothing else in the program may say yes or no.

    `next_allowed` is filled only when `decide` was given a horizon; None then means: not within it.
    """

    objections: tuple[Objection, ...]
    next_allowed: datetime | None = None

    @property
    def is_allowed(self) -> bool:
        """Whether nobody objects."""
        return not self.objections

    @property
    def reasons(self) -> tuple[str, ...]:
        """The codes of all objections, sorted, each once."""
        return tuple(sorted({objection.code for objection in self.objections}))
