"""Which debtors are near what the house allows itself: counted by the database, over everybody at once."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Greatest, Least

from contacts.models import Contact, PolicyHead
from contacts.queries.reads import GATE_WORD
from contacts.rules.facts import PolicyTerms
from contacts.rules.policy_json import policy_from_json
from contacts.rules.pressure import FULL, WEEK_HOURS, Gauge, gauges


def house_terms() -> PolicyTerms | None:
    """Return the policy in force as the manager wrote it, for all debtors; None without, or unreadable."""
    heads = PolicyHead.objects.filter(scope="house")
    text = heads.values_list(Cast("policy__terms", TextField()), flat=True).first()
    try:
        return None if text is None else policy_from_json(json.loads(text))
    except ValueError:
        return None


def pressed(*, terms: PolicyTerms, now: datetime, at_least: int) -> QuerySet[Contact, Any]:
    """Return the debtors of whose tightest gauge `at_least` so many percent are used, most pressed first.

    Each row says `debtor_id`, `debtor__name`, `percent`, `last_at`, and what each gauge of the policy
    counts as `used_0`, `used_1` …, in the order of `rules.pressure.gauges`. The database reads the
    contacts of seven days by one index; what a row says is what `rules.pressure.pressure` says of him.
    """
    read = gauges(terms)
    rows = (
        Contact.objects.filter(started_at__gt=now - timedelta(hours=WEEK_HOURS), started_at__lte=now)
        .alias(word=GATE_WORD)
        .filter(word__in=sorted(terms.counted_outcomes))
        .order_by()
        .values("debtor_id", "debtor__name")
        .annotate(last_at=Max("started_at"), **_used(read, now=now))
    )
    if not read:
        return rows.none()
    rows = rows.annotate(percent=_percent(read)).filter(percent__gte=at_least)
    return rows.order_by("-percent", "-last_at", "debtor_id")


def _used(read: Sequence[Gauge], *, now: datetime) -> dict[str, Count]:
    return {
        f"used_{number}": Count(
            "pk",
            filter=Q(started_at__gt=now - timedelta(hours=gauge.hours))
            & (Q(channel=gauge.channel) if gauge.channel else Q()),
        )
        for number, gauge in enumerate(read)
    }


def _percent(read: Sequence[Gauge]) -> Least:
    """Return the largest share of all gauges, as the rule works it out: whole percents, at most 100."""
    shares = [
        F(f"used_{number}") * FULL / gauge.limit if gauge.limit > 0 else Value(FULL)
        for number, gauge in enumerate(read)
    ]
    return Least(Value(FULL), Greatest(Value(0), *shares))
