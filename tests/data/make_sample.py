"""Make files of invented debtors, the same every time: `python -m tests.data.make_sample`.

Nobody in them exists. Names are drawn from lists of common names, e-mail addresses are in the
reserved domains example.com, .org and .net, CPF and CNPJ have valid check digits, and phone
numbers have the area codes of the state. Due dates are counted from `--on`.
"""

import argparse
import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

from collections_crm.lib import dates, money, names, phones, tax_ids
from tests.data import invented

HERE = Path(__file__).parent
ON = date(2026, 11, 21)
TITLES = (  # noqa: SIM905
    "cpf_cnpj nome nome_preferido tipo_pessoa data_nascimento cliente_desde "
    "telefone_1 telefone_1_tipo telefone_2 telefone_2_tipo telefone_3 telefone_3_tipo "
    "email_1 email_1_tipo email_2 email_2_tipo "
    "endereco_1 endereco_1_tipo cidade_1 uf_1 cep_1 endereco_2 endereco_2_tipo cidade_2 uf_2 cep_2 "
    "contrato produto credor_original instrumento parcela vencimento valor "
    "valor_pago data_pagamento forma_pagamento id_pagamento"
).split()
ENGLISH = {
    "cpf_cnpj": "Tax ID", "nome": "Name", "telefone_1": "Phone 1", "telefone_1_tipo": "Phone 1 kind",
    "email_1": "E-mail", "cidade_1": "City", "uf_1": "State", "contrato": "Contract", "produto": "Product",
    "parcela": "Installment", "vencimento": "Due date", "valor": "Amount",
    "valor_pago": "Paid amount", "data_pagamento": "Paid date",
}  # fmt: skip

type Row = dict[str, str | int | date]


@dataclass
class Maker:
    """Draws debtors one after the other; `on` is the day the file is said to be made."""

    on: date
    dice: random.Random
    serial: int = 0

    def debtor(self) -> list[Row]:
        """Return the rows of one debtor: who he is on the first, his installments on all."""
        self.serial += 1
        area = self._area()
        is_company = self.dice.random() < 0.08
        who = self._company() if is_company else self._person()
        facts = who | self._phones(area, is_company) | self._emails(str(who["nome"])) | self._places(area)
        rows = [row for number in range(self._debts()) for row in self._debt(number)]
        key: Row = {"cpf_cnpj": facts["cpf_cnpj"], "nome": facts["nome"]}
        return [(facts if place == 0 else key) | row for place, row in enumerate(rows)]

    def _area(self) -> str:
        """Go once through all area codes, so that every state is there; then as people live."""
        areas = sorted(invented.CITIES)
        if self.serial <= len(areas):
            return areas[self.serial - 1]
        weights = [invented.POPULATION.get(area, 1) for area in areas]
        return self.dice.choices(areas, weights)[0]

    def _person(self) -> Row:
        first = self.dice.choice(invented.FIRST_NAMES)
        if self.dice.random() < 0.25:
            first += " " + self.dice.choice(invented.SECOND_NAMES)
        last = " ".join(self.dice.sample(invented.SURNAMES, self.dice.choice([1, 2, 2, 3])))
        base = f"{self.serial * 738_197_531 % 10**9:09d}"  # each serial another, spread over all there are
        number = tax_ids.format_number(tax_ids.with_check_digits(base))
        row: Row = {"cpf_cnpj": number, "nome": f"{first} {last}", "tipo_pessoa": "pessoa"}
        if self.dice.random() < 0.1:
            row["nome_preferido"] = self.dice.choice(invented.NICKNAMES)
        if self.dice.random() < 0.9:
            row["data_nascimento"] = self._birth()
        if self.dice.random() < 0.7:
            row["cliente_desde"] = self.on - timedelta(days=self.dice.randint(60, 5_000))
        return row

    def _birth(self) -> date:
        """Some were born on 29 February, and on the days around the day of the file."""
        draw = self.dice.random()
        if draw < 0.01:
            return date(self.dice.choice([1960, 1972, 1984, 1988, 1992, 1996, 2000, 2004]), 2, 29)
        if draw < 0.02:
            day = self.on + timedelta(days=self.dice.randint(0, 3))
            return date(self.dice.randint(1950, 2005), day.month, min(day.day, 28))
        return date(1945, 1, 1) + timedelta(days=self.dice.randint(0, 22_000))

    def _company(self) -> Row:
        has_letters = self.dice.random() < 0.5
        alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" if has_letters else "0123456789"
        base = "".join(self.dice.choices(alphabet, k=2)) + f"{self.serial:06d}0001"
        number = tax_ids.format_number(tax_ids.with_check_digits(base))
        form = self.dice.choice(["Ltda.", "ME", "S.A.", "EPP"])
        name = f"{self.dice.choice(invented.TRADES)} {self.dice.choice(invented.SURNAMES)} {form}"
        return {"cpf_cnpj": number, "nome": name, "tipo_pessoa": "empresa"}

    def _phones(self, area: str, is_company: bool) -> Row:
        """Up to three phones: mostly an own mobile, then a home, a workplace, a third party."""
        if self.dice.random() < 0.04:
            return {}
        kinds = ["comercial"] if is_company else ["próprio"]
        others = ["residencial", "trabalho", "terceiro", "próprio"]
        kinds += self.dice.sample(others, self.dice.choices([0, 1, 2], [45, 35, 20])[0])
        row: Row = {}
        for number, kind in enumerate(kinds, start=1):
            is_fixed = kind in ("residencial", "comercial", "trabalho")
            digits = f"{self.dice.randint(2, 5)}{self.dice.randint(0, 9_999_999):07d}"
            if not is_fixed or self.dice.random() < 0.3:
                digits = f"9{self.dice.randint(6, 9)}{self.dice.randint(0, 9_999_999):07d}"
            row[f"telefone_{number}"] = phones.format_national(f"+55{area}{digits}")
            row[f"telefone_{number}_tipo"] = kind
        return row

    def _emails(self, name: str) -> Row:
        if self.dice.random() < 0.2:
            return {}
        words = [word for word in names.fold(name).replace(".", "").split() if word.isalpha()]
        domain = self.dice.choice(["example.com", "example.org", "example.net"])
        row: Row = {"email_1": f"{words[0]}.{words[-1]}{self.serial}@{domain}", "email_1_tipo": "próprio"}
        if self.dice.random() < 0.08:
            row |= {"email_2": f"financeiro{self.serial}@{domain}", "email_2_tipo": "trabalho"}
        return row

    def _places(self, area: str) -> Row:
        if self.dice.random() < 0.05:
            return {}
        row = self._place(area, 1, "residencial")
        return row | self._place(area, 2, "trabalho") if self.dice.random() < 0.06 else row

    def _place(self, area: str, number: int, kind: str) -> Row:
        city, state = self.dice.choice(invented.CITIES[area])
        prefix = invented.POSTAL_PREFIXES[state]
        code = prefix + "".join(self.dice.choices("0123456789", k=8 - len(prefix)))
        return {
            f"endereco_{number}": f"{self.dice.choice(invented.STREETS)}, {self.dice.randint(1, 3000)}",
            f"endereco_{number}_tipo": kind,
            f"cidade_{number}": city,
            f"uf_{number}": state,
            f"cep_{number}": f"{code[:5]}-{code[5:]}",
        }

    def _debts(self) -> int:
        return self.dice.choices([1, 2], [90, 10])[0]

    def _debt(self, number: int) -> Iterator[Row]:
        """Yield a row for each installment; what fell due before the first late one was mostly paid."""
        product, instrument = self.dice.choice(invented.PRODUCTS)
        count = self.dice.choices([1, 2, 3, 4, 6, 10, 12], [40, 10, 15, 10, 12, 6, 7])[0]
        first_due = self.on - timedelta(days=self._days_late() + 30 * self.dice.randint(0, count - 1))
        amount_cents = self.dice.randint(3_500, 180_000)
        facts: Row = {
            "contrato": f"CT-{self.serial:06d}-{number + 1}",
            "produto": product,
            "instrumento": instrument,
        }
        if self.dice.random() < 0.15:
            facts["credor_original"] = self.dice.choice(invented.ORIGINAL_CREDITORS)
        pays_until = self.on - timedelta(days=self.dice.choices([0, 30, 90, 400], [5, 15, 30, 50])[0])
        for part in range(1, count + 1):
            due_on = first_due + timedelta(days=30 * (part - 1))
            row: Row = {"parcela": part, "vencimento": due_on, "valor": amount_cents}
            yield facts | row | (self._payment(due_on, amount_cents) if due_on <= pays_until else {})

    def _days_late(self) -> int:
        """A tenth is not late yet; of the others half are late by less than a month."""
        draw = self.dice.random()
        if draw < 0.1:
            return -self.dice.randint(0, 10)
        return self.dice.randint(1, 30) if draw < 0.55 else self.dice.randint(31, 360)

    def _payment(self, due_on: date, amount_cents: int) -> Row:
        if self.dice.random() < 0.35:
            return {}
        row: Row = {
            "valor_pago": amount_cents if self.dice.random() < 0.9 else amount_cents // 2,
            "data_pagamento": due_on - timedelta(days=self.dice.randint(0, 3)),
            "forma_pagamento": self.dice.choice(["pix", "boleto", "transferência", "dinheiro"]),
        }
        if self.dice.random() < 0.5:
            row["id_pagamento"] = f"PG{self.serial:06d}{self.dice.randint(0, 10**9):09d}"
        return row


def make_rows(*, debtors: int, on: date, seed: int = 1, first: int = 1) -> list[Row]:
    """Return the rows of that many invented debtors; dates are dates and amounts centavos.

    `first` is the number of the first: other numbers are other people with other contracts.
    """
    maker = Maker(on, random.Random(seed), serial=first - 1)
    return [row for _ in range(debtors) for row in maker.debtor()]


def as_brazilian(value: str | int | date, *, title: str) -> str:
    """Write a value as a Brazilian spreadsheet does."""
    if isinstance(value, date):
        return dates.format_br(value)
    return money.format_plain(value) if isinstance(value, int) and title.startswith("valor") else str(value)


def as_plain(value: str | int | date, *, title: str) -> str:
    """Write a value as a program does: ISO dates, points for decimals."""
    if isinstance(value, int) and title.startswith("valor"):
        return f"{value // 100}.{value % 100:02d}"
    return str(value)


def write_csv(path: Path, rows: Iterable[Row], *, titles: Iterable[str] = TITLES) -> None:
    """Write UTF-8 with semicolons, Brazilian dates and amounts."""
    wanted = list(titles)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(wanted)
        writer.writerows([as_brazilian(row.get(title, ""), title=title) for title in wanted] for row in rows)


def write_windows_csv(path: Path, rows: Iterable[Row]) -> None:
    """Write Windows-1252 with commas, English titles in another order, ISO dates and plain amounts."""
    titles = sorted(ENGLISH)
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([ENGLISH[title] for title in titles])
        writer.writerows([as_plain(row.get(title, ""), title=title) for title in titles] for row in rows)


def write_xlsx(path: Path, rows: Iterable[Row]) -> None:
    """Write dates and amounts as a spreadsheet holds them, and CPFs as numbers that lost their zeros."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"})
    book.set_properties({"created": datetime(2026, 11, 21)})  # the same file every time
    sheet = book.add_worksheet("Dívidas")
    sheet.write_row(0, 0, TITLES)
    for line, row in enumerate(rows, start=1):
        for column, title in enumerate(TITLES):
            value = row.get(title, "")
            if title == "cpf_cnpj" and len(str(value)) == 14:
                sheet.write_number(line, column, int(str(value).replace(".", "").replace("-", "")))
            elif isinstance(value, date):
                sheet.write_datetime(line, column, value)
            elif isinstance(value, int):
                sheet.write_number(line, column, value / 100 if title.startswith("valor") else value)
            elif value:
                sheet.write_string(line, column, value)
    book.close()


def main() -> None:
    """Write the files of this folder, or with --out one CSV of any size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", type=date.fromisoformat, default=ON, help="due dates are counted from it")
    parser.add_argument("--debtors", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="write only this CSV")
    asked = parser.parse_args()
    rows = make_rows(debtors=asked.debtors, on=asked.on, seed=asked.seed)
    write_csv(asked.out or HERE / "sample_debts.csv", rows)
    if not asked.out:
        write_windows_csv(HERE / "sample_windows1252.csv", make_rows(debtors=20, on=asked.on, first=900_001))
        write_xlsx(HERE / "sample_debts.xlsx", make_rows(debtors=20, on=asked.on, first=910_001))


if __name__ == "__main__":
    main()
