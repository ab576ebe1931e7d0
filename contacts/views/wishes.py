"""What can be done on the debtor's page: let contact rest, keep a wish or a permission, end either."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from contacts.forms.wishes import ConsentForm, EndForm, HoldForm, OptOutForm
from contacts.models import Consent, Hold, OptOut, Refusal
from contacts.queries.underway import underway
from contacts.services import consent, holds
from contacts.views import debtors
from contacts.vocabulary import HoldKind
from debtors.models import Debtor

Ended = Hold | OptOut | Consent


@login_required
@permission_required("contacts.add_hold", raise_exception=True)
@require_POST
def place_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Let contact with the debtor rest."""
    seen = debtors.seen_debtor(request, pk)
    form = HoldForm(request.POST, on=timezone.localdate(), auto_id="hold_%s")
    if not form.is_valid():
        return debtors.page(request, seen, hold_form=form)
    holds.place(
        debtor=seen,
        kind=HoldKind(form.cleaned_data["kind"]),
        reason=form.cleaned_data["reason"],
        by=debtors.signed_in(request),
        now=timezone.now(),
        until=form.cleaned_data["until"],
    )
    messages.success(request, _("Contact with this debtor rests from now on."))
    _say_what_is_underway(request, seen)
    return redirect("contacts:debtor", pk)


@login_required
@permission_required("contacts.change_hold", raise_exception=True)
@require_POST
def lift_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """End a hold."""
    hold = get_object_or_404(Hold.objects.filter(debtor__in=debtors.seen_debtors(request)), pk=pk)
    form = EndForm(request.POST, row=hold)
    if not form.is_valid():
        return _again(request, form)
    holds.lift(hold, why=form.cleaned_data["source"], by=debtors.signed_in(request), now=timezone.now())
    messages.success(request, _("The hold is lifted. What waited for it is judged again."))
    return redirect("contacts:debtor", hold.debtor_id)


@login_required
@permission_required("contacts.add_optout", raise_exception=True)
@require_POST
def opt_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the debtor's wish not to be contacted."""
    seen = debtors.seen_debtor(request, pk)
    form = OptOutForm(request.POST, debtor=seen, auto_id="optout_%s")
    if not form.is_valid():
        return debtors.page(request, seen, opt_out_form=form)
    consent.opt_out(
        debtor=seen,
        source=form.cleaned_data["source"],
        by=debtors.signed_in(request),
        now=timezone.now(),
        **form.wish(),
    )
    messages.success(request, _("The wish is kept. It binds from now on, messages already waiting included."))
    _say_what_is_underway(request, seen)
    return redirect("contacts:debtor", pk)


@login_required
@permission_required("contacts.change_optout", raise_exception=True)
@require_POST
def withdraw_opt_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End an opt-out because the debtor asked for it."""
    wish = get_object_or_404(OptOut.objects.filter(debtor__in=debtors.seen_debtors(request)), pk=pk)
    form = EndForm(request.POST, row=wish)
    if not form.is_valid():
        return _again(request, form)
    consent.withdraw_opt_out(
        wish, source=form.cleaned_data["source"], by=debtors.signed_in(request), now=timezone.now()
    )
    messages.success(request, _("The opt-out is ended. What waited for it is judged again."))
    return redirect("contacts:debtor", wish.debtor_id)


@login_required
@permission_required("contacts.change_optout", raise_exception=True)
@require_POST
def lift_refusal(request: HttpRequest, pk: int, refusal_id: int) -> HttpResponse:
    """End for one debtor what was refused at his number before we knew him, because he asked for it."""
    seen = debtors.seen_debtor(request, pk)
    points = {point.value: point for point in seen.points.all()}
    said = get_object_or_404(Refusal.objects.filter(value__in=points), pk=refusal_id)
    form = EndForm(request.POST, row=said)
    if not form.is_valid():
        return debtors.page(request, seen, end_form=form)
    consent.want_again(
        said,
        debtor=seen,
        point=points[said.value],
        source=form.cleaned_data["source"],
        by=debtors.signed_in(request),
        now=timezone.now(),
    )
    messages.success(request, _("The opt-out is ended. What waited for it is judged again."))
    return redirect("contacts:debtor", pk)


@login_required
@permission_required("contacts.add_consent", raise_exception=True)
@require_POST
def grant_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the debtor allows, with its proof."""
    seen = debtors.seen_debtor(request, pk)
    form = ConsentForm(request.POST, auto_id="consent_%s")
    if not form.is_valid():
        return debtors.page(request, seen, consent_form=form)
    consent.grant(
        debtor=seen,
        channel=form.cleaned_data["channel"],
        source=form.cleaned_data["source"],
        by=debtors.signed_in(request),
        now=timezone.now(),
    )
    messages.success(request, _("The consent is kept. What waited for it is judged again."))
    return redirect("contacts:debtor", pk)


@login_required
@permission_required("contacts.change_consent", raise_exception=True)
@require_POST
def take_back_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """End a consent because the debtor took it back."""
    given = get_object_or_404(Consent.objects.filter(debtor__in=debtors.seen_debtors(request)), pk=pk)
    form = EndForm(request.POST, row=given)
    if not form.is_valid():
        return _again(request, form)
    consent.take_back(
        given, source=form.cleaned_data["source"], by=debtors.signed_in(request), now=timezone.now()
    )
    messages.success(request, _("The consent is ended. It binds from now on."))
    _say_what_is_underway(request, given.debtor)
    return redirect("contacts:debtor", given.debtor_id)


def _again(request: HttpRequest, form: EndForm) -> HttpResponse:
    """Return the debtor's page with the question that was left open."""
    assert not isinstance(form.row, Refusal)  # noqa: S101  # it has no debtor: its own view answers
    return debtors.page(request, debtors.seen_debtor(request, form.row.debtor_id), end_form=form)


def _say_what_is_underway(request: HttpRequest, debtor: Debtor) -> None:
    """Say what will not leave any more, and what may still arrive because it was handed over already."""
    found = underway(debtor_id=debtor.pk)
    if found.waiting:
        text = ngettext(
            "%(count)d contact that waits is judged by it before it may leave.",
            "%(count)d contacts that wait are judged by it before they may leave.",
            found.waiting,
        )
        messages.info(request, text % {"count": found.waiting})
    for attempt in found.gone:
        words = {
            "channel": attempt.contact.get_channel_display(),
            "to": attempt.to,
            "time": f"{timezone.localtime(attempt.handed_at):%H:%M}",
        }
        text = _("Already handed over at %(time)s, it may still arrive: %(channel)s to %(to)s.")
        messages.warning(request, text % words)
