"""Drafts of the policy: written, edited, thrown away; published by one, or by two where they loosen."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from contacts.models import Contact, ContactPolicy, PolicyEvent, PolicyHead, PolicyPreview, PolicyProposal
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.rules.reading import MalformedError
from contacts.services import policy, policy_drafts
from contacts.services.policy import LoosensError, OvertakenError
from contacts.services.policy_drafts import (
    DecidedError,
    NothingToApproveError,
    OwnDraftError,
    StaleDraftError,
    UnexplainedError,
    WaitingError,
)
from contacts.vocabulary import ContactState, PolicyState, PreviewState, ProposalState
from tests.factories import make_contact, make_debtor, make_manager

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
TIGHTER = DEFAULT_POLICY | {"channels": ["email"]}
LOOSER = DEFAULT_POLICY | {"conversation_cooldown_hours": 24}

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_force() -> ContactPolicy:
    return policy.ship_default(now=NOW)


@pytest.fixture
def ana():
    return make_manager(username="ana")


@pytest.fixture
def bruno():
    return make_manager(username="bruno")


def written(terms: dict[str, Any], *, by, note: str = "porque sim") -> ContactPolicy:
    """Return a draft that says these terms."""
    head = policy.in_force()
    draft = policy_drafts.write(source=head.policy if head else None, by=by, now=NOW)
    return policy_drafts.edit(draft.pk, terms=terms, note=note, revision=draft.revision, by=by, now=NOW)


def seen(draft: ContactPolicy) -> dict[str, Any]:
    """Return what somebody who looks at the draft now decides by."""
    head = policy.in_force()
    return {"revision": draft.revision, "seen_in_force": head.policy_id if head else None}


def published(draft: ContactPolicy, *, by) -> ContactPolicy:
    return policy_drafts.publish(draft.pk, **seen(draft), by=by, now=NOW)


def proposed(draft: ContactPolicy, *, by) -> PolicyProposal:
    return policy_drafts.propose(draft.pk, **seen(draft), by=by, now=NOW)


def history() -> list[tuple[str, str]]:
    return [
        (event.kind, event.by.username if event.by else "") for event in PolicyEvent.objects.order_by("pk")
    ]


def test_a_draft_begins_as_the_version_it_is_written_from_and_has_no_number(in_force, ana):
    draft = policy_drafts.write(source=in_force, by=ana, now=NOW)

    assert (draft.state, draft.version, draft.published_at) == (PolicyState.DRAFT, None, None)
    assert (draft.terms, draft.base) == (in_force.terms, in_force)
    assert PolicyHead.objects.get().policy == in_force


def test_before_the_first_policy_a_draft_begins_as_the_courteous_default(ana):
    assert policy_drafts.write(source=None, by=ana, now=NOW).terms == DEFAULT_POLICY


def test_an_edit_is_kept_with_its_author_and_counted(in_force, ana, bruno):
    draft = written(TIGHTER, by=ana)

    edited = policy_drafts.edit(
        draft.pk, terms=LOOSER, note="outra coisa", revision=draft.revision, by=bruno, now=NOW
    )

    edited.refresh_from_db()
    assert (edited.terms, edited.note) == (LOOSER, "outra coisa")
    assert (edited.created_by, edited.edited_by, edited.revision) == (ana, bruno, 3)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(in_force, ana, bruno):
    draft = written(TIGHTER, by=ana)
    policy_drafts.edit(draft.pk, terms=LOOSER, note="x", revision=draft.revision, by=bruno, now=NOW)

    with pytest.raises(StaleDraftError):
        policy_drafts.edit(draft.pk, terms=TIGHTER, note="y", revision=draft.revision, by=ana, now=NOW)

    draft.refresh_from_db()
    assert draft.terms == LOOSER


@pytest.mark.parametrize("terms", [{"windows": {}}, DEFAULT_POLICY | {"close_feasts": ["my birthday"]}])
def test_terms_that_the_gate_cannot_read_are_not_kept(in_force, ana, terms):
    draft = policy_drafts.write(source=in_force, by=ana, now=NOW)

    with pytest.raises(MalformedError):
        policy_drafts.edit(draft.pk, terms=terms, note="x", revision=1, by=ana, now=NOW)
    with pytest.raises(MalformedError):
        policy.publish(terms=terms, note="x", by=ana, now=NOW)


def test_a_draft_thrown_away_is_neither_edited_nor_published(in_force, ana):
    draft = written(TIGHTER, by=ana)
    policy_drafts.discard(draft.pk, by=ana, now=NOW)

    with pytest.raises(StaleDraftError):
        published(draft, by=ana)
    with pytest.raises(StaleDraftError):
        policy_drafts.edit(draft.pk, terms=TIGHTER, note="x", revision=draft.revision, by=ana, now=NOW)


def test_one_manager_publishes_what_only_tightens(in_force, ana):
    draft = written(TIGHTER, by=ana)

    version = published(draft, by=ana)

    assert (version.pk, version.version, version.state) == (draft.pk, 2, PolicyState.PUBLISHED)
    assert (version.published_by, version.published_at) == (ana, NOW)
    assert PolicyHead.objects.get().policy == version
    assert history() == [("published", ""), ("published", "ana")]


def test_one_manager_alone_does_not_publish_what_loosens(in_force, ana):
    draft = written(LOOSER, by=ana)

    with pytest.raises(LoosensError) as caught:
        published(draft, by=ana)
    with pytest.raises(LoosensError):
        policy.publish(terms=LOOSER, note="shortcut", by=ana, now=NOW)
    with pytest.raises(LoosensError):
        policy.publish(terms=LOOSER, note="by the shell", by=None, now=NOW)

    assert [change.field for change in caught.value.changes] == ["conversation_cooldown_hours"]
    assert PolicyHead.objects.get().policy == in_force
    assert ContactPolicy.objects.filter(state=PolicyState.PUBLISHED).count() == 1


def test_the_first_policy_of_the_house_needs_one_manager_whatever_it_allows(ana):
    version = published(written(LOOSER | {"minor_age": None}, by=ana), by=ana)

    assert (version.version, PolicyHead.objects.get().policy) == (1, version)


def test_a_second_manager_puts_in_force_what_loosens(in_force, ana, bruno):
    draft = written(LOOSER, by=ana)
    proposal = proposed(draft, by=ana)

    version = policy_drafts.approve(proposal.pk, by=bruno, now=NOW)

    proposal.refresh_from_db()
    assert (version.version, version.published_by, version.edited_by) == (2, bruno, ana)
    assert (proposal.state, proposal.decided_by, proposal.base) == (ProposalState.APPROVED, bruno, in_force)
    assert PolicyHead.objects.get().policy == version
    assert history()[1:] == [("proposed", "ana"), ("approved", "bruno"), ("published", "bruno")]


def test_nobody_approves_or_refuses_what_he_proposed_or_approves_what_he_wrote(in_force, ana, bruno):
    draft = written(LOOSER, by=ana)
    by_his_colleague = proposed(draft, by=bruno)

    for each in (ana, bruno):
        with pytest.raises(OwnDraftError):
            policy_drafts.approve(by_his_colleague.pk, by=each, now=NOW)
    with pytest.raises(OwnDraftError):
        policy_drafts.refuse(by_his_colleague.pk, reason="no", by=bruno, now=NOW)

    assert PolicyHead.objects.get().policy == in_force


def test_a_refusal_gives_its_reason_and_the_draft_may_be_mended_and_proposed_again(in_force, ana, bruno):
    draft = written(LOOSER, by=ana)
    proposal = proposed(draft, by=ana)
    with pytest.raises(UnexplainedError):
        policy_drafts.refuse(proposal.pk, reason="  ", by=bruno, now=NOW)

    policy_drafts.refuse(proposal.pk, reason="cedo demais", by=bruno, now=NOW)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason) == (ProposalState.REFUSED, "cedo demais")
    with pytest.raises(DecidedError):
        policy_drafts.approve(proposal.pk, by=bruno, now=NOW)
    mended = policy_drafts.edit(
        draft.pk,
        terms=LOOSER | {"minor_age": 21},
        note="com idade maior",
        revision=draft.revision,
        by=ana,
        now=NOW,
    )
    assert policy_drafts.approve(proposed(mended, by=ana).pk, by=bruno, now=NOW).version == 2


def test_what_a_colleague_was_asked_to_approve_stays_as_it_is_until_the_request_is_withdrawn(
    in_force, ana, bruno
):
    draft = written(LOOSER, by=ana)
    proposal = proposed(draft, by=ana)

    with pytest.raises(WaitingError):
        policy_drafts.edit(draft.pk, terms=TIGHTER, note="x", revision=draft.revision, by=ana, now=NOW)
    with pytest.raises(WaitingError):
        policy_drafts.discard(draft.pk, by=ana, now=NOW)
    with pytest.raises(WaitingError):
        proposed(draft, by=bruno)

    policy_drafts.withdraw(proposal.pk, by=ana, now=NOW)
    policy_drafts.discard(draft.pk, by=ana, now=NOW)
    with pytest.raises(DecidedError) as caught:
        policy_drafts.approve(proposal.pk, by=bruno, now=NOW)
    assert caught.value.proposal.state == ProposalState.WITHDRAWN


def test_what_tightens_is_not_proposed_but_published(in_force, ana):
    with pytest.raises(NothingToApproveError):
        proposed(written(TIGHTER, by=ana), by=ana)


def test_a_version_published_meanwhile_lets_what_waits_fall_to_be_compared_anew(in_force, ana, bruno):
    waiting, other = written(LOOSER, by=ana), written(TIGHTER, by=bruno)
    proposal, looked_at = proposed(waiting, by=ana), seen(other)
    published(written(DEFAULT_POLICY | {"minor_age": 21}, by=bruno), by=bruno)

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.OVERTAKEN
    with pytest.raises(DecidedError):
        policy_drafts.approve(proposal.pk, by=bruno, now=NOW)
    with pytest.raises(OvertakenError):
        policy_drafts.publish(other.pk, **looked_at, by=bruno, now=NOW)
    with pytest.raises(LoosensError):  # it would take back what was tightened meanwhile
        published(other, by=bruno)

    again = proposed(waiting, by=ana)
    assert policy_drafts.approve(again.pk, by=bruno, now=NOW).version == 3


def test_only_what_was_seen_is_published_or_proposed(in_force, ana):
    draft = written(TIGHTER, by=ana)
    looked_at = seen(draft)
    policy_drafts.edit(draft.pk, terms=LOOSER, note="x", revision=draft.revision, by=ana, now=NOW)

    with pytest.raises(StaleDraftError):
        policy_drafts.publish(draft.pk, **looked_at, by=ana, now=NOW)
    with pytest.raises(StaleDraftError):
        policy_drafts.propose(draft.pk, **looked_at, by=ana, now=NOW)


def test_a_version_says_what_changed_and_why(in_force, ana):
    for terms in (TIGHTER, LOOSER):
        with pytest.raises(UnexplainedError):
            policy_drafts.publish(**_of(written(terms, by=ana, note=" ")), by=ana, now=NOW)
        with pytest.raises(UnexplainedError):
            policy_drafts.propose(**_of(written(terms, by=ana, note="")), by=ana, now=NOW)


def _of(draft: ContactPolicy) -> dict[str, Any]:
    return {"draft_id": draft.pk, **seen(draft)}


def test_whoever_may_not_decide_writes_drafts_and_no_more(in_force, ana):
    writer = make_manager(username="caio", permissions=["view_contactpolicy", "add_contactpolicy"])
    draft = written(TIGHTER, by=writer)
    proposal = proposed(written(LOOSER, by=ana), by=ana)

    for act in (
        lambda: published(draft, by=writer),
        lambda: proposed(draft, by=writer),
        lambda: policy_drafts.approve(proposal.pk, by=writer, now=NOW),
        lambda: policy_drafts.refuse(proposal.pk, reason="no", by=writer, now=NOW),
        lambda: policy.publish(terms=TIGHTER, note="x", by=writer, now=NOW),
        lambda: policy.pause(is_paused=True, by=writer, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_whoever_may_only_read_writes_nothing(in_force, ana):
    reader = make_manager(username="davi", permissions=["view_contactpolicy"])
    draft = written(LOOSER, by=ana)

    for act in (
        lambda: policy_drafts.write(source=in_force, by=reader, now=NOW),
        lambda: policy_drafts.edit(draft.pk, terms=TIGHTER, note="x", revision=2, by=reader, now=NOW),
        lambda: policy_drafts.discard(draft.pk, by=reader, now=NOW),
        lambda: policy_drafts.withdraw(proposed(draft, by=ana).pk, by=reader, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_the_preview_of_a_draft_is_outdated_when_its_terms_change_and_not_when_its_reason_does(in_force, ana):
    draft = written(TIGHTER, by=ana)
    preview = PolicyPreview.objects.create(
        draft=draft,
        base=in_force,
        revision=draft.revision,
        asked_by=ana,
        asked_at=NOW,
        state=PreviewState.DONE,
        result={},
        finished_at=NOW,
    )

    draft = policy_drafts.edit(
        draft.pk, terms=draft.terms, note="mais claro", revision=draft.revision, by=ana, now=NOW
    )
    preview.refresh_from_db()
    assert preview.state == PreviewState.DONE

    policy_drafts.edit(draft.pk, terms=LOOSER, note="x", revision=draft.revision, by=ana, now=NOW)
    preview.refresh_from_db()
    assert preview.state == PreviewState.OUTDATED


def test_what_the_old_version_refused_waits_to_be_judged_by_the_new_one(in_force, ana, bruno):
    refused = make_contact(debtor=make_debtor(), at=NOW, state=ContactState.BLOCKED)
    Contact.objects.update(expires_at=NOW + timedelta(days=1))

    policy_drafts.approve(proposed(written(LOOSER, by=ana), by=ana).pk, by=bruno, now=NOW)

    refused.refresh_from_db()
    assert (refused.state, refused.not_before) == (ContactState.PLANNED, NOW)


def test_to_pause_and_to_resume_are_told_once_each_with_who_did_it(in_force, ana):
    for is_paused in (True, True, False):
        policy.pause(is_paused=is_paused, by=ana, now=NOW)

    assert history()[1:] == [("paused", "ana"), ("resumed", "ana")]


@pytest.mark.parametrize(
    "change",
    [
        lambda version: ContactPolicy.objects.filter(pk=version.pk).update(terms={"channels": []}),
        lambda version: ContactPolicy.objects.filter(pk=version.pk).update(note="better"),
        lambda version: ContactPolicy.objects.filter(pk=version.pk).update(
            state=PolicyState.DRAFT, version=None
        ),
        lambda version: ContactPolicy.objects.filter(pk=version.pk)._raw_delete("default"),
        lambda version: PolicyEvent.objects.filter(policy=version).update(note="better"),
        lambda version: PolicyEvent.objects.filter(policy=version)._raw_delete("default"),
    ],
)
def test_the_database_refuses_to_change_a_published_version_and_the_history(in_force, change):
    with pytest.raises(IntegrityError, match="is never changed"), transaction.atomic():
        change(in_force)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"state": ProposalState.APPROVED, "decided_at": NOW, "decided_by": "ana"}, "by_a_colleague"),
        ({"state": ProposalState.REFUSED, "decided_at": NOW, "decided_by": "bruno"}, "gives_its_reason"),
        ({"state": ProposalState.WITHDRAWN}, "decided_exactly"),
        ({"decided_at": NOW}, "decided_exactly"),
    ],
)
def test_the_database_keeps_four_eyes_apart(in_force, ana, bruno, values, constraint):
    proposal = proposed(written(LOOSER, by=ana), by=ana)
    people = {"ana": ana, "bruno": bruno}
    values = {
        name: people.get(value, value) if name == "decided_by" else value for name, value in values.items()
    }

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PolicyProposal.objects.filter(pk=proposal.pk).update(**values)
