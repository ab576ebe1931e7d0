"""What forbids contact binds the moment it is committed: what waits, is claimed or about to leave stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from django.db import connections, transaction

from contacts import queries
from contacts.models import Contact
from contacts.queries.underway import underway
from contacts.rules.hold_kinds import FIRST_KINDS
from contacts.services import admission, consent, dispatch, holds, outbox, points
from contacts.vocabulary import Channel, ContactState, HoldKind, OptOutScope
from debtors.models import Debtor
from debtors.vocabulary import RETIRED_STATUSES, PointKind, PointStatus
from dunning.services import outcomes, workqueue
from dunning.vocabulary import Disposition
from tests.factories import (
    confirm_person,
    house_creditor,
    make_agent,
    make_case,
    make_creditor,
    make_debt,
    make_debtor,
    make_manager,
    make_policy,
    make_promise,
    make_template,
)

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # Monday, 10:00 in São Paulo
SOURCE = {"source": "said so", "by": None, "now": NOW}

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Fact:
    """Something that is committed about a debtor, and the code by which the gate then objects."""

    commit: Callable[[Debtor], object]
    code: str


def held(kind: HoldKind) -> Fact:
    def commit(debtor: Debtor) -> None:
        holds.place(debtor=debtor, kind=kind, reason="", by=None, now=NOW)

    return Fact(commit, f"HOLD_{kind.upper()}")


def opted_out(scope: OptOutScope) -> Fact:
    def commit(debtor: Debtor) -> None:
        consent.opt_out(
            debtor=debtor,
            scope=scope,
            channel=Channel.SMS if scope == OptOutScope.CHANNEL else "",
            point=debtor.points.get() if scope == OptOutScope.POINT else None,
            **SOURCE,
        )

    return Fact(commit, f"OPT_OUT_{scope.upper()}")


def known_as(code: str, **change: str) -> Fact:
    def commit(debtor: Debtor) -> None:
        point = debtor.points.get()
        now_known = {"kind": PointKind(point.kind), "status": PointStatus(point.status)}
        points.change(point, **now_known | change, source="said so", by=make_agent(), now=NOW)

    return Fact(commit, code)


def takes_back_his_consent(debtor: Debtor) -> None:
    consent.take_back(debtor.consents.get(), **SOURCE)


def promises(debtor: Debtor) -> None:
    make_promise(debtor=debtor, promised_on=(NOW + timedelta(days=3)).date(), now=NOW)


def disputes_on_the_phone(debtor: Debtor) -> None:
    agent = make_agent()
    case = workqueue.take(make_case(now=NOW, debtor=debtor, with_debt=False), agent=agent, now=NOW)
    confirm_person(case, now=NOW)
    outcomes.record(case=case, agent=agent, fence=case.fence, disposition=Disposition.DISPUTE, now=NOW)


FACTS = {
    **{f"hold {kind}": held(kind) for kind in HoldKind},
    **{f"opt-out {scope}": opted_out(scope) for scope in OptOutScope},
    **{f"point {status}": known_as("POINT_INVALID", status=status) for status in sorted(RETIRED_STATUSES)},
    "workplace": known_as("POINT_WORKPLACE", kind=PointKind.WORKPLACE),
    "third party": known_as("POINT_THIRD_PARTY", kind=PointKind.THIRD_PARTY),
    "consent": Fact(takes_back_his_consent, "CONSENT_MISSING"),
    "promise": Fact(promises, "PROMISE_GRACE"),
    "dispute": Fact(disputes_on_the_phone, "HOLD_DISPUTE"),
}


@pytest.fixture(autouse=True)
def sandbox(settings, tmp_path):
    """The file in which the sandbox keeps what left the house."""
    settings.CHANNELS = {"sms": "sandbox", "voice": "manual"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    # A policy of the first day: the kinds of hold that came later bind all the same.
    make_policy(now=NOW, consent_required=["sms"], holds_blocking=sorted(FIRST_KINDS))
    return settings.SANDBOX_FILE


@pytest.fixture
def debtor():
    return owing()


def owing() -> Debtor:
    debtor = make_debtor(email=None)
    make_debt(debtor=debtor)
    consent.grant(debtor=debtor, channel=Channel.SMS, **SOURCE)
    return debtor


def want(debtor: Debtor) -> Contact:
    return outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=NOW,
            created_at=NOW,
        )
    )


def test_without_any_of_it_the_message_leaves(sandbox, debtor):
    want(debtor)

    dispatch.pump(clock=lambda: NOW)

    assert len(sandbox.read_text().splitlines()) == 1


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_what_waits_does_not_leave(sandbox, debtor, fact):
    contact = want(debtor)

    fact.commit(debtor)
    dispatch.pump(clock=lambda: NOW)

    contact.refresh_from_db()
    assert not sandbox.exists()
    assert contact.state in (ContactState.BLOCKED, ContactState.PLANNED)
    assert fact.code in contact.objections


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_what_a_worker_has_claimed_does_not_leave(debtor, fact):
    claimed = outbox.claim_one(want(debtor), now=NOW)

    fact.commit(debtor)

    assert admission.admit(claimed, now=NOW) is None
    assert fact.code in Contact.objects.get(pk=claimed.contact_id).objections


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_what_was_admitted_and_is_still_here_does_not_leave(sandbox, debtor, fact):
    admitted = admission.admit(outbox.claim_one(want(debtor), now=NOW), now=NOW)

    fact.commit(debtor)

    assert not outbox.hand_over(admitted.attempt, now=NOW)
    dispatch.pump(clock=lambda: NOW)
    assert not sandbox.exists()


def test_a_promise_to_one_creditor_stops_what_is_about_to_leave_for_another(debtor):
    other = make_creditor()
    make_debt(debtor=debtor, creditor=other)
    admitted = admission.admit(outbox.claim_one(want(debtor), now=NOW), now=NOW)

    make_promise(debtor=debtor, creditor=other, promised_on=(NOW + timedelta(days=3)).date(), now=NOW)

    assert not outbox.hand_over(admitted.attempt, now=NOW)


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_an_agent_reads_it_at_once(debtor, fact):
    fact.commit(debtor)

    verdict = queries.may_contact(debtor=debtor, channel=Channel.SMS, now=NOW).best
    assert fact.code in verdict.reasons


def test_what_ends_frees_what_it_held(sandbox, debtor):
    contact = want(debtor)
    hold = holds.place(debtor=debtor, kind=HoldKind.ALREADY_PAID, reason="", by=None, now=NOW)
    dispatch.pump(clock=lambda: NOW)

    holds.lift(hold, why="no payment came", by=make_manager(), now=NOW)
    dispatch.pump(clock=lambda: NOW)

    contact.refresh_from_db()
    assert contact.state == ContactState.SENT


def test_a_hold_that_has_ended_is_not_ended_again(debtor):
    hold = holds.place(debtor=debtor, kind=HoldKind.FRAUD, reason="", by=None, now=NOW)
    holds.lift(hold, why="first", by=None, now=NOW + timedelta(hours=1))
    holds.lift(hold, why="second", by=None, now=NOW + timedelta(hours=2))

    hold.refresh_from_db()
    assert (hold.active_until, hold.end_source) == (NOW + timedelta(hours=1), "first")


def test_a_kind_that_a_manager_lets_go_on_holds_nothing_back(sandbox, debtor):
    known = [kind.value for kind in HoldKind]
    make_policy(now=NOW, holds_blocking=["deceased"], holds_known=known)
    holds.place(debtor=debtor, kind=HoldKind.COMPLAINT, reason="", by=None, now=NOW)
    want(debtor)

    dispatch.pump(clock=lambda: NOW)

    assert len(sandbox.read_text().splitlines()) == 1


def test_what_was_handed_over_is_named_because_it_may_still_arrive(debtor):
    waiting = want(debtor)
    gone = admission.admit(outbox.claim_one(waiting, now=NOW), now=NOW)
    assert underway(debtor_id=debtor.pk).gone == []

    outbox.hand_over(gone.attempt, now=NOW)
    consent.opt_out(debtor=debtor, scope=OptOutScope.GLOBAL, **SOURCE)

    found = underway(debtor_id=debtor.pk)
    assert [attempt.pk for attempt in found.gone] == [gone.attempt.pk]
    assert found.waiting == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fact", [FACTS["hold vulnerable"], FACTS["opt-out global"], FACTS["consent"]])
def test_an_admission_waits_for_what_is_being_committed_and_then_obeys_it(fact):
    debtor = owing()
    claimed = outbox.claim_one(want(debtor), now=NOW)
    is_written, may_commit = Event(), Event()

    def commits() -> None:
        with transaction.atomic():
            fact.commit(debtor)
            is_written.set()
            may_commit.wait(10)
        connections.close_all()

    def admits() -> bool:
        try:
            return admission.admit(claimed, now=NOW) is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        committing = threads.submit(commits)
        assert is_written.wait(10)
        admitting = threads.submit(admits)
        with pytest.raises(TimeoutError):
            admitting.result(timeout=0.5)  # it stands before the debtor's lock
        may_commit.set()
        committing.result(10)

        assert admitting.result(10) is False
