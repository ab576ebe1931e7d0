"""The preview of a draft: asked for, watched while it is worked out, and stopped."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts import tasks
from contacts.models import ContactPolicy, PolicyPreview
from contacts.services import policy as policies
from contacts.services import previewing
from contacts.views.preview_words import shown
from contacts.vocabulary import PolicyState
from debtors.services.access import user_of

may_see = permission_required("contacts.view_contactpolicy", raise_exception=True)
may_write = permission_required(policies.MAY_WRITE, raise_exception=True)


@login_required
@may_see
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Show how far the preview of a draft is, or what it says; a POST asks for one."""
    draft = get_object_or_404(ContactPolicy, pk=draft_id, state=PolicyState.DRAFT)
    if request.method == "POST":
        previewing.ask(draft.pk, by=user_of(request.user), now=timezone.now())
        tasks.work_out_previews.enqueue()
        if not _is_htmx(request):
            return redirect(_address(draft_id))
    context = {"draft": draft, **shown(draft, user=user_of(request.user), now=timezone.now())}
    return render(request, "contacts/policy/_preview.html", context)


@login_required
@may_write
@require_POST
def stop(request: HttpRequest, preview_id: int) -> HttpResponse:
    """Stop a preview that is being worked out."""
    found = get_object_or_404(PolicyPreview, pk=preview_id)
    if not previewing.stop(found.pk, by=user_of(request.user), now=timezone.now()):
        messages.info(request, _("The preview was finished already."))
    return redirect(_address(found.draft_id))


def _address(draft_id: int) -> str:
    return f"{reverse('contacts:policy_draft', args=[draft_id])}#preview"


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
