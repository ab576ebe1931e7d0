"""Rates of indices: what is known of each, what is missing, and a file that brings more."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from debtors import import_reasons
from debtors.forms import RatesFileForm
from debtors.models import Creditor, IndexRate
from debtors.rules.import_columns import RowError
from debtors.services import index_rates
from debtors.services.access import user_of
from debtors.services.index_rates import RatesAreWrongError, Taken
from debtors.services.reading_files import MAX_BYTES, UnreadableFileError
from debtors.vocabulary import PriceIndex, RateSource

MOST_SHOWN = 50


@dataclass(frozen=True)
class Row:
    """One index as the page shows it."""

    index: PriceIndex
    first: date | None
    last: date | None
    count: int
    used_by: list[str]

    @property
    def gap_count(self) -> int:
        """How many months are missing between the first and the last."""
        if self.first is None or self.last is None:
            return 0
        span = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return span - self.count


@login_required
@permission_required("debtors.import_rates", raise_exception=True)
@require_http_methods(["GET", "POST"])
def indices(request: HttpRequest) -> HttpResponse:
    """Show which months are known, and take in a file of one index."""
    form = RatesFileForm(request.POST or None, request.FILES or None)
    errors: tuple[RowError, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            taken = _take_in(request, form)
        except UnreadableFileError as error:
            form.add_error("file", import_reasons.sentence(error.code, error.params))
        except RatesAreWrongError as error:
            form.add_error("file", _("Nothing was taken in: rows are wrong, they stand below."))
            errors = error.errors
        else:
            messages.success(request, result_of(taken))
            return redirect("debtors:indices")
    context = {
        "form": form,
        "rows": _rows(),
        "errors": [(each, import_reasons.sentence(each.code, each.params)) for each in errors[:MOST_SHOWN]],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "debtors/indices.html", context, status=status)


def result_of(taken: Taken) -> str:
    """Say what taking in a file did."""
    count = len(taken.new)
    return ngettext("%(count)d month is new.", "%(count)d months are new.", count) % {"count": count}


def _take_in(request: HttpRequest, form: RatesFileForm) -> Taken:
    file = form.cleaned_data["file"]
    if file.size > MAX_BYTES:
        raise UnreadableFileError("file_too_large", most=str(MAX_BYTES // 2**20))
    index = PriceIndex(form.cleaned_data["index"])
    return index_rates.take_in(file.read(), index=index, by=user_of(request.user), now=timezone.now())


def _rows() -> list[Row]:
    spans = IndexRate.objects.order_by().values("index")
    told = spans.annotate(first=Min("month"), last=Max("month"), count=Count("pk"))
    known = {row[0]: row[1:] for row in told.values_list("index", "first", "last", "count")}
    used: dict[str, list[str]] = {index: [] for index in PriceIndex}
    for brand, index, kind in Creditor.objects.values_list("brand", "correction_index", "interest_kind"):
        for each in (index, PriceIndex.LEGAL if kind == RateSource.LEGAL else ""):
            if each:
                used[each].append(brand)
    return [Row(index, *known.get(index, (None, None, 0)), used[index]) for index in PriceIndex]
