"""The agent's desk: the next case by one button, and the lists behind it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from contacts import reasons
from contacts.services import policy
from debtors import queries as debtor_queries
from debtors.queries.paging import CappedPaginator
from debtors.services.access import user_of
from dunning import filters, queries
from dunning.models import Case
from dunning.queries import desk as lists_of
from dunning.services import saved_views, workqueue
from dunning.views import urgency_words

ROWS = 25
VIEWS = {
    "now": gettext_lazy("Callable now"),
    "waiting": gettext_lazy("Waiting for me"),
    "callbacks": gettext_lazy("Calls promised"),
    "today": gettext_lazy("Promised for today"),
    "mine": gettext_lazy("Mine"),
    "team": gettext_lazy("Being worked now"),
    "later": gettext_lazy("Back later"),
    "promised": gettext_lazy("Payment promised"),
    "held": gettext_lazy("On hold"),
}
#: What the last column of a list tells; the others name the portfolio.
LAST_COLUMNS = {
    "waiting": gettext_lazy("Handed over by"),
    "callbacks": gettext_lazy("Call promised for"),
    "today": gettext_lazy("Promised for"),
    "promised": gettext_lazy("Promised for"),
    "mine": gettext_lazy("Situation"),
    "team": gettext_lazy("With whom"),
    "later": gettext_lazy("Returns"),
}


@require_safe
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def desk(request: HttpRequest) -> HttpResponse:
    """Show the button for the next case, the case at hand, and the queue by what it waits for."""
    agent, now = user_of(request.user), timezone.now()
    view = request.GET.get("view", "now")
    view = view if view in VIEWS else "now"
    mine = lists_of.desk_of(agent, now=now)
    chosen = filters.CaseFilter(request.GET, mine.listed(view), portfolios=mine.portfolios)
    cases = filters.sorted_by(chosen.qs, sort=request.GET.get("sort", ""))
    page = CappedPaginator(cases, ROWS).get_page(request.GET.get("page"))
    counts = mine.counts()
    address = filters.address_of(request.GET)
    return render(
        request,
        "dunning/desk/home.html",
        {
            "page": page,
            "rows": _rows(list(page.object_list)),
            "view": view,
            "views": [(name, label, _as_far_as_counted(counts[name])) for name, label in VIEWS.items()],
            "last_column": LAST_COLUMNS.get(view, gettext_lazy("Portfolio")),
            "counts": counts,
            "most_counted": lists_of.MOST_COUNTED,
            "at_hand": mine.at_hand(),
            "now": now,
            "is_paused": policy.is_paused(),
            "filter": chosen,
            "is_filtered": any(request.GET.get(name) for name in chosen.filters),
            "saved": lists_of.saved_views(agent),
            "address": address,
            "kept": list(QueryDict(address).items()),
        },
    )


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def call_next(request: HttpRequest) -> HttpResponse:
    """Hand the agent the next case, or say that there is none."""
    case = workqueue.take_next(agent=user_of(request.user), now=timezone.now())
    if case is None:
        messages.info(request, _("There is nobody to call right now. The list says who returns when."))
        return redirect("dunning:desk")
    return redirect("dunning:case", pk=case.pk)


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the list that is looked at, with its filters, under a name."""
    name, address = request.POST.get("name", "").strip(), filters.address_of(request.POST)
    here = f"{reverse('dunning:desk')}?{address}"
    if not name:
        messages.warning(request, _("Give the view a name, then it is kept."))
        return redirect(here)
    try:
        saved_views.save(user_of(request.user), name=name, query=address, now=timezone.now())
    except saved_views.TooManyError:
        messages.warning(request, _("You have twelve views already. Forget one of them first."))
    else:
        messages.success(request, _("Kept: “%(name)s” stands above the list from now on.") % {"name": name})
    return redirect(here)


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def forget_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget one of the colleague's own views."""
    view = get_object_or_404(lists_of.saved_views(user_of(request.user)), pk=view_id)
    saved_views.forget(view)
    messages.info(request, _("The view “%(name)s” is forgotten.") % {"name": view.name})
    return redirect("dunning:desk")


def _as_far_as_counted(count: int) -> str:
    return str(count) if count <= lists_of.MOST_COUNTED else f"{lists_of.MOST_COUNTED}+"


def _rows(cases: list[Case]) -> list[dict[str, Any]]:
    """Return what each row of the list shows, in a constant number of queries."""
    now = timezone.now()
    pairs = {(case.debtor_id, case.creditor_id) for case in cases}
    owed = debtor_queries.balances_of_pairs(pairs=pairs, on=timezone.localdate(now))
    urgencies = queries.urgencies(cases=cases, now=now, owed=owed)
    return [
        {
            "case": case,
            "owed": owed[case.debtor_id, case.creditor_id],
            "why_not": reasons.explain_all(case.put_off_because),
            "why_now": urgency_words.explained(urgencies[case.pk].strongest),
            "points": urgencies[case.pk].points,
        }
        for case in cases
    ]
