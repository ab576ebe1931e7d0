"""What happens by itself over all the house."""

from django.tasks import task
from django.utils import timezone

from collections_crm import alarm_mails


@task()
def tell_of_alarms() -> None:
    """Tell managers by e-mail what needs somebody."""
    alarm_mails.tell(now=timezone.now(), by_worker=True)
