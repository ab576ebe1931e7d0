"""A worker that is told to end lets the message it is at arrive, and leaves the others to the next."""

from datetime import UTC, datetime

import pytest

from contacts.channels.sandbox import SandboxChannel
from contacts.models import Attempt, Contact
from contacts.services import dispatch, outbox
from contacts.vocabulary import AttemptState, Channel, ContactState
from debtors.services import ending
from tests.factories import house_creditor, make_debt, make_debtor, make_policy, make_template

pytestmark = pytest.mark.django_db
MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


@pytest.fixture
def worker(settings, tmp_path):
    """A worker of its own, told nothing yet, with four messages due, two of them to one person."""
    settings.CHANNELS = {"sms": "sandbox"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    make_policy(now=MONDAY_10AM)
    for number in range(3):
        debtor = make_debtor()
        make_debt(debtor=debtor)
        for turn in range(2 if number == 0 else 1):
            outbox.want(
                Contact(
                    wanted_by=f"{number}-{turn}",
                    debtor=debtor,
                    creditor=house_creditor(),
                    channel=Channel.SMS,
                    template=make_template(),
                    not_before=MONDAY_10AM,
                    created_at=MONDAY_10AM,
                )
            )
    yield
    ending._told[0] = 0


def pump():
    return dispatch.pump(clock=lambda: MONDAY_10AM, pause=lambda _seconds: pytest.fail("it waited"))


def states():
    return sorted(Contact.objects.values_list("state", flat=True))


def test_the_message_under_way_arrives_and_the_others_are_free_for_the_next_worker(worker, monkeypatch):
    send = SandboxChannel.send

    def send_and_hear(channel, message):
        answer = send(channel, message)
        ending.tell()
        return answer

    monkeypatch.setattr(SandboxChannel, "send", send_and_hear)
    assert pump() == 1
    assert states() == [ContactState.PLANNED] * 3 + [ContactState.SENT]
    assert not Attempt.objects.filter(state__in=[AttemptState.SENDING, AttemptState.UNKNOWN]).exists()

    monkeypatch.undo()
    ending._told[0] = 0
    assert pump() == 3
    assert states() == [ContactState.SENT] * 4


def test_who_was_told_before_he_began_claims_nothing(worker):
    ending.tell()

    assert pump() == 0
    assert set(Contact.objects.values_list("state", "fence")) == {(ContactState.PLANNED, 0)}
