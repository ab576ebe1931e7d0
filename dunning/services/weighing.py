"""Keeps the queue in order: the weights that managers set, and urgencies that follow days and weights."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from debtors.models import User
from dunning import queries
from dunning.models import Case, QueueWeights
from dunning.queries import weighing
from dunning.rules.priority import Weights

CHUNK = 500  # cases in one transaction
#: One round of the sweep weighs so many; the rest follows with the next.
MOST_AT_ONCE = 20_000


def set_weights(weights: Weights, *, why: str, by: User, now: datetime) -> QueueWeights:
    """Let the queue be ordered by other weights from now on; what was in force stays written."""
    values = {name: getattr(weights, name) for name in weights.__slots__}
    return QueueWeights.objects.create(**values, why=why, set_by=by, set_at=now)


def weigh_again(*, now: datetime, limit: int = MOST_AT_ONCE) -> int:
    """Count the urgency of cases anew whose days, or weights, have moved on since; return of how many.

    Once a day for each case, and after a change of weights. Running it again finds nothing.
    """
    since, weighed = _since(now), 0
    while weighed < limit:
        with transaction.atomic():
            due = weighing.to_weigh(since=since).select_for_update(skip_locked=True)
            cases = list(due.order_by("weighed_at", "pk")[: min(CHUNK, limit - weighed)])
            if not cases:
                break
            found = queries.urgencies(cases=cases, now=now)
            for case in cases:
                case.urgency, case.weighed_at = found[case.pk].points, now
            Case.objects.bulk_update(cases, ["urgency", "weighed_at"])
        weighed += len(cases)
    return weighed


def weigh_now(case: Case, *, now: datetime) -> None:
    """Count the urgency of one case anew, because something was learned of it."""
    points = queries.urgencies(cases=[case], now=now)[case.pk].points
    Case.objects.filter(pk=case.pk).update(urgency=points, weighed_at=now)


def _since(now: datetime) -> datetime:
    """Return the later of this morning and the last change of weights: what is older is not true any more."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    last = QueueWeights.objects.order_by("-set_at", "-pk").values_list("set_at", flat=True).first()
    just_after = last + timedelta(microseconds=1) if last else midnight
    return min(max(midnight, just_after), now)
