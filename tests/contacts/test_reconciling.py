"""What became of a message of unclear fate: found, proved absent by two looks, or left to a person."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from contacts.models import Attempt, Contact, ListDelay
from contacts.services import admission, delivery, dispatch, outbox, reconciling, settling
from contacts.services.outbox import ForbiddenMoveError
from contacts.vocabulary import AttemptState, Channel, ContactState, Outcome
from tests.contacts.test_channels_twilio import SID, TOKEN
from tests.factories import (
    house_creditor,
    make_agent,
    make_debt,
    make_debtor,
    make_email,
    make_manager,
    make_policy,
    make_template,
)
from tests.fakes.twilio import Account, TwilioFake

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
SETTLED = timedelta(seconds=601)
TAKEN_BUT_UNANSWERED, NEVER_TAKEN = "+5511999990002", "+5511999990005"  # the sandbox's own numbers
GOOD_NUMBER = "+5511987654321"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.CHANNELS = {"sms": "sandbox", "email": "mail", "voice": "manual"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    settings.MAIL_LOG = ""
    make_policy(now=MONDAY_10AM)
    return settings


@pytest.fixture
def twilio(house):
    """Twilio's stand-in behind the SMS channel."""
    account = Account(account_sid=SID, auth_token=TOKEN, callback_share=0.0)
    with TwilioFake(account) as fake:
        house.CHANNELS = {"sms": "twilio"}
        house.TWILIO_ACCOUNT_SID, house.TWILIO_AUTH_TOKEN = SID, TOKEN
        house.TWILIO_SMS_FROM, house.TWILIO_API_BASE_URL = "+551140040000", fake.url
        house.TWILIO_TIMEOUT = 0.5
        yield fake


def test_nobody_looks_before_the_settling_time():
    attempt = _sent(NEVER_TAKEN)

    assert reconciling.reconcile(clock=lambda: MONDAY_10AM + timedelta(seconds=599)) == 0

    attempt.refresh_from_db()
    assert (attempt.state, attempt.looks) == (AttemptState.UNKNOWN, 0)


def test_what_the_provider_has_was_sent():
    attempt = _sent(TAKEN_BUT_UNANSWERED)

    _reconcile(SETTLED)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.contact.state) == (AttemptState.ACCEPTED, ContactState.SENT)
    assert attempt.provider_id == f"sandbox-{attempt.pk}"


def test_one_look_proves_nothing_and_the_second_plans_it_again():
    attempt = _sent(NEVER_TAKEN)

    _reconcile(SETTLED)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.looks) == (AttemptState.UNKNOWN, 1)
    _reconcile(SETTLED * 1.5)
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.UNKNOWN  # the second look is as long after the first
    _reconcile(SETTLED * 2)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.error_code) == (AttemptState.NOT_SENT, settling.ABSENT)
    assert (attempt.contact.state, attempt.contact.started_at) == (ContactState.PLANNED, None)


def test_until_then_it_counts_as_a_contact_and_afterwards_the_gate_is_asked_anew():
    attempt = _sent(NEVER_TAKEN)
    make_policy(now=MONDAY_10AM, channels=["email"])

    _reconcile(SETTLED)
    _reconcile(SETTLED * 2)
    dispatch.pump(clock=lambda: MONDAY_10AM + SETTLED * 2)

    attempt.contact.refresh_from_db()
    assert "CHANNEL_DISABLED" in attempt.contact.objections
    assert attempt.contact.attempts.count() == 1


def test_who_is_found_absent_time_and_again_is_left_to_a_person():
    attempt, at = _sent(NEVER_TAKEN), MONDAY_10AM
    for _ in range(3):
        for _ in range(2):
            at += SETTLED
            reconciling.reconcile(clock=lambda now=at: now)
        dispatch.pump(clock=lambda now=at: now)
    for _ in range(2):
        at += SETTLED
        reconciling.reconcile(clock=lambda now=at: now)

    contact = attempt.contact
    contact.refresh_from_db()
    states = [each.state for each in contact.attempts.order_by("started_at")]
    assert states == [AttemptState.NOT_SENT] * 3 + [AttemptState.PARKED]
    assert contact.state == ContactState.PARKED


def test_evidence_that_comes_after_the_second_look_raises_the_alarm(twilio):
    attempt = _sent(GOOD_NUMBER, mood="reset", twilio=twilio, list_lag=3600)
    _reconcile(SETTLED)
    _reconcile(SETTLED * 2)
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.NOT_SENT  # wrongly: the list was slower than we waited

    _report(attempt, provider_id=twilio.accepted()[0].sid)

    attempt.refresh_from_db()
    assert attempt.contradicted_at == MONDAY_10AM + SETTLED * 3


def test_a_report_settles_what_is_unclear_before_anybody_looks(twilio):
    attempt = _sent(GOOD_NUMBER, mood="20500_accepted", twilio=twilio)

    _report(attempt, provider_id=twilio.accepted()[0].sid)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.look_at, attempt.contradicted_at) == (AttemptState.ACCEPTED, None, None)
    assert attempt.contact.outcome == Outcome.DELIVERED


@pytest.mark.parametrize("mood", ["reset", "cut", "no_sid", "20503_accepted", "html_accepted"])
def test_twilios_list_shows_what_was_taken(twilio, mood):
    attempt = _sent(GOOD_NUMBER, mood=mood, twilio=twilio)

    _reconcile(SETTLED)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.provider_id) == (AttemptState.ACCEPTED, twilio.accepted()[0].sid)


@pytest.mark.parametrize("mood", ["reset_lost", "20503", "html", "plain_504"])
def test_twilios_list_shows_twice_that_it_was_not_taken(twilio, mood):
    attempt = _sent(GOOD_NUMBER, mood=mood, twilio=twilio)

    _reconcile(SETTLED)
    _reconcile(SETTLED * 2)

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.NOT_SENT


def test_a_list_that_cannot_be_read_proves_nothing_and_after_a_day_a_person_is_asked(twilio):
    attempt = _sent(GOOD_NUMBER, mood="reset_lost", twilio=twilio)
    twilio.account.is_list_broken = True

    for hours in range(1, 24):
        _reconcile(timedelta(hours=hours))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.looks) == (AttemptState.UNKNOWN, 0)
    _reconcile(timedelta(hours=25))

    attempt.refresh_from_db()
    assert (attempt.state, attempt.contact.state) == (AttemptState.PARKED, ContactState.PARKED)


def test_a_message_that_is_anothers_is_no_evidence(twilio):
    """The same text to the same number, once answered and once lost: there is one message, not two."""
    twilio.account.next_moods.extend(["ok", "reset_lost"])
    first, second = _attempts_of_two_who_share(GOOD_NUMBER)

    _reconcile(SETTLED)
    _reconcile(SETTLED * 2)

    states = {attempt.state for attempt in Attempt.objects.filter(pk__in=[first.pk, second.pk])}
    assert states == {AttemptState.ACCEPTED, AttemptState.NOT_SENT}


def test_two_equal_messages_of_unclear_fate_are_one_message_each(twilio):
    twilio.account.next_moods.extend(["reset", "reset_lost"])
    first, second = _attempts_of_two_who_share(GOOD_NUMBER)

    _reconcile(SETTLED)
    _reconcile(SETTLED * 2)

    states = {attempt.state for attempt in Attempt.objects.filter(pk__in=[first.pk, second.pk])}
    assert states == {AttemptState.ACCEPTED, AttemptState.NOT_SENT}
    assert len(twilio.accepted()) == 1


def test_another_text_to_the_number_leaves_it_unclear(twilio):
    attempt = _sent(GOOD_NUMBER, mood="reset", twilio=twilio)
    twilio.accepted()[0].fields["Body"] = "somebody else's"

    _reconcile(SETTLED)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.looks) == (AttemptState.UNKNOWN, 0)


def test_while_another_message_to_the_number_is_leaving_nothing_is_concluded(twilio):
    attempt = _sent(GOOD_NUMBER, mood="reset", twilio=twilio)
    other = _want(_debtor(GOOD_NUMBER))
    [claimed] = outbox.claim(now=MONDAY_10AM, limit=1)
    leaving = admission.admit(claimed, now=MONDAY_10AM).attempt
    outbox.hand_over(leaving, now=MONDAY_10AM)

    _reconcile(SETTLED)

    attempt.refresh_from_db()
    assert (attempt.state, leaving.contact) == (AttemptState.UNKNOWN, other)


def test_a_message_long_before_or_after_is_another(twilio):
    attempt = _sent(GOOD_NUMBER, mood="reset", twilio=twilio)
    twilio.accepted()[0].created_at += timedelta(minutes=3)

    _reconcile(SETTLED)
    _reconcile(SETTLED * 2)

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.NOT_SENT


def test_a_provider_that_is_configured_no_more_leaves_it_unclear(house, twilio):
    attempt = _sent(GOOD_NUMBER, mood="reset_lost", twilio=twilio)
    house.CHANNELS, house.TWILIO_ACCOUNT_SID = {"sms": "sandbox"}, ""

    _reconcile(SETTLED)
    _reconcile(SETTLED * 2)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.looks) == (AttemptState.UNKNOWN, 0)


def test_a_mail_of_which_no_log_can_tell_waits_for_a_person_after_the_settling_time():
    attempt = _mail_in_doubt()

    _reconcile(SETTLED)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.contact.state) == (AttemptState.PARKED, ContactState.PARKED)


@pytest.mark.parametrize(("is_logged", "states"), [(True, ["accepted"]), (False, ["unknown", "not_sent"])])
def test_a_mail_is_found_or_missed_in_the_relays_log(house, tmp_path, is_logged, states):
    attempt = _mail_in_doubt()
    log = tmp_path / "mail.log"
    house.MAIL_LOG = str(log)
    message_id = f"<{attempt.pk}@example.com>" if is_logged else "<other@example.com>"
    log.write_text(
        f"2026-11-23T09:59:00-03:00 relay postfix/smtpd[9]: connect from office\n"
        f"2026-11-23T10:00:01-03:00 relay postfix/cleanup[9]: 4AB1: message-id={message_id}\n"
        f"2026-11-23T10:00:01-03:00 relay postfix/qmgr[2]: 4AB1: from=<a@b>, size=9, nrcpt=1 (queue active)\n"
        f"2026-11-23T10:09:00-03:00 relay postfix/smtpd[9]: disconnect from office\n"
    )

    for number, state in enumerate(states, start=1):
        _reconcile(SETTLED * number)
        attempt.refresh_from_db()
        assert attempt.state == state


def test_looking_twice_at_once_counts_once(twilio):
    attempt = _sent(GOOD_NUMBER, mood="reset_lost", twilio=twilio)
    now = MONDAY_10AM + SETTLED

    for _ in range(3):  # each read it before the others wrote
        settling.seen_absent(attempt, look_again_at=now + SETTLED, now=now)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.looks) == (AttemptState.UNKNOWN, 1)


def test_a_call_whose_end_an_agent_recorded_is_not_dug_up():
    attempt = _call_in_doubt()
    outbox.conclude(attempt.contact, outcome=Outcome.CONVERSATION, now=MONDAY_10AM)

    _reconcile(SETTLED)

    attempt.contact.refresh_from_db()
    assert attempt.contact.state == ContactState.CONCLUDED
    assert list(settling.waiting_for_a_person()) == []


# --- how late the list shows what was taken


def test_a_list_that_shows_at_once_what_was_taken_lets_nobody_wait_longer(twilio):
    _sent(GOOD_NUMBER, mood="ok", twilio=twilio)

    _reconcile(timedelta(seconds=1))

    measured = ListDelay.objects.get()
    assert (measured.last, measured.longest, measured.absent_for) == (
        timedelta(0),
        timedelta(0),
        timedelta(0),
    )


def test_twice_the_longest_delay_of_the_list_is_waited_before_either_look(twilio):
    _sent(GOOD_NUMBER, mood="ok", twilio=twilio, list_lag=3600)
    for seconds in (1, 301):
        _reconcile(timedelta(seconds=seconds))
    assert ListDelay.objects.get().absent_for == timedelta(seconds=301)
    twilio.account.list_lag_seconds = 0
    _reconcile(timedelta(seconds=361))
    assert ListDelay.objects.get().last == ListDelay.objects.get().longest == timedelta(seconds=361)

    attempt = _sent("+5511987654322", mood="reset_lost", twilio=twilio)
    assert attempt.look_at == MONDAY_10AM + timedelta(seconds=722)
    _reconcile(timedelta(seconds=723))

    attempt.refresh_from_db()
    assert (attempt.looks, attempt.look_at) == (1, MONDAY_10AM + timedelta(seconds=723 + 722))


def test_the_list_is_asked_once_a_minute_and_a_broken_one_tells_of_no_delay(house, twilio):
    _sent(GOOD_NUMBER, mood="ok", twilio=twilio)
    twilio.account.is_list_broken = True
    for seconds in (1, 30):
        _reconcile(timedelta(seconds=seconds))
    assert ListDelay.objects.get().looked_at == MONDAY_10AM + timedelta(seconds=1)

    _reconcile(timedelta(seconds=62))

    measured = ListDelay.objects.get()
    assert (measured.looked_at, measured.longest) == (MONDAY_10AM + timedelta(seconds=62), timedelta(0))


# --- a person decides


def test_a_person_says_that_it_left():
    attempt, manager = _parked(), make_manager()

    reconciling.decide(attempt, left=True, by=manager, now=MONDAY_10AM + SETTLED)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.contact.state) == (AttemptState.ACCEPTED, ContactState.SENT)
    assert (attempt.settled_by, attempt.settled_at) == (manager, MONDAY_10AM + SETTLED)


def test_a_person_lets_it_be_sent_again_and_the_gate_is_asked():
    attempt, manager = _parked(), make_manager()

    reconciling.decide(attempt, left=False, by=manager, now=MONDAY_10AM + SETTLED)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.contact.state) == (AttemptState.NOT_SENT, ContactState.PLANNED)
    assert attempt.settled_by == manager


def test_a_call_is_not_made_again_when_its_agent_is_gone():
    attempt = _call_in_doubt()
    _reconcile(SETTLED)

    attempt.refresh_from_db()
    reconciling.decide(attempt, left=False, by=make_manager(), now=MONDAY_10AM)

    attempt.contact.refresh_from_db()
    assert attempt.contact.state == ContactState.CANCELLED


def test_who_may_not_decide_changes_nothing():
    attempt = _parked()

    with pytest.raises(PermissionDenied):
        reconciling.decide(attempt, left=True, by=make_agent(), now=MONDAY_10AM)

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.PARKED


def test_what_was_decided_already_is_not_decided_again():
    attempt, manager = _parked(), make_manager()
    reconciling.decide(attempt, left=False, by=manager, now=MONDAY_10AM)

    with pytest.raises(reconciling.DecidedError):
        reconciling.decide(attempt, left=True, by=manager, now=MONDAY_10AM)


@pytest.mark.parametrize(
    ("stands", "told"),
    [
        (AttemptState.NOT_SENT, "accepted"),
        (AttemptState.REJECTED, "accepted"),
        (AttemptState.ACCEPTED, "rejected"),
        (AttemptState.NOT_SENT, "rejected"),
        (AttemptState.ACCEPTED, "not_sent"),
        (AttemptState.REJECTED, "not_sent"),
    ],
)
def test_what_contradicts_the_books_is_refused(stands, told):
    attempt = _sent("+5511987650000")
    Attempt.objects.filter(pk=attempt.pk).update(state=stands)
    tell = {
        "accepted": lambda: settling.settle_accepted(attempt.pk, provider_id="SM1", now=MONDAY_10AM),
        "rejected": lambda: settling.settle_rejected(attempt.pk, code="x", now=MONDAY_10AM),
        "not_sent": lambda: settling.settle_not_sent(
            attempt.pk, reason="x", retry_at=MONDAY_10AM, now=MONDAY_10AM
        ),
    }

    with pytest.raises(ForbiddenMoveError):
        tell[told]()

    attempt.refresh_from_db()
    assert attempt.state == stands


def test_one_message_of_the_providers_is_never_two_attempts():
    first, second = _sent("+5511987650000"), _sent("+5511987650001")
    Attempt.objects.filter(pk=second.pk).update(state=AttemptState.UNKNOWN, provider_id=None)

    with pytest.raises(ForbiddenMoveError, match="another attempt"):
        settling.settle_accepted(second.pk, provider_id=first.provider_id, now=MONDAY_10AM)

    second.refresh_from_db()
    assert second.state == AttemptState.UNKNOWN


def _reconcile(after):
    return reconciling.reconcile(clock=lambda: MONDAY_10AM + after)


def _debtor(phone=""):
    debtor = make_debtor(phone=phone)
    make_debt(debtor=debtor)
    return debtor


def _want(debtor, *, channel=Channel.SMS, body="Ola."):
    return outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=channel,
            template=make_template(key=channel, channel=channel, body=body),
            not_before=MONDAY_10AM,
            created_at=MONDAY_10AM,
        )
    )


def _sent(number, *, mood="", twilio=None, list_lag=0.0):
    """Return the attempt that was made to a number; at the stand-in its moment is the test's too."""
    if twilio:
        twilio.account.next_moods.append(mood)
        twilio.account.list_lag_seconds = list_lag
    contact = _want(_debtor(number))
    dispatch.pump(clock=lambda: MONDAY_10AM)
    _at_the_tests_moment(twilio)
    return contact.attempts.get()


def _attempts_of_two_who_share(number):
    contacts = [_want(_debtor(number)) for _ in range(2)]
    dispatch.pump(clock=lambda: MONDAY_10AM)
    return [contact.attempts.get() for contact in contacts]


def _at_the_tests_moment(twilio):
    for message in twilio.accepted() if twilio else ():
        message.created_at = MONDAY_10AM + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _twilios_clock_is_the_tests(monkeypatch):
    """The stand-in dates what it takes by the clock of the test."""

    class Moment(datetime):
        @classmethod
        def now(cls, tz=None):
            return MONDAY_10AM + timedelta(seconds=1)

    monkeypatch.setattr("tests.fakes.twilio.account.datetime", Moment)


def _report(attempt, *, provider_id):
    delivery.apply_report(
        delivery.Report(
            provider="twilio",
            provider_id=provider_id,
            status="delivered",
            payload={},
            attempt_id=attempt.pk,
            outcome=Outcome.DELIVERED,
        ),
        now=MONDAY_10AM + SETTLED * 3,
    )
    attempt.refresh_from_db()


def _in_doubt(contact):
    claimed = outbox.claim_one(contact, now=MONDAY_10AM)
    attempt = admission.admit(claimed, now=MONDAY_10AM).attempt
    outbox.hand_over(attempt, now=MONDAY_10AM)
    settling.settle_unknown(attempt.pk, reason="silence", now=MONDAY_10AM)
    return Attempt.objects.select_related("contact").get(pk=attempt.pk)


def _mail_in_doubt():
    debtor = _debtor()
    make_email(debtor=debtor)
    return _in_doubt(_want(debtor, channel=Channel.EMAIL))


def _call_in_doubt():
    debtor = _debtor()
    contact = Contact.objects.create(
        wanted_by=f"call:{debtor.pk}",
        debtor=debtor,
        creditor=house_creditor(),
        channel=Channel.VOICE,
        agent=make_agent(),
        not_before=MONDAY_10AM,
        created_at=MONDAY_10AM,
    )
    return _in_doubt(contact)


def _parked():
    attempt = _mail_in_doubt()
    _reconcile(SETTLED)
    attempt.refresh_from_db()
    return attempt
