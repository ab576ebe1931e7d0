"""Money that banks tell of: return files and Pix, matched or waiting, told once however often."""

import hashlib
import hmac
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from debtors import queries
from debtors.models import Arrival, BankFile, Payment
from debtors.rules.check_digits import mod10
from debtors.services import arrivals, bank_files, payment_files, transit
from debtors.services.arrivals import Told
from debtors.vocabulary import (
    ArrivalState,
    ImportState,
    PaymentMethod,
    PaymentSource,
    RequestKind,
    TransitKind,
    TransitState,
)
from tests.data.return_files import detail_400, file_240, file_400, pair_240
from tests.factories import make_creditor, make_debt, make_debtor, make_manager
from tests.factories.paying import make_account, make_request

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
DAY = date(2026, 11, 20)
SECRET = "a secret of forty characters, shared by two"


@pytest.fixture
def debt():
    return make_debt(installments=[(DAY + timedelta(days=30), 50_000)], contract="CT-77")


@pytest.fixture
def manager(client):
    user = make_manager()
    client.force_login(user)
    return user


def owed(debt):
    return queries.balances(debts=[debt.pk], on=TODAY)[debt.pk].total_cents


def told(number="E1", cents=1_000, **more):
    return Told(
        PaymentSource.BANK, number, cents, more.pop("paid_on", DAY), PaymentMethod.BOLETO, "paid", **more
    )


def itau(*slips):
    """Return a file of Itaú; a slip is (number, reference, centavos, occurrence)."""
    rows = [
        detail_400(
            "341", our_number=number, company_ref=reference, document="", occurrence=occurrence,
            occurred_on=DAY, title=cents, fee=0, paid=cents, credited_on=DAY,
        )
        for number, reference, cents, occurrence in slips
    ]  # fmt: skip
    total = sum(cents for _number, _reference, cents, _occurrence in slips)
    return file_400(
        "341", rows, trailer={(213, 220): f"{len(slips):08d}", (221, 234): f"{total:014d}"}
    )  # fmt: skip


def looked(content, creditor):
    return bank_files.look(content, file_name="x.ret", creditor=creditor, created_by=None, now=NOW)


# Return files


def test_a_file_of_itau_is_read_first_and_then_booked_and_what_finds_no_debt_waits(debt):
    content = itau(("11111111", "CT-77", 20_000, "06"), ("22222222", "?", 700, "06"), ("3" * 8, "", 0, "02"))

    file = looked(content, debt.creditor)

    assert (file.counts["matched"], file.counts["waiting"], file.counts["notices"]) == (1, 1, 1)
    assert owed(debt) == 50_000
    bank_files.book(file, now=NOW)
    assert owed(debt) == 30_000
    assert (file.state, file.content) == (ImportState.DONE, None)
    assert (file.counts["matched_cents"], file.counts["waiting_cents"]) == (20_000, 700)


@pytest.mark.parametrize("bank", ["001", "033", "104"])
def test_files_of_240_columns_are_booked_too_santander_by_its_own_columns(debt, bank):
    pair = pair_240(bank, occurrence="06", document="CT-77", title=9_900, paid=9_900, occurred_on=DAY,
                    our_number="1234567")  # fmt: skip
    count = 2 if bank == "033" else None
    file = looked(file_240(bank, pair, lot_count=count), debt.creditor)

    bank_files.book(file, now=NOW)

    assert owed(debt) == 40_100


@pytest.mark.parametrize(("change", "fate"), [(0, "matched"), (1, "waiting")])
def test_itau_tells_a_slip_in_240_columns_with_its_check_digit_and_only_the_right_one_is_ours(
    debt, change, fate
):
    make_account(creditor=debt.creditor)
    issued = make_request(debt, kind=RequestKind.BOLETO, now=NOW)
    digit = mod10("124802124109" + issued.our_number)
    told = f"{issued.our_number}{(int(digit) + change) % 10}"
    pair = pair_240("341", occurrence="06", document="", title=50_000, paid=issued.amount_cents,
                    occurred_on=DAY, our_number=told)  # fmt: skip

    file = bank_files.book(looked(file_240("341", pair), debt.creditor), now=NOW)

    assert file.counts[fate] == 1
    issued.transit.refresh_from_db()
    assert (issued.transit.state == TransitState.ARRIVED) == (fate == "matched")


def test_the_same_file_and_one_that_overlaps_book_nothing_twice(debt):
    first = itau(("11111111", "CT-77", 20_000, "06"))
    both = itau(("11111111", "CT-77", 20_000, "06"), ("22222222", "CT-77", 5_000, "06"))

    for content in (first, first, both):
        bank_files.book(looked(content, debt.creditor), now=NOW)

    assert owed(debt) == 25_000
    assert Arrival.objects.count() == Payment.objects.count() == 2


def test_two_equal_payments_of_a_slip_on_one_day_are_two(debt):
    twice = itau(("11111111", "CT-77", 100, "06"), ("11111111", "CT-77", 100, "06"))

    for _ in range(2):
        bank_files.book(looked(twice, debt.creditor), now=NOW)

    assert owed(debt) == 49_800


def test_a_file_that_was_cut_off_books_nothing(debt):
    whole = itau(("11111111", "CT-77", 20_000, "06"))

    file = looked(b"\r\n".join(whole.split(b"\r\n")[:2]), debt.creditor)

    assert file.state == ImportState.REFUSED
    assert [error["code"] for error in file.errors] == ["file_no_trailer"]
    with pytest.raises(bank_files.NotBookableError):
        bank_files.book(file, now=NOW)


def test_a_booking_that_broke_off_goes_on_where_it_was(debt, monkeypatch):
    monkeypatch.setattr(bank_files, "PART", 2)
    content = itau(*[(f"{number:08d}", "CT-77", 100, "06") for number in range(5)])
    file = looked(content, debt.creditor)
    parts = []

    def broken(part, **values):
        if len(parts) == 1:
            raise KeyboardInterrupt
        parts.append(part)
        return take_in(part, **values)

    take_in = arrivals.take_in
    monkeypatch.setattr(arrivals, "take_in", broken)
    with pytest.raises(KeyboardInterrupt):
        bank_files.book(file, now=NOW)
    monkeypatch.setattr(arrivals, "take_in", take_in)
    assert Payment.objects.count() == 2
    bank_files.book(BankFile.objects.get(pk=file.pk), now=NOW)

    assert owed(debt) == 49_500
    assert BankFile.objects.get().counts["matched"] == 5


def test_money_that_may_not_last_waits_for_a_person(debt):
    cheque = itau(("11111111", "CT-77", 20_000, "65"))

    bank_files.book(looked(cheque, debt.creditor), now=NOW)

    assert Arrival.objects.get().state == ArrivalState.WAITING
    assert owed(debt) == 50_000


def test_a_slip_that_was_issued_here_is_found_by_its_number(debt):
    transit.issue(
        debtor=debt.debtor, creditor=debt.creditor, debt=debt, kind=TransitKind.BOLETO, number="11111111",
        amount_cents=20_000, expires_on=TODAY, by=None, now=NOW,
    )  # fmt: skip

    bank_files.book(looked(itau(("11111111", "", 20_000, "06")), debt.creditor), now=NOW)

    assert owed(debt) == 30_000
    assert debt.debtor.transits.get().state == TransitState.ARRIVED


def test_the_command_shows_and_then_books(debt, tmp_path, capsys):
    path = tmp_path / "cobranca.ret"
    path.write_bytes(itau(("11111111", "CT-77", 20_000, "06")))

    call_command("import_return_file", str(path), creditor=debt.creditor.brand, check=True)
    assert not Payment.objects.exists()
    call_command("import_return_file", str(path), creditor=debt.creditor.brand)
    call_command("import_return_file", str(path), creditor=debt.creditor.brand)
    path.write_bytes(b"no file of a bank")
    with pytest.raises(CommandError):
        call_command("import_return_file", str(path), creditor=debt.creditor.brand)

    assert Payment.objects.count() == 1


def test_a_manager_reads_a_file_on_a_page_and_books_it(client, manager, debt):
    upload = SimpleUploadedFile("cobranca.ret", itau(("11111111", "CT-77", 20_000, "06")))

    answer = client.post(reverse("debtors:bank_files"), {"creditor": debt.creditor_id, "file": upload})
    page = client.get(answer["Location"]).content.decode()
    assert "200,00" in page
    assert owed(debt) == 50_000
    file = BankFile.objects.get()
    client.post(reverse("debtors:bank_file_decide", args=[file.pk]), {"do": "book"})
    client.post(reverse("debtors:bank_file_decide", args=[file.pk]), {"do": "book"})

    assert owed(debt) == 30_000


# What is told twice, and what waits


def test_the_same_number_with_other_content_is_refused_and_shown_once(client, manager, debt):
    for cents in (1_000, 2_000, 2_000):
        arrivals.take_in([told(cents=cents, document="CT-77")], creditor=debt.creditor, file=None, now=NOW)

    assert owed(debt) == 49_000
    assert sorted(Arrival.objects.values_list("state", flat=True)) == ["conflict", "matched"]
    shown = client.get(reverse("debtors:arrivals"), {"view": "conflict"}).context["rows"]
    assert [row["arrival"].amount_cents for row in shown] == [2_000]


def test_money_told_for_a_day_to_come_waits(debt):
    tomorrow = told(document="CT-77", paid_on=TODAY + timedelta(days=1))

    arrivals.take_in([tomorrow], creditor=debt.creditor, file=None, now=NOW)

    assert Arrival.objects.get().state == ArrivalState.WAITING


def waiting(debt, **more):
    arrivals.take_in([told(**more)], creditor=debt.creditor, file=None, now=NOW)
    return Arrival.objects.get(state=ArrivalState.WAITING)


@pytest.mark.parametrize("by", ["name", "tax_id", "contract"])
def test_a_person_finds_the_debt_by_name_cpf_or_contract_and_matches_it(client, manager, debt, by):
    page = reverse("debtors:arrival", args=[waiting(debt).pk])
    typed = {"name": debt.debtor.name, "tax_id": debt.debtor.tax_id, "contract": "ct-77"}[by]

    found = client.post(page, {"do": "search", "q": typed}).context["found"]
    assert [row["debt"] for row in found] == [debt]
    client.post(page, {"do": "match", "debt": debt.pk})

    assert owed(debt) == 49_000
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.decided_by, arrival.payment.recorded_by) == ("matched", manager, manager)


def test_nobody_matches_money_twice_nor_to_somebody_who_owes_another_creditor(client, manager, debt):
    arrival = waiting(debt)
    stranger = make_debt(creditor=make_creditor())

    assert client.post(
        reverse("debtors:arrival", args=[arrival.pk]), {"do": "match", "debt": stranger.pk}
    ).status_code == 404  # fmt: skip
    arrivals.match(arrival, debtor=debt.debtor, debt=debt, by=manager, now=NOW)
    with pytest.raises(arrivals.AlreadyDecidedError):
        arrivals.match(arrival, debtor=debt.debtor, debt=debt, by=manager, now=NOW)
    with pytest.raises(arrivals.AlreadyDecidedError):
        arrivals.send_back(arrival, reason="x", by=manager, now=NOW)

    assert owed(debt) == 49_000


def test_money_of_nobody_is_sent_back_with_a_reason(client, manager, debt):
    page = reverse("debtors:arrival", args=[waiting(debt).pk])

    assert client.post(page, {"do": "send_back", "reason": ""}).status_code == 422
    client.post(page, {"do": "send_back", "reason": "De outra empresa"})

    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.reason) == (ArrivalState.SENT_BACK, "De outra empresa")
    assert not Payment.objects.exists()


# Pix


def pix(number="E" + "1" * 31, valor="10.00", **more):
    return {"endToEndId": number, "valor": valor, "horario": "2026-11-20T23:30:00.000Z"} | more


def call(client, debt, body, *, secret=SECRET, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    address = reverse("debtors:pix_webhook_of_bank", args=[debt.creditor_id])
    return client.post(
        address, content, content_type="application/json", headers={"X-Webhook-Secret": secret} | headers
    ).status_code


@pytest.fixture
def open_webhook(settings):
    settings.PIX_WEBHOOK_SECRET = SECRET
    return settings


def test_a_pix_of_the_debtor_himself_is_booked_and_the_call_repeated_changes_nothing(
    client, open_webhook, debt
):
    body = {"pix": [pix(pagador={"cpf": debt.debtor.tax_id, "nome": "x"})]}

    assert [call(client, debt, body) for _ in range(3)] == [200, 200, 200]

    assert owed(debt) == 49_000
    assert Payment.objects.get().paid_on == DAY


def test_a_pix_for_a_charge_finds_it_by_its_txid_and_one_of_a_stranger_waits(client, open_webhook, debt):
    txid = "A" * 26
    transit.issue(
        debtor=debt.debtor, creditor=debt.creditor, kind=TransitKind.PIX, number=txid,
        amount_cents=1_000, expires_on=TODAY, by=None, now=NOW,
    )  # fmt: skip

    call(client, debt, {"pix": [pix(txid=txid), pix("E" + "2" * 31, pagador={"cpf": "52998224725"})]})

    assert owed(debt) == 49_000
    assert Arrival.objects.filter(state=ArrivalState.WAITING).count() == 1


def test_a_pix_given_back_waits_for_a_person(client, open_webhook, debt):
    refund = {"id": "D1", "valor": "4.00", "horario": {"solicitacao": "2026-11-21T10:00:00Z"}}
    body = pix(pagador={"cpf": debt.debtor.tax_id})

    call(client, debt, {"pix": [body]})
    call(client, debt, {"pix": [body | {"devolucoes": [refund]}]})

    assert owed(debt) == 49_000
    waiting = Arrival.objects.get(state=ArrivalState.WAITING)
    assert (waiting.amount_cents, waiting.meaning) == (400, "refund")
    with pytest.raises(arrivals.NotTheirsError):
        arrivals.match(waiting, debtor=debt.debtor, debt=debt, by=make_manager(), now=NOW)


def test_who_does_not_know_the_secret_is_not_believed(client, open_webhook, debt):
    good = {"pix": [pix()]}

    assert call(client, debt, good, secret="another") == 403
    assert call(client, debt, good, secret="é") == 403
    assert client.get(reverse("debtors:pix_webhook", args=[debt.creditor_id])).status_code == 405
    assert call(client, debt, b"x" * (256 * 1024 + 1)) == 413
    open_webhook.PIX_WEBHOOK_SECRET = ""
    assert call(client, debt, good, secret="") == 503
    assert not Arrival.objects.exists()


def test_certificate_and_signature_are_asked_for_once_they_are_configured(client, open_webhook, debt):
    body = json.dumps({"pix": [pix()]}).encode()
    open_webhook.PIX_WEBHOOK_CLIENT_HEADER = "X-SSL-Client-Verify=SUCCESS"
    open_webhook.PIX_WEBHOOK_SIGNING_KEY = "key"
    signature = hmac.new(b"key", body, hashlib.sha256).hexdigest()
    verified = {"X-SSL-Client-Verify": "SUCCESS"}

    assert call(client, debt, body) == 403
    assert call(client, debt, body, **verified) == 403
    assert call(client, debt, body + b" ", **verified, **{"X-Signature": signature}) == 403
    assert call(client, debt, body, **verified, **{"X-Signature": signature}) == 200


@pytest.mark.parametrize(
    "body",
    [
        b"{", {}, {"pix": {}}, {"pix": ["x"]}, {"pix": [pix("short")]}, {"pix": [pix(valor="10")]},
        {"pix": [pix(valor="-10.00")]}, {"pix": [pix(horario="2026-11-20")]}, {"pix": [pix(txid=7)]},
        {"pix": [pix(), pix(valor="x")]},
    ],
)  # fmt: skip
def test_of_a_notice_that_cannot_be_read_nothing_is_kept(client, open_webhook, debt, body):
    assert call(client, debt, body) == 400
    assert not Arrival.objects.exists()


def test_facts_of_return_files_hold_no_person():
    facts = (Path(__file__).parents[1] / "data/return_files.py").read_text()

    assert make_debtor().name not in facts


# Statements without numbers


def statement(debt, *amounts):
    rows = "".join(f"CT-77;{amount};20/11/2026\n" for amount in amounts)
    return f"contrato;valor;data\n{rows}".encode()


def test_of_a_statement_without_numbers_equal_rows_of_a_day_are_counted(debt):
    def take_in(*amounts):
        report = payment_files.take_in(
            statement(debt, *amounts), creditor=debt.creditor, only_good=False, recorded_by=None, now=NOW
        )
        return len(report.new)

    assert take_in("10,00", "10,00", "5,00") == 3
    assert take_in("10,00", "10,00", "5,00") == 0
    assert take_in("10,00", "10,00", "10,00") == 1

    assert owed(debt) == 50_000 - 3_500


def test_a_large_file_is_booked_by_a_worker(client, manager, debt, monkeypatch):
    monkeypatch.setattr(bank_files, "AT_ONCE", 1)
    slips = [(f"{number:08d}", "CT-77", 100, "06") for number in range(3)]
    file = looked(itau(*slips), debt.creditor)

    bank_files.ask(file, now=NOW)
    page = client.get(reverse("debtors:bank_file", args=[file.pk]))
    assert page.context["booked"] == 0
    assert [bank_files.book_asked(now=NOW), bank_files.book_asked(now=NOW)] == [1, 0]
    assert owed(debt) == 49_700

    other = looked(itau(("99999999", "CT-77", 100, "06"), ("88888888", "CT-77", 100, "06")), debt.creditor)
    client.post(reverse("debtors:bank_file_decide", args=[other.pk]), {"do": "book"})
    assert owed(debt) == 49_500
