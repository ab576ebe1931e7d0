"""Managers who decide about the policy at the same moment: one decides, the other is told so."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from contacts.models import ContactPolicy, PolicyEvent, PolicyHead, PolicyProposal
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import policy, policy_drafts
from contacts.services.policy import LoosensError, OvertakenError
from contacts.services.policy_drafts import DecidedError, OwnDraftError, StaleDraftError, WaitingError
from contacts.vocabulary import PolicyEventKind, PolicyState, ProposalState
from tests.factories import make_manager

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
LOOSER = DEFAULT_POLICY | {"conversation_cooldown_hours": 24}
TIGHTER = DEFAULT_POLICY | {"channels": ["email"]}
ROUNDS = range(6)
TOLD = (LoosensError, OvertakenError, DecidedError, OwnDraftError, StaleDraftError, WaitingError)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do everything at the same moment; return what each returned, or the error by which it was told."""
    start = Barrier(len(works))

    def do(work: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return work()
        except TOLD as error:
            return type(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(do, works))


def draft_of(terms: dict[str, Any], *, by) -> ContactPolicy:
    draft = policy_drafts.write(source=None, by=by, now=NOW)
    return policy_drafts.edit(draft.pk, terms=terms, note="x", revision=1, by=by, now=NOW)


def proposal_of(terms: dict[str, Any], *, by) -> PolicyProposal:
    draft, head = draft_of(terms, by=by), PolicyHead.objects.get()
    return policy_drafts.propose(
        draft.pk, revision=draft.revision, seen_in_force=head.policy_id, by=by, now=NOW
    )


def versions() -> list[int]:
    published = ContactPolicy.objects.filter(state=PolicyState.PUBLISHED)
    return sorted(published.values_list("version", flat=True))


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_who_approve_at_once_publish_one_version(_round):
    policy.ship_default(now=NOW)
    ana, bruno, clara = make_manager(), make_manager(), make_manager()
    proposal = proposal_of(LOOSER, by=ana)

    answers = at_once(
        lambda: policy_drafts.approve(proposal.pk, by=bruno, now=NOW),
        lambda: policy_drafts.approve(proposal.pk, by=clara, now=NOW),
        lambda: policy_drafts.approve(proposal.pk, by=ana, now=NOW),
    )

    assert answers.count(DecidedError) + answers.count(OwnDraftError) == 2
    assert answers[2] in (OwnDraftError, DecidedError)
    assert versions() == [1, 2]
    assert PolicyEvent.objects.filter(kind=PolicyEventKind.APPROVED).count() == 1
    assert PolicyHead.objects.get().policy.published_by in (bruno, clara)


@pytest.mark.parametrize("_round", ROUNDS)
def test_an_approval_and_another_publication_at_once_never_bring_in_what_was_compared_with_neither(_round):
    first = policy.ship_default(now=NOW)
    ana, bruno, clara = make_manager(), make_manager(), make_manager()
    proposal, other = proposal_of(LOOSER, by=ana), draft_of(TIGHTER, by=clara)

    answers = at_once(
        lambda: policy_drafts.approve(proposal.pk, by=bruno, now=NOW),
        lambda: policy_drafts.publish(
            other.pk, revision=other.revision, seen_in_force=first.pk, by=clara, now=NOW
        ),
    )

    proposal.refresh_from_db()
    won = PolicyHead.objects.get().policy
    assert versions() == [1, 2]
    if won.pk == other.pk:
        assert (answers[0], proposal.state) == (DecidedError, ProposalState.OVERTAKEN)
    else:
        assert (answers[1], proposal.state) == (OvertakenError, ProposalState.APPROVED)


@pytest.mark.parametrize("_round", ROUNDS)
def test_an_approval_and_a_withdrawal_at_once_are_not_both_done(_round):
    policy.ship_default(now=NOW)
    ana, bruno = make_manager(), make_manager()
    proposal = proposal_of(LOOSER, by=ana)

    answers = at_once(
        lambda: policy_drafts.approve(proposal.pk, by=bruno, now=NOW),
        lambda: policy_drafts.withdraw(proposal.pk, by=ana, now=NOW),
    )

    proposal.refresh_from_db()
    assert answers.count(DecidedError) == 1
    assert (proposal.state == ProposalState.APPROVED) == (versions() == [1, 2])


@pytest.mark.parametrize("_round", ROUNDS)
def test_what_is_proposed_is_what_stands_in_the_draft(_round):
    first = policy.ship_default(now=NOW)
    ana, bruno = make_manager(), make_manager()
    draft = draft_of(LOOSER, by=ana)

    answers = at_once(
        lambda: policy_drafts.propose(
            draft.pk, revision=draft.revision, seen_in_force=first.pk, by=ana, now=NOW
        ),
        lambda: policy_drafts.edit(
            draft.pk,
            terms=LOOSER | {"minor_age": None},
            note="y",
            revision=draft.revision,
            by=bruno,
            now=NOW,
        ),
    )

    draft.refresh_from_db()
    was_proposed = PolicyProposal.objects.exists()
    assert [answer for answer in answers if answer in TOLD] == [
        WaitingError if was_proposed else StaleDraftError
    ]
    assert (draft.terms == LOOSER) == was_proposed


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_first_policies_at_once_are_one(_round):
    ana, bruno = make_manager(), make_manager()

    answers = at_once(
        lambda: policy.publish(terms=LOOSER, note="ana", by=ana, now=NOW),
        lambda: policy.publish(terms=TIGHTER, note="bruno", by=bruno, now=NOW),
    )

    # Whoever comes second is told so: that there is one now, or that it forbids what his allows.
    assert versions() in ([1], [1, 2])
    assert len([answer for answer in answers if isinstance(answer, ContactPolicy)]) == len(versions())
