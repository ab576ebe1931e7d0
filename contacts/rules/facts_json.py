"""The facts of one case as JSON: read from a line of the gate's format, or written for replay and hash."""

from datetime import UTC, datetime
from sys import intern
from typing import Any

from contacts.rules.facts import (
    ConsentFacts,
    ContactFacts,
    Facts,
    HoldFacts,
    OptOutFacts,
    PointFacts,
    PromiseFacts,
)
from contacts.rules.reading import READING_ERRORS, MalformedError, Record, read_date, to_instant

OPT_OUT_SCOPES = ("global", "channel", "point")


def facts_from_json(raw: object) -> Facts:
    """Return the facts of a line: all but its policy and its instant. Raises MalformedError.

    What no rule knows matches no rule and is no error: an unknown purpose, kind, status, answer or
    action. Promises that are not open concern no rule and are left out.
    """
    record = Record(raw)
    purpose = record.text_or_none("purpose")
    return Facts(
        channel=record.text("channel"),
        purpose="collection" if purpose is None else purpose,
        action="speak" if record.raw.get("action") == "speak" else "start",
        answered_by=_read_answer(record.raw.get("answered_by")),
        point=record.nested("point", _read_point),
        **record.nested("debtor", _read_debtor),
    )


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """Return the facts in the line's format, with those that only the house's own rows can tell."""
    return _house_facts_to_json(facts) | {
        "channel": facts.channel,
        "action": facts.action,
        "answered_by": facts.answered_by,
        "purpose": facts.purpose,
        "debtor": _debtor_to_json(facts),
        "point": _point_to_json(facts.point),
        "something_is_owed": facts.something_is_owed,
        "is_ledger_in_doubt": facts.is_ledger_in_doubt,
    }


def to_text(instant: datetime) -> str:
    """Return the instant in UTC as ISO 8601 ending in Z, with microseconds only where there are any."""
    return instant.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def _read_answer(raw: object) -> str | None:
    """Return who answered: whatever is neither person nor machine is unknown."""
    if raw is None:
        return None
    return str(raw) if raw in ("human", "machine") else "unknown"


def _read_point(raw: object) -> PointFacts:
    point = Record(raw)
    return PointFacts(
        id=_read_id(point.required("id"), key="id"),
        kind=point.text("kind"),
        status=point.text("status"),
        channels=point.required_words("channels"),
        time_zones=tuple(point.words("time_zones")),
        contacts=point.each("contacts", _read_contact),
    )


def _read_debtor(raw: object) -> dict[str, Any]:
    debtor = Record(raw)
    return {
        "birth_date": debtor.day_or_none("birth_date"),
        "time_zones": tuple(debtor.words("time_zones")),
        "holidays": frozenset(debtor.each("holidays", read_date)),
        "holds": debtor.each("holds", _read_hold),
        "opt_outs": debtor.each("opt_outs", _read_opt_out),
        "consents": debtor.each("consents", _read_consent),
        "promises": tuple([one for one in debtor.each("promises", _read_promise) if one is not None]),
        "contacts": debtor.each("contacts", _read_contact),
    }


def _read_hold(raw: Any) -> HoldFacts:
    try:
        return HoldFacts(intern(raw["kind"]), *_read_interval(raw))
    except READING_ERRORS:
        _complain(raw, texts=("kind",))
        raise


def _read_opt_out(raw: Any) -> OptOutFacts:
    try:
        scope, channel, point_id = intern(raw["scope"]), raw.get("channel"), raw.get("point_id")
        start, end = _read_interval(raw)
    except READING_ERRORS:
        _complain(raw, texts=("scope",))
        raise
    if scope not in OPT_OUT_SCOPES:  # passing over a wish we cannot read would be wrong
        raise MalformedError("scope", problem="not_choice", value=scope)
    if point_id is not None:
        point_id = _read_id(point_id, key="point_id")
    return OptOutFacts(scope, channel, point_id, start, end)


def _read_consent(raw: Any) -> ConsentFacts:
    try:
        return ConsentFacts(intern(raw["channel"]), *_read_interval(raw))
    except READING_ERRORS:
        _complain(raw, texts=("channel",))
        raise


def _read_promise(raw: object) -> PromiseFacts | None:
    promise = Record(raw)
    if promise.raw.get("status") != "open":
        return None
    return PromiseFacts(due_on=promise.day("date"), made_at=promise.instant("made_at"))


def _read_contact(raw: Any) -> ContactFacts:
    try:
        return ContactFacts(to_instant(raw["at"]), intern(raw["channel"]), intern(raw["outcome"]))
    except READING_ERRORS:
        _complain(raw, texts=("channel", "outcome"), instants=("at",))
        raise


def _read_interval(raw: Any) -> tuple[datetime | None, datetime | None]:
    start, end = raw.get("from"), raw.get("until")
    return None if start is None else to_instant(start), None if end is None else to_instant(end)


def _complain(raw: object, *, texts: tuple[str, ...], instants: tuple[str, ...] = ()) -> None:
    """Raise MalformedError for the first key of an item that could not be read."""
    record = Record(raw)
    for key in texts:
        record.text(key)
    for key in instants:
        record.instant(key)
    record.instant_or_none("from")
    record.instant_or_none("until")


def _read_id(raw: object, *, key: str) -> str:
    """Return the point's id as text; a number is as good."""
    if isinstance(raw, str):
        return raw
    if type(raw) is int:
        return str(raw)
    raise MalformedError(key, problem="not_text", value=raw)


def _debtor_to_json(facts: Facts) -> dict[str, Any]:
    return {
        "birth_date": facts.birth_date.isoformat() if facts.birth_date else None,
        "time_zones": sorted(facts.time_zones),
        "holidays": [day.isoformat() for day in sorted(facts.holidays)],
        "holds": [{"kind": hold.kind, **_interval(hold)} for hold in facts.holds],
        "opt_outs": [
            {"scope": wish.scope, "channel": wish.channel, "point_id": wish.point_id, **_interval(wish)}
            for wish in facts.opt_outs
        ],
        "consents": [{"channel": consent.channel, **_interval(consent)} for consent in facts.consents],
        "promises": [
            {
                "date": promise.due_on.isoformat(),
                "status": promise.status,
                "made_at": to_text(promise.made_at),
            }
            for promise in facts.promises
        ],
        "contacts": [_contact_to_json(contact) for contact in facts.contacts],
    }


def _house_facts_to_json(facts: Facts) -> dict[str, Any]:
    """Return what only the house's rows tell, where they say something: older hashes stay as they are."""
    told: dict[str, Any] = {}
    if facts.is_statute_barred:
        told["is_statute_barred"] = True
    if facts.money_in_transit_until:
        told["money_in_transit_until"] = facts.money_in_transit_until.isoformat()
    if not facts.was_messaged:
        told["was_messaged"] = False
    if facts.is_free_text:
        told |= {"is_free_text": True, "wrote_at": to_text(facts.wrote_at) if facts.wrote_at else None}
    return told


def _point_to_json(point: PointFacts) -> dict[str, Any]:
    """Return the point; what few points have only where they have it: older hashes stay as they are."""
    told: dict[str, Any] = {
        "id": point.id,
        "kind": point.kind,
        "status": point.status,
        "channels": sorted(point.channels),
        "time_zones": sorted(point.time_zones),
    }
    if point.contacts:
        told["contacts"] = [_contact_to_json(contact) for contact in point.contacts]
    if point.is_block_listed:
        told["is_block_listed"] = True
    return told


def _contact_to_json(contact: ContactFacts) -> dict[str, str]:
    return {"at": to_text(contact.at), "channel": contact.channel, "outcome": contact.outcome}


def _interval(interval: HoldFacts | OptOutFacts | ConsentFacts) -> dict[str, str | None]:
    start, end = interval.active_from, interval.active_until
    return {"from": to_text(start) if start else None, "until": to_text(end) if end else None}
