"""Negotiating: offers to choose from, the debtor's own proposal, and what is left to do about it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from debtors import agreement_reasons, queries
from debtors.forms.agreements import AcceptanceForm, DecisionForm, ProposalForm
from debtors.models import Agreement, Creditor
from debtors.queries import offers as reads
from debtors.rules.renegotiation import Verdict
from debtors.services import access, agreement_papers, agreements, negotiating, pdf
from debtors.services.access import user_of
from debtors.services.negotiating import AgreementRefusedError
from debtors.vocabulary import AgreementState, Evidence, PaymentMethod

ROWS = 25
WAITING = "waiting"
WHENS = (WAITING, AgreementState.ACTIVE, AgreementState.FULFILLED, AgreementState.BROKEN, "all")
UNPROCESSABLE = 422


@login_required
@permission_required("debtors.view_agreement", raise_exception=True)
@require_GET
def agreement_list(request: HttpRequest) -> HttpResponse:
    """Show the agreements this user may see; first those that wait for a decision or an acceptance."""
    seen = reads.agreements_seen_by(user_of(request.user))
    chosen = request.GET.get("when", WAITING)
    chosen = chosen if chosen in WHENS else WAITING
    found = _when(seen, chosen).select_related("debtor", "creditor", "proposed_by")
    page = Paginator(found.order_by("-proposed_at", "-pk"), ROWS).get_page(request.GET.get("page"))
    chips = [(when, _label(when)) for when in WHENS]
    return render(request, "debtors/agreements/list.html", {"page": page, "chosen": chosen, "chips": chips})


@login_required
@permission_required("debtors.negotiate_agreement", raise_exception=True)
@require_http_methods(["GET", "POST"])
def negotiate(request: HttpRequest, debtor_id: int, creditor_id: int) -> HttpResponse:
    """Show what may be offered, judge what the debtor says he can pay, and keep what was chosen."""
    user, now = user_of(request.user), timezone.now()
    debtor = get_object_or_404(queries.debtors_seen_by(user), pk=debtor_id)
    owed = queries.debts_seen_by(user).filter(debtor=debtor)
    creditor = get_object_or_404(Creditor.objects.filter(pk__in=owed.values("creditor_id")), pk=creditor_id)
    ours: dict[str, Any] = {"debtor": debtor, "creditor": creditor}
    on = timezone.localdate(now)
    shown: dict[str, Any] = {**ours, "in_force": reads.in_force(debtor_id=debtor.pk, creditor_id=creditor.pk)}
    form = ProposalForm(request.POST if request.method == "POST" else None, on=on)
    status = 200
    try:
        shown["offers"] = negotiating.offers(**ours, now=now)
        if request.method == "POST" and form.is_valid():
            if "keep" in request.POST:
                return redirect("debtors:agreement", _kept(form, ours, by=user, now=now).pk)
            found, said = negotiating.judge(form.proposal, **ours, by=user, now=now)
            shown |= {
                "judged": said,
                "is_refused": said.verdict is Verdict.REFUSED,
                "discount_cents": found.owed.items.total_cents - form.proposal.total_cents,
                "why": agreement_reasons.explain(each for each in said.reasons if each != "not_approved"),
            }
        elif request.method == "POST":
            status = UNPROCESSABLE
    except AgreementRefusedError as error:
        shown["refused"] = agreement_reasons.explain(error.reasons)
        status = UNPROCESSABLE if request.method == "POST" else 200
    shown |= {
        "form": form,
        "owed": reads.negotiable(debtor_id=debtor.pk, creditor_id=creditor.pk, on=on).owed,
    }
    return render(request, "debtors/agreements/negotiate.html", shown, status=status)


@login_required
@permission_required("debtors.view_agreement", raise_exception=True)
@require_GET
def agreement(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Show one agreement: its payments, how far it has come, and what is to be done."""
    return _page(request, _seen(request, agreement_id))


@login_required
@permission_required("debtors.approve_agreement", raise_exception=True)
@require_POST
def decide(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Approve or refuse a proposal, with the reason."""
    found, form = _seen(request, agreement_id), DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, decision=form, status=UNPROCESSABLE)
    try:
        agreements.decide(
            found,
            is_approved="approve" in request.POST,
            reason=form.cleaned_data["reason"],
            by=user_of(request.user),
            now=timezone.now(),
        )
    except AgreementRefusedError as error:
        return _refused(request, found, error)
    messages.success(request, _("Your decision is kept."))
    return redirect("debtors:agreement", found.pk)


@login_required
@permission_required("debtors.negotiate_agreement", raise_exception=True)
@require_POST
def accept(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Put a proposal in force, because the debtor has accepted it."""
    found, form = _seen(request, agreement_id), AcceptanceForm(request.POST)
    if not form.is_valid():
        return _page(request, found, acceptance=form, status=UNPROCESSABLE)
    try:
        agreements.accept(
            found,
            evidence=Evidence(form.cleaned_data["evidence"]),
            reference=form.cleaned_data["reference"],
            by=user_of(request.user),
            now=timezone.now(),
        )
    except AgreementRefusedError as error:
        return _refused(request, found, error)
    messages.success(request, _("The agreement is in force. Contact rests until its next payment."))
    return redirect("debtors:agreement", found.pk)


@login_required
@permission_required("debtors.negotiate_agreement", raise_exception=True)
@require_POST
def withdraw(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Take a proposal back, or, who may, an agreement in force."""
    found, form = _seen(request, agreement_id), DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, withdrawal=form, status=UNPROCESSABLE)
    try:
        agreements.withdraw(
            found, reason=form.cleaned_data["reason"], by=user_of(request.user), now=timezone.now()
        )
    except AgreementRefusedError as error:
        return _refused(request, found, error)
    messages.success(request, _("The agreement was withdrawn."))
    return redirect("debtors:agreement", found.pk)


@login_required
@permission_required("debtors.view_agreement", raise_exception=True)
@require_GET
def document(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Hand out the document of an agreement as PDF."""
    found = _seen(request, agreement_id)
    try:
        printed = agreement_papers.print_of(found)
    except pdf.CannotPrintError:
        messages.error(request, _("The document could not be made. Try again in a moment."))
        return redirect("debtors:agreement", found.pk)
    response = HttpResponse(printed, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="acordo-{found.pk}.pdf"'
    return response


def _when(seen: QuerySet[Agreement], chosen: str) -> QuerySet[Agreement]:
    if chosen == "all":
        return seen
    return seen.filter(state=AgreementState.PROPOSED if chosen == WAITING else chosen)


def _label(when: str) -> str:
    return {
        WAITING: _("Waiting"),
        AgreementState.ACTIVE: _("In force"),
        AgreementState.FULFILLED: _("Fulfilled"),
        AgreementState.BROKEN: _("Broken"),
        "all": _("All"),
    }[when]


def _kept(form: ProposalForm, ours: dict[str, Any], *, by: Any, now: Any) -> Agreement:
    return agreements.propose(
        form.proposal,
        **ours,
        first_method=PaymentMethod(form.cleaned_data["first_method"]),
        method=PaymentMethod(form.cleaned_data["method"]),
        by=by,
        now=now,
    )


def _seen(request: HttpRequest, agreement_id: int) -> Agreement:
    """Return an agreement the user may see; a foreign one is answered like one that does not exist."""
    seen = reads.agreements_seen_by(user_of(request.user))
    return get_object_or_404(
        seen.select_related("debtor", "creditor", "proposed_by", "accepted_by"), pk=agreement_id
    )


def _page(request: HttpRequest, found: Agreement, *, status: int = 200, **forms: Any) -> HttpResponse:
    user, on = user_of(request.user), timezone.localdate()
    level = access.authority_of(user)
    decisions = list(found.decisions.select_related("by"))
    is_proposed = found.state == AgreementState.PROPOSED
    is_approved = any(each.is_approved for each in decisions)
    waits = is_proposed and not is_approved and access.authority_of(found.proposed_by) < found.needed
    may_withdraw = is_proposed or (found.state == AgreementState.ACTIVE and user.has_perm(access.MAY_APPROVE))
    shown = {
        "agreement": found,
        "debtor": found.debtor,
        "payments": list(found.payments.all()),
        "debts": list(found.debts.select_related("debt")),
        "decisions": decisions,
        "progress": reads.progress_of(found, on=on) if found.activated_at else None,
        "beyond": agreement_reasons.explain(found.beyond),
        "waits": waits,
        "may_decide": waits and user.has_perm(access.MAY_APPROVE) and level >= found.needed,
        "may_accept": is_proposed and (not waits or level >= found.needed),
        "may_withdraw": may_withdraw,
        "today": on,
        "decision": DecisionForm(),
        "acceptance": AcceptanceForm(),
        "withdrawal": DecisionForm(auto_id="withdraw_%s"),
    }
    return render(request, "debtors/agreements/agreement.html", shown | forms, status=status)


def _refused(request: HttpRequest, found: Agreement, error: AgreementRefusedError) -> HttpResponse:
    why = agreement_reasons.explain(error.reasons)
    messages.error(request, _("It was not done: %(why)s.") % {"why": why})
    return redirect("debtors:agreement", found.pk)
