"""One number or address: what is known of it, since when and from whom; and what somebody says of it now."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contacts.forms.points import PointForm
from contacts.services import points
from contacts.views import debtors
from debtors.models import ContactPoint
from debtors.vocabulary import PointKind, PointStatus


@login_required
@permission_required("debtors.view_contactpoint", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def point(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a contact point's history and ask what is new, or keep what was said and go back."""
    seen = ContactPoint.objects.filter(debtor__in=debtors.seen_debtors(request))
    found = get_object_or_404(seen.select_related("debtor"), pk=pk)
    if request.method != "POST":
        return _page(request, found, form=_form(request, found))
    if not request.user.has_perm("debtors.change_contactpoint"):
        raise PermissionDenied
    form = _form(request, found)
    if not form.is_valid():
        return _page(request, found, form=form)
    is_news = points.change(
        found,
        kind=PointKind(form.cleaned_data["kind"]),
        status=PointStatus(form.cleaned_data["status"]),
        source=form.cleaned_data["source"],
        by=debtors.signed_in(request),
        now=timezone.now(),
    )
    said = _("Kept. It binds from now on.") if is_news else _("That was known already: nothing changed.")
    messages.success(request, said)
    return redirect(_way_back(request, found))


def _form(request: HttpRequest, found: ContactPoint) -> PointForm:
    return PointForm(
        request.POST if request.method == "POST" else None,
        point=found,
        may_give_back=request.user.has_perm(points.MAY_GIVE_BACK),
        auto_id=f"point{found.pk}_%s",
    )


def _page(request: HttpRequest, found: ContactPoint, *, form: PointForm) -> HttpResponse:
    """Return the page; to htmx, which opens it within another page, only its part."""
    name = (
        "contacts/points/_change.html" if request.headers.get("HX-Request") else "contacts/points/point.html"
    )
    told = {
        "point": found,
        "changes": found.changes.select_related("recorded_by"),
        "form": form,
        "way_back": _way_back(request, found),
    }
    return render(request, name, told, status=debtors.UNPROCESSABLE if form.errors else 200)


def _way_back(request: HttpRequest, found: ContactPoint) -> str:
    """Return the page of this house from which the point was opened, else the debtor's."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else reverse("contacts:debtor", args=[found.debtor_id])
