"""The only writer of what is in force: which version of the contact policy, and the pause switch."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Q
from django.utils import timezone

from contacts.models import Contact, ContactPolicy, PolicyEvent, PolicyHead, PolicyPreview, PolicyProposal
from contacts.models.preview import UNFINISHED
from contacts.queries import terms as binding
from contacts.rules import loosening, memory, narrowing, policy_json
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.rules.loosening import Change
from contacts.vocabulary import ContactState, PolicyEventKind, PolicyState, PreviewState, ProposalState
from debtors.models import User

HOUSE = "house"
#: What a version that cannot be read allows.
FORBIDS_EVERYTHING: Mapping[str, Any] = {"channels": []}
#: Who may write drafts, and who may decide what binds the house: publish, approve, pause.
MAY_WRITE, MAY_DECIDE = "contacts.add_contactpolicy", "contacts.change_contactpolicy"


class LoosensError(Exception):
    """The terms allow what those in force forbid: a second manager must approve. `changes` says what."""

    def __init__(self, changes: tuple[Change, ...]) -> None:
        super().__init__(", ".join(change.field for change in changes))
        self.changes = changes


class OvertakenError(Exception):
    """Another version was published since the comparison that this was decided by."""


def publish(*, terms: dict[str, Any], note: str, by: User | None, now: datetime) -> ContactPolicy:
    """Write a version and put it in force at once; what was refused before is judged again.

    `by` None is the house itself, when it is set up. Raises LoosensError when the terms allow what the
    version in force forbids, MalformedError when the gate cannot read them, PermissionDenied, and
    OvertakenError when somebody else published the first version at the same moment.
    """
    refuse_unless(by, MAY_DECIDE)
    check_terms(terms)
    with transaction.atomic():
        head = lock_head()
        changes = compared_with(head, terms)
        if head is not None and loosening.loosened(changes):
            raise LoosensError(loosening.loosened(changes))
        written = ContactPolicy.objects.create(
            terms=terms, note=note, created_by=by, created_at=now, base=head.policy if head else None
        )
        return bring_into_force(written, head=head, by=by, now=now)


def ship_default(*, now: datetime) -> ContactPolicy:
    """Put the courteous default in force where there is no policy yet; return the one in force."""
    head = in_force()
    return head.policy if head else publish(terms=DEFAULT_POLICY, note="", by=None, now=now)


def in_force() -> PolicyHead | None:
    """Return what is in force, its policy with it; None before the first publication."""
    return PolicyHead.objects.select_related("policy").filter(scope=HOUSE).first()


def is_paused() -> bool:
    """Return whether a manager paused all contact of the house."""
    return PolicyHead.objects.filter(scope=HOUSE, is_paused=True).exists()


def pause(*, is_paused: bool, now: datetime, by: User | None = None, why: str = "") -> None:
    """Stop every contact of the house, or let them go on. Binds at the next admission, and at hand-over."""
    refuse_unless(by, MAY_DECIDE)
    with transaction.atomic():
        head = PolicyHead.objects.select_for_update().get(scope=HOUSE)
        if head.is_paused == is_paused:
            return
        PolicyHead.objects.filter(pk=head.pk).update(is_paused=is_paused, changed_at=now)
        tell(PolicyEventKind.PAUSED if is_paused else PolicyEventKind.RESUMED, by=by, note=why, now=now)
        if not is_paused:
            _judge_again(now=now)


def hold_head_in_share() -> None:
    """Keep the policy in force from changing until this transaction ends; others may read it too.

    SQLite has one writer at a time: there the transaction alone is enough.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT 1 FROM {PolicyHead._meta.db_table} WHERE scope = %s FOR SHARE",  # noqa: S608
                [HOUSE],
            )


def lock_head() -> PolicyHead | None:
    """Hold what is in force until this transaction ends: admissions and other publishers wait."""
    return (
        PolicyHead.objects.select_for_update(of=("self",))
        .select_related("policy")
        .filter(scope=HOUSE)
        .first()
    )


def compared_with(head: PolicyHead | None, terms: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return in what the terms differ from those in force; nothing where none are.

    What is in force and cannot be read forbids everything: whatever replaces it loosens.
    """
    if head is None:
        return ()
    return loosening.compare(base=as_it_binds(head.policy.terms), draft=terms)


def as_it_binds(terms: Any) -> Mapping[str, Any]:
    """Return the terms of a version; of one that cannot be read, those that forbid everything, as it does."""
    return terms if is_readable(terms) else FORBIDS_EVERYTHING


def is_readable(terms: Any) -> bool:
    """Return whether the gate can read the terms of a version."""
    return binding.is_readable(json.dumps(terms), year=timezone.localdate().year)


def check_terms(terms: Mapping[str, Any]) -> None:
    """Raise MalformedError, naming the key and the reason, when the gate cannot read the terms."""
    memory.refuse_longer(policy_json.policy_from_json(terms))
    narrowing.closed_by_rule(terms, year=timezone.localdate().year)


def refuse_unless(user: User | None, permission: str) -> None:
    """Raise PermissionDenied when a colleague lacks a permission; None is the house itself."""
    if user is not None and not user.has_perm(permission):
        raise PermissionDenied(permission)


def bring_into_force(
    policy: ContactPolicy, *, head: PolicyHead | None, by: User | None, now: datetime
) -> ContactPolicy:
    """Number a draft, put it in force, and let everything that waits be judged by it.

    For the services of the policy only, in a transaction that holds `head`. What colleagues asked
    approval for was compared with another version, so it falls; so do previews. Raises
    OvertakenError when there was no head to hold, and somebody else made it meanwhile.
    """
    policy.version = (ContactPolicy.objects.aggregate(last=Max("version"))["last"] or 0) + 1
    policy.state = PolicyState.PUBLISHED
    policy.published_by, policy.published_at = by, now
    try:
        with transaction.atomic():
            policy.save()
            if head is None:
                PolicyHead.objects.create(scope=HOUSE, policy=policy, changed_at=now)
            else:
                PolicyHead.objects.filter(pk=head.pk).update(policy=policy, changed_at=now)
    except IntegrityError as error:
        raise OvertakenError from error
    tell(PolicyEventKind.PUBLISHED, by=by, policy=policy, note=policy.note, now=now)
    _overtake_others(policy, now=now)
    _judge_again(now=now)
    return policy


def tell(
    kind: PolicyEventKind,
    *,
    by: User | None,
    now: datetime,
    policy: ContactPolicy | None = None,
    note: str = "",
) -> None:
    """Write a line of the policy's history."""
    PolicyEvent.objects.create(kind=kind, at=now, by=by, policy=policy, note=note)


def _overtake_others(policy: ContactPolicy, *, now: datetime) -> None:
    waiting = Q(proposals__state=ProposalState.WAITING)
    drafts = ContactPolicy.objects.select_for_update(of=("self",)).filter(waiting).order_by("pk")
    for draft in drafts:  # held before their proposals, as everywhere
        fallen = PolicyProposal.objects.filter(draft=draft, state=ProposalState.WAITING)
        if fallen.update(state=ProposalState.OVERTAKEN, decided_at=now):
            tell(PolicyEventKind.OVERTAKEN, by=None, policy=draft, note=str(policy), now=now)
    others = Q(state=PreviewState.DONE) & ~Q(draft=policy)
    PolicyPreview.objects.filter(Q(state__in=UNFINISHED) | others).update(state=PreviewState.OUTDATED)


def _judge_again(*, now: datetime) -> None:
    """Let the new policy judge what the old one refused, or put off, unless it is too late."""
    Contact.objects.refused(now=now).update(state=ContactState.PLANNED, not_before=now)
