"""The page of one debtor, and what its other views share: who is seen, by whom, and the page again."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from contacts.forms.preferences import PreferenceForm
from contacts.forms.wishes import ConsentForm, EndForm, HoldForm, OptOutForm
from contacts.views import dossier
from debtors import queries as debtor_queries
from debtors.models import Debtor, User

UNPROCESSABLE = 422


@login_required
@permission_required("debtors.view_debtor", raise_exception=True)
@require_GET
def debtor(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one debtor: who, reachable how, owing what, and what happened."""
    return page(request, seen_debtor(request, pk))


def page(
    request: HttpRequest,
    seen: Debtor,
    *,
    hold_form: HoldForm | None = None,
    opt_out_form: OptOutForm | None = None,
    consent_form: ConsentForm | None = None,
    preference_form: PreferenceForm | None = None,
    end_form: EndForm | None = None,
) -> HttpResponse:
    """Return the page of a debtor, with a form as it was refused; what was typed stays in it."""
    kind = request.GET.get("kind", "all")
    now = timezone.now()
    told: dict[str, Any] = dossier.dossier(
        seen, user=signed_in(request), now=now, kind=kind if kind in dossier.KINDS else "all"
    )
    told["hold_form"] = hold_form or HoldForm(on=timezone.localdate(now), auto_id="hold_%s")
    told["opt_out_form"] = opt_out_form or OptOutForm(debtor=seen, auto_id="optout_%s")
    told["consent_form"] = consent_form or ConsentForm(auto_id="consent_%s")
    told["preference_form"] = preference_form or PreferenceForm(
        current=told["preferences"][0] if told["preferences"] else None, auto_id="preference_%s"
    )
    ending = ("holds", "opt_outs", "refusals", "consents", "preferences")
    for row in [row for kind in ending for row in told[kind]]:
        is_asked_about = end_form is not None and end_form.row == row
        row.end_form = end_form if is_asked_about else EndForm(row=row)
    is_refused = hold_form or opt_out_form or consent_form or preference_form or end_form
    return render(request, "contacts/debtor.html", told, status=UNPROCESSABLE if is_refused else 200)


def seen_debtor(request: HttpRequest, pk: int) -> Debtor:
    """Return the debtor; one of another portfolio does not exist for this user."""
    return get_object_or_404(seen_debtors(request).prefetch_related("points"), pk=pk)


def seen_debtors(request: HttpRequest) -> QuerySet[Debtor]:
    """Return the debtors whom the user may see."""
    return debtor_queries.debtors_seen_by(signed_in(request))


def signed_in(request: HttpRequest) -> User:
    """Return who is signed in."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user
