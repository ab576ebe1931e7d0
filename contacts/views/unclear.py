"""Messages of unclear fate: what waits for a person, what is being looked for, and what went wrong."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from contacts.models import Attempt
from contacts.services import instance, reconciling, settling
from contacts.vocabulary import AttemptState
from debtors.models import User

ROWS = 25
SHOWN = 10
ALARMS_SHOWN = timedelta(days=30)
WHY = {
    settling.NO_LIST: gettext_lazy("This way out shows nobody what it took."),
    settling.NEVER_CLEAR: gettext_lazy("The provider could not tell for a whole day."),
    settling.ABSENT_AGAIN: gettext_lazy("It was tried several times, and the provider never had it."),
    settling.RESTORED: gettext_lazy("The database was restored, and may not know that it left."),
}


@login_required
@permission_required("contacts.view_attempt", raise_exception=True)
@require_GET
def unclear(request: HttpRequest) -> HttpResponse:
    """Show what only a person can decide, oldest first, and what stands around it."""
    now = timezone.now()
    page = Paginator(settling.waiting_for_a_person(), ROWS).get_page(request.GET.get("page"))
    looked_for = Attempt.objects.filter(state=AttemptState.UNKNOWN, look_at__isnull=False)
    context = {
        "page": page,
        "rows": [(attempt, WHY.get(attempt.error_code, attempt.error_code)) for attempt in page],
        "looked_for": looked_for.count(),
        "standing": reconciling.standing_still(now=now)[:SHOWN],
        "alarms": reconciling.contradicted(since=now - ALARMS_SHOWN)[:SHOWN],
        "held": instance.held(),
    }
    return render(request, "contacts/unclear.html", context)


@login_required
@permission_required(reconciling.MAY_DECIDE, raise_exception=True)
@require_POST
def decide(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Keep what the colleague says became of a message."""
    assert isinstance(request.user, User)  # noqa: S101
    attempt = Attempt.objects.select_related("contact").filter(contact=contact_id).last()
    if attempt is None:
        raise Http404
    answer = request.POST.get("what", "")
    if answer not in ("left", "again"):
        return HttpResponse(_("Say whether it left."), status=422, content_type="text/plain; charset=utf-8")
    try:
        reconciling.decide(attempt, left=answer == "left", by=request.user, now=timezone.now())
    except reconciling.DecidedError:
        messages.warning(request, _("It was decided already: word came, or a colleague was quicker."))
    else:
        told = _("Kept: it left, and counts as a contact.")
        asked = _("It is judged again, and leaves when the policy allows it.")
        messages.success(request, told if answer == "left" else asked)
    return redirect("contacts:unclear")
