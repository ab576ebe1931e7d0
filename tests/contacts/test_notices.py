"""Notices to departments: one row for each, sent once, tried again when the mail server does not answer."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from contacts.channels import internal_mail
from contacts.models import InternalNotice
from contacts.services import notices

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 13, 0, tzinfo=UTC)


def want(about: str = "our-fault:1") -> InternalNotice:
    return notices.tell(
        about=about, to_email="vendas@example.com", subject="Caso\n7", body="Veja o caso.", now=NOW
    )


def test_a_notice_asked_for_twice_is_sent_once():
    want()
    want()

    assert notices.send_waiting(now=NOW) == 1
    assert notices.send_waiting(now=NOW + timedelta(days=1)) == 0
    assert [(each.to, each.subject) for each in mail.outbox] == [(["vendas@example.com"], "Caso 7")]


def test_what_the_server_does_not_take_is_tried_five_times_ten_minutes_apart(monkeypatch):
    def refuse(**_message: str) -> None:
        raise internal_mail.NotTakenError

    monkeypatch.setattr(internal_mail, "send", refuse)
    want()
    assert notices.send_waiting(now=NOW) == 0
    assert notices.send_waiting(now=NOW + timedelta(minutes=9)) == 0
    assert InternalNotice.objects.get().tries == 1

    for tenth in range(1, 9):
        notices.send_waiting(now=NOW + timedelta(minutes=10 * tenth))

    assert (InternalNotice.objects.get().tries, InternalNotice.objects.get().sent_at) == (5, None)
