"""What every door of the case card begins with: which case, which fence; and how it ends for a stale tab."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from debtors.services.access import user_of
from dunning import queries
from dunning.models import Case

CONFLICT, UNPROCESSABLE = 409, 422


def case_of(request: HttpRequest, pk: int) -> Case:
    """Return a case the agent may see; a foreign one is answered like one that does not exist."""
    return get_object_or_404(queries.cases_seen_by(user_of(request.user)), pk=pk)


def fence_of(request: HttpRequest) -> int:
    """Return the fence of the tab that asks; a broken one is no lease at all."""
    text = request.POST.get("fence", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def stale(request: HttpRequest, found: Case) -> HttpResponse:
    """Say plainly that the tab is out of date; nothing was written."""
    found.refresh_from_db()
    return render(request, "dunning/desk/stale.html", {"case": found}, status=CONFLICT)
