"""Files of debts: hand one in, read what is wrong with it, then take in all rows or the good ones."""

import csv
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from debtors import import_reasons
from debtors.forms import DebtsFileForm
from debtors.models import ImportRun
from debtors.rules.import_columns import REQUIRED, Field, title_of
from debtors.services import importing
from debtors.services.access import user_of
from debtors.services.reading_files import MAX_BYTES, UnreadableFileError

RUNS_SHOWN = 10
ERRORS_ON_A_PAGE = 25


@login_required
@permission_required("debtors.import_debts", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """Take a file, check every row, and go on to the report."""
    form = DebtsFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("debtors:import_report", _check(request, form).pk)
        except UnreadableFileError as error:
            form.add_error("file", import_reasons.sentence(error.code, error.params))
    context = {
        "form": form,
        "runs": ImportRun.objects.select_related("portfolio__creditor", "created_by").defer("content")[
            :RUNS_SHOWN
        ],
        "required": [title_of(field) for field in Field if field in REQUIRED],
        "optional": [title_of(field) for field in Field if field not in REQUIRED],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "debtors/imports/hand_in.html", context, status=status)


@login_required
@permission_required("debtors.import_debts", raise_exception=True)
@require_safe
def report(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show what a file would change, or changed, and what is wrong with it."""
    runs = ImportRun.objects.select_related("portfolio__creditor", "created_by").defer("content")
    run = get_object_or_404(runs, pk=run_id)
    page = Paginator(run.errors, ERRORS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "run": run,
        "page": page,
        "errors": [_told(error) for error in page],
        "earlier": importing.earlier_import(run),
    }
    return render(request, "debtors/imports/report.html", context)


@login_required
@permission_required("debtors.import_debts", raise_exception=True)
@require_POST
def take_in(request: HttpRequest, run_id: int) -> HttpResponse:
    """Import all rows or the good ones of a checked file, or put it away."""
    run = get_object_or_404(ImportRun, pk=run_id)
    wanted, now = request.POST.get("do"), timezone.now()
    if wanted == "discard":
        importing.refuse(run, now=now)
        messages.success(request, _("The file was put away. Nothing was imported."))
        return redirect("debtors:import")
    try:
        importing.import_file(run, only_good=wanted == "good", now=now)
    except importing.RowsAreWrongError:
        messages.error(request, _("Nothing was imported: some rows are wrong. The report is up to date now."))
        importing.check_again(run, now=now)
    except importing.AlreadyImportedError:
        messages.info(request, _("This file was dealt with before. Nothing was imported again."))
    except importing.RecordsChangedError:
        messages.error(
            request, _("Nothing was imported: somebody recorded the same debts just now. Try once more.")
        )
    else:
        messages.success(request, _("The file is imported."))
    return redirect("debtors:import_report", run.pk)


@login_required
@permission_required("debtors.import_debts", raise_exception=True)
@require_safe
def template(_request: HttpRequest) -> HttpResponse:
    """Answer an empty table with every title, for a spreadsheet."""
    headers = {"Content-Disposition": 'attachment; filename="dividas.csv"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    csv.writer(response, delimiter=";").writerow([title_of(field) for field in Field])
    return response


def _check(request: HttpRequest, form: DebtsFileForm) -> ImportRun:
    """Check the file handed in; raises UnreadableFileError."""
    file, portfolio = form.cleaned_data["file"], form.cleaned_data["portfolio"]
    if file.size > MAX_BYTES:
        raise UnreadableFileError("file_too_large", most=str(MAX_BYTES // 2**20))
    return importing.check_file(
        file.read(),
        file_name=file.name,
        creditor=portfolio.creditor,
        portfolio=portfolio,
        created_by=user_of(request.user),
        now=timezone.now(),
    )


def _told(error: dict[str, Any]) -> dict[str, Any]:
    """Return an error as kept with the run, with its sentence in the reader's language."""
    return error | {"reason": import_reasons.sentence(error["code"], error["params"])}
