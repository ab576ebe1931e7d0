"""The only writer of drafts of the contact policy, from the first word to a second manager's approval.

Whoever decides says what he has seen: the draft's revision, and the version in force it was compared
with. Rows are locked in one order: what is in force, the draft, the request for approval.
"""

from copy import deepcopy
from datetime import datetime
from typing import Any

from django.db import transaction

from contacts.models import ContactPolicy, PolicyHead, PolicyProposal
from contacts.models.preview import UNFINISHED
from contacts.rules import loosening
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import policy
from contacts.services.policy import MAY_DECIDE, MAY_WRITE, LoosensError, OvertakenError, tell
from contacts.vocabulary import PolicyEventKind, PolicyState, PreviewState, ProposalState
from debtors.models import User


class StaleDraftError(Exception):
    """The draft was edited, published or thrown away meanwhile."""


class WaitingError(Exception):
    """A colleague was asked to approve the draft as it is: withdraw the request first."""


class UnexplainedError(Exception):
    """The draft, or the refusal, does not say why."""


class NothingToApproveError(Exception):
    """The draft allows nothing new: one manager is enough."""


class OwnDraftError(Exception):
    """The approval of a second manager is asked for: neither who proposed the draft nor who wrote it last."""


class DecidedError(Exception):
    """The request was decided meanwhile; `proposal` says how."""

    def __init__(self, proposal: PolicyProposal) -> None:
        super().__init__(proposal.state)
        self.proposal = proposal


def write(*, source: ContactPolicy | None, by: User, now: datetime) -> ContactPolicy:
    """Begin a draft with the terms of another version or draft, else of the courteous default.

    That is the beginning too where the other one cannot be read.

    Raises PermissionDenied.
    """
    policy.refuse_unless(by, MAY_WRITE)
    terms = source.terms if source and policy.is_readable(source.terms) else DEFAULT_POLICY
    return ContactPolicy.objects.create(
        terms=deepcopy(terms),
        base=source,
        created_by=by,
        created_at=now,
        edited_by=by,
        edited_at=now,
    )


def edit(
    draft_id: int, *, terms: dict[str, Any], note: str, revision: int, by: User, now: datetime
) -> ContactPolicy:
    """Keep what a manager changed; previews of what was there before are outdated.

    Raises StaleDraftError, WaitingError, MalformedError when the gate cannot read the terms, and
    PermissionDenied.
    """
    policy.refuse_unless(by, MAY_WRITE)
    policy.check_terms(terms)
    with transaction.atomic():
        draft = _locked_draft(draft_id, revision=revision)
        if terms != draft.terms:
            _outdate_previews(draft)
        draft.terms, draft.note = terms, note
        draft.edited_by, draft.edited_at = by, now
        draft.revision += 1
        draft.save()
    return draft


def discard(draft_id: int, *, by: User, now: datetime) -> None:
    """Throw a draft away. Raises StaleDraftError, WaitingError and PermissionDenied."""
    policy.refuse_unless(by, MAY_WRITE)
    with transaction.atomic():
        draft = _locked_draft(draft_id)
        draft.state = PolicyState.DISCARDED
        draft.save()
        _outdate_previews(draft)
        tell(PolicyEventKind.DISCARDED, by=by, policy=draft, note=draft.note, now=now)


def publish(
    draft_id: int, *, revision: int, seen_in_force: int | None, by: User, now: datetime
) -> ContactPolicy:
    """Put a draft in force that allows nothing new; the first policy of the house needs no comparison.

    `seen_in_force` is the id of the version it was compared with. Raises LoosensError when a second
    manager must approve, OvertakenError, StaleDraftError, WaitingError, UnexplainedError and
    PermissionDenied.
    """
    policy.refuse_unless(by, MAY_DECIDE)
    with transaction.atomic():
        head, draft, changes = _compared(draft_id, revision=revision, seen_in_force=seen_in_force)
        if loosening.loosened(changes):
            raise LoosensError(loosening.loosened(changes))
        return policy.bring_into_force(draft, head=head, by=by, now=now)


def propose(
    draft_id: int, *, revision: int, seen_in_force: int | None, by: User, now: datetime
) -> PolicyProposal:
    """Ask a second manager to put a draft in force that loosens the policy; until then it is not edited.

    Raises NothingToApproveError, OvertakenError, StaleDraftError, WaitingError, UnexplainedError and
    PermissionDenied.
    """
    policy.refuse_unless(by, MAY_DECIDE)
    with transaction.atomic():
        head, draft, changes = _compared(draft_id, revision=revision, seen_in_force=seen_in_force)
        if head is None or not loosening.loosened(changes):
            raise NothingToApproveError
        proposal = PolicyProposal.objects.create(
            draft=draft, base=head.policy, proposed_by=by, proposed_at=now
        )
        tell(PolicyEventKind.PROPOSED, by=by, policy=draft, note=draft.note, now=now)
    return proposal


def approve(proposal_id: int, *, by: User, now: datetime) -> ContactPolicy:
    """Put a proposed draft in force, as the second manager.

    Raises OwnDraftError, DecidedError, OvertakenError when another version came into force since it
    was compared, and PermissionDenied.
    """
    policy.refuse_unless(by, MAY_DECIDE)
    with transaction.atomic():
        head = policy.lock_head()
        draft, proposal = _waiting(proposal_id)
        if by.pk in (proposal.proposed_by_id, draft.edited_by_id):
            raise OwnDraftError
        if head is None or head.policy_id != proposal.base_id:
            raise OvertakenError
        _decide(proposal, state=ProposalState.APPROVED, by=by, now=now)
        tell(PolicyEventKind.APPROVED, by=by, policy=draft, now=now)
        return policy.bring_into_force(draft, head=head, by=by, now=now)


def refuse(proposal_id: int, *, reason: str, by: User, now: datetime) -> None:
    """Say no to a colleague's proposal, and why; he may edit the draft and ask again.

    Raises UnexplainedError, OwnDraftError (he withdraws it instead), DecidedError and PermissionDenied.
    """
    policy.refuse_unless(by, MAY_DECIDE)
    if not reason.strip():
        raise UnexplainedError
    with transaction.atomic():
        draft, proposal = _waiting(proposal_id)
        if by.pk == proposal.proposed_by_id:
            raise OwnDraftError
        _decide(proposal, state=ProposalState.REFUSED, by=by, now=now, reason=reason.strip())
        tell(PolicyEventKind.REFUSED, by=by, policy=draft, note=proposal.reason, now=now)


def withdraw(proposal_id: int, *, by: User, now: datetime) -> None:
    """Take a request for approval back; the draft may be edited again.

    Whoever may write drafts may do so: a request must not outlast the colleague who made it.
    Raises DecidedError and PermissionDenied.
    """
    policy.refuse_unless(by, MAY_WRITE)
    with transaction.atomic():
        draft, proposal = _waiting(proposal_id)
        _decide(proposal, state=ProposalState.WITHDRAWN, by=by, now=now)
        tell(PolicyEventKind.WITHDRAWN, by=by, policy=draft, now=now)


def _compared(
    draft_id: int, *, revision: int, seen_in_force: int | None
) -> tuple[PolicyHead | None, ContactPolicy, tuple[loosening.Change, ...]]:
    """Return what is in force and the draft, both held, and in what they differ now."""
    head = policy.lock_head()
    draft = _locked_draft(draft_id, revision=revision)
    if (head.policy_id if head else None) != seen_in_force:
        raise OvertakenError
    if not draft.note.strip():
        raise UnexplainedError
    policy.check_terms(draft.terms)
    return head, draft, policy.compared_with(head, draft.terms)


def _locked_draft(draft_id: int, *, revision: int | None = None) -> ContactPolicy:
    """Return a draft that nobody was asked to approve, held; of this revision, if one is named."""
    found = ContactPolicy.objects.select_for_update(of=("self",)).filter(pk=draft_id, state=PolicyState.DRAFT)
    draft = found.first()
    if draft is None or revision not in (None, draft.revision):
        raise StaleDraftError
    if draft.proposals.filter(state=ProposalState.WAITING).exists():
        raise WaitingError
    return draft


def _waiting(proposal_id: int) -> tuple[ContactPolicy, PolicyProposal]:
    """Return the draft and the request about it, both held, if nobody has decided it yet."""
    draft = ContactPolicy.objects.select_for_update(of=("self",)).get(proposals=proposal_id)
    proposal = PolicyProposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.state != ProposalState.WAITING:
        raise DecidedError(proposal)
    return draft, proposal


def _decide(
    proposal: PolicyProposal, *, state: ProposalState, by: User, now: datetime, reason: str = ""
) -> None:
    proposal.state, proposal.reason = state, reason
    proposal.decided_by, proposal.decided_at = by, now
    proposal.save()


def _outdate_previews(draft: ContactPolicy) -> None:
    draft.previews.filter(state__in=[*UNFINISHED, PreviewState.DONE]).update(state=PreviewState.OUTDATED)
