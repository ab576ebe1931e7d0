"""The only worker at previews: asked for, worked out batch by batch, each batch kept, stopped on demand."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from time import monotonic

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from contacts.models import ContactPolicy, PolicyPreview
from contacts.models.preview import UNFINISHED
from contacts.queries import replay
from contacts.rules.replay import Tally
from contacts.services import policy
from contacts.vocabulary import PolicyState, PreviewState
from debtors.models import User

logger = logging.getLogger(__name__)
#: For how long a worker may be silent before another takes over where it stopped.
LEASE = timedelta(seconds=60)
#: A preview that was begun so often without getting any further has failed.
MOST_STARTS = 3
BATCH_OF_CONTACTS = 3_000
LONGEST_RUN_SECONDS = 45.0


def ask(draft_id: int, *, by: User, now: datetime) -> PolicyPreview:
    """Want a draft replayed against the version in force, as of now; one that is unfinished is kept.

    Raises PermissionDenied, and ContactPolicy.DoesNotExist for what is no draft any more.
    """
    policy.refuse_unless(by, policy.MAY_WRITE)
    with transaction.atomic():
        drafts = ContactPolicy.objects.select_for_update(of=("self",)).filter(state=PolicyState.DRAFT)
        draft = drafts.get(pk=draft_id)
        unfinished = draft.previews.filter(state__in=UNFINISHED).first()
        if unfinished is not None:
            return unfinished
        head = policy.in_force()
        return PolicyPreview.objects.create(
            draft=draft,
            base=head.policy if head else None,
            revision=draft.revision,
            asked_by=by,
            asked_at=now,
        )


def stop(preview_id: int, *, by: User, now: datetime) -> bool:
    """Stop a preview that is not finished; return whether it was still going. Raises PermissionDenied."""
    policy.refuse_unless(by, policy.MAY_WRITE)
    going = PolicyPreview.objects.filter(pk=preview_id, state__in=UNFINISHED)
    return bool(going.update(state=PreviewState.CANCELLED, finished_at=now))


def work(*, clock: Callable[[], datetime], longest_run_seconds: float = LONGEST_RUN_SECONDS) -> bool:
    """Work out what was asked for, until nothing is or the time is up; return whether something is left.

    What is left goes on from the last batch kept, here or in another worker.
    """
    deadline = monotonic() + longest_run_seconds
    while preview := _claim(now=clock()):
        try:
            if not _carry_on(preview, clock=clock, deadline=deadline):
                return True
        except (OperationalError, InterfaceError):  # everybody's trouble: the lease lets another try
            raise
        except Exception:
            logger.exception("the preview %s cannot be worked out", preview.pk)
            _mine(preview).update(state=PreviewState.FAILED, finished_at=clock())
    return False


def _claim(*, now: datetime) -> PolicyPreview | None:
    """Take the oldest preview that nobody is at; `starts` is the fence, moved by whoever takes it."""
    free = Q(state=PreviewState.WAITING) | Q(state=PreviewState.RUNNING, lease_until__lt=now)
    for preview in PolicyPreview.objects.filter(free).order_by("pk"):
        same = PolicyPreview.objects.filter(free, pk=preview.pk, starts=preview.starts)
        if preview.starts - (preview.result or {}).get("start", 0) >= MOST_STARTS:
            same.update(state=PreviewState.FAILED, finished_at=now)
        elif same.update(
            state=PreviewState.RUNNING,
            starts=F("starts") + 1,
            lease_until=now + LEASE,
            began_at=Coalesce(F("began_at"), now),
        ):
            return PolicyPreview.objects.select_related("draft", "base").get(pk=preview.pk)
    return None


def _carry_on(preview: PolicyPreview, *, clock: Callable[[], datetime], deadline: float) -> bool:
    """Judge batch after batch and keep each; return False when the time was up before the end.

    A preview that was stopped or outdated meanwhile takes no further batch, and is done with.
    """
    now = preview.asked_at
    counted = replay.debtors_to_replay(now=now)
    tally, position = _begun(preview)
    total = sum(contacts for _debtor, contacts in counted)
    for batch in _batches(counted, after=position):
        for replayed in replay.replay(
            batch, base=preview.base.terms if preview.base else None, draft=preview.draft.terms, now=now
        ):
            tally.add(replayed)
        is_over = monotonic() > deadline
        if not _keep(preview, tally=tally, position=batch[-1], total=total, is_over=is_over, now=clock()):
            return True
        if is_over:
            return False
    done = tally.judged
    _mine(preview).update(
        state=PreviewState.DONE, result=tally.to_json(), done=done, total=done, finished_at=clock()
    )
    return True


def _batches(counted: list[tuple[int, int]], *, after: int) -> Iterator[list[int]]:
    """Yield the debtors behind `after` in lots of some thousand contacts."""
    batch: list[int] = []
    contacts = 0
    for debtor_id, count in counted:
        if debtor_id <= after:
            continue
        batch.append(debtor_id)
        contacts += count
        if contacts >= BATCH_OF_CONTACTS:
            yield batch
            batch, contacts = [], 0
    if batch:
        yield batch


def _begun(preview: PolicyPreview) -> tuple[Tally, int]:
    """Return the counts kept so far and the last debtor in them; nothing yet is before the first."""
    zone = timezone.get_current_timezone()
    if preview.result:
        return Tally.from_json(preview.result, zone=zone), preview.result["position"]
    return Tally(first_day=timezone.localdate(preview.asked_at), zone=zone), 0


def _keep(
    preview: PolicyPreview, *, tally: Tally, position: int, total: int, is_over: bool, now: datetime
) -> bool:
    """Keep what is counted so far; return whether the preview is still wanted, and still ours."""
    state = PreviewState.WAITING if is_over else PreviewState.RUNNING
    kept = _mine(preview).update(
        result=tally.to_json() | {"position": position, "start": preview.starts},
        done=tally.judged,
        total=total,
        state=state,
        lease_until=now + LEASE,
    )
    return bool(kept)


def _mine(preview: PolicyPreview) -> QuerySet[PolicyPreview]:
    """Return the preview for as long as it runs in our hands."""
    return PolicyPreview.objects.filter(pk=preview.pk, state=PreviewState.RUNNING, starts=preview.starts)
