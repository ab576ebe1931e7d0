"""What debtors are given to pay with: right to the centavo, once, and contact rests until it arrives."""

import base64
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import segno
from django.db import DatabaseError, connection, transaction

from debtors.models import MoneyInTransit, PaymentRequest, ReceivingAccount
from debtors.queries import paying
from debtors.rules import boleto, brcode
from debtors.services import arrivals, limitation, payment_requests, request_papers
from debtors.services.arrivals import Told
from debtors.services.payment_requests import RequestRefusedError
from debtors.vocabulary import PaymentMethod, PaymentSource, RequestKind, TransitState
from tests.factories import make_agent, make_debt, make_debtor, make_portfolio
from tests.factories.agreements import make_agreement, make_offer_rules
from tests.factories.paying import KEY, make_account, make_request

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
UNTIL = date(2026, 11, 24)
pytestmark = pytest.mark.django_db


@pytest.fixture
def debt():
    """100.00 late since 25 October; on 24 November 30 days: 1.00 of interest and 2.00 of late fee."""
    made = make_debt(installments=[(date(2026, 10, 25), 10_000), (date(2026, 12, 25), 10_000)])
    make_account(creditor=made.creditor)
    return made


def test_a_pix_says_key_amount_and_txid_and_its_money_is_on_its_way(debt):
    made = make_request(debt, now=NOW, choice=paying.DUE, due_on=UNTIL)

    read = brcode.parse(made.payload)
    assert (read.key, read.amount_cents, read.txid) == (KEY, 10_300, made.txid)
    assert made.items == {"principal": 10_000, "correction": 0, "interest": 100, "late_fee": 200, "costs": 0}
    assert made.covers == [{"contract": debt.contract, "product": "Geladeira", "installments": [1]}]
    money = MoneyInTransit.objects.get()
    assert (money.number, money.amount_cents, money.expires_on) == (made.txid, 10_300, UNTIL)
    assert money.rests_until == date(2026, 11, 25)


def test_a_boleto_reads_as_it_was_issued_and_numbers_count_on(debt):
    first, second = (make_request(debt, now=NOW, kind=RequestKind.BOLETO, due_on=UNTIL) for _ in range(2))

    read = boleto.parse(first.line, on=date(2026, 11, 20))
    assert (read.bank, read.amount_cents, read.due_on) == ("341", 20_300, UNTIL)
    assert boleto.barcode_of(first.line) == first.barcode
    assert [first.our_number, second.our_number] == ["00000001", "00000002"]


def test_the_same_form_twice_issues_one(debt):
    key = uuid.uuid4()

    first, again = (make_request(debt, now=NOW, kind=RequestKind.BOLETO, asked_as=key) for _ in range(2))

    assert first == again
    assert ReceivingAccount.objects.get().next_number == 2


def test_a_pix_that_arrives_finds_its_debtor_and_ends_the_boleto_for_the_same(debt):
    pix = make_request(debt, now=NOW, due_on=UNTIL)
    slip = make_request(debt, now=NOW, kind=RequestKind.BOLETO, due_on=UNTIL)
    other = make_request(debt, now=NOW, choice=paying.PART, part_cents=500)
    told = Told(
        PaymentSource.PIX, "E1", 20_300, date(2026, 11, 20), PaymentMethod.PIX, "paid", our_number=pix.txid
    )

    arrivals.take_in([told], creditor=debt.creditor, file=None, now=NOW)

    states = [MoneyInTransit.objects.get(request=each).state for each in (pix, slip, other)]
    assert states == [TransitState.ARRIVED, TransitState.WITHDRAWN, TransitState.WAITING]


def test_of_an_agreement_the_next_payment_is_what_is_paid(debt):
    agent = make_agent(permissions=["negotiate_agreement"])
    make_offer_rules(creditor=debt.creditor)
    made = make_agreement(debt, total_cents=19_500, by=agent, now=NOW, payments=3, first_on=UNTIL)

    found = paying.payable(debtor_id=debt.debtor_id, creditor_id=debt.creditor_id, on=UNTIL)
    asked = make_request(debt, now=NOW, choice=paying.AGREED, due_on=UNTIL)

    assert [(each.name, each.amount_cents) for each in found.choices] == [
        (paying.AGREED, 6_500),
        (paying.AGREED_REST, 19_500),
    ]
    assert asked.agreed_payment == made.payments.get(number=1)
    assert asked.covers == [{"agreement": made.pk, "of": 3, "number": 1}]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"choice": paying.PART, "part_cents": 20_301, "due_on": UNTIL}, "no_choice"),
        ({"choice": paying.PART, "part_cents": 0, "due_on": UNTIL}, "no_choice"),
        ({"choice": paying.AGREED}, "no_choice"),
        ({"due_on": date(2026, 11, 19)}, "past"),
        ({"due_on": date(2027, 1, 20)}, "too_far"),
        ({"kind": RequestKind.PIX_DUE}, "no_account"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_and_nothing_is_kept(debt, wrong, reason):
    with pytest.raises(RequestRefusedError) as refused:
        make_request(debt, now=NOW, **wrong)

    assert refused.value.reason == reason
    assert not PaymentRequest.objects.exists()
    assert not MoneyInTransit.objects.exists()
    assert ReceivingAccount.objects.get().next_number == 1


def test_nothing_is_asked_for_a_prescribed_debt(debt):
    limitation.set_day(debt, on=date(2026, 11, 1), now=NOW)

    with pytest.raises(RequestRefusedError, match="nothing_owed"):
        make_request(debt, now=NOW)


def test_without_bank_data_nothing_is_issued_and_the_last_number_is_the_last():
    debt = make_debt(debtor=make_debtor(), portfolio=make_portfolio())
    with pytest.raises(RequestRefusedError, match="no_account"):
        make_request(debt, now=NOW)

    account = make_account(creditor=debt.creditor, next_number=10**8 - 1)
    make_request(debt, now=NOW, kind=RequestKind.BOLETO)
    with pytest.raises(RequestRefusedError, match="numbers_used_up"):
        make_request(debt, now=NOW, kind=RequestKind.BOLETO)
    account.refresh_from_db()
    assert account.next_number == 10**8


@pytest.mark.parametrize("change", [{"amount_cents": 1}, {"payload": "x"}, {"txid": "x"}, {"due_on": UNTIL}])
def test_what_was_issued_never_changes(debt, change):
    made = make_request(debt, now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic():
        PaymentRequest.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        made.delete()


def test_the_boleto_on_paper_has_its_bars_its_line_and_who_is_paid(debt):
    made = make_request(debt, now=NOW, kind=RequestKind.BOLETO, due_on=UNTIL)

    page = request_papers.page_of(made, on=date(2026, 11, 20))

    creditor = debt.creditor
    for fact in (boleto.format_line(made.line), creditor.name, creditor.address, "341-7", "24/11/2026"):
        assert fact in page
    assert "data:image/svg+xml;base64," in page
    assert request_papers.print_of(made, on=date(2026, 11, 20)).startswith(b"%PDF")


@pytest.mark.django_db(transaction=True)
def test_boletos_issued_at_the_same_time_have_numbers_without_doubles_or_gaps():
    first = make_debt()
    make_account(creditor=first.creditor)
    debts = [first, *(make_debt(creditor=first.creditor) for _ in range(3))]

    def issue(place: int) -> str:
        try:
            due_on = date(2026, 11, 23) + timedelta(days=place)
            return make_request(debts[place % 4], now=NOW, kind=RequestKind.BOLETO, due_on=due_on).our_number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(issue, range(12)))

    assert sorted(numbers) == [f"{number:08d}" for number in range(1, 13)]
    assert payment_requests.kinds_of(ReceivingAccount.objects.get()) == [RequestKind.PIX, RequestKind.BOLETO]


def test_the_picture_of_a_code_has_its_squares_and_a_light_border():
    squares = len(segno.make_qr("a" * 84, error="m").matrix)

    svg = base64.b64decode(request_papers.qr_address("a" * 84).partition(",")[2]).decode()
    png = request_papers.qr_png("a" * 84)

    assert f'viewBox="0 0 {squares + 8} {squares + 8}"' in svg
    assert 'fill="#fff"' in svg
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == 8 * (squares + 8)
