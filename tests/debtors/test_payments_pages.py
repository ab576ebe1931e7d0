"""Recording a payment by hand and from a file, and taking one back."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from debtors import queries
from debtors.models import Arrival, LedgerEntry, Payment
from debtors.services import arrivals, ledger
from debtors.vocabulary import ArrivalState, PaymentSource
from tests.factories import make_agent, make_debt, make_debtor, make_manager, make_payment, make_portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    user = make_manager()
    client.force_login(user)
    return user


@pytest.fixture
def debt():
    return make_debt(installments=[(timezone.localdate() + timedelta(days=5), 100_000)], contract="CT-1")


def page_of(debt) -> str:
    return reverse("debtors:payment", args=[debt.debtor_id, debt.creditor_id])


def typed(client, debt, **changes) -> dict:
    """Return what the form holds when it is opened, with what somebody typed."""
    number = client.get(page_of(debt)).context["form"].initial["number"]
    day = timezone.localdate().strftime("%d/%m/%Y")
    return {"number": str(number), "amount": "1.000,00", "paid_on": day, "method": "pix"} | changes


def test_going_back_after_a_payment_finds_an_empty_form(client, manager, debt):
    """The browser would fill in what was typed, under a new number: one press more, one payment more."""
    page = client.get(reverse("debtors:payment", args=[debt.debtor_id, debt.creditor_id])).content.decode()

    assert '<form method="post" class="card-body form" autocomplete="off"' in page


def test_a_payment_typed_the_brazilian_way_lowers_the_balance(client, manager, debt):
    response = client.post(page_of(debt), typed(client, debt, amount="R$ 250,5"))

    assert response["Location"] == reverse("contacts:debtor", args=[debt.debtor_id])
    payment = Payment.objects.get()
    assert (payment.amount_cents, payment.source, payment.recorded_by) == (
        25_050,
        PaymentSource.HAND,
        manager,
    )
    owed = queries.balance_with(
        debtor_id=debt.debtor_id, creditor_id=debt.creditor_id, on=timezone.localdate()
    )
    assert owed.total_cents == 74_950


def test_a_double_click_records_one_payment(client, manager, debt):
    form = typed(client, debt)

    client.post(page_of(debt), form)
    client.post(page_of(debt), form)

    assert Payment.objects.count() == 1


def test_two_forms_of_the_same_amount_are_two_payments(client, manager, debt):
    client.post(page_of(debt), typed(client, debt, amount="10"))
    client.post(page_of(debt), typed(client, debt, amount="10"))

    assert Payment.objects.count() == 2


def test_a_form_sent_again_with_another_amount_is_refused_in_words(client, manager, debt):
    form = typed(client, debt, amount="10")
    client.post(page_of(debt), form)

    response = client.post(page_of(debt), form | {"amount": "20"})

    assert response.status_code == 422
    assert response.context["form"].non_field_errors()
    assert Payment.objects.get().amount_cents == 1_000


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "mil reais"),
        ("amount", "0,00"),
        ("amount", "-5,00"),
        ("amount", "1,234.56"),
        ("amount", ""),
        ("paid_on", "31/02/2026"),
        ("paid_on", "01/01/2099"),
        ("paid_on", "hoje"),
        ("method", "ouro"),
        ("method", ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    client, manager, debt, field, value
):
    response = client.post(page_of(debt), typed(client, debt, amount="77,70") | {field: value})

    form = response.context["form"]
    assert response.status_code == 422
    assert list(form.errors) == [field]
    assert form["number"].value()
    assert field == "amount" or form["amount"].value() == "77,70"
    assert not Payment.objects.exists()


def test_the_page_offers_only_contracts_of_this_debtor_and_creditor(client, manager, debt):
    other = make_debt()

    response = client.post(page_of(debt), typed(client, debt) | {"debt": other.pk})

    assert list(response.context["form"].errors) == ["debt"]


def test_somebody_else_s_debtor_is_as_absent_as_one_that_never_was(client):
    hidden = make_debt(portfolio=make_portfolio())
    client.force_login(make_agent(portfolios=[], permissions=["add_payment"]))

    for page in (page_of(hidden), reverse("debtors:payment", args=[999_999, hidden.creditor_id])):
        assert client.get(page).status_code == 404


def test_an_agent_without_the_permission_records_nothing(client, debt):
    client.force_login(make_agent(portfolios=[debt.portfolio], permissions=["view_debtor"]))

    assert client.post(page_of(debt), {}).status_code == 403


def test_a_payment_is_taken_back_with_its_reason(client, manager, debt):
    payment = make_payment(
        debtor=debt.debtor, creditor=debt.creditor, amount_cents=10_000, now=timezone.now()
    )
    page = reverse("debtors:payment_reverse", args=[payment.pk])

    assert client.post(page, {"reason": ""}).status_code == 422
    client.post(page, {"reason": "Pix devolvido"})
    client.post(page, {"reason": "outra vez"})

    assert list(LedgerEntry.objects.filter(kind="reversal").values_list("amount_cents", "note")) == [
        (10_000, "Pix devolvido")
    ]


TITLES = "id_pagamento;cpf_cnpj;contrato;valor;data;forma"


def table(*rows: str, titles: str = TITLES) -> bytes:
    return "\r\n".join([titles, *rows]).encode()


def hand_in(client, debt, content: bytes):
    file = SimpleUploadedFile("pagamentos.csv", content)
    return client.post(
        reverse("debtors:payments_import"), {"creditor": debt.creditor_id, "file": file}, follow=True
    )


def test_a_file_is_shown_first_and_recorded_only_when_told(client, manager, debt):
    response = hand_in(client, debt, table("E1;;CT-1;100,00;01/11/2026;pix"))

    assert response.context["report"].new_cents == 10_000
    assert not Payment.objects.exists()

    client.post(reverse("debtors:payments_import_check"), {"do": "all"})

    assert list(Payment.objects.values_list("amount_cents", "source")) == [(10_000, PaymentSource.FILE)]


def test_the_same_file_twice_changes_nothing(client, manager, debt):
    content = table("E1;;CT-1;100,00;01/11/2026;pix", f"E2;{debt.debtor.tax_id};;50,00;2026-11-02;")
    for _time in range(2):
        hand_in(client, debt, content)
        client.post(reverse("debtors:payments_import_check"), {"do": "all"})

    assert sorted(Payment.objects.values_list("amount_cents", flat=True)) == [5_000, 10_000]


def test_payments_of_a_file_meet_the_debts_in_the_order_of_their_days(client, manager):
    debt = make_debt(contract="CT-5", installments=[(date(2026, 10, 1), 10_000)])

    hand_in(client, debt, table("E2;;CT-5;104,00;20/11/2026;pix", "E1;;CT-5;101,00;01/10/2026;pix"))
    client.post(reverse("debtors:payments_import_check"), {"do": "all"})

    beyond = {each.external_id[-2:]: ledger.unallocated_cents(each) for each in Payment.objects.all()}
    assert beyond == {"E1": 100, "E2": 10_400}


def test_a_file_put_away_is_forgotten(client, manager, debt):
    hand_in(client, debt, table("E1;;CT-1;100,00;01/11/2026;pix"))
    client.post(reverse("debtors:payments_import_check"), {"do": "away"})

    response = client.get(reverse("debtors:payments_import_check"))

    assert response["Location"] == reverse("debtors:payments_import")
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("E2;52998224725;CT-1;1,00;01/11/2026;pix", "contract_of_another_debtor"),
        ("E2;;;1,00;01/11/2026;pix", "payer_not_named"),
        (";;CT-1;1,00;01/11/2026;pix", "blank"),
        ("E2;;CT-1;um;01/11/2026;pix", "amount_not_an_amount"),
        ("E2;;CT-1;0,00;01/11/2026;pix", "amount_not_above_zero"),
        ("E2;;CT-1;1,00;01/11/2099;pix", "date_in_the_future"),
        ("E2;;CT-1;1,00;01/11/2026;ouro", "unknown_word"),
        ("E1;;CT-1;2,00;01/11/2026;pix", "payment_id_twice"),
        ("E0;;CT-1;2,00;01/11/2026;pix", "payment_differs"),
        ("E2;11111111111;CT-1;1,00;01/11/2026;pix", "tax_id_repeated_digits"),
    ],
)
def test_a_wrong_row_is_named_and_the_good_ones_can_be_taken_alone(client, manager, debt, row, code):
    hand_in(client, debt, table("E0;;CT-1;1,00;01/11/2026;pix"))
    client.post(reverse("debtors:payments_import_check"), {"do": "all"})

    response = hand_in(client, debt, table("E1;;CT-1;100,00;01/11/2026;pix", row))

    assert [(error.line, error.code) for error in response.context["report"].errors] == [(3, code)]
    client.post(reverse("debtors:payments_import_check"), {"do": "good"})
    assert Payment.objects.count() == 2


def test_nothing_is_recorded_when_all_rows_were_wanted_and_one_is_wrong(client, manager, debt):
    hand_in(client, debt, table("E1;;CT-1;100,00;01/11/2026;pix", "E2;;CT-1;um;01/11/2026;pix"))

    client.post(reverse("debtors:payments_import_check"), {"do": "all"})

    assert not Payment.objects.exists()


def test_money_of_a_payer_nobody_knows_is_kept_once_and_waits_to_be_matched(client, manager, debt):
    rows = (
        "E1;;CT-1;100,00;01/11/2026;pix",
        "E2;;CT-9;1,00;01/11/2026;pix",
        "E3;52998224725;;2,00;01/11/2026;pix",
    )
    for _ in range(2):
        response = hand_in(client, debt, table(*rows))
        assert [row.line for row in response.context["report"].unplaced] == [3, 4]
        client.post(reverse("debtors:payments_import_check"), {"do": "all"})

    waiting = Arrival.objects.filter(state=ArrivalState.WAITING).order_by("amount_cents")
    assert Payment.objects.count() == 1
    assert [each.amount_cents for each in waiting] == [100, 200]

    arrivals.match(waiting[0], debtor=debt.debtor, debt=None, by=manager, now=timezone.now())
    again = hand_in(client, debt, table(*rows)).context["report"]
    assert (again.known_count, len(again.new), len(again.unplaced)) == (2, 0, 1)


def test_a_contract_nobody_knows_of_a_known_payer_is_told(client, manager, debt):
    response = hand_in(client, debt, table(f"E2;{debt.debtor.tax_id};CT-9;1,00;01/11/2026;pix"))

    assert [error.code for error in response.context["report"].errors] == ["contract_not_known"]


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4", b"a single column", b"\xd0\xcf\x11\xe0", table(titles=TITLES)]
)
def test_a_broken_file_gets_a_sentence(client, manager, debt, content):
    response = hand_in(client, debt, content)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["file"]


def test_missing_columns_are_named(client, manager, debt):
    response = hand_in(client, debt, b"valor;data\r\n1,00;01/11/2026")

    assert [error.params for error in response.context["report"].errors] == [
        {"column": "cpf_cnpj"},
    ]


def test_the_command_does_the_same_and_refuses_wrong_rows_without_the_word(tmp_path, debt):
    file = tmp_path / "pagamentos.csv"
    file.write_bytes(table("E1;;CT-1;100,00;01/11/2026;pix", "E2;;CT-1;um;01/11/2026;pix"))
    told = io.StringIO()

    with pytest.raises(CommandError):
        call_command("import_payments", str(file), creditor=debt.creditor.tax_id, stdout=told)
    assert not Payment.objects.exists()
    assert "Linha 3" in told.getvalue()

    for _time in range(2):
        call_command("import_payments", str(file), creditor=debt.creditor.brand, only_good=True, stdout=told)
    assert Payment.objects.get().amount_cents == 10_000


def test_a_payment_goes_to_the_contract_the_file_names(client, manager):
    debtor, today = make_debtor(), timezone.localdate()
    first = make_debt(debtor=debtor, installments=[(today - timedelta(days=30), 10_000)], contract="CT-1")
    second = make_debt(debtor=debtor, installments=[(today + timedelta(days=30), 10_000)], contract="CT-2")

    hand_in(client, first, table("E1;;CT-2;100,00;01/11/2026;pix"))
    client.post(reverse("debtors:payments_import_check"), {"do": "all"})

    assert queries.balances(debts=[second.pk], on=today)[second.pk].total_cents == 0
    assert queries.balances(debts=[first.pk], on=today)[first.pk].principal_cents == 10_000
