"""What is committed binds an admission whose clock was read before, or goes behind the one that dated it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from contacts.models import Contact
from contacts.queries import may_contact
from contacts.services import admission, consent, holds, outbox, preferences
from contacts.services.outbox import Claimed
from contacts.vocabulary import Channel, ContactState, HoldKind, OptOutScope
from debtors.models import Debtor
from tests.factories import (
    house_creditor,
    make_contact,
    make_debt,
    make_debtor,
    make_policy,
    make_promise,
    make_template,
)

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # Monday, 10:00 in São Paulo
AHEAD = NOW + timedelta(seconds=2)
SAID = {"source": "said so", "by": None, "now": AHEAD}

pytestmark = pytest.mark.django_db


def is_held(debtor: Debtor) -> None:
    holds.place(debtor=debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=AHEAD)


def opts_out(debtor: Debtor) -> None:
    consent.opt_out(debtor=debtor, scope=OptOutScope.GLOBAL, **SAID)


def takes_back_his_consent(debtor: Debtor) -> None:
    consent.take_back(debtor.consents.get(), **SAID)


def wants_no_sms(debtor: Debtor) -> None:
    preferences.keep(debtor=debtor, windows={}, unwanted_channels=[Channel.SMS], **SAID)


def promises(debtor: Debtor) -> None:
    make_promise(debtor=debtor, promised_on=(NOW + timedelta(days=3)).date(), now=AHEAD)


def was_just_contacted(debtor: Debtor) -> None:
    make_contact(debtor=debtor, at=AHEAD, state=ContactState.SENDING)


FACTS = {
    is_held: "HOLD_DISPUTE",
    opts_out: "OPT_OUT_GLOBAL",
    takes_back_his_consent: "CONSENT_MISSING",
    wants_no_sms: "CHANNEL_DISABLED",
    promises: "PROMISE_GRACE",
    was_just_contacted: "CAP_DAY_TOTAL",
}


@pytest.fixture
def debtor(settings):
    settings.CHANNELS = {"sms": "sandbox"}
    caps = {"total": {"per_day": 1}, "point": {"per_day": 1}}
    make_policy(now=NOW, consent_required=["sms"], caps=caps)
    return owing()


def owing(phone: str = "+5511912345678") -> Debtor:
    debtor = make_debtor(email=None, phone=phone)
    make_debt(debtor=debtor)
    consent.grant(debtor=debtor, channel=Channel.SMS, source="said so", by=None, now=NOW - timedelta(days=1))
    return debtor


def claimed(debtor: Debtor) -> Claimed:
    contact = make_contact(debtor=debtor, at=NOW, state=ContactState.PLANNED, outcome="")
    contact.template = make_template()
    contact.save()
    return outbox.claim_one(contact, now=NOW) or pytest.fail("somebody else took it")


@pytest.mark.parametrize(("commit", "code"), FACTS.items(), ids=[fact.__name__ for fact in FACTS])
def test_what_a_clock_a_moment_ahead_has_dated_stops_an_admission(
    debtor: Debtor, commit: Callable[[Debtor], None], code: str
) -> None:
    mine = claimed(debtor)

    commit(debtor)

    assert admission.admit(mine, now=NOW) is None
    assert code in Contact.objects.get(pk=mine.contact_id).objections


def test_a_contact_that_another_clock_dated_counts_at_the_number_of_a_family(debtor):
    mine = claimed(owing())

    was_just_contacted(debtor)

    assert admission.admit(mine, now=NOW) is None
    assert "CAP_DAY_POINT" in Contact.objects.get(pk=mine.contact_id).objections


def test_without_any_of_it_the_message_is_admitted(debtor):
    assert admission.admit(claimed(debtor), now=NOW) is not None


def test_what_is_dated_an_hour_later_is_not_known_to_an_hour_earlier(debtor):
    holds.place(debtor=debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=NOW + timedelta(hours=1))

    asked = may_contact(debtor=debtor, channel=Channel.SMS, now=NOW, creditor_id=house_creditor().pk)
    assert asked.best.is_allowed
