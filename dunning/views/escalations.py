"""Pages of steps beyond asking: what stands in the way of each, who asked, who approved, and the files."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from debtors import queries
from debtors.models import Creditor, Debt, EscalationFile
from debtors.rules.escalation import Obstacle, Step
from debtors.services import access
from debtors.services.access import user_of
from debtors.vocabulary import EscalationKind, EscalationStep
from dunning.forms.escalation import ProofForm, ReasonForm
from dunning.queries import escalating
from dunning.services import escalation as services
from dunning.services.escalation import EscalationRefusedError

ROWS = 25
UNPROCESSABLE = 422
WORDS = {
    "already_done": gettext_noop("it is done already"),
    "nothing_owed": gettext_noop("nothing is late"),
    "not_late_enough": gettext_noop("it is not late for long enough"),
    "prescribed": gettext_noop("the debt is prescribed"),
    "disputed": gettext_noop("the debtor disputes it"),
    "held": gettext_noop("contact with the debtor rests, or the ledger is in doubt"),
    "agreement_active": gettext_noop("an agreement is in force"),
    "promise_open": gettext_noop("a promise to pay is open"),
    "money_in_transit": gettext_noop("money may be on its way"),
    "too_little": gettext_noop("too little is owed for it"),
    "too_old_for_bureau": gettext_noop("it is more than five years past its due date"),
    "wrong_instrument": gettext_noop("a debt of this instrument is not protested"),
    "no_proof_of_debt": gettext_noop("no document of the debt is at hand"),
    "debtor_not_identified": gettext_noop("the debtor is not identified"),
    "ladder_not_exhausted": gettext_noop("the ladder has not had its last step"),
    "not_announced": gettext_noop("it was not announced to the debtor"),
    "delivery_not_proven": gettext_noop("it is not proven that the announcement arrived"),
    "announced_too_recently": gettext_noop("the time after the announcement is not over"),
    "not_approved": gettext_noop("nobody has approved it"),
    "approval_too_low": gettext_noop("whoever approved it may not"),
    "approval_without_reason": gettext_noop("the approval has no reason"),
    "approval_expired": gettext_noop("the approval is older than thirty days"),
    "asked_already": gettext_noop("it was asked for already"),
    "not_asked": gettext_noop("nobody has asked for it"),
    "same_person": gettext_noop("whoever asks does not approve: a second person must"),
    "in_the_future": gettext_noop("the day is still to come"),
    "nothing": gettext_noop("there is nothing of it to be done today"),
    "paid": gettext_noop("it is paid"),
    "agreement_paid": gettext_noop("a first payment of an agreement arrived"),
    "dispute_upheld": gettext_noop("a dispute was found to be right"),
    "five_years": gettext_noop("five years since the due date are over"),
}


@login_required
@permission_required("debtors.request_escalation", raise_exception=True)
@require_GET
def escalation_list(request: HttpRequest) -> HttpResponse:
    """Show the debts with a step under way, the listings that must go, and what files can be made."""
    now, user = timezone.now(), user_of(request.user)
    page = Paginator(escalating.under_way(user), ROWS).get_page(request.GET.get("page"))
    pks = [debt.pk for debt in page]
    rows = escalating.standings(Debt.objects.filter(pk__in=pks).order_by("pk"), now=now)
    shown: dict[str, Any] = {"page": page, "rows": [_summary(each) for each in rows]}
    if user.has_perm(services.MAY_EXPORT):
        shown["removals"] = [
            (each, _(WORDS[each.removal.reason]))
            for each in services.to_remove(None, now=now)
            if each.removal
        ]
        shown["creditors"] = Creditor.objects.filter(is_active=True)
        shown["steps"] = EscalationStep.choices
        shown["files"] = EscalationFile.objects.select_related("creditor", "made_by")[:10]
        shown["today"] = timezone.localdate(now)
    return render(request, "escalation/list.html", shown)


@login_required
@permission_required("debtors.request_escalation", raise_exception=True)
@require_GET
def escalation(request: HttpRequest, debt_id: int) -> HttpResponse:
    """Show one debt: each step with what stands in its way, what happened, and what may be done."""
    return _page(request, _seen(request, debt_id))


@login_required
@permission_required("debtors.request_escalation", raise_exception=True)
@require_POST
def ask(request: HttpRequest, debt_id: int) -> HttpResponse:
    """Ask for a step, with the reason."""
    debt, form = _seen(request, debt_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, debt, asking=form, status=UNPROCESSABLE)
    data = form.cleaned_data
    try:
        services.ask(
            debt, step=Step(data["step"]), reason=data["reason"], by=user_of(request.user), now=timezone.now()
        )
    except EscalationRefusedError as error:
        return _refused(request, debt, error)
    messages.success(request, _("Asked for. Somebody else decides."))
    return redirect("escalation", debt.pk)


@login_required
@permission_required("debtors.approve_escalation", raise_exception=True)
@require_POST
def decide(request: HttpRequest, debt_id: int) -> HttpResponse:
    """Approve or refuse what somebody else asked for."""
    debt, form = _seen(request, debt_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, debt, asking=form, status=UNPROCESSABLE)
    data = form.cleaned_data
    try:
        services.decide(
            debt,
            step=Step(data["step"]),
            is_approved="approve" in request.POST,
            reason=data["reason"],
            by=user_of(request.user),
            now=timezone.now(),
        )
    except EscalationRefusedError as error:
        return _refused(request, debt, error)
    except PermissionDenied:
        messages.error(request, _("This step needs the approval of a higher level."))
        return redirect("escalation", debt.pk)
    messages.success(request, _("Your decision is kept."))
    return redirect("escalation", debt.pk)


@login_required
@permission_required("debtors.request_escalation", raise_exception=True)
@require_POST
def prove(request: HttpRequest, debt_id: int) -> HttpResponse:
    """Keep where a proof is."""
    debt, form = _seen(request, debt_id), ProofForm(request.POST)
    if not form.is_valid():
        return _page(request, debt, proving=form, status=UNPROCESSABLE)
    data = form.cleaned_data
    try:
        services.note_proof(
            debt,
            step=Step(data["step"]),
            kind=EscalationKind(data["kind"]),
            on=data["on"],
            reference=data["reference"],
            by=user_of(request.user),
            now=timezone.now(),
        )
    except EscalationRefusedError as error:
        return _refused(request, debt, error)
    messages.success(request, _("The proof is kept."))
    return redirect("escalation", debt.pk)


@login_required
@permission_required("debtors.export_escalation", raise_exception=True)
@require_POST
def export(request: HttpRequest, creditor_id: int) -> HttpResponse:
    """Make the file of a step, or of removals, with everything of which it may be done today."""
    creditor = get_object_or_404(Creditor, pk=creditor_id)
    step, user, now = request.POST.get("step", ""), user_of(request.user), timezone.now()
    try:
        if step == "removal":
            made = services.export_removals(creditor, by=user, now=now)
        elif step in EscalationStep:
            made = services.export(creditor, step=Step(step), by=user, now=now)
        else:
            raise EscalationRefusedError("nothing")
    except EscalationRefusedError as error:
        messages.error(request, _("It was not done: %(why)s.") % {"why": _explained(error)})
        return redirect("escalations")
    messages.success(request, _("The file is made: %(n)d debts.") % {"n": made.rows})
    return redirect("escalations")


@login_required
@permission_required("debtors.export_escalation", raise_exception=True)
@require_GET
def download(request: HttpRequest, export_id: int) -> HttpResponse:
    """Hand out a file as it was made."""
    found = get_object_or_404(EscalationFile, pk=export_id)
    response = HttpResponse(found.content.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    name = "exclusao" if found.is_removal else found.step
    response["Content-Disposition"] = f'attachment; filename="{name}-{found.pk}.csv"'
    return response


def _page(request: HttpRequest, debt: Debt, *, status: int = 200, **forms_shown: Any) -> HttpResponse:
    now, user = timezone.now(), user_of(request.user)
    found = escalating.standing(debt, now=now)
    level = access.authority_of(user)
    steps = [
        {
            "step": step.value,
            "label": EscalationStep(step.value).label,
            "obstacles": [_worded(each) for each in found.decisions[step].obstacles],
            "earliest_on": found.decisions[step].earliest_on,
            "is_asked": found.is_asked(step),
            "may_ask": not found.is_asked(step)
            and all(each.code in services.MAY_STILL_COME for each in found.decisions[step].obstacles)
            and any(each.code == "not_approved" for each in found.decisions[step].obstacles),
            "may_decide": found.is_asked(step)
            and user.has_perm(services.MAY_APPROVE)
            and level >= found.terms[step].approval,
        }
        for step in Step
    ]
    shown = {
        "debt": debt,
        "standing": found,
        "steps": steps,
        "removal": _(WORDS[found.removal.reason]) if found.removal else "",
        "proving": ProofForm(initial={"on": timezone.localdate(now)}),
    }
    return render(request, "escalation/debt.html", shown | forms_shown, status=status)


def _summary(found: escalating.Standing) -> dict[str, Any]:
    """Return a debt with the step that was touched last and what stands in its way."""
    step = Step(found.events[-1].step)
    return {
        "debt": found.debt,
        "event": found.events[-1],
        "is_asked": found.is_asked(step),
        "owed_cents": found.facts.owed_cents,
        "obstacles": [_worded(each) for each in found.decisions[step].obstacles],
    }


def _worded(obstacle: Obstacle) -> tuple[str, Any]:
    return _(WORDS[obstacle.code]), obstacle.until


def _explained(error: EscalationRefusedError) -> str:
    return "; ".join(_(WORDS[code]) for code in error.reasons)


def _refused(request: HttpRequest, debt: Debt, error: EscalationRefusedError) -> HttpResponse:
    messages.error(request, _("It was not done: %(why)s.") % {"why": _explained(error)})
    return redirect("escalation", debt.pk)


def _seen(request: HttpRequest, debt_id: int) -> Debt:
    """Return a debt the user may see; a foreign one is answered like one that is not there."""
    seen = queries.debts_seen_by(user_of(request.user)).select_related("debtor", "creditor")
    return get_object_or_404(seen, pk=debt_id)
