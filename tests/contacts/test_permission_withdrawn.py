"""A permission to send holds until the message is handed over: what is committed before that still binds."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Attempt, Contact
from contacts.services import admission, consent, dispatch, holds, outbox, policy
from contacts.vocabulary import AttemptState, Channel, ContactState, HoldKind, OptOutScope
from debtors.services import ledger
from debtors.vocabulary import PaymentMethod, PaymentSource
from dunning.services import intake
from tests.counting import statements
from tests.factories import house_creditor, make_debt, make_debtor, make_policy, make_template

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sandbox(settings, tmp_path):
    """The file in which the sandbox keeps what left the house."""
    settings.CHANNELS = {"sms": "sandbox"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    make_policy(now=MONDAY_10AM)
    return settings.SANDBOX_FILE


def test_what_is_admitted_may_be_handed_over_once():
    [admitted] = _admitted(1)

    assert outbox.hand_over(admitted.attempt, now=MONDAY_10AM)
    assert not outbox.hand_over(admitted.attempt, now=MONDAY_10AM)


def _opts_out(debtor):
    consent.opt_out(debtor=debtor, scope=OptOutScope.GLOBAL, source="letter", by=None, now=MONDAY_10AM)


def _is_held(debtor):
    holds.place(debtor=debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=MONDAY_10AM)


def _pays(debtor):
    intake.open_cases(now=MONDAY_10AM)
    ledger.record_payment(
        debtor=debtor,
        creditor=house_creditor(),
        amount_cents=20_000,
        paid_on=MONDAY_10AM.date(),
        method=PaymentMethod.PIX,
        source=PaymentSource.HAND,
        external_id="all",
        recorded_by=None,
        now=MONDAY_10AM,
    )


def _everything_is_paused(_debtor):
    policy.pause(is_paused=True, now=MONDAY_10AM)


def _another_policy_comes_into_force(_debtor):
    make_policy(now=MONDAY_10AM, paused=True)


@pytest.mark.parametrize(
    "what_happens", [_opts_out, _is_held, _pays, _everything_is_paused, _another_policy_comes_into_force]
)
def test_what_is_committed_between_admission_and_hand_over_keeps_the_message_here(sandbox, what_happens):
    [admitted] = _admitted(1)
    contact = admitted.attempt.contact

    what_happens(contact.debtor)

    assert not outbox.hand_over(admitted.attempt, now=MONDAY_10AM)
    contact.refresh_from_db()
    assert contact.state in (ContactState.PLANNED, ContactState.CANCELLED)
    assert contact.started_at is None
    assert Attempt.objects.get().state == AttemptState.NOT_SENT
    dispatch.pump(clock=lambda: MONDAY_10AM)
    assert not sandbox.exists()


def test_what_was_handed_over_cannot_be_called_back():
    [admitted] = _admitted(1)
    contact = admitted.attempt.contact
    outbox.hand_over(admitted.attempt, now=MONDAY_10AM)

    _opts_out(contact.debtor)

    contact.refresh_from_db()
    assert contact.state == ContactState.SENDING


def test_many_are_judged_in_as_many_statements_as_one():
    few, many = _claimed(2), _claimed(12)

    on_postgresql = connection.vendor == "postgresql"  # there the policy's head is held in share besides

    for claimed in (few, many):
        with CaptureQueriesContext(connection) as asked:
            assert len(admission.admit_many(claimed, now=MONDAY_10AM)) == len(claimed)

        print("\n".join(q["sql"][:150] for q in asked))
        assert statements(asked) == 22 + on_postgresql


def test_two_contacts_of_one_debtor_are_never_judged_at_once():
    debtor = _debtor()
    _want(debtor, name="a")
    _want(debtor, name="b")

    with pytest.raises(ValueError, match="one debtor"):
        admission.admit_many(outbox.claim(now=MONDAY_10AM, limit=2), now=MONDAY_10AM)


def test_the_second_contact_of_a_debtor_counts_the_first(sandbox):
    make_policy(now=MONDAY_10AM, caps={"total": {"per_day": 1}})
    debtor = _debtor()
    _want(debtor, name="a")
    _want(debtor, name="b")

    dispatch.pump(clock=lambda: MONDAY_10AM)

    assert len(sandbox.read_text().splitlines()) == 1


def _admitted(number):
    return admission.admit_many(_claimed(number), now=MONDAY_10AM)


def _claimed(number):
    for _ in range(number):
        _want(_debtor())
    return outbox.claim(now=MONDAY_10AM, limit=number)


def _debtor():
    debtor = make_debtor()
    make_debt(debtor=debtor)
    return debtor


def _want(debtor, *, name="wish"):
    return outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}:{name}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=MONDAY_10AM,
            created_at=MONDAY_10AM,
        )
    )
