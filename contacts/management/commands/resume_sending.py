"""Let senders go on that are held: after a restore, a fail-over, or on a machine that is new."""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from contacts.services import clock, resuming


class Command(BaseCommand):
    """Resume sending once it is known what left meanwhile."""

    help = (
        "Find out, by the journal and by the providers' lists, what left since the backup was taken, "
        "write it down, and only then let senders go on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the one way there is by name, so that nobody resumes by mistake."""
        parser.add_argument("--after-reconcile", action="store_true", required=True)
        parser.add_argument("--since", help="when the backup was taken, ISO 8601 with its zone")
        parser.add_argument(
            "--regardless", action="store_true", help="what nobody has wanted again yet may be sent again"
        )

    def handle(self, *_args: object, **options: object) -> None:
        """Reconcile, resume, and say what was found."""
        since = _moment(options["since"])
        try:
            found = resuming.resume(now=clock.now(), since=since, regardless=bool(options["regardless"]))
        except resuming.CannotResumeError as error:
            raise CommandError(f"Senders stay held: {error}.") from error
        self.stdout.write(
            f"{found.sent} messages had left and are written down, {found.without_wish} of unknown wishes, "
            f"{found.strangers} to strangers; {found.in_doubt} are in doubt and will be looked for; "
            f"{found.parked} wait for a person. Senders go on."
        )
        if found.without_list:
            self.stdout.write(f"Nobody can list what left by: {', '.join(found.without_list)}.")


def _moment(text: object) -> datetime | None:
    if not text:
        return None
    moment = parse_datetime(str(text))
    if moment is None or moment.tzinfo is None:
        raise CommandError("--since needs a moment with its zone, such as 2026-11-21T03:00:00-03:00.")
    return moment
