"""Decisions about drafts of the contact policy: thrown away, published, proposed, approved by a second."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts import reasons
from contacts.models import ContactPolicy, PolicyProposal
from contacts.rules.reading import MalformedError
from contacts.services import policy as policies
from contacts.services import policy_drafts
from contacts.services.policy import LoosensError, OvertakenError
from contacts.services.policy_drafts import (
    DecidedError,
    NothingToApproveError,
    OwnDraftError,
    StaleDraftError,
    UnexplainedError,
    WaitingError,
)
from contacts.vocabulary import PolicyState, ProposalState
from debtors.services.access import user_of

#: What a service refuses, in words.
TOLD = (
    DecidedError,
    LoosensError,
    NothingToApproveError,
    OvertakenError,
    OwnDraftError,
    StaleDraftError,
    UnexplainedError,
    WaitingError,
    MalformedError,
)
may_write = permission_required(policies.MAY_WRITE, raise_exception=True)
may_decide = permission_required(policies.MAY_DECIDE, raise_exception=True)


@login_required
@may_write
@require_POST
def discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Throw a draft away."""
    said = _("The draft was thrown away.")
    return _do(
        request,
        lambda: policy_drafts.discard(draft_id, by=user_of(request.user), now=timezone.now()),
        done=lambda _nothing: said,
        then="contacts:policy",
        draft_id=draft_id,
    )


@login_required
@may_decide
@require_POST
def publish(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Put a draft in force that allows nothing new."""
    seen = _seen(request)
    return _do(
        request,
        lambda: policy_drafts.publish(draft_id, **seen, by=user_of(request.user), now=timezone.now()),
        done=_is_in_force,
        then="contacts:policy",
        draft_id=draft_id,
    )


@login_required
@may_decide
@require_POST
def propose(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Ask a second manager."""
    seen = _seen(request)
    said = _(
        "Your colleagues see the request on the policy page. Until one of them decides, nothing changes."
    )
    return _do(
        request,
        lambda: policy_drafts.propose(draft_id, **seen, by=user_of(request.user), now=timezone.now()),
        done=lambda _proposal: said,
        draft_id=draft_id,
    )


@login_required
@may_decide
@require_POST
def approve(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Put a colleague's proposal in force."""
    proposal = get_object_or_404(PolicyProposal, pk=proposal_id)
    return _do(
        request,
        lambda: policy_drafts.approve(proposal.pk, by=user_of(request.user), now=timezone.now()),
        done=_is_in_force,
        then="contacts:policy",
        draft_id=proposal.draft_id,
    )


@login_required
@may_decide
@require_POST
def refuse(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Say no to a colleague's proposal, and why."""
    proposal = get_object_or_404(PolicyProposal, pk=proposal_id)
    reason = request.POST.get("reason", "")[:300]
    said = _("It was not approved; your reason stands on the draft.")
    return _do(
        request,
        lambda: policy_drafts.refuse(
            proposal.pk, reason=reason, by=user_of(request.user), now=timezone.now()
        ),
        done=lambda _nothing: said,
        draft_id=proposal.draft_id,
    )


@login_required
@may_write
@require_POST
def withdraw(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Take a request for approval back."""
    proposal = get_object_or_404(PolicyProposal, pk=proposal_id)
    said = _("The request was withdrawn; the draft can be edited again.")
    return _do(
        request,
        lambda: policy_drafts.withdraw(proposal.pk, by=user_of(request.user), now=timezone.now()),
        done=lambda _nothing: said,
        draft_id=proposal.draft_id,
    )


def words_for(error: Exception) -> str:
    """Return why a service refused, in words."""
    if isinstance(error, DecidedError):
        if error.proposal.state == ProposalState.OVERTAKEN:
            return _overtaken()
        return _("The request was decided meanwhile: %(state)s.") % {
            "state": error.proposal.get_state_display()
        }
    if isinstance(error, MalformedError):
        return reasons.malformed(error)
    said = {
        LoosensError: _("This allows more than the version in force: a second manager must approve it."),
        NothingToApproveError: _("This allows nothing new any more: you can publish it yourself."),
        OvertakenError: _overtaken(),
        OwnDraftError: _("You wrote or proposed this yourself: a colleague must decide."),
        StaleDraftError: _(
            "A colleague changed this draft meanwhile. Look at it as it is now, and decide again."
        ),
        UnexplainedError: _("Say first why."),
        WaitingError: _(
            "A colleague was asked to approve this draft as it is. Withdraw the request to change it."
        ),
    }
    return said[type(error)]


def _do(
    request: HttpRequest,
    act: Callable[[], Any],
    *,
    done: Callable[[Any], str],
    draft_id: int,
    then: str = "",
) -> HttpResponse:
    """Act, and say what came of it; whoever was refused finds the draft as it stands now."""
    get_object_or_404(ContactPolicy, pk=draft_id)
    try:
        messages.success(request, done(act()))
    except TOLD as error:
        messages.warning(request, words_for(error))
        return _to_draft(draft_id)
    return redirect(then) if then else _to_draft(draft_id)


def _is_in_force(version: ContactPolicy) -> str:
    said = _("Version %(version)s is in force from now on; what was refused before is judged again.")
    return said % {"version": version.version}


def _to_draft(draft_id: int) -> HttpResponse:
    """Show the draft, or the policy page when a colleague published it or threw it away."""
    if ContactPolicy.objects.filter(pk=draft_id, state=PolicyState.DRAFT).exists():
        return redirect("contacts:policy_draft", draft_id)
    return redirect("contacts:policy")


def _overtaken() -> str:
    return _("Another version came into force meanwhile. The draft is compared with it below: decide again.")


def _seen(request: HttpRequest) -> dict[str, Any]:
    """Return what the page showed when the button was pressed; a page that says nothing has seen nothing."""
    return {"revision": _whole(request, "revision") or 0, "seen_in_force": _whole(request, "seen_in_force")}


def _whole(request: HttpRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
