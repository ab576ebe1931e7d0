"""A colleague's own day: what he did, what was kept, whom he promised to call."""

from datetime import date, timedelta

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from debtors.services.access import user_of
from dunning.queries import my_day as queries

FARTHEST = timedelta(days=366)


@require_safe
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def my_day(request: HttpRequest) -> HttpResponse:
    """Show the day asked for, today unless another one is."""
    now = timezone.now()
    today = timezone.localdate(now)
    on = _day(request.GET.get("day", ""), today=today)
    shown = {
        "on": on,
        "today": today,
        "now": now,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1) if on < today else None,
        "day": queries.of(user_of(request.user), on=on, now=now),
    }
    return render(request, "dunning/my_day.html", shown)


def _day(text: str, *, today: date) -> date:
    """Return the day written in an address; today for what is none, is still to come, or is long past."""
    try:
        day = parse_date(text)
    except ValueError:  # well written, but there is no such day
        day = None
    return day if day and today - FARTHEST <= day <= today else today
