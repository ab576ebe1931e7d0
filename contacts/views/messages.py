"""The sandbox's messages as they would look, and the outbox: what is wanted, refused, sent."""

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from contacts import reasons
from contacts.channels import registry, sandbox
from contacts.filters import ContactFilter
from contacts.models import Contact
from contacts.services import instance
from contacts.vocabulary import Channel
from debtors import queries as debtor_queries
from debtors.models import User
from debtors.queries.paging import CappedPaginator

ROWS = 25
KEPT_SHOWN = 25


@login_required
@permission_required("contacts.view_contact", raise_exception=True)
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Show every wanted and made contact, last wanted first, with its state and the reasons against it."""
    assert isinstance(request.user, User)  # noqa: S101
    seen = Contact.objects.filter(debtor__in=debtor_queries.debtors_seen_by(request.user))
    chosen = ContactFilter(request.GET, queryset=seen)
    found = chosen.qs.select_related("debtor", "template", "point", "creditor")
    page = CappedPaginator(found.order_by("-pk"), ROWS).get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "page": page,
        "rows": [(contact, reasons.explain_all(contact.objections)) for contact in page],
        "is_filtered": any(request.GET.get(name) for name in chosen.filters),
        "held": instance.held(),
    }
    return render(request, "contacts/outbox.html", context)


@login_required
@permission_required("contacts.view_contact", raise_exception=True)
@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """Show what the sandbox kept, newest first, as a phone or mail program would show it."""
    number = _page_number(request)
    kept = sandbox.read_messages(
        registry.sandbox_file(), limit=KEPT_SHOWN + 1, offset=(number - 1) * KEPT_SHOWN
    )
    context: dict[str, Any] = {
        "kept": kept[:KEPT_SHOWN],
        "newer": number - 1,
        "older": number + 1 if len(kept) > KEPT_SHOWN else 0,
        "live": [
            channel.label for channel in Channel if registry.provider_of(channel) not in ("sandbox", "")
        ],
        "sandboxed": [channel.label for channel in Channel if registry.provider_of(channel) == "sandbox"],
    }
    return render(request, "contacts/messages.html", context)


def _page_number(request: HttpRequest) -> int:
    try:
        return max(int(request.GET.get("page", "1")), 1)
    except ValueError:
        return 1
