"""The lists of the desk: what each shows, in which order, and how many there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from debtors import queries as debtor_queries
from debtors.models import PromiseToPay, User
from debtors.queries.compiled import Read
from debtors.vocabulary import PromiseStatus
from dunning import queries
from dunning.models import Case, CaseOutcome, HandOver, SavedView
from dunning.vocabulary import CaseState

#: Whom one spoke with in these days one knows.
MINE_FOR = timedelta(days=30)
#: A list is counted this far: to count a million cases takes longer than to read a page of them.
MOST_COUNTED = 999
LISTS = ("now", "waiting", "callbacks", "today", "mine", "team", "later", "promised", "held")


@dataclass(frozen=True)
class Desk:
    """What a colleague has on his desk at a moment, out of the portfolios given to him."""

    agent: User
    portfolios: list[int]
    now: datetime

    def listed(self, view: str) -> QuerySet[Case]:
        """Return the cases of one list as they will be worked, with the names they show."""
        seen = Case.objects.filter(portfolio__in=self.portfolios)
        named = seen.select_related("debtor", "creditor", "portfolio", "agent", "strategy")
        return _lists(named, **self._asking)[view]()

    def counts(self) -> dict[str, int]:
        """Return how many cases each list holds; MOST_COUNTED + 1 says that there are more."""
        if not self.portfolios:
            return dict.fromkeys(LISTS, 0)
        [row] = _counted(portfolios=self.portfolios, **self._asking)
        return dict(zip(LISTS, row, strict=True))

    def at_hand(self) -> Case | None:
        """Return the case the agent holds at this moment, if any."""
        mine = Case.objects.filter(portfolio__in=self.portfolios, agent=self.agent)
        held = mine.filter(leased_until__gt=self.now)
        return held.select_related("debtor").order_by("-leased_until").first()

    @property
    def _asking(self) -> dict[str, Any]:
        today, since = timezone.localdate(self.now), self.now - MINE_FOR
        return {"agent": self.agent.pk, "now": self.now, "today": today, "since": since}


def desk_of(agent: User, *, now: datetime) -> Desk:
    """Return the desk of a colleague at this moment."""
    return Desk(agent, debtor_queries.portfolios_of(agent), now)


def saved_views(user: User) -> QuerySet[SavedView]:
    """Return the views that the user saved, by name."""
    return SavedView.objects.filter(owner=user).order_by("name")


def may_receive(case: Case, *, besides: User) -> QuerySet[User]:
    """Return the colleagues who may be handed the case: they work the queue and see its portfolio."""
    has = {
        name: Q(user_permissions__codename=code, user_permissions__content_type__app_label=app)
        | Q(groups__permissions__codename=code, groups__permissions__content_type__app_label=app)
        | Q(is_superuser=True)
        for name, app, code in (("works", "dunning", "work_queue"), ("sees", "debtors", "view_portfolio"))
    }
    everybody = User.objects.filter(is_active=True).exclude(pk=besides.pk)
    workers = everybody.filter(has["works"]).values("pk")
    seers = everybody.filter(has["sees"] | Q(portfolios=case.portfolio_id)).values("pk")
    return User.objects.filter(pk__in=workers).filter(pk__in=seers).order_by("first_name", "username")


class HowMany(Subquery):
    """How many rows a query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


@Read
def _counted(
    agent: int, portfolios: list[int], now: datetime, today: date, since: datetime
) -> QuerySet[User, Any]:
    """How many cases each list holds, one row in the order of `LISTS`."""
    seen = Case.objects.filter(portfolio__in=portfolios)
    lists = _lists(seen, agent=agent, now=now, today=today, since=since)
    found = [lists[name]().order_by().values("pk")[: MOST_COUNTED + 1] for name in LISTS]
    return User.objects.order_by().filter(pk=agent).values_list(*[HowMany(each) for each in found])


def _lists(
    seen: QuerySet[Case], *, agent: int, now: datetime, today: date, since: datetime
) -> dict[str, Callable[[], QuerySet[Case]]]:
    """Return how each list is made of the cases the agent sees, by name."""
    at_work = seen.filter(state=CaseState.OPEN)
    return {
        "now": lambda: at_work.filter(
            queries.is_free(now), queries.is_for(agent, now=now), callable_from__lte=now
        ).order_by("-urgency", "pk"),
        "waiting": lambda: _with_note(seen.filter(reserved_for=agent, reserved_until__gt=now)).order_by(
            "reserved_until", "pk"
        ),
        "callbacks": lambda: at_work.filter(callback_at__isnull=False).order_by("callback_at", "pk"),
        "today": lambda: _promised(seen).filter(promised_on__lte=today).order_by("promised_on", "pk"),
        "mine": lambda: _mine(seen, agent=agent, now=now, since=since).order_by("-urgency", "pk"),
        "team": lambda: (
            seen.filter(agent__isnull=False, leased_until__gt=now)
            .exclude(agent=agent)
            .order_by("leased_until", "pk")
        ),
        "later": lambda: at_work.filter(callable_from__gt=now, callback_at__isnull=True).order_by(
            "callable_from", "pk"
        ),
        "promised": lambda: _promised(seen).order_by("promised_on", "pk"),
        "held": lambda: seen.filter(state=CaseState.HELD).order_by("pk"),
    }


def _promised(seen: QuerySet[Case]) -> QuerySet[Any]:
    promise = PromiseToPay.objects.filter(
        debtor=OuterRef("debtor"), creditor=OuterRef("creditor"), status=PromiseStatus.OPEN
    )
    return seen.filter(state=CaseState.PROMISED).annotate(
        promised_on=Subquery(promise.values("promised_on")[:1]),
        promised_cents=Subquery(promise.values("amount_cents")[:1]),
    )


def _with_note(cases: QuerySet[Case]) -> QuerySet[Case]:
    waiting = HandOver.objects.filter(case=OuterRef("pk"), taken_at__isnull=True)
    return cases.annotate(
        handed_note=Subquery(waiting.values("note")[:1]),
        handed_by=Subquery(waiting.values("giver__first_name")[:1]),
        handed_by_login=Subquery(waiting.values("giver__username")[:1]),
    )


def _mine(seen: QuerySet[Case], *, agent: int, now: datetime, since: datetime) -> QuerySet[Case]:
    """Keep what the agent holds, what waits for him, and with whom he dealt lately."""
    held = Case.objects.order_by().filter(agent=agent, leased_until__gt=now)
    waiting = Case.objects.order_by().filter(reserved_for=agent, reserved_until__gt=now)
    dealt = CaseOutcome.objects.order_by().filter(agent=agent, recorded_at__gt=since)
    # One after the other: an OR of the three would look at every case there is.
    ids = held.values("pk").union(waiting.values("pk"), dealt.values("case"))
    return seen.exclude(state=CaseState.CLOSED).filter(pk__in=ids)
