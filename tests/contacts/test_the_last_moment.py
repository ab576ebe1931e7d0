"""At the last moment before the wire two may want the same row: whoever comes second looks again at it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection, connections, transaction

from contacts.models import Contact
from contacts.services import admission, outbox, settling
from contacts.vocabulary import AttemptState, Channel, ContactState, Outcome
from tests.factories import house_creditor, make_debt, make_debtor, make_policy, make_template

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def attempt(settings, tmp_path):
    """An attempt that was admitted and has not been handed over."""
    settings.CHANNELS = {"sms": "sandbox"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    make_policy(now=NOW)
    debtor = make_debtor()
    make_debt(debtor=debtor)
    outbox.want(
        Contact(
            wanted_by="test",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=NOW,
            created_at=NOW,
        )
    )
    admitted = admission.admit(outbox.claim(now=NOW, limit=1)[0], now=NOW)
    assert admitted
    return admitted.attempt


def meets(uncommitted: Callable[[], object], work: Callable[[], Any]) -> Any:
    """Return what comes of the work that begins before something uncommitted is, and waits for it."""

    def in_a_thread() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            uncommitted()
            working = threads.submit(in_a_thread)
            deadline = monotonic() + 30
            while not _is_anybody_waiting():
                assert not working.done(), "it waited for nobody"
                assert monotonic() < deadline
                sleep(0.01)
        return working.result(30)


def _is_anybody_waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def test_what_is_withdrawn_while_it_is_handed_over_does_not_leave(attempt):
    everything = Contact.objects.all()

    may_leave = meets(
        lambda: outbox.withdraw(everything, now=NOW), lambda: outbox.hand_over(attempt, now=NOW)
    )

    attempt.refresh_from_db()
    assert (may_leave, attempt.state, attempt.handed_at) == (False, AttemptState.NOT_SENT, None)
    assert Contact.objects.get().state == ContactState.PLANNED


def test_a_report_of_the_end_that_overtakes_our_own_answer_stays_the_last_word(attempt):
    assert outbox.hand_over(attempt, now=NOW)

    def the_report_comes() -> None:
        settling.settle_accepted(attempt.pk, provider_id="SM1", now=NOW)
        outbox.conclude(Contact.objects.get(), outcome=Outcome.DELIVERED, now=NOW)

    meets(the_report_comes, lambda: settling.settle_accepted(attempt.pk, provider_id="SM1", now=NOW))

    contact = Contact.objects.get()
    assert (contact.state, contact.outcome) == (ContactState.CONCLUDED, Outcome.DELIVERED)
