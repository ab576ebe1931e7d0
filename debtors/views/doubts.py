"""Ledgers in doubt: what differs from what it must be; managers mend it and have it looked at again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from debtors.models import LedgerDoubt
from debtors.services import ledger_audit

ROWS = 25
#: Code of a difference -> what it says.
WORDS = {
    "charges": gettext_noop("the installments do not add up to what was charged"),
    "reversal": gettext_noop("a reversal is not the mirror of what it reverses"),
    "excess": gettext_noop("the debt holds more money than is owed"),
    "principal": gettext_noop("the entries do not add up to the principal still open"),
    "over_payment": gettext_noop("a payment has settled more than came in"),
    "interest": gettext_noop("the interest posted is not what payments have settled"),
    "late_fee": gettext_noop("the late fee posted is not what payments have settled"),
    "correction": gettext_noop("the correction posted is not what payments have settled"),
    "costs": gettext_noop("the costs posted are not what payments have settled"),
}


@login_required
@permission_required("debtors.view_ledgerdoubt", raise_exception=True)
@require_GET
def doubts(request: HttpRequest) -> HttpResponse:
    """Show the debts in doubt, or with `all=1` those of the past too."""
    is_all = request.GET.get("all") == "1"
    found = LedgerDoubt.objects.select_related("debt__debtor", "debt__creditor")
    page = Paginator(found if is_all else found.filter(closed_at=None), ROWS).get_page(
        request.GET.get("page")
    )
    rows = [
        (doubt, [each | {"word": _(WORDS[each["code"]])} for each in doubt.differences]) for doubt in page
    ]
    return render(request, "debtors/doubts.html", {"page": page, "rows": rows, "is_all": is_all})


@login_required
@permission_required("debtors.change_ledgerdoubt", raise_exception=True)
@require_POST
def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Derive the debt's entries anew, now."""
    if ledger_audit.look_again(get_object_or_404(LedgerDoubt, pk=pk), now=timezone.now()):
        messages.success(request, _("The ledger of this debt is sound. Contact may go on."))
    else:
        messages.warning(request, _("The ledger of this debt still differs. Nobody is asked for it."))
    return redirect("debtors:doubts")
