"""The only writer of the contact policy: versions, which one is in force, and the pause switch."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from contacts.models import Contact, ContactPolicy, PolicyHead
from contacts.rules import policy_json
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.vocabulary import ContactState, PolicyState
from debtors.models import User

HOUSE = "house"


def publish(*, terms: dict[str, Any], note: str, by: User | None, now: datetime) -> ContactPolicy:
    """Write a new version and put it in force at once; what was refused before is judged again.

    Raises MalformedError, naming the key and the reason, when the gate cannot read `terms`.
    """
    policy_json.policy_from_json(terms)
    with transaction.atomic():
        head = PolicyHead.objects.select_for_update().filter(scope=HOUSE).first()
        last = ContactPolicy.objects.aggregate(last=Max("version"))["last"] or 0
        policy = ContactPolicy.objects.create(
            version=last + 1,
            state=PolicyState.PUBLISHED,
            terms=terms,
            note=note,
            created_by=by,
            created_at=now,
            published_at=now,
        )
        if head is None:
            PolicyHead.objects.create(scope=HOUSE, policy=policy, changed_at=now)
        else:
            PolicyHead.objects.filter(pk=head.pk).update(policy=policy, changed_at=now)
        _judge_again(now=now)
    return policy


def ship_default(*, now: datetime) -> ContactPolicy:
    """Put the courteous default in force where there is no policy yet; return the one in force."""
    head = PolicyHead.objects.select_related("policy").filter(scope=HOUSE).first()
    return head.policy if head else publish(terms=DEFAULT_POLICY, note="", by=None, now=now)


def is_paused() -> bool:
    """Return whether a manager paused all contact of the house."""
    return PolicyHead.objects.filter(scope=HOUSE, is_paused=True).exists()


def pause(*, is_paused: bool, now: datetime) -> None:
    """Stop every contact of the house, or let them go on. Binds at the next admission."""
    with transaction.atomic():
        PolicyHead.objects.select_for_update().get(scope=HOUSE)
        PolicyHead.objects.filter(scope=HOUSE).update(is_paused=is_paused, changed_at=now)
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


def _judge_again(*, now: datetime) -> None:
    """Let the new policy judge what the old one refused, or put off, unless it is too late."""
    Contact.objects.refused(now=now).update(state=ContactState.PLANNED, not_before=now)
