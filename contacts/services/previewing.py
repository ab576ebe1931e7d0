"""The only worker at previews: asked for, divided into parts, judged side by side, added up, stopped."""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from contacts.models import ContactPolicy, PolicyPreview, PreviewPart
from contacts.models.preview import UNFINISHED
from contacts.queries import replay
from contacts.rules.replay import Tally
from contacts.services import policy
from contacts.vocabulary import PolicyState, PreviewState
from debtors.models import User

logger = logging.getLogger(__name__)
#: For how long a worker may be silent before another takes over its part.
LEASE = timedelta(seconds=60)
#: A preview of which one part was begun so often, and not brought to its end, has failed.
MOST_STARTS = 3
CONTACTS_OF_A_PART = 3_000
#: No longer than this what is sent may wait for a worker that is at a preview.
LONGEST_RUN_SECONDS = 15.0


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


def work(
    *,
    clock: Callable[[], datetime],
    longest_run_seconds: float = LONGEST_RUN_SECONDS,
    call_others: Callable[[int], None] = lambda _parts: None,
) -> bool:
    """Judge part after part of what was asked for, until none is free; return whether the time was up before.

    What is left goes on from the parts that are kept, here or in another worker. `call_others` is told
    of how many parts there are in a preview that has just been divided: others may take some.
    """
    deadline = monotonic() + longest_run_seconds
    for preview in PolicyPreview.objects.filter(state=PreviewState.WAITING).order_by("pk"):
        with _faults_fail(preview, clock=clock):
            call_others(_divide(preview, now=clock()))
    _finish_what_is_judged(clock=clock)
    while part := _claim(now=clock()):
        with _faults_fail(part.preview, clock=clock):
            _keep(part, _judged(part))
        _finish_what_is_judged(clock=clock)
        if monotonic() > deadline:
            return True
    return False


@contextmanager
def _faults_fail(preview: PolicyPreview, *, clock: Callable[[], datetime]) -> Iterator[None]:
    """Let a fault of ours fail the preview; trouble with the database is everybody's, another tries again."""
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("the preview %s cannot be worked out", preview.pk)
        _fail(preview.pk, now=clock())


def _divide(preview: PolicyPreview, *, now: datetime) -> int:
    """Divide a preview into parts, and return how many; none where another worker was quicker.

    What is left of the parts of previews that were stopped goes.
    """
    counted = replay.debtors_to_replay(now=preview.asked_at)
    total = sum(contacts for _debtor, contacts in counted)
    parts = [
        PreviewPart(preview=preview, number=number, debtors=debtors)
        for number, debtors in enumerate(_lots(counted))
    ]
    with transaction.atomic():
        waiting = PolicyPreview.objects.filter(pk=preview.pk, state=PreviewState.WAITING)
        if not waiting.update(state=PreviewState.RUNNING, began_at=now, total=total):
            return 0
        PreviewPart.objects.exclude(preview__state=PreviewState.RUNNING).delete()
        PreviewPart.objects.bulk_create(parts)
    return len(parts)


def _lots(counted: list[tuple[int, int]]) -> Iterator[list[int]]:
    """Yield the debtors in lots of some thousand contacts."""
    lot: list[int] = []
    contacts = 0
    for debtor_id, count in counted:
        lot.append(debtor_id)
        contacts += count
        if contacts >= CONTACTS_OF_A_PART:
            yield lot
            lot, contacts = [], 0
    if lot:
        yield lot


def _claim(*, now: datetime) -> PreviewPart | None:
    """Take the first part that nobody is at, of the oldest preview; `starts` is moved by whoever takes it.

    What decides is a condition on the part's own columns: of others, PostgreSQL would not look again at
    what it waited for.
    """
    free = PreviewPart.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), result__isnull=True)
    wanted = free.filter(preview__state=PreviewState.RUNNING).order_by("preview", "number")
    for pk, starts, preview_id in wanted.values_list("pk", "starts", "preview_id"):
        if starts >= MOST_STARTS:
            _fail(preview_id, now=now)
        elif free.filter(pk=pk, starts=starts).update(starts=F("starts") + 1, lease_until=now + LEASE):
            return PreviewPart.objects.select_related("preview__draft", "preview__base").get(pk=pk)
    return None


def _judged(part: PreviewPart) -> Tally:
    """Return the counts of the contacts of a part."""
    preview = part.preview
    tally = _nothing_yet(preview)
    base = preview.base.terms if preview.base else None
    with _no_collection():
        for each in replay.replay(part.debtors, base=base, draft=preview.draft.terms, now=preview.asked_at):
            tally.add(each)
    return tally


@contextmanager
def _no_collection() -> Iterator[None]:
    """Let the garbage collector rest: what a part makes, much of it, holds no cycles to be looked for."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _keep(part: PreviewPart, tally: Tally) -> None:
    """Keep what came of a part, unless another worker took it over meanwhile."""
    mine = PreviewPart.objects.filter(pk=part.pk, starts=part.starts, result__isnull=True)
    with transaction.atomic():
        if mine.update(result=tally.to_json()):
            _running(part.preview_id).update(done=F("done") + tally.judged)


def _finish_what_is_judged(*, clock: Callable[[], datetime]) -> None:
    """Add up the parts of each preview of which all are judged; whoever comes second finds it done."""
    missing = PreviewPart.objects.filter(preview=OuterRef("pk"), result__isnull=True)
    for preview in PolicyPreview.objects.filter(~Exists(missing), state=PreviewState.RUNNING):
        with _faults_fail(preview, clock=clock):
            _finish(preview, now=clock())


def _finish(preview: PolicyPreview, *, now: datetime) -> None:
    whole = _nothing_yet(preview)
    for result in preview.parts.order_by("number").values_list("result", flat=True):
        whole.take_in(Tally.from_json(result or {}, zone=whole.zone))
    with transaction.atomic():
        if _running(preview.pk).update(
            state=PreviewState.DONE,
            result=whole.to_json(),
            done=whole.judged,
            total=whole.judged,
            finished_at=now,
        ):
            preview.parts.all().delete()


def _nothing_yet(preview: PolicyPreview) -> Tally:
    return Tally(first_day=timezone.localdate(preview.asked_at), zone=timezone.get_current_timezone())


def _fail(preview_id: int, *, now: datetime) -> None:
    unfinished = PolicyPreview.objects.filter(pk=preview_id, state__in=UNFINISHED)
    unfinished.update(state=PreviewState.FAILED, finished_at=now)


def _running(preview_id: int) -> QuerySet[PolicyPreview]:
    return PolicyPreview.objects.filter(pk=preview_id, state=PreviewState.RUNNING)
