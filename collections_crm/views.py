"""The front door: everybody lands where his work is."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send the user to the first page he may use; say so plainly when there is none."""
    for permission, address in (
        ("dunning.work_queue", "dunning:desk"),
        ("debtors.view_debtor", "debtors:list"),
    ):
        if request.user.has_perm(permission):
            return redirect(address)
    if request.user.is_staff:
        return redirect("admin:index")
    return render(request, "no_work.html")
