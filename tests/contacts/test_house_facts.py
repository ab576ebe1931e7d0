"""Facts that only the house's rows tell: prescribed debts, messages before calls, words on WhatsApp."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contacts import queries
from contacts.models import Contact
from contacts.services import admission, calls, outbox
from contacts.vocabulary import Channel, ContactState, Outcome, Purpose
from debtors.services import limitation
from tests.factories import (
    house_creditor,
    make_call,
    make_contact,
    make_creditor,
    make_debt,
    make_debtor,
    make_payment,
    make_policy,
    make_template,
)
from tests.factories.local_rules import make_overlay

pytestmark = pytest.mark.django_db

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def reasons(debtor, channel=Channel.SMS, **asked):
    return queries.may_contact(debtor=debtor, channel=channel, now=MONDAY_10AM, **asked).best.reasons


def prescribed(debtor, *, on=TODAY, creditor=None):
    debt = make_debt(debtor=debtor, creditor=creditor)
    limitation.set_day(debt, on=on, now=MONDAY_10AM)
    return debt


# Prescribed debts


def test_of_debts_that_are_all_prescribed_nothing_is_asked():
    make_policy(now=MONDAY_10AM)
    debtor = make_debtor()
    prescribed(debtor)
    prescribed(debtor, on=TODAY - timedelta(days=400))

    assert reasons(debtor) == ("STATUTE_BARRED",)
    assert reasons(debtor, purpose=Purpose.THANK_YOU) == ()


@pytest.mark.parametrize("on", [None, TODAY + timedelta(days=1)])
def test_one_debt_that_is_not_prescribed_or_of_which_nobody_knows_may_be_asked_for(on):
    make_policy(now=MONDAY_10AM)
    debtor = make_debtor()
    prescribed(debtor)
    prescribed(debtor, on=on)

    assert reasons(debtor) == ()


def test_a_prescribed_debt_to_one_creditor_says_nothing_of_another():
    make_policy(now=MONDAY_10AM)
    debtor, old, young = make_debtor(), make_creditor(), make_creditor()
    prescribed(debtor, creditor=old)
    make_debt(debtor=debtor, creditor=young)

    assert reasons(debtor, creditor_id=old.pk) == ("STATUTE_BARRED",)
    assert reasons(debtor, creditor_id=young.pk) == ()
    assert reasons(debtor) == ()


def test_a_prescribed_debt_that_is_paid_counts_no_more():
    make_policy(now=MONDAY_10AM)
    debtor = make_debtor()
    prescribed(debtor)
    make_payment(debtor=debtor, amount_cents=20_000, now=MONDAY_10AM)

    assert reasons(debtor) == ("NOTHING_OWED",)


def test_what_is_about_to_leave_is_taken_back_when_the_debt_turns_out_to_be_prescribed():
    make_policy(now=MONDAY_10AM)
    debtor = make_debtor()
    debt = make_debt(debtor=debtor)
    contact = _want(debtor, template=make_template())
    admitted = admission.admit(outbox.claim_one(contact, now=MONDAY_10AM), now=MONDAY_10AM)

    limitation.set_day(debt, on=TODAY, now=MONDAY_10AM)

    assert not outbox.hand_over(admitted.attempt, now=MONDAY_10AM)


# A message before the first call


@pytest.fixture
def owing():
    make_policy(now=MONDAY_10AM, message_first=True)
    debtor = make_debtor()
    make_debt(debtor=debtor)
    return debtor


def test_where_the_policy_asks_for_a_message_first_nobody_is_called_out_of_the_blue(owing):
    assert reasons(owing, Channel.VOICE) == ("MESSAGE_FIRST",)
    assert reasons(owing, Channel.SMS) == ()


def test_a_call_is_no_message_and_neither_is_one_that_still_waits(owing):
    make_call(debtor=owing, at=MONDAY_10AM - timedelta(days=9))
    make_contact(debtor=owing, at=MONDAY_10AM, state=ContactState.PLANNED)

    assert reasons(owing, Channel.VOICE) == ("MESSAGE_FIRST",)


@pytest.mark.parametrize("days_ago", [1, 200])
@pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL])
def test_a_message_that_went_however_long_ago_opens_the_way_to_a_call(owing, channel, days_ago):
    make_contact(debtor=owing, at=MONDAY_10AM - timedelta(days=days_ago), channel=channel)

    assert reasons(owing, Channel.VOICE) == ()


@pytest.mark.parametrize("channel", [Channel.VOICE, Channel.SMS])
def test_whoever_called_or_wrote_to_us_may_be_called(owing, channel):
    calls.record_inbound(
        wanted_by="in", debtor=owing, channel=channel, outcome=Outcome.INBOUND, now=MONDAY_10AM
    )

    assert reasons(owing, Channel.VOICE) == ()


def test_a_local_rule_may_ask_for_it_where_the_policy_does_not():
    make_policy(now=MONDAY_10AM)
    make_overlay(now=MONDAY_10AM, state="RJ", message_first=True)
    in_rio, in_sao_paulo = make_debtor(phone="+5521987654321"), make_debtor()
    for debtor in (in_rio, in_sao_paulo):
        make_debt(debtor=debtor)

    assert reasons(in_rio, Channel.VOICE) == ("MESSAGE_FIRST",)
    assert reasons(in_sao_paulo, Channel.VOICE) == ()


def test_who_was_messaged_is_asked_for_only_where_it_matters(django_assert_max_num_queries):
    make_policy(now=MONDAY_10AM)
    debtor = make_debtor()

    with django_assert_max_num_queries(15):
        queries.gather([debtor], now=MONDAY_10AM)


# Free text on WhatsApp


@pytest.mark.parametrize(
    ("hours_ago", "state"),
    [(None, ContactState.BLOCKED), (25, ContactState.BLOCKED), (23, ContactState.SENDING)],
)
def test_free_text_on_whatsapp_leaves_only_within_a_day_of_the_debtors_own_words(hours_ago, state):
    make_policy(now=MONDAY_10AM)
    debtor = make_debtor()
    make_debt(debtor=debtor)
    if hours_ago:
        at = MONDAY_10AM - timedelta(hours=hours_ago)
        calls.record_inbound(
            wanted_by="in", debtor=debtor, channel=Channel.WHATSAPP, outcome=Outcome.INBOUND, now=at
        )
    contact = _want(debtor, channel=Channel.WHATSAPP, template=None)

    asked = queries.gather([debtor], now=MONDAY_10AM).asked(
        debtor.pk, channel=contact.channel, creditor_id=contact.creditor_id, is_free_text=True
    )

    is_free = state == ContactState.SENDING
    assert asked.best.reasons == (() if is_free else ("WHATSAPP_WINDOW",))
    if not is_free:
        admission.admit(outbox.claim_one(contact, now=MONDAY_10AM), now=MONDAY_10AM)
        contact.refresh_from_db()
        assert (contact.state, contact.objections) == (state, ["WHATSAPP_WINDOW"])


def test_an_agreed_text_on_whatsapp_needs_no_answer_window():
    make_policy(now=MONDAY_10AM)
    debtor = make_debtor()
    make_debt(debtor=debtor)

    assert reasons(debtor, Channel.WHATSAPP) == ()


def _want(debtor, *, channel=Channel.SMS, template):
    return outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=channel,
            template=template,
            not_before=MONDAY_10AM,
            created_at=MONDAY_10AM,
        )
    )
