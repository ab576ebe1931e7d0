"""manage.py read_bounces: takes in the mails that came back, from the Maildir our mail server fills."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from contacts.services import bounces, clock


class Command(BaseCommand):
    """Read each new mail of a Maildir once and let addresses and contacts follow."""

    help = "Read the mails that came back from a Maildir (EMAIL_BOUNCES_MAILDIR unless one is named)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take another folder than the settings'."""
        parser.add_argument("folder", nargs="?", default=settings.EMAIL_BOUNCES_MAILDIR)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, and say how many there were."""
        if not options["folder"]:
            raise CommandError("No Maildir is named: give one, or set EMAIL_BOUNCES_MAILDIR.")
        try:
            read = bounces.read_maildir(Path(options["folder"]), now=clock.now())
        except bounces.NotAMaildirError as error:
            raise CommandError(f"{error} is no Maildir.") from None
        self.stdout.write(
            f"{read.mails} mails read, {read.applied} bounces of ours, {read.strangers} of mails not ours"
        )
