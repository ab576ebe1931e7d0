"""The next payment of an agreement is reminded of before its day: once, through the gate, or not at all."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import admission, consent, dispatch, holds, outbox
from contacts.vocabulary import ContactState, HoldKind, OptOutScope, Purpose
from debtors.models import OfferRules, Payment
from debtors.services import agreements, ledger
from dunning.services import agreed_reminders, defaults
from tests.factories import make_debt, make_manager, make_payment, make_policy
from tests.factories.agreements import make_agreement, make_offer_rules

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EXEMPT = DEFAULT_POLICY["promise_exempt_purposes"]


@pytest.fixture
def by(db):
    return make_manager()


@pytest.fixture
def agreed(by, monday_10am, settings, tmp_path):
    """An agreement in three payments, on Thursday in ten days, 28 December and 26 January."""
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    settings.CHANNELS = {"sms": "sandbox", "email": "sandbox"}
    make_policy(now=monday_10am, promise_exempt_purposes=EXEMPT)
    defaults.ship()
    today = timezone.localdate(monday_10am)
    debt = make_debt(installments=[(today - 30 * DAY, 100_000)])
    make_offer_rules(creditor=debt.creditor)
    return make_agreement(
        debt, total_cents=99_000, by=by, now=monday_10am, payments=3, first_on=today + 10 * DAY
    )


def remind(*, now):
    """Look for what is to be reminded of, and let leave what may."""
    found = agreed_reminders.want_due(now=now)
    dispatch.pump(clock=lambda: now + 3 * timedelta(hours=1))
    return found


def reminders():
    return list(Contact.objects.filter(purpose=Purpose.AGREED).order_by("pk"))


def pay(agreed, *, now, cents=33_000):
    return make_payment(debtor=agreed.debtor, amount_cents=cents, now=now)


def test_a_payment_is_reminded_of_once_three_days_before_in_kind_words(agreed, monday_10am):
    too_early = remind(now=monday_10am + 6 * DAY)
    found = [remind(now=monday_10am + days * DAY) for days in (7, 7, 8, 9)]

    (told,) = reminders()
    assert (too_early, found) == (0, [1, 0, 0, 0])
    assert told.state == ContactState.SENT
    assert "Este é um lembrete amigável do que combinamos" in told.body
    assert f"{timezone.localdate(monday_10am) + 10 * DAY:%d/%m/%Y}" in told.body
    assert "R$" not in told.body


@pytest.mark.parametrize(
    ("days", "reminded_after"),
    [(0, None), (1, 9), (3, 7), (10, None)],
    ids=["never", "1", "3", "just agreed"],
)
def test_each_creditor_says_how_many_days_before(agreed, monday_10am, days, reminded_after):
    OfferRules.objects.update(reminder_days=days)

    first = next((n for n in range(11) if agreed_reminders.want_due(now=monday_10am + n * DAY)), None)

    assert first == reminded_after


def test_what_is_paid_is_not_reminded_of_and_the_next_one_is_on_its_day(agreed, monday_10am):
    pay(agreed, now=monday_10am + DAY)

    assert remind(now=monday_10am + 7 * DAY) == 0
    assert [remind(now=monday_10am + days * DAY) for days in (38, 39, 40)] == [0, 1, 0]
    assert [each.wanted_by for each in reminders()] == [f"agreed:{agreed.pk}:2"]


def test_a_payment_calls_back_the_reminder_that_waits_and_taking_it_back_brings_it_again(agreed, monday_10am):
    now = monday_10am + 7 * DAY
    agreed_reminders.want_due(now=now)
    paid = pay(agreed, now=now)
    (called_back,) = reminders()
    ledger.reverse_payment(Payment.objects.get(pk=paid.pk), reason="x", now=now)

    assert called_back.state == ContactState.CANCELLED
    assert remind(now=now) == 1
    assert [each.state for each in reminders()] == [ContactState.SENT]


@pytest.mark.parametrize("is_admitted", [False, True])
def test_a_payment_stops_a_reminder_on_its_way_out_until_it_is_handed_over(agreed, monday_10am, is_admitted):
    now = monday_10am + 7 * DAY
    agreed_reminders.want_due(now=now)
    claimed = outbox.claim_one(reminders()[0], now=now)
    admitted = admission.admit(claimed, now=now) if is_admitted else None
    pay(agreed, now=now)

    if is_admitted:
        assert not outbox.hand_over(admitted.attempt, now=now)
    else:
        assert admission.admit(claimed, now=now) is None
    assert [(each.state, each.started_at) for each in reminders()] == [(ContactState.CANCELLED, None)]


def test_an_agreement_that_ends_calls_its_reminder_back(agreed, by, monday_10am):
    now = monday_10am + 7 * DAY
    agreed_reminders.want_due(now=now)

    agreements.withdraw(agreed, reason="x", by=by, now=now)

    assert [each.state for each in reminders()] == [ContactState.CANCELLED]


def forbid_by_opt_out(agreed, *, now):
    consent.opt_out(debtor=agreed.debtor, scope=OptOutScope.GLOBAL, source="x", by=None, now=now)


def forbid_by_hold(agreed, *, now):
    holds.place(debtor=agreed.debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=now)


def forbid_by_hours(agreed, *, now):
    make_policy(now=now, promise_exempt_purposes=EXEMPT, windows={})


def forbid_by_a_cap(agreed, *, now):
    make_policy(now=now, promise_exempt_purposes=EXEMPT, caps={"total": {"per_7_days": 0}})


def forbid_by_a_policy_that_lets_promises_hold_it_back(agreed, *, now):
    make_policy(now=now)


@pytest.mark.parametrize(
    ("forbid", "reason"),
    [
        (forbid_by_opt_out, "OPT_OUT_GLOBAL"),
        (forbid_by_hold, "HOLD_DISPUTE"),
        (forbid_by_hours, "OUTSIDE_HOURS"),
        (forbid_by_a_cap, "CAP_7D_TOTAL"),
        (forbid_by_a_policy_that_lets_promises_hold_it_back, "PROMISE_GRACE"),
    ],
)
def test_whatever_forbids_contact_forbids_the_reminder(agreed, monday_10am, forbid, reason):
    now = monday_10am + 7 * DAY
    forbid(agreed, now=now)

    remind(now=now)

    (kept,) = reminders()
    assert (reason in kept.objections, kept.started_at) == (True, None)


def test_the_page_of_the_agreement_says_when_and_what_became_of_it(agreed, by, client, monday_10am):
    remind(now=monday_10am + 7 * DAY)

    page = page_of(agreed, by=by, client=client, now=monday_10am + 8 * DAY)

    assert f"Lembrete enviado em {timezone.localdate(monday_10am) + 7 * DAY:%d/%m/%Y}" in page
    assert page.count("Lembrete a partir de ") == 2


def test_no_reminder_is_foretold_where_the_policy_lets_promises_hold_it_back(agreed, by, client, monday_10am):
    make_policy(now=monday_10am)

    assert "Lembrete" not in page_of(agreed, by=by, client=client, now=monday_10am)


def page_of(agreed, *, by, client, now):
    """Return the agreement's page as it is read at a moment."""
    with time_machine.travel(now, tick=False):
        client.force_login(by)
        return client.get(reverse("debtors:agreement", args=[agreed.pk])).content.decode()
