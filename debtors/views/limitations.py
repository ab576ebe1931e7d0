"""Debts whose limitation ends soon, and those that are prescribed: outreach has left or will leave them."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from debtors import queries
from debtors.models import Debt
from debtors.rules.limitation import WARNING_DAYS

ROWS = 25


@login_required
@permission_required("debtors.view_ledgerdoubt", raise_exception=True)
@require_GET
def limitations(request: HttpRequest) -> HttpResponse:
    """Show the debts that are prescribed within ninety days, or with `over=1` those that are."""
    today, is_over = timezone.localdate(), request.GET.get("over") == "1"
    debts = Debt.objects.select_related("debtor", "creditor")
    if is_over:
        found = debts.filter(limitation_on__lte=today).order_by("-limitation_on", "pk")
    else:
        until = today + timedelta(days=WARNING_DAYS)
        found = debts.filter(limitation_on__gt=today, limitation_on__lte=until).order_by(
            "limitation_on", "pk"
        )
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    balances = queries.balances(debts=[debt.pk for debt in page], on=today)
    rows = [(debt, balances[debt.pk].total_cents) for debt in page]
    shown = {"page": page, "rows": rows, "is_over": is_over, "today": today, "days": WARNING_DAYS}
    return render(request, "debtors/limitations.html", shown)
