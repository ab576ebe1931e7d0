"""E-mail over real SMTP: what arrives, and what each way of failing means."""

import socket
from datetime import UTC, datetime

import pytest
from django.core.mail import mailers

from contacts.channels.base import Accepted, Message, NotSent, Rejected, Unknown
from contacts.channels.mail import MailChannel, is_mail_address
from tests.fakes.smtp import HANG_UP, SILENCE, MailServer, Moody

NOON = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.fixture
def start():
    """Return a function that starts a mail server with the given manners."""
    servers = []

    def start_one(**answers):
        server = MailServer(Moody(**answers))
        server.start()
        servers.append(server)
        return server

    yield start_one
    for server in servers:
        server.stop(no_assert=True)


@pytest.fixture
def channel_to(settings):
    def build(port, **options):
        smtp = {"host": "127.0.0.1", "port": port, "timeout": 0.5} | options
        settings.MAILERS = {"default": {"BACKEND": "contacts.channels.mail.WatchedBackend", "OPTIONS": smtp}}
        return MailChannel(
            open_backend=lambda: mailers["default"], address="ola@exemplo.example", sender="Exemplo"
        )

    return build


def message(**changes):
    wanted = {
        "attempt_id": "7f0c",
        "to": "maria@mail.example",
        "subject": "Um recado",
        "body": "Olá",
        "at": NOON,
    }
    return Message(**wanted | changes)


def test_a_mail_arrives_as_it_was_written(start, channel_to):
    server = start()

    answer = channel_to(server.port).send(
        message(body="Olá, <Maria> & João\n\nlinha dois", subject="Recado: ação", sender="Loja São João")
    )

    (taken,) = server.handler.taken
    assert answer == Accepted(provider_id="<7f0c@exemplo.example>")
    assert (taken.sender, taken.recipients) == ("ola@exemplo.example", ("maria@mail.example",))
    assert taken.mail["Message-ID"] == "<7f0c@exemplo.example>"
    assert taken.mail["From"] == "Loja São João <ola@exemplo.example>"
    assert taken.mail["To"] == "maria@mail.example"
    assert taken.mail["Subject"] == "Recado: ação"
    assert taken.mail["Date"].datetime == NOON
    plain, html = taken.mail.iter_parts()
    assert plain.get_content().splitlines() == ["Olá, <Maria> & João", "", "linha dois"]
    assert html.get_content().splitlines() == [
        "<p>Olá, &lt;Maria&gt; &amp; João</p>",
        "",
        "<p>linha dois</p>",
    ]


def test_the_house_speaks_in_its_own_name_where_the_message_has_none(start, channel_to):
    server = start()

    channel_to(server.port).send(message())

    assert server.handler.taken[0].mail["From"] == "Exemplo <ola@exemplo.example>"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            {"rcpt": "550 no such user"},
            Rejected(code="smtp-550", detail="recipient refused", is_bad_address=True),
        ),
        (
            {"rcpt": "550 5.1.1 unknown"},
            Rejected(code="smtp-550", detail="recipient refused", is_bad_address=True),
        ),
        ({"rcpt": "554 5.7.1 relay denied"}, Rejected(code="smtp-554", detail="recipient refused")),
        ({"rcpt": "552 5.2.2 mailbox full"}, Rejected(code="smtp-552", detail="recipient refused")),
        (
            {"rcpt": "451 later"},
            NotSent(reason="smtp: recipient 451", retry_after_seconds=300, is_of_the_recipient=True),
        ),
        ({"mail": "553 not yours"}, Rejected(code="smtp-553", detail="SMTPSenderRefused", stops_line=True)),
        ({"mail": "451 later"}, NotSent(reason="smtp: SMTPSenderRefused 451", retry_after_seconds=300)),
        ({"data": "554 no"}, Rejected(code="smtp-554", detail="SMTPDataError")),
        ({"data": "451 later"}, NotSent(reason="smtp: SMTPDataError 451", retry_after_seconds=300)),
        ({"greeting": "554 go away"}, NotSent(reason="smtp: SMTPConnectError 554", retry_after_seconds=300)),
    ],
)
def test_what_is_refused_before_the_text_is_certain(start, channel_to, answers, expected):
    server = start(**answers)

    assert channel_to(server.port).send(message()) == expected
    assert server.handler.taken == []


@pytest.mark.parametrize("phase", ["greeting", "mail", "rcpt", "data"])
@pytest.mark.parametrize("manner", [HANG_UP, SILENCE])
def test_a_server_that_goes_before_the_text_has_nothing(start, channel_to, phase, manner):
    server = start(**{phase: manner})

    assert isinstance(channel_to(server.port).send(message()), NotSent)
    assert server.handler.taken == []


@pytest.mark.parametrize("answer", [HANG_UP, SILENCE, "451 queue trouble", "554 spam", "421 closing"])
def test_after_the_final_dot_only_250_is_an_answer(start, channel_to, answer):
    server = start(dot=answer)

    assert isinstance(channel_to(server.port).send(message()), Unknown)
    assert len(server.handler.taken) == 1


def test_a_port_where_nobody_listens_has_sent_nothing(channel_to):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    assert channel_to(port).send(message()) == NotSent(
        reason="smtp: ConnectionRefusedError", retry_after_seconds=300
    )


def test_a_host_that_does_not_exist_has_sent_nothing(channel_to):
    answer = channel_to(25, host="does-not-exist.invalid").send(message())

    assert answer == NotSent(reason="smtp: gaierror", retry_after_seconds=300)


def test_a_server_without_the_tls_we_demand_gets_nothing(start, channel_to):
    server = start()

    answer = channel_to(server.port, use_tls=True).send(message())

    assert answer == NotSent(reason="smtp: SMTPNotSupportedError", retry_after_seconds=300)
    assert server.handler.taken == []


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Oi\r\nBcc: all@mail.example"},
        {"subject": "Oi\u2028Bcc: all@mail.example"},
        {"sender": "Loja\nBcc: all@mail.example"},
        {"sender": "Loja\x00"},
    ],
)
def test_nobody_can_add_a_header(start, channel_to, changes):
    server = start()

    answer = channel_to(server.port).send(message(**changes))

    assert answer == Rejected(code="mail-header", detail="a control character in subject or sender")
    assert server.handler.taken == []


@pytest.mark.parametrize(
    "to",
    [
        "",
        "maria",
        "maria@",
        "@mail.example",
        "a@mail.example, b@mail.example",
        "a@mail.example\nBcc: b@mail.example",
        "Maria <maria@mail.example>",
        "joão@mail.example",
        "a b@mail.example",
    ],
)
def test_what_is_no_address_is_refused_without_a_connection(channel_to, to):
    answer = channel_to(1).send(message(to=to))

    assert answer == Rejected(code="mail-address", detail="not an address", is_bad_address=True)


@pytest.mark.parametrize(
    "to", ["maria@mail.example", "maria.silva+x@sub.mail.example", "maria@correção.example"]
)
def test_ordinary_addresses_are_addresses(to):
    assert is_mail_address(to)


def test_a_quote_in_the_speaker_s_name_stays_a_quote(start, channel_to):
    server = start()

    channel_to(server.port).send(message(sender='Loja "X", <boa@outra.example>'))

    (speaker,) = server.handler.taken[0].mail["From"].addresses
    assert (speaker.display_name, speaker.addr_spec) == (
        'Loja "X", <boa@outra.example>',
        "ola@exemplo.example",
    )


def test_a_house_without_an_address_is_refused_before_the_first_mail():
    with pytest.raises(ValueError, match="not an e-mail address"):
        MailChannel(open_backend=lambda: mailers["default"], address="")
