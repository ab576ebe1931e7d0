"""Colleagues and the telephone that rings first when a call is placed for one of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from debtors.forms import ColleaguePhoneForm
from debtors.models import User
from debtors.services import access
from debtors.services.access import user_of

ROWS = 25
SORTS = {"name": ("first_name", "last_name", "username"), "-name": ("-first_name", "-last_name", "-username")}


@login_required
@permission_required(access.MAY_SET_PHONES, raise_exception=True)
@require_GET
def colleagues(request: HttpRequest) -> HttpResponse:
    """Show who works here and who can be rung, the numbers masked."""
    order = SORTS.get(request.GET.get("sort", ""), SORTS["name"])
    found = User.objects.filter(is_active=True).prefetch_related("groups").order_by(*order)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rows = [(colleague, _role(colleague)) for colleague in page]
    return render(request, "debtors/colleagues/list.html", {"page": page, "rows": rows})


@login_required
@permission_required(access.MAY_SET_PHONES, raise_exception=True)
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest, colleague_id: int) -> HttpResponse:
    """Set or take away one colleague's telephone."""
    colleague = get_object_or_404(User, pk=colleague_id, is_active=True)
    form = ColleaguePhoneForm(
        request.POST if request.method == "POST" else None, initial={"phone": colleague.phone}
    )
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["phone"]
        access.set_phone(colleague, phone=number, by=user_of(request.user))
        told = _("Telephone kept.") if number else _("Telephone taken away.")
        messages.success(request, told)
        return redirect("debtors:colleagues")
    status = 422 if form.errors else 200
    return render(
        request, "debtors/colleagues/phone.html", {"colleague": colleague, "form": form}, status=status
    )


def _role(colleague: User) -> str:
    """Return what a colleague is here, in a word."""
    if colleague.is_superuser:
        return _("administrator")
    words = {access.AGENT: _("agent"), access.MANAGER: _("manager")}
    return ", ".join(words.get(group.name, group.name) for group in colleague.groups.all()) or "–"
