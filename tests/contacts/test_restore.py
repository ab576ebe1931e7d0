"""A database older than what was sent holds all senders, until it is known what left meanwhile."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from contacts.channels import registry, sandbox
from contacts.models import Contact, Instance
from contacts.services import admission, calls, dispatch, instance, outbox, reconciling, resuming
from contacts.vocabulary import AttemptState, Channel, ContactState, HeldBecause
from tests.contacts.test_channels_twilio import SID, TOKEN
from tests.factories import (
    house_creditor,
    make_agent,
    make_debt,
    make_debtor,
    make_email,
    make_policy,
    make_template,
)
from tests.fakes.twilio import Account, TwilioFake

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=11)  # everything has settled

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.CHANNELS = dict.fromkeys(Channel.values, "sandbox") | {"voice": "manual"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    settings.JOURNAL_DIR = tmp_path / "journal"
    make_policy(now=NOW)
    _want()
    _pump()  # an office that has sent before
    return settings


@contextmanager
def restored():
    """Undo in the database, and only there, what is done in the block: the backup was taken before it."""
    backup = transaction.savepoint_create()
    yield
    transaction.savepoint_rollback(backup)


def test_an_office_that_just_begins_is_not_held():
    assert instance.held() is None
    assert Instance.objects.get().epoch == 1


def test_a_restored_database_sends_nothing_and_says_why():
    waiting = [_want() for _ in range(3)]
    with restored():
        _pump()

    assert _pump() == 0

    assert instance.held().held_because == HeldBecause.OLDER
    assert len(_left()) == 4
    assert {Contact.objects.get(pk=each.pk).state for each in waiting} == {ContactState.PLANNED}


def test_without_the_hold_all_would_be_sent_again(monkeypatch):
    """The negative control of the test above."""
    for _ in range(3):
        _want()
    with restored():
        _pump()
    monkeypatch.setattr(instance, "_why_held", lambda *_args, **_values: "")

    _pump()

    assert len(_left()) == 1 + 3 + 3


def test_a_database_without_its_journal_sends_nothing(house, tmp_path):
    _want()
    house.JOURNAL_DIR = tmp_path / "another machine"

    assert _pump() == 0

    assert instance.held().held_because == HeldBecause.NO_JOURNAL


def test_a_journal_of_a_later_epoch_means_an_older_database():
    with restored():
        instance.resume(now=NOW)

    assert instance.open_journal(now=NOW) is None
    assert instance.held().held_because == HeldBecause.OLDER


def test_a_machine_whose_journal_is_behind_follows_the_database(house, tmp_path):
    here, there = house.JOURNAL_DIR, tmp_path / "there"
    there.mkdir()
    house.JOURNAL_DIR = there
    instance.resume(now=NOW)
    house.JOURNAL_DIR = here

    journal = instance.open_journal(now=NOW)

    assert journal.epoch == 2
    assert journal.last()[-1].epoch == 2


def test_what_cannot_be_written_into_the_journal_does_not_leave(monkeypatch):
    contact = _want()

    def full(*_args, **_values):
        raise OSError("no space left")

    monkeypatch.setattr("contacts.services.journal.Journal.note", full)
    _pump()

    contact.refresh_from_db()
    assert (contact.state, len(_left())) == (ContactState.PLANNED, 1)


def test_while_senders_are_held_no_call_is_placed_and_nothing_is_looked_for():
    instance.hold(HeldBecause.OLDER, now=NOW)
    debtor = _debtor()

    with pytest.raises(calls.NotPlacedError):
        calls.place(
            debtor=debtor,
            creditor=house_creditor(),
            point=debtor.points.first(),
            agent=make_agent(),
            wanted_by="call:1",
            now=NOW,
        )
    assert reconciling.reconcile(clock=lambda: LATER) == 0
    assert not Contact.objects.filter(wanted_by="call:1").exists()


def test_after_resuming_nothing_that_left_leaves_again_and_the_rest_goes_out():
    lost = [_want() for _ in range(5)]
    with restored():
        _pump()
    fresh = _want(at=LATER)
    _pump()

    found = resuming.resume(now=LATER)
    _pump(at=LATER)

    assert (found.sent, found.in_doubt, found.without_wish, found.parked) == (5, 5, 0, 0)
    assert {Contact.objects.get(pk=each.pk).state for each in lost} == {ContactState.SENT}
    assert len(_left()) == 1 + 5 + 1
    fresh.refresh_from_db()
    assert fresh.state == ContactState.SENT
    assert Instance.objects.get().epoch == 2


def test_an_attempt_that_the_backup_holds_for_unhanded_is_found_too():
    contact = _want()
    [claimed] = outbox.claim(now=NOW, limit=1)
    admitted = admission.admit(claimed, now=NOW)
    with restored():
        dispatch._send(admitted, journal=instance.open_journal(now=NOW), clock=lambda: NOW)
    _pump()

    found = resuming.resume(now=LATER)

    contact.refresh_from_db()
    assert (found.sent, contact.state, contact.attempts.count()) == (1, ContactState.SENT, 1)


def test_an_attempt_that_the_restored_office_held_for_unsent_is_found_too():
    contact = _want()
    [claimed] = outbox.claim(now=NOW, limit=1)
    admitted = admission.admit(claimed, now=NOW)
    with restored():
        dispatch._send(admitted, journal=instance.open_journal(now=NOW), clock=lambda: NOW)
    outbox.withdraw(Contact.objects.filter(pk=contact.pk), now=NOW)  # as an opt-out would, at once

    found = resuming.resume(now=LATER)

    contact.refresh_from_db()
    assert (found.sent, contact.state, contact.attempts.count()) == (1, ContactState.SENT, 1)


def test_what_the_journal_notes_and_no_list_shows_is_looked_for_as_always():
    contact = _want(phone="+5511999990005")  # which the sandbox never takes
    with restored():
        _pump()
    _pump()

    found = resuming.resume(now=LATER)
    contact.refresh_from_db()
    assert (found.in_doubt, found.sent, contact.state) == (1, 0, ContactState.UNKNOWN)
    for times in (1, 2):
        reconciling.reconcile(clock=lambda times=times: LATER + timedelta(minutes=11 * times))

    contact.refresh_from_db()
    assert contact.state == ContactState.PLANNED


def test_sending_is_not_resumed_while_a_list_may_lag_behind():
    _want()
    with restored():
        _pump()
    _pump()

    with pytest.raises(resuming.CannotResumeError, match="wait 300 s"):
        resuming.resume(now=NOW + timedelta(minutes=5))

    assert instance.held()


def test_sending_is_not_resumed_before_the_planner_wanted_again_what_it_had_wanted():
    with restored():
        _want(wanted_by="step:7:1:2026-11-23")
        _pump()
    _pump()
    with pytest.raises(resuming.CannotResumeError, match="1 messages left for wishes"):
        resuming.resume(now=LATER)

    again = _want(wanted_by="step:7:1:2026-11-23")
    resuming.resume(now=LATER)

    again.refresh_from_db()
    assert again.state == ContactState.SENT


# --- without a journal: by the providers' lists alone


@pytest.fixture
def lost_journal(house, tmp_path):
    """Return a function that loses the journal, as on a new machine."""

    def lose():
        house.JOURNAL_DIR = tmp_path / "new machine"
        assert _pump() == 0

    return lose


def test_without_a_journal_the_list_shows_by_number_what_left(lost_journal):
    waiting = _want()
    with restored():
        _pump()
    lost_journal()

    found = resuming.resume(now=LATER)

    waiting.refresh_from_db()
    assert (found.sent, waiting.state) == (1, ContactState.SENT)
    assert waiting.body


def test_a_message_for_which_nothing_waits_counts_as_a_contact_all_the_same(lost_journal):
    debtor = _debtor()
    with restored():
        _want(debtor)
        _pump()
    lost_journal()

    found = resuming.resume(now=LATER)

    made = Contact.objects.get(debtor=debtor)
    assert (found.without_wish, made.state, made.started_at) == (1, ContactState.SENT, NOW)


def test_a_message_to_nobody_we_know_is_only_counted(lost_journal):
    with restored():
        _want()
        _pump()
    lost_journal()

    assert resuming.resume(now=LATER).strangers == 1


def test_what_may_have_left_by_a_way_without_a_list_waits_for_a_person(house, lost_journal):
    house.CHANNELS["email"], house.MAIL_LOG = "mail", ""
    debtor = _debtor()
    make_email(debtor=debtor)
    mail = _want(debtor, channel=Channel.EMAIL)
    later_mail = _want(debtor, channel=Channel.EMAIL, at=LATER + timedelta(days=1))
    lost_journal()

    found = resuming.resume(now=LATER)

    assert (found.parked, found.without_list) == (1, ["email", "voice"])
    mail.refresh_from_db()
    later_mail.refresh_from_db()
    assert (mail.state, later_mail.state) == (ContactState.PARKED, ContactState.PLANNED)


def test_a_list_that_cannot_be_read_keeps_senders_held(house, lost_journal):
    with TwilioFake(Account(account_sid=SID, auth_token=TOKEN, is_list_broken=True)) as fake:
        house.CHANNELS["sms"] = "twilio"
        house.TWILIO_ACCOUNT_SID, house.TWILIO_AUTH_TOKEN = SID, TOKEN
        house.TWILIO_API_BASE_URL, house.TWILIO_TIMEOUT = fake.url, 0.5
        lost_journal()

        with pytest.raises(resuming.CannotResumeError, match="sms"):
            resuming.resume(now=LATER)

    assert instance.held()


# --- the commands


def test_the_provider_is_asked_when_told_to(monkeypatch):
    monkeypatch.setattr("contacts.services.clock.now", lambda: LATER)
    _want()
    with restored():
        _pump()
    instance.resume(now=NOW)  # somebody resumed without looking

    with pytest.raises(CommandError, match="Senders are held"):
        call_command("check_sending", "--ask-provider")

    assert instance.held().held_because == HeldBecause.PROVIDER


def test_a_database_that_agrees_is_said_to_agree(capsys):
    call_command("check_sending", "--ask-provider")

    assert "The database is the one that was sent from." in capsys.readouterr().out


def test_the_command_resumes_and_says_what_it_found(capsys, monkeypatch):
    _want()
    with restored():
        _pump()
    _pump()
    monkeypatch.setattr("contacts.services.clock.now", lambda: LATER)

    call_command("resume_sending", "--after-reconcile")

    assert "1 messages had left and are written down" in capsys.readouterr().out
    assert instance.held() is None


@pytest.mark.parametrize("words", [[], ["--after-reconcile", "--since", "yesterday"]])
def test_the_command_refuses_what_may_be_a_mistake(words):
    with pytest.raises(CommandError):
        call_command("resume_sending", *words)


def test_journals_of_days_long_past_are_forgotten_but_never_the_last():
    journal = instance.open_journal(now=NOW)
    for days in (0, 50, 200):
        journal.begin(now=NOW + timedelta(days=days))

    instance.forget_old_journals(now=NOW + timedelta(days=1000))
    assert [file.stem for file in journal.folder.glob("*.log")] == ["2027-06-11"]


def test_a_line_cut_by_a_power_failure_is_no_entry():
    journal = instance.open_journal(now=NOW)
    [file] = journal.folder.glob("*.log")
    entries = len(journal.last())
    with file.open("a") as text:
        text.write("1 2026-11-23T13:0")

    assert len(journal.last()) == entries


def test_a_message_in_the_air_is_not_held_against_the_database(monkeypatch):
    monkeypatch.setattr("contacts.services.clock.now", lambda: NOW)
    _want()
    with restored():
        _pump()

    assert resuming.unknown_at_providers(now=NOW + timedelta(seconds=59)) == 0
    assert resuming.unknown_at_providers(now=NOW + timedelta(seconds=61)) == 1


def _debtor(phone=""):
    debtor = make_debtor(phone=phone)
    make_debt(debtor=debtor)
    return debtor


def _want(debtor=None, *, channel=Channel.SMS, at=NOW, phone="", wanted_by=""):
    debtor = debtor or _debtor(phone)
    return outbox.want(
        Contact(
            wanted_by=wanted_by or f"test:{debtor.pk}:{channel}:{at}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=channel,
            template=make_template(key=channel, channel=channel),
            not_before=at,
            created_at=at,
        )
    )


def _pump(*, at=NOW):
    return dispatch.pump(clock=lambda: at)


def _left():
    return sandbox.read_messages(registry.sandbox_file(), limit=100)


def test_a_settled_attempt_is_no_second_time_in_doubt():
    contact = _want()
    _pump()

    resuming.resume(now=LATER)

    assert contact.attempts.get().state == AttemptState.ACCEPTED
