"""Pay now: a Pix or boleto issued while the debtor is on the line, with what he needs to pay it."""

from datetime import date, datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from collections_crm.lib import dates, workdays
from debtors import queries
from debtors.forms.paying import PayForm
from debtors.models import Creditor, Debtor, PaymentRequest, ReceivingAccount
from debtors.queries import paying
from debtors.services import payment_requests, pdf, request_papers
from debtors.services.access import user_of
from debtors.services.payment_requests import RequestRefusedError
from debtors.vocabulary import RequestKind

WORKDAYS_TO_PAY = 2
UNPROCESSABLE = 422
#: Why nothing is issued -> beside which field, in which words.
REFUSALS = {
    "past": ("due_on", gettext_noop("The day is past.")),
    "too_far": ("due_on", gettext_noop("Nobody rests for more than 60 days: choose an earlier day.")),
    "no_choice": ("part", gettext_noop("This is not above zero, or more than is owed.")),
    "no_account": (None, gettext_noop("It is not known yet where this creditor's money goes.")),
    "no_connection": (None, gettext_noop("The connection to the creditor's bank is not set up here.")),
    "numbers_used_up": (None, gettext_noop("The numbers for this creditor's boletos are used up.")),
    "pix_data": (None, gettext_noop("The creditor's Pix data make no code: ask a manager to look at them.")),
    "slip_data": (
        None,
        gettext_noop("The creditor's bank data make no boleto: ask a manager to look at them."),
    ),
    "inexact": (None, gettext_noop("A rate of some month is not known yet, so the amount is not certain.")),
    "in_doubt": (
        None,
        gettext_noop("The ledger is in doubt: no amount is asked for until that is cleared up."),
    ),
    "nothing_owed": (None, gettext_noop("Nothing is owed that may be asked for.")),
}


@login_required
@permission_required("debtors.add_paymentrequest", raise_exception=True)
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, debtor_id: int, creditor_id: int) -> HttpResponse:
    """Show what may be paid and what was issued for it; issue what was chosen."""
    user, now = user_of(request.user), timezone.now()
    debtor = get_object_or_404(queries.debtors_seen_by(user), pk=debtor_id)
    owed = queries.debts_seen_by(user).filter(debtor=debtor)
    creditor = get_object_or_404(Creditor.objects.filter(pk__in=owed.values("creditor_id")), pk=creditor_id)
    form, obstacle = _form(request, debtor, creditor, now=now)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if data["due_on"] == data["counted_for"]:
            try:
                payment_requests.issue(
                    debtor=debtor,
                    creditor=creditor,
                    kind=RequestKind(data["kind"]),
                    choice=data["choice"],
                    part_cents=data["part"],
                    due_on=data["due_on"],
                    asked_as=data["number"],
                    by=user,
                    now=now,
                )
            except RequestRefusedError as error:
                field, words = REFUSALS[error.reason]
                form.add_error(field, _(words))
            else:
                return redirect("debtors:pay", debtor.pk, creditor.pk)
        else:
            form = _for_another_day(request, debtor, creditor, form=form, now=now)
    shown = {
        "form": form,
        "refused": _(REFUSALS[obstacle][1]) if obstacle else "",
        "debtor": debtor,
        "creditor": creditor,
        "issued": [request_papers.on_screen(each) for each in paying.issued(
            debtor_id=debtor.pk, creditor_id=creditor.pk, on=timezone.localdate(now)
        )],
    }  # fmt: skip
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, "debtors/pay/pay.html", shown, status=status)


@login_required
@permission_required("debtors.add_paymentrequest", raise_exception=True)
@require_POST
def withdraw(request: HttpRequest, request_id: int) -> HttpResponse:
    """Say that it will not be paid; contact may go on."""
    found = _seen(request, request_id)
    payment_requests.withdraw(found, now=timezone.now())
    messages.success(request, _("Taken back: it is not on its way any more."))
    return redirect("debtors:pay", found.debtor_id, found.creditor_id)


@login_required
@permission_required("debtors.view_paymentrequest", raise_exception=True)
@require_GET
def boleto_print(request: HttpRequest, request_id: int) -> HttpResponse:
    """Hand out a boleto as PDF."""
    found = _seen(request, request_id)
    if not found.is_boleto:
        return redirect("debtors:pay", found.debtor_id, found.creditor_id)
    try:
        return boleto_response(found)
    except pdf.CannotPrintError:
        messages.error(request, _("The document could not be made. Try again in a moment."))
        return redirect("debtors:pay", found.debtor_id, found.creditor_id)


@login_required
@permission_required("debtors.view_paymentrequest", raise_exception=True)
@require_GET
def qr_picture(request: HttpRequest, request_id: int) -> HttpResponse:
    """Hand out the QR code of a Pix as a picture to be sent on."""
    found = _seen(request, request_id)
    if not found.payload:
        return redirect("debtors:pay", found.debtor_id, found.creditor_id)
    response = HttpResponse(request_papers.qr_png(found.payload), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="pix-{found.pk}.png"'
    return response


def boleto_response(found: PaymentRequest) -> HttpResponse:
    """Return a boleto as PDF. Raises `pdf.CannotPrintError`."""
    printed = request_papers.print_of(found, on=timezone.localdate(found.issued_at))
    response = HttpResponse(printed, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="boleto-{found.our_number}.pdf"'
    return response


def _form(
    request: HttpRequest, debtor: Debtor, creditor: Creditor, *, now: datetime, day: date | None = None
) -> tuple[PayForm, str]:
    """Return the form with the amounts of a day, and why nothing can be issued at all."""
    on = timezone.localdate(now)
    typed = _typed_day(request)
    day = day or typed or workdays.after(on, days=WORKDAYS_TO_PAY)
    found = paying.payable(debtor_id=debtor.pk, creditor_id=creditor.pk, on=day)
    kinds = payment_requests.kinds_of(ReceivingAccount.objects.filter(creditor=creditor).first())
    data = request.POST if request.method == "POST" else None
    obstacle = found.obstacle or ("" if kinds else "no_account")
    return PayForm(data, kinds=kinds, choices=found.choices, on=on, day=day), obstacle


def _typed_day(request: HttpRequest) -> date | None:
    """Return the day that the amounts on the page were counted for."""
    try:
        return date.fromisoformat(request.POST.get("counted_for", ""))
    except ValueError:
        return None


def _for_another_day(
    request: HttpRequest, debtor: Debtor, creditor: Creditor, *, form: PayForm, now: datetime
) -> PayForm:
    """Return the form with the amounts of the day that was typed, for somebody to look at them first."""
    day = form.cleaned_data["due_on"]
    messages.info(
        request,
        _("The amounts are counted for %(day)s now. Look at them and press once more.")
        % {"day": dates.format_br(day)},
    )
    anew, _obstacle = _form(request, debtor, creditor, now=now, day=day)
    anew.is_bound = False
    typed = ("number", "kind", "choice", "part", "due_on")
    anew.initial.update({name: form.cleaned_data[name] for name in typed})
    return anew


def _seen(request: HttpRequest, request_id: int) -> PaymentRequest:
    """Return what was issued if the user may see it; a foreign one is answered like one that is not there."""
    return get_object_or_404(paying.requests_seen_by(user_of(request.user)), pk=request_id)
