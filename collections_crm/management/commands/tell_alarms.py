"""Say what needs somebody, and mail what managers were not told of yet; for whoever watches the workers."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from collections_crm import alarm_mails, alarms, snapshot
from contacts.services import notices


class Command(BaseCommand):
    """To be run every few minutes by the machine's own timer: a worker cannot tell that none is alive."""

    help = "List the alarms, mail the new ones to managers, and fail while one is serious."

    def handle(self, *_args: object, **_options: object) -> None:
        """Do it; exit with 1 while something stops messages from leaving."""
        now = timezone.now()
        alarm_mails.tell(now=now)
        notices.send_waiting(now=now)
        found = alarms.of(snapshot.take(now=now))
        for alarm in found:
            self.stdout.write(f"{alarm.tone}: {alarm.text}")
        if serious := [alarm.code for alarm in found if alarm.tone == "bad"]:
            raise CommandError(", ".join(serious))
        self.stdout.write("Nothing serious.")
