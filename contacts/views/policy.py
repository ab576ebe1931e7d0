"""The contact policy: what is in force, in plain words; the pause switch; its history and differences."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from contacts.models import ContactPolicy, PolicyEvent, PolicyHead, PolicyProposal
from contacts.rules import loosening
from contacts.services import policy as policies
from contacts.views.policy_words import in_words, lines
from contacts.vocabulary import PolicyEventKind, PolicyState, ProposalState
from debtors.services.access import user_of

VERSIONS_SHOWN = 20
ROWS = 25
MOST_WORDS = 300


@login_required
@permission_required("contacts.view_contactpolicy", raise_exception=True)
@require_GET
def policy(request: HttpRequest, version: int | None = None) -> HttpResponse:
    """Show the version in force, or the one asked for; and the drafts that are being written."""
    head = PolicyHead.objects.select_related(
        "policy__edited_by", "policy__created_by", "policy__published_by"
    )
    in_force = head.filter(scope=policies.HOUSE).first()
    versions = ContactPolicy.objects.filter(state=PolicyState.PUBLISHED).select_related(
        "created_by", "edited_by", "published_by"
    )
    shown: ContactPolicy | None = in_force.policy if in_force else None
    if version is not None:
        shown = get_object_or_404(versions, version=version)
    context: dict[str, Any] = {
        "head": in_force,
        "shown": shown,
        "is_in_force": shown is not None and in_force is not None and shown.pk == in_force.policy_id,
        "drafts": _drafts() if version is None else [],
        "versions": versions[:VERSIONS_SHOWN],
    }
    if in_force and in_force.is_paused:
        pauses = PolicyEvent.objects.filter(kind=PolicyEventKind.PAUSED)
        context["paused"] = pauses.select_related("by").first()
    context["is_readable"] = shown is not None and policies.is_readable(shown.terms)
    if shown is not None and context["is_readable"]:
        context |= in_words(shown.terms)
    return render(request, "contacts/policy/policy.html", context)


@login_required
@permission_required("contacts.change_contactpolicy", raise_exception=True)
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Stop every contact of the house, or let them go on."""
    if not PolicyHead.objects.filter(scope=policies.HOUSE).exists():
        messages.warning(request, _("There is no policy in force: nothing leaves anyway."))
        return redirect("contacts:policy")
    is_paused = request.POST.get("do") == "pause"
    why = request.POST.get("why", "").strip()[:MOST_WORDS]
    policies.pause(is_paused=is_paused, why=why, by=user_of(request.user), now=timezone.now())
    if not is_paused:  # while it is, the page says so itself
        messages.success(request, _("Contact goes on. What waited is judged again first."))
    return redirect("contacts:policy")


@login_required
@permission_required("contacts.view_contactpolicy", raise_exception=True)
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Show what happened to the policy: who, when, why."""
    events = PolicyEvent.objects.select_related("by", "policy")
    page = Paginator(events, ROWS).get_page(request.GET.get("page"))
    return render(request, "contacts/policy/history.html", {"page": page})


@login_required
@permission_required("contacts.view_contactpolicy", raise_exception=True)
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Show in what two versions differ: the two asked for, else the last two."""
    published = ContactPolicy.objects.filter(state=PolicyState.PUBLISHED)
    numbers = list(published.values_list("version", flat=True))
    before = _number(request, "from", default=numbers[min(1, len(numbers) - 1)] if numbers else None)
    after = _number(request, "to", default=numbers[0] if numbers else None)
    context: dict[str, Any] = {"numbers": numbers, "before": before, "after": after}
    if numbers:
        found = {each.version: each for each in published.filter(version__in=[before, after])}
        if before not in found or after not in found:
            raise Http404
        one, other = (policies.as_it_binds(found[number].terms) for number in (before, after))
        changes = loosening.compare(base=one, draft=other)
        context["unreadable"] = [
            number for number, each in sorted(found.items()) if not policies.is_readable(each.terms)
        ]
        context |= {"lines": lines(changes), **in_words(other, base=one)}
    return render(request, "contacts/policy/compare.html", context)


def _drafts() -> list[ContactPolicy]:
    """Return the drafts, each with the request for approval that waits, in two queries."""
    waiting = PolicyProposal.objects.filter(state=ProposalState.WAITING).select_related("proposed_by")
    drafts = ContactPolicy.objects.filter(state=PolicyState.DRAFT).select_related("edited_by", "base")
    return list(
        drafts.prefetch_related(Prefetch("proposals", waiting, to_attr="waiting")).order_by("-edited_at")
    )


def _number(request: HttpRequest, name: str, *, default: int | None) -> int | None:
    text = request.GET.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Http404
    return int(text)
