"""Mails that come back: read once from a Maildir, believed only about what we sent, applied once."""

import mailbox
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from contacts.models import Attempt, Contact, OptOut, ProviderEvent
from contacts.services import bounces, clock
from contacts.tasks import read_bounces
from contacts.vocabulary import AttemptState, Channel, ContactState, Outcome
from debtors.vocabulary import PointStatus
from tests.factories import make_contact, make_debtor, make_policy
from tests.factories.bounces import group, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def folder(tmp_path):
    return mailbox.Maildir(tmp_path / "bounces", create=True)


def make_mail(*, now, address="Maria@example.com"):
    """Return the attempt of an e-mail that our relay took."""
    debtor = make_debtor(email=address)
    contact = make_contact(debtor=debtor, at=now, channel=Channel.EMAIL, state=ContactState.SENT)
    attempt = Attempt(
        contact=contact,
        state=AttemptState.ACCEPTED,
        provider="mail",
        to=address,
        policy=make_policy(now=now),
        facts_hash="",
        started_at=now,
    )
    attempt.provider_id = f"<{attempt.pk}@house.example>"
    attempt.save()
    return attempt


def came_back(attempt, *, status="5.1.1", recipient="maria@example.com", message_id=None):
    return report(
        group(status, recipient=f"rfc822; {recipient}"),
        original=f"Message-ID: {message_id or attempt.provider_id}",
    )


def standing(attempt):
    contact = Contact.objects.select_related("point").get(pk=attempt.contact_id)
    return contact.state, contact.outcome, contact.error_code, contact.point.status


def test_an_address_that_does_not_exist_is_retired_and_the_contact_has_failed(now, folder):
    attempt = make_mail(now=now)
    folder.add(came_back(attempt))

    read = bounces.read_maildir(Path(folder._path), now=now)

    assert (read.mails, read.applied, read.strangers) == (1, 1, 0)
    assert standing(attempt) == (ContactState.CONCLUDED, Outcome.FAILED, "5.1.1", PointStatus.INVALID)


def test_a_full_mailbox_fails_the_contact_and_keeps_the_address(now, folder):
    attempt = make_mail(now=now)
    folder.add(came_back(attempt, status="5.2.2"))

    bounces.read_maildir(Path(folder._path), now=now)

    assert standing(attempt) == (ContactState.CONCLUDED, Outcome.FAILED, "5.2.2", PointStatus.NEW)


def test_a_mail_is_read_once_stays_where_it_is_and_says_nothing_new_a_second_time(now, folder):
    attempt = make_mail(now=now)
    folder.add(came_back(attempt))
    folder.add(came_back(attempt))

    first = bounces.read_maildir(Path(folder._path), now=now)
    second = bounces.read_maildir(Path(folder._path), now=now)

    assert (first.mails, second.mails, len(folder)) == (2, 0, 2)
    assert ProviderEvent.objects.filter(attempt=attempt).count() == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"recipient": "somebody@else.example"},
        {"message_id": "<0190a1b2-0000-7000-8000-000000000001@house.example>"},
        {"message_id": "<not-a-uuid@house.example>"},
    ],
)
def test_a_bounce_that_does_not_name_mail_and_address_changes_nothing(now, folder, forged):
    attempt = make_mail(now=now)
    folder.add(came_back(attempt, **forged))

    read = bounces.read_maildir(Path(folder._path), now=now)

    assert (read.applied, read.strangers) == (0, 1)
    assert standing(attempt) == (ContactState.SENT, "", "", PointStatus.NEW)


def test_a_bounce_under_another_name_of_the_same_attempt_changes_nothing(now, folder):
    attempt = make_mail(now=now)
    folder.add(came_back(attempt, message_id=f"<{attempt.pk}@forged.example>"))

    bounces.read_maildir(Path(folder._path), now=now)

    assert standing(attempt) == (ContactState.SENT, "", "", PointStatus.NEW)


@pytest.mark.parametrize("days", [0, 8])
def test_a_complaint_ends_the_e_mails_to_this_person_however_old_the_mail(now, days):
    attempt = make_mail(now=now - timedelta(days=days))

    bounces.apply(
        bounces.Bounce(message_id=attempt.provider_id, recipient="maria@example.com", status="complaint"),
        now=now,
    )

    wish = OptOut.objects.get()
    assert (wish.debtor, wish.channel) == (attempt.contact.debtor, Channel.EMAIL)
    assert standing(attempt)[1] == ("" if days else Outcome.DELIVERED)


def test_a_bounce_after_a_week_is_kept_and_changes_nothing(now, folder):
    attempt = make_mail(now=now - timedelta(days=8))
    folder.add(came_back(attempt))

    bounces.read_maildir(Path(folder._path), now=now)

    assert ProviderEvent.objects.count() == 1
    assert standing(attempt) == (ContactState.SENT, "", "", PointStatus.NEW)


def test_the_bell_reads_the_folder_of_the_settings(now, folder, settings):
    attempt = make_mail(now=now)
    folder.add(came_back(attempt))

    read_bounces.call()
    before = standing(attempt)
    settings.EMAIL_BOUNCES_MAILDIR = folder._path
    read_bounces.call()

    assert (before[0], standing(attempt)[0]) == (ContactState.SENT, ContactState.CONCLUDED)


def test_the_command_says_what_it_did_and_refuses_what_is_no_maildir(folder, capsys, tmp_path):
    folder.add(b"Subject: hello\n\nhello")

    call_command("read_bounces", folder._path)

    assert capsys.readouterr().out == "1 mails read, 0 bounces of ours, 0 of mails not ours\n"
    for wrong in (str(tmp_path), ""):
        with pytest.raises(CommandError, match="Maildir"):
            call_command("read_bounces", wrong)
