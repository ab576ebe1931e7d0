"""The gate's rules R0 to R15 one by one, each under the sentence of the specification it stands for.

A rule looks at the JSON of one case and an instant and yields the codes it objects with, perhaps
the same code several times. Between clear and fast, clear wins.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from .reading import (
    WEEKDAYS,
    Case,
    active,
    listed,
    local_clocks,
    read_date,
    read_instant,
    read_time_of_day,
    zones,
)

Rule = Callable[[Case, datetime], Iterator[str]]

FIVE_HOLDS = ["dispute", "bankruptcy", "deceased", "legal", "complaint"]
SEVEN_OUTCOMES = [
    "reserved",
    "unknown",
    "sent",
    "delivered",
    "no_answer",
    "voicemail",
    "conversation",
]


def r0_paused(case: Case, t: datetime) -> Iterator[str]:
    """policy.paused"""
    if case["policy"].get("paused", False):
        yield "PAUSED"


def r1_channel_disabled(case: Case, t: datetime) -> Iterator[str]:
    """channel not in policy.channels"""
    if case["channel"] not in case["policy"]["channels"]:
        yield "CHANNEL_DISABLED"


def r2_tz_unknown(case: Case, t: datetime) -> Iterator[str]:
    """ZONES is empty, or a name in it cannot be loaded"""
    if zones(case) is None:
        yield "TZ_UNKNOWN"


def is_inside(now: timedelta, start: timedelta, end: timedelta, *, inclusive: bool) -> bool:
    """start <= now < end; with window_end_inclusive: start <= now <= end"""
    return start <= now <= end if inclusive else start <= now < end


def r3_outside_hours(case: Case, t: datetime, *, is_inside: Callable[..., bool] = is_inside) -> Iterator[str]:
    """in some zone, the local time of day is in no window of that zone's local weekday"""
    policy = case["policy"]
    if case["channel"] in listed(policy, "hours_exempt_channels"):
        return
    for local in local_clocks(case, t):
        windows = (policy.get("windows") or {}).get(WEEKDAYS[local.weekday()]) or []
        now = timedelta(
            hours=local.hour,
            minutes=local.minute,
            seconds=local.second,
            microseconds=local.microsecond,
        )
        inclusive = policy.get("window_end_inclusive", False)
        if not any(
            is_inside(now, read_time_of_day(start), read_time_of_day(end), inclusive=inclusive)
            for start, end in windows
        ):
            yield "OUTSIDE_HOURS"


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def is_birthday(today: date, born: date, feb29: str) -> bool:
    """feb29: on which day a 29 February birthday falls in common years; in leap years 29 February only"""
    if (born.month, born.day) == (2, 29) and not is_leap(today.year):
        days = {"feb28": [(2, 28)], "mar1": [(3, 1)], "both": [(2, 28), (3, 1)]}[feb29]
        return (today.month, today.day) in days
    return (today.month, today.day) == (born.month, born.day)


def r4_birthday(case: Case, t: datetime) -> Iterator[str]:
    """in some zone today is the birthday"""
    policy, born = case["policy"], case["debtor"].get("birth_date")
    if not policy.get("block_birthday", True) or born is None:
        return
    if case["channel"] in listed(policy, "dates_exempt_channels"):
        return
    for local in local_clocks(case, t):
        if is_birthday(local.date(), read_date(born), policy.get("feb29", "both")):
            yield "BIRTHDAY"


def r5_holiday(case: Case, t: datetime) -> Iterator[str]:
    """in some zone today is in holidays, yearly_holidays or debtor.holidays"""
    policy = case["policy"]
    if case["channel"] in listed(policy, "dates_exempt_channels"):
        return
    for local in local_clocks(case, t):
        today = local.date().isoformat()
        if today in listed(policy, "holidays") or today in listed(case["debtor"], "holidays"):
            yield "HOLIDAY"
        if today[len("2026-") :] in listed(policy, "yearly_holidays"):
            yield "HOLIDAY"


def age_in_full_years(born: date, today: date) -> int:
    """a person born on 29 February completes a year on 1 March of a common year"""
    if (born.month, born.day) == (2, 29) and not is_leap(today.year):
        completes = date(today.year, 3, 1)
    else:
        completes = date(today.year, born.month, born.day)
    return today.year - born.year - (0 if today >= completes else 1)


def r6_minor(case: Case, t: datetime) -> Iterator[str]:
    """in some zone the age in full years is < minor_age; require_birth_date and no birth date"""
    policy, born = case["policy"], case["debtor"].get("birth_date")
    minor_age = policy.get("minor_age", 18)
    if born is None:
        if policy.get("require_birth_date", False):
            yield "BIRTH_DATE_UNKNOWN"
        return
    for local in local_clocks(case, t):
        if minor_age is not None and age_in_full_years(read_date(born), local.date()) < minor_age:
            yield "MINOR"


def r8_point(case: Case, t: datetime) -> Iterator[str]:
    """POINT_INVALID, _UNVERIFIED, _WORKPLACE, _THIRD_PARTY, _WRONG_CHANNEL (channel not in point.channels)"""
    policy, point = case["policy"], case["point"]
    if point["status"] == "invalid":
        yield "POINT_INVALID"
    if point["status"] == "unverified" and policy.get("block_unverified", False):
        yield "POINT_UNVERIFIED"
    if point["kind"] == "workplace" and policy.get("block_workplace", True):
        yield "POINT_WORKPLACE"
    if point["kind"] == "third_party" and policy.get("block_third_party", True):
        yield "POINT_THIRD_PARTY"
    if case["channel"] not in point["channels"]:
        yield "POINT_WRONG_CHANNEL"


def r9_opt_out(case: Case, t: datetime) -> Iterator[str]:
    """OPT_OUT_GLOBAL, OPT_OUT_CHANNEL (its channel is the case's), OPT_OUT_POINT (point_id = point.id)"""
    for opt_out in listed(case["debtor"], "opt_outs"):
        if not active(opt_out, t):
            continue
        if opt_out.get("scope") == "global":
            yield "OPT_OUT_GLOBAL"
        if opt_out.get("scope") == "channel" and opt_out.get("channel") == case["channel"]:
            yield "OPT_OUT_CHANNEL"
        if opt_out.get("scope") == "point" and opt_out.get("point_id") == case["point"]["id"]:
            yield "OPT_OUT_POINT"


def r10_consent(case: Case, t: datetime) -> Iterator[str]:
    """channel in consent_required and no active consent for it (or for "*")"""
    if case["channel"] not in listed(case["policy"], "consent_required", ["whatsapp"]):
        return
    for consent in listed(case["debtor"], "consents"):
        if consent.get("channel") in (case["channel"], "*") and active(consent, t):
            return
    yield "CONSENT_MISSING"


def r11_hold(case: Case, t: datetime) -> Iterator[str]:
    """an active hold whose kind is in holds_blocking"""
    for hold in listed(case["debtor"], "holds"):
        if active(hold, t) and hold["kind"] in listed(case["policy"], "holds_blocking", FIVE_HOLDS):
            yield "HOLD_" + hold["kind"].upper()


def r12_promise_grace(case: Case, t: datetime) -> Iterator[str]:
    """among promises with status open and made_at <= t take the earliest date D; blocked while, in some
    zone, today <= D + promise_grace_days; not judged if purpose is in promise_exempt_purposes"""
    policy, promises = case["policy"], listed(case["debtor"], "promises")
    if not policy.get("promise_grace", True):
        return
    if (case.get("purpose") or "collection") in listed(policy, "promise_exempt_purposes"):
        return
    running = [p for p in promises if p.get("status") == "open" and read_instant(p["made_at"]) <= t]
    if not running:
        return
    earliest = min(read_date(promise["date"]) for promise in running)
    for local in local_clocks(case, t):
        if local.date() <= earliest + timedelta(days=policy.get("promise_grace_days", 0)):
            yield "PROMISE_GRACE"


def r13_cooldown(case: Case, t: datetime) -> Iterator[str]:
    """a contact with outcome "conversation" with 0 <= t - at < hours, on any channel"""
    hours = case["policy"].get("conversation_cooldown_hours")
    if hours is None:
        return
    for contact in listed(case["debtor"], "contacts"):
        ago = t - read_instant(contact["at"])
        if contact.get("outcome") == "conversation" and timedelta(0) <= ago < timedelta(hours=hours):
            yield "CONVERSATION_COOLDOWN"


def r14_caps(case: Case, t: datetime) -> Iterator[str]:
    """*_TOTAL looks at all channels, *_CHANNEL at contacts of this channel with this channel's CAP,
    *_POINT at the number's own contacts, whoever they were with"""
    caps = case["policy"].get("caps") or {}
    outcomes = listed(case["policy"], "counted_outcomes", SEVEN_OUTCOMES)
    counted = [
        contact
        for contact in listed(case["debtor"], "contacts")
        if contact.get("outcome") in outcomes and read_instant(contact["at"]) <= t
    ]
    yield from one_cap(case, t, caps.get("total") or {}, counted, "TOTAL")
    channel_cap = (caps.get("channels") or {}).get(case["channel"]) or {}
    same_channel = [contact for contact in counted if contact.get("channel") == case["channel"]]
    yield from one_cap(case, t, channel_cap, same_channel, "CHANNEL")
    at_the_number = [
        contact
        for contact in listed(case["point"], "contacts")
        if contact.get("outcome") in outcomes and read_instant(contact["at"]) <= t
    ]
    yield from one_cap(case, t, caps.get("point") or {}, at_the_number, "POINT")


def one_cap(case: Case, t: datetime, cap: Case, counted: list[Case], which: str) -> Iterator[str]:
    per_day, per_week, gap = (
        cap.get("per_day"),
        cap.get("per_7_days"),
        cap.get("gap_minutes"),
    )
    moments = [read_instant(contact["at"]) for contact in counted]

    # in some zone, the number of counted contacts whose local date is today is >= per_day
    for zone in zones(case) or []:
        today = t.astimezone(zone).date()
        if per_day is not None and sum(at.astimezone(zone).date() == today for at in moments) >= per_day:
            yield f"CAP_DAY_{which}"

    if per_week is not None and case["policy"].get("week_mode", "rolling") == "rolling":
        # rolling: number with t - at < 168 h is >= per_7_days
        if sum(t - at < timedelta(hours=168) for at in moments) >= per_week:
            yield f"CAP_7D_{which}"
    elif per_week is not None:
        # local_dates: in some zone, number whose local date is in [today-6, today] is >= per_7_days
        for zone in zones(case) or []:
            today = t.astimezone(zone).date()
            dates = [at.astimezone(zone).date() for at in moments]
            if sum(today - timedelta(days=6) <= on <= today for on in dates) >= per_week:
                yield f"CAP_7D_{which}"

    # some counted contact has t - at < gap_minutes
    if gap is not None and any(t - at < timedelta(minutes=gap) for at in moments):
        yield f"GAP_{which}"


def r15_voicemail(case: Case, t: datetime) -> Iterator[str]:
    """action "speak", channel "voice", never_leave_voicemail and answered_by is "machine", or is
    null/"unknown" while unknown_answer_is_machine; any answered_by but "human" and "machine" is unknown"""
    policy, answered_by = case["policy"], case.get("answered_by")
    if case.get("action") != "speak" or case["channel"] != "voice":
        return
    if not policy.get("never_leave_voicemail", True) or answered_by == "human":
        return
    if answered_by == "machine" or policy.get("unknown_answer_is_machine", True):
        yield "VOICEMAIL"


RULES: dict[str, Rule] = {
    "R0": r0_paused,
    "R1": r1_channel_disabled,
    "R2": r2_tz_unknown,
    "R3": r3_outside_hours,
    "R4": r4_birthday,
    "R5": r5_holiday,
    "R6": r6_minor,
    "R8": r8_point,
    "R9": r9_opt_out,
    "R10": r10_consent,
    "R11": r11_hold,
    "R12": r12_promise_grace,
    "R13": r13_cooldown,
    "R14": r14_caps,
    "R15": r15_voicemail,
}
JUDGED_WHEN_SPEAKING = ["R0", "R9", "R11", "R15"]
