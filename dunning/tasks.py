"""What happens by itself among cases: bells only, the rows are the truth."""

from django.tasks import task
from django.utils import timezone

from contacts.services import clock, dispatch, skew
from dunning.services import cases, weighing
from dunning.services import round as daily_round


@task()
def open_and_plan() -> None:
    """Open the cases that are missing and plan the steps that are due."""
    daily_round.go(now=timezone.now())


@task()
def weigh_again() -> None:
    """Count the urgency of cases anew after midnight, and after a change of weights."""
    weighing.weigh_again(now=timezone.now())


@task()
def watch_next_actions() -> None:
    """Tell managers of open cases that have neither a next action nor a dated hold."""
    cases.watch_next_actions(now=timezone.now())


@task()
def send_at_once() -> None:
    """Send what is due, because an agent and the debtor wait for it; lost, the next minute finds it."""
    if skew.may_send(now=clock.now()):
        dispatch.pump(clock=clock.now)
