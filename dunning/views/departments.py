"""What other departments know of a customer: written down beside the case, with day and source."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from debtors.services import customer_facts
from debtors.services.access import user_of
from debtors.vocabulary import FactKind, FactValue
from dunning import queries
from dunning.forms.desk import CustomerFactForm, DepartmentNoteForm
from dunning.models import Case
from dunning.queries import customer
from dunning.services import department_notes, weighing
from dunning.vocabulary import Department


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("dunning.add_departmentnote", raise_exception=True)
def departments(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what departments know, and keep what one of them tells."""
    found = _case(request, pk)
    form = DepartmentNoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        note = department_notes.write(
            found,
            department=Department(data["department"]),
            text=data["text"],
            is_our_fault=data["is_our_fault"],
            source=data["source"],
            by=user_of(request.user),
            now=timezone.now(),
        )
        messages.success(request, _told(found, is_our_fault=note.is_our_fault))
        return redirect("dunning:case", pk=pk)
    return _page(request, found, form=form)


@require_POST
@login_required
@permission_required("debtors.add_customerfact", raise_exception=True)
def tell_fact(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep whether he is a key customer, or how great the risk is, with day and source."""
    found, form = _case(request, pk), CustomerFactForm(request.POST)
    if not form.is_valid():
        return _page(request, found, fact_form=form)
    kind, value = form.cleaned_data["fact"].split("-")
    is_news = customer_facts.record(
        found.debtor,
        found.creditor,
        kind=FactKind(kind),
        value=FactValue(value),
        known_on=form.cleaned_data["known_on"],
        source=form.cleaned_data["source"],
        by=user_of(request.user),
        now=timezone.now(),
    )
    weighing.weigh_now(found, now=timezone.now())
    told = _("Written down.") if is_news else _("This was known already, or something later is known.")
    messages.success(request, told)
    return redirect("dunning:case", pk=pk)


def _case(request: HttpRequest, pk: int) -> Case:
    return get_object_or_404(queries.cases_seen_by(user_of(request.user)), pk=pk)


def _page(
    request: HttpRequest,
    found: Case,
    *,
    form: DepartmentNoteForm | None = None,
    fact_form: CustomerFactForm | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    shown = {
        "case": found,
        "form": form or DepartmentNoteForm(),
        "fact_form": fact_form or CustomerFactForm(initial={"known_on": today}, auto_id="fact_%s"),
        "notes": customer.notes(found),
        "has_address_of_sales": bool(department_notes.address_of_sales(found)),
    }
    is_wrong = bool((form and form.is_bound) or fact_form)
    return render(request, "dunning/departments.html", shown, status=422 if is_wrong else 200)


def _told(found: Case, *, is_our_fault: bool) -> str:
    if not is_our_fault:
        return _("Written down: whoever opens the case sees it.")
    if department_notes.address_of_sales(found):
        return _("Written down. All contact rests, and Sales is told by e-mail.")
    return _("Written down. All contact rests. Nobody wrote down where Sales is told: tell them yourself.")
