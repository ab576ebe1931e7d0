"""Invents debtors of all 27 states and writes them as a file that the import takes.

Names, streets and numbers are made up; check digits are valid and area codes real, because the
import refuses others. Everything follows from a debtor's number: the same office every time.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

from collections_crm.lib import dates, money, tax_ids

FIRST_NAMES = (
    "Ana", "Bruno", "Camila", "Diego", "Elisa", "Fábio", "Gabriela", "Henrique", "Isabel", "João", "Karina",
    "Lucas", "Mariana", "Nelson", "Olívia", "Paulo", "Raquel", "Sérgio", "Tereza", "Vítor",
)  # fmt: skip
LAST_NAMES = (
    "Almeida", "Barbosa", "Cardoso", "Dias", "Esteves", "Ferreira", "Gonçalves", "Lima", "Moraes", "Nunes",
    "Oliveira", "Pereira", "Ramos", "Santana", "Teixeira", "Vasconcelos",
)  # fmt: skip
#: State, capital, area code, first digits of its postal codes.
PLACES = (
    ("SP", "São Paulo", "11", "01001"),
    ("RJ", "Rio de Janeiro", "21", "20040"), ("MG", "Belo Horizonte", "31", "30130"),
    ("BA", "Salvador", "71", "40020"), ("AC", "Rio Branco", "68", "69900"), ("AL", "Maceió", "82", "57020"),
    ("AM", "Manaus", "92", "69005"), ("AP", "Macapá", "96", "68900"), ("CE", "Fortaleza", "85", "60030"),
    ("DF", "Brasília", "61", "70040"), ("ES", "Vitória", "27", "29010"), ("GO", "Goiânia", "62", "74003"),
    ("MA", "São Luís", "98", "65010"), ("MS", "Campo Grande", "67", "79002"), ("MT", "Cuiabá", "65", "78005"),
    ("PA", "Belém", "91", "66010"), ("PB", "João Pessoa", "83", "58010"), ("PE", "Recife", "81", "50010"),
    ("PI", "Teresina", "86", "64000"), ("PR", "Curitiba", "41", "80010"), ("RN", "Natal", "84", "59010"),
    ("RO", "Porto Velho", "69", "76801"), ("RR", "Boa Vista", "95", "69301"),
    ("RS", "Porto Alegre", "51", "90010"),
    ("SC", "Florianópolis", "48", "88010"), ("SE", "Aracaju", "79", "49010"), ("TO", "Palmas", "63", "77001"),
)  # fmt: skip
PRODUCTS = ("Geladeira", "Sofá de três lugares", "Celular", "Máquina de lavar", "Guarda-roupa", "Fogão")
PRICES_CENTS = (8_990, 14_900, 23_750, 39_900, 61_200, 129_000)
#: Days from today to the first due date, debtor by debtor: some soon due, most late, a few long ago.
DUE_IN_DAYS = (3, 1, -2, -6, -9, -12, -16, -21, -26, -33, -41, -58)
TITLES = (
    "cpf_cnpj", "nome", "data_nascimento", "cliente_desde", "telefone_1", "telefone_1_tipo", "telefone_2",
    "telefone_2_tipo", "email_1", "email_1_tipo", "endereco_1", "endereco_1_tipo", "cidade_1", "uf_1",
    "cep_1", "contrato", "produto", "parcela", "vencimento", "valor",
)  # fmt: skip


def debts_file(*, debtors: int, today: date) -> bytes:
    """Return a CSV file of that many debtors whose installments fall due around `today`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(TITLES)
    for number in range(debtors):
        writer.writerows(_rows(number, today=today))
    return text.getvalue().encode()


def _rows(number: int, *, today: date) -> Iterator[list[str]]:
    """Return one row for each installment of a debtor: two or three monthly ones for every third."""
    who = _person(number, today=today)
    first_due_on = today + timedelta(days=DUE_IN_DAYS[number * 5 % len(DUE_IN_DAYS)])
    price = PRICES_CENTS[number * 7 % len(PRICES_CENTS)] + number % 10 * 113
    for installment in range(3 if number % 3 == 0 else 1):
        due_on = first_due_on + timedelta(days=30 * installment)
        yield [
            *who,
            f"LH-{2026_0100 + number}",
            PRODUCTS[number % len(PRODUCTS)],
            str(installment + 1),
            dates.format_br(due_on),
            money.format_plain(price),
        ]


def _person(number: int, *, today: date) -> list[str]:
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = f"{LAST_NAMES[number % len(LAST_NAMES)]} {LAST_NAMES[(number * 3 + 5) % len(LAST_NAMES)]}"
    state, city, area, postal = PLACES[number % len(PLACES)]
    born = date(1962 + number % 40, 1 + number % 12, 1 + number % 28)
    since = today - timedelta(days=90 + number * 97 % 2000)
    second_phone = [f"({area}) 9{8800_0000 + number}", "próprio"] if number % 2 else ["", ""]
    at_work = [f"({area}) 3{300_0000 + number}", "trabalho"] if number % 6 == 0 else second_phone
    email = [f"devedor{number:03d}@example.com", "próprio"] if number % 5 else ["", ""]
    return [
        tax_ids.format_number(tax_ids.with_check_digits(f"{800_000_000 + number * 1237:09d}")),
        f"{first} {last}",
        dates.format_br(born),
        dates.format_br(since),
        f"({area}) 9{_mobile(number)}",
        "próprio",
        *at_work,
        *email,
        f"Rua das Acácias, {10 + number}",
        "residencial",
        city,
        state,
        f"{postal}-000",
    ]


def _mobile(number: int) -> str:
    """Return the eight digits behind the 9; one number in forty is one the sandbox knows as not in use."""
    return "99990001" if number % 40 == 17 else str(9700_0000 + number)
