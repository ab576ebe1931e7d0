"""What happens by itself among contacts: bells only, the rows are the truth."""

from pathlib import Path

from django.conf import settings
from django.tasks import task

from contacts.services import (
    bounces,
    call_endings,
    clock,
    dispatch,
    instance,
    letter_batches,
    letters,
    notices,
    outbox,
    previewing,
    reconciling,
    recordings,
    runs,
    skew,
)


@task()
def pump() -> None:
    """Send what is due, where it is sure what time it is."""
    if skew.may_send(now=clock.now()):
        dispatch.pump(clock=clock.now)


@task()
def read_bounces() -> None:
    """Take in the mails that came back, where our mail server puts them into a Maildir."""
    if settings.EMAIL_BOUNCES_MAILDIR:
        bounces.read_maildir(Path(settings.EMAIL_BOUNCES_MAILDIR), now=clock.now())


@task()
def judge_corrected() -> None:
    """Judge again what was refused by what is no longer true of its debtor."""
    outbox.plan_corrected(now=clock.now())


@task()
def reconcile() -> None:
    """Find out what became of messages of unclear fate."""
    reconciling.reconcile(clock=clock.now)


@task()
def forget_old_runs() -> None:
    """Forget worker runs and journals that nobody will ask for."""
    now = clock.now()
    runs.forget_the_long_dead(now=now)
    instance.forget_old_journals(now=now)


@task()
def work_out_previews() -> None:
    """Go on with the previews of drafts that were asked for; rings once more when the time was not enough."""
    if previewing.work(clock=clock.now, call_others=_ring_for_previews):
        work_out_previews.enqueue()


def _ring_for_previews(parts: int) -> None:
    """Ring for the other workers, as many as there are parts for."""
    for _worker in range(min(parts, settings.TASK_WORKERS) - 1):
        work_out_previews.enqueue()


@task()
def end_forgotten_calls() -> None:
    """End the calls whose end nobody told."""
    call_endings.sweep(now=clock.now())


@task()
def fetch_recordings() -> None:
    """Fetch the recordings that the provider told of."""
    recordings.fetch_waiting(now=clock.now())


@task()
def forget_recordings() -> None:
    """Remove the recordings that are old enough to be forgotten."""
    recordings.forget_old(now=clock.now())


@task()
def print_letters() -> None:
    """Print what was permitted, take out of the folder what may not be posted any more."""
    letter_batches.take_back_the_late(now=clock.now())
    letters.print_waiting(clock=clock.now)


@task()
def clear_print_folder() -> None:
    """Remove the prints of letters that were posted long ago."""
    letters.clear_posted(now=clock.now())


@task()
def send_notices() -> None:
    """Send the notices to colleagues that wait."""
    notices.send_waiting(now=clock.now())
