"""The whitelist of answers: what each of them means, row by row, and that nothing else is certain."""

import time

import pytest

from contacts.channels.base import STOOD_STILL, Accepted, NotSent, Rejected, Unknown, ticks
from contacts.channels.twilio_api import TwilioAccount
from contacts.channels.twilio_sms import TwilioSmsChannel
from tests.contacts.test_channels_twilio import SID, TOKEN, message
from tests.fakes.twilio import Account, TwilioFake
from tests.fakes.twilio.moods import MOODS
from tests.faults.offices import eventually

#: Every way in which the stand-in can end a create call, and what we are sure of then.
MEANING = {
    "ok": Accepted,
    "ok_200": Accepted,
    "20429": NotSent,
    "20429_as_400": NotSent,
    "plain_429": NotSent,
    "20001": Rejected,
    "20003": Rejected,
    "20404": Rejected,
    "21211": Rejected,
    "21602": Rejected,
    "21603": Rejected,
    "21604": Rejected,
    "21606": Rejected,
    "21610": Rejected,
    "21614": Rejected,
    "21617": Rejected,
    "63016": Rejected,
    "20500": Unknown,
    "20500_accepted": Unknown,
    "20503": Unknown,
    "20503_accepted": Unknown,
    "20504": Unknown,
    "21617_as_408": Unknown,
    "closed": Unknown,
    "closed_lost": Unknown,
    "created_202": Unknown,
    "cut": Unknown,
    "cut_head": Unknown,
    "cut_lost": Unknown,
    "empty_201": Unknown,
    "garbage": Unknown,
    "html": Unknown,
    "html_200": Unknown,
    "html_403": Unknown,
    "html_accepted": Unknown,
    "no_sid": Unknown,
    "not_json": Unknown,
    "plain_400": Unknown,
    "plain_500": Unknown,
    "plain_500_accepted": Unknown,
    "plain_503_accepted": Unknown,
    "plain_504": Unknown,
    "redirect": Unknown,
    "redirect_301": Unknown,
    "reset": Unknown,
    "reset_lost": Unknown,
    "slow": Unknown,
    "slow_lost": Unknown,
    "twice": Unknown,
}


@pytest.fixture(scope="module")
def twilio():
    account = Account(account_sid=SID, auth_token=TOKEN, callback_share=0.0, slow_seconds=0.6)
    with TwilioFake(account) as fake:
        yield fake


@pytest.fixture
def sms(twilio):
    account = TwilioAccount(
        account_sid=SID,
        auth_token=TOKEN,
        sender="+551140040000",
        api_base_url=twilio.url,
        connect_seconds=0.4,
        total_seconds=0.4,
    )
    return TwilioSmsChannel(account=account)


def test_every_way_to_answer_stands_in_the_table():
    assert MEANING.keys() == MOODS.keys()


@pytest.mark.parametrize("mood", MEANING)
def test_an_answer_means_what_the_table_says(twilio, sms, mood):
    taken = len(twilio.accepted())
    twilio.account.next_moods.append(mood)

    answer = sms.send(message())

    assert type(answer) is MEANING[mood]
    taken += MOODS[mood].accepts
    assert eventually(lambda: len(twilio.accepted()) >= taken, within=2)  # we may give up before it is read
    assert len(twilio.accepted()) == taken  # one request, never two
    if MOODS[mood].accepts:
        assert not isinstance(answer, (NotSent, Rejected))  # what was taken is never held not to be


def test_what_stood_still_too_long_before_the_first_byte_has_sent_nothing(twilio, sms):
    taken = len(twilio.accepted())

    answer = sms.send(message(until=ticks() - 0.01))

    assert answer == STOOD_STILL
    assert len(twilio.accepted()) == taken


def test_the_clock_of_permissions_goes_on():
    before = ticks()
    time.sleep(0.01)

    assert 0.01 <= ticks() - before < 5
