"""What happens by itself among debts: bells only, the rows are the truth."""

from time import monotonic

from django.tasks import task
from django.utils import timezone

from debtors.services import (
    agreements_kept,
    bank_files,
    ledger_audit,
    limitation,
    payment_requests,
    promises,
    sent_forms,
    terms,
)

LONGEST_RUN_SECONDS = 45.0


@task()
def settle_promises() -> None:
    """Settle the promises whose day and grace are over."""
    promises.settle_due(now=timezone.now())


@task()
def settle_agreements() -> None:
    """Break the agreements of which a payment is missing after its grace."""
    agreements_kept.settle_due(now=timezone.now())


@task()
def settle_by_new_terms() -> None:
    """Settle anew what was paid to creditors whose terms have changed; rings once more when time is up."""
    deadline = monotonic() + LONGEST_RUN_SECONDS
    while terms.settle_by_new_terms(now=timezone.now()):
        if monotonic() > deadline:
            settle_by_new_terms.enqueue()
            return


@task()
def find_limitations() -> None:
    """Fill in from which day debts are prescribed, where it is not known."""
    limitation.derive_unknown(now=timezone.now())


@task()
def audit_ledger() -> None:
    """Derive every debt's entries anew and stop contact where they differ."""
    ledger_audit.look_over(now=timezone.now())


@task()
def book_files() -> None:
    """Book the return files that somebody wants booked; one that broke off goes on."""
    bank_files.book_asked(now=timezone.now())


@task()
def ask_banks_again() -> None:
    """Look for the Pix that a bank has not clearly answered."""
    payment_requests.look_for_unclear(now=timezone.now())


@task()
def forget_sent_forms() -> None:
    """Forget the forms that nobody will send again."""
    sent_forms.forget_the_old(now=timezone.now())
