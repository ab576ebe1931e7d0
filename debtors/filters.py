"""Which debtors a list shows: filters that live in the page's address."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from debtors import queries
from debtors.models import Debtor, User
from debtors.vocabulary import PartyKind

SITUATIONS = [
    ("open", _("owing")),
    ("promised", _("payment promised")),
    ("settled", _("settled")),
]


class DebtorFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By creditor, portfolio, kind and situation."""

    creditor = django_filters.ChoiceFilter(label=_("Creditor"), method="of_creditor", empty_label=_("all"))
    portfolio = django_filters.ChoiceFilter(label=_("Portfolio"), method="of_portfolio", empty_label=_("all"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=PartyKind.choices, empty_label=_("all"))
    situation = django_filters.ChoiceFilter(
        label=_("Situation"), choices=SITUATIONS, method="in_situation", empty_label=_("all")
    )

    class Meta:
        model = Debtor
        fields = ["creditor", "portfolio", "kind", "situation"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.debts = queries.debts_seen_by(user)
        offered = queries.portfolio_choices(queries.portfolios_of(user))
        for name, choices in offered.items():
            self.filters[name].extra["choices"] = choices

    def of_creditor(self, found: QuerySet[Debtor], name: str, value: str) -> QuerySet[Debtor]:
        """Keep those with a debt to the creditor."""
        return found.filter(pk__in=self.debts.filter(creditor=int(value)).values("debtor_id"))

    def of_portfolio(self, found: QuerySet[Debtor], name: str, value: str) -> QuerySet[Debtor]:
        """Keep those with a debt in the portfolio."""
        return found.filter(pk__in=self.debts.filter(portfolio=int(value)).values("debtor_id"))

    def in_situation(self, found: QuerySet[Debtor], name: str, value: str) -> QuerySet[Debtor]:
        """Keep those who owe, have promised, or have settled everything."""
        wanted = {
            "open": Q(principal_cents__gt=0),
            "promised": Q(is_promised=True),
            "settled": Q(principal_cents=0),
        }
        return found.filter(wanted[value])
