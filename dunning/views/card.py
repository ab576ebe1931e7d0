"""The case card: everything the agent must know before speaking, and what he can do."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from contacts import reasons
from contacts.services import calls
from debtors.models import ContactPoint, User
from debtors.services import promises
from debtors.services.access import user_of
from dunning.forms.desk import OutcomeForm
from dunning.forms.talk import NewPointForm
from dunning.models import Case, Talk
from dunning.rules.outcomes import FOLLOWS
from dunning.services import calling, outcomes, talking, workqueue
from dunning.views import call_part, objections, offers, script_part
from dunning.views.asked import UNPROCESSABLE, case_of, fence_of, stale
from dunning.views.briefing import before_confirmation, briefing

NOT_PLACED = {
    "": gettext_noop("The line did not take the call. Nothing was dialled."),
    "no_phone": gettext_noop("Your own telephone is not known. A manager can enter it under “Telephones”."),
    "clock": gettext_noop("It is not sure what time it is. Nothing was dialled; a manager has to look."),
    "busy": gettext_noop("Many calls are being placed at this moment. Press again in a few seconds."),
}
PROMISE_REFUSALS = {
    "past": ("promise_day", gettext_noop("The day is past.")),
    "too_far": ("promise_day", gettext_noop("A promise reaches sixty days ahead at most.")),
    "nothing": ("promise_amount", gettext_noop("The amount must be above zero.")),
    "too_much": ("promise_amount", gettext_noop("This is more than is owed on that day.")),
    "one_open": (
        "promise_day",
        gettext_noop("Another promise of this person to this creditor is still open."),
    ),
}


@require_safe
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a case of the agent's portfolios."""
    return _card(request, case_of(request, pk))


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Lease this very case, if nobody is at it."""
    found = case_of(request, pk)
    try:
        workqueue.take(found, agent=user_of(request.user), now=timezone.now())
    except workqueue.LeasedByAnotherError as error:
        name = error.case.agent.name if error.case.agent else ""
        messages.warning(request, _("%(name)s is at this case right now.") % {"name": name})
    except workqueue.StaleLeaseError:
        messages.info(request, _("This case is closed."))
    return redirect("dunning:case", pk=pk)


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def dial(request: HttpRequest, pk: int, point: int) -> HttpResponse:
    """Place a call to one number of the debtor; the gate is asked again, and has the last word."""
    found = case_of(request, pk)
    number = get_object_or_404(ContactPoint, pk=point, debtor_id=found.debtor_id)
    try:
        calling.dial(
            found,
            agent=user_of(request.user),
            fence=fence_of(request),
            point=number,
            now=timezone.now(),
        )
    except workqueue.StaleLeaseError:
        return stale(request, found)
    except calls.NotAllowedError as error:
        why = "; ".join(reason.text for reason in reasons.explain_all(error.verdict.reasons))
        messages.warning(request, _("The call was not placed: %(why)s.") % {"why": why})
    except calls.NotPlacedError as error:
        messages.error(request, _(NOT_PLACED.get(error.why, NOT_PLACED[""])))
    return redirect("dunning:case", pk=pk)


@require_safe
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how the call stands that is being placed for the agent; his page asks every few seconds."""
    found = case_of(request, pk)
    is_mine = found.agent_id == user_of(request.user).pk
    shown = {
        "case": found,
        "call": call_part.of(calling.placed(found, fence=found.fence)) if is_mine else None,
    }
    return render(request, "dunning/desk/_call.html", shown)


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def record_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the call came to; go on to the next case where the agent asked for it."""
    found = case_of(request, pk)
    form = OutcomeForm(request.POST, is_confirmed=_is_confirmed(request, found))
    if fence_of(request) != found.fence:  # what was typed under another lease is no part of this one's card
        return stale(request, found)
    if not form.is_valid():
        return _card(request, found, form=form, status=UNPROCESSABLE)
    try:
        _record(request, found, form)
    except workqueue.StaleLeaseError:
        return stale(request, found)
    except (
        outcomes.MissingDetailError,
        outcomes.CallbackRefusedError,
        promises.PromiseRefusedError,
    ) as error:
        form.add_error(*_complaint(error))
        return _card(request, found, form=form, status=UNPROCESSABLE)
    messages.success(request, _("Recorded for %(name)s.") % {"name": found.debtor.name})
    if request.POST.get("then") == "next":
        following = workqueue.take_next(agent=user_of(request.user), now=timezone.now())
        if following:
            return redirect("dunning:case", pk=following.pk)
        messages.info(request, _("There is nobody to call right now. The list says who returns when."))
    return redirect("dunning:desk")


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the case while its tab is open; a quiet sentence when it is no longer the agent's."""
    found = case_of(request, pk)
    try:
        workqueue.renew(found, agent=user_of(request.user), fence=fence_of(request), now=timezone.now())
    except workqueue.StaleLeaseError:
        found.agent = None
    return render(request, "dunning/desk/_lease.html", {"case": found, "is_mine": found.agent_id is not None})


@require_POST
@login_required
@permission_required("dunning.work_queue", raise_exception=True)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let go of the case without an outcome."""
    found = case_of(request, pk)
    try:
        workqueue.give_back(found, agent=user_of(request.user), fence=fence_of(request))
    except workqueue.StaleLeaseError:
        return stale(request, found)
    messages.info(request, _("Given back: %(name)s is in the queue again.") % {"name": found.debtor.name})
    return redirect("dunning:desk")


def _card(
    request: HttpRequest, found: Case, *, form: OutcomeForm | None = None, status: int = 200
) -> HttpResponse:
    agent, now = user_of(request.user), timezone.now()
    is_mine = found.agent_id == agent.pk and bool(found.leased_until and found.leased_until > now)
    talk = talking.of_lease(found) if is_mine else None
    placed = calling.placed(found, fence=found.fence) if is_mine else []
    is_confirmed = bool(talk and talk.confirmed_at)
    shown: dict[str, Any] = {
        "case": found,
        "now": now,
        "is_mine": is_mine,
        "is_confirmed": is_confirmed,
        "is_leased": bool(found.agent_id and found.leased_until and found.leased_until > now),
        "ringing": [each for each in placed if each.state in calling.RINGING],
        "call": call_part.of(placed),
        "form": form or OutcomeForm(initial=_begun(found, talk=talk, agent=agent), is_confirmed=is_confirmed),
    }
    shown["form"].fields["note"].widget.attrs["hx-post"] = reverse("dunning:note", args=[found.pk])
    if is_confirmed:
        shown |= briefing(found, now=now, kind=request.GET.get("kind", "all"))
    else:
        shown |= before_confirmation(found, now=now)
    if is_mine:
        shown |= script_part.of(found, talk=talk, agent=agent, zones=shown["verdicts"].zones, now=now)
        shown["note_saved_at"] = talk.note_saved_at if talk else None
        shown["new_point"] = NewPointForm()
    if is_confirmed:
        shown |= objections.found(found, "", values=shown["values"])
        if agent.has_perm(offers.MAY):
            shown |= offers.card_part(found, agent=agent, known=shown["gathered"], now=now)
    return render(request, "dunning/desk/case.html", shown, status=status)


def _begun(found: Case, *, talk: Talk | None, agent: User) -> dict[str, Any]:
    """Return what the outcome begins with: the note typed so far, or left in the last lease."""
    note = talk.note if talk else talking.unrecorded_note(found, agent=agent)
    return {"fence": found.fence, "note": note}


def _is_confirmed(request: HttpRequest, found: Case) -> bool:
    """Return whether the person was confirmed under the lease of the tab that asks."""
    return talking.is_confirmed(found, fence=fence_of(request))


def _record(request: HttpRequest, found: Case, form: OutcomeForm) -> None:
    data = form.cleaned_data
    promised = FOLLOWS[form.meaning].needs_promise
    outcomes.record(
        case=found,
        agent=user_of(request.user),
        fence=data["fence"],
        disposition=form.meaning,
        word=form.word,
        note=data["note"],
        promise=outcomes.PromiseTerms(data["promise_amount"], data["promise_day"]) if promised else None,
        callback_at=form.callback_at,
        now=timezone.now(),
    )


def _complaint(error: Exception) -> tuple[str | None, str]:
    """Return the field and the sentence for what the service refused."""
    match error:
        case promises.PromiseRefusedError():
            name, sentence = PROMISE_REFUSALS[error.reason]
            return name, _(sentence)
        case outcomes.CallbackRefusedError():
            why = "; ".join(reason.text for reason in reasons.explain_all(error.verdict.reasons))
            return "callback_time", _("At that time we may not call: %(why)s.") % {"why": why}
        case outcomes.MissingDetailError(what="confirmation"):
            return "disposition", _("Confirm the person first, by two data items.")
        case outcomes.MissingDetailError(what="callback"):
            return "callback_time", _("The moment agreed must still be to come.")
        case _:
            return None, _("No call was placed from here: dial first, or record who called us.")
