"""What a colleague did on a day, and what came of it: his own rows, never anybody else's."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from contacts.models import Contact
from contacts.vocabulary import Channel, Outcome
from debtors import queries as debtor_queries
from debtors.models import PromiseToPay, User
from debtors.vocabulary import PromiseStatus
from dunning import queries
from dunning.models import Case, CaseOutcome
from dunning.vocabulary import CaseState, Disposition

LOOKS_BACK = timedelta(days=7)
LOOKS_AHEAD = timedelta(days=7)
SHOWN = 50


@dataclass(frozen=True)
class Day:
    """One day of a colleague. Amounts are centavos."""

    recorded: list[CaseOutcome]
    calls: int
    conversations: int
    promises: int
    kept: list[PromiseToPay]
    to_come: list[PromiseToPay]
    callbacks: list[Case]
    waiting: int


def of(agent: User, *, on: date, now: datetime) -> Day:
    """Return what the agent did on a day, and what he and others may look forward to as of `now`."""
    begins = timezone.make_aware(datetime.combine(on, time(0)))
    span = (begins, begins + timedelta(days=1))
    given = debtor_queries.portfolios_of(agent)
    recorded = CaseOutcome.objects.filter(
        agent=agent, recorded_at__gte=span[0], recorded_at__lt=span[1], case__portfolio__in=given
    )
    calls = Contact.objects.filter(
        agent=agent, channel=Channel.VOICE, started_at__gte=span[0], started_at__lt=span[1]
    ).exclude(outcome=Outcome.FAILED)
    outcomes = list(recorded.select_related("case__debtor", "case__creditor")[:SHOWN])
    words = Counter(recorded.values_list("disposition", flat=True))
    return Day(
        recorded=outcomes,
        calls=calls.filter(is_inbound=False).count(),
        conversations=calls.filter(outcome=Outcome.CONVERSATION).count(),
        promises=words[Disposition.PROMISE],
        kept=_promises(agent, status=PromiseStatus.KEPT, settled_at__gt=now - LOOKS_BACK),
        to_come=_promises(
            agent,
            status=PromiseStatus.OPEN,
            promised_on__lte=timezone.localdate(now) + LOOKS_AHEAD,
        ),
        callbacks=_callbacks(agent),
        waiting=queries.cases_seen_by(agent).filter(reserved_for=agent, reserved_until__gt=now).count(),
    )


def _promises(agent: User, **which: object) -> list[PromiseToPay]:
    """Return promises that were made to the agent, by the day they were made for."""
    seen = debtor_queries.promises_seen_by(agent).filter(made_to=agent).filter(**which)
    return list(seen.select_related("debtor", "creditor").order_by("promised_on", "pk")[:SHOWN])


def _callbacks(agent: User) -> list[Case]:
    """Return the cases in which the agent promised to call, the next call first."""
    his = CaseOutcome.objects.filter(case=OuterRef("pk"), agent=agent, disposition=Disposition.CALLBACK)
    waiting = queries.cases_seen_by(agent).filter(state=CaseState.OPEN, callback_at__isnull=False)
    return list(waiting.filter(Exists(his)).order_by("callback_at", "pk")[:SHOWN])
