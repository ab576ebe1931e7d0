"""What happens by itself among contacts: bells only, the rows are the truth."""

from pathlib import Path

from django.conf import settings
from django.tasks import task

from contacts.services import bounces, clock, dispatch


@task()
def pump() -> None:
    """Send what is due."""
    dispatch.pump(clock=clock.now)


@task()
def read_bounces() -> None:
    """Take in the mails that came back, where our mail server puts them into a Maildir."""
    if settings.EMAIL_BOUNCES_MAILDIR:
        bounces.read_maildir(Path(settings.EMAIL_BOUNCES_MAILDIR), now=clock.now())
