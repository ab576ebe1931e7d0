"""SMS through Twilio's official client, against the stand-in and against broken wires."""

import json
import socket
import threading
import time
from datetime import UTC, datetime

import pytest

from contacts.channels.base import Accepted, Message, NotSent, Rejected, Unknown
from contacts.channels.twilio_api import TwilioAccount
from contacts.channels.twilio_sms import TwilioSmsChannel, callback_address
from tests.fakes.twilio import Account, TwilioFake

SID, TOKEN, SERVICE = "AC" + "1" * 32, "a-token", "MG" + "4" * 32
NOON = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
GOOD_NUMBER = "+5511987654321"


@pytest.fixture
def twilio(tmp_path):
    account = Account(
        account_sid=SID,
        auth_token=TOKEN,
        log=tmp_path / "accepted.jsonl",
        callback_delay_seconds=0.01,
        slow_seconds=1.5,
    )
    with TwilioFake(account) as fake:
        yield fake


def channel(url, **changes):
    settings = {
        "account_sid": SID,
        "auth_token": TOKEN,
        "sender": "+551140040000",
        "api_base_url": url,
        "connect_seconds": 0.5,
        "total_seconds": 1.0,
    }
    return TwilioSmsChannel(account=TwilioAccount(**settings | changes))


def message(to=GOOD_NUMBER, **changes):
    return Message(**{"attempt_id": "7f0c", "to": to, "body": "Olá, Maria", "at": NOON} | changes)


def read_request(connection):
    """Return one whole create call: its headers and its form."""
    request = b""
    while b"Maria" not in request and (more := connection.recv(65536)):
        request += more
    return request.decode()


def to_ending(ending):
    return message(f"+55119{ending}")


@pytest.fixture
def wire():
    """Return a function that starts a server giving one raw answer, and its address."""
    servers = []

    def start(answer, *, pause=0.0):
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)

        def serve():
            with server.accept()[0] as connection:
                if answer.startswith(b"HTTP") or not answer:
                    read_request(connection)
                try:
                    for byte in answer if pause else [answer]:
                        connection.sendall(bytes([byte]) if pause else byte)
                        time.sleep(pause)
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}"

    yield start
    for server in servers:
        server.close()


def test_a_message_is_handed_over_with_all_that_bounds_it(twilio, tmp_path):
    answer = channel(twilio.url, status_callback_url="https://office.example/hooks/status").send(
        message(valid_for_seconds=90)
    )

    (accepted,) = twilio.accepted()
    assert answer == Accepted(provider_id=accepted.sid)
    assert accepted.fields == {
        "To": GOOD_NUMBER,
        "From": "+551140040000",
        "Body": "Olá, Maria",
        "ValidityPeriod": "90",
        "StatusCallback": "https://office.example/hooks/status?a=7f0c#rc=5&rp=all",
    }
    (line,) = (tmp_path / "accepted.jsonl").read_text().splitlines()
    assert json.loads(line)["sid"] == accepted.sid


def test_a_messaging_service_speaks_instead_of_a_number(twilio):
    channel(twilio.url, sender=SERVICE).send(message(valid_for_seconds=99_999))

    (accepted,) = twilio.accepted()
    assert accepted.fields["MessagingServiceSid"] == SERVICE
    assert "From" not in accepted.fields
    assert accepted.fields["ValidityPeriod"] == "36000"


def test_the_message_says_who_speaks_where_it_knows_better(twilio):
    channel(twilio.url).send(message(sender="+552130030000", status_callback="https://b.example/s"))

    (accepted,) = twilio.accepted()
    assert accepted.fields["From"] == "+552130030000"
    assert accepted.fields["StatusCallback"].startswith("https://b.example/s?a=7f0c#")


def test_a_message_whose_window_is_over_never_reaches_the_wire(twilio):
    assert channel(twilio.url).send(message(valid_for_seconds=0)) == NotSent(
        reason="twilio: no time left to deliver it"
    )
    assert twilio.accepted() == []


@pytest.mark.parametrize(
    ("ending", "code", "what"),
    [
        ("99990001", "21211", "is_bad_address"),
        ("99990002", "21614", "is_bad_address"),
        ("99990003", "21610", "is_opt_out"),
        ("99990014", "20003", "stops_line"),
        ("99990015", "21606", "stops_line"),
    ],
)
def test_a_definite_refusal_says_what_follows_from_it(twilio, ending, code, what):
    answer = channel(twilio.url).send(to_ending(ending))

    assert isinstance(answer, Rejected)
    flags = {name: getattr(answer, name) for name in ("is_bad_address", "is_opt_out", "stops_line")}
    assert answer.code == code
    assert flags == dict.fromkeys(flags, False) | {what: True}
    assert twilio.accepted() == []


def test_a_wrong_token_stops_the_line(twilio):
    answer = channel(twilio.url, auth_token="wrong").send(message())

    assert answer == Rejected(code="20003", detail="authentication failed", stops_line=True)


def test_too_many_requests_is_certainly_not_sent_and_says_when_to_return(twilio):
    answer = channel(twilio.url).send(to_ending("99990004"))

    assert answer == NotSent(reason="twilio: too many requests", retry_after_seconds=7)


@pytest.mark.parametrize(
    ("ending", "was_taken"),
    [
        ("99990005", False),  # 503
        ("99990006", True),  # 500 with 20500, although it was accepted
        ("99990007", True),  # slower than we wait
        ("99990008", True),  # reset after it was accepted
        ("99990009", False),  # reset before
        ("99990010", False),  # HTML from a proxy
        ("99990011", True),  # 201 without a sid
        ("99990012", False),  # a redirect, which is not followed
        ("99990013", True),  # an answer cut in the middle
    ],
)
def test_what_is_not_a_clear_answer_is_unknown_and_tried_only_once(twilio, ending, was_taken):
    answer = channel(twilio.url).send(to_ending(ending))

    assert isinstance(answer, Unknown)
    assert len(twilio.accepted()) == (1 if was_taken else 0)


def test_moods_can_be_ordered_for_the_next_calls(twilio):
    twilio.account.next_moods.extend(["20503", "21610"])
    answers = [channel(twilio.url).send(message()) for _ in range(3)]

    assert [type(answer) for answer in answers] == [Unknown, Rejected, Accepted]


@pytest.mark.parametrize("host", ["127.0.0.1", "does-not-exist.invalid"])
def test_a_connection_that_never_came_about_has_sent_nothing(host):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    answer = channel(f"http://{host}:{port}").send(message())

    assert isinstance(answer, NotSent)
    assert answer.reason.startswith("twilio: no connection")


def test_a_host_that_swallows_every_packet_has_sent_nothing():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        crowd = []
        for _ in range(4):  # fill the queue of connections nobody accepts
            caller = socket.socket()
            caller.setblocking(False)
            caller.connect_ex(full.getsockname())
            crowd.append(caller)
        began = time.monotonic()

        answer = channel(f"http://127.0.0.1:{full.getsockname()[1]}").send(message())

        assert answer == NotSent(reason="twilio: no connection, TimeoutError")
        assert time.monotonic() - began < 2
        for caller in crowd:
            caller.close()


def test_a_failed_tls_handshake_has_sent_nothing(wire):
    answer = channel(wire(b"this is not TLS").replace("http:", "https:")).send(message())

    assert isinstance(answer, NotSent)
    assert answer.reason.startswith("twilio: no connection")


def test_an_answer_that_drips_is_given_up_after_the_whole_time_not_after_each_byte(wire):
    answer = b"HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n" + b" " * 900
    began = time.monotonic()

    result = channel(wire(answer, pause=0.05)).send(message())

    assert result == Unknown(reason="twilio: no answer, TimeoutError")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b'HTTP/1.1 201 Created\r\nContent-Length: 14\r\n\r\n{"sid": "SM1"}', Accepted),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"sid": "SM1"}', Accepted),
        (b'HTTP/1.1 202 Accepted\r\nContent-Length: 14\r\n\r\n{"sid": "SM1"}', Unknown),
        (b'HTTP/1.1 201 Created\r\nContent-Length: 11\r\n\r\n{"sid": ""}', Unknown),
        (b'HTTP/1.1 201 Created\r\nContent-Length: 7\r\n\r\n["SM1"]', Unknown),
        (b'HTTP/1.1 400 Bad Request\r\nContent-Length: 13\r\n\r\n{"code": 777}', Rejected),
        (b'HTTP/1.1 400 Bad Request\r\nContent-Length: 15\r\n\r\n{"code": 20500}', Unknown),
        (b'HTTP/1.1 400 Bad Request\r\nContent-Length: 15\r\n\r\n{"code": "777"}', Unknown),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nnope", Unknown),
        (b'HTTP/1.1 500 Oops\r\nContent-Length: 15\r\n\r\n{"code": 21610}', Unknown),
        (b"HTTP/1.1 429 Slow\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n", NotSent),
        (b"SSH-2.0-OpenSSH\r\n", Unknown),
        (b"", Unknown),
    ],
)
def test_only_what_is_listed_is_certain(wire, answer, kind):
    assert type(channel(wire(answer)).send(message())) is kind


def test_one_create_is_one_connection_that_is_closed_after_it():
    requests = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            for _ in range(2):
                with server.accept()[0] as connection:
                    requests.append(read_request(connection))
                    connection.sendall(b'HTTP/1.1 201 Created\r\nContent-Length: 14\r\n\r\n{"sid": "SM1"}')
                    requests.append(connection.recv(65536).decode())  # "" is the other side's close

        thread = threading.Thread(target=serve)
        thread.start()
        one = channel(f"http://127.0.0.1:{server.getsockname()[1]}")
        answers = [one.send(message()), one.send(message())]
        thread.join(5)

    assert answers == [Accepted(provider_id="SM1")] * 2
    assert requests[1::2] == ["", ""]
    assert requests[0].startswith(f"POST /2010-04-01/Accounts/{SID}/Messages.json HTTP/1.1\r\n")
    assert "\r\nConnection: close\r\n" in requests[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"account_sid": ""},
        {"auth_token": ""},
        {"api_base_url": "localhost:4010"},
        {"api_base_url": "ftp://x"},
    ],
)
def test_half_a_configuration_is_refused_before_the_first_message(changes):
    with pytest.raises(ValueError, match="Twilio"):
        TwilioAccount(**{"account_sid": SID, "auth_token": TOKEN} | changes)


def test_the_token_is_not_in_the_account_s_text():
    assert TOKEN not in repr(TwilioAccount(account_sid=SID, auth_token=TOKEN))


def test_an_attempt_s_name_cannot_break_out_of_the_callback_address():
    assert (
        callback_address("https://h.example/s", attempt_id="a&b#c")
        == "https://h.example/s?a=a%26b%23c#rc=5&rp=all"
    )
