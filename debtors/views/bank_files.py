"""Return files of banks: hand one in, read what it would change, book it or put it away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from collections_crm.lib import money
from debtors import import_reasons
from debtors.forms import ReturnFileForm
from debtors.models import BankFile
from debtors.services import bank_files
from debtors.services.access import user_of
from debtors.services.reading_files import MAX_BYTES, UnreadableFileError
from debtors.tasks import book_files
from debtors.vocabulary import ImportState

FILES_SHOWN = 10
ERRORS_SHOWN = 100


@login_required
@permission_required("debtors.add_payment", raise_exception=True)
@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """Take a file, read it, and go on to what it would change."""
    form = ReturnFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, now = form.cleaned_data["file"], timezone.now()
        try:
            looked = bank_files.look(
                file.read(MAX_BYTES + 1),
                file_name=file.name,
                creditor=form.cleaned_data["creditor"],
                created_by=user_of(request.user),
                now=now,
            )
        except UnreadableFileError as error:
            form.add_error("file", import_reasons.sentence(error.code, error.params))
        else:
            return redirect("debtors:bank_file", looked.pk)
    files = BankFile.objects.select_related("creditor", "created_by").defer("content")[:FILES_SHOWN]
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "debtors/bank_files/hand_in.html", {"form": form, "files": files}, status=status)


@login_required
@permission_required("debtors.add_payment", raise_exception=True)
@require_GET
def report(request: HttpRequest, file_id: int) -> HttpResponse:
    """Show what a file would change, or changed, and what is wrong with it."""
    files = BankFile.objects.select_related("creditor", "created_by").defer("content")
    file = get_object_or_404(files, pk=file_id)
    errors = [
        each | {"reason": import_reasons.sentence(each["code"], each["params"])}
        for each in file.errors[:ERRORS_SHOWN]
    ]
    booked = file.arrivals.count() if file.state == ImportState.RUNNING else 0
    context = {"file": file, "errors": errors, "booked": booked}
    return render(request, "debtors/bank_files/report.html", context)


@login_required
@permission_required("debtors.add_payment", raise_exception=True)
@require_POST
def decide(request: HttpRequest, file_id: int) -> HttpResponse:
    """Book a file that was looked at, or put it away."""
    file, now = get_object_or_404(BankFile, pk=file_id), timezone.now()
    if request.POST.get("do") != "book":
        bank_files.put_away(file, now=now)
        messages.success(request, _("The file was put away. Nothing of it was booked."))
        return redirect("debtors:bank_files")
    try:
        if bank_files.is_large(file):
            bank_files.ask(file, now=now)
            book_files.enqueue()
            return redirect("debtors:bank_file", file.pk)
        done = bank_files.book(file, now=now)
    except bank_files.NotBookableError:
        messages.info(request, _("This file was dealt with before. Nothing was booked again."))
    else:
        messages.success(request, result_of(done))
    return redirect("debtors:bank_file", file.pk)


def result_of(file: BankFile) -> str:
    """Say what booking a file did."""
    count, waiting = file.counts["matched"], file.counts["waiting"] + file.counts["conflict"]
    words = {"count": count, "sum": money.format_brl(file.counts["matched_cents"]), "waiting": waiting}
    said = ngettext("%(count)d payment recorded, %(sum)s.", "%(count)d payments recorded, %(sum)s.", count)
    if waiting:
        said += " " + ngettext("%(waiting)d waits for you.", "%(waiting)d wait for you.", waiting)
    return said % words
