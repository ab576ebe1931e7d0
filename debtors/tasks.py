"""What happens by itself among debts: bells only, the rows are the truth."""

from django.tasks import task
from django.utils import timezone

from debtors.services import promises


@task()
def settle_promises() -> None:
    """Settle the promises whose day and grace are over."""
    promises.settle_due(now=timezone.now())
