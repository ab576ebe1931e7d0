"""Every night each debt is counted anew: what differs stops contact until it is mended."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from contacts import queries as contact_queries
from contacts.vocabulary import Channel
from debtors.models import LedgerDoubt, LedgerEntry
from debtors.rules.ledger_audit import Difference, Entry, differences
from debtors.services import ledger, ledger_audit
from debtors.vocabulary import EntryKind
from tests.factories import make_debt, make_manager, make_payment, make_policy

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
TODAY = NOW.date()


def late_debt():
    return make_debt(installments=[(TODAY - timedelta(days=30), 10_000)])


def smuggle(debt, kind, cents):
    return LedgerEntry.objects.create(debt=debt, kind=kind, amount_cents=cents, effective_on=TODAY)


def test_ledgers_that_follow_from_their_payments_are_sound():
    debt = late_debt()
    ledger.reverse_payment(
        make_payment(debtor=debt.debtor, amount_cents=5_000, now=NOW), reason="bounced", now=NOW
    )
    make_payment(debtor=debt.debtor, amount_cents=20_000, now=NOW)

    assert ledger_audit.look_over(now=NOW) == 0
    assert not LedgerDoubt.objects.exists()


@pytest.mark.parametrize(
    ("kind", "cents", "codes"),
    [
        (EntryKind.CHARGE, 1, {"charges", "principal"}),
        (EntryKind.INTEREST, 1, {"interest", "principal"}),
        (EntryKind.COSTS, 1, {"costs", "principal"}),
        (EntryKind.DISCOUNT, -20_000, {"excess", "interest", "late_fee", "principal"}),
    ],
)
def test_an_entry_that_nothing_explains_puts_the_ledger_in_doubt(kind, cents, codes):
    debt = late_debt()
    smuggle(debt, kind, cents)

    assert ledger_audit.look_over(now=NOW) == 1
    assert ledger_audit.look_over(now=NOW + timedelta(days=1)) == 0

    doubt = LedgerDoubt.objects.get()
    assert {each["code"] for each in doubt.differences} == codes
    assert (doubt.found_at, doubt.last_at) == (NOW, NOW + timedelta(days=1))


def test_a_payment_that_settles_more_than_came_in_is_found():
    debt = late_debt()
    payment = make_payment(debtor=debt.debtor, amount_cents=1_000, now=NOW)
    LedgerEntry.objects.create(
        debt=debt, kind=EntryKind.PAYMENT, amount_cents=-500, effective_on=TODAY, payment=payment, turn=7
    )

    ledger_audit.look_over(now=NOW)

    assert {"code": "over_payment", "expected_cents": 1_000, "found_cents": 1_500} in (
        LedgerDoubt.objects.get().differences
    )


def test_a_reversal_must_mirror_what_it_reverses():
    history = queries_history(late_debt())
    told = [Entry(1, "charge", 10_000), Entry(2, "charge", 50), Entry(3, "reversal", -49, reverses=2)]

    assert differences(entries=told, history=history) == [
        Difference("principal", 10_000, 10_001),
        Difference("reversal", -50, -49),
    ]


def test_a_ledger_in_doubt_stops_contact_until_it_is_mended(client):
    make_policy(now=NOW)
    debt = late_debt()
    wrong = smuggle(debt, EntryKind.CHARGE, 777)
    ledger_audit.look_over(now=NOW)
    assert reasons(debt) == ("LEDGER_IN_DOUBT",)
    client.force_login(make_manager())
    again = reverse("debtors:doubt_again", args=[LedgerDoubt.objects.get().pk])

    client.post(again)
    assert reasons(debt) == ("LEDGER_IN_DOUBT",)
    LedgerEntry.objects.create(
        debt=debt, kind=EntryKind.REVERSAL, amount_cents=-777, effective_on=TODAY, reverses=wrong
    )
    client.post(again)

    assert reasons(debt) == ()
    assert LedgerDoubt.objects.get().closed_at is not None


def test_managers_read_what_differs(client):
    debt = late_debt()
    smuggle(debt, EntryKind.CHARGE, 777)
    ledger_audit.look_over(now=NOW)
    client.force_login(make_manager())

    page = client.get(reverse("debtors:doubts")).content.decode()

    assert debt.contract in page
    assert "107,77" in page
    assert reverse("debtors:doubts") in client.get(reverse("contacts:findings")).content.decode()


def reasons(debt):
    return contact_queries.may_contact(debtor=debt.debtor, channel=Channel.SMS, now=NOW).best.reasons


def queries_history(debt):
    from debtors import queries

    return queries.histories(debts=[debt.pk])[debt.pk]
