"""The stand-in as a program of its own: it logs what it takes, lists it, and calls back signed."""

import json
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from contacts.channels.twilio_api import FreshConnections, TwilioAccount, client_for

SID, TOKEN = "AC" + "3" * 32, "a-token"


@pytest.fixture
def webhook():
    """Return an address that keeps every call it gets: path, form and signature."""
    calls = []

    class Keeper(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
            calls.append((self.path, form, self.headers["X-Twilio-Signature"]))
            self.send_response(500 if len(calls) == 1 else 204)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Keeper)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", calls
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def program(tmp_path):
    """Start the stand-in as a program; return its address and its log."""
    log = tmp_path / "accepted.jsonl"
    command = [sys.executable, "-m", "tests.fakes.twilio", "--account-sid", SID, "--auth-token", TOKEN]
    running = subprocess.Popen([*command, "--log", str(log)], stdout=subprocess.PIPE, text=True)
    yield running.stdout.readline().removeprefix("ready: ").strip(), log
    running.terminate()
    assert running.wait(10) == 0
    running.stdout.close()


def client(url) -> Client:
    return client_for(FreshConnections(TwilioAccount(account_sid=SID, auth_token=TOKEN, api_base_url=url)))


def test_what_is_taken_is_logged_listed_fetched_and_reported(program, webhook):
    url, log = program
    address, calls = webhook
    asked = f"{address}/status?a=7f0c#rc=5&rp=all"

    message = client(url).messages.create(
        to="+5511987654321", from_="+551140040000", body="Olá", status_callback=asked
    )
    for _ in range(200):
        if len(calls) >= 3:
            break
        time.sleep(0.05)

    assert [json.loads(line)["sid"] for line in log.read_text().splitlines()] == [message.sid]
    listed = client(url).messages.list(to="+5511987654321")
    assert [(m.sid, m.body) for m in listed] == [(message.sid, "Olá")]
    assert client(url).messages.list(to="+5511900000000") == []
    assert client(url).messages(message.sid).fetch().status == "delivered"
    assert [form["MessageStatus"] for _, form, _ in calls] == [
        "sent",
        "sent",
        "delivered",
    ]  # the 500 was repeated
    for path, form, signature in calls:
        assert RequestValidator(TOKEN).validate(address + path, form, signature)


def test_texts_from_debtors_come_on_order_and_stop_blocks_the_sender(program, webhook):
    url, _log = program
    address, calls = webhook
    order = {"from": "+5511987654321", "to": "+551140040000", "body": "Stop", "url": f"{address}/inbound"}
    request = urllib.request.Request(f"{url}/_control/inbound", data=json.dumps(order).encode())
    with urllib.request.urlopen(request) as answer:
        heard = json.load(answer)

    path, form, signature = calls[-1]
    assert heard["status"] == 204
    assert (form["Body"], form["OptOutType"], form["From"]) == ("Stop", "STOP", "+5511987654321")
    assert RequestValidator(TOKEN).validate(address + path, form, signature)
    with pytest.raises(Exception, match="unsubscribed"):
        client(url).messages.create(to="+5511987654321", from_="+551140040000", body="Olá")


def test_a_long_list_comes_in_pages(program):
    url, _log = program
    sids = {
        client(url).messages.create(to=f"+55119876543{n:02d}", from_="+551140040000", body="x").sid
        for n in range(7)
    }

    assert {message.sid for message in client(url).messages.list(page_size=3)} == sids
