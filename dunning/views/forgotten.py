"""Cases that nobody and nothing would come back to, for managers: there must be none."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dunning import queries
from dunning.models import Case
from dunning.services import cases

ROWS = 25


@require_safe
@login_required
@permission_required("dunning.mend_case", raise_exception=True)
def forgotten(request: HttpRequest) -> HttpResponse:
    """Show the cases without a next action, and those held without an end."""
    now = timezone.now()
    names = ("debtor", "creditor", "portfolio")
    lost = queries.cases_without_next_action(now=now).select_related(*names).order_by("opened_at", "pk")
    endless = queries.held_without_end(now=now).select_related(*names).order_by("opened_at", "pk")
    page = Paginator(endless, ROWS).get_page(request.GET.get("page"))
    shown = {"lost": lost[:ROWS], "number": lost.count(), "page": page, "now": now}
    return render(request, "dunning/forgotten.html", shown)


@require_POST
@login_required
@permission_required("dunning.mend_case", raise_exception=True)
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the ladder look at a case today."""
    case = get_object_or_404(Case.objects.select_related("debtor"), pk=pk)
    cases.bring_back(case, now=timezone.now())
    messages.success(request, _("%(name)s is looked at again today.") % {"name": case.debtor.name})
    return redirect("dunning:forgotten")
