"""The stand-in knows the published shape of each request, and lets nothing pass that has another."""

import inspect
import re
from base64 import b64encode
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from twilio.rest.api.v2010.account.call import CallContext, CallList
from twilio.rest.api.v2010.account.message import MessageList

from tests.fakes.twilio import Account, TwilioFake, shape

SID, TOKEN = "AC" + "5" * 32, "a-token"
MESSAGES, CALLS = "Messages.json", "Calls.json"
A_MESSAGE = {"To": "+5511987654321", "From": "+551140040000", "Body": "Ola", "ValidityPeriod": "300"}
A_CALL = {"To": "+5511987654321", "From": "+551140040000", "Url": "https://office.example/agent?a=1"}
BEHIND = "https://office.example/status?a=7f0c#rc=5&rp=all"


def ask(fake, method, resource, given):
    """Make one request; return its status and Twilio's code."""
    connection = HTTPConnection(fake.url.removeprefix("http://"), timeout=5)
    path, body = f"/2010-04-01/Accounts/{SID}/{resource}", urlencode(given, doseq=True)
    headers = {
        "Authorization": "Basic " + b64encode(f"{SID}:{TOKEN}".encode()).decode(),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    if method == "GET":
        path, body = f"{path}?{body}", ""
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, int((re.findall(r'"code": (\d+)', text) or ["0"])[0])


@pytest.mark.parametrize(
    ("method", "resource", "given"),
    [
        ("POST", MESSAGES, A_MESSAGE),
        ("POST", MESSAGES, A_MESSAGE | {"StatusCallback": BEHIND}),
        ("POST", MESSAGES, A_MESSAGE | {"To": "whatsapp:+5511987654321", "From": "whatsapp:+551140040000"}),
        ("POST", CALLS, A_CALL | {"StatusCallbackEvent": ["initiated", "completed"], "Timeout": "22"}),
        ("POST", CALLS, A_CALL | {"MachineDetection": "Enable", "MachineDetectionTimeout": "10"}),
        ("GET", MESSAGES, {"To": "+5511987654321", "PageSize": "100"}),
    ],
)
def test_what_has_the_published_shape_passes(method, resource, given):
    with TwilioFake(Account(account_sid=SID, auth_token=TOKEN)) as fake:
        assert ask(fake, method, resource, given)[0] in (200, 201)


@pytest.mark.parametrize(
    ("method", "resource", "given", "what"),
    [
        ("POST", MESSAGES, A_MESSAGE | {"Validity": "300"}, "Validity"),
        ("POST", MESSAGES, A_MESSAGE | {"validity_period": "300"}, "validity_period"),
        ("POST", MESSAGES, A_MESSAGE | {"ValidityPeriod": "0"}, "ValidityPeriod"),
        ("POST", MESSAGES, A_MESSAGE | {"ValidityPeriod": "36001"}, "ValidityPeriod"),
        ("POST", MESSAGES, A_MESSAGE | {"ValidityPeriod": "299.5"}, "ValidityPeriod"),
        ("POST", MESSAGES, A_MESSAGE | {"StatusCallback": "/twilio/status"}, "StatusCallback"),
        ("POST", MESSAGES, A_MESSAGE | {"StatusCallback": "ftp://office.example"}, "StatusCallback"),
        ("POST", MESSAGES, A_MESSAGE | {"From": "1140040000"}, "From"),
        ("POST", MESSAGES, A_MESSAGE | {"From": ["+551140040000", "+551140040001"]}, "From"),
        ("POST", MESSAGES, A_MESSAGE | {"MessagingServiceSid": "MG123"}, "MessagingServiceSid"),
        ("POST", MESSAGES, A_MESSAGE | {"ContentSid": "XX" + "1" * 32}, "ContentSid"),
        ("POST", MESSAGES, A_MESSAGE | {"ContentVariables": '{"1": 2}'}, "ContentVariables"),
        ("POST", CALLS, A_CALL | {"AsyncAmd": "true"}, "AsyncAmd"),  # audio would begin before the verdict
        ("POST", CALLS, A_CALL | {"MachineDetection": "true"}, "MachineDetection"),
        ("POST", CALLS, A_CALL | {"Timeout": "601"}, "Timeout"),
        (
            "POST",
            CALLS,
            A_CALL | {"StatusCallbackEvent": ["initiated", "in-progress"]},
            "StatusCallbackEvent",
        ),
        ("POST", CALLS, A_CALL | {"Url": "office.example/agent"}, "Url"),
        ("POST", "Calls/CA1.json", {"Status": "in-progress"}, "Status"),
        ("GET", MESSAGES, {"to": "+5511987654321"}, "to"),
        ("GET", MESSAGES, {"PageSize": "1001"}, "PageSize"),
    ],
)
def test_what_has_another_shape_is_refused_and_fails_the_test_that_made_it(method, resource, given, what):
    fake = TwilioFake(Account(account_sid=SID, auth_token=TOKEN))

    with pytest.raises(AssertionError, match=f"'{what}: "), fake:
        assert ask(fake, method, resource, given) == (400, shape.REFUSED)

    assert fake.accepted() == []
    assert fake.exchange.calls == {}


@pytest.mark.parametrize(
    ("ours", "made_by"),
    [
        (shape.NEW_MESSAGE, MessageList._create),
        (shape.LIST_OF_MESSAGES, MessageList.page),
        (shape.NEW_CALL, CallList._create),
        (shape.CALL_UPDATE, CallContext._update),
    ],
)
def test_every_parameter_stands_in_the_official_client(ours, made_by):
    """It is made from the published description, and is the only other copy of its names here."""
    published = set(re.findall(r'^\s+"([\w<>]+)":', inspect.getsource(made_by), re.MULTILINE))

    assert ours.keys() - published == set()
