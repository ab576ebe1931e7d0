"""A payment and a reminder at the same moment: none is admitted once the payment is committed."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connections, transaction

from contacts.models import Contact
from contacts.services import admission, outbox
from contacts.vocabulary import Channel
from debtors.models import Debt, Debtor
from tests.factories import house_creditor, make_debt, make_debtor, make_payment, make_policy, make_template

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("rounds", [25, pytest.param(5_000, marks=pytest.mark.full)])
def test_no_reminder_is_admitted_after_the_payments_commit(monday_10am, rounds):
    make_policy(now=monday_10am)
    template, creditor = make_template(), house_creditor()
    fates = {"admitted first": 0, "paid first": 0}
    head_start = 0.0  # of the admission, in seconds: it grows until both come first in turn
    for _ in range(rounds):
        debt = make_debt(debtor=make_debtor(email=None), installments=[(monday_10am.date(), 1_000)])
        contact = outbox.want(
            Contact(
                wanted_by=f"race:{debt.pk}", debtor=debt.debtor, creditor=creditor, channel=Channel.SMS,
                template=template, not_before=monday_10am, created_at=monday_10am,
            )
        )  # fmt: skip
        claimed = outbox.claim_one(contact, now=monday_10am)
        start = Barrier(2)
        with ThreadPoolExecutor(2) as threads:
            paying = threads.submit(pay, debt, start, after=head_start, now=monday_10am)
            admitting = threads.submit(admit, claimed, start, after=-head_start, now=monday_10am)
            paid_from, (is_admitted, judged_at) = paying.result(), admitting.result()
        # The payment holds the debtor from then until its commit; so does whoever admits.
        assert not is_admitted or judged_at < paid_from
        fates["admitted first" if is_admitted else "paid first"] += 1
        head_start += (-1 if is_admitted else 1) * random.random() / 100
    assert all(fates.values()), fates  # both came first sometimes: it was a race


def pay(debt: Debt, start: Barrier, *, after: float, now: datetime) -> float:
    """Wait, then pay everything; return when the debtor's row was held, by a clock of this machine."""
    try:
        start.wait()
        time.sleep(max(after, 0))
        with transaction.atomic():
            Debtor.objects.select_for_update().get(pk=debt.debtor_id)
            held_at = time.monotonic()
            make_payment(debtor=debt.debtor, amount_cents=1_000, now=now)
        return held_at
    finally:
        connections.close_all()


def admit(
    claimed: outbox.Claimed | None, start: Barrier, *, after: float, now: datetime
) -> tuple[bool, float]:
    """Wait, then ask for permission; return whether it was given, and a moment at which it still held."""
    assert claimed
    try:
        start.wait()
        time.sleep(max(after, 0))
        with transaction.atomic():
            admitted = admission.admit(claimed, now=now)
            return admitted is not None, time.monotonic()
    finally:
        connections.close_all()
