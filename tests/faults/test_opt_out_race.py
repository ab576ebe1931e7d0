"""Opt-outs against senders at full speed: what had not left when a wish was committed never leaves."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import connections, transaction

from contacts.channels.sandbox import read_messages
from contacts.models import Attempt, Contact, OptOut
from contacts.services import admission, consent, dispatch, outbox
from contacts.vocabulary import Channel, OptOutScope
from debtors.models import Debtor
from tests.factories import house_creditor, make_debt, make_debtor, make_policy, make_template

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
SENDERS = 4

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sandbox(settings: Any, tmp_path: Path) -> Path:
    """A policy under which everything may leave, into a file."""
    settings.CHANNELS = {"sms": "sandbox"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    settings.JOURNAL_DIR = tmp_path / "journal"
    make_policy(now=NOW)
    make_template(key="race")
    return settings.SANDBOX_FILE


def test_after_an_opt_out_is_committed_nothing_leaves(sandbox: Path) -> None:
    _race(sandbox, debtors=60)


@pytest.mark.full
def test_after_an_opt_out_is_committed_nothing_leaves_among_thousands(sandbox: Path) -> None:
    _race(sandbox, debtors=4_000)


def test_without_taking_back_what_was_admitted_it_would_leave(sandbox: Path, monkeypatch: Any) -> None:
    """The negative control: an opt-out that does not reach what is about to leave, and the judge sees it."""
    [debtor] = _debtors(1)
    admitted = admission.admit(outbox.claim(now=NOW, limit=1)[0], now=NOW)
    assert admitted
    monkeypatch.setattr(outbox, "withdraw", lambda *_args, **_values: 0)

    gone = _opt_out(debtor.pk)
    assert outbox.hand_over(admitted.attempt, now=NOW)

    assert _broken({debtor.pk: gone}) == [debtor.pk]


def _race(sandbox: Path, *, debtors: int) -> None:
    """Let half of them opt out, in any order, while senders send to all as fast as they can."""
    everybody = [debtor.pk for debtor in _debtors(debtors)]
    wishes = random.Random(5).sample(everybody, debtors // 2)
    is_over = Event()

    with ThreadPoolExecutor(SENDERS + 1) as threads:
        senders = [threads.submit(_send, is_over) for _ in range(SENDERS)]
        gone = threads.submit(_opt_out_one_by_one, wishes).result()
        is_over.set()
        for sender in senders:
            sender.result()
    dispatch.pump(clock=lambda: NOW + timedelta(minutes=1))  # who waited for a lock waits a moment

    left = [message.to for message in read_messages(sandbox, limit=10**6)]
    assert _broken(gone) == []
    assert len(left) == len(set(left)) == Attempt.objects.filter(handed_at__isnull=False).count()
    assert OptOut.objects.count() == len(wishes)
    assert len(left) >= debtors - len(wishes)  # who did not wish it otherwise was written to


def _send(is_over: Event) -> None:
    try:
        while not is_over.is_set():
            dispatch.pump(clock=lambda: NOW, longest_run_seconds=1.0)
    finally:
        connections.close_all()


def _opt_out_one_by_one(wishes: list[int]) -> dict[int, set[Any]]:
    try:
        return {debtor_id: _opt_out(debtor_id) for debtor_id in wishes}
    finally:
        connections.close_all()


def _opt_out(debtor_id: int) -> set[Any]:
    """Commit a wish; return what had left for the debtor when it was committed."""
    with transaction.atomic():
        consent.opt_out(
            debtor=Debtor.objects.get(pk=debtor_id),
            scope=OptOutScope.GLOBAL,
            source="race",
            by=None,
            now=NOW,
        )
        handed = Attempt.objects.filter(contact__debtor=debtor_id, handed_at__isnull=False)
        return set(handed.values_list("pk", flat=True))


def _broken(gone: dict[int, set[Any]]) -> list[int]:
    """Return the debtors to whom something left after their wish was committed."""
    handed = Attempt.objects.filter(contact__debtor__in=gone, handed_at__isnull=False)
    return [owner for pk, owner in handed.values_list("pk", "contact__debtor") if pk not in gone[owner]]


def _debtors(count: int) -> list[Debtor]:
    """Return debtors who owe something and are wanted a message each."""
    debtors = [make_debtor() for _ in range(count)]
    for debtor in debtors:
        make_debt(debtor=debtor)
    template = make_template(key="race")
    outbox.want_many(
        [
            Contact(
                wanted_by=f"race:{debtor.pk}",
                debtor=debtor,
                creditor=house_creditor(),
                channel=Channel.SMS,
                template=template,
                not_before=NOW,
                created_at=NOW,
            )
            for debtor in debtors
        ]
    )
    return debtors
