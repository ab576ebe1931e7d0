"""Say whether this database is the one that was sent from; hold all senders when it is an older copy."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from contacts.services import clock, instance, resuming


class Command(BaseCommand):
    """Compare the database with the journal beside it and, when asked to, with the providers."""

    help = "Compare the database with the journal of what left, and hold all senders if it is older."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--ask-provider`."""
        parser.add_argument("--ask-provider", action="store_true", help="look at the providers' lists too")

    def handle(self, *_args: object, **options: object) -> None:
        """Say what is so; exit with 1 while senders are held."""
        now = clock.now()
        journal = instance.open_journal(now=now)
        if journal and options["ask_provider"]:
            try:
                unknown = resuming.unknown_at_providers(now=now)
            except resuming.CannotResumeError as error:
                raise CommandError(f"A provider could not be asked: {error}.") from error
            self.stdout.write(f"{unknown} messages at the providers that the database does not know.")
        if held := instance.held():
            raise CommandError(f"Senders are held: {held.get_held_because_display()}.")
        self.stdout.write("The database is the one that was sent from.")
