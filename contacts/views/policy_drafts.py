"""Drafts of the contact policy: written, judged while they are typed, and shown."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from contacts.forms.policy import PolicyForm
from contacts.models import ContactPolicy, PolicyHead
from contacts.rules import loosening
from contacts.services import policy as policies
from contacts.services import policy_drafts
from contacts.services.policy_drafts import StaleDraftError, WaitingError
from contacts.views.policy_decisions import words_for
from contacts.views.policy_words import in_words, lines, outside_envelope
from contacts.views.preview_words import shown
from contacts.vocabulary import PolicyState, ProposalState
from debtors.models import User
from debtors.services.access import user_of

may_see = permission_required("contacts.view_contactpolicy", raise_exception=True)
may_write = permission_required(policies.MAY_WRITE, raise_exception=True)


@login_required
@may_see
@require_GET
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Show a draft: what it changes, its week, its preview, and what may be decided about it."""
    found = get_object_or_404(_policies(), pk=draft_id)
    if found.version is not None:
        return redirect("contacts:policy_version", found.version)
    if found.state != PolicyState.DRAFT:
        raise Http404
    return render(request, "contacts/policy/draft.html", _shown(found, user=user_of(request.user)))


@login_required
@may_write
@require_POST
def write(request: HttpRequest) -> HttpResponse:
    """Begin a draft from the version named, from what is in force when none is."""
    number = request.POST.get("version", "")
    head = policies.in_force()
    source = head.policy if head else None
    if number.isascii() and number.isdigit():
        source = get_object_or_404(ContactPolicy, version=int(number))
    written = policy_drafts.write(source=source, by=user_of(request.user), now=timezone.now())
    return redirect("contacts:policy_draft_edit", written.pk)


@login_required
@may_write
def edit(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Let the draft be edited; what cannot be read is said beside its field."""
    found = _draft(draft_id)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        return _save(request, found, form=form)
    context = {
        "draft": found,
        "form": form,
        "is_valid": form.is_valid() if form.is_bound else None,
        "waiting": found.proposals.filter(state=ProposalState.WAITING).select_related("proposed_by").first(),
        **_judged(found.terms, head=_head()),
    }
    return render(request, "contacts/policy/edit.html", context, status=422 if form.is_bound else 200)


@login_required
@may_write
@require_POST
def judge(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Say what the draft would change as it is typed; nothing is kept."""
    form = _form(request, _draft(draft_id))
    context: dict[str, Any] = {"form": form, "is_valid": form.is_valid()}
    if form.is_valid():
        context |= _judged(form.terms, head=_head())
    return render(request, "contacts/policy/judgement.html", context)


def _shown(found: ContactPolicy, *, user: User) -> dict[str, Any]:
    head = _head()
    proposals = list(found.proposals.select_related("proposed_by", "decided_by", "base"))
    waiting = next((each for each in proposals if each.state == ProposalState.WAITING), None)
    decided = next((each for each in proposals if each.state != ProposalState.WAITING), None)
    return {
        "draft": found,
        "waiting": waiting,
        "decided": None if waiting else decided,
        "refused": [each for each in proposals if each.state == ProposalState.REFUSED] if waiting else [],
        "is_own": waiting is not None and user.pk in (waiting.proposed_by_id, found.edited_by_id),
        "is_mine": waiting is not None and user.pk == waiting.proposed_by_id,
        **_judged(found.terms, head=head),
        **in_words(found.terms, base=_base(head)),
        **shown(found, user=user, now=timezone.now()),
    }


def _judged(terms: dict[str, Any], *, head: PolicyHead | None) -> dict[str, Any]:
    """Return what terms would change in force, in words, and whether one manager may say so."""
    changes = policies.compared_with(head, terms)
    words = in_words(terms, base=_base(head))
    return {
        "head": head,
        "lines": sorted(lines(changes), key=lambda line: not line.loosens),
        "loosened": lines(loosening.loosened(changes)),
        "outside": outside_envelope(terms),
        "week": words["week"],
    }


def _base(head: PolicyHead | None) -> Mapping[str, Any] | None:
    return policies.as_it_binds(head.policy.terms) if head else None


def _form(request: HttpRequest, found: ContactPolicy) -> PolicyForm:
    data = request.POST if request.method == "POST" else None
    return PolicyForm(data, base=found.terms, initial={"note": found.note, "revision": found.revision})


def _save(request: HttpRequest, found: ContactPolicy, *, form: PolicyForm) -> HttpResponse:
    """Keep the draft; what was typed is shown again when it could not be kept."""
    try:
        policy_drafts.edit(
            found.pk,
            terms=form.terms,
            note=form.cleaned_data["note"].strip(),
            revision=form.cleaned_data["revision"],
            by=user_of(request.user),
            now=timezone.now(),
        )
    except (StaleDraftError, WaitingError) as error:
        form.add_error(None, words_for(error))
        context = {"draft": found, "form": form, "is_overtaken": True, **_judged(form.terms, head=_head())}
        return render(request, "contacts/policy/edit.html", context, status=409)
    return redirect("contacts:policy_draft", found.pk)


def _draft(draft_id: int) -> ContactPolicy:
    return get_object_or_404(_policies(), pk=draft_id, state=PolicyState.DRAFT)


def _policies() -> QuerySet[ContactPolicy]:
    return ContactPolicy.objects.select_related("created_by", "edited_by", "base")


def _head() -> PolicyHead | None:
    return policies.in_force()
