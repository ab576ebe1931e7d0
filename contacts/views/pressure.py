"""Which debtors are near what the policy allows: managers see it before anybody complains."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from contacts import pressures
from contacts.forms.pressure import USUAL, PressureFilter
from contacts.queries import pressure as queries
from contacts.rules import pressure as rules
from contacts.views.debtors import seen_debtors, signed_in
from debtors import queries as debtor_queries

ROWS = 25
SORTS = {
    "name": ("debtor__name", "debtor_id"),
    "-name": ("-debtor__name", "debtor_id"),
    "last": ("last_at", "debtor_id"),
    "-last": ("-last_at", "debtor_id"),
    "share": ("percent", "debtor_id"),
}


@login_required
@permission_required("contacts.view_contact", raise_exception=True)
@require_GET
def pressure(request: HttpRequest) -> HttpResponse:
    """List the debtors of whose tightest cap much is used, most pressed first."""
    now, user = timezone.now(), signed_in(request)
    form = PressureFilter(request.GET or {"share": USUAL}, portfolios=debtor_queries.portfolios_of(user))
    form.is_valid()
    terms = queries.house_terms()
    if terms is None:
        return render(request, "contacts/pressure.html", {"form": form, "has_policy": False})
    found = queries.pressed(terms=terms, now=now, at_least=form.share_asked)
    if not user.has_perm("debtors.view_portfolio"):
        found = found.filter(debtor__in=seen_debtors(request))
    if portfolio := form.cleaned_data.get("portfolio"):
        found = found.filter(debtor__in=portfolio.debts.values("debtor"))
    if order := SORTS.get(request.GET.get("sort", "")):
        found = found.order_by(*order)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    told = {
        "form": form,
        "has_policy": True,
        "gauges": rules.gauges(terms),
        "page": page,
        "rows": [_row(row, read=rules.gauges(terms)) for row in page],
        "is_filtered": bool(portfolio) or form.share_asked != USUAL,
    }
    return render(request, "contacts/pressure.html", told)


def _row(found: dict[str, Any], *, read: tuple[rules.Gauge, ...]) -> dict[str, Any]:
    """Return what a line of the list shows."""
    return {
        **found,
        "tone": pressures.tone(found["percent"]),
        "used": [pressures.in_words(gauge, used=found[f"used_{n}"]) for n, gauge in enumerate(read)],
    }
