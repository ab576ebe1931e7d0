"""The talk on the case card: the person is confirmed, the script goes on, the note is kept as it is typed."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts import queries as contact_queries
from contacts.services import points
from contacts.vocabulary import Channel
from debtors.services import people
from debtors.services.access import user_of
from dunning.forms.talk import NewPointForm, TalkForm
from dunning.models import Case, Talk
from dunning.rules import script
from dunning.services import talking, workqueue
from dunning.views import script_part
from dunning.views.asked import case_of, fence_of, stale

LONGEST_NOTE = 2000


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep which data items matched; with two of them the card shows the account."""
    found = case_of(request, pk)
    try:
        talking.confirm(
            found,
            agent=user_of(request.user),
            fence=fence_of(request),
            matched=request.POST.getlist("matched"),
            now=timezone.now(),
        )
    except workqueue.StaleLeaseError:
        return stale(request, found)
    except talking.NotConfirmedError:
        messages.warning(request, _("Two data items have to match before the account is shown."))
    return redirect("dunning:case", pk=pk)


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was answered, and show the step of the script that was asked for."""
    found, now = case_of(request, pk), timezone.now()
    form = TalkForm(request.POST)
    form.is_valid()  # what cannot be read is not answered yet
    try:
        talk = talking.go_on(
            found,
            agent=user_of(request.user),
            fence=fence_of(request),
            step=_step(request),
            **form.answers,
            now=now,
        )
    except workqueue.StaleLeaseError:
        return stale(request, found)
    except talking.NotConfirmedError:
        messages.warning(request, _("Confirm the person first, by two data items."))
        return redirect("dunning:case", pk=pk)
    if "HX-Request" not in request.headers:
        return redirect("dunning:case", pk=pk)
    return render(request, "dunning/desk/_script.html", _shown(request, found, talk=talk, now=now))


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the note as it stands; a tab that is out of date is told that it was not kept."""
    found = case_of(request, pk)
    is_part = "HX-Request" in request.headers
    try:
        talk = talking.note(
            found,
            agent=user_of(request.user),
            fence=fence_of(request),
            text=request.POST.get("note", "")[:LONGEST_NOTE],
            now=timezone.now(),
        )
    except workqueue.StaleLeaseError:
        return (
            render(request, "dunning/desk/_saved.html", {"is_stale": True})
            if is_part
            else stale(request, found)
        )
    if is_part:
        return render(request, "dunning/desk/_saved.html", {"note_saved_at": talk.note_saved_at})
    return redirect("dunning:case", pk=pk)


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def add_point(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a number or e-mail that the confirmed person gave, with its source and day."""
    found, agent, now = case_of(request, pk), user_of(request.user), timezone.now()
    try:
        workqueue.renew(found, agent=agent, fence=fence_of(request), now=now)
    except workqueue.StaleLeaseError:
        return stale(request, found)
    form = NewPointForm(request.POST)
    if not talking.is_confirmed(found, fence=fence_of(request)):
        messages.warning(request, _("Confirm the person first, by two data items."))
    elif not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    else:
        _add(request, found, form=form, now=now)
    return redirect("dunning:case", pk=pk)


def _add(request: HttpRequest, found: Case, *, form: NewPointForm, now: datetime) -> None:
    data = form.cleaned_data
    try:
        points.add(found.debtor, data["value"], source=data["source"], by=user_of(request.user), now=now)
    except people.KnownPointError as error:
        told = {"status": error.point.get_status_display()}
        messages.info(request, _("That was known already; it stands so: %(status)s.") % told)
    else:
        messages.success(request, _("Kept. It is among the numbers and addresses now."))


def _step(request: HttpRequest) -> str:
    """Return the step asked for: by its name, or as the one after or before the one shown."""
    shown, asked = request.POST.get("shown", ""), request.POST.get("to", "")
    if asked == "before":
        return script.step_before(shown)
    if asked in script.STEPS:
        return asked
    return script.step_after(shown)


def _shown(request: HttpRequest, found: Case, *, talk: Talk, now: datetime) -> dict[str, object]:
    asked = contact_queries.may_contact(
        debtor=found.debtor, channel=Channel.VOICE, now=now, creditor_id=found.creditor_id
    )
    part = script_part.of(
        found, talk=talk, agent=user_of(request.user), zones=asked.person.time_zones, now=now
    )
    return {"case": found, "is_mine": True, "is_confirmed": True, **part}
