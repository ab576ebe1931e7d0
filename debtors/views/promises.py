"""Promises to pay: what is due, what is late, what became of the last ones."""

from datetime import date

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from debtors import queries
from debtors.models import PromiseToPay
from debtors.services.access import user_of
from debtors.vocabulary import PromiseStatus

ROWS = 25
SORTS = {"day": "promised_on", "amount": "amount_cents", "name": "debtor__name"}
SETTLED = "settled"
WHENS = ("all", "late", "today", "next", SETTLED)


@login_required
@permission_required("debtors.view_promisetopay", raise_exception=True)
@require_GET
def promises(request: HttpRequest) -> HttpResponse:
    """Show the promises this user may see: open ones by day, or those settled last."""
    today = timezone.localdate()
    seen = queries.promises_seen_by(user_of(request.user))
    shown = [(when, _when(seen, when=when, today=today)) for when in WHENS]
    chosen = request.GET.get("when", "all")
    found = dict(shown).get(chosen, shown[0][1]).select_related("debtor", "creditor", "made_to")
    page = Paginator(_sorted(found, by=request.GET.get("sort", "")), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "chosen": chosen if chosen in WHENS else "all",
        "counts": queries.count_promises(seen, today=today),
        "today": today,
    }
    return render(request, "debtors/promises/list.html", context)


def _when(seen: QuerySet[PromiseToPay], *, when: str, today: date) -> QuerySet[PromiseToPay]:
    if when == SETTLED:
        return seen.exclude(status=PromiseStatus.OPEN).order_by(F("settled_at").desc(nulls_last=True), "-pk")
    still_open = seen.filter(status=PromiseStatus.OPEN)
    bounds = {
        "late": {"promised_on__lt": today},
        "today": {"promised_on": today},
        "next": {"promised_on__gt": today},
    }
    return still_open.filter(**bounds.get(when, {})).order_by("promised_on", "pk")


def _sorted(found: QuerySet[PromiseToPay], *, by: str) -> QuerySet[PromiseToPay]:
    column = SORTS.get(by.removeprefix("-"))
    if column is None:
        return found
    return found.order_by(f"-{column}" if by.startswith("-") else column, "pk")
