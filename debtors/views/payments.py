"""Payments: record one that arrived, take one back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collections_crm.lib import money
from debtors import queries
from debtors.forms import PaymentForm, ReasonForm
from debtors.models import Creditor, Payment
from debtors.services import ledger
from debtors.services.access import user_of
from debtors.vocabulary import PaymentMethod, PaymentSource


@login_required
@permission_required("debtors.add_payment", raise_exception=True)
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, debtor_id: int, creditor_id: int) -> HttpResponse:
    """Record one payment of a debtor to a creditor."""
    user = user_of(request.user)
    debtor = get_object_or_404(queries.debtors_seen_by(user), pk=debtor_id)
    owed = queries.debts_seen_by(user).filter(debtor=debtor)
    creditor = get_object_or_404(Creditor.objects.filter(pk__in=owed.values("creditor_id")), pk=creditor_id)
    now = timezone.now()
    form = PaymentForm(request.POST or None, debtor=debtor, creditor=creditor, on=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        try:
            payment = ledger.record_payment(
                debtor=debtor,
                creditor=creditor,
                amount_cents=form.cleaned_data["amount"],
                paid_on=form.cleaned_data["paid_on"],
                method=PaymentMethod(form.cleaned_data["method"]),
                source=PaymentSource.HAND,
                external_id=str(form.cleaned_data["number"]),
                recorded_by=user,
                now=now,
                debt=form.cleaned_data["debt"],
            )
        except ledger.PaymentConflictError:
            form.add_error(None, _("This form was sent before with another amount or day. Open it anew."))
        else:
            messages.success(request, _recorded(payment))
            return redirect("contacts:debtor", debtor.pk)
    on = timezone.localdate(now)
    context = {
        "form": form,
        "debtor": debtor,
        "creditor": creditor,
        "balance": queries.balance_with(debtor_id=debtor.pk, creditor_id=creditor.pk, on=on),
    }
    return render(request, "debtors/payments/record.html", context, status=_status(form))


@login_required
@permission_required("debtors.change_payment", raise_exception=True)
@require_http_methods(["GET", "POST"])
def reverse(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Take a payment back out of its debts, with the reason."""
    seen = queries.debtors_seen_by(user_of(request.user))
    payments = Payment.objects.select_related("debtor", "creditor", "recorded_by")
    payment = get_object_or_404(payments.filter(debtor__in=seen), pk=payment_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ledger.reverse_payment(
                payment, reason=form.cleaned_data["reason"], by=user_of(request.user), now=timezone.now()
            )
        except ledger.AlreadyReversedError:
            messages.warning(request, _("This payment was taken back before: nothing was changed."))
        else:
            messages.success(request, _("The payment was taken back. What it had settled is open again."))
        return redirect("contacts:debtor", payment.debtor_id)
    context = {"form": form, "payment": payment, "debtor": payment.debtor}
    return render(request, "debtors/payments/reverse.html", context, status=_status(form))


def _recorded(payment: Payment) -> str:
    """Say what was recorded and what is owed now."""
    balance = queries.balance_with(
        debtor_id=payment.debtor_id,
        creditor_id=payment.creditor_id,
        on=timezone.localdate(payment.recorded_at),
    )
    words: dict[str, Any] = {
        "amount": money.format_brl(payment.amount_cents),
        "brand": payment.creditor.brand,
        "left": money.format_brl(balance.total_cents),
    }
    beyond = ledger.unallocated_cents(payment)
    if beyond:
        words["beyond"] = money.format_brl(beyond)
        return (
            _("Payment of %(amount)s recorded. %(beyond)s of it is more than was owed to %(brand)s.") % words
        )
    if not balance.total_cents:
        return _("Payment of %(amount)s recorded. Nothing more is owed to %(brand)s.") % words
    return _("Payment of %(amount)s recorded. %(left)s is still owed to %(brand)s.") % words


def _status(form: Any) -> int:
    """Return 422 for a form with errors, so that htmx swaps it too."""
    return 422 if form.is_bound and form.errors else 200
