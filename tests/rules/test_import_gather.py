"""The rows of a file put together, and the rows that contradict an earlier one."""

from datetime import date

import pytest

from debtors.rules import import_columns, import_gather, import_rows
from debtors.vocabulary import Medium, PointKind

ON = date(2026, 11, 21)
TITLES = (  # noqa: SIM905
    "cpf_cnpj nome telefone telefone_tipo contrato produto parcela vencimento valor "
    "valor_pago data_pagamento id_pagamento data_nascimento"
).split()
MARIA = ["529.982.247-25", "Maria Souza"]


def gather(*lines):
    layout = import_columns.find_layout(TITLES, line=1)
    rows = [
        import_rows.parse_row(cells, layout=layout, line=line, on=ON)
        for line, cells in enumerate(lines, start=2)
    ]
    return import_gather.gather(rows)


def row(
    who=MARIA,
    phone="",
    kind="",
    contract="C-1",
    product="",
    part="1",
    due="10/10/2026",
    amount="100,00",
    paid=(),
    birth="",
):
    payment = [*paid, "", "", ""][:3]
    return [*who, phone, kind, contract, product, part, due, amount, *payment, birth]


def test_the_installments_of_a_debt_come_together():
    gathered, errors = gather(row(), row(part="2", due="10/11/2026"), row(contract="C-2"))

    assert errors == []
    assert list(gathered.debtors) == ["52998224725"]
    assert {contract: sorted(debt.installments) for contract, debt in gathered.debts.items()} == {
        "C-1": [1, 2],
        "C-2": [1],
    }


def test_what_a_row_leaves_blank_another_may_tell():
    gathered, errors = gather(
        row(), row(part="2", product="Fogão", phone="11 98765-4321", birth="01/02/1990")
    )

    debtor = gathered.debtors["52998224725"]
    assert errors == []
    assert debtor.facts.birth_date == date(1990, 2, 1)
    assert list(debtor.points) == [(Medium.PHONE, "+5511987654321")]
    assert gathered.debts["C-1"].facts.product == "Fogão"


@pytest.mark.parametrize("kinds", [("próprio", "terceiro"), ("terceiro", "próprio")])
def test_of_two_opinions_on_a_phone_the_more_careful_holds(kinds):
    first, second = kinds
    gathered, _errors = gather(
        row(phone="11 98765-4321", kind=first), row(phone="11 98765-4321", kind=second)
    )

    (point,) = gathered.debtors["52998224725"].points.values()
    assert point.kind == PointKind.THIRD_PARTY


def test_a_row_that_only_repeats_is_counted_and_harmless():
    gathered, errors = gather(row(), row())

    assert (errors, gathered.repeated) == ([], 1)


@pytest.mark.parametrize(
    ("second", "column", "code"),
    [
        (row(who=["529.982.247-25", "João Souza"]), "nome", "two_names_for_a_tax_id"),
        (row(who=["111.444.777-35", "José Lima"]), "contrato", "contract_of_two_debtors"),
        (row(amount="100,01"), "parcela", "installment_twice"),
        (row(due="11/10/2026"), "parcela", "installment_twice"),
        (row(part="2", product="Fogão"), "produto", "differs_from_line"),
        (row(part="2", birth="02/02/1990"), "data_nascimento", "differs_from_line"),
        (row(part="2", paid=("20,00", "01/10/2026", "P1")), "id_pagamento", "payment_id_twice"),
        (row(paid=("30,00", "01/10/2026", "P1")), "id_pagamento", "payment_id_twice"),
    ],
)
def test_a_row_that_contradicts_an_earlier_one_is_refused_and_leaves_no_trace(second, column, code):
    first = row(product="Geladeira", birth="01/02/1990", paid=("20,00", "01/10/2026", "P1"))
    alone, _ = gather(first)

    gathered, errors = gather(first, second)

    assert [(error.line, error.column, error.code, error.params) for error in errors] == [
        (3, column, code, {"line": "2"})
    ]
    assert gathered == alone


def test_the_same_name_in_capitals_or_with_more_surnames_is_the_same_person():
    _gathered, errors = gather(row(), row(who=["529.982.247-25", "MARIA DE SOUZA LIMA"], part="2"))

    assert errors == []


def test_two_payments_that_nothing_tells_apart_need_numbers():
    paid = ("20,00", "01/10/2026")

    _gathered, errors = gather(row(paid=paid), row(paid=paid))

    assert [(error.line, error.code) for error in errors] == [(3, "payment_told_twice")]


def test_two_equal_payments_with_their_own_numbers_both_count():
    gathered, errors = gather(
        row(paid=("20,00", "01/10/2026", "P1")), row(paid=("20,00", "01/10/2026", "P2"))
    )

    assert errors == []
    assert [each.facts.external_id for each in gathered.debts["C-1"].payments] == ["P1", "P2"]


def test_a_payment_told_twice_by_its_number_is_one():
    gathered, errors = gather(
        row(paid=("20,00", "01/10/2026", "P1")), row(paid=("20,00", "01/10/2026", "P1"))
    )

    assert (errors, len(gathered.debts["C-1"].payments), gathered.repeated) == ([], 1, 1)
