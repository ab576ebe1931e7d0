"""The page of one debtor, and what can be done there: let contact rest, or let it go on."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from contacts.forms.wishes import HoldForm, OptOutForm
from contacts.models import Hold, OptOut
from contacts.services import consent, holds
from contacts.views import dossier
from contacts.vocabulary import HoldKind
from debtors import queries as debtor_queries
from debtors.models import Debtor, User


@login_required
@permission_required("debtors.view_debtor", raise_exception=True)
@require_GET
def debtor(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one debtor: who, reachable how, owing what, and what happened."""
    return _page(request, _seen(request, pk))


@login_required
@permission_required("contacts.add_hold", raise_exception=True)
@require_POST
def place_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Let contact with the debtor rest."""
    seen = _seen(request, pk)
    form = HoldForm(request.POST, on=timezone.localdate(), auto_id="hold_%s")
    if not form.is_valid():
        return _page(request, seen, hold_form=form)
    holds.place(
        debtor=seen,
        kind=HoldKind(form.cleaned_data["kind"]),
        reason=form.cleaned_data["reason"],
        by=_user(request),
        now=timezone.now(),
        until=form.cleaned_data["until"],
    )
    messages.success(request, _("Contact with this debtor rests from now on."))
    return redirect("contacts:debtor", pk)


@login_required
@permission_required("contacts.change_hold", raise_exception=True)
@require_POST
def lift_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """End a hold."""
    hold = get_object_or_404(Hold.objects.filter(debtor__in=_debtors(request)), pk=pk)
    holds.lift(hold, now=timezone.now())
    messages.success(request, _("The hold is lifted. What waited for it is judged again."))
    return redirect("contacts:debtor", hold.debtor_id)


@login_required
@permission_required("contacts.add_optout", raise_exception=True)
@require_POST
def opt_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the debtor's wish not to be contacted."""
    seen = _seen(request, pk)
    form = OptOutForm(request.POST, debtor=seen, auto_id="optout_%s")
    if not form.is_valid():
        return _page(request, seen, opt_out_form=form)
    consent.opt_out(
        debtor=seen,
        source=form.cleaned_data["source"],
        by=_user(request),
        now=timezone.now(),
        **form.wish(),
    )
    messages.success(request, _("The wish is kept. It binds from now on, messages already waiting included."))
    return redirect("contacts:debtor", pk)


@login_required
@permission_required("contacts.change_optout", raise_exception=True)
@require_POST
def withdraw_opt_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End an opt-out because the debtor asked for it."""
    wish = get_object_or_404(OptOut.objects.filter(debtor__in=_debtors(request)), pk=pk)
    consent.withdraw_opt_out(wish, now=timezone.now())
    messages.success(request, _("The opt-out is ended. What waited for it is judged again."))
    return redirect("contacts:debtor", wish.debtor_id)


def _page(
    request: HttpRequest,
    seen: Debtor,
    *,
    hold_form: HoldForm | None = None,
    opt_out_form: OptOutForm | None = None,
) -> HttpResponse:
    kind = request.GET.get("kind", "all")
    now = timezone.now()
    told: dict[str, Any] = dossier.dossier(
        seen, user=_user(request), now=now, kind=kind if kind in dossier.KINDS else "all"
    )
    told["hold_form"] = hold_form or HoldForm(on=timezone.localdate(now), auto_id="hold_%s")
    told["opt_out_form"] = opt_out_form or OptOutForm(debtor=seen, auto_id="optout_%s")
    status = 422 if hold_form or opt_out_form else 200
    return render(request, "contacts/debtor.html", told, status=status)


def _seen(request: HttpRequest, pk: int) -> Debtor:
    """Return the debtor; one of another portfolio does not exist for this user."""
    return get_object_or_404(_debtors(request).prefetch_related("points"), pk=pk)


def _debtors(request: HttpRequest) -> QuerySet[Debtor]:
    return debtor_queries.debtors_seen_by(_user(request))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101
    return request.user
