"""Pix with a due date, kept at a bank: asked once, looked for while unclear, shown when it is there."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import override_settings

from debtors.banks.base import Absent, DueCharge, Kept, Refused, Unclear
from debtors.banks.pix_api import PixApi
from debtors.banks.wire import Credentials
from debtors.models import MoneyInTransit, PaymentRequest
from debtors.rules import brcode
from debtors.services import payment_requests
from debtors.services.payment_requests import RequestRefusedError
from debtors.vocabulary import RequestKind, RequestState
from tests.factories import make_debt
from tests.factories.paying import make_account, make_request
from tests.fakes import pix_bank
from tests.fakes.pix_bank import PixBank

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
CHARGE = DueCharge("D" + "0" * 32, "k@example.com", 10_050, date(2026, 11, 24), "Maria", "39053344705")


@pytest.fixture
def bank() -> Iterator[PixBank]:
    started = pix_bank.start()
    with override_settings(PIX_BANKS={"house": started.settings}):
        yield started
    started.stop()


@pytest.fixture
def debt(db):
    made = make_debt(installments=[(date(2026, 10, 25), 10_000)])
    make_account(creditor=made.creditor, connection="house")
    return made


def issue(debt) -> PaymentRequest:
    return make_request(debt, now=NOW, kind=RequestKind.PIX_DUE)


def api(bank: PixBank, **changes) -> PixApi:
    told = bank.settings | changes
    return PixApi(
        told["base_url"], told["token_url"], Credentials(told["client_id"], told["client_secret"]), seconds=2
    )


def test_a_charge_is_kept_and_found_as_it_was_asked(bank):
    kept = api(bank).keep(CHARGE)

    assert isinstance(kept, Kept)
    assert (kept.charge, kept.is_payable) == (CHARGE, True)
    assert api(bank).find(CHARGE.txid) == kept
    assert bank.charges[CHARGE.txid]["valor"] == {"original": "100.50"}
    assert bank.charges[CHARGE.txid]["devedor"] == {"cpf": "39053344705", "nome": "Maria"}
    assert bank.charges[CHARGE.txid]["calendario"]["validadeAposVencimento"] == 0


def test_what_the_bank_does_not_have_and_what_it_refuses_is_told_apart(bank):
    assert api(bank).find(CHARGE.txid) == Absent()
    assert api(bank).keep(DueCharge("short", "", 1, date(2026, 11, 24), "M", "1")) == Refused(
        "400 CobVOperacaoInvalida"
    )


@pytest.mark.parametrize("mood", ["lost", "deaf", "down", "nonsense"])
def test_an_answer_without_sense_is_unclear(bank, mood):
    bank.mood = mood

    assert isinstance(api(bank).keep(CHARGE), Unclear)


def test_without_access_nothing_is_asked_and_all_is_unclear(bank):
    refused = api(bank, client_secret="other").keep(CHARGE)
    unreachable = api(bank, token_url="http://127.0.0.1:9/").keep(CHARGE)

    assert refused == Unclear("no token: 401")
    assert isinstance(unreachable, Unclear)
    assert bank.asked == []


def test_a_token_is_kept_and_renewed_when_the_bank_forgets_it(bank):
    ours = api(bank)
    ours.find(CHARGE.txid)
    ours.find(CHARGE.txid)
    assert len(bank.tokens) == 1

    bank.tokens.clear()
    bank.tokens.add("of somebody else")
    assert ours.find(CHARGE.txid) == Absent()


def test_a_certificate_that_is_not_there_is_unclear_and_no_error(bank):
    told = Credentials("c", "s", certificate_file="/nowhere/cert.pem")

    assert isinstance(PixApi("https://127.0.0.1:9", "https://127.0.0.1:9", told).keep(CHARGE), Unclear)


@pytest.mark.parametrize("tells_code", [True, False])
def test_a_pix_kept_at_the_bank_is_ready_with_its_code(bank, debt, tells_code):
    bank.tells_code = tells_code

    made = issue(debt)

    made.refresh_from_db()
    read = brcode.parse(made.payload)
    assert made.state == RequestState.READY
    assert (read.url, read.is_one_use) == (bank.charges[made.txid]["location"], True)
    assert MoneyInTransit.objects.get().number == made.txid
    assert bank.asked == [f"PUT {made.txid}"]


@pytest.mark.parametrize(("mood", "asked"), [("lost", ["PUT", "GET"]), ("deaf", ["PUT", "GET", "PUT"])])
def test_what_is_unclear_is_looked_for_and_kept_once(bank, debt, mood, asked):
    bank.mood = mood
    made = issue(debt)
    assert (made.state, made.payload) == (RequestState.UNCLEAR, "")
    assert not MoneyInTransit.objects.exists()

    bank.mood = "well"
    assert payment_requests.look_for_unclear(now=LATER) == 1
    assert payment_requests.look_for_unclear(now=LATER) == 0

    made.refresh_from_db()
    assert made.state == RequestState.READY
    assert list(bank.charges) == [made.txid]
    assert [each.split()[0] for each in bank.asked] == asked


def test_a_process_that_died_before_it_heard_is_taken_over(bank, debt):
    made = issue(debt)
    rest = {"state": RequestState.ASKED, "looked_at": None}
    lost = PaymentRequest(
        **{
            name: getattr(made, name)
            for name in ("debtor", "creditor", "kind", "amount_cents", "due_on", "issued_at")
        },
        txid="D" + "A" * 32,
        asked_as="3f0c2f0e-0000-4000-8000-000000000001",
        **rest,
    )
    lost.save()

    assert payment_requests.look_for_unclear(now=LATER) == 1
    assert set(bank.charges) == {made.txid, lost.txid}


def test_a_bank_that_says_another_amount_gets_nothing_shown(bank, debt):
    bank.mood = "other_amount"

    made = issue(debt)

    assert (made.state, made.error, made.payload) == (RequestState.REFUSED, "bank_differs", "")
    assert not MoneyInTransit.objects.exists()


def test_what_the_bank_answers_after_its_day_is_not_shown(bank, debt):
    bank.mood = "lost"
    made = issue(debt)
    bank.mood = "well"

    payment_requests.look_for_unclear(now=NOW + timedelta(days=3))

    made.refresh_from_db()
    assert (made.state, made.error) == (RequestState.REFUSED, "too late")


def test_without_its_connection_nothing_is_issued(debt):
    with pytest.raises(RequestRefusedError, match="no_connection"):
        issue(debt)

    assert not PaymentRequest.objects.exists()
