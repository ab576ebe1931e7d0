"""Which cases a list of the desk shows: filters that live in the page's address."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from debtors import queries as debtor_queries
from dunning.models import Case

LATENESS = [
    ("30", _("30 days or more")),
    ("60", _("60 days or more")),
    ("90", _("90 days or more")),
    ("180", _("180 days or more")),
]
SORTS = {
    "urgency": "urgency",
    "-urgency": "-urgency",
    "days": "-anchor_on",
    "-days": "anchor_on",
    "name": "debtor__name",
    "-name": "-debtor__name",
}
#: What of an address a saved view keeps.
KEPT = ("view", "creditor", "portfolio", "late", "sort")


class CaseFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By creditor, portfolio and days late."""

    creditor = django_filters.ChoiceFilter(label=_("Creditor"), empty_label=_("all"))
    portfolio = django_filters.ChoiceFilter(label=_("Portfolio"), empty_label=_("all"))
    late = django_filters.ChoiceFilter(
        label=_("Days late"), choices=LATENESS, method="late_for", empty_label=_("all")
    )

    class Meta:
        model = Case
        fields = ["creditor", "portfolio", "late"]

    def __init__(self, *args: Any, portfolios: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in debtor_queries.portfolio_choices(portfolios).items():
            self.filters[name].extra["choices"] = choices

    def late_for(self, cases: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """Keep those whose oldest open due date is so many days ago."""
        return cases.filter(anchor_on__lte=timezone.localdate() - timedelta(days=int(value)))


def sorted_by(cases: QuerySet[Case], *, sort: str) -> QuerySet[Case]:
    """Return the cases in the order a header asks for; in the list's own when it asks for nothing known."""
    return cases.order_by(SORTS[sort], "pk") if sort in SORTS else cases


def address_of(asked: QueryDict) -> str:
    """Return the part of an address that a saved view keeps, in one order; nothing of a person is in it."""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        if value := asked.get(name, "")[:40]:
            kept[name] = value
    return kept.urlencode()
