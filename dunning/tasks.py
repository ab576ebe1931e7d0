"""What happens by itself among cases: bells only, the rows are the truth."""

from django.tasks import task
from django.utils import timezone

from dunning.services import round as daily_round


@task()
def open_and_plan() -> None:
    """Open the cases that are missing and plan the steps that are due."""
    daily_round.go(now=timezone.now())
