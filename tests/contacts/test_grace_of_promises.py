"""After a promised day contact rests as long as the policy says, whatever the books call the promise."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contacts import queries
from contacts.vocabulary import Channel
from debtors.models import Debtor
from debtors.services import promises
from debtors.vocabulary import PromiseStatus
from tests.factories import make_creditor, make_debt, make_debtor, make_payment, make_policy, make_promise

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)  # Monday noon in São Paulo
TUESDAY = date(2026, 11, 17)

pytestmark = pytest.mark.django_db


@pytest.fixture
def debtor():
    make_policy(now=NOW, promise_grace_days=5)
    debtor = make_debtor()
    make_debt(debtor=debtor)
    return debtor


def asked(debtor: Debtor, *, on: date):
    moment = NOW + timedelta(days=(on - NOW.date()).days)
    return queries.may_contact(debtor=debtor, channel=Channel.SMS, now=moment).best


@pytest.mark.parametrize(
    ("paid_cents", "status"), [(0, PromiseStatus.BROKEN), (2_000, PromiseStatus.PARTLY_KEPT)]
)
def test_a_promise_that_was_not_kept_is_waited_for_through_the_days_of_the_policy(debtor, paid_cents, status):
    made = make_promise(debtor=debtor, promised_on=TUESDAY, now=NOW)
    if paid_cents:
        make_payment(debtor=debtor, amount_cents=paid_cents, paid_on=TUESDAY, now=NOW + timedelta(days=1))
    promises.settle_due(now=NOW + timedelta(days=3))
    made.refresh_from_db()

    friday = asked(debtor, on=date(2026, 11, 20))
    assert made.status == status
    assert friday.reasons == ("PROMISE_GRACE",)
    assert friday.next_allowed == datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
    assert asked(debtor, on=date(2026, 11, 23)).is_allowed


def test_the_next_promise_binds_when_one_was_not_kept(debtor):
    make_promise(debtor=debtor, promised_on=TUESDAY, now=NOW)
    promises.settle_due(now=NOW + timedelta(days=3))
    make_promise(debtor=debtor, promised_on=date(2026, 11, 25), now=NOW + timedelta(days=3))

    assert asked(debtor, on=date(2026, 11, 23)).reasons == ("PROMISE_GRACE",)


def test_of_several_that_were_not_kept_the_last_is_waited_for(debtor):
    other = make_creditor()
    make_debt(debtor=debtor, creditor=other)
    make_promise(debtor=debtor, promised_on=TUESDAY, now=NOW)
    make_promise(debtor=debtor, creditor=other, promised_on=date(2026, 11, 19), now=NOW)
    promises.settle_due(now=NOW + timedelta(days=7))

    assert asked(debtor, on=date(2026, 11, 24)).reasons == ("PROMISE_GRACE",)
    assert asked(debtor, on=date(2026, 11, 25)).is_allowed


def test_a_promise_that_was_taken_back_is_not_waited_for(debtor):
    promises.cancel(make_promise(debtor=debtor, promised_on=TUESDAY, now=NOW), now=NOW)

    assert asked(debtor, on=TUESDAY).is_allowed
