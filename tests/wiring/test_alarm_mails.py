"""Alarms reach managers by e-mail: each once while it lasts, in their language, and nobody else."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from collections_crm import alarm_mails
from contacts.models import Finding, InternalNotice, RaisedAlarm, WorkerRun
from contacts.services import notices
from contacts.vocabulary import FindingKind
from debtors.models import User
from tests.factories import make_agent, make_manager, make_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def house(now: datetime) -> None:
    """A house in which one thing is wrong: a finding."""
    make_policy(now=now)
    WorkerRun.objects.create(host="crm-1", pid=1, started_at=now, seen_at=now + timedelta(days=1))
    Finding.objects.create(kind=FindingKind.TERMS, first_at=now, last_at=now)


def colleague(user: User, email: str, *, language: str = "") -> User:
    User.objects.filter(pk=user.pk).update(email=email, language=language)
    return user


def told(now: datetime) -> list[tuple[str, str]]:
    notices.send_waiting(now=now)
    sent = [(message.to[0], str(message.subject)) for message in mail.outbox]
    mail.outbox.clear()
    return sorted(sent)


def test_managers_with_an_address_are_told_once_each_in_their_language(house: None, now: datetime) -> None:
    colleague(make_manager(username="helena"), "helena@example.com")
    colleague(make_manager(username="john"), "john@example.com", language="en")
    colleague(make_manager(username="silent"), "")
    colleague(make_agent(), "agent@example.com")

    assert [alarm_mails.tell(now=now + timedelta(minutes=each)) for each in range(3)] == [1, 0, 0]

    assert told(now) == [
        ("helena@example.com", "1 problema impede contatos sem que ninguém queira."),
        ("john@example.com", "1 thing stops contact although nobody wished it."),
    ]


def test_the_mail_leads_to_the_page_and_the_rows_keep_it(
    house: None, now: datetime, settings: LazySettings
) -> None:
    settings.PUBLIC_URL, settings.ALARMS_ALSO_TO = "https://crm.example.com", ["plantao@example.com"]

    alarm_mails.tell(now=now)

    notice = InternalNotice.objects.get()
    assert notice.to_email == "plantao@example.com"
    assert "https://crm.example.com/contacts/findings/" in notice.body


def test_an_alarm_that_comes_back_soon_is_the_same_and_later_another(
    house: None, now: datetime, settings: LazySettings
) -> None:
    settings.ALARMS_ALSO_TO = ["plantao@example.com"]
    alarm_mails.tell(now=now)
    Finding.objects.update(closed_at=now)
    alarm_mails.tell(now=now + timedelta(minutes=14))
    Finding.objects.update(closed_at=None)
    assert alarm_mails.tell(now=now + timedelta(minutes=14)) == 0

    Finding.objects.update(closed_at=now)
    alarm_mails.tell(now=now + timedelta(minutes=30))
    Finding.objects.update(closed_at=None)

    assert alarm_mails.tell(now=now + timedelta(minutes=31)) == 1
    assert RaisedAlarm.objects.filter(ended_at=None).count() == 1
    assert len(told(now + timedelta(minutes=31))) == 2


def test_switched_off_nobody_is_told(house: None, now: datetime, settings: LazySettings) -> None:
    settings.ALARMS_BY_EMAIL, settings.ALARMS_ALSO_TO = False, ["plantao@example.com"]

    assert alarm_mails.tell(now=now) == 0
    assert not InternalNotice.objects.exists()


def test_what_a_manager_did_himself_is_not_mailed(now: datetime, settings: LazySettings) -> None:
    make_policy(now=now, is_paused=True)
    WorkerRun.objects.create(host="crm-1", pid=1, started_at=now, seen_at=now)

    assert alarm_mails.tell(now=now) == 0


def test_that_no_worker_is_alive_is_told_by_the_command_and_never_by_a_worker(
    now: datetime, settings: LazySettings
) -> None:
    make_policy(now=now)
    settings.ALARMS_ALSO_TO = ["plantao@example.com"]
    assert alarm_mails.tell(now=now, by_worker=True) == 0

    with pytest.raises(CommandError, match="no_worker"):
        call_command("tell_alarms")

    assert [to for to, _subject in told(now)] == ["plantao@example.com"]
