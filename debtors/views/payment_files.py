"""Payments from a file: hand it in, read what is wrong with it, then take in all rows or the good ones."""

import base64

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from collections_crm.lib import money
from debtors import import_reasons
from debtors.forms import PaymentsFileForm
from debtors.models import Creditor
from debtors.rules.import_columns import RowError
from debtors.services import ledger, payment_files
from debtors.services.access import user_of
from debtors.services.payment_files import Report
from debtors.services.reading_files import UnreadableFileError

MOST_BYTES = 2 * 2**20  # between the two steps the file waits in the session, beside the login
MOST_SHOWN = 200
KEPT = "payments_file"


@login_required
@permission_required("debtors.add_payment", raise_exception=True)
@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """Take a file and go on to what is in it."""
    form = PaymentsFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, creditor = form.cleaned_data["file"], form.cleaned_data["creditor"]
        try:
            if file.size > MOST_BYTES:
                raise UnreadableFileError("file_too_large", most=str(MOST_BYTES // 2**20))
            content = file.read()
            payment_files.check(content, creditor=creditor, on=timezone.localdate())
        except UnreadableFileError as error:
            form.add_error("file", import_reasons.sentence(error.code, error.params))
        else:
            request.session[KEPT] = {
                "name": file.name[-200:],
                "creditor": creditor.pk,
                "content": base64.b64encode(content).decode(),
            }
            return redirect("debtors:payments_import_check")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "debtors/payments/hand_in.html", {"form": form}, status=status)


@login_required
@permission_required("debtors.add_payment", raise_exception=True)
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Show what the file handed in would add and what is wrong with it; take it in, or put it away."""
    kept = request.session.get(KEPT)
    if not kept:
        return redirect("debtors:payments_import")
    creditor = Creditor.objects.get(pk=kept["creditor"])
    content = base64.b64decode(kept["content"])
    if request.method == "POST":
        if request.POST.get("do") in ("all", "good"):
            _take_in(request, content, creditor=creditor, only_good=request.POST["do"] == "good")
        request.session.pop(KEPT, None)
        return redirect("debtors:payments_import")
    report = payment_files.check(content, creditor=creditor, on=timezone.localdate())
    context = {
        "report": report,
        "new": report.new[:MOST_SHOWN],
        "errors": [_told(error) for error in report.errors[:MOST_SHOWN]],
        "creditor": creditor,
        "file_name": kept["name"],
    }
    return render(request, "debtors/payments/check.html", context)


def _take_in(request: HttpRequest, content: bytes, *, creditor: Creditor, only_good: bool) -> None:
    try:
        report = payment_files.take_in(
            content,
            creditor=creditor,
            only_good=only_good,
            recorded_by=user_of(request.user),
            now=timezone.now(),
        )
    except (payment_files.RowsAreWrongError, ledger.PaymentConflictError):
        messages.error(request, _("Nothing was recorded: rows of the file are wrong. Check it again."))
    else:
        messages.success(request, result_of(report))


def result_of(report: Report) -> str:
    """Say what taking in a file did."""
    count = len(report.new)
    words = {"count": count, "sum": money.format_brl(report.new_cents), "known": report.known_count}
    said = ngettext("%(count)d payment recorded, %(sum)s.", "%(count)d payments recorded, %(sum)s.", count)
    if report.known_count:
        said += " " + ngettext(
            "%(known)d was recorded before.", "%(known)d were recorded before.", report.known_count
        )
    if report.unplaced:
        words["waiting"] = len(report.unplaced)
        said += " " + ngettext(
            "%(waiting)d of a payer nobody knows waits to be matched.",
            "%(waiting)d of payers nobody knows wait to be matched.",
            len(report.unplaced),
        )
    return said % words


def _told(error: RowError) -> dict[str, object]:
    return {
        "line": error.line,
        "column": error.column,
        "value": error.value,
        "sentence": import_reasons.sentence(error.code, error.params),
    }
