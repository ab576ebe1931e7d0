"""The list of debtors and the way to one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from debtors import queries
from debtors.filters import DebtorFilter
from debtors.models import Creditor, Debtor, PromiseToPay, User
from debtors.queries import finding
from debtors.queries.paging import CappedPaginator
from debtors.rules.payoff import Balance
from debtors.services.access import user_of

ROWS = 25
MOST_FOUND = 50
SORTS = ("name", "kind", "principal", "days")


@dataclass(frozen=True)
class Row:
    """One debtor as the list shows him."""

    debtor: Debtor
    creditors: list[Creditor]
    balance: Balance
    promise: PromiseToPay | None

    @property
    def situation(self) -> str:
        """One word: promised, late, ahead (nothing due yet) or settled."""
        if self.promise:
            return "promised"
        if not self.balance.total_cents:
            return "settled"
        return "late" if self.balance.days_late > 0 else "ahead"


@login_required
@permission_required("debtors.view_debtor", raise_exception=True)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Show the debtors this user may see, 25 at a time."""
    user, today = user_of(request.user), timezone.localdate()
    chosen = DebtorFilter(request.GET, queryset=queries.listed(user), user=user)
    found = _sorted(chosen.qs, by=request.GET.get("sort", ""), user=user)
    page = CappedPaginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "page": page,
        "rows": rows(page.object_list, user=user, on=today),
        "today": today,
        "is_filtered": any(request.GET.get(name) for name in chosen.filters),
    }
    return render(request, "debtors/people/list.html", context)


@login_required
@permission_required("debtors.view_debtor", raise_exception=True)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Go to the debtor with the CPF, CNPJ, phone, contract or name typed; of several show a list.

    Posted, so that nothing of a person ever stands in an address, a log or a browser's history.
    """
    user, text = user_of(request.user), request.POST.get("q", "")[:100].strip()
    if not text:
        return redirect("debtors:list")
    found = finding.found_by(user, text=text, most=MOST_FOUND + 1)
    if len(found) == 1:
        return redirect("contacts:debtor", found[0].pk)
    if not found:
        messages.warning(
            request,
            _("Nobody here has this name, CPF, CNPJ, phone or contract. A phone needs its area code."),
        )
        return redirect("debtors:list")
    today = timezone.localdate()
    context = {
        "rows": rows(found[:MOST_FOUND], user=user, on=today),
        "today": today,
        "typed": text,
        "is_more": len(found) > MOST_FOUND,
    }
    return render(request, "debtors/people/found.html", context)


def rows(debtors: Iterable[Debtor], *, user: User, on: date) -> list[Row]:
    """Return the debtors with what they owe and promised, in a constant number of queries."""
    every = list(debtors)
    ids, debts = [debtor.pk for debtor in every], queries.debts_seen_by(user)
    balances = queries.balances_of_debtors(debtors=ids, debts=debts, on=on)
    creditors = queries.creditors_of(debtors=ids, debts=debts)
    promised = queries.open_promises(debtors=ids, user=user)
    promises = {promise.debtor_id: promise for promise in promised}
    return [
        Row(debtor, creditors.get(debtor.pk, []), balances[debtor.pk], promises.get(debtor.pk))
        for debtor in every
    ]


def _sorted(found: QuerySet[Debtor], *, by: str, user: User) -> QuerySet[Debtor]:
    """Return the list in the order its header asks for; by name when it asks for nothing known."""
    key, is_down = by.removeprefix("-"), by.startswith("-")
    if key not in SORTS:
        return found.order_by("name", "pk")
    if key == "days":  # the oldest due date is the most days late; who owes nothing comes last
        due = F("oldest_open_on")
        order = due.asc(nulls_last=True) if is_down else due.desc(nulls_last=True)
        return queries.with_oldest_open_due(found, user=user).order_by(order, "name", "pk")
    column = F("principal_cents" if key == "principal" else key)
    return found.order_by(column.desc() if is_down else column.asc(), "name", "pk")
