"""Run the worker of whichever engine `TASK_ENGINE` names, until it is told to stop."""

import os
import sys
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from collections_crm.engines import preloading, supervisor

#: Django's checks have been run when this command is: Celery need not run them once more.
CHECKED = {"CELERY_SKIP_CHECKS": "1"}


class Command(BaseCommand):
    """Start the engine's worker; with django-q2 the scheduler is part of it."""

    help = "Run the worker of the task engine in TASK_ENGINE."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--with-beat`, for an office that runs Celery in one process; the other is our own."""
        parser.add_argument("--with-beat", action="store_true", help="Celery only: ring the schedule too")
        parser.add_argument("--unwatched", action="store_true", help="django-q2 only: without a supervisor")

    def handle(self, *_args: object, **options: object) -> None:
        """Run until SIGTERM or Ctrl-C."""
        if settings.TASK_ENGINE == "celery":
            self._become_celery(with_beat=bool(options["with_beat"]))
        elif settings.TASK_ENGINE == "django_q" and options["unwatched"]:
            self._be_a_cluster()
        elif settings.TASK_ENGINE == "django_q":
            self._supervise_django_q()
        else:
            raise CommandError(
                f"TASK_ENGINE={settings.TASK_ENGINE} has no worker: its tasks run where they are enqueued."
            )

    def _become_celery(self, *, with_beat: bool) -> None:
        """Become Celery's worker, so that signals reach it and nothing stands in between."""
        words = [sys.executable, "-m", "celery", "-A", "collections_crm", "worker", "--loglevel", "WARNING"]
        # Workers of ours have nothing to tell each other, and asking takes a second of every start.
        words += ["--without-mingle", "--without-gossip"]
        if with_beat:
            words += ["--beat", "--schedule", str(settings.VAR_DIR / "beat")]
        os.execve(sys.executable, words, os.environ | CHECKED)  # noqa: S606 - our own words, no shell wanted

    def _be_a_cluster(self) -> None:
        from collections_crm.engines import django_q  # as below

        preloading.preload()
        django_q.OurCluster().start()

    def _supervise_django_q(self) -> None:
        from collections_crm.engines import django_q  # needs the app, which a Celery-only office may drop

        django_q.write_schedule()
        supervisor.supervise(
            [sys.executable, "-m", "django", "run_worker", "--unwatched", "--skip-checks"],
            silence_limit=settings.WORKER_SILENCE_LIMIT,
        )
