"""What happens by itself among contacts: bells only, the rows are the truth."""

from django.tasks import task

from contacts.services import clock, dispatch


@task()
def pump() -> None:
    """Send what is due."""
    dispatch.pump(clock=clock.now)
