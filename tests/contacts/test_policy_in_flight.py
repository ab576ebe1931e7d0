"""The policy changes while contacts are being sent: what comes after the commit goes by the new one."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connections

from contacts.channels.sandbox import read_messages
from contacts.models import Attempt, Contact, ContactPolicy, PolicyHead
from contacts.services import admission, clock, dispatch, outbox, policy, rendering
from contacts.vocabulary import AttemptState, Channel, ContactState
from tests.factories import make_debt, make_debtor, make_manager, make_policy, make_template

ALWAYS = {"windows": {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}}
SENDERS, SOON = 2, 60.0
#: For how long a permission that was being used when the policy changed may still be in use.
A_MOMENT = 1.0

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def sandbox(settings, tmp_path):
    """The file in which the sandbox keeps what left the house."""
    settings.CHANNELS = {"sms": "sandbox", "email": "sandbox"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    return settings.SANDBOX_FILE


@pytest.fixture
def in_force() -> ContactPolicy:
    return make_policy(now=clock.now(), **ALWAYS)


def make_due(count: int, *, now: datetime) -> None:
    """Let so many messages be due, each for somebody who owes."""
    template = make_template()
    for number in range(count):
        debt = make_debt(debtor=make_debtor(birth_date=None))
        Contact.objects.create(
            wanted_by=f"flight:{number}",
            debtor=debt.debtor,
            creditor=debt.creditor,
            channel=Channel.SMS,
            template=template,
            not_before=now,
            created_at=now,
        )


@contextmanager
def senders(number: int = SENDERS) -> Iterator[None]:
    """Let workers send what is due for as long as the block lasts, and a little longer."""
    stop = Event()

    def send() -> None:
        try:
            while not stop.is_set():
                dispatch.pump(clock=clock.now, longest_run_seconds=0.2)
                stop.wait(0.01)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as threads:
        working = [threads.submit(send) for _ in range(number)]
        try:
            yield
        finally:
            stop.set()
        for each in working:
            each.result()


def eventually(is_so: Any, *, within: float = SOON) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.05)
    return False


def admitted_by(version: ContactPolicy) -> set[Any]:
    return set(Attempt.objects.filter(policy=version).values_list("pk", flat=True))


def handed_over() -> set[Any]:
    return set(Attempt.objects.filter(handed_at__isnull=False).values_list("pk", flat=True))


@pytest.mark.parametrize("contacts", [300, pytest.param(5_000, marks=pytest.mark.full)])
def test_nothing_admitted_after_the_commit_went_by_the_old_version_and_what_waits_is_judged_anew(
    in_force, sandbox, contacts
):
    make_due(contacts, now=clock.now())
    put_off = Contact.objects.filter(wanted_by__endswith="7").values("pk")
    Contact.objects.filter(pk__in=put_off).update(
        not_before=clock.now() + timedelta(days=3), objections=["CAP_7D_TOTAL"], policy=in_force
    )
    manager = make_manager()

    with senders():
        assert eventually(lambda: len(handed_over()) > contacts // 10)
        tighter = in_force.terms | {"channels": ["email"]}
        version = policy.publish(terms=tighter, note="sem SMS", by=manager, now=clock.now())
        admitted_before, published_at = admitted_by(in_force), time.monotonic()
        time.sleep(A_MOMENT)
        left_before = handed_over()
        waiting = Contact.objects.filter(
            state__in=[ContactState.PLANNED, ContactState.CLAIMED, ContactState.SENDING]
        )
        assert eventually(lambda: not waiting.exists())
        took = time.monotonic() - published_at

    assert took < SOON
    assert admitted_by(in_force) == admitted_before
    assert admitted_by(version) == set()
    assert handed_over() == left_before
    assert len(read_messages(sandbox, limit=contacts)) == len(left_before)
    assert 0 < len(left_before) < contacts
    refused = Contact.objects.filter(state=ContactState.BLOCKED)
    assert refused.count() == contacts - len(left_before)
    assert set(refused.values_list("policy", flat=True)) == {version.pk}
    assert {tuple(codes) for codes in refused.values_list("objections", flat=True)} == {("CHANNEL_DISABLED",)}


def test_a_pause_binds_within_a_second_and_what_waits_goes_on_after_it(in_force, sandbox):
    make_due(200, now=clock.now())
    manager = make_manager()

    with senders():
        assert eventually(lambda: len(handed_over()) > 20)
        policy.pause(is_paused=True, by=manager, now=clock.now())
        time.sleep(A_MOMENT)
        left_before = handed_over()
        waiting = Contact.objects.filter(
            state__in=[ContactState.PLANNED, ContactState.CLAIMED, ContactState.SENDING]
        )
        assert eventually(lambda: not waiting.exists())
    assert handed_over() == left_before
    kept = Contact.objects.filter(state=ContactState.BLOCKED, objections=["PAUSED"])
    assert kept.count() == 200 - len(left_before) > 0

    policy.pause(is_paused=False, by=manager, now=clock.now())
    with senders():
        assert eventually(lambda: len(handed_over()) == 200)
    assert len(read_messages(sandbox, limit=1_000)) == 200


def test_an_admission_that_starts_after_the_pause_was_committed_refuses(in_force):
    make_due(1, now=clock.now())
    [claimed] = outbox.claim(now=clock.now(), limit=1)

    policy.pause(is_paused=True, by=make_manager(), now=clock.now())

    assert admission.admit(claimed, now=clock.now()) is None
    contact = Contact.objects.get()
    assert (contact.state, contact.objections) == (ContactState.BLOCKED, ["PAUSED"])


@contextmanager
def an_admission_under_way(monkeypatch) -> Iterator[Event]:
    """Let one contact be judged and dressed, and hold it just before its commit until the event is set."""
    dressed, go_on = Event(), Event()
    really = rendering.render

    def render(*args: Any, **kwargs: Any) -> Any:
        dressed.set()
        assert go_on.wait(30)
        return really(*args, **kwargs)

    monkeypatch.setattr(rendering, "render", render)
    [claimed] = outbox.claim(now=clock.now(), limit=1)

    def admit() -> None:
        try:
            admission.admit(claimed, now=clock.now())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        admitting = thread.submit(admit)
        assert dressed.wait(30)
        try:
            yield go_on
        finally:
            go_on.set()
        admitting.result(30)


def publish_in_a_thread(threads: ThreadPoolExecutor, terms: dict[str, Any]) -> Any:
    def publish() -> ContactPolicy:
        try:
            return policy.publish(terms=terms, note="x", by=None, now=clock.now())
        finally:
            connections.close_all()

    return threads.submit(publish)


def test_who_publishes_waits_for_the_admissions_under_way_and_takes_their_permission_back(
    in_force, monkeypatch
):
    make_due(1, now=clock.now())
    with ThreadPoolExecutor(1) as threads:
        with an_admission_under_way(monkeypatch) as go_on:
            published = publish_in_a_thread(threads, in_force.terms | {"channels": ["email"]})
            time.sleep(0.5)
            assert not published.done()
            assert PolicyHead.objects.get().policy == in_force
            go_on.set()
        version = published.result(30)

    attempt = Attempt.objects.get()
    assert (attempt.policy, PolicyHead.objects.get().policy) == (in_force, version)
    assert not outbox.hand_over(attempt, now=clock.now())
    attempt.refresh_from_db()
    assert (attempt.state, attempt.handed_at) == (AttemptState.NOT_SENT, None)


def test_without_the_shared_lock_a_version_would_come_into_force_under_an_admission(in_force, monkeypatch):
    """What the test above stands on: it must fail when nobody holds the head."""
    make_due(1, now=clock.now())
    monkeypatch.setattr(policy, "hold_head_in_share", lambda: None)
    with ThreadPoolExecutor(1) as threads, an_admission_under_way(monkeypatch):
        version = publish_in_a_thread(threads, in_force.terms | {"channels": ["email"]}).result(30)
        assert PolicyHead.objects.get().policy == version

    assert Attempt.objects.get().policy == in_force
