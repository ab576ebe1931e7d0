"""A sender that stood still: nothing leaves late, it is asked for anew at once, and only evidence alarms."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import mailers

from contacts.channels import registry
from contacts.channels.base import STOOD_STILL, Accepted, Message, NotSent, Rejected, Unknown, ticks
from contacts.channels.mail import MailChannel
from contacts.channels.sandbox import SandboxChannel
from contacts.models import Attempt, Contact
from contacts.services import admission, dispatch, outbox, provider_answers, settling
from contacts.vocabulary import AttemptState, Channel, ContactState
from tests.factories import house_creditor, make_debt, make_debtor, make_policy, make_template
from tests.fakes.smtp import MailServer, Moody

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
LATER = timedelta(minutes=30)


@pytest.fixture
def office(settings, tmp_path):
    """An office whose messages stay in a file."""
    settings.CHANNELS = {"sms": "sandbox"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    make_policy(now=MONDAY_10AM)
    return settings


@pytest.fixture
def mail_server():
    server = MailServer(Moody())
    server.start()
    yield server
    server.stop(no_assert=True)


def _late(to):
    """Return a message whose permission has ended."""
    return Message(
        attempt_id="7f0c", to=to, subject="Um recado", body="Ola.", at=MONDAY_10AM, until=ticks() - 0.01
    )


def test_the_sandbox_takes_nothing_late(tmp_path):
    channel = SandboxChannel(name="sms", path=tmp_path / "sandbox.jsonl")

    assert channel.send(_late("+5511987650000")) == STOOD_STILL
    assert channel.taken_since(MONDAY_10AM) == []


def test_no_mail_is_written_late(mail_server, settings):
    smtp = {"host": "127.0.0.1", "port": mail_server.port, "timeout": 0.5}
    settings.MAILERS = {"default": {"BACKEND": "contacts.channels.mail.WatchedBackend", "OPTIONS": smtp}}
    channel = MailChannel(open_backend=lambda: mailers["default"], address="ola@exemplo.example")

    assert channel.send(_late("maria@mail.example")) == STOOD_STILL
    assert mail_server.handler.taken == []


@pytest.mark.django_db
def test_what_stood_still_is_asked_for_again_at_once_and_other_trouble_after_a_rest(office):
    still, troubled = _handed_over(), _handed_over()

    provider_answers.settle(still, STOOD_STILL, now=MONDAY_10AM)
    provider_answers.settle(troubled, NotSent(reason="no connection"), now=MONDAY_10AM)

    for attempt in (still, troubled):
        attempt.contact.refresh_from_db()
    assert (still.contact.state, still.contact.not_before) == (ContactState.PLANNED, MONDAY_10AM)
    assert troubled.contact.not_before >= MONDAY_10AM + timedelta(minutes=1)


@pytest.mark.django_db
def test_a_permission_that_grew_old_before_it_was_used_is_asked_for_again_in_the_same_run(office):
    contact = _want()

    def clock():  # the process stands still for a minute as soon as it has its permission
        return MONDAY_10AM + timedelta(minutes=1) * Attempt.objects.exists()

    assert dispatch.pump(clock=clock) == 1

    made = contact.attempts.order_by("started_at")
    assert [(attempt.state, attempt.error_code) for attempt in made] == [
        (AttemptState.NOT_SENT, STOOD_STILL.reason),
        (AttemptState.ACCEPTED, ""),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "is_alarming"),
    [
        (Accepted(provider_id="SM1"), True),
        (STOOD_STILL, False),
        (NotSent(reason="no connection"), False),
        (Rejected(code="21211"), False),
        (Unknown(reason="silence"), False),
    ],
)
def test_of_answers_to_a_sender_taken_for_dead_only_an_accepted_one_raises_the_alarm(
    office, monkeypatch, answer, is_alarming
):
    contact = _want()
    _a_channel_that_answers_after_all(monkeypatch, office, answer)

    dispatch.pump(clock=lambda: MONDAY_10AM)

    attempt = contact.attempts.get()
    assert attempt.state == AttemptState.NOT_SENT  # as those who took it over had found
    assert attempt.contradicted_at == (MONDAY_10AM if is_alarming else None)


def _a_channel_that_answers_after_all(monkeypatch, office, answer):
    """Let the answer come when others have looked for the message twice and concluded it never left."""

    class Late(SandboxChannel):
        def send(self, message):
            settling.settle_unknown(message.attempt_id, reason="its worker died", now=MONDAY_10AM)
            settling.settle_not_sent(
                message.attempt_id, reason=settling.ABSENT, retry_at=MONDAY_10AM + LATER, now=MONDAY_10AM
            )
            return answer

    monkeypatch.setitem(
        registry._BUILDERS, ("sms", "late"), lambda: Late(name="sms", path=office.SANDBOX_FILE)
    )
    office.CHANNELS = {"sms": "late"}


def _handed_over():
    contact = _want()
    attempt = admission.admit(outbox.claim_one(contact, now=MONDAY_10AM), now=MONDAY_10AM).attempt
    assert outbox.hand_over(attempt, now=MONDAY_10AM)
    return attempt


def _want():
    debtor = make_debtor()
    make_debt(debtor=debtor)
    return outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=MONDAY_10AM,
            created_at=MONDAY_10AM,
        )
    )
