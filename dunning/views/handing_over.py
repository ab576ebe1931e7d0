"""Hand a case to a colleague or supervisor, with a note."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from debtors.services.access import user_of
from dunning import queries
from dunning.forms.desk import HandOverForm
from dunning.queries import desk
from dunning.services import handing_over, talking, workqueue

CONFLICT, UNPROCESSABLE = 409, 422


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to whom the case goes and with which words, and let it wait for him."""
    agent = user_of(request.user)
    found = get_object_or_404(queries.cases_seen_by(agent), pk=pk)
    if found.agent_id != agent.pk:
        if request.method == "POST":
            return render(request, "dunning/desk/stale.html", {"case": found}, status=CONFLICT)
        messages.info(request, _("Take the case first, then you can hand it over."))
        return redirect("dunning:case", pk=pk)
    talk = talking.of_lease(found)
    colleagues = desk.may_receive(found, besides=agent)
    form = HandOverForm(
        request.POST if request.method == "POST" else None,
        colleagues=colleagues,
        initial={"fence": found.fence, "handed_note": talk.note if talk else ""},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            handing_over.hand_over(
                found,
                agent=agent,
                fence=data["fence"],
                to=data["to"],
                note=data["handed_note"],
                now=timezone.now(),
            )
        except workqueue.StaleLeaseError:
            found.refresh_from_db()
            return render(request, "dunning/desk/stale.html", {"case": found}, status=CONFLICT)
        words = {"name": found.debtor.name, "colleague": data["to"].name}
        messages.success(request, _("%(name)s waits for %(colleague)s now.") % words)
        return redirect("dunning:desk")
    shown = {"case": found, "form": form, "has_colleagues": colleagues.exists(), "is_mine": True}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "dunning/desk/hand_over.html", shown, status=status)
