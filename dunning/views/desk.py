"""The agent's desk: the next case by one button, and the list behind it."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from contacts import reasons
from contacts.services import policy
from debtors import queries as debtor_queries
from debtors.models import User
from dunning import queries
from dunning.models import Case
from dunning.services import workqueue

ROWS = 25
VIEWS = {
    "now": gettext_lazy("Callable now"),
    "later": gettext_lazy("Back later"),
    "callbacks": gettext_lazy("Calls promised"),
    "promised": gettext_lazy("Payment promised"),
    "held": gettext_lazy("On hold"),
}


@require_safe
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def desk(request: HttpRequest) -> HttpResponse:
    """Show the button for the next case, the case at hand, and the queue by what it waits for."""
    agent, now = cast(User, request.user), timezone.now()
    view = request.GET.get("view", "now")
    view = view if view in VIEWS else "now"
    lists = queries.desk_lists(agent=agent, now=now)
    page = Paginator(lists[view], ROWS).get_page(request.GET.get("page"))
    counts = queries.desk_counts(agent=agent, now=now)
    return render(
        request,
        "dunning/desk/home.html",
        {
            "page": page,
            "rows": _rows(list(page.object_list)),
            "view": view,
            "views": [(name, label, counts[name]) for name, label in VIEWS.items()],
            "counts": counts,
            "at_hand": queries.case_at_hand(agent=agent, now=now),
            "now": now,
            "is_paused": policy.is_paused(),
        },
    )


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def call_next(request: HttpRequest) -> HttpResponse:
    """Hand the agent the next case, or say that there is none."""
    case = workqueue.take_next(agent=cast(User, request.user), now=timezone.now())
    if case is None:
        messages.info(request, _("There is nobody to call right now. The list says who returns when."))
        return redirect("dunning:desk")
    return redirect("dunning:case", pk=case.pk)


def _rows(cases: list[Case]) -> list[dict[str, Any]]:
    """Return what each row of the list shows, in a constant number of queries."""
    pairs = {(case.debtor_id, case.creditor_id) for case in cases}
    owed = debtor_queries.balances_of_pairs(pairs=pairs, on=timezone.localdate())
    return [
        {
            "case": case,
            "owed": owed[case.debtor_id, case.creditor_id],
            "why_not": reasons.explain_all(case.put_off_because),
        }
        for case in cases
    ]
