"""Money that nobody could place: look for whose it is, match it, or send it back with a reason."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from debtors import queries
from debtors.forms import ReasonForm
from debtors.models import Arrival, Debt
from debtors.queries import finding
from debtors.rules import searching
from debtors.rules.cnab_occurrences import Meaning
from debtors.services import arrivals
from debtors.services.access import user_of
from debtors.vocabulary import ArrivalState

ROWS = 25
MOST_FOUND = 20
VIEWS = {
    "waiting": (ArrivalState.WAITING,),
    "conflict": (ArrivalState.CONFLICT,),
    "matched": (ArrivalState.MATCHED,),
    "sent_back": (ArrivalState.SENT_BACK,),
}


@login_required
@permission_required("debtors.match_arrival", raise_exception=True)
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Show the money that waits, or what became of the rest."""
    view = request.GET.get("view", "waiting")
    view = view if view in VIEWS else "waiting"
    found = Arrival.objects.filter(state__in=VIEWS[view])
    order = ("paid_on", "pk") if view == "waiting" else ("-arrived_at", "-pk")
    rows = found.select_related("creditor", "payment__debtor").order_by(*order)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    counts = {name: Arrival.objects.filter(state__in=VIEWS[name]).count() for name in ("waiting", "conflict")}
    context = {"page": page, "view": view, "counts": counts, "words": words_of}
    return render(request, "debtors/arrivals/list.html", context | {"rows": [_row(each) for each in page]})


@login_required
@permission_required("debtors.match_arrival", raise_exception=True)
@require_http_methods(["GET", "POST"])
def arrival(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """Show one movement; search for its debtor (posted, so that no tax id stands in an address), decide."""
    rows = Arrival.objects.select_related("creditor", "payment__debtor", "decided_by", "file")
    mine = get_object_or_404(rows.defer("file__content"), pk=arrival_id)
    wanted = request.POST.get("do", "")
    if wanted == "match":
        return _match(request, mine)
    form = ReasonForm(request.POST if wanted == "send_back" else None)
    if wanted == "send_back" and form.is_valid():
        return _send_back(request, mine, reason=form.cleaned_data["reason"])
    typed = request.POST.get("q", "")[:100].strip()
    on = timezone.localdate()
    context = {
        "arrival": mine,
        "words": words_of(mine),
        "form": form,
        "typed": typed,
        "found": _found(request, typed or _guess(mine, wanted), arrival=mine, on=on),
        "is_money": arrivals.is_money(mine),
        "is_open": mine.state in (ArrivalState.WAITING, ArrivalState.CONFLICT),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "debtors/arrivals/arrival.html", context, status=status)


def words_of(arrival: Arrival) -> str:
    """Return what the bank says of the money, where that is more than that it was paid."""
    said = {
        Meaning.PAID_BY_CHEQUE: _("paid by cheque, which may still bounce"),
        Meaning.CHEQUE_RETURNED: _("the cheque came back"),
        Meaning.WRITTEN_OFF_AS_PAID: _("written off as paid elsewhere"),
        Meaning.REVERSED: _("the bank reversed it"),
        Meaning.PAID_AT_NOTARY: _("paid at the notary"),
        Meaning.PAID_AFTER_WRITE_OFF: _("paid after it was written off"),
        Meaning.PAID_IN_PART: _("paid in part"),
        "refund": _("a Pix was given back"),
    }
    return said.get(arrival.meaning, "")


def _row(arrival: Arrival) -> dict[str, Any]:
    return {"arrival": arrival, "words": words_of(arrival)}


def _guess(arrival: Arrival, wanted: str) -> str:
    """Return what is looked for before anybody typed: the payer, when the source named one."""
    return "" if wanted else arrival.payer_tax_id


def _found(request: HttpRequest, typed: str, *, arrival: Arrival, on: date) -> list[dict[str, Any]]:
    """Return the debts with this creditor of whoever was looked for, with what is open on them."""
    if not typed:
        return []
    people = finding.sought_by(user_of(request.user), wanted=searching.understand(typed))
    by_contract = Debt.objects.filter(creditor=arrival.creditor, contract__iexact=typed)
    debts = Debt.objects.filter(creditor=arrival.creditor, debtor__in=people.values("pk")) | by_contract
    shown = list(debts.select_related("debtor").order_by("debtor__name", "pk").distinct()[:MOST_FOUND])
    balances = queries.balances(debts=[debt.pk for debt in shown], on=on)
    return [{"debt": debt, "balance": balances[debt.pk]} for debt in shown]


def _match(request: HttpRequest, mine: Arrival) -> HttpResponse:
    chosen = request.POST.get("debt", "")
    debts = Debt.objects.select_related("debtor").filter(creditor=mine.creditor_id)
    debt = get_object_or_404(debts, pk=int(chosen) if chosen.isdecimal() else 0)
    try:
        arrivals.match(mine, debtor=debt.debtor, debt=debt, by=user_of(request.user), now=timezone.now())
    except arrivals.AlreadyDecidedError:
        messages.warning(request, _("Somebody decided about this money before. Nothing was changed."))
    except arrivals.NotTheirsError:
        messages.error(request, _("This cannot be matched: it is no money that came in."))
    else:
        messages.success(request, _("Recorded as a payment of %(name)s.") % {"name": debt.debtor.name})
    return redirect("debtors:arrivals")


def _send_back(request: HttpRequest, mine: Arrival, *, reason: str) -> HttpResponse:
    try:
        arrivals.send_back(mine, reason=reason, by=user_of(request.user), now=timezone.now())
    except arrivals.AlreadyDecidedError:
        messages.warning(request, _("Somebody decided about this money before. Nothing was changed."))
    else:
        messages.success(request, _("Noted as sent back."))
    return redirect("debtors:arrivals")
