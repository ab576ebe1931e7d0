"""Files of debts become debtors, debts and ledger entries: once, and wholly or not at all."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from debtors.models import (
    ContactPoint,
    CustomerFact,
    Debt,
    Debtor,
    ImportRun,
    Installment,
    LedgerEntry,
    Payment,
)
from debtors.services import importing
from debtors.vocabulary import EntryKind, ImportState, Medium, PartyKind, PointKind, PointStatus
from tests.factories import make_creditor, make_debt, make_debtor, make_phone, make_portfolio

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[1] / "data"
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
TITLES = (
    "cpf_cnpj;nome;telefone_1;telefone_1_tipo;contrato;parcela;vencimento;valor;"
    "valor_pago;data_pagamento;id_pagamento"
)
MARIA = "529.982.247-25;Maria Souza;(11) 98765-4321;próprio;C-1;1;10/10/2026;100,00;;;"
JOSE = "111.444.777-35;José Lima;(92) 99123-4567;próprio;C-2;1;10/10/2026;50,00;;;"
WRONG = "390.533.447-06;Ana Dias;;;C-3;1;10/10/2026;50,00;;;"


def in_lines(*lines: str) -> bytes:
    return "\n".join([TITLES, *lines]).encode()


@pytest.fixture
def portfolio():
    return make_portfolio(creditor=make_creditor())


def check(content, portfolio, now=NOW):
    return importing.check_file(
        content, file_name="a.csv", creditor=portfolio.creditor, portfolio=portfolio, created_by=None, now=now
    )


def take_in(content, portfolio, *, only_good=False, now=NOW):
    return importing.import_file(check(content, portfolio, now), only_good=only_good, now=now)


def everything_recorded():
    """Return how many rows of each kind there are."""
    models = (Debtor, ContactPoint, Debt, Installment, LedgerEntry, Payment)
    return {model.__name__: model.objects.count() for model in models}


def test_a_row_becomes_a_debtor_a_debt_a_charge_and_a_payment(portfolio):
    who = "12.abc.345/01de-35;Padaria Sol Ltda.;11 3333-4444;comercial"

    take_in(in_lines(f"{who};C-9;2/3;10/10/2026;1.234,56;200,00;01/10/2026;PG7"), portfolio)

    debtor = Debtor.objects.get()
    assert (debtor.tax_id, debtor.kind, debtor.name) == (
        "12ABC34501DE35",
        PartyKind.COMPANY,
        "Padaria Sol Ltda.",
    )
    point = debtor.points.get()
    assert (point.medium, point.kind, point.value) == (Medium.PHONE, PointKind.OWN, "+551133334444")
    debt = debtor.debts.get()
    assert (debt.contract, debt.portfolio, debt.creditor) == ("C-9", portfolio, portfolio.creditor)
    part = debt.installments.get()
    assert (part.number, part.due_on, part.amount_cents) == (2, date(2026, 10, 10), 123_456)
    entries = debt.entries.order_by("effective_on").values_list("kind", "amount_cents", "effective_on")
    assert list(entries) == [
        (EntryKind.PAYMENT, -20_000, date(2026, 10, 1)),
        (EntryKind.CHARGE, 123_456, date(2026, 10, 10)),
    ]


def test_a_check_writes_nothing_but_its_report(portfolio):
    run = check(in_lines(MARIA, JOSE, WRONG), portfolio)

    assert not any(everything_recorded().values())
    assert (run.state, run.counts["good_rows"], run.counts["wrong_rows"]) == (ImportState.CHECKED, 2, 1)
    assert run.errors == [
        {
            "line": 4,
            "column": "cpf_cnpj",
            "value": "390.533.447-06",
            "code": "tax_id_bad_check_digits",
            "params": {},
        }
    ]


def test_a_file_with_a_wrong_row_is_taken_in_whole_or_not_at_all(portfolio):
    run = check(in_lines(MARIA, WRONG, JOSE), portfolio)

    with pytest.raises(importing.RowsAreWrongError):
        importing.import_file(run, only_good=False, now=NOW)

    assert not any(everything_recorded().values())
    assert ImportRun.objects.get().state == ImportState.CHECKED


def test_the_good_rows_are_taken_in_when_that_is_chosen(portfolio):
    take_in(in_lines(MARIA, WRONG, JOSE), portfolio, only_good=True)

    assert sorted(Debtor.objects.values_list("name", flat=True)) == ["José Lima", "Maria Souza"]


def test_a_file_without_a_good_row_is_refused_at_once(portfolio):
    run = check(in_lines(WRONG), portfolio)

    assert (run.state, run.content) == (ImportState.REFUSED, None)
    with pytest.raises(importing.AlreadyImportedError):
        importing.import_file(run, only_good=True, now=NOW)


def test_the_same_file_twice_changes_nothing(portfolio):
    content = (DATA / "sample_windows1252.csv").read_bytes()
    take_in(content, portfolio)
    before = everything_recorded()

    again = take_in(content, portfolio)

    assert everything_recorded() == before
    news = {name: count for name, count in again.counts.items() if name.endswith("_new")}
    assert set(news.values()) == {0}
    assert again.counts["installments_known"] == before["Installment"]


def test_a_run_is_imported_once(portfolio):
    run = check(in_lines(MARIA), portfolio)
    importing.import_file(run, only_good=False, now=NOW)

    with pytest.raises(importing.AlreadyImportedError):
        importing.import_file(run, only_good=False, now=NOW)


def test_the_file_is_forgotten_once_it_is_imported(portfolio):
    run = take_in(in_lines(MARIA), portfolio)

    run.refresh_from_db()
    assert (run.state, run.content, run.finished_at) == (ImportState.DONE, None, NOW)


def test_the_sample_of_two_thousand_debtors_is_all_good(portfolio):
    run = take_in((DATA / "sample_debts.csv").read_bytes(), portfolio)

    assert run.counts["wrong_rows"] == 0
    assert Debtor.objects.count() == 2_000
    states = ContactPoint.objects.filter(medium=Medium.ADDRESS).values_list("state", flat=True)
    assert len(set(states)) == 27
    assert Payment.objects.count() == run.counts["payments_new"] > 500
    charged = LedgerEntry.objects.filter(kind=EntryKind.CHARGE).count()
    assert charged == Installment.objects.count() == run.counts["installments_new"]


def test_a_spreadsheet_gives_what_a_text_file_gives(portfolio):
    run = take_in((DATA / "sample_debts.xlsx").read_bytes(), portfolio)

    assert (run.counts["wrong_rows"], Debtor.objects.count()) == (0, 20)
    assert all(len(tax_id) in (11, 14) for tax_id in Debtor.objects.values_list("tax_id", flat=True))


def test_every_common_mistake_is_found_and_the_right_rows_are_left(portfolio):
    run = take_in((DATA / "sample_errors.csv").read_bytes(), portfolio, only_good=True)

    assert sorted(Debtor.objects.values_list("name", flat=True)) == ["Comércio Certo Ltda.", "Maria Certa"]
    assert Installment.objects.count() == 2
    assert {error["code"] for error in run.errors} == {
        "tax_id_bad_check_digits",
        "tax_id_repeated_digits",
        "phone_no_area_code",
        "phone_bad_area_code",
        "phone_is_a_service",
        "unknown_word",
        "date_no_such_day",
        "not_an_email",
        "no_such_state",
        "not_a_postal_code",
        "not_an_installment",
        "date_two_digit_year",
        "amount_ambiguous",
        "date_in_the_future",
        "blank",
        "amount_not_above_zero",
        "two_names_for_a_tax_id",
        "installment_twice",
        "payment_incomplete",
        "payment_id_twice",
        "contract_of_two_debtors",
        "more_cells_than_titles",
    }


def test_a_failure_in_the_middle_leaves_nothing_behind(portfolio):
    run = check(in_lines(MARIA, JOSE), portfolio)
    with (
        connection.cursor() as cursor
    ):  # the second installment will meet this, after the debtors are written
        cursor.execute("CREATE UNIQUE INDEX one_due_date ON debtors_installment (due_on)")

    with pytest.raises(importing.RecordsChangedError):
        importing.import_file(run, only_good=False, now=NOW)

    assert not any(everything_recorded().values())
    run.refresh_from_db()
    assert run.state == ImportState.CHECKED


def test_a_later_file_adds_what_is_new(portfolio):
    take_in(in_lines(MARIA), portfolio)

    run = take_in(
        in_lines(
            "529.982.247-25;MARIA SOUZA;(11) 3333-4444;residencial;C-1;1;10/10/2026;100,00;40,00;20/10/2026;",
            "529.982.247-25;Maria Souza;;;C-1;2;10/11/2026;100,00;;;",
        ),
        portfolio,
    )

    assert Debtor.objects.get().name == "Maria Souza"
    assert sorted(ContactPoint.objects.values_list("value", flat=True)) == ["+551133334444", "+5511987654321"]
    assert sorted(Installment.objects.values_list("number", flat=True)) == [1, 2]
    assert Payment.objects.get().amount_cents == 4_000
    assert (run.counts["debtors_known"], run.counts["points_new"], run.counts["payments_new"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("529.982.247-25;João Souza;;;C-1;1;10/10/2026;100,00;;;", "name_differs_from_record"),
        ("111.444.777-35;José Lima;;;C-1;1;10/10/2026;100,00;;;", "contract_of_another_debtor"),
        ("529.982.247-25;Maria Souza;;;C-1;1;11/10/2026;100,00;;;", "installment_differs"),
        ("529.982.247-25;Maria Souza;;;C-1;1;10/10/2026;100,01;;;", "installment_differs"),
        ("529.982.247-25;Maria Souza;;;C-1;1;10/10/2026;100,00;9,00;01/10/2026;P1", "payment_differs"),
    ],
)
def test_a_later_file_never_changes_what_is_recorded(portfolio, row, code):
    take_in(in_lines(MARIA.removesuffix(";;;") + ";10,00;01/10/2026;P1"), portfolio)
    before = everything_recorded()

    run = check(in_lines(row), portfolio)

    assert [error["code"] for error in run.errors] == [code]
    assert everything_recorded() == before


@pytest.mark.parametrize(
    "status", [PointStatus.WRONG_NUMBER, PointStatus.DO_NOT_CONTACT, PointStatus.REASSIGNED]
)
def test_a_retired_number_is_not_revived(portfolio, status):
    take_in(in_lines(MARIA), portfolio)
    ContactPoint.objects.update(status=status, status_since=NOW)

    take_in(in_lines(MARIA), portfolio)

    assert ContactPoint.objects.get().status == status


def test_whoever_asked_to_be_left_alone_is_left_alone_under_another_debtor_too(portfolio):
    make_phone(
        debtor=make_debtor(phone=None, email=None), number="+5511987654321", status=PointStatus.DO_NOT_CONTACT
    )

    take_in(in_lines(MARIA), portfolio)

    point = ContactPoint.objects.get(debtor__name="Maria Souza", debtor__tax_id="52998224725")
    assert point.status == PointStatus.DO_NOT_CONTACT


def test_a_number_becomes_more_protected_and_never_less(portfolio):
    take_in(in_lines(MARIA), portfolio)

    take_in(in_lines(MARIA.replace("próprio", "terceiro")), portfolio)
    take_in(in_lines(MARIA), portfolio)

    assert ContactPoint.objects.get().kind == PointKind.THIRD_PARTY


def test_two_creditors_may_use_the_same_contract_and_payment_numbers(portfolio):
    other = make_portfolio(creditor=make_creditor())
    row = MARIA.removesuffix(";;;") + ";10,00;01/10/2026;P1"

    take_in(in_lines(row), portfolio)
    take_in(in_lines(row), other)

    assert (Debtor.objects.count(), Debt.objects.count(), Payment.objects.count()) == (1, 2, 2)


def test_a_contract_recorded_by_hand_is_known_to_the_file(portfolio):
    debtor = make_debtor(name="Maria Souza", phone=None, email=None)
    make_debt(debtor=debtor, portfolio=portfolio, contract="C-1", installments=[(date(2026, 10, 10), 10_000)])
    row = f"{debtor.tax_id};Maria Souza;;;C-1;1;10/10/2026;100,00;;;"

    run = check(in_lines(row), portfolio)

    known = {name: count for name, count in run.counts.items() if name.endswith("_known")}
    assert known == {"debtors_known": 1, "debts_known": 1, "installments_known": 1, "payments_known": 0}


def test_payments_in_bulk_are_entered_as_one_after_the_other():
    """A new debtor's payments are written in bulk, a known one's one by one: the ledger is the same."""
    rows = [
        "529.982.247-25;Maria Souza;;;C-1;1;10/08/2026;100,00;30,00;25/08/2026;P1",
        "529.982.247-25;Maria Souza;;;C-1;2;10/09/2026;100,00;;;",
        "529.982.247-25;Maria Souza;;;C-2;1;01/07/2026;80,00;200,00;20/09/2026;P2",
        "529.982.247-25;Maria Souza;;;C-1;1;10/08/2026;100,00;50,00;05/08/2026;P3",
        "529.982.247-25;Maria Souza;;;C-2;2;01/12/2026;80,00;500,00;10/10/2026;P4",
    ]
    ledgers = []
    for files in ([rows], [[row.rpartition(";")[0].rsplit(";", 2)[0] + ";;;" for row in rows], rows]):
        portfolio = make_portfolio(creditor=make_creditor())
        for lines in files:
            take_in(in_lines(*lines), portfolio)
        entries = LedgerEntry.objects.filter(debt__creditor=portfolio.creditor).exclude(kind=EntryKind.CHARGE)
        told = entries.values_list(
            "debt__contract", "kind", "amount_cents", "effective_on", "payment__amount_cents"
        )
        ledgers.append(sorted(told))

    assert ledgers[0] == ledgers[1]
    assert {kind for _contract, kind, *_rest in ledgers[0]} == {
        EntryKind.PAYMENT,
        EntryKind.INTEREST,
        EntryKind.LATE_FEE,
    }


def test_the_only_portfolio_need_not_be_named():
    creditor = make_creditor(brand="Loja Sol")

    made = importing.portfolio_of(creditor)

    assert made.name == "Loja Sol"
    assert importing.portfolio_of(creditor) == made
    importing.portfolio_of(creditor, name="Cheques")
    with pytest.raises(importing.PortfolioNotNamedError):
        importing.portfolio_of(creditor)


def test_a_file_says_who_is_a_key_customer_and_a_later_one_may_say_otherwise(
    portfolio,
):
    def told(key: str, risk: str) -> bytes:
        titles = "cpf_cnpj;nome;contrato;vencimento;valor;cliente_chave;risco_credito"
        return f"{titles}\n529.982.247-25;Maria Souza;C-1;10/10/2026;100,00;{key};{risk}".encode()

    def known() -> list[tuple[str, str]]:
        return list(CustomerFact.objects.order_by("pk").values_list("kind", "value"))

    take_in(told("sim", "Médio"), portfolio)
    take_in(told("", "médio"), portfolio)
    assert known() == [("key_customer", "yes"), ("credit_risk", "medium")]

    take_in(told("não", ""), portfolio, now=NOW + timedelta(days=1))
    assert known()[2:] == [("key_customer", "no")]

    wrong = check(told("talvez", "baixo"), portfolio)
    assert [(error["column"], error["code"]) for error in wrong.errors] == [("cliente_chave", "unknown_word")]
