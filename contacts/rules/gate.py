"""The gate: the one function that says whether a contact may leave the house now, and if not, when."""

import logging
from collections.abc import Callable
from datetime import datetime

from contacts.rules import boundaries, calendar, codes, consent, frequency, hours, standing
from contacts.rules.calendar import in_utc
from contacts.rules.facts import Decision, Facts, Objection, PolicyTerms

log = logging.getLogger(__name__)

Rule = Callable[[Facts, PolicyTerms, datetime], tuple[Objection, ...]]

HORIZON_DAYS = 15

RULES: tuple[Rule, ...] = (
    standing.paused,
    standing.unreadable,
    standing.channel_off,
    standing.ledger_in_doubt,
    standing.nothing_owed,
    standing.statute_barred,
    standing.message_first,
    calendar.without_zone,
    hours.outside_hours,
    calendar.on_personal_date,
    calendar.on_holiday,
    calendar.under_age,
    standing.point_unfit,
    consent.opted_out,
    consent.without_consent,
    consent.outside_whatsapp_window,
    standing.held,
    standing.promise_pending,
    standing.money_in_transit,
    frequency.resting_after_conversation,
    frequency.too_often,
    frequency.too_often_at_the_point,
    standing.voicemail,
)
# An answered call was admitted by RULES when it was dialled; asked again is only what may have
# changed since. Hours and caps belong to the start.
RULES_ONCE_ANSWERED: tuple[Rule, ...] = (
    standing.paused,
    standing.unreadable,
    standing.ledger_in_doubt,
    standing.nothing_owed,
    standing.statute_barred,
    consent.opted_out,
    standing.held,
    standing.voicemail,
)
NO_POLICY = (Objection(codes.NO_POLICY),)


def decide(
    *, facts: Facts, terms: PolicyTerms | None, now: datetime, horizon_days: int | None = None
) -> Decision:
    """Return every objection to contacting at `now`, and on demand when the last one falls away.

    `terms` None means that no policy is in force: no contact. A rule that raises blocks too
    (RULE_FAILED), and its name is in the log.

    With `horizon_days` the decision also carries `next_allowed`: `now` itself when allowed, else the
    first whole minute within that many days at which the same facts would be allowed, else None.
    Without it, `next_allowed` is None.

    Raises ValueError when `now` is naive.
    """
    now = in_utc(now)
    if terms is None:
        return Decision(NO_POLICY)
    objections, objecting = _objections(facts, terms, now)
    if horizon_days is None:
        return Decision(objections)
    if objecting is None:
        return Decision(objections, next_allowed=now)
    if not codes.TIMELESS.isdisjoint([objection.code for objection in objections]):
        return Decision(objections)
    return Decision(objections, _next_allowed(facts, terms, now, objecting, horizon_days))


def _objections(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[tuple[Objection, ...], Rule | None]:
    """Return what all rules object, and the last of those that did."""
    objections: tuple[Objection, ...] = ()
    objecting = None
    for rule in _rules_for(facts):
        try:
            found = rule(facts, terms, now)
            objections += found
        except Exception:  # noqa: BLE001  # whatever went wrong: the gate fails closed
            found = _failure_of(rule)
            objections += found
        if found:
            objecting = rule
    return objections, objecting


def _rules_for(facts: Facts) -> tuple[Rule, ...]:
    return RULES_ONCE_ANSWERED if facts.action == "speak" else RULES


def _failure_of(rule: Rule) -> tuple[Objection, ...]:
    """Return the objection of a rule that could not judge, and log it. Called while its error is handled."""
    rule_name = f"{rule.__module__}.{rule.__name__}"
    log.exception("gate rule %s failed", rule_name)
    return (Objection(codes.RULE_FAILED, detail=rule_name),)


def _next_allowed(
    facts: Facts, terms: PolicyTerms, now: datetime, stubborn: Rule, horizon_days: int
) -> datetime | None:
    """Return the first minute at which nobody objects, trying only those at which an objection may end.

    The rule that objected last is asked first, `stubborn` at the beginning: most minutes fall by it alone.
    """
    rules = _rules_for(facts)
    for minute in boundaries.minutes_to_try(facts, terms, after=now, horizon_days=horizon_days):
        objecting = _first_objecting((stubborn, *rules), facts, terms, minute)
        if objecting is None:
            return minute
        stubborn = objecting
    return None


def _first_objecting(rules: tuple[Rule, ...], facts: Facts, terms: PolicyTerms, now: datetime) -> Rule | None:
    for rule in rules:
        try:
            if rule(facts, terms, now):
                return rule
        except Exception:  # noqa: BLE001  # as above
            _failure_of(rule)
            return rule
    return None
