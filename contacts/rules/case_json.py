"""One case of the gate as JSON: read from a line, written for replay, and reduced to a hash."""

import hashlib
import json
from datetime import datetime
from typing import Any, NamedTuple

from contacts.rules.facts import Facts, PolicyTerms
from contacts.rules.facts_json import facts_from_json, facts_to_json, to_text
from contacts.rules.policy_json import policy_from_json, policy_to_json
from contacts.rules.reading import MalformedError, Record

# Local clocks reach a day beyond UTC on either side, so nothing is decided in the calendar's first
# and last year.
FIRST_YEAR, LAST_YEAR = 2, 9998


class Case(NamedTuple):
    """What `gate.decide` is asked."""

    facts: Facts
    terms: PolicyTerms
    now: datetime


def case_from_json(raw: object) -> Case:
    """Return the case that one line of the gate's JSON describes. Raises MalformedError."""
    line = Record(raw)
    terms = line.nested("policy", policy_from_json)
    return Case(facts=facts_from_json(raw), terms=terms, now=_read_instant(line))


def case_to_json(case: Case, *, case_id: str) -> dict[str, Any]:
    """Return the line by which this very case can be replayed."""
    return {
        "id": case_id,
        "instant": to_text(case.now),
        **facts_to_json(case.facts),
        "policy": policy_to_json(case.terms),
    }


def facts_hash(facts: Facts, terms: PolicyTerms | None) -> str:
    """Return the SHA-256, in hex, of what was judged; the order in which facts were gathered is no matter."""
    judged = facts_to_json(facts)
    for whose in (judged["debtor"], judged["point"]):
        for name, facts_of_kind in whose.items():
            if isinstance(facts_of_kind, list):
                whose[name] = sorted(facts_of_kind, key=_canonical)
    policy = None if terms is None else policy_to_json(terms)
    if terms is not None and policy is not None and not terms.message_first:
        del policy["message_first"]  # asked for later than hashes were first kept: these stay as they are
    return hashlib.sha256(_canonical({"facts": judged, "policy": policy}).encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _read_instant(record: Record) -> datetime:
    instant = record.instant("instant")
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise MalformedError("instant", problem="not_instant", value=record.raw["instant"])
    return instant
