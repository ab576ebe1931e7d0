"""What the debtor would rather have: kept and ended on his page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.forms.preferences import PreferenceForm
from contacts.forms.wishes import EndForm
from contacts.models import Preference
from contacts.services import preferences
from contacts.views import debtors


@login_required
@permission_required("contacts.add_preference", raise_exception=True)
@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep best times and channels not wanted, in the place of what was asked for before."""
    seen = debtors.seen_debtor(request, pk)
    form = PreferenceForm(request.POST, auto_id="preference_%s")
    if not form.is_valid():
        return debtors.page(request, seen, preference_form=form)
    preferences.keep(debtor=seen, by=debtors.signed_in(request), now=timezone.now(), **form.wishes())
    messages.success(
        request, _("The preference is kept. It binds from now on, messages already waiting included.")
    )
    return redirect("contacts:debtor", pk)


@login_required
@permission_required("contacts.change_preference", raise_exception=True)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a preference because the debtor has none any more."""
    seen = debtors.seen_debtors(request)
    preference = get_object_or_404(Preference.objects.filter(debtor__in=seen), pk=pk)
    form = EndForm(request.POST, row=preference)
    if not form.is_valid():
        again = debtors.seen_debtor(request, preference.debtor_id)
        return debtors.page(request, again, end_form=form)
    preferences.end(
        preference, source=form.cleaned_data["source"], by=debtors.signed_in(request), now=timezone.now()
    )
    messages.success(request, _("The preference is ended. What waited for it is judged again."))
    return redirect("contacts:debtor", preference.debtor_id)
