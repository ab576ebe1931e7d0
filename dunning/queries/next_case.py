"""What is asked at each press of *Call next*: whom the agent has at hand, and who comes first."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from debtors.queries.compiled import Read
from dunning import queries
from dunning.models import Case
from dunning.vocabulary import CaseState

FIELDS = [field.attname for field in Case._meta.concrete_fields]
Rows = QuerySet[Case, Any]


@Read
def held(agent: int, now: datetime) -> Rows:
    """The cases that an agent holds, each with `FIELDS`, the one he took last first."""
    mine = Case.objects.filter(agent=agent, leased_until__gt=now).exclude(state=CaseState.CLOSED)
    return mine.order_by("-leased_until", "pk").values_list(*FIELDS)


@Read
def handed_over(agent: int, now: datetime) -> Rows:
    """The ids of callable cases that colleagues gave to an agent."""
    return queries.callable_at(now, agent=agent).filter(reserved_for=agent).order_by().values_list("pk")


@Read
def first_of_each(agent: int, now: datetime) -> Rows:
    """The most urgent callable case of one portfolio, whose id another query has as `given.id`."""
    of_it = queries.callable_at(now, agent=agent).filter(portfolio=RawSQL("given.id", ()))
    return of_it.order_by("-urgency", "pk").values_list("pk", "urgency")[:1]


@Read
def first_of_all(agent: int, now: datetime, portfolios: list[int]) -> Rows:
    """The most urgent callable case of some portfolios."""
    of_them = queries.callable_at(now, agent=agent).filter(portfolio__in=portfolios)
    return of_them.order_by("-urgency", "pk").values_list("pk")[:1]


@Read
def case(pk: int) -> Rows:
    """One case, with `FIELDS`."""
    return Case.objects.order_by().filter(pk=pk).values_list(*FIELDS)
