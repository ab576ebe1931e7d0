"""A row of a file of debts: a typed row or a list of errors, never half of each."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_crm.lib import dates, money, phones, tax_ids
from debtors.rules import import_columns, import_rows
from debtors.rules.import_columns import Field, Layout
from debtors.rules.import_rows import (
    DebtFacts,
    DebtorFacts,
    ImportRow,
    InstallmentFacts,
    PaymentFacts,
    PointFacts,
)
from debtors.vocabulary import Instrument, Medium, PartyKind, PaymentMethod, PointKind

ON = date(2026, 11, 21)
LEAST = {
    "cpf_cnpj": "529.982.247-25",
    "nome": "Maria Souza",
    "contrato": "C-1",
    "vencimento": "10/10/2026",
    "valor": "100,00",
}


def parse(**cells: str) -> ImportRow | tuple:
    """Parse the least row there is, with these cells besides or instead."""
    told = LEAST | cells
    layout = import_columns.find_layout(list(told), line=1)
    assert isinstance(layout, Layout), layout
    return import_rows.parse_row(list(told.values()), layout=layout, line=2, on=ON)


def codes(found: ImportRow | tuple) -> list[tuple[str, str]]:
    assert not isinstance(found, ImportRow), found
    return [(error.column, error.code) for error in found]


def test_the_least_row_is_a_person_with_one_installment():
    assert parse() == ImportRow(
        line=2,
        debtor=DebtorFacts("52998224725", PartyKind.PERSON, "Maria Souza", "", None, None),
        points=(),
        debt=DebtFacts("C-1", "", "", Instrument.OTHER),
        installment=InstallmentFacts(1, date(2026, 10, 10), 10_000),
        payment=None,
    )


def test_a_row_may_tell_everything():
    found = parse(
        nome_preferido="Bia",
        tipo_pessoa="Pessoa Física",
        data_nascimento="29/02/1996",
        cliente_desde="2020-01-02",
        telefone_1="'+55 11 98765-4321",
        telefone_2="(11) 3333-4444",
        telefone_2_tipo="TRABALHO",
        email_1="Maria@Example.COM",
        endereco_1="Rua A, 1",
        endereco_1_tipo="residencial",
        cidade_1="Belém",
        uf_1="pa",
        cep_1="66010-000",
        produto="Geladeira",
        credor_original="Banco X",
        instrumento="Cartão",
        parcela="3/12",
        valor_pago="R$ 40,00",
        data_pagamento="21/11/2026",
        forma_pagamento="PIX",
        id_pagamento="P-9",
    )

    assert found == ImportRow(
        line=2,
        debtor=DebtorFacts(
            "52998224725", PartyKind.PERSON, "Maria Souza", "Bia", date(1996, 2, 29), date(2020, 1, 2)
        ),
        points=(
            PointFacts(Medium.PHONE, PointKind.OWN, "+5511987654321", is_mobile=True),
            PointFacts(Medium.PHONE, PointKind.WORKPLACE, "+551133334444"),
            PointFacts(Medium.EMAIL, PointKind.OWN, "maria@example.com"),
            PointFacts(
                Medium.ADDRESS, PointKind.HOME, "Rua A, 1", city="Belém", state="PA", postal_code="66010000"
            ),
        ),
        debt=DebtFacts("C-1", "Geladeira", "Banco X", Instrument.CARD),
        installment=InstallmentFacts(3, date(2026, 10, 10), 10_000),
        payment=PaymentFacts(4_000, date(2026, 11, 21), PaymentMethod.PIX, "P-9"),
    )


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"cpf_cnpj": ""}, "cpf_cnpj", "blank"),
        ({"cpf_cnpj": "390.533.447-06"}, "cpf_cnpj", "tax_id_bad_check_digits"),
        ({"cpf_cnpj": "111.111.111-11"}, "cpf_cnpj", "tax_id_repeated_digits"),
        ({"cpf_cnpj": "529.982.247"}, "cpf_cnpj", "tax_id_bad_length"),
        ({"cpf_cnpj": "5299822472"}, "cpf_cnpj", "tax_id_bad_length"),
        ({"nome": " "}, "nome", "blank"),
        ({"nome": "X 9"}, "nome", "name_without_letters"),
        ({"nome": "M" * 201}, "nome", "too_long"),
        ({"tipo_pessoa": "empresa"}, "tipo_pessoa", "kind_against_tax_id"),
        ({"tipo_pessoa": "gato"}, "tipo_pessoa", "unknown_word"),
        ({"data_nascimento": "22/11/2026"}, "data_nascimento", "date_in_the_future"),
        ({"data_nascimento": "29/02/1995"}, "data_nascimento", "date_no_such_day"),
        ({"cliente_desde": "46000"}, "cliente_desde", "date_not_a_date"),
        ({"telefone_2": "98765-4321"}, "telefone_2", "phone_no_area_code"),
        ({"telefone_1": "0800 123 4567"}, "telefone_1", "phone_is_a_service"),
        ({"telefone_1": "4004-1234"}, "telefone_1", "phone_is_a_service"),
        ({"telefone_1_tipo": "amigo"}, "telefone_1_tipo", "unknown_word"),
        ({"email": "maria@"}, "email", "not_an_email"),
        ({"email": "maria@example"}, "email", "not_an_email"),
        ({"email": "a@b.com, c@d.com"}, "email", "not_an_email"),
        ({"email": "a" * 65 + "@example.com"}, "email", "not_an_email"),
        ({"uf": "XX"}, "uf", "no_such_state"),
        ({"cep": "123456"}, "cep", "not_a_postal_code"),
        ({"endereco": "R" * 255}, "endereco", "too_long"),
        ({"contrato": ""}, "contrato", "blank"),
        ({"contrato": "C" * 61}, "contrato", "too_long"),
        ({"instrumento": "fiado"}, "instrumento", "unknown_word"),
        ({"parcela": "0"}, "parcela", "not_an_installment"),
        ({"parcela": "1000"}, "parcela", "not_an_installment"),
        ({"parcela": "1,5"}, "parcela", "not_an_installment"),
        ({"vencimento": ""}, "vencimento", "blank"),
        ({"vencimento": "10/13/2026"}, "vencimento", "date_no_such_day"),
        ({"vencimento": "10/10/26"}, "vencimento", "date_two_digit_year"),
        ({"valor": "0,00"}, "valor", "amount_not_above_zero"),
        ({"valor": "-1,00"}, "valor", "amount_not_above_zero"),
        ({"valor": "1.234"}, "valor", "amount_ambiguous"),
        ({"valor": "10.000.000.000,01"}, "valor", "amount_too_large"),
        ({"valor_pago": "10,00"}, "data_pagamento", "payment_incomplete"),
        ({"data_pagamento": "10/10/2026"}, "valor_pago", "payment_incomplete"),
        ({"id_pagamento": "P1"}, "id_pagamento", "payment_incomplete"),
        ({"valor_pago": "1", "data_pagamento": "22/11/2026"}, "data_pagamento", "date_in_the_future"),
    ],
)
def test_a_wrong_cell_is_named_with_its_reason(cells, column, code):
    found = parse(**cells)

    assert codes(found) == [(column, code)]


def test_every_wrong_cell_of_a_row_is_named_at_once():
    found = parse(cpf_cnpj="1", nome="", valor="x", telefone_1="y")

    assert codes(found) == [
        ("cpf_cnpj", "tax_id_bad_length"),
        ("nome", "blank"),
        ("telefone_1", "phone_not_a_phone"),
        ("valor", "amount_not_an_amount"),
    ]


def test_an_error_shows_what_stands_in_the_cell_shortened():
    (error,) = parse(valor="9" * 200)

    assert (error.line, error.column, error.value) == (2, "valor", "9" * 80)


def test_a_separator_inside_a_text_is_noticed():
    layout = import_columns.find_layout(list(LEAST), line=1)

    found = import_rows.parse_row([*LEAST.values(), "", "x"], layout=layout, line=7, on=ON)

    assert codes(found) == [("", "more_cells_than_titles")]


def test_blank_cells_beyond_the_titles_and_missing_cells_at_the_end_do_no_harm():
    layout = import_columns.find_layout([*LEAST, "produto"], line=1)

    longer = import_rows.parse_row([*LEAST.values(), "", " ", ""], layout=layout, line=2, on=ON)
    shorter = import_rows.parse_row(list(LEAST.values()), layout=layout, line=2, on=ON)

    assert longer == shorter == parse()


@pytest.mark.parametrize("base", ["001910000", "099999998"])
def test_zeros_that_a_spreadsheet_dropped_from_a_cpf_come_back(base):
    number = tax_ids.with_check_digits(base)

    assert parse(cpf_cnpj=number.lstrip("0")).debtor.tax_id == number


@pytest.mark.parametrize("text", ["191", "52.998.224-7"])
def test_zeros_are_not_guessed_when_too_many_digits_are_missing_or_somebody_typed_them(text):
    assert codes(parse(cpf_cnpj=text)) == [("cpf_cnpj", "tax_id_bad_length")]


@pytest.mark.parametrize(("told", "number"), [("3", 3), ("03", 3), ("3/12", 3), ("3 de 12", 3), ("999", 999)])
def test_an_installment_is_numbered_as_people_number_it(told, number):
    assert parse(parcela=told).installment.number == number


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("", PointKind.OWN),
        ("PRÓPRIO", PointKind.OWN),
        ("Casa", PointKind.HOME),
        ("comercial", PointKind.WORKPLACE),
        ("recado", PointKind.THIRD_PARTY),
        ("third party", PointKind.THIRD_PARTY),
    ],
)
def test_whose_a_phone_is_may_be_said_in_many_words(word, kind):
    found = parse(telefone="11 98765-4321", telefone_tipo=word)

    assert [point.kind for point in found.points] == [kind]


def test_a_companys_business_phone_is_its_own():
    found = parse(cpf_cnpj="12.ABC.345/01DE-35", telefone="11 3333-4444", telefone_tipo="comercial")

    assert found.debtor.kind == PartyKind.COMPANY
    assert [point.kind for point in found.points] == [PointKind.OWN]


def test_a_company_has_no_birthday():
    assert parse(cpf_cnpj="12.ABC.345/01DE-35", data_nascimento="01/02/1990").debtor.birth_date is None


def test_the_same_phone_in_two_columns_is_one():
    found = parse(telefone_1="(11) 98765-4321", telefone_2="11987654321", telefone_3="11 8765-4321")

    assert [point.value for point in found.points] == ["+5511987654321"]


def test_an_old_mobile_is_repaired_and_marked():
    (point,) = parse(telefone="11 8765-4321").points

    assert (point.value, point.is_mobile, point.is_repaired) == ("+5511987654321", True, True)


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        ({"cidade": "Recife", "uf": "PE"}, "Recife/PE"),
        ({"uf": "PE"}, "PE"),
        ({"cep": "1310100"}, "01310100"),
    ],
)
def test_an_address_without_a_street_is_named_by_its_place(cells, value):
    assert [point.value for point in parse(**cells).points] == [value]


def test_invisible_characters_do_not_make_another_name():
    assert parse(nome=" Maria\u00a0\u200b  Souza\x00").debtor.name == "Maria Souza"


@pytest.mark.parametrize(
    "title",
    [
        "telefone_2_tipo",
        "Tipo telefone 2",
        "TELEFONE 2 - TIPO",
        "phone_2_kind",
        "Phone2 Kind",
        "tipo_do_telefone_2",
    ],
)
def test_a_column_has_many_names(title):
    layout = import_columns.find_layout([*LEAST, title], line=1)

    assert layout.places[Field.PHONE_KIND, 2] == len(LEAST)


def test_the_order_of_columns_does_not_matter():
    turned = dict(reversed(LEAST.items()))
    layout = import_columns.find_layout(list(turned), line=1)

    assert import_rows.parse_row(list(turned.values()), layout=layout, line=2, on=ON) == parse()


def test_a_column_that_nobody_knows_is_named_as_ignored():
    layout = import_columns.find_layout([*LEAST, "cor favorita", "", "produto_2", "telefone_10"], line=1)

    assert layout.ignored == ("cor favorita", "produto_2", "telefone_10")


def test_missing_and_double_columns_are_named():
    found = import_columns.find_layout(["CPF", "CNPJ", "nome", "valor"], line=3)

    assert [(error.line, error.column, error.code) for error in found] == [
        (3, "CNPJ", "column_twice"),
        (3, "contrato", "column_missing"),
        (3, "vencimento", "column_missing"),
    ]


names = st.text(st.characters(categories=["Lu", "Ll"]), min_size=2, max_size=40)
amounts = st.integers(1, 10**12)
days = st.dates(date(1990, 1, 1), ON)
bases = st.from_regex(r"[1-9][0-9]{8}|[1-9A-Z][0-9A-Z]{7}0001", fullmatch=True)
mobiles = st.builds(
    lambda area, number: f"+55{area}9{number:08d}",
    st.sampled_from(sorted(phones.AREA_CODES)),
    st.integers(0, 99_999_999),
)


@given(
    base=bases, name=names, amount=amounts, due_on=days, paid_on=days, mobile=mobiles, brazilian=st.booleans()
)
def test_what_is_written_in_either_form_is_read_back(base, name, amount, due_on, paid_on, mobile, brazilian):
    number = tax_ids.with_check_digits(base)
    if not tax_ids.is_valid(number):
        return
    as_day = dates.format_br if brazilian else date.isoformat
    as_amount = money.format_brl if brazilian else lambda cents: f"{cents // 100}.{cents % 100:02d}"

    found = parse(
        cpf_cnpj=tax_ids.format_number(number) if brazilian else number,
        nome=name,
        telefone=phones.format_national(mobile) if brazilian else mobile,
        vencimento=as_day(due_on),
        valor=as_amount(amount),
        valor_pago=as_amount(amount),
        data_pagamento=as_day(paid_on),
    )

    assert isinstance(found, ImportRow), found
    assert found.debtor.tax_id == number
    assert [point.value for point in found.points] == [mobile]
    assert found.installment == InstallmentFacts(1, due_on, amount)
    assert found.payment == PaymentFacts(amount, paid_on, PaymentMethod.OTHER, "")


@given(st.lists(st.text(max_size=30), max_size=12))
def test_any_row_whatever_is_parsed_or_refused_and_never_both(cells):
    layout = import_columns.find_layout([*LEAST, "telefone", "email", "cep", "uf", "parcela"], line=1)

    found = import_rows.parse_row(cells, layout=layout, line=2, on=ON)

    assert isinstance(found, ImportRow) or (found and all(error.line == 2 for error in found))


def test_every_error_fits_on_a_line_of_a_report():
    text = io.StringIO()
    csv.writer(text).writerow(error.value for error in parse(nome="", valor="1\n2"))

    assert text.getvalue() == ",1 2\r\n"
