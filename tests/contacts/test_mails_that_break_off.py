"""A mail server that drops us before, in and after the text: each mail arrives once, whatever it answered."""

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from contacts.channels.base import NotSent, Unknown
from contacts.models import Attempt, Contact
from contacts.services import dispatch, outbox, reconciling, settling
from contacts.vocabulary import AttemptState, Channel, ContactState
from tests.contacts.test_channels_mail import channel_to, message, start
from tests.factories import house_creditor, make_debt, make_debtor, make_email, make_policy, make_template
from tests.fakes.smtp import HANG_UP, MailServer, Moody

__all__ = ["channel_to", "start"]  # the fixtures of a mail server and of a channel that speaks to it

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
SETTLED = timedelta(seconds=601)
#: Where the server drops us, what it has of the mail then, and what we may conclude from it.
DROPS = {
    "mail": (0, NotSent),
    "rcpt": (0, NotSent),
    "data": (0, NotSent),
    "text": (0, Unknown),
    "dot": (1, Unknown),
}


@pytest.mark.parametrize("phase", DROPS)
def test_before_the_text_nothing_has_left_and_from_its_first_line_on_nobody_knows(start, channel_to, phase):
    server = start(**{phase: HANG_UP})
    has, meaning = DROPS[phase]

    answer = channel_to(server.port).send(message())

    assert type(answer) is meaning
    assert len(server.handler.taken) == has


@pytest.fixture
def office(settings, tmp_path):
    """An office that sends mail, and may read the log of its relay."""
    settings.CHANNELS = {"email": "mail"}
    settings.MAIL_LOG = str(tmp_path / "mail.log")
    settings.DEFAULT_FROM_EMAIL = "Exemplo <ola@exemplo.example>"
    make_policy(now=MONDAY_10AM)
    return settings


@pytest.mark.django_db
@pytest.mark.parametrize("phase", DROPS)
def test_a_mail_that_broke_off_arrives_once(office, phase):
    contact = _want()
    taken = _drop_at(phase, office)
    for looks in (1, 2):
        _write_log(office, taken, until=MONDAY_10AM + looks * SETTLED)
        reconciling.reconcile(clock=lambda at=MONDAY_10AM + looks * SETTLED: at)

    with _server(office) as friendly:
        _pump(MONDAY_10AM + 3 * SETTLED)

    contact.refresh_from_db()
    assert contact.state == ContactState.SENT
    assert len(taken) + len(friendly.taken) == 1
    ids = Counter(mail["Message-ID"] for mail in [*taken, *[each.mail for each in friendly.taken]])
    accepted = Attempt.objects.get(state=AttemptState.ACCEPTED)
    assert ids == Counter({f"<{accepted.pk}@exemplo.example>": 1})


@pytest.mark.django_db
def test_who_sends_again_what_was_not_answered_sends_twice(office):
    """The negative control: without the doubt the mail whose answer got lost arrives a second time."""
    contact = _want()
    taken = _drop_at("dot", office)
    settling.settle_not_sent(
        contact.attempts.get().pk, reason="no answer", retry_at=MONDAY_10AM, now=MONDAY_10AM
    )

    with _server(office) as friendly:
        _pump(MONDAY_10AM)

    assert len(taken) + len(friendly.taken) == 2


@contextmanager
def _server(office, **manners):
    """Run a mail server for the block, to which the office's mails go; give what it remembers."""
    server = MailServer(Moody(**manners))
    server.start()
    smtp = {"host": "127.0.0.1", "port": server.port, "timeout": 2}
    office.MAILERS = {"default": {"BACKEND": "contacts.channels.mail.WatchedBackend", "OPTIONS": smtp}}
    try:
        yield server.handler
    finally:
        server.stop(no_assert=True)


def _drop_at(phase, office):
    """Send what is due to a server that drops us there; return the mails it has."""
    with _server(office, **{phase: HANG_UP}) as rude:
        _pump(MONDAY_10AM)
    return [each.mail for each in rude.taken]


def _pump(now):
    dispatch.pump(clock=lambda: now)


def _write_log(office, taken, *, until):
    """Write the relay's log as Postfix would, from before the mails until that moment."""
    lines = ["2026-11-23T09:59:00-03:00 relay postfix/smtpd[9]: connect from office"]
    for number, mail in enumerate(taken):
        lines.append(
            f"2026-11-23T10:00:01-03:00 relay postfix/cleanup[9]: 4A{number}: message-id={mail['Message-ID']}"
        )
        lines.append(
            f"2026-11-23T10:00:01-03:00 relay postfix/qmgr[2]: 4A{number}: from=<a@b>, nrcpt=1 (queue active)"
        )
    lines.append(f"{until.isoformat()} relay postfix/smtpd[9]: disconnect from office")
    with open(office.MAIL_LOG, "w") as log:
        log.write("".join(line + "\n" for line in lines))


def _want():
    debtor = make_debtor()
    make_email(debtor=debtor)
    make_debt(debtor=debtor)
    return outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.EMAIL,
            template=make_template(key="mail", channel=Channel.EMAIL),
            not_before=MONDAY_10AM,
            created_at=MONDAY_10AM,
        )
    )
