"""The ladders as managers see them: who says what, how, and on which day."""

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dunning.models import Step, Strategy
from dunning.vocabulary import CaseState


@require_safe
@login_required
@permission_required("dunning.view_strategy", raise_exception=True)
def strategies(request: HttpRequest) -> HttpResponse:
    """Show each ladder with its steps in the order of days, and how many cases climb it."""
    ladders = (
        Strategy.objects.select_related("creditor")
        .prefetch_related(Prefetch("steps", Step.objects.filter(is_active=True)))
        .annotate(live_cases=Count("cases", filter=~Q(cases__state=CaseState.CLOSED)))
        .order_by("-is_active", "name")
    )
    return render(request, "dunning/strategies.html", {"ladders": ladders})
