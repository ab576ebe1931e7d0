"""Money on its way: note a slip or Pix that somebody was given, and take the note back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from collections_crm.lib import dates
from debtors import queries
from debtors.forms import TransitForm
from debtors.models import Creditor, MoneyInTransit
from debtors.services import transit
from debtors.services.access import user_of
from debtors.vocabulary import TransitKind

#: Why it is refused -> beside which field, in which words.
REFUSALS = {
    "nothing": ("amount", gettext_noop("The amount must be above zero.")),
    "past": ("expires_on", gettext_noop("This day is over: nothing can be on its way any more.")),
    "too_far": ("expires_on", gettext_noop("Nobody rests for more than 60 days: choose an earlier day.")),
    "number_twice": ("number", gettext_noop("This number was noted before.")),
    "owes_nothing": (None, gettext_noop("This debtor has no debt with this creditor.")),
}


@login_required
@permission_required("debtors.add_moneyintransit", raise_exception=True)
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, debtor_id: int, creditor_id: int) -> HttpResponse:
    """Note what a debtor was given to pay; contact rests until it has had time to arrive."""
    user = user_of(request.user)
    debtor = get_object_or_404(queries.debtors_seen_by(user), pk=debtor_id)
    owed = queries.debts_seen_by(user).filter(debtor=debtor)
    creditor = get_object_or_404(Creditor.objects.filter(pk__in=owed.values("creditor_id")), pk=creditor_id)
    form = TransitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = transit.issue(
                debtor=debtor,
                creditor=creditor,
                kind=TransitKind(form.cleaned_data["kind"]),
                amount_cents=form.cleaned_data["amount"],
                expires_on=form.cleaned_data["expires_on"],
                number=form.cleaned_data["number"],
                by=user,
                now=timezone.now(),
            )
        except transit.TransitRefusedError as error:
            field, words = REFUSALS[error.reason]
            form.add_error(field, _(words))
        else:
            until = {"day": dates.format_br(made.rests_until)}
            messages.success(request, _("Noted. Nobody asks for it until %(day)s.") % until)
            return redirect("contacts:debtor", debtor.pk)
    context = {"form": form, "debtor": debtor, "creditor": creditor}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "debtors/transits/note.html", context, status=status)


@login_required
@permission_required("debtors.add_moneyintransit", raise_exception=True)
@require_POST
def withdraw(request: HttpRequest, transit_id: int) -> HttpResponse:
    """Say that nothing will arrive; contact may go on."""
    user = user_of(request.user)
    seen = MoneyInTransit.objects.filter(
        debtor__in=queries.debtors_seen_by(user), creditor__in=queries.debts_seen_by(user).values("creditor")
    )
    made = get_object_or_404(seen, pk=transit_id)
    transit.withdraw(made, now=timezone.now())
    messages.success(request, _("Taken back: it is not on its way any more."))
    return redirect("contacts:debtor", made.debtor_id)
