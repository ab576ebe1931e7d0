"""What stops contact although nobody wished it: managers see it, mend it and say so."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from contacts import reasons
from contacts.models import Finding
from contacts.queries import findings as queries
from contacts.services import findings
from contacts.views.debtors import signed_in

ROWS = 25


@login_required
@permission_required("contacts.view_finding", raise_exception=True)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show how the house stands, what was found, and which contacts wait for something to be mended."""
    is_all = request.GET.get("all") == "1"
    found = Finding.objects.select_related("closed_by").order_by("-last_at", "-pk")
    found = found if is_all else found.filter(closed_at=None)
    blocked = queries.blocked_by_code()
    told = {
        "house": queries.state_of_the_house(now=timezone.now()),
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "is_all": is_all,
        "blocked": [(reasons.explain(code), count) for code, count in blocked.items()],
        "doubts": queries.count_doubts(),
        "without_zone": queries.debtors_without_zone(),
        "bent_wishes": queries.debtors_with_unreadable_wishes(now=timezone.now()),
    }
    return render(request, "contacts/findings.html", told)


@login_required
@permission_required("contacts.change_finding", raise_exception=True)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a finding is mended."""
    finding = get_object_or_404(Finding, pk=pk)
    findings.close(finding, by=signed_in(request), now=timezone.now())
    messages.success(request, _("Noted as mended. Met again, it appears again."))
    return redirect("contacts:findings")
