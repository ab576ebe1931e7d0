"""The only writer of local rules and their history: they bind the moment they are committed."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms import model_to_dict

from collections_crm.lib.names import fold
from contacts.models import Contact, Overlay, OverlayChange, PolicyHead
from contacts.rules import narrowing
from contacts.rules.default_overlays import STATE_RULES, StateRule
from contacts.services import outbox, policy
from contacts.vocabulary import OverlayEvent, OverlayLevel
from debtors.models import Segment, User
from debtors.services import segments

#: What a line of the history keeps of the rule.
_SAID = (
    "name", "level", "creditor", "state", "city", "segment", "channels", "terms", "law", "summary", "source",
    "certainty", "is_on",
)  # fmt: skip
#: What decides whom it binds, and to what.
_BINDING = ("level", "creditor_id", "state", "city_key", "segment_id", "channels", "terms")


class ReasonMissingError(Exception):
    """A rule that stands on a law was to be loosened without a written reason."""


def keep(rule: Overlay, *, by: User | None, now: datetime, reason: str = "") -> Overlay:
    """Write a local rule, new or changed; what it may have set free is judged again.

    Raises ReasonMissingError when one that stands on a law is switched off or changed without a
    reason, MalformedError, naming the key and the reason, when the gate cannot read its terms.
    """
    narrowing.overlay_from_json(rule.terms, year=now.year, state=rule.state)
    rule.city_key = fold(rule.city)
    with transaction.atomic():
        _hold_head()
        before = Overlay.objects.select_for_update().filter(pk=rule.pk).first()
        binds_less = before is not None and _may_bind_less(before, rule)
        if before is not None and _lets_go_of_a_law(before, rule) and not reason.strip():
            raise ReasonMissingError(before.name)
        rule.save()
        _tell(rule, before=before, by=by, reason=reason.strip(), now=now)
        _take_effect(loosens=binds_less, now=now)
    return rule


def needs_reason(rule: Overlay) -> bool:
    """Return whether keeping the rule as it stands here would let a law bind less, or be one no longer."""
    before = Overlay.objects.filter(pk=rule.pk).first()
    rule.city_key = fold(rule.city)
    return before is not None and _lets_go_of_a_law(before, rule)


def switch(rule: Overlay, *, is_on: bool, by: User, reason: str, now: datetime) -> None:
    """Switch a local rule on or off; as it stands already, nothing happens. Raises ReasonMissingError."""
    current = Overlay.objects.get(pk=rule.pk)
    if current.is_on != is_on:
        current.is_on = is_on
        keep(current, by=by, reason=reason, now=now)


def ship(*, now: datetime) -> int:
    """Put the rules of the states in place that are not there yet; return how many that were.

    What a manager changed or switched off stays as he left it.
    """
    known = set(Overlay.objects.filter(shipped_as__isnull=False).values_list("shipped_as", flat=True))
    missing = [rule for rule in STATE_RULES if rule.key not in known]
    with transaction.atomic():
        for rule in missing:
            keep(_row(rule), by=None, now=now)
    return len(missing)


def join(segment: Segment, *, debtors: list[int], now: datetime) -> int:
    """Put debtors into a segment; its rules bind them from now on. Return how many are new in it."""
    with transaction.atomic():
        new = segments.put_in(segment, debtors=debtors)
        outbox.withdraw(Contact.objects.filter(debtor__in=new), now=now)
    return len(new)


def leave(segment: Segment, *, debtors: list[int], now: datetime) -> int:
    """Take debtors out of a segment; what its rules refused is judged again. Return how many were in it."""
    with transaction.atomic():
        gone = segments.take_out(segment, debtors=debtors)
        outbox.plan_again(debtor_ids=gone, now=now)
    return len(gone)


def _hold_head() -> None:
    """Let admissions wait, which hold it in share: those before are withdrawn, those after know the rule."""
    list(PolicyHead.objects.select_for_update().filter(scope=policy.HOUSE))


def _may_bind_less(before: Overlay, after: Overlay) -> bool:
    is_another = any(getattr(before, name) != getattr(after, name) for name in _BINDING)
    return before.is_on and (is_another or not after.is_on)


def _lets_go_of_a_law(before: Overlay, after: Overlay) -> bool:
    return before.is_law and (_may_bind_less(before, after) or not after.is_law)


def _tell(rule: Overlay, *, before: Overlay | None, by: User | None, reason: str, now: datetime) -> None:
    if before is None:
        what = OverlayEvent.WRITTEN
    elif before.is_on != rule.is_on:
        what = OverlayEvent.SWITCHED_ON if rule.is_on else OverlayEvent.SWITCHED_OFF
    else:
        what = OverlayEvent.CHANGED
    said: dict[str, Any] = model_to_dict(rule, fields=_SAID)
    OverlayChange.objects.create(overlay=rule, what=what, at=now, by=by, reason=reason, said=said)


def _take_effect(*, loosens: bool, now: datetime) -> None:
    """Take back what is about to leave, and have everything judged again that may have become free."""
    outbox.withdraw(Contact.objects.all(), now=now)
    if loosens:
        outbox.plan_all_again(now=now)
        PolicyHead.objects.filter(scope=policy.HOUSE).update(changed_at=now)


def _row(rule: StateRule) -> Overlay:
    return Overlay(
        shipped_as=rule.key,
        level=OverlayLevel.STATE,
        state=rule.state,
        name=rule.name,
        channels=list(rule.channels),
        terms=rule.terms,
        law=rule.law,
        summary=rule.summary,
        source=rule.source,
        certainty=rule.certainty,
        reviewed_on=rule.reviewed_on,
        review_by=rule.review_by,
        is_on=rule.is_on,
    )
